package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.NOT_APPLICABLE;
import static io.github.ingress4j.dialect.nginx.Category.PROXY;
import static io.github.ingress4j.dialect.nginx.Outcome.DROP;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How requests and responses travel between here and the back end. */
final class ProxyAnnotations {

  private static final Catalog CATALOG = new Catalog(PROXY);

  private static final String BUFFERS =
      "it sizes buffers of nginx; set those of the server that the filter runs in";

  private static final Allowed ON_OFF = Allowed.oneOf("on", "off");

  static final Annotation<String> CONNECTION_PROXY_HEADER =
      CATALOG
          .text(Group.CONNECTION, "connection-proxy-header", Allowed.spelled("close", "keep-alive"))
          .byDefaultText("upgrade if the request upgrades")
          .onInvalid(DROP)
          .does("is the header Connection that is sent upstream, and so prevents upgrades")
          .enforced();

  static final Annotation<Integer> CONNECT_TIMEOUT =
      CATALOG
          .integer(Group.PROXY, "proxy-connect-timeout", Allowed.POSITIVE)
          .byDefault(Settings.PROXY_CONNECT_TIMEOUT)
          .remark(
              "below 0: nginx refuses its whole configuration; 0 counts as absent here",
              true,
              ProxyAnnotations::noTime,
              "write a whole number of seconds, 1 or more")
          .does("is the seconds to connect")
          .enforced();

  static final Annotation<Integer> SEND_TIMEOUT =
      CATALOG
          .integer(Group.PROXY, "proxy-send-timeout", Allowed.POSITIVE)
          .byDefault(Settings.PROXY_SEND_TIMEOUT)
          .remark(
              "below 0: nginx refuses its whole configuration; 0 counts as absent here",
              true,
              ProxyAnnotations::noTime,
              "write a whole number of seconds, 1 or more")
          .does("is the seconds between two writes")
          .enforced();

  static final Annotation<Integer> READ_TIMEOUT =
      CATALOG
          .integer(Group.PROXY, "proxy-read-timeout", Allowed.POSITIVE)
          .byDefault(Settings.PROXY_READ_TIMEOUT)
          .remark(
              "below 0: nginx refuses its whole configuration; 0 counts as absent here",
              true,
              ProxyAnnotations::noTime,
              "write a whole number of seconds, 1 or more")
          .does("is the seconds between two reads")
          .enforced();

  static final Annotation<String> BODY_SIZE =
      size("proxy-body-size")
          .byDefault(Settings.PROXY_BODY_SIZE)
          .risk(Risk.MEDIUM)
          .remark(
              "in b: 1m holds",
              false,
              size ->
                  size.toLowerCase(Locale.ROOT).endsWith("b")
                      ? "the controller does not apply, because it is in b, so 1m holds"
                      : null,
              "write the size without a letter, which means bytes, or in k, m or g")
          .does(
              "refuses larger request bodies with 413; 0 is no limit, and a size in b leaves 1m in"
                  + " force")
          .enforced();

  static final Annotation<List<String>> NEXT_UPSTREAM =
      CATALOG
          .declare(
              Group.PROXY,
              "proxy-next-upstream",
              ValueType.WORDS,
              new Allowed(
                  "error, timeout, invalid_header, http_500, http_502, http_503, http_504,"
                      + " http_403, http_404, http_429, non_idempotent or off, separated by single"
                      + " blanks",
                  "(error|timeout|invalid_header|http_(500|502|503|504|403|404|429)"
                      + "|non_idempotent|off)( (error|timeout|invalid_header"
                      + "|http_(500|502|503|504|403|404|429)|non_idempotent|off))*",
                  List.of(),
                  Shapes::isListOfFailures))
          .byDefault(Settings.PROXY_NEXT_UPSTREAM)
          .risk(Risk.MEDIUM)
          .does("names the failures after which another endpoint is tried")
          .enforced();

  static final Annotation<Integer> NEXT_UPSTREAM_TIMEOUT =
      CATALOG
          .integer(Group.PROXY, "proxy-next-upstream-timeout", Allowed.NOT_NEGATIVE)
          .byDefault(Settings.PROXY_NEXT_UPSTREAM_TIMEOUT)
          .remark(
              "below 0: nginx refuses its whole configuration",
              true,
              value -> value < 0 ? Draft.REFUSED + "here there is no limit" : null,
              "write a whole number, 0 or more")
          .does("is the seconds for all attempts; 0 is no limit")
          .enforced();

  static final Annotation<Integer> NEXT_UPSTREAM_TRIES =
      CATALOG
          .integer(Group.PROXY, "proxy-next-upstream-tries", Allowed.NOT_NEGATIVE)
          .byDefault(Settings.PROXY_NEXT_UPSTREAM_TRIES)
          .remark(
              "below 0: nginx refuses its whole configuration",
              true,
              value -> value < 0 ? Draft.REFUSED + "here 3 attempts are made" : null,
              "write a whole number, 0 or more")
          .does("is the attempts in all; 0 is no limit")
          .enforced();

  static final Annotation<Boolean> REQUEST_BUFFERING =
      CATALOG
          .onOff(Group.PROXY, "proxy-request-buffering", ON_OFF)
          .byDefault(Settings.PROXY_REQUEST_BUFFERING)
          .does("reads a request body before it is sent upstream")
          .enforced();

  static final Annotation<Boolean> BUFFERING =
      CATALOG
          .onOff(Group.PROXY, "proxy-buffering", ON_OFF)
          .byDefault(Settings.PROXY_BUFFERING)
          .does("reads a response before it is passed on")
          .withoutEffect(
              "answers are passed on as they come, in either case; a slow client slows its back end"
                  + " down");

  static final Annotation<String> REDIRECT_FROM =
      CATALOG
          .text(Group.PROXY, "proxy-redirect-from", Allowed.charsAndBlanks(CharSet.URL))
          .byDefault("off")
          .risk(Risk.MEDIUM)
          .does("rewrites Location and Refresh of responses: default, off or a prefix")
          .enforced();

  static final Annotation<String> REDIRECT_TO =
      CATALOG
          .text(Group.PROXY, "proxy-redirect-to", Allowed.charsAndBlanks(CharSet.URL))
          .byDefault("off")
          .risk(Risk.MEDIUM)
          .idleWithout(REDIRECT_FROM)
          .does("is what the prefix of proxy-redirect-from becomes; off does nothing")
          .enforced();

  static final Annotation<String> COOKIE_DOMAIN =
      CATALOG
          .text(Group.PROXY, "proxy-cookie-domain", Allowed.chars(CharSet.BASIC_AND_BLANK))
          .byDefault("off")
          .risk(Risk.MEDIUM)
          .does("rewrites the Domain of cookies: off, or the old and the new one")
          .enforced();

  static final Annotation<String> COOKIE_PATH =
      CATALOG
          .text(Group.PROXY, "proxy-cookie-path", Allowed.chars(CharSet.URL_AND_BLANK))
          .byDefault("off")
          .risk(Risk.MEDIUM)
          .does("rewrites the Path of cookies: off, or the old and the new one")
          .enforced();

  static final Annotation<String> HTTP_VERSION =
      CATALOG
          .text(Group.PROXY, "proxy-http-version", Allowed.oneOf("1.0", "1.1"))
          .byDefault(Settings.PROXY_HTTP_VERSION)
          .does("is the HTTP version spoken to the back end")
          .enforced();

  static final Annotation<String> BUFFER_SIZE =
      size("proxy-buffer-size")
          .byDefault("4k")
          .category(NOT_APPLICABLE)
          .does("sizes the buffer of a response head")
          .withoutEffect(BUFFERS);

  static final Annotation<Integer> BUFFERS_NUMBER =
      CATALOG
          .integer(Group.PROXY, "proxy-buffers-number", Allowed.POSITIVE)
          .byDefault(4)
          .remark(
              "below 1: nginx refuses its whole configuration",
              true,
              value -> value < 1 ? Draft.REFUSED + "here it does nothing" : null,
              "write a whole number, 1 or more")
          .category(NOT_APPLICABLE)
          .does("is the number of buffers of a response")
          .withoutEffect(BUFFERS);

  static final Annotation<String> BUSY_BUFFERS_SIZE =
      size("proxy-busy-buffers-size")
          .category(NOT_APPLICABLE)
          .does("is the size of the buffers that are being sent")
          .withoutEffect(BUFFERS);

  static final Annotation<String> MAX_TEMP_FILE_SIZE =
      size("proxy-max-temp-file-size")
          .byDefault("1024m")
          .category(NOT_APPLICABLE)
          .does("is the size of the files that responses are buffered in")
          .withoutEffect("responses are never kept in files");

  static final Annotation<String> CLIENT_BODY_BUFFER_SIZE =
      CATALOG
          .text(Group.CLIENT_BODY_BUFFER_SIZE, "client-body-buffer-size", Allowed.SIZE)
          .byDefault(Settings.CLIENT_BODY_BUFFER_SIZE)
          .onInvalid(DROP)
          .does("sizes the buffer of a request body")
          .withoutEffect(BUFFERS);

  static final Annotation<String> BACKEND_PROTOCOL =
      CATALOG
          .declare(
              Group.BACKEND_PROTOCOL,
              "backend-protocol",
              ValueType.TEXT.named("enum").after(text -> text.toUpperCase(Locale.ROOT)),
              Allowed.oneOfAnyCase("HTTP", "HTTPS", "AUTO_HTTP", "GRPC", "GRPCS", "FCGI"))
          .byDefault("HTTP")
          .does("is the protocol spoken to the back end; AUTO_HTTP is the scheme of the request")
          .outcome("FCGI", Outcome.DENY)
          .approximated(
              "FCGI is not spoken, so its routes answer 503",
              values -> protocol(values).equals("FCGI"));

  private ProxyAnnotations() {}

  private static @Nullable String noTime(int seconds) {
    return seconds < 0
        ? Draft.REFUSED + "here it counts as absent"
        : seconds == 0 ? "leaves no time at all, so it counts as absent here" : null;
  }

  private static String protocol(AnnotationValues values) {
    return values.text(BACKEND_PROTOCOL);
  }

  private static Draft<String> size(String name) {
    return CATALOG.declare(Group.PROXY, name, ValueType.TEXT.named("size"), Allowed.SIZE);
  }

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }
}
