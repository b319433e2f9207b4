package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** What does not begin with a slash is no request target, and back ends answer 400. */
final class RewriteRelative extends LintRule.OfIngress {

  RewriteRelative() {
    super(
        "rewrite-relative",
        Severity.WARNING,
        "a rewrite target has no leading slash",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    String target = ingress.text("rewrite-target");
    if (!target.isEmpty()
        && !target.startsWith("/")
        && !target.startsWith("$")
        && !PathText.isAbsolute(target)) {
      findings.annotation(
          ingress,
          "rewrite-target",
          "the target "
              + PrintableText.quote(target)
              + " has no leading slash, so no request can be"
              + " sent on with it",
          "write " + PrintableText.quote("/" + target));
    }
  }
}
