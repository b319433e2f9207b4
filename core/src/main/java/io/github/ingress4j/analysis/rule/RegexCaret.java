package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;

/** The start of a path, asked for behind its start. */
final class RegexCaret extends LintRule.OfPath {

  RegexCaret() {
    super(
        "regex-caret",
        Severity.WARNING,
        "a path asks for its start where something comes before it",
        "ingress-nginx v1.15.1, annotation use-regex");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    int caret = path.host().isRegex() ? PathText.caretInside(path.text()) : -1;
    if (caret < 0) {
      return;
    }
    String rest = path.text().substring(caret + 1);
    String better = rest.startsWith("/") ? rest : path.text().substring(0, caret) + rest;
    findings.path(
        path,
        "the path "
            + path.quoted()
            + " matches no request, because ^ stands for the start of a path, and something comes"
            + " before it",
        "write "
            + PrintableText.quote(better)
            + ", which is tied to the start of a path anyway; for the character itself write \\^");
  }
}
