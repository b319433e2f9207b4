package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One endpoint of a group, drawn by chance; the group follows the key on a ring.
 *
 * <pre>
 *   size 2:   set1        set2        set3
 *            [ a, b ]    [ c, d ]    [ e, a ]      the last group is filled up from the front
 * </pre>
 */
record SubsetHash(List<Endpoint> endpoints, int size, HashRing<String> sets)
    implements EndpointPicker {

  static SubsetHash of(List<Endpoint> endpoints, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a group of " + size + " endpoints is not possible");
    }
    List<Endpoint> copy = List.copyOf(endpoints);
    int groups = (int) (((long) copy.size() + size - 1) / size);
    List<String> names = IntStream.rangeClosed(1, groups).mapToObj(i -> "set" + i).toList();
    return new SubsetHash(copy, size, new HashRing<>(names));
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
    long first = (long) sets.indexOf(hashKey) * size;
    // Groups are not stored: a size far above the number of endpoints is only a number.
    Endpoint drawn = at(first + state.random().nextInt(size));
    return avoided.isEmpty() || !avoided.contains(drawn)
        ? drawn
        : pickFromRest(first, drawn, avoided, state);
  }

  /** Draws among the others of the group; without any, takes the first that follow it. */
  private Endpoint pickFromRest(
      long first, Endpoint drawn, Set<Endpoint> avoided, BalancerState state) {
    int members = Math.min(size, endpoints.size());
    int eligible = 0;
    for (int i = 0; i < members; i++) {
      eligible += avoided.contains(at(first + i)) ? 0 : 1;
    }
    int left = eligible == 0 ? 0 : state.random().nextInt(eligible);
    for (int i = 0; i < endpoints.size(); i++) {
      Endpoint endpoint = at(first + i);
      if (!avoided.contains(endpoint) && left-- == 0) {
        return endpoint;
      }
    }
    return drawn;
  }

  private Endpoint at(long position) {
    return endpoints.get((int) (position % endpoints.size()));
  }
}
