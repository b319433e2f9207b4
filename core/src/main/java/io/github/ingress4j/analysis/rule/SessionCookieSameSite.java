package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** SEC-45: browsers drop a cookie with SameSite=None and without Secure. */
final class SessionCookieSameSite extends LintRule.OfIngress {

  SessionCookieSameSite() {
    super(
        "session-cookie-samesite",
        Severity.WARNING,
        "a cookie with SameSite=None is not always Secure",
        "RFC 6265bis, SameSite=None");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.text("affinity").equals("cookie")
        && ingress.text("session-cookie-samesite").equals("None")
        && !ingress.flag("session-cookie-secure")) {
      findings.annotation(
          ingress,
          "session-cookie-samesite",
          "the session cookie is not Secure on connections without TLS, as behind a load balancer that"
              + " ends TLS, and browsers drop a cookie with SameSite=None then",
          "add the annotation session-cookie-secure: \"true\"");
    }
  }
}
