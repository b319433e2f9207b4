package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** A capture glued to a prefix can bring {@code ../} or {@code //} into the rewritten path. */
final class RewriteCaptureGlued extends LintRule.OfPath {

  RewriteCaptureGlued() {
    super(
        "rewrite-capture-glued",
        Severity.WARNING,
        "a capture begins in the middle of a path segment",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String target = path.location().rewriteTarget();
    String text = path.text();
    if (target == null) {
      return;
    }
    for (int open = text.indexOf('('); open > 0; open = text.indexOf('(', open + 1)) {
      char before = text.charAt(open - 1);
      boolean isGlued = PathText.isLetterOrDigit(before) || before == '-' || before == '_';
      boolean takesAll = text.startsWith("(.*", open) || text.startsWith("(.+", open);
      int group = Captures.numberAt(text, open);
      int use = isGlued && takesAll ? Captures.indexOf(target, group) : -1;
      if (use >= 0) {
        String head = text.substring(0, open);
        boolean isSlashBefore = use > 0 && target.charAt(use - 1) == '/';
        String better = Captures.shifted(target, group);
        findings.path(
            path,
            "the group of "
                + path.quoted()
                + " begins in the middle of a segment: "
                + PrintableText.quote(head + "../x")
                + " and "
                + PrintableText.quote(head + "bar")
                + " match as well"
                + (isSlashBefore
                    ? ", and "
                        + PrintableText.quote(head + "/x")
                        + " gives a target with two slashes"
                    : ""),
            "write "
                + PrintableText.quote(head + "(/|$)" + text.substring(open))
                + (better == null
                    ? "; the numbers of the groups in rewrite-target grow by one"
                    : " with rewrite-target: " + better));
        return;
      }
    }
  }
}
