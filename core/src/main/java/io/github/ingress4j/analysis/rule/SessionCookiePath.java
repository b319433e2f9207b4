package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** The Path of the cookie is the pattern, or covers other paths than those of the rule. */
final class SessionCookiePath extends LintRule.OfPath {

  SessionCookiePath() {
    super(
        "session-cookie-path",
        Severity.WARNING,
        "browsers do not send the session cookie back",
        "RFC 6265, section 5.1.4");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    NginxModel.Upstream upstream = path.location().upstream();
    NginxModel.Owner cookies = upstream == null ? null : upstream.cookieOwner();
    if (cookies == null || !path.owner().text("affinity").equals("cookie")) {
      return;
    }
    String written = cookies.text("session-cookie-path");
    String text = path.text();
    if (written.isEmpty()) {
      if (!PathText.isPlain(text)) {
        findings.path(
            path,
            "the session cookie gets the Path "
                + path.quoted()
                + ", a pattern that no path begins with, so browsers never send it back",
            "add the annotation session-cookie-path, such as \"/\"");
      }
    } else if (PathText.isPlain(text)
        && !PathText.isCovered(text, written)
        && !path.host().isRegex()) {
      findings.path(
          path,
          "browsers do not send the session cookie with requests for "
              + path.quoted()
              + ", because its Path is "
              + PrintableText.quote(written)
              + Findings.at(cookies.span("session-cookie-path")),
          "set session-cookie-path to \"/\" or to the beginning of all paths of the Service");
    }
  }
}
