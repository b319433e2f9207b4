package io.github.ingress4j.servlet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Warnings about things that every request could meet: of each kind one line a minute, with the
 * number of those that were left out. Thread-safe.
 */
final class RareLog {

  /**
   * What the warnings are about; a fixed set, so that nobody outside decides how many there are.
   */
  enum Kind {
    PROTOCOL,
    TLS,
    ADDRESS,
    RESOLVER,
    DISPATCH,
    AUTH,
    MIRROR,
    BUFFER,
    OBSERVER,
    OVERLOAD,
    EJECTION,
    PANIC
  }

  private record Count(AtomicLong lastNanos, AtomicLong leftOut) {}

  private final System.Logger logger;
  private final Map<Kind, Count> counts = new ConcurrentHashMap<>();

  RareLog(System.Logger logger) {
    this.logger = logger;
  }

  /**
   * Warns.
   *
   * @param message printable text
   */
  void warn(Kind kind, String message) {
    long now = System.nanoTime();
    Count count =
        counts.computeIfAbsent(
            kind,
            ignored ->
                new Count(new AtomicLong(now - TimeUnit.MINUTES.toNanos(2)), new AtomicLong()));
    long last = count.lastNanos.get();
    if (now - last < TimeUnit.MINUTES.toNanos(1) || !count.lastNanos.compareAndSet(last, now)) {
      count.leftOut.incrementAndGet();
      return;
    }
    long leftOut = count.leftOut.getAndSet(0);
    logger.log(
        System.Logger.Level.WARNING,
        leftOut == 0 ? message : message + " (and " + leftOut + " more like this)");
  }
}
