package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** One endpoint after the other. */
record RoundRobin(List<Endpoint> endpoints) implements EndpointPicker {

  RoundRobin {
    endpoints = List.copyOf(endpoints);
  }

  @Override
  public boolean learnsFromResponses() {
    return false;
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
    if (!avoided.isEmpty()) {
      return pickFromRest(upstream, failed, avoided, state);
    }
    int turn = state.nextTurn(upstream, count);
    Endpoint first = endpoints.get(turn);
    if (failed.isEmpty() || !failed.contains(first)) {
      return first;
    }
    // A retry takes the next turn, which is another endpoint's unless other requests took their
    // turns in between. Stepping on costs no turn, so the rotation of the others stays even.
    for (int i = 1; i < count; i++) {
      Endpoint next = endpoints.get((turn + i) % count);
      if (!failed.contains(next)) {
        return next;
      }
    }
    return first;
  }

  /** A rotation of its own; stepping on would give the one that follows two turns of each round. */
  private Endpoint pickFromRest(
      String upstream, Collection<Endpoint> failed, Set<Endpoint> avoided, BalancerState state) {
    Collection<Endpoint> excluded = Exclusion.of(endpoints, failed, avoided);
    int turn = state.nextTurn(upstream, Exclusion.eligible(endpoints, excluded));
    return Exclusion.nth(endpoints, turn, excluded);
  }
}
