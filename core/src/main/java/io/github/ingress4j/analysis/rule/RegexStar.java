package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** {@code /*} is no wildcard but any number of slashes. */
final class RegexStar extends LintRule.OfPath {

  RegexStar() {
    super(
        "regex-star",
        Severity.WARNING,
        "a star in a regular expression repeats the character before it",
        "ingress-nginx v1.15.1, annotation use-regex");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    if (!path.host().isRegex()) {
      return;
    }
    String text = path.text();
    for (int star = text.indexOf('*'); star > 0; star = text.indexOf('*', star + 1)) {
      char before = text.charAt(star - 1);
      if (before == '/' || before == '-' || PathText.isLetterOrDigit(before)) {
        findings.path(
            path,
            "the star in "
                + path.quoted()
                + " repeats the "
                + (before == '/' ? "slash" : "character")
                + " before it, any number of times and none; it does not stand for any text",
            "write "
                + PrintableText.quote(text.substring(0, star) + "." + text.substring(star))
                + ", or leave the star out: a path is open at its end anyway");
        return;
      }
    }
  }
}
