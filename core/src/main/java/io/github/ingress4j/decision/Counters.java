package io.github.ingress4j.decision;

import java.util.concurrent.atomic.LongAdder;

/**
 * How often something happened that an operator should know of. The counts outlive the snapshots.
 *
 * <p>Thread-safe.
 */
public final class Counters {

  private final LongAdder regexBudget = new LongAdder();
  private final LongAdder retries = new LongAdder();

  /** Makes counters that stand at zero. */
  public Counters() {}

  /**
   * Returns how many requests were refused because the patterns of their host took too long.
   *
   * @return 0 or more
   */
  public long regexBudgetRefusals() {
    return regexBudget.sum();
  }

  void countRegexBudgetRefusal() {
    regexBudget.increment();
  }

  /**
   * Returns how many requests were not repeated because too many others were being repeated.
   *
   * @return 0 or more
   */
  public long retryBudgetRefusals() {
    return retries.sum();
  }

  void countRetryRefusal() {
    retries.increment();
  }
}
