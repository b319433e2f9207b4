package io.github.ingress4j.analysis;

import io.github.ingress4j.analysis.rule.LintInput;
import io.github.ingress4j.analysis.rule.LintRule;
import io.github.ingress4j.analysis.rule.LintRules;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for what works in an input, but hardly as its author believes: traps of the dialect, risks,
 * and what takes effect farther than where it is written.
 *
 * <pre>{@code
 * IngressRouter router = IngressRouter.builder().manifests(Path.of("k8s")).build();
 * List<Diagnostic> findings = Linter.lint(router.manifests(), router.translation());
 * }</pre>
 *
 * <p>What is wrong by itself is found while reading and translating, and not said again here.
 *
 * <p>Stateless.
 */
public final class Linter {

  private Linter() {}

  /**
   * Looks at an input.
   *
   * @param manifests the input
   * @param translation what it means
   * @return the findings, rule by rule
   */
  public static List<Diagnostic> lint(ManifestSet manifests, Translation translation) {
    LintInput input = new LintInput(manifests, translation);
    List<Diagnostic> findings = new ArrayList<>();
    for (LintRule rule : LintRules.of(translation.settings().dialect())) {
      rule.run(input, findings::add);
    }
    return List.copyOf(findings);
  }

  /**
   * Returns the rules whose findings {@link #lint} can report. Some of them can be found by a
   * translation in another dialect, too.
   *
   * @param dialect the dialect
   * @return the rules
   */
  public static List<Rule> rules(Dialect dialect) {
    return LintRules.of(dialect).stream()
        .flatMap(rule -> rule.rules().stream())
        .distinct()
        .toList();
  }
}
