package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Outcome.DENY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;

import java.util.List;

/** Error pages and response headers. */
final class ResponseAnnotations {

  private static final Catalog CATALOG = new Catalog(PROXY);

  static final Annotation<List<Integer>> CUSTOM_HTTP_ERRORS =
      CATALOG
          .declare(
              Group.CUSTOM_HTTP_ERRORS,
              "custom-http-errors",
              ValueType.INTS,
              Allowed.shape(
                  "statuses from 400 to 599, separated by commas",
                  "([45][0-9]{2})(,[45][0-9]{2})*",
                  Shapes::isListOfErrors))
          .byDefault(Settings.CUSTOM_HTTP_ERRORS)
          .onInvalid(DROP)
          .outcome("blanks or empty items", Outcome.DEFAULT)
          .does("replaces these statuses by answers of the default back end")
          .enforced();

  static final Annotation<Boolean> DISABLE_PROXY_INTERCEPT_ERRORS =
      CATALOG
          .bool(Group.DISABLE_PROXY_INTERCEPT_ERRORS, "disable-proxy-intercept-errors")
          .byDefault(Settings.DISABLE_PROXY_INTERCEPT_ERRORS)
          .does("lets the statuses of the back end pass custom-http-errors")
          .enforced();

  static final Annotation<String> CUSTOM_HEADERS =
      CATALOG
          .text(Group.CUSTOM_HEADERS, "custom-headers", Allowed.REFERENCE)
          .risk(Risk.MEDIUM)
          .outcome("no such ConfigMap, or a header that is malformed or not listed", DENY)
          .does("sets the response headers of the ConfigMap namespace/name")
          .enforced();

  private ResponseAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
