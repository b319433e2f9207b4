package io.github.ingress4j.policy;

/**
 * Sends every request for one host to the same target on another: from {@code www.a.shop} to {@code
 * a.shop}, or the other way.
 *
 * <p>The Location always has a port, and loses one slash at the end of the target: {@code /foo/} on
 * port 80 becomes {@code http://a.shop:80/foo}. A scheme other than http and https, which a trusted
 * peer may claim, is not repeated.
 *
 * <p>Immutable and thread-safe. Source: the annotation {@code from-to-www-redirect} of
 * ingress-nginx.
 *
 * @param host the host to send to, as its rule names it
 * @param status the status, 301, 302, 307 or 308
 */
public record SiteRedirect(String host, int status) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is no redirect or {@code host} can stand in
   *     no header
   */
  public SiteRedirect {
    Redirection.requireStatus(status);
    HeaderValue.require("Location", host);
  }

  /**
   * Returns where a request is sent.
   *
   * @param request the request
   * @return the redirect
   */
  public Redirection apply(CanonicalRequest request) {
    return new Redirection(
        status,
        Locations.schemeOf(request)
            + "://"
            + host
            + ":"
            + request.client().port()
            + Locations.withoutSlashAtEnd(request.requestUri()));
  }
}
