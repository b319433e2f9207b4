package io.github.ingress4j.servlet;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets only so many in at a time. A few wait for their turn, for a while; whoever comes when the
 * queue is full is told at once.
 *
 * <p>Thread-safe.
 */
final class Gate {

  private final int most;
  private final int mostWaiting;
  private final long waitNanos;
  private final Semaphore room;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Makes an empty gate.
   *
   * @param most how many may be inside
   * @param mostWaiting how many may wait
   * @param waitNanos how long each of them may wait
   */
  Gate(int most, int mostWaiting, long waitNanos) {
    this.most = most;
    this.mostWaiting = mostWaiting;
    this.waitNanos = waitNanos;
    room = new Semaphore(most, true);
  }

  /** Returns whether there is room, which must be left then; waits for it if that is possible. */
  boolean enter() {
    if (room.tryAcquire()) {
      return true;
    }
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      return false;
    }
    try {
      return room.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Makes room for another one. */
  void leave() {
    room.release();
  }

  /** Returns whether nobody is inside, and nobody waits. */
  boolean isIdle() {
    return room.availablePermits() == most && waiting.get() == 0;
  }

  /** Returns how many wait. */
  int waiting() {
    return waiting.get();
  }
}
