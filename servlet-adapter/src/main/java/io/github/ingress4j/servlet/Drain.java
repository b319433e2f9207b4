package io.github.ingress4j.servlet;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the requests under way, so that a gateway can end when there are none.
 *
 * <p>Thread-safe.
 */
final class Drain {

  private static final long LAST_SECONDS = 5;

  private final AtomicInteger underWay = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition isEmpty = lock.newCondition();
  private volatile boolean isBegun;
  private volatile boolean isOver;

  /** Returns whether answers are to close the connections of their clients. */
  boolean isBegun() {
    return isBegun;
  }

  /** Says that the end is near. */
  void begin() {
    isBegun = true;
  }

  /** Says that no more requests are taken. */
  void end() {
    isBegun = true;
    isOver = true;
  }

  /** Returns whether a request may begin, which must be left then. */
  boolean enter() {
    // Counted first: whoever finds nobody under way after the end finds nobody later.
    underWay.incrementAndGet();
    if (isOver) {
      leave();
      return false;
    }
    return true;
  }

  /** Says that a request has come to its end. */
  void leave() {
    if (underWay.decrementAndGet() == 0 && isBegun) {
      lock.lock();
      try {
        isEmpty.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until nothing is under way, for a time at most, and returns whether that is so. */
  boolean await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (underWay.get() > 0) {
        if (left <= 0) {
          return false;
        }
        left = isEmpty.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return underWay.get() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a little until the threads that were told to end have done so. */
  static void awaitQuietly(ExecutorService threads) {
    try {
      if (!threads.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(Drain.class.getName())
            .log(System.Logger.Level.WARNING, "a thread of the gateway does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
