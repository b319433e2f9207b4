package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
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
      String upstream, String hashKey, Collection<Endpoint> failed, BalancerState state) {
    long first = (long) sets.indexOf(hashKey) * size;
    // Groups are not stored: a size far above the number of endpoints is only a number.
    return endpoints.get((int) ((first + state.random().nextInt(size)) % endpoints.size()));
  }
}
