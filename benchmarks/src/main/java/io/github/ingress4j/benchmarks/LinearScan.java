package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries every rule: the truth that the contenders are compared with. */
final class LinearScan implements Contender {

  private final List<Workload.Rule> rules;

  LinearScan(List<Workload.Rule> rules) {
    this.rules = rules;
  }

  @Override
  public @Nullable Object match(String host, String path) {
    HostPattern chosen = null;
    for (Workload.Rule rule : rules) {
      if (rule.host().matches(host) && (chosen == null || rank(rule.host()) > rank(chosen))) {
        chosen = rule.host();
      }
    }
    Workload.Rule best = null;
    for (Workload.Rule rule : rules) {
      if (rule.host().equals(chosen)
          && rule.path().matches(path)
          && (best == null || isBetter(rule.path(), best.path()))) {
        best = rule;
      }
    }
    return best;
  }

  private static int rank(HostPattern host) {
    if (host instanceof HostPattern.Exact) {
      return 2;
    }
    return host instanceof HostPattern.Wildcard ? 1 : 0;
  }

  private static boolean isBetter(PathPattern path, PathPattern than) {
    boolean exact = path instanceof PathPattern.Exact;
    if (exact != than instanceof PathPattern.Exact) {
      return exact;
    }
    return path.text().length() > than.text().length();
  }
}
