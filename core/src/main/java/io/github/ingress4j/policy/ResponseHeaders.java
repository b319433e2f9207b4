package io.github.ingress4j.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that every answer of a route carries or loses, whoever made it and whatever its
 * status is; and refusals that are given before there is a route.
 *
 * <p>What sets the same field twice, the later line of this table wins; what sets a field wins over
 * what removes it.
 *
 * <table>
 *   <caption>What is changed, in order</caption>
 *   <tr><th>What</th><th>Which answers</th></tr>
 *   <tr><td>{@code Strict-Transport-Security}</td><td>those on TLS connections</td></tr>
 *   <tr><td>fields whose values ask for variables</td><td>all</td></tr>
 *   <tr><td>fields with literal values</td><td>all</td></tr>
 *   <tr><td>fields that are hidden, {@code Server}</td><td>those of back ends have them</td></tr>
 * </table>
 *
 * <p>A value that is empty removes its field.
 *
 * <p>Immutable and thread-safe. Source: the settings {@code add-headers}, {@code hide-headers},
 * {@code allow-backend-server-header} and {@code hsts} and the annotation {@code custom-headers} of
 * ingress-nginx.
 *
 * @param expanded fields by name, whose values are expanded for each request
 * @param literal fields by name, whose values are sent as they are, one character a byte from
 *     construction on
 * @param hidden the names of fields that are removed
 * @param hidesServer whether {@code Server} is removed
 * @param transportSecurity what is told to browsers that came by TLS, or {@code null}
 */
public record ResponseHeaders(
    Map<String, Template> expanded,
    Map<String, String> literal,
    List<String> hidden,
    boolean hidesServer,
    @Nullable TransportSecurity transportSecurity) {

  /** Changes nothing. */
  public static final ResponseHeaders NONE =
      new ResponseHeaders(Map.of(), Map.of(), List.of(), false, null);

  /**
   * That a browser is to use only TLS with a host from now on.
   *
   * <p>Immutable and thread-safe. Source: RFC 6797.
   *
   * @param maxAge the seconds, as they are written in the settings
   * @param includesSubdomains whether that goes for all hosts below this one
   * @param isPreloaded whether the host asks to be on the browsers' own lists
   */
  public record TransportSecurity(String maxAge, boolean includesSubdomains, boolean isPreloaded) {

    /** What is sent without settings: a year, with all hosts below. */
    public static final TransportSecurity DEFAULT = new TransportSecurity("31536000", true, false);

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if {@code maxAge} holds a character that no header may hold
     */
    public TransportSecurity {
      HeaderValue.require("Strict-Transport-Security", maxAge);
    }

    String text() {
      return "max-age="
          + maxAge
          + (includesSubdomains ? "; includeSubDomains" : "")
          + (isPreloaded ? "; preload" : "");
    }
  }

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if a name is not {@linkplain HeaderName#isSettable settable},
   *     or a literal value holds a character that no header may hold
   */
  public ResponseHeaders {
    expanded = Collections.unmodifiableMap(new LinkedHashMap<>(expanded));
    Map<String, String> octets = new LinkedHashMap<>();
    literal.forEach((name, value) -> octets.put(name, UrlText.octets(value)));
    literal = Collections.unmodifiableMap(octets);
    hidden = List.copyOf(hidden);
    expanded.keySet().forEach(ResponseHeaders::requireSettable);
    literal.forEach(
        (name, value) -> {
          requireSettable(name);
          HeaderValue.require(name, value);
        });
  }

  private static void requireSettable(String name) {
    if (!HeaderName.isSettable(name)) {
      throw new IllegalArgumentException(
          "a header name must be a token of RFC 9110 and must not belong to the connection");
    }
  }

  /**
   * Returns the changes to the answer to a request.
   *
   * @param request the request that is answered
   * @return the changes
   */
  public HeaderEdits apply(CanonicalRequest request) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    addTo(edits, request);
    return edits.build();
  }

  /**
   * Adds what {@link #apply} returns to other changes. What CORS sets is added after it, for it
   * wins.
   *
   * @param edits takes the changes
   * @param request the request that is answered
   */
  public void addTo(HeaderEdits.Builder edits, CanonicalRequest request) {
    addOwnTo(edits, request, false);
    for (String name : hidden) {
      edits.remove(name);
    }
    if (hidesServer) {
      edits.remove("Server");
    }
  }

  /**
   * Adds the changes to an answer that the router makes itself: it has nothing to hide.
   *
   * @param edits takes the changes
   * @param request the request that is answered
   * @param isClosed whether the route is closed, which does without the literal fields
   */
  public void addOwnTo(HeaderEdits.Builder edits, CanonicalRequest request, boolean isClosed) {
    addTransportSecurity(edits, request.view());
    expanded.forEach(
        (name, value) -> set(edits, name, UrlText.withoutControls(value.expand(request))));
    if (!isClosed) {
      literal.forEach((name, value) -> set(edits, name, value));
    }
  }

  /**
   * Adds the changes to the refusal of a request that cannot be read: fields that ask for variables
   * stay away, for there is nothing to take them from.
   *
   * @param edits takes the changes
   * @param request the request as received
   */
  public void addUnreadTo(HeaderEdits.Builder edits, RequestView request) {
    addTransportSecurity(edits, request);
    expanded.forEach(
        (name, value) -> {
          String text = value.constant();
          if (text != null) {
            set(edits, name, UrlText.withoutControls(text));
          }
        });
    literal.forEach((name, value) -> set(edits, name, value));
  }

  private void addTransportSecurity(HeaderEdits.Builder edits, RequestView request) {
    if (transportSecurity != null && request.scheme().equals("https")) {
      edits.set("Strict-Transport-Security", transportSecurity.text());
    }
  }

  private static void set(HeaderEdits.Builder edits, String name, String value) {
    if (value.isEmpty()) {
      edits.clear(name);
    } else {
      edits.set(name, value);
    }
  }
}
