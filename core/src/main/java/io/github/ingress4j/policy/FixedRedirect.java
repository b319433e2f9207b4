package io.github.ingress4j.policy;

/**
 * Sends every request to one place.
 *
 * <table>
 *   <caption>Locations for {@code Host: A.shop:8080}</caption>
 *   <tr><th>Value</th><th>Location</th></tr>
 *   <tr><td>{@code https://b.shop/x}</td><td>the same; path and query of the request are not
 *       added</td></tr>
 *   <tr><td>{@code /x}</td><td>{@code http://a.shop/x}, or {@code /x} if it is to stay
 *       relative</td></tr>
 *   <tr><td>{@code x}</td><td>{@code x}</td></tr>
 * </table>
 *
 * <p>The status 300 and those from 304 to 306 carry no Location.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code temporal-redirect} and {@code
 * permanent-redirect} of ingress-nginx.
 *
 * @param value the place, one character a byte from construction on
 * @param status the status, 300 to 308
 * @param isRelative whether a value that begins with a slash is sent as it is
 * @param showsPort whether the port follows the host in a Location that is made absolute, unless
 *     the scheme implies it
 */
public record FixedRedirect(String value, int status, boolean isRelative, boolean showsPort) {

  /**
   * Encodes the value in UTF-8.
   *
   * @throws IllegalArgumentException if {@code status} is no redirect or {@code value} holds a
   *     control character
   */
  public FixedRedirect {
    Redirection.requireStatus(status);
    value = UrlText.octets(value);
    HeaderValue.require("Location", value);
  }

  /**
   * Returns where a request is sent.
   *
   * @param request the request
   * @return the redirect
   */
  public Redirection apply(CanonicalRequest request) {
    boolean hasLocation = status != 300 && (status < 304 || status > 306);
    if (!hasLocation) {
      return new Redirection(status, null);
    }
    return new Redirection(
        status,
        value.startsWith("/") ? Locations.here(request, value, showsPort, isRelative) : value);
  }
}
