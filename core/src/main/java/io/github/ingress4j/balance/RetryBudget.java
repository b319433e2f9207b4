package io.github.ingress4j.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests may be in another attempt at a time: a fifth of those under way, and three in
 * any case. When back ends fail because they have too much to do, repeating every request would
 * give them three times as much.
 *
 * <p>Thread-safe; no thread waits for another.
 */
public final class RetryBudget {

  private static final int LEAST = 3;
  private static final int ONE_IN = 5;

  private final LongAdder active = new LongAdder();
  private final AtomicInteger retrying = new AtomicInteger();

  RetryBudget() {}

  /** Says that a request is under way. */
  public void begin() {
    active.increment();
  }

  /**
   * Takes room for a request that makes another attempt. It keeps it until its end.
   *
   * @return whether there was room
   */
  public boolean take() {
    long most = Math.max(LEAST, active.sum() / ONE_IN);
    int before = retrying.get();
    while (before < most) {
      if (retrying.compareAndSet(before, before + 1)) {
        return true;
      }
      before = retrying.get();
    }
    return false;
  }

  /**
   * Says that a request has come to its end.
   *
   * @param hasTaken whether it took room
   */
  public void end(boolean hasTaken) {
    active.decrement();
    if (hasTaken) {
      retrying.decrementAndGet();
    }
  }
}
