package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which endpoints a choice leaves out: those that failed for the request, and those that requests
 * are to avoid. Where that leaves none, an endpoint to avoid is better than one that failed, and
 * one that failed is better than none.
 */
final class Exclusion {

  private Exclusion() {}

  /**
   * Returns what to leave out. Copies nothing unless there are endpoints of both kinds.
   *
   * @return endpoints; never all of them
   */
  static Collection<Endpoint> of(
      List<Endpoint> endpoints, Collection<Endpoint> failed, Set<Endpoint> avoided) {
    if (avoided.isEmpty()) {
      return failed.isEmpty() || eligible(endpoints, failed) > 0 ? failed : Set.of();
    }
    if (failed.isEmpty()) {
      return eligible(endpoints, avoided) > 0 ? avoided : Set.of();
    }
    Set<Endpoint> both = new HashSet<>(avoided);
    both.addAll(failed);
    return eligible(endpoints, both) > 0 ? both : of(endpoints, failed, Set.of());
  }

  /** Returns how many endpoints are not left out. */
  static int eligible(List<Endpoint> endpoints, Collection<Endpoint> excluded) {
    int eligible = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      if (!excluded.contains(endpoints.get(i))) {
        eligible++;
      }
    }
    return eligible;
  }

  /**
   * Returns one of those that are not left out.
   *
   * @param position its place among them, 0 for the first
   */
  static Endpoint nth(List<Endpoint> endpoints, int position, Collection<Endpoint> excluded) {
    if (excluded.isEmpty()) {
      return endpoints.get(position);
    }
    int left = position;
    for (int i = 0; i < endpoints.size(); i++) {
      Endpoint endpoint = endpoints.get(i);
      if (!excluded.contains(endpoint) && left-- == 0) {
        return endpoint;
      }
    }
    throw new IllegalStateException("fewer than " + (position + 1) + " endpoints are eligible");
  }
}
