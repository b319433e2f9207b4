package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** Malformed origins are skipped; if none is left, CORS does nothing. */
final class CorsNoOrigin extends LintRule.OfIngress {

  CorsNoOrigin() {
    super(
        "cors-no-origin",
        Severity.WARNING,
        "no origin is allowed",
        "ingress-nginx v1.15.1, annotation cors-allow-origin");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.flag("enable-cors") && ingress.items("cors-allow-origin").isEmpty()) {
      findings.annotation(
          ingress,
          "cors-allow-origin",
          "none of the origins is one, so no origin is allowed and CORS does nothing",
          "write each with its scheme and without a path, such as https://app.example:8443");
    }
  }
}
