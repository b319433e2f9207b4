package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.undertow.util.PathMatcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Undertow as its users drive it: a map of virtual hosts and a path matcher for each. It knows no
 * wildcard hosts, so that they are a second map by what follows the first label.
 */
final class UndertowMatchers implements Contender {

  private final Map<String, PathMatcher<Workload.Rule>> names = new HashMap<>();
  private final Map<String, PathMatcher<Workload.Rule>> wildcards = new HashMap<>();

  UndertowMatchers(List<Workload.Rule> rules) {
    for (Workload.Rule rule : rules) {
      PathMatcher<Workload.Rule> matcher =
          rule.host() instanceof HostPattern.Wildcard
              ? wildcards.computeIfAbsent(
                  rule.host().text().substring(1), tail -> new PathMatcher<>())
              : names.computeIfAbsent(rule.host().text(), name -> new PathMatcher<>());
      if (rule.path() instanceof PathPattern.Exact) {
        matcher.addExactPath(rule.path().text(), rule);
      } else {
        matcher.addPrefixPath(rule.path().text(), rule);
      }
    }
  }

  @Override
  public @Nullable Object match(String host, String path) {
    PathMatcher<Workload.Rule> matcher = names.get(host);
    if (matcher == null) {
      int dot = host.indexOf('.');
      matcher = dot < 0 ? null : wildcards.get(host.substring(dot));
      if (matcher == null) {
        return null;
      }
    }
    return matcher.match(path).getValue();
  }
}
