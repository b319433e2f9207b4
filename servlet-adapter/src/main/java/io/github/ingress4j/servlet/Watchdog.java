package io.github.ingress4j.servlet;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Breaks what threads wait for when they have waited too long. A blocking socket bounds its reads
 * by itself, one by one; nothing bounds its writes, nor a handshake of many reads.
 *
 * <p>One thread for all; being watched costs a place in its queue, so short waits that every
 * request has are not watched. Thread-safe.
 */
final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor thread;

  Watchdog() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "ingress4j-watchdog");
              made.setDaemon(true);
              return made;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Begins to watch.
   *
   * @param nanos how long nothing may happen
   * @param lastProgressNanos when something happened last, by {@link System#nanoTime}
   * @param bark breaks what is waited for; must not block
   * @return what ends the watch; must be closed
   */
  Guard watch(long nanos, LongSupplier lastProgressNanos, Runnable bark) {
    Guard guard = new Guard(nanos, lastProgressNanos, bark);
    guard.schedule(nanos);
    return guard;
  }

  /**
   * Does something later, unless all of it has ended by then.
   *
   * @param nanos how much later
   * @param work what to do; must not block
   */
  void later(long nanos, Runnable work) {
    try {
      Future<?> unused = thread.schedule(work, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // It has ended.
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    Drain.awaitQuietly(thread);
  }

  /** One watch. */
  final class Guard implements AutoCloseable {

    private final long nanos;
    private final LongSupplier lastProgressNanos;
    private final Runnable bark;
    private @Nullable Future<?> next;
    private boolean isOver;
    private boolean hasBarked;

    private Guard(long nanos, LongSupplier lastProgressNanos, Runnable bark) {
      this.nanos = nanos;
      this.lastProgressNanos = lastProgressNanos;
      this.bark = bark;
    }

    private synchronized void schedule(long delay) {
      if (!isOver && !thread.isShutdown()) {
        next = thread.schedule(this::look, delay, TimeUnit.NANOSECONDS);
      }
    }

    private void look() {
      long left = nanos - (System.nanoTime() - lastProgressNanos.getAsLong());
      if (left > 0) {
        schedule(left);
        return;
      }
      synchronized (this) {
        if (!isOver) {
          hasBarked = true;
          bark.run();
        }
      }
    }

    /** Returns whether the wait was broken. */
    synchronized boolean hasBarked() {
      return hasBarked;
    }

    @Override
    public synchronized void close() {
      isOver = true;
      if (next != null) {
        next.cancel(false);
      }
    }
  }
}
