package io.github.ingress4j.servlet;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the requests at back ends, each of which holds a thread of the container, to a number: in
 * all, and at each of them. So one that is slow never holds the threads of all the others, and all
 * of them together leave some to the rest of the container. Nobody waits here, as that would take a
 * thread, too.
 *
 * <p>A back end that nobody is at is forgotten when there are many. Thread-safe; no thread waits
 * for another.
 */
final class Bulkheads {

  /** How many back ends are known before those are forgotten that nobody is at. */
  private static final int KNOWN = 4_096;

  private final int most;
  private final int mostAtOne;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<Object, AtomicInteger> each = new ConcurrentHashMap<>();

  Bulkheads(int most, int mostAtOne) {
    this.most = most;
    this.mostAtOne = mostAtOne;
  }

  /**
   * Takes a place.
   *
   * @param backend who is asked: anything that is equal to itself
   * @return the place, to be closed; {@code null} if there is none
   */
  @Nullable Place enter(Object backend) {
    AtomicInteger here = each.get(backend);
    if (here == null) {
      if (each.size() >= KNOWN) {
        // Whoever enters meanwhile counts in an object that is no longer known, once.
        each.values().removeIf(count -> count.get() == 0);
      }
      here = each.computeIfAbsent(backend, key -> new AtomicInteger());
    }
    if (here.incrementAndGet() > mostAtOne) {
      here.decrementAndGet();
      return null;
    }
    if (all.incrementAndGet() > most) {
      all.decrementAndGet();
      here.decrementAndGet();
      return null;
    }
    return new Place(here);
  }

  /** Returns how many are at back ends. */
  int entered() {
    return all.get();
  }

  /** Returns how many back ends are known. */
  int known() {
    return each.size();
  }

  /** The place of one request. */
  final class Place implements AutoCloseable {

    private final AtomicInteger here;

    private Place(AtomicInteger here) {
      this.here = here;
    }

    @Override
    public void close() {
      here.decrementAndGet();
      all.decrementAndGet();
    }
  }
}
