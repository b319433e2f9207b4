package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.TransportSettings;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * Holds an answer back so that it passes no faster than a rate. As in nginx the bytes of one second
 * pass at once, and so do those that are free; after that they trickle, in pieces of a tenth of a
 * second at most.
 *
 * <p>The thread of the request waits meanwhile. That holds a thread for as long as the answer
 * takes, as a slow client does; on virtual threads it costs next to nothing. The other way, an
 * asynchronous response, would need a second thread for the back end, which is read by blocking.
 *
 * <p>For one answer, on one thread.
 */
final class Pace {

  /** Tells and spends time; another one than the system's in tests. */
  interface Time {

    /** The time of the system. */
    Time SYSTEM =
        new Time() {
          @Override
          public long nanos() {
            return System.nanoTime();
          }

          @Override
          public void pause(long nanos) throws InterruptedIOException {
            try {
              TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new InterruptedIOException("interrupted while an answer was held back");
            }
          }
        };

    /** Returns nanoseconds that never go back. */
    long nanos();

    /** Waits. */
    void pause(long nanos) throws InterruptedIOException;
  }

  private static final double NANOS_PER_SECOND = 1e9;

  private final double bytesPerSecond;
  private final double credit;
  private final long slice;
  private final Time time;
  private final long start;
  private long passed;

  /** Begins now. */
  Pace(TransportSettings.Rate rate, Time time) {
    bytesPerSecond = rate.bytesPerSecond();
    credit = (double) rate.freeBytes() + rate.bytesPerSecond();
    slice = Math.max(1, rate.bytesPerSecond() / 10);
    this.time = time;
    start = time.nanos();
  }

  private double budget() {
    return credit + (time.nanos() - start) / NANOS_PER_SECOND * bytesPerSecond - passed;
  }

  /**
   * Takes bytes that pass now.
   *
   * @param wanted how many there are, at least 1
   * @return how many of them pass; 0 if it is time to {@link #pause}
   */
  int take(int wanted) {
    double budget = budget();
    if (budget < Math.min(wanted, slice)) {
      return 0;
    }
    int taken = (int) Math.min(wanted, budget);
    passed += taken;
    return taken;
  }

  /** Waits until bytes pass again. */
  void pause(int wanted) throws InterruptedIOException {
    double missing = Math.min(wanted, slice) - budget();
    if (missing > 0) {
      time.pause((long) (missing / bytesPerSecond * NANOS_PER_SECOND) + 1);
    }
  }
}
