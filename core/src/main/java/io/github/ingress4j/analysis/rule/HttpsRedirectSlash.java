package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** The https redirect strips the slash, and the path then redirects to put it back. */
final class HttpsRedirectSlash extends LintRule.OfPath {

  HttpsRedirectSlash() {
    super(
        "https-redirect-slash",
        Severity.WARNING,
        "the https redirect drops the slash that the path needs",
        "ingress-nginx v1.15.1, annotation preserve-trailing-slash");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String text = path.text();
    if (!path.host().isRegex()
        && text.length() > 1
        && text.endsWith("/")
        && input.redirectsToHttps(path.location())
        && !path.owner().flag("preserve-trailing-slash")) {
      String bare = text.substring(0, text.length() - 1);
      findings.path(
          path,
          "an http request for "
              + path.quoted()
              + " is redirected to "
              + PrintableText.quote("https://" + hostOf(path) + bare)
              + ", without its last slash, which is another path"
              + (path.isExact() ? "" : " and is redirected once more"),
          "add the annotation preserve-trailing-slash: \"true\", or write "
              + PrintableText.quote(bare)
              + (path.isExact() ? "" : " with pathType: Prefix"));
    }
  }

  private static String hostOf(WrittenPath path) {
    return path.host().name().isEmpty() ? "HOST" : path.host().name();
  }
}
