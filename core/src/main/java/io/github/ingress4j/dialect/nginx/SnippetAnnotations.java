package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.NOT_APPLICABLE;

import java.util.List;

/** Configuration of nginx itself, which is never run here. */
final class SnippetAnnotations {

  private static final Catalog CATALOG = new Catalog(NOT_APPLICABLE);

  private static final String REASON =
      "say what it does by other annotations, or do it in the application";

  static final Annotation<String> MODSECURITY_SNIPPET =
      snippet(Group.MOD_SECURITY, "modsecurity-snippet")
          .does("configures the web application firewall")
          .refused(REASON);

  static final Annotation<String> CONFIGURATION_SNIPPET =
      snippet(Group.CONFIGURATION_SNIPPET, "configuration-snippet")
          .does("configures the locations")
          .refused(REASON);

  static final Annotation<String> SERVER_SNIPPET =
      snippet(Group.SERVER_SNIPPET, "server-snippet")
          .on(Scope.HOST)
          .does("configures the host; the first Ingress with one counts")
          .refused(REASON);

  static final Annotation<String> STREAM_SNIPPET =
      CATALOG
          .text(Group.STREAM_SNIPPET, "stream-snippet", Allowed.ANYTHING)
          .risk(Risk.CRITICAL)
          .on(Scope.GLOBAL)
          .does("configures TCP and UDP")
          .withoutEffect("only HTTP is served here");

  static final Annotation<String> AUTH_SNIPPET =
      snippet(Group.EXTERNAL_AUTH, "auth-snippet")
          .does("configures the location that asks auth-url")
          .refused(REASON);

  private SnippetAnnotations() {}

  private static Draft<String> snippet(Group group, String name) {
    return CATALOG.text(group, name, Allowed.ANYTHING).risk(Risk.CRITICAL).protects(text -> true);
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
