package io.github.ingress4j.decision;

import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderEdits;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * Another service has to be asked whether the request may pass. The adapter sends the question,
 * without a body, and hands the head of the answer to {@link Exchange#authenticated}.
 *
 * <p>Immutable and thread-safe if the request is.
 */
public final class AskAuth implements Step {

  private final Route route;
  private final CanonicalRequest request;
  private final ExternalAuth.Ask ask;

  AskAuth(Route route, CanonicalRequest request, ExternalAuth.Ask ask) {
    this.route = route;
    this.request = request;
    this.ask = ask;
  }

  /**
   * Returns the route that asks.
   *
   * @return the route
   */
  public Route route() {
    return route;
  }

  /**
   * Returns the method.
   *
   * @return such as {@code GET}
   */
  public String method() {
    return ask.method();
  }

  /**
   * Returns where the question goes.
   *
   * @return {@code http://} or {@code https://}, a host, and the target to send
   */
  public String url() {
    return ask.url();
  }

  /**
   * Returns the Host to send.
   *
   * @return the value of the header
   */
  public String host() {
    return ask.host();
  }

  /**
   * Returns what the client's header fields become.
   *
   * @return the edits
   */
  public HeaderEdits requestHeaders() {
    return ask.requestHeaders();
  }

  /**
   * Names every header line to send, the client's with the router's edits. Left to the sender is
   * {@code Host}; there is no body.
   *
   * @param line takes name and value of each line
   */
  public void eachHeader(BiConsumer<String, String> line) {
    request.client().eachHeader(ask.requestHeaders(), line);
  }

  /**
   * Returns how long connecting may take.
   *
   * @return a positive time
   */
  public Duration connectTimeout() {
    return ask.connectTimeout();
  }

  /**
   * Returns how long the service may be silent.
   *
   * @return a positive time
   */
  public Duration readTimeout() {
    return ask.readTimeout();
  }
}
