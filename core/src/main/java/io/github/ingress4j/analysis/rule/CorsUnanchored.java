package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** The pattern of an origin is anchored at its end only. */
final class CorsUnanchored extends LintRule.OfIngress {

  CorsUnanchored() {
    super(
        "cors-origin-unanchored",
        Severity.INFO,
        "an allowed origin is compared at its end only",
        "ingress-nginx v1.15.1, CORS");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    List<String> origins = ingress.items("cors-allow-origin");
    if (ingress.flag("enable-cors") && !origins.isEmpty() && !origins.contains("*")) {
      findings.annotation(
          ingress,
          "cors-allow-origin",
          "an Origin that only ends with "
              + PrintableText.quote(origins.get(0))
              + " is accepted as well; browsers do not send one, other clients can",
          "nothing to do, as long as the back end does not take the origin for a proof of identity");
    }
  }
}
