package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.IngressRule;
import java.util.regex.Pattern;

/** SEC-45: a cookie for a public suffix, or for a domain that the host is not in. */
final class SessionCookieDomain extends LintRule.OfIngress {

  SessionCookieDomain() {
    super(
        "session-cookie-domain",
        Severity.WARNING,
        "browsers refuse the domain of the session cookie",
        "RFC 6265, section 5.3");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String domain = PathText.lower(ingress.text("session-cookie-domain"));
    domain = domain.startsWith(".") ? domain.substring(1) : domain;
    if (domain.isEmpty() || !ingress.text("affinity").equals("cookie")) {
      return;
    }
    if (isPublicSuffix(domain)) {
      findings.annotation(
          ingress,
          "session-cookie-domain",
          PrintableText.quote(domain)
              + " is a suffix under which anybody can register names, so browsers refuse the cookie",
          "name the domain of the host, or remove the annotation");
      return;
    }
    for (IngressRule rule : ingress.ingress().spec().rules()) {
      String host = rule.host().startsWith("*.") ? rule.host().substring(1) : rule.host();
      if (!host.isEmpty() && !host.equals(domain) && !host.endsWith("." + domain)) {
        findings.annotation(
            ingress,
            "session-cookie-domain",
            "browsers refuse the session cookie of "
                + rule.host()
                + ", because the host is not in the domain "
                + PrintableText.quote(domain),
            "name a domain that the host ends with, or remove the annotation");
        return;
      }
    }
  }

  private static final Pattern SECOND_LEVEL =
      Pattern.compile("(?:ac|co|com|edu|gov|net|org)\\.[a-z]{2}");

  /** Whether a domain is one label, or one of the usual second levels of a country. */
  private static boolean isPublicSuffix(String domain) {
    return (domain.indexOf('.') < 0 && !domain.equals("localhost"))
        || SECOND_LEVEL.matcher(domain).matches();
  }
}
