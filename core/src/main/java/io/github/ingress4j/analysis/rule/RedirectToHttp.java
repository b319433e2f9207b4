package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** SEC-45: a redirect to http takes clients out of TLS. */
final class RedirectToHttp extends LintRule.OfIngress {

  RedirectToHttp() {
    super(
        "redirect-to-http", Severity.WARNING, "a redirect leads to http", "RFC 6797, section 2.3");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    for (String name :
        List.of("permanent-redirect", "temporal-redirect", "auth-signin", "rewrite-target")) {
      if (ingress.isGiven(name) && PathText.lower(ingress.text(name)).startsWith("http://")) {
        findings.annotation(
            ingress,
            name,
            "the redirect by "
                + name
                + " leads to http, where everybody on the way can read and change what is sent",
            "write https://");
      }
    }
  }
}
