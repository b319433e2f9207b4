package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** On a regex host {@code Exact} means nothing. */
final class RegexExact extends LintRule.OfPath {

  RegexExact() {
    super(
        "regex-exact",
        Severity.WARNING,
        "a path of type Exact is a regular expression that is open at its end",
        "ingress-nginx v1.15.1, annotations use-regex and rewrite-target");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    if (path.host().isRegex() && path.isExact() && !path.text().endsWith("$")) {
      String longer = path.text().endsWith("/") ? path.text() + "x" : path.text() + "/x";
      findings.path(
          path,
          "the path "
              + path.quoted()
              + " also takes "
              + PrintableText.quote(longer)
              + ", although its type is Exact: every path of "
              + path.host().inWords()
              + " is a regular expression that ignores case and is open at its end",
          "write "
              + PrintableText.quote(path.text() + "$")
              + " with pathType: ImplementationSpecific, or move the path to a host without"
              + " use-regex and rewrite-target");
    }
  }
}
