package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;

/**
 * The path itself is left alone, everything below is rewritten to it, and the host becomes a regex
 * host.
 */
final class RewriteEqualsPath extends LintRule.OfPath {

  RewriteEqualsPath() {
    super(
        "rewrite-equals-path",
        Severity.WARNING,
        "a rewrite target equals its path",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    if (!path.isExact()
        && !path.text().equals("/")
        && path.owner().text("rewrite-target").equals(path.text())
        && !path.owner().flag("use-regex")
        && !path.text().endsWith("/")) {
      findings.path(
          path,
          "rewrite-target is the path "
              + path.quoted()
              + " itself, so everything below it is sent on as "
              + path.quoted()
              + ", and every path of "
              + path.host().inWords()
              + " becomes a regular expression",
          "remove the annotation rewrite-target if the path is to be sent on as it is");
    }
  }
}
