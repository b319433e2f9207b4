package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Group.REDIRECT;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Outcome.IGNORE_GROUP;

import java.util.List;

/**
 * Fixed redirects. They are read in this order, and a temporal redirect ends the reading: what is
 * permanent is not even looked at then.
 */
final class RedirectAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  private static final Allowed TARGET = Allowed.chars(CharSet.URL);

  static final Annotation<Boolean> FROM_TO_WWW_REDIRECT =
      CATALOG
          .bool(REDIRECT, "from-to-www-redirect")
          .byDefault(false)
          .on(Scope.HOST)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .does("adds the host with or without www. that redirects to this one")
          .enforced();

  static final Annotation<String> TEMPORAL_REDIRECT =
      CATALOG
          .text(REDIRECT, "temporal-redirect", TARGET)
          .written(
              "https?:\\/\\/[A-Za-z0-9\\-._~,&=]+(:[0-9]+)?([\\/?][A-Za-z0-9\\-._~\\/:,?&=]*)?")
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .check("no http or https scheme", IGNORE_GROUP, GoUrl::redirectFault)
          .does("answers with a redirect to this text as it stands")
          .enforced();

  static final Annotation<Boolean> RELATIVE_REDIRECTS =
      CATALOG
          .bool(REDIRECT, "relative-redirects")
          .byDefault(false)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .does("leaves scheme and host out of a generated Location")
          .enforced();

  static final Annotation<Integer> TEMPORAL_REDIRECT_CODE =
      CATALOG
          .integer(REDIRECT, "temporal-redirect-code")
          .written("30[0-7]")
          .byDefault(302)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .needs(TEMPORAL_REDIRECT)
          .check(
              "not from 300 to 307",
              Outcome.DEFAULT,
              code -> code < 300 || code > 307 ? "is not from 300 to 307" : null)
          .does("is the status of the temporal redirect")
          .enforced();

  static final Annotation<String> PERMANENT_REDIRECT =
      CATALOG
          .text(REDIRECT, "permanent-redirect", TARGET)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .yieldsTo(TEMPORAL_REDIRECT)
          .does("answers with a redirect to this text as it stands")
          .enforced();

  static final Annotation<Integer> PERMANENT_REDIRECT_CODE =
      CATALOG
          .integer(REDIRECT, "permanent-redirect-code")
          .written("30[0-8]")
          .byDefault(301)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .yieldsTo(TEMPORAL_REDIRECT)
          .check(
              "not from 300 to 308",
              Outcome.DEFAULT,
              code -> code < 300 || code > 308 ? "is not from 300 to 308" : null)
          .does("is the status of the permanent redirect")
          .enforced();

  private RedirectAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
