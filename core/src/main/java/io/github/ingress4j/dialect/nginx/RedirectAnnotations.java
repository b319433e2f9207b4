package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Group.REDIRECT;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;
import static io.github.ingress4j.dialect.nginx.Outcome.IGNORE_GROUP;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
          .wayOut(RedirectAnnotations::wayOut)
          .check(
              "no http or https scheme",
              IGNORE_GROUP,
              GoUrl::redirectFault,
              "write a whole URL with its scheme and host, such as https://www.example.com/new")
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
          .integer(
              REDIRECT,
              "temporal-redirect-code",
              Allowed.INT.described("a whole number from 300 to 307").written("30[0-7]"))
          .byDefault(302)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .needs(TEMPORAL_REDIRECT)
          .check(
              "not from 300 to 307",
              Outcome.DEFAULT,
              code -> code < 300 || code > 307 ? "is not from 300 to 307" : null,
              "write 302, 303 or 307")
          .does("is the status of the temporal redirect")
          .enforced();

  static final Annotation<String> PERMANENT_REDIRECT =
      CATALOG
          .text(REDIRECT, "permanent-redirect", TARGET)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .yieldsTo(TEMPORAL_REDIRECT)
          .wayOut(RedirectAnnotations::wayOut)
          .does("answers with a redirect to this text as it stands")
          .enforced();

  static final Annotation<Integer> PERMANENT_REDIRECT_CODE =
      CATALOG
          .integer(
              REDIRECT,
              "permanent-redirect-code",
              Allowed.INT.described("a whole number from 300 to 308").written("30[0-8]"))
          .byDefault(301)
          .onInvalid(DROP)
          .onBlank(IGNORE_GROUP)
          .yieldsTo(TEMPORAL_REDIRECT)
          .check(
              "not from 300 to 308",
              Outcome.DEFAULT,
              code -> code < 300 || code > 308 ? "is not from 300 to 308" : null,
              "write 301 or 308")
          .does("is the status of the permanent redirect")
          .enforced();

  private RedirectAnnotations() {}

  /** Whoever writes a variable wants to keep the path; a rewrite to another host does. */
  private static @Nullable String wayOut(String text) {
    int dollar = text.indexOf('$');
    if (dollar < 0) {
      return null;
    }
    String site = text.startsWith("http") && dollar > 8 ? text.substring(0, dollar) : "";
    if (!site.isEmpty() && CharSet.URL.firstStranger(site) < 0 && !site.contains("?")) {
      String base = site.endsWith("/") ? site : site + "/";
      return "a redirect holds no variables, so write it without \"$\"; to keep the rest of the path"
          + " and the query write rewrite-target: "
          + base
          + "$1 with the path /(.*) of the type ImplementationSpecific, which answers 302";
    }
    return "a redirect holds no variables, so write it without \"$\"";
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
