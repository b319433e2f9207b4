package io.github.ingress4j.decision;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.Mirror;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The request goes to a back end.
 *
 * <p>Immutable and thread-safe if the request is. The header edits are worked out when they are
 * asked for.
 */
public final class Forward implements Decision {

  /**
   * What all attempts for a request have in common.
   *
   * @param target the request target to send
   * @param host the Host to send
   * @param clientHost the Host that the client asked for, or null for none
   * @param forwardedPrefix the value of {@code X-Forwarded-Prefix}, or null for none
   * @param isStandIn whether a stand-in takes the request of a back end without endpoints
   * @param sessionKey what the cookie of the request says about its endpoint, or null
   * @param question what the fields of the request become if it asks for an error page, else null
   * @param accessHeaders what the back end is told of the client by those who let it pass
   * @param kept what of an answer that is replaced still reaches the client
   * @param sendsBody whether the body of the request is sent, if it has one
   */
  record Plan(
      Route route,
      Backend backend,
      @Nullable Upstream upstream,
      CanonicalRequest request,
      String target,
      @Nullable String host,
      @Nullable String clientHost,
      @Nullable String forwardedPrefix,
      boolean isStandIn,
      @Nullable String sessionKey,
      @Nullable HeaderEdits question,
      HeaderEdits accessHeaders,
      HeaderEdits kept,
      boolean sendsBody) {

    boolean isErrorPage() {
      return question != null;
    }

    Plan withAccessHeaders(HeaderEdits value) {
      return new Plan(
          route,
          backend,
          upstream,
          request,
          target,
          host,
          clientHost,
          forwardedPrefix,
          isStandIn,
          sessionKey,
          question,
          value,
          kept,
          sendsBody);
    }
  }

  private final Plan plan;
  private final @Nullable Endpoint endpoint;
  private final int attempt;
  private final HeaderEdits responseHeaders;

  Forward(Plan plan, @Nullable Endpoint endpoint, int attempt, HeaderEdits responseHeaders) {
    this.plan = plan;
    this.endpoint = endpoint;
    this.attempt = attempt;
    this.responseHeaders = responseHeaders;
  }

  Plan plan() {
    return plan;
  }

  @Override
  public Route route() {
    return plan.route();
  }

  /**
   * Returns who the request is for.
   *
   * @return the Service's port or the resource
   */
  public Backend backend() {
    return plan.backend();
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
    return plan.target();
  }

  /**
   * Returns the Host to send.
   *
   * @return the value of the header; {@code null} if the client, speaking HTTP/1.0, sent none
   */
  public @Nullable String host() {
    return plan.host();
  }

  /**
   * Returns the client's address, as derived from the connection and from what trusted peers say.
   *
   * @return an IP address
   */
  public String clientIp() {
    return plan.request().client().clientAddress();
  }

  /**
   * Returns what the request's header fields become: the forwarded family set, and what clients
   * must not send removed. It says what the router changes; {@link #eachHeader} says what to send.
   *
   * @return the edits
   */
  public HeaderEdits requestHeaders() {
    return edits();
  }

  /**
   * Names every header line to send, the client's with the router's edits. Left to the sender are
   * {@code Host}, which is {@link #host}, and the fields that frame the body.
   *
   * @param line takes name and value of each line
   */
  public void eachHeader(BiConsumer<String, String> line) {
    plan.request().client().eachHeader(edits(), line);
  }

  /**
   * Returns whether the body of the request is sent, if it has one.
   *
   * @return {@code false} only if an error page is asked for after the body went elsewhere
   */
  public boolean sendsBody() {
    return plan.sendsBody();
  }

  /**
   * Returns whether the back end is asked for an error page, which takes the place of an answer
   * that the client does not get. Whoever serves it must not serve the request itself.
   *
   * @return whether this is about an error page
   */
  public boolean isErrorPage() {
    return plan.isErrorPage();
  }

  /**
   * Returns how long the body of the request may be.
   *
   * @return the limit; one whose length is not known in advance is to be broken off beyond it
   */
  public BodyLimit bodyLimit() {
    return plan.route().policies().bodyLimit();
  }

  /**
   * Returns the copy of the request that goes to somebody else, whose answer counts for nothing.
   *
   * @return the copy, or {@code null} if there is none
   */
  public Mirror.@Nullable Copy mirror() {
    Mirror mirror = plan.route().policies().mirror();
    if (mirror == null || attempt > 1 || plan.isErrorPage()) {
      return null;
    }
    // What the service says of the client is for the back end; nobody may say it in its place.
    ExternalAuth external = plan.route().policies().access().external();
    return mirror.copy(
        plan.request(), external == null ? HeaderEdits.NONE : external.unasked(plan.request()));
  }

  /**
   * Names every header line of the {@linkplain #mirror copy}. Left to the sender are {@code Host}
   * and the fields that frame the body.
   *
   * @param copy the copy
   * @param line takes name and value of each line
   */
  public void eachHeader(Mirror.Copy copy, BiConsumer<String, String> line) {
    plan.request().client().eachHeader(copy.requestHeaders(), line);
  }

  private HeaderEdits edits() {
    HeaderEdits question = plan.question();
    if (question != null) {
      return question;
    }
    HeaderEdits edits = plan.request().client().edits(plan.clientHost(), additions());
    return plan.accessHeaders().asMap().isEmpty()
        ? edits
        : HeaderEdits.builder().addAll(edits).addAll(plan.accessHeaders()).build();
  }

  /** The fields that depend on the route. */
  private Map<String, String> additions() {
    if (plan.forwardedPrefix() == null && !plan.isStandIn()) {
      return Map.of();
    }
    Map<String, String> additions = new LinkedHashMap<>();
    if (plan.forwardedPrefix() != null) {
      additions.put("X-Forwarded-Prefix", plan.forwardedPrefix());
    }
    RoutePolicies.StandIn standIn = plan.route().policies().standIn();
    if (plan.isStandIn() && standIn != null) {
      additions.put("X-Code", "503");
      additions.put("X-Format", String.join(", ", plan.request().view().headers("Accept")));
      additions.put("X-Namespace", standIn.namespace());
      additions.put("X-Ingress-Name", standIn.ingress());
      additions.put("X-Service-Name", standIn.service());
      additions.put("X-Service-Port", standIn.port());
    }
    return additions;
  }

  @Override
  public HeaderEdits responseHeaders() {
    return responseHeaders;
  }

  /**
   * Returns which attempt this is.
   *
   * @return 1 for the first
   */
  public int attempt() {
    return attempt;
  }

  /**
   * Returns how to talk to the endpoint.
   *
   * @return the settings
   */
  public TransportSettings transport() {
    Upstream upstream = plan.upstream();
    TransportSettings own = plan.isErrorPage() ? null : ofRoute();
    return own != null ? own : upstream == null ? TransportSettings.DEFAULT : upstream.transport();
  }

  private @Nullable TransportSettings ofRoute() {
    RoutePolicies policies = plan.route().policies();
    TransportSettings secure = policies.secureTransport();
    return secure != null && plan.request().view().scheme().equals("https")
        ? secure
        : policies.transport();
  }

  /**
   * Returns the decision in one line; unprintable characters of the target are escaped.
   *
   * @return such as {@code forward /pay to default/nginx-svc:9080 (default/hello-ingress)}
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("forward ");
    out.append(PrintableText.escape(plan.target())).append(" to ");
    out.append(plan.backend());
    if (endpoint != null) {
      out.append(" at ").append(endpoint);
    }
    if (plan.route().ingress() != null) {
      out.append(" (").append(plan.route().ingress()).append(')');
    }
    return out.toString();
  }
}
