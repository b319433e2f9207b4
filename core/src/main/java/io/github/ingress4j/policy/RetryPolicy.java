package io.github.ingress4j.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which failed attempts are made again with another endpoint.
 *
 * <p>An attempt that may have reached a back end is repeated only if that cannot do anything twice:
 * not for POST, LOCK and PATCH, unless {@code retriesNonIdempotent} says that it is harmless.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, annotations proxy-next-upstream*; nginx,
 * proxy_next_upstream.
 *
 * @param conditions what counts as failed
 * @param tries how many attempts there are in all, 1 or more; 0 for as many as it takes
 * @param timeout how long after the first attempt another may begin; zero for no limit
 * @param retriesNonIdempotent whether requests are repeated that may do something twice
 */
public record RetryPolicy(
    Set<Condition> conditions, int tries, Duration timeout, boolean retriesNonIdempotent) {

  /** What may count as a failed attempt. */
  public enum Condition {
    /** No connection, or it broke. */
    ERROR,
    /** No connection or no answer in time. */
    TIMEOUT,
    /** The answer is no HTTP. */
    INVALID_HEADER,
    /** The answer has the status 403. */
    HTTP_403,
    /** The answer has the status 404. */
    HTTP_404,
    /** The answer has the status 429. */
    HTTP_429,
    /** The answer has the status 500. */
    HTTP_500,
    /** The answer has the status 502. */
    HTTP_502,
    /** The answer has the status 503. */
    HTTP_503,
    /** The answer has the status 504. */
    HTTP_504;

    /**
     * Returns whether it tells something about the server, rather than about the request.
     *
     * @return {@code false} for the statuses 403 and 404
     */
    public boolean isOfServer() {
      return this != HTTP_403 && this != HTTP_404;
    }
  }

  /** Every attempt is the last. */
  public static final RetryPolicy NEVER = new RetryPolicy(Set.of(), 1, Duration.ZERO, false);

  /** Errors and time-outs, three attempts in all: the defaults of ingress-nginx. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Set.of(Condition.ERROR, Condition.TIMEOUT), 3, Duration.ZERO, false);

  /**
   * Copies the conditions.
   *
   * @throws IllegalArgumentException if {@code tries} or {@code timeout} is negative
   */
  public RetryPolicy {
    EnumSet<Condition> copy = EnumSet.noneOf(Condition.class);
    copy.addAll(conditions);
    conditions = Collections.unmodifiableSet(copy);
    Objects.requireNonNull(timeout, "timeout");
    if (tries < 0 || timeout.isNegative()) {
      throw new IllegalArgumentException("a number of tries or a time is negative");
    }
  }

  /**
   * Returns whether an attempt is followed by another.
   *
   * @param condition what happened
   * @param method the method of the request
   * @param isSent whether the back end may have seen the request
   * @param attempts how many attempts were made, 1 or more
   * @param elapsed the time since the first began
   * @return {@code true} if there is to be another attempt
   */
  public boolean allows(
      Condition condition, String method, boolean isSent, int attempts, Duration elapsed) {
    boolean isRepeatable =
        !isSent
            || retriesNonIdempotent
            || !(method.equals("POST") || method.equals("LOCK") || method.equals("PATCH"));
    return conditions.contains(condition)
        && isRepeatable
        && (tries == 0 || attempts < tries)
        && (timeout.isZero() || elapsed.compareTo(timeout) < 0);
  }

  /**
   * Returns the condition of a status.
   *
   * @param status the status of an answer
   * @return the condition, or {@code null} if the status never counts as a failure
   */
  public static @Nullable Condition ofStatus(int status) {
    return switch (status) {
      case 403 -> Condition.HTTP_403;
      case 404 -> Condition.HTTP_404;
      case 429 -> Condition.HTTP_429;
      case 500 -> Condition.HTTP_500;
      case 502 -> Condition.HTTP_502;
      case 503 -> Condition.HTTP_503;
      case 504 -> Condition.HTTP_504;
      default -> null;
    };
  }
}
