package io.github.ingress4j.servlet;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets a few passwords be checked at a time. Checking one is slow on purpose, so without a bound
 * guesses would take every processor from the requests of everybody else.
 *
 * <p>Thread-safe.
 */
final class PasswordChecks {

  /** What came of a check. */
  enum Result {
    /** The password is right. */
    RIGHT,
    /** The password is wrong. */
    WRONG,
    /** Too many others are being checked. */
    BUSY
  }

  private static final long WAIT_MILLIS = 2_000;

  private final Gate gate;

  /** Uses half of the processors. */
  PasswordChecks() {
    this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 16, WAIT_MILLIS);
  }

  PasswordChecks(int atOnce, int maxWaiting, long waitMillis) {
    gate = new Gate(atOnce, maxWaiting, TimeUnit.MILLISECONDS.toNanos(waitMillis));
  }

  /** Checks a password on this thread, when it is its turn. */
  Result check(BooleanSupplier work) {
    if (!gate.enter()) {
      return Result.BUSY;
    }
    try {
      return work.getAsBoolean() ? Result.RIGHT : Result.WRONG;
    } finally {
      gate.leave();
    }
  }
}
