package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.Set;
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
      String upstream,
      String hashKey,
      Collection<Endpoint> failed,
      Set<Endpoint> avoided,
      BalancerState state) {
    int count = endpoints.size();
    if (count == 0) {
      throw new IllegalStateException("upstream " + upstream + " has no endpoint to pick");
    }
    if (count == 1) {
      return endpoints.get(0);
    }
    Collection<Endpoint> excluded = Exclusion.of(endpoints, failed, avoided);
    int eligible = excluded.isEmpty() ? count : Exclusion.eligible(endpoints, excluded);
    RandomGenerator random = state.random();
    int first = random.nextInt(eligible);
    Endpoint one = Exclusion.nth(endpoints, first, excluded);
    if (eligible == 1) {
      return one;
    }
    // Of the others each is as likely: the last one stands in for the one that is taken.
    int second = random.nextInt(eligible - 1);
    Endpoint two = Exclusion.nth(endpoints, second == first ? eligible - 1 : second, excluded);
    return state.score(two) < state.score(one) ? two : one;
  }
}
