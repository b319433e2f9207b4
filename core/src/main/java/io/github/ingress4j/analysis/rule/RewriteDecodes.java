package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.routing.PathPolicy;

/** The controller decodes a path before it rewrites it, and encodes the result anew. */
final class RewriteDecodes extends LintRule.OfIngressPaths {

  RewriteDecodes() {
    super(
        "rewrite-decodes",
        Severity.INFO,
        "the path policies rewrite escapes differently",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  boolean check(WrittenPath path, LintInput input, Findings findings) {
    String target = path.location().rewriteTarget();
    if (target == null || PathText.isAbsolute(target) || !Captures.isAnyUsed(target, path.text())) {
      return false;
    }
    boolean isStrict = input.settings().pathPolicy() == PathPolicy.STRICT;
    findings.annotation(
        path.owner(),
        "rewrite-target",
        isStrict
            ? "a capture keeps its escapes here, %2F among them; the controller decodes the path"
                + " first, so that %2F becomes a slash"
            : "the path is decoded before it is rewritten, so that %2F becomes a slash and %2B a"
                + " plus sign",
        isStrict
            ? "nothing to do, unless the back end relies on decoded paths; --path-policy nginx does what"
                + " the controller does"
            : "use --path-policy strict if the back end has to see the escapes");
    return true;
  }
}
