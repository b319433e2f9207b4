package io.github.ingress4j.policy;

import org.jspecify.annotations.Nullable;

/**
 * Sends a client that speaks plain HTTP to the same place over TLS.
 *
 * <table>
 *   <caption>Locations for {@code Host: A.shop:8080}</caption>
 *   <tr><th>Target</th><th>Location</th></tr>
 *   <tr><td>{@code /a?x=1}</td><td>{@code https://A.shop/a?x=1}</td></tr>
 *   <tr><td>{@code /a/}</td><td>{@code https://A.shop/a}, or {@code /a/} if the slash is kept</td>
 *       </tr>
 *   <tr><td>{@code /}</td><td>{@code https://A.shop}</td></tr>
 * </table>
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code ssl-redirect} and {@code
 * force-ssl-redirect} of ingress-nginx.
 *
 * @param isForced whether the host need not have a certificate
 * @param keepsTrailingSlash whether a slash at the end of the target is kept
 * @param port the port to write behind the host; 0 for none
 * @param status the status, 301, 302, 307 or 308
 */
public record HttpsRedirect(boolean isForced, boolean keepsTrailingSlash, int port, int status) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is no redirect or {@code port} is no port
   */
  public HttpsRedirect {
    Redirection.requireStatus(status);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
  }

  /**
   * Decides about a request.
   *
   * @param request the request
   * @param hasCertificate whether the host that selected the rule has a certificate
   * @return the redirect, or {@code null} if the client uses TLS already or the host cannot
   */
  public @Nullable Redirection apply(CanonicalRequest request, boolean hasCertificate) {
    if ((!isForced && !hasCertificate) || !request.client().scheme().equals("http")) {
      return null;
    }
    String host = Locations.withoutPort(request.bestHost(), request.policy());
    String target = request.requestUri();
    return new Redirection(
        status,
        "https://"
            + host
            + (port == 0 ? "" : ":" + port)
            + (keepsTrailingSlash ? target : Locations.withoutSlashAtEnd(target)));
  }
}
