package io.github.ingress4j.dialect.nginx;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Annotations that older versions of the controller knew.
 *
 * <p>Source: the change log of ingress-nginx.
 */
final class RemovedAnnotations {

  private static final String TRACING = "trace with an agent or a filter of the application";
  private static final String MEMCACHED =
      "write limit-rps or limit-rpm, which count in every proxy by itself";

  private static final String HEADERS =
      "write the name of a ConfigMap of headers as proxy-set-headers in the ConfigMap of the"
          + " controller";

  private static final Map<String, String> SUCCESSORS =
      Map.ofEntries(
          Map.entry("secure-backends", "write backend-protocol: HTTPS"),
          Map.entry("grpc-backend", "write backend-protocol: GRPC"),
          Map.entry(
              "add-base-url", "let the back end write relative links, or send x-forwarded-prefix"),
          Map.entry(
              "base-url-scheme",
              "let the back end write relative links, or send x-forwarded-prefix"),
          Map.entry("configuration-snippets", "snippets are never run here; remove it"),
          Map.entry("session-cookie-hash", "remove it: the hash is always the same"),
          Map.entry("enable-influxdb", "collect metrics in the application"),
          Map.entry("influxdb-measurement", "collect metrics in the application"),
          Map.entry("influxdb-port", "collect metrics in the application"),
          Map.entry("influxdb-host", "collect metrics in the application"),
          Map.entry("influxdb-server-name", "collect metrics in the application"),
          Map.entry("proxy-pass-params", "remove it: nothing has replaced it"),
          Map.entry("upstream-max-fails", "write proxy-next-upstream and its tries"),
          Map.entry("upstream-fail-timeout", "write proxy-next-upstream and its timeout"),
          Map.entry("enable-opentracing", TRACING),
          Map.entry("opentracing-trust-incoming-span", TRACING),
          Map.entry("global-rate-limit", MEMCACHED),
          Map.entry("global-rate-limit-window", MEMCACHED),
          Map.entry("global-rate-limit-key", MEMCACHED),
          Map.entry("global-rate-limit-ignored-cidrs", MEMCACHED),
          Map.entry(
              "large-client-header-buffers",
              "set the size of request heads in the server that the filter runs in"),
          Map.entry("secure-verify-ca-secret", "write proxy-ssl-secret and proxy-ssl-verify: on"),
          Map.entry("lua-resty-waf", "use a firewall in front of the application"),
          Map.entry("ajp-backend", "speak HTTP to the back end"));

  /** What never was an annotation, although other things are called so. */
  private static final Map<String, String> NEVER =
      Map.ofEntries(
          Map.entry("client-max-body-size", "write proxy-body-size"),
          Map.entry("proxy-pass", "name the back end in the rule"),
          Map.entry("proxy-set-header", HEADERS),
          Map.entry("proxy-set-headers", HEADERS),
          Map.entry("add-header", "write custom-headers"),
          Map.entry(
              "limit-burst",
              "write limit-burst-multiplier, which is how many times the limit may pass at once"),
          Map.entry("add-headers", "write custom-headers, or add-headers in the ConfigMap"),
          Map.entry("more-set-headers", "write custom-headers with the name of a ConfigMap"),
          Map.entry("session-cookie-http-only", "remove it: the cookie always is HttpOnly"),
          Map.entry("session-cookie-httponly", "remove it: the cookie always is HttpOnly"));

  private RemovedAnnotations() {}

  /** Returns what to write instead of a name from elsewhere, or {@code null} if it is none. */
  static @Nullable String insteadOf(String name) {
    return NEVER.get(name);
  }

  /** Returns every name. */
  static Set<String> names() {
    return SUCCESSORS.keySet();
  }

  /** Returns what to write instead, or {@code null} if there never was such an annotation. */
  static @Nullable String successor(String name) {
    return SUCCESSORS.get(name);
  }
}
