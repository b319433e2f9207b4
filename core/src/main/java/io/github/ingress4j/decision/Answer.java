package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The router answers by itself.
 *
 * <p>Immutable and thread-safe.
 *
 * @param route the route that was chosen, or {@code null} if the request did not get that far
 * @param status the status, 200 to 599
 * @param reason why
 * @param explanation why, in words for a person; printable, and without anything a client must not
 *     learn about the inside
 * @param responseHeaders the response's header fields
 */
public record Answer(
    @Nullable Route route,
    int status,
    Reason reason,
    String explanation,
    HeaderEdits responseHeaders)
    implements Decision {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is not a final status
   */
  public Answer {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(explanation, "explanation");
    Objects.requireNonNull(responseHeaders, "responseHeaders");
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not between 200 and 599");
    }
  }

  /** Why the router answers by itself. The words are part of the product's contract. */
  public enum Reason {
    /** No rule and no default back end takes the request. */
    NO_ROUTE,
    /** The request is not well formed. */
    MALFORMED_REQUEST,
    /** Back ends could read the path as one that another rule takes. */
    AMBIGUOUS_PATH,
    /** The method is never routed. */
    METHOD_NOT_ALLOWED,
    /** The TLS connection was made for a host of another policy. */
    MISDIRECTED,
    /** The request target is too long. */
    URI_TOO_LONG,
    /** The header fields are too large. */
    HEADERS_TOO_LARGE,
    /** The body is too large. */
    BODY_TOO_LARGE,
    /** The request expects something that is not offered. */
    EXPECTATION_FAILED,
    /** The request has come through here before. */
    LOOP,
    /** The back end has no usable endpoint. */
    NO_ENDPOINTS,
    /** The route is closed because it cannot be protected as its rules ask. */
    ROUTE_CLOSED,
    /** The client may not pass. */
    DENIED,
    /** The client has to prove who it is. */
    UNAUTHORIZED,
    /** The service that decides about the client does not answer. */
    AUTH_UNAVAILABLE,
    /** The client's certificate is missing or not accepted. */
    CLIENT_CERTIFICATE,
    /** The client sends too much. */
    RATE_LIMITED,
    /** The answer to a CORS preflight. */
    PREFLIGHT,
    /** Evaluating the patterns of the host took too long. */
    REGEX_BUDGET,
    /** The rewritten path cannot be sent. */
    BAD_REWRITE,
    /** A question about the router itself, such as {@code OPTIONS *}. */
    HEALTH,
    /** The back end could not be reached, broke off, or its error is replaced without a page. */
    UPSTREAM_FAILED,
    /** The back end did not answer in time. */
    UPSTREAM_TIMEOUT,
    /** There is no room for another request. */
    OVERLOADED;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /**
     * Returns the reason as outputs write it.
     *
     * @return such as {@code no-route}
     */
    public String text() {
      return text;
    }
  }
}
