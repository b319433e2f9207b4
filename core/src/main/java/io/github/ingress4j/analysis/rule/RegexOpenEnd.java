package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** On a regex host a prefix has no boundary: {@code /foo} takes {@code /foobar}. */
final class RegexOpenEnd extends LintRule.OfPath {

  RegexOpenEnd() {
    super(
        "regex-open-end",
        Severity.WARNING,
        "a path takes other paths that begin with the same letters",
        "ingress-nginx v1.15.1, annotations use-regex and rewrite-target");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String text = path.text();
    if (!path.host().isRegex() || path.isExact() || text.endsWith("/") || !PathText.isPlain(text)) {
      return;
    }
    String target = path.location().rewriteTarget();
    String advice =
        target == null || target.indexOf('$') >= 0 || PathText.isAbsolute(target)
            ? PrintableText.quote(text + "(/|$)") + " with pathType: ImplementationSpecific"
            : PrintableText.quote(text + "(/|$)(.*)")
                + " with pathType: ImplementationSpecific, and rewrite-target: "
                + (target.endsWith("/") ? target : target + "/")
                + "$2";
    findings.path(
        path,
        "the path "
            + path.quoted()
            + " also takes "
            + PrintableText.quote(text + "bar")
            + ", because every path of "
            + path.host().inWords()
            + " is a regular expression that is open at its end",
        "write " + advice);
  }
}
