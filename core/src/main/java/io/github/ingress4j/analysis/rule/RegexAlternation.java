package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;

/** {@code /one|/two} is read as {@code ^/one|/two}. */
final class RegexAlternation extends LintRule.OfPath {

  RegexAlternation() {
    super(
        "regex-alternation",
        Severity.WARNING,
        "only the first branch of a path is anchored at the start",
        "ingress-nginx v1.15.1, annotation use-regex");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    if (path.host().isRegex() && PathText.hasTopLevelAlternation(path.text())) {
      findings.path(
          path,
          "only the part of "
              + path.quoted()
              + " before the first | is tied to the start of a path; the other parts match anywhere"
              + " inside one",
          "put the branches into a group, such as \"/(one|two)\"");
    }
  }
}
