package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why nothing came of a request over HTTP/2. */
final class H2Exception extends IOException {

  private static final long serialVersionUID = 1;

  private final Exchange.Failure failure;
  private final boolean isUnprocessed;
  private final RareLog.@Nullable Kind kind;

  private H2Exception(
      Exchange.Failure failure,
      boolean isUnprocessed,
      RareLog.@Nullable Kind kind,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.failure = failure;
    this.isUnprocessed = isUnprocessed;
    this.kind = kind;
  }

  /** A request that may have arrived has failed. */
  static H2Exception failed(Exchange.Failure failure, String message, @Nullable Throwable cause) {
    return new H2Exception(failure, false, null, message, cause);
  }

  /** The back end has refused a request, and has not done anything about it. */
  static H2Exception refused(String message) {
    return new H2Exception(Exchange.Failure.CONNECT, false, null, message, null);
  }

  /** The connection was over before the back end took notice of the request. */
  static H2Exception unprocessed(String message) {
    return new H2Exception(Exchange.Failure.CONNECT, true, null, message, null);
  }

  /**
   * There is no connection.
   *
   * @param kind what the log is told about; {@code null} for nothing
   */
  static H2Exception unreachable(
      Exchange.Failure failure,
      RareLog.@Nullable Kind kind,
      String message,
      @Nullable Throwable cause) {
    return new H2Exception(failure, false, kind, message, cause);
  }

  /** Another one with the same meaning, for another request. */
  H2Exception again() {
    return new H2Exception(failure, isUnprocessed, kind, String.valueOf(getMessage()), this);
  }

  /** Returns what the exchange is told. */
  Exchange.Failure failure() {
    return failure;
  }

  /**
   * Returns whether the request can be sent on another connection as if it had never been sent on
   * this one.
   */
  boolean isUnprocessed() {
    return isUnprocessed;
  }

  /** Returns what the log is told about, or {@code null}. */
  RareLog.@Nullable Kind kind() {
    return kind;
  }
}
