package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The faster of two endpoints that are drawn. Two are enough to keep slow ones idle, and unlike the
 * best of all they do not send every request to one endpoint between two measurements.
 */
record PeakEwma(List<Endpoint> endpoints) implements EndpointPicker {

  PeakEwma {
    endpoints = List.copyOf(endpoints);
  }

  @Override
  public boolean learnsFromResponses() {
    return true;
  }

  @Override
  public Endpoint pick(
      String upstream, String hashKey, Collection<Endpoint> failed, BalancerState state) {
    int count = endpoints.size();
    if (count == 0) {
      throw new IllegalStateException("upstream " + upstream + " has no endpoint to pick");
    }
    if (count == 1) {
      return endpoints.get(0);
    }
    Collection<Endpoint> excluded = failed;
    int eligible = failed.isEmpty() ? count : eligible(failed);
    if (eligible == 0) {
      excluded = List.of();
      eligible = count;
    }
    RandomGenerator random = state.random();
    int first = random.nextInt(eligible);
    Endpoint one = nth(first, excluded);
    if (eligible == 1) {
      return one;
    }
    // Of the others each is as likely: the last one stands in for the one that is taken.
    int second = random.nextInt(eligible - 1);
    Endpoint two = nth(second == first ? eligible - 1 : second, excluded);
    return state.score(two) < state.score(one) ? two : one;
  }

  private int eligible(Collection<Endpoint> failed) {
    int eligible = 0;
    for (Endpoint endpoint : endpoints) {
      if (!failed.contains(endpoint)) {
        eligible++;
      }
    }
    return eligible;
  }

  private Endpoint nth(int position, Collection<Endpoint> excluded) {
    if (excluded.isEmpty()) {
      return endpoints.get(position);
    }
    int left = position;
    for (Endpoint endpoint : endpoints) {
      if (!excluded.contains(endpoint) && left-- == 0) {
        return endpoint;
      }
    }
    throw new IllegalStateException("fewer than " + (position + 1) + " endpoints are eligible");
  }
}
