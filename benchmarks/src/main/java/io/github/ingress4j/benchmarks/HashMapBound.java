package io.github.ingress4j.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two perfect {@code HashMap.get} calls: what a router would cost that knew which host pattern and
 * which path pattern take the request, and had only to fetch the rule.
 */
final class HashMapBound implements Contender {

  private final Map<String, Map<String, Workload.Rule>> hosts = new HashMap<>();

  HashMapBound(List<Workload.Rule> rules) {
    for (Workload.Rule rule : rules) {
      hosts
          .computeIfAbsent(rule.host().text(), host -> new HashMap<>())
          .put(rule.path().text(), rule);
    }
  }

  @Override
  public @Nullable Object match(String host, String path) {
    Map<String, Workload.Rule> paths = hosts.get(host);
    return paths == null ? null : paths.get(path);
  }

  @Override
  public boolean isBound() {
    return true;
  }
}
