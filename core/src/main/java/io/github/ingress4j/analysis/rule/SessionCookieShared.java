package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;
import java.util.Objects;

/**
 * Cookie attributes belong to the Service, and the last Ingress that asks for the cookie gives
 * them.
 */
final class SessionCookieShared extends LintRule.OfPath {

  SessionCookieShared() {
    super(
        "session-cookie-shared",
        Severity.WARNING,
        "the session cookie has the attributes of another Ingress",
        "ingress-nginx v1.15.1, session affinity");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    NginxModel.Upstream upstream = path.location().upstream();
    NginxModel.Owner cookies = upstream == null ? null : upstream.cookieOwner();
    NginxModel.Owner owner = path.owner();
    if (upstream == null
        || cookies == null
        || cookies == owner
        || !owner.text("affinity").equals("cookie")) {
      return;
    }
    for (String name : ATTRIBUTES) {
      if (!Objects.equals(owner.value(name), cookies.value(name))) {
        findings.annotation(
            owner,
            owner.isGiven(name) ? name : "affinity",
            "the session cookie of the Service "
                + upstream.port()
                + " has the "
                + name
                + " of "
                + cookies.label()
                + Findings.at(cookies.span(name))
                + ", not the one asked for here: the Service is shared, and the youngest Ingress"
                + " counts",
            "write the same session-cookie annotations in all Ingresses of the Service");
        return;
      }
    }
  }

  private static final List<String> ATTRIBUTES =
      List.of(
          "session-cookie-name",
          "session-cookie-path",
          "session-cookie-domain",
          "session-cookie-samesite",
          "session-cookie-secure",
          "session-cookie-max-age",
          "session-cookie-expires",
          "session-cookie-change-on-failure");
}
