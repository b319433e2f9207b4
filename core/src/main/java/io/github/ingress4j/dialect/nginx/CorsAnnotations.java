package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Group.CORS_CONFIG;

import io.github.ingress4j.diagnostic.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
          .opens("every origin is accepted")
          .leavesOut(CorsAnnotations::noOrigins, CorsAnnotations::origin)
          .wayOut(CorsAnnotations::wayOut)
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

  /** The items of a list that are no origins, unless a star makes the list everybody's. */
  private static List<String> noOrigins(String text) {
    List<String> items = ValueType.items(text);
    return items.contains("*")
        ? List.of()
        : items.stream().filter(item -> !Shapes.isOrigin(item)).toList();
  }

  /** What to write in place of what is no origin. */
  private static String origin(String item) {
    int scheme = item.indexOf("://");
    String host = scheme < 0 ? item : item.substring(scheme + 3);
    int end = 0;
    while (end < host.length() && "/?#".indexOf(host.charAt(end)) < 0) {
      end++;
    }
    String better =
        (scheme < 0 ? "https" : item.substring(0, scheme).toLowerCase(Locale.ROOT))
            + "://"
            + host.substring(0, end);
    return end > 0 && Shapes.isOrigin(better) && !better.equals(item)
        ? "write " + better + ", an origin is a scheme, a host and perhaps a port"
        : "write an origin such as https://a.example:8080, https://*.a.example or null";
  }

  /** One item that is at fault makes the whole list void. */
  private static @Nullable String wayOut(String text) {
    List<String> wrong = noOrigins(text);
    return wrong.isEmpty()
        ? null
        : PrintableText.quote(wrong.get(0)) + " is no origin: " + origin(wrong.get(0));
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
