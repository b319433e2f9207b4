package io.github.ingress4j.cli;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until it is set, so that equal questions get equal answers whenever
 * they are asked. It begins in 1970. Not thread-safe.
 */
final class StandingClock implements InstantSource {

  private Instant now = Instant.EPOCH;

  /** Sets the time. */
  void set(Instant time) {
    now = time;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
