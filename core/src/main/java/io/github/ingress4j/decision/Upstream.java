package io.github.ingress4j.decision;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Service port and the endpoints behind it, shared by every route that uses it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key what tells the upstream from others, and its balancer state with it: namespace, slash,
 *     Service, colon, port
 * @param endpoints the usable endpoints; empty if they are not known or there is none
 * @param picker how one of them is chosen
 * @param unavailable why there is none, as a sentence without a final full stop; {@code null} if
 *     there is one or they are not known
 * @param transport how to talk to them
 */
public record Upstream(
    String key,
    List<Endpoint> endpoints,
    EndpointPicker picker,
    @Nullable String unavailable,
    TransportSettings transport) {

  /**
   * Copies the endpoints.
   *
   * @throws IllegalArgumentException if the upstream has endpoints and is unavailable
   */
  public Upstream {
    endpoints = List.copyOf(endpoints);
    Objects.requireNonNull(transport, "transport");
    if (unavailable != null && !endpoints.isEmpty()) {
      throw new IllegalArgumentException("an upstream with endpoints is not unavailable: " + key);
    }
  }
}
