package io.github.ingress4j.decision;

/** How an attempt to reach a back end went wrong before an answer came. */
public enum Failure {
  /** The connection was refused, or the name could not be resolved. */
  CONNECT(502, Reason.UPSTREAM_FAILED, "The back end could not be reached."),
  /** No connection within the time allowed. */
  CONNECT_TIMEOUT(504, Reason.UPSTREAM_TIMEOUT, "The back end could not be reached in time."),
  /** The connection broke before the answer's head was complete. */
  RESET(502, Reason.UPSTREAM_FAILED, "The back end broke off the connection."),
  /** No answer within the time allowed. */
  RESPONSE_TIMEOUT(504, Reason.UPSTREAM_TIMEOUT, "The back end did not answer in time."),
  /** The answer was not HTTP as it should be. */
  BAD_RESPONSE(
      502, Reason.UPSTREAM_FAILED, "The back end answered with something that is not HTTP."),
  /** The client broke off its request, or sent it too slowly; the back end is not to blame. */
  CLIENT_ABORT(400, Reason.MALFORMED_REQUEST, "The request broke off before its end."),
  /** The adapter knows no address to send to. */
  NO_ENDPOINT(503, Reason.NO_ENDPOINTS, "The back end has no usable endpoint."),
  /** The adapter has no room for another request. */
  OVERLOADED(503, Reason.OVERLOADED, "The gateway is busy; try again later.");

  private final int status;
  private final Reason reason;
  private final String explanation;

  Failure(int status, Reason reason, String explanation) {
    this.status = status;
    this.reason = reason;
    this.explanation = explanation;
  }

  int status() {
    return status;
  }

  Reason reason() {
    return reason;
  }

  String explanation() {
    return explanation;
  }
}
