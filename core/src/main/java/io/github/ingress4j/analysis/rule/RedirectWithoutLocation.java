package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** 300 and 304 to 306 are accepted, and answered without a Location. */
final class RedirectWithoutLocation extends LintRule.OfIngress {

  RedirectWithoutLocation() {
    super(
        "redirect-without-location",
        Severity.WARNING,
        "a redirect has a status that carries no Location",
        "ingress-nginx v1.15.1, annotations permanent-redirect-code and temporal-redirect-code");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    for (String name : LintInput.redirects(ingress)) {
      int code = ingress.number(name + "-code");
      if (code == 300 || (code >= 304 && code <= 306)) {
        findings.annotation(
            ingress,
            name + "-code",
            "the status " + code + " is sent without a Location, so clients are not redirected",
            "use 301, 302, 303, 307" + (name.startsWith("permanent") ? " or 308" : ""));
      }
    }
  }
}
