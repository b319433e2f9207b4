package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;

import java.util.List;

/** Rewriting, the https redirect and the port in redirects. */
final class RewriteAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  static final Annotation<String> REWRITE_TARGET =
      CATALOG
          .text(Group.REWRITE, "rewrite-target", Allowed.chars(CharSet.REWRITE))
          .on(Scope.PATH_AND_HOST)
          .risk(Risk.MEDIUM)
          .wayOut(
              text ->
                  text.indexOf('?') >= 0
                      ? "write it without \"?\" and what follows: a target is a path, and the query of"
                          + " the request is sent on as it is"
                      : null)
          .does(
              "replaces the whole path before a request is sent upstream, with the captures of the"
                  + " path pattern as $1 to $9 or $name; makes every path of the host a regular"
                  + " expression unless the value equals the path; redirects with 302 if the value"
                  + " begins with http:// or https://")
          .enforced();

  static final Annotation<Boolean> USE_REGEX =
      CATALOG
          .bool(Group.REWRITE, "use-regex")
          .byDefault(false)
          .on(Scope.PATH_AND_HOST)
          .does(
              "makes every path of the host a regular expression that ignores case and is anchored"
                  + " at its start only")
          .enforced();

  static final Annotation<String> APP_ROOT =
      CATALOG
          .text(Group.REWRITE, "app-root", Allowed.chars(CharSet.REWRITE))
          .written("\\/[A-Za-z0-9\\-._~\\/:$]*")
          .on(Scope.HOST)
          .risk(Risk.MEDIUM)
          .check(
              "no absolute path",
              Outcome.DEFAULT,
              text -> text.startsWith("/") ? null : "is no absolute path",
              "write a path that begins with /, such as /app")
          .does("redirects the path / of the host with 302 to this path")
          .enforced();

  static final Annotation<Boolean> SSL_REDIRECT =
      CATALOG
          .bool(Group.REWRITE, "ssl-redirect")
          .byDefault(Settings.SSL_REDIRECT)
          .does("redirects http to https if the host has a certificate")
          .enforced();

  static final Annotation<Boolean> FORCE_SSL_REDIRECT =
      CATALOG
          .bool(Group.REWRITE, "force-ssl-redirect")
          .byDefault(Settings.FORCE_SSL_REDIRECT)
          .risk(Risk.MEDIUM)
          .does("redirects http to https whether or not the host has a certificate")
          .enforced();

  static final Annotation<Boolean> PRESERVE_TRAILING_SLASH =
      CATALOG
          .bool(Group.REWRITE, "preserve-trailing-slash")
          .byDefault(Settings.PRESERVE_TRAILING_SLASH)
          .risk(Risk.MEDIUM)
          .does("keeps the last slash in the https redirect")
          .enforced();

  static final Annotation<Boolean> USE_PORT_IN_REDIRECTS =
      CATALOG
          .bool(Group.USE_PORT_IN_REDIRECTS, "use-port-in-redirects")
          .byDefault(Settings.USE_PORT_IN_REDIRECTS)
          .does("writes the https port of the proxy into the https redirect")
          .enforced();

  private RewriteAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
