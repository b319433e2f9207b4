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
    if (!path.host().isRegex() || path.isExact() || text.endsWith("/")) {
      return;
    }
    if (!PathText.isPlain(text)) {
      checkPattern(path, findings);
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
            + " is a regular expression that ignores case and is open at its end",
        "write " + advice);
  }

  /** A pattern whose last character stands for itself, as of a name. */
  private static void checkPattern(WrittenPath path, Findings findings) {
    String text = path.text();
    int last = text.length() - 1;
    if (!PathText.isLetterOrDigit(text.charAt(last))
        || text.lastIndexOf('\\') > text.lastIndexOf('/')
        || PathText.hasTopLevelAlternation(text)) {
      return;
    }
    String tail = text.substring(text.lastIndexOf('/') + 1);
    if (!PathText.isPlain(tail)) {
      return;
    }
    findings.path(
        path,
        "the path "
            + path.quoted()
            + " also takes what goes on behind it, such as with "
            + PrintableText.quote(tail + "bar")
            + " at its end, because every path of "
            + path.host().inWords()
            + " is a regular expression that ignores case and is open at its end",
        "write "
            + PrintableText.quote(text + "(/|$)")
            + " to take whole segments, or "
            + PrintableText.quote(text + "$")
            + " to take nothing longer");
  }
}
