package io.github.ingress4j.decision;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.ForwardedHeaders;
import io.github.ingress4j.policy.HeaderEdits;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The request goes to a back end.
 *
 * <p>Immutable and thread-safe if the request is. The header edits are worked out when they are
 * asked for.
 */
public final class Forward implements Decision {

  private final Route route;
  private final @Nullable Endpoint endpoint;
  private final String target;
  private final @Nullable String host;
  private final ForwardedHeaders forwarded;

  Forward(
      Route route,
      @Nullable Endpoint endpoint,
      String target,
      @Nullable String host,
      ForwardedHeaders forwarded) {
    this.route = route;
    this.endpoint = endpoint;
    this.target = target;
    this.host = host;
    this.forwarded = forwarded;
  }

  @Override
  public Route route() {
    return route;
  }

  /**
   * Returns who the request is for.
   *
   * @return the Service's port or the resource
   */
  public Backend backend() {
    return route.backend();
  }

  /**
   * Returns the endpoint to send to.
   *
   * @return the endpoint; {@code null} if endpoints are not known or the back end is a resource
   */
  public @Nullable Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Returns the request target to send, byte for byte.
   *
   * @return path and query; one character is one byte
   */
  public String target() {
    return target;
  }

  /**
   * Returns the Host to send.
   *
   * @return the value of the header; {@code null} if the client, speaking HTTP/1.0, sent none
   */
  public @Nullable String host() {
    return host;
  }

  /**
   * Returns the client's address, as derived from the connection and from what trusted peers say.
   *
   * @return an IP address
   */
  public String clientIp() {
    return forwarded.clientAddress();
  }

  /**
   * Returns what the request's header fields become: the forwarded family set, and what clients
   * must not send removed. It says what the router changes; {@link #eachHeader} says what to send.
   *
   * @return the edits
   */
  public HeaderEdits requestHeaders() {
    return forwarded.edits(host);
  }

  /**
   * Names every header line to send, the client's with the router's edits. Left to the sender are
   * {@code Host}, which is {@link #host}, and the fields that frame the body.
   *
   * @param line takes name and value of each line
   */
  public void eachHeader(BiConsumer<String, String> line) {
    forwarded.eachHeader(host, line);
  }

  @Override
  public HeaderEdits responseHeaders() {
    return HeaderEdits.NONE;
  }

  /**
   * Returns how to talk to the endpoint.
   *
   * @return the settings
   */
  public TransportSettings transport() {
    Upstream upstream = route.upstream();
    return upstream == null ? TransportSettings.DEFAULT : upstream.transport();
  }

  /**
   * Returns the decision in one line; unprintable characters of the target are escaped.
   *
   * @return such as {@code forward /pay to default/nginx-svc:9080 (default/hello-ingress)}
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("forward ");
    out.append(PrintableText.escape(target)).append(" to ");
    out.append(route.backend());
    if (endpoint != null) {
      out.append(" at ").append(endpoint);
    }
    if (route.ingress() != null) {
      out.append(" (").append(route.ingress()).append(')');
    }
    return out.toString();
  }
}
