package io.github.ingress4j.servlet;

import io.github.ingress4j.balance.EndpointHealth;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.diagnostic.PrintableText;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells operators when endpoints are spared because they fail, and when so many fail that none is.
 *
 * <p>Thread-safe.
 */
final class HealthLog {

  private final RareLog log;
  private final AtomicLong ejections = new AtomicLong();
  private final AtomicLong panics = new AtomicLong();

  HealthLog(RareLog log) {
    this.log = log;
  }

  /** Looks whether something has happened, as it has most likely to an attempt that just ended. */
  void look(EndpointHealth health, Forward forward) {
    if (isNew(health.ejections(), ejections)) {
      log.warn(
          RareLog.Kind.EJECTION,
          PrintableText.escape(
              "an endpoint of "
                  + forward.backend()
                  + " fails and is spared for a while, such as "
                  + forward.endpoint()));
    }
    if (isNew(health.panics(), panics)) {
      log.warn(
          RareLog.Kind.PANIC,
          PrintableText.escape(
              "so many endpoints of " + forward.backend() + " fail that all of them are used"));
    }
  }

  private static boolean isNew(long now, AtomicLong last) {
    long before = last.get();
    return now > before && last.compareAndSet(before, now);
  }
}
