package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A design that was weighed: a map of hosts, and for each the trie that one would write first, with
 * an object for each element of a path.
 */
final class NodeTrie implements Contender {

  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    Workload.@Nullable Rule exact;
    Workload.@Nullable Rule prefix;
  }

  private final Map<String, Node> hosts = new HashMap<>();

  NodeTrie(List<Workload.Rule> rules) {
    for (Workload.Rule rule : rules) {
      String host = rule.host().text();
      boolean wildcard = rule.host() instanceof HostPattern.Wildcard;
      Node node = hosts.computeIfAbsent(wildcard ? host.substring(1) : host, name -> new Node());
      for (String element : rule.path().text().substring(1).split("/", -1)) {
        node = node.children.computeIfAbsent(element, name -> new Node());
      }
      if (rule.path() instanceof PathPattern.Exact) {
        node.exact = rule;
      } else {
        node.prefix = rule;
      }
    }
  }

  @Override
  public @Nullable Object match(String host, String path) {
    Node node = hosts.get(host);
    if (node == null) {
      int dot = host.indexOf('.');
      node = dot < 0 ? null : hosts.get(host.substring(dot));
      if (node == null) {
        return null;
      }
    }
    Workload.Rule best = node.prefix;
    int start = 1;
    while (true) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      Node child = node.children.get(path.substring(start, end));
      if (child == null) {
        return best;
      }
      if (child.prefix != null) {
        best = child.prefix;
      }
      if (slash < 0) {
        return child.exact != null ? child.exact : best;
      }
      node = child;
      start = slash + 1;
    }
  }
}
