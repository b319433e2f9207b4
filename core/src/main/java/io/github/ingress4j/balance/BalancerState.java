package io.github.ingress4j.balance;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What choosing an endpoint depends on besides the endpoints: the turn of each upstream, how long
 * each endpoint took to answer of late and whether it failed, chance and time. It is kept apart
 * from the snapshots and handed on from one to the next, so whatever did not change goes on where
 * it was.
 *
 * <p>Thread-safe; requests wait for each other at most while one adds an entry. It holds an entry
 * for each upstream and each measured endpoint of the snapshots that requests still use; {@link
 * #retain} drops those of earlier ones.
 */
public final class BalancerState {

  private static final double NANOS_A_SECOND = 1e9;

  private final ConcurrentMap<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final ConcurrentMap<Endpoint, ResponseTime> responseTimes = new ConcurrentHashMap<>();
  private final RandomGenerator random;
  private final InstantSource clock;
  private final EndpointHealth health;
  private final RetryBudget retries = new RetryBudget();

  /**
   * Makes an empty state in which endpoints are chosen whether they fail or not.
   *
   * @param random where first turns, draws and new session keys come from; must be thread-safe if
   *     the router is shared
   * @param clock what the age of a measurement is told by
   */
  public BalancerState(RandomGenerator random, InstantSource clock) {
    this(random, clock, new EndpointHealth(false, System::nanoTime));
  }

  /**
   * Makes an empty state in which endpoints that fail are spared for a while.
   *
   * @param random where first turns, draws and new session keys come from; must be thread-safe if
   *     the router is shared
   * @param clock what the age of a measurement is told by
   * @param ticker nanoseconds from any point in time on, which never go back: how long endpoints
   *     are spared
   * @return the state
   */
  public static BalancerState ejecting(
      RandomGenerator random, InstantSource clock, LongSupplier ticker) {
    return new BalancerState(random, clock, new EndpointHealth(true, ticker));
  }

  private BalancerState(RandomGenerator random, InstantSource clock, EndpointHealth health) {
    this.random = Objects.requireNonNull(random, "random");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.health = health;
  }

  /**
   * Returns which endpoints fail.
   *
   * @return their health, which changes with what is told
   */
  public EndpointHealth health() {
    return health;
  }

  /**
   * Returns how many requests may be in another attempt.
   *
   * @return the budget that all requests share
   */
  public RetryBudget retries() {
    return retries;
  }

  /**
   * Returns where randomness comes from.
   *
   * @return the source given
   */
  public RandomGenerator random() {
    return random;
  }

  /**
   * Returns what time it is.
   *
   * @return the clock given
   */
  public InstantSource clock() {
    return clock;
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
      // Many routers that start together do not all begin with the same endpoint.
      turn = turns.computeIfAbsent(upstream, key -> new AtomicInteger(random.nextInt()));
    }
    return Integer.remainderUnsigned(turn.getAndIncrement(), count);
  }

  /**
   * Says how long an endpoint took to answer. Call it for the upstreams whose picker {@linkplain
   * EndpointPicker#learnsFromResponses learns from it}.
   *
   * @param endpoint the endpoint
   * @param connectNanos how long connecting took; negative if it was not done or not measured
   * @param headNanos how long it took until the answer's head was complete; if it is negative there
   *     was no answer, and nothing is learned
   */
  public void responded(Endpoint endpoint, long connectNanos, long headNanos) {
    if (headNanos < 0) {
      return;
    }
    double seconds = (Math.max(connectNanos, 0) + (double) headNanos) / NANOS_A_SECOND;
    ResponseTime known = responseTimes.get(endpoint);
    if (known == null) {
      known = responseTimes.putIfAbsent(endpoint, new ResponseTime(seconds, clock));
    }
    if (known != null) {
      known.measured(seconds, clock);
    }
  }

  /**
   * Returns how slow an endpoint is expected to be. An idle one is expected to recover, or nobody
   * would ever find out.
   *
   * @param endpoint the endpoint
   * @return seconds; 0 if nothing is known
   */
  double score(Endpoint endpoint) {
    ResponseTime known = responseTimes.get(endpoint);
    return known == null ? 0 : known.expected(clock);
  }

  /**
   * Forgets every upstream and endpoint that is not in use any more. An endpoint that is new to an
   * upstream starts with the mean of what is known of its other endpoints: it is neither flooded,
   * as the fastest of all, nor kept waiting.
   *
   * @param upstreams the endpoints of the upstreams in use, by their keys
   */
  public void retain(Map<String, ? extends Collection<Endpoint>> upstreams) {
    turns.keySet().retainAll(upstreams.keySet());
    health.retain(upstreams);
    if (responseTimes.isEmpty()) {
      return;
    }
    Set<Endpoint> used = new HashSet<>();
    upstreams.values().forEach(used::addAll);
    responseTimes.keySet().retainAll(used);
    upstreams.values().forEach(this::introduce);
  }

  private void introduce(Collection<Endpoint> endpoints) {
    double sum = 0;
    int count = 0;
    for (Endpoint endpoint : endpoints) {
      ResponseTime known = responseTimes.get(endpoint);
      if (known != null) {
        sum += known.seconds();
        count++;
      }
    }
    if (count == 0 || count == endpoints.size()) {
      return;
    }
    double mean = sum / count;
    for (Endpoint endpoint : endpoints) {
      responseTimes.computeIfAbsent(endpoint, added -> new ResponseTime(mean, clock));
    }
  }
}
