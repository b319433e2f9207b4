package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the controller's ConfigMap that have a meaning for requests.
 *
 * <p>Source: ingress-nginx v1.15.1, internal/ingress/controller/config/config.go and
 * template/configmap.go.
 */
public final class Settings {

  private static final SettingCatalog CATALOG = new SettingCatalog();

  /** The values of load-balance, in the annotation and in the settings. */
  static final List<String> ALGORITHMS =
      List.of(
          "round_robin", "chash", "chashsubset", "sticky_balanced", "sticky_persistent", "ewma");

  private static final String SERVICE =
      "a URL with a scheme and a host, such as http://auth.example.com/check";

  /** The others need a configuration that load-balance cannot give them. */
  static final String USABLE_ALGORITHMS =
      "round_robin or ewma; for a consistent hash write the annotation upstream-hash-by";

  /** Snippets pass the controller's own check. */
  public static final Setting<Boolean> ALLOW_SNIPPET_ANNOTATIONS =
      CATALOG
          .bool("allow-snippet-annotations", false, "lets snippet annotations take effect")
          .approximated("snippets are never run here; the routes of their Ingresses are closed");

  /** The highest risk that annotations may have. */
  public static final Setting<Risk> ANNOTATIONS_RISK_LEVEL =
      CATALOG
          .declare(
              "annotations-risk-level",
              "enum",
              "Low, Medium, High or Critical, in any case",
              SettingTexts::risk,
              Risk.HIGH)
          .does("drops an Ingress with an annotation of a higher risk")
          .enforced();

  /** Words that no annotation may contain. */
  public static final Setting<String> ANNOTATION_VALUE_WORD_BLOCKLIST =
      CATALOG
          .text("annotation-value-word-blocklist", "")
          .does("drops an Ingress with one of these words in the value of an annotation")
          .enforced();

  /** Secrets and ConfigMaps of other namespaces may be used. */
  public static final Setting<Boolean> ALLOW_CROSS_NAMESPACE_RESOURCES =
      CATALOG
          .bool(
              "allow-cross-namespace-resources",
              false,
              "lets annotations name Secrets and ConfigMaps of other namespaces")
          .enforced();

  /** Paths of the types Exact and Prefix may hold few characters only. */
  public static final Setting<Boolean> STRICT_VALIDATE_PATH_TYPE =
      CATALOG
          .bool(
              "strict-validate-path-type",
              true,
              "refuses Exact and Prefix paths with other characters than letters, digits, ., _, -"
                  + " and / when an Ingress is written")
          .approximated("such paths are reported and routed, as they are when already stored");

  /** Headers of the X-Forwarded family are believed. */
  public static final Setting<Boolean> USE_FORWARDED_HEADERS =
      CATALOG
          .bool(
              "use-forwarded-headers",
              false,
              "believes the headers of the X-Forwarded family that a request arrives with")
          .approximated(
              "with the path policy strict only the proxies named by --trusted-proxy or"
                  + " proxy-real-ip-cidr are believed");

  /** The client address is taken from a header. */
  public static final Setting<Boolean> ENABLE_REAL_IP =
      CATALOG
          .bool("enable-real-ip", false, "takes the client address, and only that, from a header")
          .enforced();

  /** The header that holds the client addresses. */
  public static final Setting<String> FORWARDED_FOR_HEADER =
      CATALOG
          .declare(
              "forwarded-for-header",
              "string",
              "the name of a header",
              text -> text.isEmpty() || HeaderName.isToken(text) ? text : null,
              "X-Forwarded-For")
          .does("names the header that holds the client addresses")
          .enforced();

  /** The peer is appended to the list of addresses. */
  public static final Setting<Boolean> COMPUTE_FULL_FORWARDED_FOR =
      CATALOG
          .bool(
              "compute-full-forwarded-for",
              false,
              "appends the peer to the list of addresses instead of replacing the list")
          .enforced();

  /** The trusted peers. */
  public static final Setting<List<Cidr>> PROXY_REAL_IP_CIDR =
      CATALOG
          .items(
              "proxy-real-ip-cidr",
              "CIDR list",
              "IP addresses or blocks, separated by commas",
              SettingTexts::block,
              List.of(Cidr.parse("0.0.0.0/0")))
          .does("lists the peers whose forwarded headers are believed")
          .approximated(
              "the default trusts everybody, and only with the path policy nginx; IPv6 peers are"
                  + " then trusted, too");

  /** Connections begin with a PROXY protocol header. */
  public static final Setting<Boolean> USE_PROXY_PROTOCOL =
      CATALOG
          .bool(
              "use-proxy-protocol", false, "reads client address and port from the PROXY protocol")
          .withoutEffect("let the server in front of the filter read the PROXY protocol");

  /** The header X-Original-URI is sent. */
  public static final Setting<Boolean> PROXY_ADD_ORIGINAL_URI_HEADER =
      CATALOG
          .bool("proxy-add-original-uri-header", false, "sends the raw target as X-Original-URI")
          .enforced();

  /** The header X-Request-ID is made up if a request has none. */
  public static final Setting<Boolean> GENERATE_REQUEST_ID =
      CATALOG
          .bool("generate-request-id", true, "makes up X-Request-ID if a request has none")
          .enforced();

  /** Request headers with an underscore pass. */
  public static final Setting<Boolean> ENABLE_UNDERSCORES_IN_HEADERS =
      CATALOG
          .bool(
              "enable-underscores-in-headers",
              false,
              "lets request headers with _ in the name pass")
          .enforced();

  /** The ConfigMap of request headers. */
  public static final Setting<String> PROXY_SET_HEADERS =
      CATALOG
          .text("proxy-set-headers", null)
          .does("names a ConfigMap of headers that are set on every request sent upstream")
          .enforced();

  /** The ConfigMap of response headers. */
  public static final Setting<String> ADD_HEADERS =
      CATALOG
          .text("add-headers", null)
          .does("names a ConfigMap of headers that are set on every response")
          .enforced();

  /** Response headers that are removed. */
  public static final Setting<List<String>> HIDE_HEADERS =
      CATALOG
          .names("hide-headers", HeaderName::isToken)
          .does("removes these headers from responses")
          .enforced();

  /** The Server header of the back end passes. */
  public static final Setting<Boolean> ALLOW_BACKEND_SERVER_HEADER =
      CATALOG
          .bool("allow-backend-server-header", false, "lets the back end's Server header pass")
          .enforced();

  /** Redirects to https where there is a certificate. */
  public static final Setting<Boolean> SSL_REDIRECT =
      CATALOG
          .bool("ssl-redirect", true, "redirects http to https on hosts with a certificate")
          .enforced();

  /** Redirects to https everywhere. */
  public static final Setting<Boolean> FORCE_SSL_REDIRECT =
      CATALOG.bool("force-ssl-redirect", false, "redirects http to https on every host").enforced();

  /** The status of the redirects of the proxy. */
  public static final Setting<Integer> HTTP_REDIRECT_CODE =
      CATALOG
          .declare(
              "http-redirect-code",
              "int",
              "301, 302, 307 or 308",
              text -> {
                Integer code = GoText.integer(text);
                return code != null && Set.of(301, 302, 307, 308).contains(code) ? code : null;
              },
              308)
          .does("is the status of the https redirect and the one from or to www")
          .enforced();

  /** The https redirect keeps the last slash. */
  public static final Setting<Boolean> PRESERVE_TRAILING_SLASH =
      CATALOG
          .bool("preserve-trailing-slash", false, "keeps the last slash in the https redirect")
          .enforced();

  /** Redirects carry the port. */
  public static final Setting<Boolean> USE_PORT_IN_REDIRECTS =
      CATALOG
          .bool("use-port-in-redirects", false, "writes the port into the https redirect")
          .enforced();

  /** Redirects have no scheme and host. */
  public static final Setting<Boolean> RELATIVE_REDIRECTS =
      CATALOG
          .bool("relative-redirects", false, "leaves scheme and host out of generated Locations")
          .enforced();

  /** Paths that are never redirected to https. */
  public static final Setting<List<String>> NO_TLS_REDIRECT_LOCATIONS =
      CATALOG
          .paths("no-tls-redirect-locations", List.of("/.well-known/acme-challenge"))
          .does("exempts paths that begin so from the https redirect")
          .enforced();

  /** Paths that need no authentication. */
  public static final Setting<List<String>> NO_AUTH_LOCATIONS =
      CATALOG
          .paths("no-auth-locations", List.of("/.well-known/acme-challenge"))
          .does("exempts paths that begin so from authentication")
          .enforced();

  /** Strict-Transport-Security is sent. */
  public static final Setting<Boolean> HSTS =
      CATALOG.bool("hsts", true, "sends Strict-Transport-Security on TLS connections").enforced();

  /** Its max-age. */
  public static final Setting<String> HSTS_MAX_AGE =
      CATALOG
          .text("hsts-max-age", "31536000")
          .only("a whole number of seconds, 0 or more", SettingTexts::isDigits)
          .does("is the max-age of Strict-Transport-Security")
          .enforced();

  /** Its includeSubDomains. */
  public static final Setting<Boolean> HSTS_INCLUDE_SUBDOMAINS =
      CATALOG.bool("hsts-include-subdomains", true, "adds includeSubDomains to it").enforced();

  /** Its preload. */
  public static final Setting<Boolean> HSTS_PRELOAD =
      CATALOG.bool("hsts-preload", false, "adds preload to it").enforced();

  /** Addresses that may pass. */
  public static final Setting<List<Cidr>> WHITELIST_SOURCE_RANGE =
      CATALOG
          .cidrs("whitelist-source-range", List.of())
          .does("refuses every other address with 403 where an Ingress has no list of its own")
          .enforced();

  /** Addresses that may not. */
  public static final Setting<List<Cidr>> DENYLIST_SOURCE_RANGE =
      CATALOG
          .cidrs("denylist-source-range", List.of())
          .does("refuses these addresses with 403 where an Ingress has no list of its own")
          .enforced();

  /** Addresses that are refused everywhere. */
  public static final Setting<List<Cidr>> BLOCK_CIDRS =
      CATALOG
          .cidrs("block-cidrs", List.of())
          .does("refuses these addresses with 403 on paths without any list")
          .enforced();

  /** User agents that are refused. */
  public static final Setting<List<String>> BLOCK_USER_AGENTS =
      CATALOG
          .list("block-user-agents", List.of())
          .does(
              "refuses these user agents with 403; an expression that cannot be carried out closes"
                  + " all routes")
          .enforced();

  /** Referers that are refused. */
  public static final Setting<List<String>> BLOCK_REFERERS =
      CATALOG
          .list("block-referers", List.of())
          .does(
              "refuses these referers with 403; an expression that cannot be carried out closes"
                  + " all routes")
          .enforced();

  /** The status beyond a limit of requests. */
  public static final Setting<Integer> LIMIT_REQ_STATUS_CODE =
      CATALOG
          .integer("limit-req-status-code", 503, "is the status beyond a limit of requests")
          .only("a status from 400 to 599", SettingTexts::isErrorStatus)
          .enforced();

  /** The status beyond a limit of connections. */
  public static final Setting<Integer> LIMIT_CONN_STATUS_CODE =
      CATALOG
          .integer("limit-conn-status-code", 503, "is the status beyond a limit of connections")
          .only("a status from 400 to 599", SettingTexts::isErrorStatus)
          .enforced();

  /** The bandwidth of a response. */
  public static final Setting<Integer> LIMIT_RATE =
      CATALOG
          .integer("limit-rate", 0, "limits the kB a second of a response, 0 for no limit")
          .only(Allowed.NOT_NEGATIVE.text(), rate -> rate >= 0)
          .enforced();

  /** What passes before the bandwidth is limited. */
  public static final Setting<Integer> LIMIT_RATE_AFTER =
      CATALOG
          .integer("limit-rate-after", 0, "is the kB that pass before limit-rate counts")
          .only(Allowed.NOT_NEGATIVE.text(), kB -> kB >= 0)
          .enforced();

  /** The algorithm. */
  public static final Setting<String> LOAD_BALANCE =
      CATALOG
          .declare(
              "load-balance", "string", USABLE_ALGORITHMS, SettingTexts::algorithm, "round_robin")
          .does("names the balancing algorithm")
          .enforced();

  /** The Service's own address is the endpoint. */
  public static final Setting<Boolean> SERVICE_UPSTREAM =
      CATALOG
          .bool("service-upstream", false, "sends requests to the Service's own address")
          .enforced();

  /** Seconds to connect. */
  public static final Setting<Integer> PROXY_CONNECT_TIMEOUT =
      CATALOG.seconds("proxy-connect-timeout", 5, "is the seconds to connect").enforced();

  /** Seconds between writes. */
  public static final Setting<Integer> PROXY_SEND_TIMEOUT =
      CATALOG.seconds("proxy-send-timeout", 60, "is the seconds between two writes").enforced();

  /** Seconds between reads. */
  public static final Setting<Integer> PROXY_READ_TIMEOUT =
      CATALOG.seconds("proxy-read-timeout", 60, "is the seconds between two reads").enforced();

  /** The largest body. */
  public static final Setting<String> PROXY_BODY_SIZE =
      CATALOG
          .text("proxy-body-size", "1m")
          .only(Allowed.SIZE.text(), Shapes::isSize)
          .does("is the largest request body")
          .enforced();

  /** What is retried. */
  public static final Setting<List<String>> PROXY_NEXT_UPSTREAM =
      CATALOG
          .words("proxy-next-upstream", List.of("error", "timeout"))
          .only(
              "words separated by blanks, of " + String.join(", ", Shapes.NEXT_UPSTREAM),
              words -> !words.isEmpty() && Shapes.NEXT_UPSTREAM.containsAll(words))
          .does("names the failures after which another endpoint is tried")
          .enforced();

  /** How often. */
  public static final Setting<Integer> PROXY_NEXT_UPSTREAM_TRIES =
      CATALOG
          .integer("proxy-next-upstream-tries", 3, "is the attempts in all, 0 for no limit")
          .only(Allowed.NOT_NEGATIVE.text(), tries -> tries >= 0)
          .enforced();

  /** How long. */
  public static final Setting<Integer> PROXY_NEXT_UPSTREAM_TIMEOUT =
      CATALOG
          .integer(
              "proxy-next-upstream-timeout", 0, "is the seconds for all attempts, 0 for no limit")
          .only(Allowed.NOT_NEGATIVE.text(), seconds -> seconds >= 0)
          .enforced();

  /** Requests that change something are retried, too. */
  public static final Setting<Boolean> RETRY_NON_IDEMPOTENT =
      CATALOG.bool("retry-non-idempotent", false, "retries POST, LOCK and PATCH, too").enforced();

  /** Responses are buffered. */
  public static final Setting<Boolean> PROXY_BUFFERING =
      CATALOG
          .onOff("proxy-buffering", false, "reads a response before it passes it on")
          .withoutEffect("answers are passed on as they come, in either case");

  /** Requests are buffered. */
  public static final Setting<Boolean> PROXY_REQUEST_BUFFERING =
      CATALOG
          .onOff("proxy-request-buffering", true, "reads a request body before it passes it on")
          .enforced();

  /** The version spoken to back ends. */
  public static final Setting<String> PROXY_HTTP_VERSION =
      CATALOG
          .text("proxy-http-version", "1.1")
          .only("1.0 or 1.1", text -> text.equals("1.0") || text.equals("1.1"))
          .does("is the HTTP version spoken to back ends")
          .enforced();

  /** What proxy-ssl annotations concern. */
  public static final Setting<Boolean> PROXY_SSL_LOCATION_ONLY =
      CATALOG
          .bool(
              "proxy-ssl-location-only",
              false,
              "keeps proxy-ssl annotations to the paths of their Ingress")
          .enforced();

  /** The size of the buffer of a body. */
  public static final Setting<String> CLIENT_BODY_BUFFER_SIZE =
      CATALOG
          .text("client-body-buffer-size", "8k")
          .only(Allowed.SIZE.text(), Shapes::isSize)
          .does("is the size of the buffer of a request body")
          .withoutEffect("buffers are those of the server in front of the filter");

  /** Statuses that are replaced. */
  public static final Setting<List<Integer>> CUSTOM_HTTP_ERRORS =
      CATALOG
          .items(
              "custom-http-errors",
              "int list",
              "statuses from 300 to 599, separated by commas",
              SettingTexts::status,
              List.of())
          .does("replaces these statuses by answers of the default back end")
          .enforced();

  /** Statuses of the back end pass. */
  public static final Setting<Boolean> DISABLE_PROXY_INTERCEPT_ERRORS =
      CATALOG
          .bool(
              "disable-proxy-intercept-errors",
              false,
              "lets the statuses of back ends pass custom-http-errors")
          .enforced();

  /** The service that decides who may pass. */
  public static final Setting<String> GLOBAL_AUTH_URL =
      CATALOG
          .text("global-auth-url", null)
          .only(SERVICE, SettingTexts::isServiceOrEmpty)
          .does("asks this URL whether a request may pass, where an Ingress has no auth-url")
          .enforced();

  /** Its method. */
  public static final Setting<String> GLOBAL_AUTH_METHOD =
      CATALOG
          .text("global-auth-method", null)
          .only(
              "one of " + Allowed.or(ExternalAuthAnnotations.METHODS),
              text -> text.isEmpty() || ExternalAuthAnnotations.METHODS.contains(text))
          .does("is the method of that question")
          .enforced();

  /** Where to sign in. */
  public static final Setting<String> GLOBAL_AUTH_SIGNIN =
      CATALOG
          .text("global-auth-signin", null)
          .only(
              "a URL with a scheme and a host, such as https://login.example.com/",
              SettingTexts::isServiceOrEmpty)
          .does("is where 401 redirects to")
          .enforced();

  /** The parameter with the original URL. */
  public static final Setting<String> GLOBAL_AUTH_SIGNIN_REDIRECT_PARAM =
      CATALOG
          .<String>declare(
              "global-auth-signin-redirect-param",
              "string",
              "text without control characters",
              text -> text.chars().noneMatch(c -> c < ' ' || c == 0x7F) ? text : null,
              null)
          .does("is the parameter of the sign-in URL that holds the original one")
          .enforced();

  /** Headers that are copied to the upstream request. */
  public static final Setting<List<String>> GLOBAL_AUTH_RESPONSE_HEADERS =
      CATALOG
          .names("global-auth-response-headers", HeaderName::isSettable)
          .does("copies these headers of the answer to the upstream request")
          .enforced();

  /** The header X-Auth-Request-Redirect. */
  public static final Setting<String> GLOBAL_AUTH_REQUEST_REDIRECT =
      CATALOG
          .text("global-auth-request-redirect", null)
          .does("is the value of X-Auth-Request-Redirect")
          .enforced();

  /** The key of cached answers. */
  public static final Setting<String> GLOBAL_AUTH_CACHE_KEY =
      CATALOG.text("global-auth-cache-key", null).does("caches the answers by this key").enforced();

  /** How long answers are cached. */
  public static final Setting<String> GLOBAL_AUTH_CACHE_DURATION =
      CATALOG
          .text("global-auth-cache-duration", ExternalAuthAnnotations.DEFAULT_DURATIONS)
          .only(
              ExternalAuthAnnotations.CACHE_TIMES,
              text -> text.isEmpty() || ExternalAuth.CacheTime.parse(text) != null)
          .does("says how long the answers are cached")
          .enforced();

  /** Cookies of the answer are set on errors, too. */
  public static final Setting<Boolean> GLOBAL_AUTH_ALWAYS_SET_COOKIE =
      CATALOG
          .bool(
              "global-auth-always-set-cookie",
              false,
              "sets the cookies of the answer on error responses, too")
          .enforced();

  /** Configuration of the question to that service. */
  public static final Setting<String> GLOBAL_AUTH_SNIPPET =
      CATALOG.snippet("global-auth-snippet", "configures the location that asks global-auth-url");

  /** Headers that custom-headers may name. */
  public static final Setting<List<String>> GLOBAL_ALLOWED_RESPONSE_HEADERS =
      CATALOG
          .names("global-allowed-response-headers", HeaderName::isToken)
          .does("lists the headers that custom-headers may name")
          .enforced();

  /** Configuration of every location. */
  public static final Setting<String> LOCATION_SNIPPET =
      CATALOG.snippet("location-snippet", "configures every location");

  /** Configuration of every host. */
  public static final Setting<String> SERVER_SNIPPET =
      CATALOG.snippet("server-snippet", "configures every host");

  /** Configuration of all of HTTP. */
  public static final Setting<String> HTTP_SNIPPET =
      CATALOG.snippet("http-snippet", "configures all hosts together");

  /** HTTP/2 is spoken to clients. */
  public static final Setting<Boolean> USE_HTTP2 =
      CATALOG
          .bool("use-http2", true, "speaks HTTP/2 with clients")
          .withoutEffect("the protocol is that of the server in front of the filter");

  /** Kept connections to back ends. */
  public static final Setting<Integer> UPSTREAM_KEEPALIVE_CONNECTIONS =
      CATALOG
          .integer("upstream-keepalive-connections", 320, "keeps so many connections to back ends")
          .approximated(
              "0 closes every connection after its answer; how many are kept else is a matter of the"
                  + " adapter");

  /** Responses are compressed. */
  public static final Setting<Boolean> USE_GZIP =
      CATALOG
          .bool("use-gzip", false, "compresses responses with gzip")
          .withoutEffect("let the server in front of the filter compress");

  /** Responses are compressed. */
  public static final Setting<Boolean> ENABLE_BROTLI =
      CATALOG
          .bool("enable-brotli", false, "compresses responses with brotli")
          .withoutEffect("let the server in front of the filter compress");

  /** The web application firewall. */
  public static final Setting<Boolean> ENABLE_MODSECURITY =
      CATALOG
          .bool("enable-modsecurity", false, "runs the web application firewall everywhere")
          .protects(isOn -> isOn);

  /** Its rule set. */
  public static final Setting<Boolean> ENABLE_OWASP_MODSECURITY_CRS =
      CATALOG
          .bool("enable-owasp-modsecurity-crs", false, "runs the OWASP rules in the firewall")
          .withoutEffect("there is no firewall here; see enable-modsecurity");

  /** What limits of connections count by. */
  public static final Setting<String> LIMIT_CONN_ZONE_VARIABLE =
      CATALOG
          .text("limit-conn-zone-variable", "$binary_remote_addr")
          .does("is the variable that limits of connections count by")
          .enforced();

  /** Unknown names are refused in the TLS handshake. */
  public static final Setting<Boolean> SSL_REJECT_HANDSHAKE =
      CATALOG
          .bool("ssl-reject-handshake", false, "refuses TLS handshakes for unknown names")
          .withoutEffect("the handshake is that of the server in front of the filter");

  /** The TLS ciphers. */
  public static final Setting<String> SSL_CIPHERS =
      CATALOG
          .text("ssl-ciphers", null)
          .does("lists the TLS ciphers")
          .withoutEffect("the ciphers are those of the server in front of the filter");

  /** The server's order of ciphers counts. */
  public static final Setting<Boolean> SSL_PREFER_SERVER_CIPHERS =
      CATALOG
          .bool("ssl-prefer-server-ciphers", true, "prefers the server's order of ciphers")
          .withoutEffect("the ciphers are those of the server in front of the filter");

  /** Tracing. */
  public static final Setting<Boolean> ENABLE_OPENTELEMETRY =
      CATALOG
          .bool("enable-opentelemetry", false, "traces requests")
          .withoutEffect("trace with an agent or a filter of the application");

  /** Spans of clients are parents. */
  public static final Setting<Boolean> OPENTELEMETRY_TRUST_INCOMING_SPAN =
      CATALOG
          .bool("opentelemetry-trust-incoming-span", true, "continues the traces of clients")
          .withoutEffect("trace with an agent or a filter of the application");

  /** The name of a span. */
  public static final Setting<String> OPENTELEMETRY_OPERATION_NAME =
      CATALOG
          .text("opentelemetry-operation-name", null)
          .does("names the spans")
          .withoutEffect("trace with an agent or a filter of the application");

  /** The first buffer of a request head. */
  public static final Setting<String> CLIENT_HEADER_BUFFER_SIZE =
      CATALOG
          .text("client-header-buffer-size", "1k")
          .does("is the size of the first buffer of a request head")
          .withoutEffect("limits are those of the server in front of the filter");

  /** The further buffers of a request head. */
  public static final Setting<String> LARGE_CLIENT_HEADER_BUFFERS =
      CATALOG
          .text("large-client-header-buffers", "4 8k")
          .does("is the number and size of the further buffers of a request head")
          .withoutEffect("limits are those of the server in front of the filter");

  /** Every setting, in the order of the documentation. */
  public static final List<Setting<?>> ALL = CATALOG.toList();

  private Settings() {}

  /**
   * Returns a setting.
   *
   * @param key a key of the ConfigMap
   * @return the setting, or {@code null} if none has this key
   */
  public static @Nullable Setting<?> byKey(String key) {
    return CATALOG.byKey(key);
  }

  /** Returns every key. */
  static Set<String> keys() {
    return CATALOG.keys();
  }
}
