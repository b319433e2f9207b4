package io.github.ingress4j.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which other sites may use a route from a browser, and what their browsers are told.
 *
 * <table>
 *   <caption>Which origins are accepted</caption>
 *   <tr><th>Item</th><th>Accepts</th><th>Does not accept</th></tr>
 *   <tr><td>{@code *}</td><td>every request, with an Origin or without</td><td></td></tr>
 *   <tr><td>{@code https://a.shop}</td><td>{@code https://a.shop}, {@code HTTPS://A.SHOP}, {@code
 *       evilhttps://a.shop}</td><td>{@code https://a.shop:8443}</td></tr>
 *   <tr><td>{@code https://*.shop}</td><td>{@code https://a.shop}</td><td>{@code https://shop},
 *       {@code https://a.b.shop}</td></tr>
 * </table>
 *
 * <p>As with ingress-nginx an item is found at the end of the Origin, whatever stands before it; a
 * browser sends no such Origin. Every {@code OPTIONS} request that is accepted counts as a
 * preflight.
 *
 * <p>Immutable and thread-safe. Sources: the {@code cors} annotations of ingress-nginx; the Fetch
 * standard, CORS protocol.
 *
 * @param origins the items; {@code *} among them makes it the only one, and without any no request
 *     is accepted
 * @param allowMethods the value of {@code Access-Control-Allow-Methods}
 * @param allowHeaders the value of {@code Access-Control-Allow-Headers}
 * @param exposeHeaders the value of {@code Access-Control-Expose-Headers}, empty if it is not sent
 * @param allowsCredentials whether {@code Access-Control-Allow-Credentials} is sent
 * @param maxAgeSeconds the value of {@code Access-Control-Max-Age}
 */
public record Cors(
    List<String> origins,
    String allowMethods,
    String allowHeaders,
    String exposeHeaders,
    boolean allowsCredentials,
    int maxAgeSeconds) {

  private static final String ANY = "*";

  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
  private static final String ALLOW_METHODS = "Access-Control-Allow-Methods";
  private static final String ALLOW_HEADERS = "Access-Control-Allow-Headers";
  private static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";
  private static final String MAX_AGE = "Access-Control-Max-Age";

  /**
   * Brings the origins to one form: trimmed, none of them empty, a star alone.
   *
   * @throws IllegalArgumentException if a value holds a character that no header may hold
   */
  public Cors {
    List<String> items = new ArrayList<>();
    for (String origin : origins) {
      String item = origin.trim();
      if (!item.isEmpty()) {
        items.add(item);
      }
    }
    origins = items.contains(ANY) ? List.of(ANY) : List.copyOf(items);
    HeaderValue.require(ALLOW_METHODS, allowMethods);
    HeaderValue.require(ALLOW_HEADERS, allowHeaders);
    HeaderValue.require(EXPOSE_HEADERS, exposeHeaders);
  }

  /**
   * Returns whether a request comes from a site that is accepted.
   *
   * @param request the request
   * @return {@code true} if the answer says so to the browser
   */
  public boolean accepts(CanonicalRequest request) {
    return acceptedOrigin(request) != null;
  }

  /**
   * Answers a preflight.
   *
   * @param request the request
   * @return the header fields of an answer 204 without a body; {@code null} if this is no preflight
   *     or its origin is not accepted
   */
  public @Nullable HeaderEdits preflight(CanonicalRequest request) {
    return request.view().method().equals("OPTIONS") && accepts(request)
        ? responseHeaders(request)
        : null;
  }

  /**
   * Returns what an answer tells the browser, whoever made the answer and whatever its status is.
   *
   * @param request the request that is answered
   * @return fields that replace those of the back end; none if the origin is not accepted
   */
  public HeaderEdits responseHeaders(CanonicalRequest request) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    addTo(edits, request);
    return edits.build();
  }

  /**
   * Adds what {@link #responseHeaders} returns to other changes, over which it wins.
   *
   * @param edits takes the changes
   * @param request the request that is answered
   */
  public void addTo(HeaderEdits.Builder edits, CanonicalRequest request) {
    String origin = acceptedOrigin(request);
    if (origin == null) {
      return;
    }
    edits.set(ALLOW_ORIGIN, origin);
    if (allowsCredentials) {
      edits.set(ALLOW_CREDENTIALS, "true");
    }
    setOrClear(edits, ALLOW_METHODS, allowMethods);
    setOrClear(edits, ALLOW_HEADERS, allowHeaders);
    if (!exposeHeaders.isEmpty()) {
      edits.set(EXPOSE_HEADERS, exposeHeaders);
    }
    edits.set(MAX_AGE, Integer.toString(maxAgeSeconds));
  }

  private static void setOrClear(HeaderEdits.Builder edits, String name, String value) {
    if (value.isEmpty()) {
      edits.clear(name);
    } else {
      edits.set(name, value);
    }
  }

  /** What is sent back as the origin: a star, or the Origin as it came; null if not accepted. */
  private @Nullable String acceptedOrigin(CanonicalRequest request) {
    if (origins.size() == 1 && origins.get(0).equals(ANY)) {
      return ANY;
    }
    String origin = request.header("origin");
    if (origin.isEmpty() || !HeaderValue.isLegal(origin)) {
      return null;
    }
    for (String item : origins) {
      if (isAtEnd(item, origin)) {
        return origin;
      }
    }
    return null;
  }

  /** Whether the item, its first star standing for one label, is what the text ends in. */
  private static boolean isAtEnd(String item, String text) {
    int star = item.indexOf('*');
    if (star < 0) {
      return endsWith(text, text.length(), item);
    }
    String tail = item.substring(star + 1);
    if (!endsWith(text, text.length(), tail)) {
      return false;
    }
    String head = item.substring(0, star);
    // The label may be any run of its characters, so the head is looked for before each of them.
    for (int i = text.length() - tail.length() - 1; i >= 0 && isOfLabel(text.charAt(i)); i--) {
      if (endsWith(text, i, head)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWith(String text, int end, String part) {
    int start = end - part.length();
    if (start < 0) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      if (lower(text.charAt(start + i)) != lower(part.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
  }

  private static boolean isOfLabel(char c) {
    char lower = lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }
}
