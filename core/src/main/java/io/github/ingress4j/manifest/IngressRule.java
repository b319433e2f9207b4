package io.github.ingress4j.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host and the paths below it.
 *
 * <p>Source: networking.k8s.io/v1, IngressRule with its member {@code http}. Immutable and
 * thread-safe.
 *
 * @param host the host, one wildcard label with it or not; empty for every host
 * @param paths the paths in the order written, or {@code null} if the rule has no {@code http}
 * @param origin where the rule stands
 */
public record IngressRule(String host, @Nullable List<HttpIngressPath> paths, Origin origin) {

  /** Copies the paths. */
  public IngressRule {
    paths = paths == null ? null : List.copyOf(paths);
  }

  /**
   * Makes a rule in code.
   *
   * @param host the host; empty for every host
   * @param paths the paths
   * @return the rule
   */
  public static IngressRule of(String host, HttpIngressPath... paths) {
    return new IngressRule(host, List.of(paths), Origin.NONE);
  }
}
