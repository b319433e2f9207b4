package io.github.ingress4j.decision;

import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a rule or a default back end says about the requests it takes: the target of the routing
 * table.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ingress the Ingress it comes from, {@code namespace/name}; {@code null} for the default
 *     back end of the router's settings
 * @param rule the rule, or {@code null} if a default back end takes the request
 * @param source where it stands, or {@code null} if it was made in code
 * @param backend who the request is for
 * @param upstream the endpoints; {@code null} exactly if {@code backend} is a resource
 * @param closed why the route must not carry requests, as a sentence without a final full stop;
 *     {@code null} if it may
 */
public record Route(
    @Nullable String ingress,
    @Nullable Rule rule,
    @Nullable SourceSpan source,
    Backend backend,
    @Nullable Upstream upstream,
    @Nullable String closed) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a Service has no upstream or a resource has one
   */
  public Route {
    Objects.requireNonNull(backend, "backend");
    if ((upstream == null) != (backend instanceof Backend.Resource)) {
      throw new IllegalArgumentException("a Service needs an upstream, a resource has none");
    }
  }

  /**
   * A rule, as the manifest writes it.
   *
   * @param host the host; empty for every host
   * @param path the path
   * @param pathType the type, such as {@code Prefix}
   */
  public record Rule(String host, String path, String pathType) {}
}
