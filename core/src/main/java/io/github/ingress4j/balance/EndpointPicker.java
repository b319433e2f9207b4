package io.github.ingress4j.balance;

import java.util.List;

/**
 * How the endpoint of a request is chosen.
 *
 * <p>Stateless and thread-safe; what a choice depends on is in {@link BalancerState}.
 */
public enum EndpointPicker {
  /** One after the other, from a random start. */
  ROUND_ROBIN {
    @Override
    public Endpoint pick(String upstream, List<Endpoint> endpoints, BalancerState state) {
      return endpoints.get(state.nextTurn(upstream, endpoints.size()));
    }
  };

  /**
   * Chooses an endpoint.
   *
   * @param upstream the key of the upstream that the endpoints belong to
   * @param endpoints the usable endpoints, at least one
   * @param state what earlier choices left behind
   * @return one of {@code endpoints}
   */
  public abstract Endpoint pick(String upstream, List<Endpoint> endpoints, BalancerState state);
}
