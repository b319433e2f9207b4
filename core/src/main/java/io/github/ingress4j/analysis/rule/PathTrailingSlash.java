package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** A path written with a slash answers 301 for the same path without it. */
final class PathTrailingSlash extends LintRule.OfPath {

  PathTrailingSlash() {
    super(
        "path-trailing-slash",
        Severity.INFO,
        "requests without the last slash are redirected",
        "ingress-nginx v1.15.1, trailing-slash redirect");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String text = path.text();
    if (path.host().isRegex()
        || text.length() < 2
        || !text.endsWith("/")
        || path.owner().denied() != null) {
      return;
    }
    String bare = text.substring(0, text.length() - 1);
    for (NginxModel.Location other : path.host().locations()) {
      if (other.path().equals(bare) && other.isExact()) {
        return;
      }
    }
    findings.path(
        path,
        "a request for "
            + PrintableText.quote(bare)
            + " is redirected to "
            + path.quoted()
            + " with 301, and a client may turn a POST into a GET then",
        "write " + PrintableText.quote(bare) + " with pathType: Prefix to take both");
  }
}
