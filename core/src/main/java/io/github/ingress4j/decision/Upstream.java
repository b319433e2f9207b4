package io.github.ingress4j.decision;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.policy.Template;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Service port and the endpoints behind it, shared by every route that uses it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param key what tells the upstream from others, and its balancer state with it; of no meaning but
 *     for that
 * @param picker how one of its endpoints is chosen; without endpoints if they are not known or
 *     there is none
 * @param unavailable why there is none, as a sentence without a final full stop; {@code null} if
 *     there is one or they are not known
 * @param transport how to talk to them
 * @param hashKey the text whose hash chooses the endpoint, or {@code null}
 * @param affinity how sessions find their endpoint again, or {@code null}
 * @param canary who takes some of the requests instead, or {@code null}
 */
public record Upstream(
    String key,
    EndpointPicker picker,
    @Nullable String unavailable,
    TransportSettings transport,
    @Nullable Template hashKey,
    @Nullable SessionAffinity affinity,
    @Nullable CanaryAlternative canary) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the upstream has endpoints and is unavailable
   */
  public Upstream {
    Objects.requireNonNull(picker, "picker");
    Objects.requireNonNull(transport, "transport");
    if (unavailable != null && !picker.endpoints().isEmpty()) {
      throw new IllegalArgumentException("an upstream with endpoints is not unavailable: " + key);
    }
  }

  /**
   * Makes an upstream whose endpoints are chosen without regard to the request.
   *
   * @param key what tells the upstream from others
   * @param picker how one of its endpoints is chosen
   * @param unavailable why there is none, or {@code null}
   * @param transport how to talk to them
   * @return the upstream
   */
  public static Upstream of(
      String key,
      EndpointPicker picker,
      @Nullable String unavailable,
      TransportSettings transport) {
    return new Upstream(key, picker, unavailable, transport, null, null, null);
  }

  /**
   * Returns the usable endpoints.
   *
   * @return the endpoints; empty if they are not known or there is none
   */
  public List<Endpoint> endpoints() {
    return picker.endpoints();
  }

  /**
   * Returns this upstream with another that takes some of its requests.
   *
   * @param value the other, or {@code null}
   * @return the changed upstream
   */
  public Upstream withCanary(@Nullable CanaryAlternative value) {
    return new Upstream(key, picker, unavailable, transport, hashKey, affinity, value);
  }
}
