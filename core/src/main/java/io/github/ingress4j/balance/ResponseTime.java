package io.github.ingress4j.balance;

import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long an endpoint takes to answer: a mean in which a measurement loses weight with the time
 * that passes, whatever the number of requests.
 *
 * <p>Thread-safe; no thread waits for another, and no measurement is lost to one made at the same
 * time.
 */
final class ResponseTime {

  /*
   * What is known are two numbers that belong together, the mean and when it was made, so they are
   * one object behind one reference. With w = e^(-t / 10 s) and t the time since then, a new
   * measurement makes
   *
   *     mean' = mean * w + measured * (1 - w)
   *
   * and an endpoint that nobody asks is expected to take mean * w, which goes to zero: it will be
   * asked again, and found out. Without measurements at all t is infinite: the first one counts
   * alone.
   */

  private static final double DECAY_MILLIS = 10_000;

  /** The mean and the time it was made at. */
  private record Mean(double seconds, long atMillis) {

    double weight(long now) {
      // A clock that was set back must not let the past grow.
      return Math.exp(-Math.max(now - atMillis, 0) / DECAY_MILLIS);
    }
  }

  private final AtomicReference<Mean> mean;

  ResponseTime(double seconds, InstantSource clock) {
    mean = new AtomicReference<>(new Mean(seconds, clock.millis()));
  }

  private Mean mean() {
    return Objects.requireNonNull(mean.get());
  }

  void measured(double seconds, InstantSource clock) {
    Mean old;
    Mean updated;
    do {
      old = mean();
      // The clock is read after the mean. Read before, it could be behind an update by another
      // thread, and this measurement would get no weight at all.
      long now = clock.millis();
      double weight = old.weight(now);
      updated = new Mean(old.seconds * weight + seconds * (1 - weight), now);
    } while (!mean.compareAndSet(old, updated));
  }

  /** Returns the mean in seconds as it was when it was made. */
  double seconds() {
    return mean().seconds;
  }

  /** Returns what is expected of the next answer, in seconds. */
  double expected(InstantSource clock) {
    Mean known = mean();
    return known.seconds * known.weight(clock.millis());
  }
}
