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
 * @param backend who the request is for; {@code null} if the router answers or redirects, or nobody
 *     takes it
 * @param upstream the endpoints; there exactly if {@code backend} is a Service
 * @param closed why the route must not carry requests, as a sentence without a final full stop;
 *     {@code null} if it may
 * @param policies what else happens to its requests
 */
public record Route(
    @Nullable String ingress,
    @Nullable Rule rule,
    @Nullable SourceSpan source,
    @Nullable Backend backend,
    @Nullable Upstream upstream,
    @Nullable String closed,
    RoutePolicies policies) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a Service has no upstream, or anything else has one
   */
  public Route {
    Objects.requireNonNull(policies, "policies");
    if ((upstream != null) != (backend instanceof Backend.ServicePort)) {
      throw new IllegalArgumentException("a Service needs an upstream, nothing else has one");
    }
  }

  /**
   * Makes a route whose requests go to the back end as they are.
   *
   * @param ingress the Ingress, or {@code null}
   * @param rule the rule, or {@code null}
   * @param source where it stands, or {@code null}
   * @param backend who the request is for
   * @param upstream the endpoints, if {@code backend} is a Service
   * @param closed why the route must not carry requests, or {@code null}
   * @return the route
   */
  public static Route of(
      @Nullable String ingress,
      @Nullable Rule rule,
      @Nullable SourceSpan source,
      Backend backend,
      @Nullable Upstream upstream,
      @Nullable String closed) {
    return new Route(ingress, rule, source, backend, upstream, closed, RoutePolicies.NONE);
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
