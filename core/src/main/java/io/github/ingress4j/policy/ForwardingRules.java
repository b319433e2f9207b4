package io.github.ingress4j.policy;

import io.github.ingress4j.balance.Cidr;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who may speak for a client, and which fields tell a back end about it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param trusted the blocks whose addresses may speak for a client; by default none should
 * @param family which fields are written
 * @param usesForwardedHeaders whether a trusted peer is believed about scheme, host and port as
 *     well as about the client's address; always so for {@link Family#KUBERNETES}
 * @param usesRealIp whether a trusted peer is believed about the client's address
 * @param computesFullForwardedFor whether the back end receives the whole chain instead of the
 *     client's address, if forwarded headers are used
 * @param forwardedForHeader the field that holds the chain, such as {@code X-Forwarded-For}
 * @param generatesRequestId whether a request without {@code X-Request-ID} gets one
 * @param addsOriginalUri whether the back end is told the target as received
 * @param allowsUnderscores whether fields with an underscore in their name pass, unless they are
 *     another spelling of a field that only the router may write
 * @param setHeaders fields that every request to a back end carries; an empty value removes the
 *     field
 */
public record ForwardingRules(
    List<Cidr> trusted,
    Family family,
    boolean usesForwardedHeaders,
    boolean usesRealIp,
    boolean computesFullForwardedFor,
    String forwardedForHeader,
    boolean generatesRequestId,
    boolean addsOriginalUri,
    boolean allowsUnderscores,
    Map<String, String> setHeaders) {

  /** The fields that tell a back end about the client. */
  public enum Family {
    /** {@code X-Forwarded-For}, {@code -Host}, {@code -Proto} and {@code -Port}. */
    KUBERNETES,
    /**
     * Those and {@code X-Forwarded-Scheme}, {@code X-Scheme}, {@code X-Real-IP}, {@code
     * X-Request-ID}, {@code X-Original-Forwarded-For}, {@code X-Original-Forwarded-Host} and {@code
     * X-Original-URI}, as ingress-nginx writes them.
     */
    NGINX
  }

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if {@code forwardedForHeader} is no token, or a name in {@code
   *     setHeaders} is none that {@linkplain HeaderName#isSettable can be set}, or a value there
   *     holds a character that no header may hold
   */
  public ForwardingRules {
    trusted = List.copyOf(trusted);
    Objects.requireNonNull(family, "family");
    if (!HeaderName.isToken(forwardedForHeader)) {
      throw new IllegalArgumentException("forwardedForHeader must be a token of RFC 9110");
    }
    setHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(setHeaders));
    setHeaders.forEach(
        (name, value) -> {
          if (!HeaderName.isSettable(name)) {
            throw new IllegalArgumentException(
                "a header name must be a token of RFC 9110 and must not belong to the connection");
          }
          HeaderValue.require(name, value);
        });
  }

  /**
   * Returns the rules of the KUBERNETES dialect.
   *
   * @param trusted the blocks whose addresses may speak for a client
   * @return the rules
   */
  public static ForwardingRules kubernetes(List<Cidr> trusted) {
    return new ForwardingRules(
        trusted,
        Family.KUBERNETES,
        true,
        true,
        false,
        "X-Forwarded-For",
        false,
        false,
        false,
        Map.of());
  }

  /**
   * Returns the rules that ingress-nginx has without settings: nobody is believed, and a request
   * without an identifier gets one.
   *
   * @return the rules
   */
  public static ForwardingRules nginx() {
    return new ForwardingRules(
        List.of(),
        Family.NGINX,
        false,
        false,
        false,
        "X-Forwarded-For",
        true,
        false,
        false,
        Map.of());
  }
}
