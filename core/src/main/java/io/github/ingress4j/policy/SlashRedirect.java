package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PathPolicy;

/**
 * Sends a request for {@code /foo} to {@code /foo/}, if that is what a rule is written for.
 *
 * <p>By NGINX the Location holds the rule's path, escaped, by STRICT the request's canonical path
 * and a slash; the query follows. A request without a host gets a relative one.
 *
 * <p>Immutable and thread-safe. Source: nginx's redirect for a location that ends in a slash.
 *
 * @param path the path of the rule, as written in the manifest; ends in a slash
 * @param isRelative whether scheme and host are left out
 * @param showsPort whether the port follows the host, unless the scheme implies it
 */
public record SlashRedirect(String path, boolean isRelative, boolean showsPort) {

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if {@code path} does not begin and end with a slash
   */
  public SlashRedirect {
    if (!path.startsWith("/") || !path.endsWith("/")) {
      throw new IllegalArgumentException("the path must begin and end with a slash");
    }
  }

  /**
   * Returns where a request for the path without its last slash is sent.
   *
   * @param request the request
   * @return the redirect
   */
  public Redirection apply(CanonicalRequest request) {
    StringBuilder location = new StringBuilder();
    if (request.policy() == PathPolicy.STRICT) {
      location.append(request.target().path()).append('/');
    } else {
      UrlText.appendNginxPath(location, UrlText.octets(path));
    }
    return new Redirection(
        301, Locations.here(request, location + request.querySuffix(), showsPort, isRelative));
  }
}
