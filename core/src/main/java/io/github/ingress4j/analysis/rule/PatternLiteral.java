package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.dialect.kubernetes.KubernetesRules;

/** A pattern on a host without regular expressions stands for itself. */
final class PatternLiteral extends LintRule.OfPath {

  PatternLiteral() {
    super(KubernetesRules.PATH_PATTERN_LITERAL);
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    if (!path.host().isRegex() && PathText.looksLikePattern(path.text())) {
      findings.path(
          path,
          "the path "
              + path.quoted()
              + " looks like a pattern, but every character of it stands for itself, because nothing"
              + " makes the paths of "
              + path.host().inWords()
              + " regular expressions",
          "add the annotation use-regex: \"true\" and pathType: ImplementationSpecific, or write a"
              + " plain path of type Prefix, which takes everything below it");
    }
  }
}
