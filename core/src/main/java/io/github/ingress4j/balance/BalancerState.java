package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * What choosing an endpoint depends on besides the endpoints: the turn of each upstream. It is kept
 * apart from the snapshots and handed on from one to the next, so an upstream that did not change
 * goes on where it was.
 *
 * <p>Thread-safe. It holds an entry for each upstream of the snapshots that requests still use;
 * {@link #retain} drops those of earlier ones.
 */
public final class BalancerState {

  private final ConcurrentMap<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final RandomGenerator random;

  /**
   * Makes an empty state.
   *
   * @param random where an upstream's first turn comes from, so that many routers that start
   *     together do not all begin with the same endpoint; must be thread-safe if the router is
   *     shared
   */
  public BalancerState(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * Takes the next turn of an upstream.
   *
   * @param upstream the upstream's key
   * @param count the number of endpoints, 1 or more
   * @return the index of the endpoint whose turn it is, 0 to {@code count - 1}
   */
  int nextTurn(String upstream, int count) {
    AtomicInteger turn = turns.get(upstream);
    if (turn == null) {
      turn = turns.computeIfAbsent(upstream, key -> new AtomicInteger(random.nextInt()));
    }
    return Integer.remainderUnsigned(turn.getAndIncrement(), count);
  }

  /**
   * Forgets every upstream that is not in use any more.
   *
   * @param upstreams the keys of those in use
   */
  public void retain(Collection<String> upstreams) {
    turns.keySet().retainAll(upstreams);
  }
}
