package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Group.CORS_CONFIG;

import java.util.ArrayList;
import java.util.List;

/** Cross-origin requests. */
final class CorsAnnotations {

  private static final Catalog CATALOG = new Catalog(PROXY);

  private static final String ON = "enable-cors: true";

  private static final String DEFAULT_HEADERS =
      "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,"
          + "Range,Authorization";

  private static final String ORIGIN =
      "(\\*|null|[a-z]+:\\/\\/(\\*\\.)?[A-Za-z0-9\\-.]+(:[0-9]+)?)";

  static final Annotation<Boolean> ENABLED =
      CATALOG
          .bool(CORS_CONFIG, "enable-cors")
          .byDefault(false)
          .does("answers preflights and adds the headers of cross-origin requests")
          .enforced();

  static final Annotation<List<String>> ALLOW_ORIGIN =
      CATALOG
          .declare(
              CORS_CONFIG,
              "cors-allow-origin",
              ValueType.LIST.after(CorsAnnotations::usableOrigins),
              Allowed.shape(
                  "origins such as https://a.example:8080, https://*.a.example or null, with a"
                      + " scheme of lower-case letters, separated by commas, or *",
                  ORIGIN + "(, ?" + ORIGIN + ")*",
                  Shapes::isListOfOrigins))
          .byDefault(List.of("*"))
          .risk(Risk.MEDIUM)
          .needs(ENABLED, true, ON)
          .does("lists the origins that are accepted; malformed ones are left out")
          .enforced();

  static final Annotation<String> ALLOW_METHODS =
      CATALOG
          .text(
              CORS_CONFIG,
              "cors-allow-methods",
              Allowed.shape(
                  "methods of letters, separated by commas",
                  "[A-Za-z]+(, ?[A-Za-z]+)*",
                  Shapes::isListOfMethods))
          .byDefault("GET, PUT, POST, DELETE, PATCH, OPTIONS")
          .risk(Risk.MEDIUM)
          .needs(ENABLED, true, ON)
          .check(
              "more than one blank in a row",
              Outcome.DEFAULT,
              text -> Shapes.isListOfMethods(text) ? null : "has more than one blank in a row")
          .does("is the header Access-Control-Allow-Methods")
          .enforced();

  static final Annotation<String> ALLOW_HEADERS =
      CATALOG
          .text(CORS_CONFIG, "cors-allow-headers", Allowed.chars(CharSet.HEADERS))
          .byDefault(DEFAULT_HEADERS)
          .risk(Risk.MEDIUM)
          .needs(ENABLED, true, ON)
          .does("is the header Access-Control-Allow-Headers")
          .enforced();

  static final Annotation<String> EXPOSE_HEADERS =
      CATALOG
          .text(
              CORS_CONFIG,
              "cors-expose-headers",
              Allowed.shape(
                  "header names or *, separated by commas",
                  "([A-Za-z0-9\\-_]+|\\*)(, ?([A-Za-z0-9\\-_]+|\\*))*",
                  Shapes::isListOfHeadersOrStar))
          .risk(Risk.MEDIUM)
          .needs(ENABLED, true, ON)
          .check(
              "more than one blank in a row",
              Outcome.DEFAULT,
              text ->
                  Shapes.isListOfHeadersOrStar(text) ? null : "has more than one blank in a row")
          .does("is the header Access-Control-Expose-Headers")
          .enforced();

  static final Annotation<Boolean> ALLOW_CREDENTIALS =
      CATALOG
          .bool(CORS_CONFIG, "cors-allow-credentials")
          .byDefault(true)
          .needs(ENABLED, true, ON)
          .does("sends Access-Control-Allow-Credentials")
          .enforced();

  static final Annotation<Integer> MAX_AGE =
      CATALOG
          .integer(CORS_CONFIG, "cors-max-age", Allowed.INT)
          .byDefault(1728000)
          .needs(ENABLED, true, ON)
          .does("is the header Access-Control-Max-Age")
          .enforced();

  private CorsAnnotations() {}

  /** A star alone stands for the whole list; what is no origin is left out. */
  private static String usableOrigins(String text) {
    List<String> usable = new ArrayList<>();
    for (String origin : ValueType.items(text)) {
      if (origin.equals("*")) {
        return "*";
      }
      if (Shapes.isOrigin(origin)) {
        usable.add(origin);
      }
    }
    return String.join(",", usable);
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
