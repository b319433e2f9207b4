package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.NOT_APPLICABLE;
import static io.github.ingress4j.dialect.nginx.Group.FAST_CGI;
import static io.github.ingress4j.dialect.nginx.Group.OPENTELEMETRY;
import static io.github.ingress4j.dialect.nginx.Outcome.DENY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;

import java.util.List;

/** What is about nginx itself: logs, HTTP/2 push, FastCGI and tracing. */
final class ServerAnnotations {

  private static final Catalog CATALOG = new Catalog(NOT_APPLICABLE);

  private static final String LOGS = "log in the server in front of the filter";
  private static final String PHP = "speak HTTP to the back end; FastCGI is not spoken here";
  private static final String TRACING = "trace with an agent or a filter of the application";

  static final Annotation<Boolean> ENABLE_ACCESS_LOG =
      CATALOG
          .bool(Group.LOGS, "enable-access-log")
          .byDefault(true)
          .does("writes the access log")
          .withoutEffect(LOGS);

  static final Annotation<Boolean> ENABLE_REWRITE_LOG =
      CATALOG
          .bool(Group.LOGS, "enable-rewrite-log")
          .byDefault(false)
          .does("logs rewrites")
          .withoutEffect("`ingress4j route` shows what a request is rewritten to");

  static final Annotation<Boolean> HTTP2_PUSH_PRELOAD =
      CATALOG
          .bool(Group.HTTP2_PUSH_PRELOAD, "http2-push-preload")
          .byDefault(false)
          .onInvalid(DROP)
          .does("pushes what responses preload; nginx itself has given it up")
          .withoutEffect("browsers have given HTTP/2 push up, too");

  static final Annotation<String> FASTCGI_INDEX =
      CATALOG
          .text(
              FAST_CGI,
              "fastcgi-index",
              Allowed.shape(
                  CharSet.FILE_NAME.toString(),
                  CharSet.FILE_NAME.toClass() + "+",
                  text -> !text.isEmpty() && CharSet.FILE_NAME.firstStranger(text) < 0))
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .does("is the file that a path with a slash at its end means")
          .withoutEffect(PHP);

  static final Annotation<String> FASTCGI_PARAMS_CONFIGMAP =
      CATALOG
          .text(FAST_CGI, "fastcgi-params-configmap", Allowed.BASIC)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .outcome("no such ConfigMap", DENY)
          .does("names the ConfigMap of FastCGI parameters")
          .withoutEffect(PHP);

  static final Annotation<Boolean> ENABLE_OPENTELEMETRY =
      CATALOG
          .bool(OPENTELEMETRY, "enable-opentelemetry")
          .byDefault(Settings.ENABLE_OPENTELEMETRY)
          .does("traces requests")
          .withoutEffect(TRACING);

  static final Annotation<Boolean> OPENTELEMETRY_TRUST_INCOMING_SPAN =
      CATALOG
          .bool(OPENTELEMETRY, "opentelemetry-trust-incoming-span")
          .byDefault(Settings.OPENTELEMETRY_TRUST_INCOMING_SPAN)
          .does("continues the traces of clients")
          .withoutEffect(TRACING);

  static final Annotation<String> OPENTELEMETRY_OPERATION_NAME =
      CATALOG
          .text(OPENTELEMETRY, "opentelemetry-operation-name", Allowed.charsAndBlanks(CharSet.WORD))
          .byDefault(Settings.OPENTELEMETRY_OPERATION_NAME)
          .risk(Risk.MEDIUM)
          .onInvalid(DROP)
          .does("names the spans")
          .withoutEffect(TRACING);

  private ServerAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
