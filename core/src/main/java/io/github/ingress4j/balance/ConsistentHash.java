package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The endpoint that follows the key on a ring. A retry leads to the same one. */
record ConsistentHash(HashRing<Endpoint> ring) implements EndpointPicker {

  @Override
  public List<Endpoint> endpoints() {
    return ring.members();
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
    return ring.members().get(ring.indexOf(hashKey, avoided));
  }
}
