package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PathPolicy;

/**
 * What redirects have in common: where a Location on this router's own hosts begins.
 *
 * <p>Stateless and thread-safe. Source: hardening SEC-22, a Location is built from typed parts.
 */
final class Locations {

  private Locations() {}

  /**
   * The URL of a path on the host that selected the rule, as nginx makes a Location of it.
   *
   * @param path begins with a slash
   * @param showsPort whether the port follows the host unless the scheme implies it
   * @param isRelative whether scheme and host are left out; they also are if the request names no
   *     host, for then nobody knows one
   */
  static String here(CanonicalRequest request, String path, boolean showsPort, boolean isRelative) {
    String host = request.selected().name();
    if (isRelative || host.isEmpty()) {
      return request.policy() == PathPolicy.STRICT || !isRelative ? onePath(path) : path;
    }
    String scheme = request.view().scheme();
    int port = request.view().localPort();
    String shown = showsPort && port != (scheme.equals("https") ? 443 : 80) ? ":" + port : "";
    return scheme + "://" + host + shown + path;
  }

  /** The path with one slash in front, for a browser takes two for the beginning of a host. */
  static String onePath(String path) {
    int slashes = 0;
    while (slashes < path.length()
        && (path.charAt(slashes) == '/' || path.charAt(slashes) == '\\')) {
      slashes++;
    }
    return slashes > 1 ? "/" + path.substring(slashes) : path;
  }

  /** The scheme the client used, or that of the connection if a peer says something else. */
  static String schemeOf(CanonicalRequest request) {
    String said = request.client().scheme();
    return said.equalsIgnoreCase("http") || said.equalsIgnoreCase("https")
        ? said
        : request.view().scheme();
  }

  /** A host without its port. */
  static String withoutPort(String host, PathPolicy policy) {
    boolean isBracketed = policy == PathPolicy.STRICT && host.startsWith("[");
    int colon = host.indexOf(':', isBracketed ? Math.max(0, host.indexOf(']')) : 0);
    return colon < 0 ? host : host.substring(0, colon);
  }

  static String withoutSlashAtEnd(String target) {
    return target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
  }
}
