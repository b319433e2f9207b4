package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** Without a capture in the target, what is below the path is lost. */
final class RewriteWithoutCapture extends LintRule.OfPath {

  RewriteWithoutCapture() {
    super(
        "rewrite-without-capture",
        Severity.WARNING,
        "a rewrite sends every path to the same one",
        "ingress-nginx v1.15.1, annotation rewrite-target");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String target = path.location().rewriteTarget();
    if (target == null
        || path.isExact()
        || path.text().endsWith("$")
        || target.indexOf('$') >= 0
        || PathText.isAbsolute(target)) {
      return;
    }
    String text = path.text().equals("/") ? "" : path.text();
    boolean isPlain = PathText.isPlain(text);
    String head = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    findings.path(
        path,
        "every request that the path "
            + path.quoted()
            + " takes is sent on as "
            + PrintableText.quote(target)
            + (isPlain ? ", " + PrintableText.quote(head + "/users") + " too" : "")
            + ": the target has no capture such as $1",
        isPlain
            ? "to keep the rest of the path, write the path "
                + PrintableText.quote(head + "(/|$)(.*)")
                + " with pathType: ImplementationSpecific, and rewrite-target: "
                + (target.endsWith("/") ? target : target + "/")
                + "$2"
            : "to keep a part of the path, put it into a group and write $1 into rewrite-target");
  }
}
