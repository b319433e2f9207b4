package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Group.SESSION_AFFINITY;
import static io.github.ingress4j.dialect.nginx.Scope.UPSTREAM;

import java.util.List;

/** Sessions that stay with one endpoint. */
final class AffinityAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  private static final List<String> SAME_SITE = List.of("None", "Lax", "Strict");

  private static final String COOKIE = "affinity: cookie";

  static final Annotation<String> AFFINITY =
      CATALOG
          .text(SESSION_AFFINITY, "affinity", Allowed.oneOf("cookie"))
          .on(UPSTREAM)
          .does("keeps a session with one endpoint by a cookie")
          .enforced();

  static final Annotation<String> MODE =
      CATALOG
          .text(SESSION_AFFINITY, "affinity-mode", Allowed.oneOf("balanced", "persistent"))
          .byDefault("balanced")
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .idleWithout(AFFINITY)
          .does("says whether the cookie is hashed or names its endpoint")
          .enforced();

  static final Annotation<String> CANARY_BEHAVIOR =
      CATALOG
          .text(SESSION_AFFINITY, "affinity-canary-behavior", Allowed.oneOf("sticky", "legacy"))
          .byDefault("sticky")
          .on(UPSTREAM)
          .idleWithout("canary: true", values -> values.flag(CanaryAnnotations.ENABLED))
          .does("leaves the back end of this canary without affinity if it says legacy")
          .enforced();

  static final Annotation<String> COOKIE_NAME =
      CATALOG
          .text(SESSION_AFFINITY, "session-cookie-name", Allowed.BASIC)
          .byDefault("INGRESSCOOKIE")
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("names the cookie")
          .enforced();

  static final Annotation<Boolean> COOKIE_SECURE =
      CATALOG
          .bool(SESSION_AFFINITY, "session-cookie-secure")
          .byDefaultText("Secure on TLS connections")
          .on(UPSTREAM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("sets Secure on every connection; false does nothing")
          .enforced();

  static final Annotation<Integer> COOKIE_EXPIRES = seconds("session-cookie-expires", true);

  static final Annotation<Integer> COOKIE_MAX_AGE = seconds("session-cookie-max-age", false);

  static final Annotation<String> COOKIE_PATH =
      CATALOG
          .text(SESSION_AFFINITY, "session-cookie-path", Allowed.charsAndBlanks(CharSet.URL))
          .byDefaultText("the path of the rule")
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("is the Path of the cookie")
          .enforced();

  static final Annotation<String> COOKIE_DOMAIN =
      CATALOG
          .text(SESSION_AFFINITY, "session-cookie-domain", Allowed.BASIC)
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("is the Domain of the cookie")
          .enforced();

  static final Annotation<String> COOKIE_SAMESITE =
      CATALOG
          .text(
              SESSION_AFFINITY,
              "session-cookie-samesite",
              Allowed.oneOfAnyCase("None", "Lax", "Strict")
                  .described("None, Lax or Strict, spelt like this"))
          .on(UPSTREAM)
          .needs(AFFINITY, "cookie", COOKIE)
          .check(
              "None, Lax or Strict in another spelling, such as LAX",
              Outcome.DEFAULT,
              text -> SAME_SITE.contains(text) ? null : "is not spelt None, Lax or Strict",
              text ->
                  "write "
                      + SAME_SITE.stream()
                          .filter(word -> word.equalsIgnoreCase(text))
                          .findFirst()
                          .orElse("None, Lax or Strict")
                      + ": another spelling sends no SameSite")
          .does("is the SameSite of the cookie")
          .enforced();

  static final Annotation<Boolean> COOKIE_CONDITIONAL_SAMESITE_NONE =
      CATALOG
          .bool(SESSION_AFFINITY, "session-cookie-conditional-samesite-none")
          .byDefault(false)
          .on(UPSTREAM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("leaves SameSite=None out for old browsers that misread it")
          .enforced();

  static final Annotation<Boolean> COOKIE_CHANGE_ON_FAILURE =
      CATALOG
          .bool(SESSION_AFFINITY, "session-cookie-change-on-failure")
          .byDefault(false)
          .on(UPSTREAM)
          .needs(AFFINITY, "cookie", COOKIE)
          .does("lets another attempt move the session to another endpoint")
          .enforced();

  private AffinityAnnotations() {}

  private static Annotation<Integer> seconds(String name, boolean ignoresBlanks) {
    return CATALOG
        .declare(
            SESSION_AFFINITY,
            name,
            ValueType.INT.named("int text"),
            new Allowed(
                "a number of seconds",
                "0|-?[1-9][0-9]*",
                List.of(),
                text -> Shapes.isSeconds(ignoresBlanks ? Allowed.withoutBlanks(text) : text)))
        .on(UPSTREAM)
        .risk(Risk.MEDIUM)
        .needs(AFFINITY, "cookie", COOKIE)
        .outcome("not a number", Outcome.DEFAULT)
        .does(
            name.endsWith("expires")
                ? "sets Expires so many seconds ahead"
                : "is the Max-Age of the cookie in seconds")
        .enforced();
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
