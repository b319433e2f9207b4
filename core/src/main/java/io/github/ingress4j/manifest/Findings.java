package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects findings up to a number and counts the rest. Errors are counted apart, so that a flood
 * of lesser findings hides none.
 */
final class Findings {

  private final int limit;
  private final List<Diagnostic> list = new ArrayList<>();
  private int errors;
  private int dropped;
  private Severity worst = Severity.INFO;

  Findings(int limit) {
    this.limit = limit;
  }

  void add(Diagnostic finding) {
    int same = finding.isError() ? errors : list.size() - errors;
    if (same < limit) {
      errors += finding.isError() ? 1 : 0;
      list.add(finding);
      return;
    }
    dropped++;
    if (finding.severity().compareTo(worst) < 0) {
      worst = finding.severity();
    }
  }

  /** Returns the findings and, if there were more than the limit, one that says so. */
  List<Diagnostic> toList() {
    if (dropped == 0) {
      return List.copyOf(list);
    }
    List<Diagnostic> all = new ArrayList<>(list);
    all.add(
        Diagnostic.of(
                ManifestRules.TOO_MANY_FINDINGS,
                dropped
                    + (dropped == 1 ? " more finding is" : " more findings are")
                    + " not listed")
            .withSeverity(worst));
    return List.copyOf(all);
  }
}
