package io.github.ingress4j.balance;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Which endpoints fail of late, told by what becomes of requests, and are spared for a while.
 *
 * <table>
 *   <caption>What becomes of an endpoint</caption>
 *   <tr><th>Event</th><th>Effect</th></tr>
 *   <tr><td>5 failures in a row</td><td>it is ejected for 30 seconds, the n-th time for n times as
 *       long, at most 300 seconds; unless half of the upstream's endpoints are out already</td></tr>
 *   <tr><td>the time is over</td><td>the next request that would be its own goes to it, alone: the
 *       others go on avoiding it</td></tr>
 *   <tr><td>that request succeeds</td><td>it is back; after 300 good seconds its past is
 *       forgotten</td></tr>
 *   <tr><td>that request fails</td><td>it is ejected again, for longer</td></tr>
 *   <tr><td>more than half of the endpoints are out or fail</td><td>all are used, because the few
 *       others would only be overloaded: a panic</td></tr>
 * </table>
 *
 * <p>What counts is the order of attempts, not that of results: whatever comes of an attempt that
 * began before its endpoint was ejected or came back says nothing about the time after it.
 *
 * <p>It holds an entry for each endpoint that failed since its last success, and for each that was
 * ejected of late. Thread-safe; no thread waits for another to choose an endpoint. Times are those
 * of a clock that only goes forward.
 */
public final class EndpointHealth {

  /*
   * As a rule nothing is out, and then choosing an endpoint costs two reads of one field each:
   *
   *   outs == 0 ?  ── yes ──►  nothing to avoid          ordinal  ──►  the mark of the attempt
   *        │ no
   *        ▼
   *   standings.get(upstream)  ──►  Standing, immutable: what is known of each endpoint, and the
   *                                 set of those to avoid, made once for all choices
   *
   *      5 failures, room for it            time over            claimed by one request
   *   COUNTED ─────────────────► EJECTED ────────────► DUE ─────────────────────────► PROBED
   *      ▲                          ▲                   │                             │    │
   *      │                          └─────── failure ───┴──────────── failure ────────┘    │
   *      └────────────────────────── success ──────────────────────────────────────────────┘
   *
   * Whoever changes something makes a new Standing and puts it in the place of the one it was made
   * of, or begins anew. Each change of state takes the next ordinal, an attempt takes the ordinal
   * of its beginning as its mark, and a result whose mark lies before the last change of its
   * endpoint is out of date. So a hundred requests that all run into the same time-out eject an
   * endpoint once, and the late ones do not disturb its probe.
   */

  /** What {@link #enter} returns if the endpoint must not be taken. */
  public static final long TAKEN = -1;

  private static final int FAILURES = 5;
  private static final long EJECTION_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int LONGEST = 10;
  private static final long FORGOTTEN_NANOS = LONGEST * EJECTION_NANOS;

  /** A probe without a result for so long is not waited for any more. */
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private enum State {
    /** In use. */
    COUNTED,
    /** Avoided until its time is over. */
    EJECTED,
    /** Waits for the request that finds out. */
    DUE,
    /** Avoided by all requests but the one that finds out. */
    PROBED
  }

  /**
   * What is known of an endpoint.
   *
   * @param failures how many there were in a row, as far as they count
   * @param times how often it was ejected
   * @param nanos when it came back; if it is ejected or probed, when that is over
   * @param since the ordinal of the last change of its state
   */
  private record Known(State state, int failures, int times, long nanos, long since) {

    static final Known NOTHING = new Known(State.COUNTED, 0, 0, 0, 0);

    boolean isAvoided() {
      return state == State.EJECTED || state == State.PROBED;
    }

    boolean isOver(long now) {
      return isAvoided() && now - nanos >= 0;
    }

    boolean isForgotten(long now) {
      return times > 0 && failures == 0 && now - nanos >= FORGOTTEN_NANOS;
    }
  }

  /** What is known of the endpoints of an upstream. Equal to itself only. */
  private static final class Standing {

    private final Map<Endpoint, Known> known;
    private final Set<Endpoint> avoided;
    private final int outs;
    private final int unhealthy;
    private final boolean isPanic;
    private final int total;
    private final long nextNanos;

    /**
     * @param known what is known of each endpoint
     * @param total how many endpoints the upstream has
     */
    Standing(Map<Endpoint, Known> known, int total) {
      this.known = known;
      Set<Endpoint> toAvoid = new HashSet<>();
      int out = 0;
      int failing = 0;
      long next = 0;
      for (Map.Entry<Endpoint, Known> entry : known.entrySet()) {
        Known one = entry.getValue();
        if (one.isAvoided()) {
          next = toAvoid.isEmpty() || one.nanos - next < 0 ? one.nanos : next;
          toAvoid.add(entry.getKey());
        }
        if (one.state != State.COUNTED) {
          out++;
        } else if (one.failures >= FAILURES) {
          failing++;
        }
      }
      avoided = Set.copyOf(toAvoid);
      outs = out;
      unhealthy = out + failing;
      nextNanos = next;
      this.total = total;
      isPanic = isPanic(total);
    }

    /** Whether fewer than half of the endpoints are healthy, and some of the others are out. */
    boolean isPanic(int total) {
      return outs > 0 && 2 * (total - unhealthy) < total;
    }

    Map<Endpoint, Known> with(Endpoint endpoint, Known changed) {
      Map<Endpoint, Known> copy = new HashMap<>(known);
      if (changed.equals(Known.NOTHING)) {
        copy.remove(endpoint);
      } else {
        copy.put(endpoint, changed);
      }
      return copy;
    }
  }

  private static final Standing NONE = new Standing(Map.of(), 0);

  private final boolean isOn;
  private final LongSupplier ticker;
  private final ConcurrentMap<String, Standing> standings = new ConcurrentHashMap<>();
  private final AtomicInteger outs = new AtomicInteger();
  private final AtomicLong ordinal = new AtomicLong();
  private final LongAdder ejections = new LongAdder();
  private final LongAdder panics = new LongAdder();

  EndpointHealth(boolean isOn, LongSupplier ticker) {
    this.isOn = isOn;
    this.ticker = Objects.requireNonNull(ticker, "ticker");
  }

  /**
   * Returns how often an endpoint was ejected.
   *
   * @return 0 or more
   */
  public long ejections() {
    return ejections.sum();
  }

  /**
   * Returns how often it came to the point where so many endpoints of an upstream were out or
   * failing that all of them were used.
   *
   * @return 0 or more
   */
  public long panics() {
    return panics.sum();
  }

  /**
   * Returns the endpoints that the next request is to avoid. Allocates nothing, but for the first
   * request after the time of an endpoint is over.
   *
   * @param upstream the key of the upstream
   * @param total how many endpoints it has
   * @return the endpoints; always fewer than there are, empty as a rule
   */
  public Set<Endpoint> avoided(String upstream, int total) {
    if (outs.get() == 0) {
      return Set.of();
    }
    Standing standing = standings.getOrDefault(upstream, NONE);
    if (standing.avoided.isEmpty()) {
      return Set.of();
    }
    long now = ticker.getAsLong();
    if (now - standing.nextNanos >= 0) {
      standing = moveOn(upstream, total, now);
    }
    return standing.isPanic(total) ? Set.of() : standing.avoided;
  }

  /** Lets those whose time is over be found out about. */
  private Standing moveOn(String upstream, int total, long now) {
    while (true) {
      Standing before = standings.getOrDefault(upstream, NONE);
      Map<Endpoint, Known> known = new HashMap<>(before.known);
      boolean isChanged = false;
      for (Map.Entry<Endpoint, Known> entry : known.entrySet()) {
        Known one = entry.getValue();
        if (one.isOver(now)) {
          entry.setValue(
              new Known(State.DUE, one.failures, one.times, one.nanos, ordinal.incrementAndGet()));
          isChanged = true;
        }
      }
      if (!isChanged) {
        return before;
      }
      Standing after = new Standing(known, total);
      if (replace(upstream, before, after)) {
        return after;
      }
    }
  }

  /**
   * Begins an attempt.
   *
   * @param upstream the key of the upstream
   * @param endpoint the endpoint that was chosen
   * @return the mark to tell with what came of it; {@link #TAKEN} if another one has to be chosen,
   *     because another request is to find out about this one
   */
  public long enter(String upstream, Endpoint endpoint) {
    if (outs.get() == 0) {
      return ordinal.get();
    }
    Standing standing = standings.getOrDefault(upstream, NONE);
    Known known = standing.known.getOrDefault(endpoint, Known.NOTHING);
    return known.state == State.DUE ? claim(upstream, endpoint) : ordinal.get();
  }

  private long claim(String upstream, Endpoint endpoint) {
    while (true) {
      Standing before = standings.getOrDefault(upstream, NONE);
      Known known = before.known.getOrDefault(endpoint, Known.NOTHING);
      if (known.state != State.DUE) {
        return known.isAvoided() ? TAKEN : ordinal.get();
      }
      // Two at once: no other attempt, such as one of a panic, has the mark of this one.
      long mark = ordinal.getAndAdd(2) + 1;
      Known probed =
          new Known(
              State.PROBED, known.failures, known.times, ticker.getAsLong() + PROBE_NANOS, mark);
      if (replace(upstream, before, new Standing(before.with(endpoint, probed), before.total))) {
        return mark;
      }
    }
  }

  /**
   * Says that the endpoint has answered.
   *
   * @param upstream the key of the upstream
   * @param total how many endpoints it has
   * @param endpoint the endpoint
   * @param mark the mark of the attempt
   */
  public void succeeded(String upstream, int total, Endpoint endpoint, long mark) {
    if (standings.isEmpty()) {
      return;
    }
    while (true) {
      Standing before = standings.getOrDefault(upstream, NONE);
      Known known = before.known.get(endpoint);
      if (known == null || mark < known.since) {
        return;
      }
      Known after = afterSuccess(known);
      if (after.equals(known)
          || replace(upstream, before, new Standing(before.with(endpoint, after), total))) {
        return;
      }
    }
  }

  private Known afterSuccess(Known known) {
    return switch (known.state) {
      case EJECTED -> known;
      case DUE, PROBED ->
          new Known(State.COUNTED, 0, known.times, ticker.getAsLong(), ordinal.incrementAndGet());
      case COUNTED -> {
        Known good = new Known(State.COUNTED, 0, known.times, known.nanos, known.since);
        boolean isNothing = good.times == 0 || good.isForgotten(ticker.getAsLong());
        yield isNothing ? Known.NOTHING : good;
      }
    };
  }

  /**
   * Says that the endpoint has failed.
   *
   * @param upstream the key of the upstream
   * @param total how many endpoints it has
   * @param endpoint the endpoint
   * @param mark the mark of the attempt
   */
  public void failed(String upstream, int total, Endpoint endpoint, long mark) {
    if (!isOn) {
      return;
    }
    while (true) {
      Standing before = standings.getOrDefault(upstream, NONE);
      Known known = before.known.getOrDefault(endpoint, Known.NOTHING);
      if (known.state == State.EJECTED || mark < known.since) {
        return;
      }
      Known after = afterFailure(known, before.outs, total);
      if (after.equals(known)) {
        return;
      }
      Standing standing = new Standing(before.with(endpoint, after), total);
      if (replace(upstream, before, standing)) {
        if (after.state == State.EJECTED) {
          ejections.increment();
        }
        if (standing.isPanic && !before.isPanic) {
          panics.increment();
        }
        return;
      }
    }
  }

  private Known afterFailure(Known known, int out, int total) {
    long now = ticker.getAsLong();
    int failures = Math.min(known.failures + 1, FAILURES);
    int times = known.isForgotten(now) ? 0 : known.times;
    boolean isOut = known.state != State.COUNTED;
    if (!isOut && (failures < FAILURES || out + 1 > total / 2)) {
      return new Known(State.COUNTED, failures, times, known.nanos, known.since);
    }
    int more = Math.min(times + 1, LONGEST);
    return new Known(
        State.EJECTED, failures, more, now + more * EJECTION_NANOS, ordinal.incrementAndGet());
  }

  /**
   * Says that nothing can be said about the endpoint, such as because the client went away. If the
   * attempt was to find out about it, another one will.
   *
   * @param upstream the key of the upstream
   * @param endpoint the endpoint
   * @param mark the mark of the attempt
   */
  public void abandoned(String upstream, Endpoint endpoint, long mark) {
    if (outs.get() == 0) {
      return;
    }
    while (true) {
      Standing before = standings.getOrDefault(upstream, NONE);
      Known known = before.known.getOrDefault(endpoint, Known.NOTHING);
      if (known.state != State.PROBED || known.since != mark) {
        return;
      }
      Known due =
          new Known(State.DUE, known.failures, known.times, known.nanos, ordinal.incrementAndGet());
      if (replace(upstream, before, new Standing(before.with(endpoint, due), before.total))) {
        return;
      }
    }
  }

  private boolean replace(String upstream, Standing before, Standing after) {
    boolean isReplaced;
    if (before == NONE) {
      isReplaced = standings.putIfAbsent(upstream, after) == null;
    } else if (after.known.isEmpty()) {
      isReplaced = standings.remove(upstream, before);
    } else {
      isReplaced = standings.replace(upstream, before, after);
    }
    if (isReplaced && before.outs != after.outs) {
      outs.addAndGet(after.outs - before.outs);
    }
    return isReplaced;
  }

  /** Forgets every upstream and endpoint that is not in use any more. */
  void retain(Map<String, ? extends Collection<Endpoint>> upstreams) {
    for (String upstream : standings.keySet()) {
      Collection<Endpoint> endpoints = upstreams.get(upstream);
      retain(upstream, endpoints == null ? List.of() : endpoints);
    }
  }

  private void retain(String upstream, Collection<Endpoint> endpoints) {
    Set<Endpoint> used = Set.copyOf(endpoints);
    Standing before = standings.getOrDefault(upstream, NONE);
    while (before != NONE) {
      Map<Endpoint, Known> known = new HashMap<>(before.known);
      known.keySet().retainAll(used);
      if (replace(upstream, before, new Standing(known, used.size()))) {
        return;
      }
      before = standings.getOrDefault(upstream, NONE);
    }
  }

  /** How many endpoints something is known of, for tests of its bounds. */
  int size() {
    return standings.values().stream().mapToInt(standing -> standing.known.size()).sum();
  }
}
