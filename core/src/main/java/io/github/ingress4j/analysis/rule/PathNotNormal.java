package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.kubernetes.KubernetesRules;

/** Requests are normalised before they are matched, paths of rules are not. */
final class PathNotNormal extends LintRule.OfPath {

  PathNotNormal() {
    super(KubernetesRules.PATH_NEVER_MATCHES);
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    String text = path.text();
    String part =
        text.contains("//")
            ? "//"
            : path.host().isRegex()
                ? ""
                : text.contains("/../") || text.endsWith("/..")
                    ? "/.."
                    : text.contains("/./") || text.endsWith("/.") ? "/." : "";
    if (!part.isEmpty()) {
      findings.path(
          path,
          "the path "
              + path.quoted()
              + " matches no request: "
              + PrintableText.quote(part)
              + " is resolved in requests before they are matched, and stays in the path of a rule",
          "write the path without " + PrintableText.quote(part));
    }
  }
}
