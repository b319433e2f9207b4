package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;

/**
 * Requests are decoded before they are matched, paths of rules are not: {@code /e%20x} takes {@code
 * /e%2520x} only.
 */
final class PercentEncodedPath extends LintRule {

  PercentEncodedPath() {
    super(
        "path-percent-encoded",
        Severity.WARNING,
        "a path holds an escape, which is compared as it is written",
        "ingress-nginx v1.15.1, path normalisation");
  }

  @Override
  void check(LintInput input, Findings findings) {
    boolean isLiteral =
        input.settings().dialect() == Dialect.INGRESS_NGINX
            || input.settings().pathPolicy() == PathPolicy.NGINX;
    for (Ingress ingress : input.translation().ingresses()) {
      List<IngressRule> rules = ingress.spec().rules();
      for (int i = 0; i < rules.size(); i++) {
        List<HttpIngressPath> paths = rules.get(i).paths();
        for (int j = 0; paths != null && j < paths.size(); j++) {
          String text = paths.get(j).path();
          if (PathText.hasEscape(text)) {
            SourceSpan span = paths.get(j).origin().of("path");
            findings.add(
                Diagnostic.of(findings.rule(), isLiteral ? literal(text) : differing(text))
                    .withSeverity(isLiteral ? Severity.WARNING : Severity.INFO)
                    .withSource(span == null ? ingress.origin().span() : span)
                    .withObject(ingress.label())
                    .withField("spec.rules[" + i + "].http.paths[" + j + "].path")
                    .withHelp("write the character itself instead of its escape"));
          }
        }
      }
    }
  }

  private static String literal(String text) {
    return "the path "
        + PrintableText.quote(text)
        + " does not take requests for "
        + PrintableText.quote(text)
        + ", because they are decoded before they are matched and the path of a rule is not";
  }

  private static String differing(String text) {
    return "the path "
        + PrintableText.quote(text)
        + " takes other requests under --path-policy nginx, which decodes requests and not the paths"
        + " of rules";
  }
}
