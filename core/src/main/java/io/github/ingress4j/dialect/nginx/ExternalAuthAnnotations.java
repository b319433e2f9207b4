package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.NOT_APPLICABLE;
import static io.github.ingress4j.dialect.nginx.Category.SECURITY;
import static io.github.ingress4j.dialect.nginx.Group.EXTERNAL_AUTH;
import static io.github.ingress4j.dialect.nginx.Outcome.DEFAULT;
import static io.github.ingress4j.dialect.nginx.Outcome.DENY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Outcome.IGNORE_GROUP;

import java.util.List;

/** A service that decides who may pass. */
final class ExternalAuthAnnotations {

  private static final Catalog CATALOG = new Catalog(SECURITY);

  static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE");

  static final String DEFAULT_DURATIONS = "200 202 401 5m";

  /** What a list of cache times is, for people. */
  static final String CACHE_TIMES =
      "statuses and then a time such as 30s, 5m or 1h, as in 200 202 401 5m";

  private static final String LABEL = "[A-Za-z0-9\\-_~$,&=]+";
  private static final String SERVICE =
      "https?:\\/\\/"
          + LABEL
          + "(\\."
          + LABEL
          + ")*\\.?(:[0-9]+)?([\\/?][A-Za-z0-9\\-._~\\/:,?&=$ ]*)?";

  private static final String DURATION = "((any|[0-9]{3}) )*[0-9]+(ms|[smhdwMy])";
  private static final String DURATIONS = DURATION + "(, ?" + DURATION + ")*";

  private static final String KEPT =
      "connections to the service are kept by the adapter, in one pool for all routes";

  static final Annotation<String> AUTH_URL =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-url", Allowed.charsAndBlanks(CharSet.URL_WITH_VARIABLES))
          .written(SERVICE)
          .risk(Risk.HIGH)
          .onInvalid(DROP)
          .check(
              "no URL with a scheme and a host",
              DENY,
              GoUrl::serviceFault,
              "write a URL with a scheme and a host, such as"
                  + " http://auth.default.svc.cluster.local/check")
          .protects(text -> true)
          .overrides(Settings.GLOBAL_AUTH_URL)
          .does("asks this URL whether a request may pass")
          .enforced();

  static final Annotation<String> AUTH_METHOD =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-method", Allowed.oneOf(METHODS.toArray(String[]::new)))
          .byDefaultText("GET")
          .onInvalid(DENY)
          .needs(AUTH_URL)
          .does("is the method of that question")
          .enforced();

  static final Annotation<String> AUTH_SIGNIN =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-signin", Allowed.charsAndBlanks(CharSet.URL_WITH_VARIABLES))
          .risk(Risk.HIGH)
          .needs(AUTH_URL)
          .does("redirects with 302 to this URL where the service says 401")
          .enforced();

  static final Annotation<String> AUTH_SIGNIN_REDIRECT_PARAM =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-signin-redirect-param", Allowed.charsAndBlanks(CharSet.URL))
          .byDefault("rd")
          .risk(Risk.MEDIUM)
          .needs(AUTH_URL)
          .does("is the parameter of the sign-in URL that holds the original one")
          .enforced();

  static final Annotation<String> AUTH_CACHE_KEY =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-cache-key", Allowed.charsAndBlanks(CharSet.VARIABLE))
          .risk(Risk.MEDIUM)
          .needs(AUTH_URL)
          .does("caches the answers by this key")
          .enforced();

  static final Annotation<Integer> AUTH_KEEPALIVE =
      CATALOG
          .integer(EXTERNAL_AUTH, "auth-keepalive", Allowed.NOT_NEGATIVE)
          .byDefault(0)
          .needs(AUTH_URL)
          .does("keeps so many connections to the service; nothing while HTTP/2 is on")
          .withoutEffect(KEPT);

  static final Annotation<Boolean> AUTH_KEEPALIVE_SHARE_VARS =
      CATALOG
          .bool(EXTERNAL_AUTH, "auth-keepalive-share-vars")
          .byDefault(false)
          .category(NOT_APPLICABLE)
          .needs(AUTH_URL)
          .does("shares the variables of nginx with that question")
          .withoutEffect("there are no variables of nginx that could be shared");

  static final Annotation<Integer> AUTH_KEEPALIVE_REQUESTS =
      CATALOG
          .integer(EXTERNAL_AUTH, "auth-keepalive-requests", Allowed.POSITIVE)
          .byDefault(1000)
          .needs(AUTH_URL)
          .does("is the questions on one kept connection")
          .withoutEffect(KEPT);

  static final Annotation<Integer> AUTH_KEEPALIVE_TIMEOUT =
      CATALOG
          .integer(EXTERNAL_AUTH, "auth-keepalive-timeout", Allowed.POSITIVE)
          .byDefault(60)
          .needs(AUTH_URL)
          .does("is the seconds that a kept connection may be idle")
          .withoutEffect(KEPT);

  static final Annotation<String> AUTH_CACHE_DURATION =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-cache-duration", Allowed.chars(CharSet.EXTENDED))
          .written(DURATIONS)
          .byDefault(DEFAULT_DURATIONS)
          .risk(Risk.MEDIUM)
          .onInvalid(IGNORE_GROUP)
          .needs(AUTH_URL)
          .check(
              "not statuses and then times",
              DENY,
              text -> Shapes.isListOfCacheTimes(text) ? null : "is not statuses and then times",
              "write " + CACHE_TIMES)
          .does("says how long the answers are cached")
          .enforced();

  static final Annotation<List<String>> AUTH_RESPONSE_HEADERS =
      CATALOG
          .declare(
              EXTERNAL_AUTH,
              "auth-response-headers",
              ValueType.LIST,
              Allowed.chars(CharSet.HEADERS))
          .written("[A-Za-z0-9_\\-]+(, ?[A-Za-z0-9_\\-]+)*")
          .risk(Risk.MEDIUM)
          .onInvalid(DENY)
          .needs(AUTH_URL)
          .check(
              "a name with a blank",
              DENY,
              names ->
                  Shapes.isListOfHeaders(String.join(",", names))
                      ? null
                      : "has a name with a blank",
              "write a comma between the names")
          .does("copies these headers of the answer to the upstream request")
          .enforced();

  static final Annotation<String> AUTH_PROXY_SET_HEADERS =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-proxy-set-headers", Allowed.REFERENCE)
          .risk(Risk.MEDIUM)
          .onInvalid(DEFAULT)
          .needs(AUTH_URL)
          .check(
              "not namespace/name",
              DENY,
              text -> TlsAnnotations.isReference(text) ? null : "is not of the form namespace/name",
              TlsAnnotations::reference)
          .outcome("no such ConfigMap, or a malformed header", DENY)
          .does("sets the headers of this ConfigMap on the question")
          .enforced();

  static final Annotation<String> AUTH_REQUEST_REDIRECT =
      CATALOG
          .text(EXTERNAL_AUTH, "auth-request-redirect", Allowed.charsAndBlanks(CharSet.URL))
          .byDefaultText("the target of the request")
          .risk(Risk.MEDIUM)
          .onInvalid(IGNORE_GROUP)
          .needs(AUTH_URL)
          .does("is the header X-Auth-Request-Redirect of the question")
          .enforced();

  static final Annotation<Boolean> AUTH_ALWAYS_SET_COOKIE =
      CATALOG
          .bool(EXTERNAL_AUTH, "auth-always-set-cookie")
          .byDefault(false)
          .onInvalid(IGNORE_GROUP)
          .needs(AUTH_URL)
          .does("sets the cookies of the answer on error responses, too")
          .enforced();

  static final Annotation<Boolean> ENABLE_GLOBAL_AUTH =
      CATALOG
          .bool(Group.ENABLE_GLOBAL_AUTH, "enable-global-auth")
          .byDefault(true)
          .overrides(Settings.GLOBAL_AUTH_URL)
          .does("exempts from the setting global-auth-url if it is false")
          .enforced();

  private ExternalAuthAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
