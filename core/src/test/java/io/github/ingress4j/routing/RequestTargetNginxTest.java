package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path policy NGINX: ingress-nginx sections 3 (items 10 and 11), 4.1 and 4.5. */
@NullMarked
class RequestTargetNginxTest {

  private static RequestTarget parse(String target) {
    return RequestTarget.parse(target, PathPolicy.NGINX);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # target,              path,              query
          /,                     /,                 -
          /a/b,                  /a/b,              -
          /a%2Fb,                /a/b,              -
          /a/%2e%2e/b,           /b,                -
          /a/..%2Fb,             /b,                -
          /a//b///c,             /a/b/c,            -
          /a//../b,              /b,                -
          /a/.,                  /a/,               -
          /a/..,                 /,                 -
          /a/..?q,               /,                 q
          /a/..#q,               /,                 -
          /a/.#q,                /a/,               -
          /a/.x#q,               /a/.x,             -
          /a+b,                  /a+b,              -
          /foo/..;/bar,          /foo/..;/bar,      -
          /a/.../..a,            /a/.../..a,        -
          /%2566,                /%66,              -
          /a%3Fb%23c,            '/a?b#c',          -
          /a?b,                  /a,                b
          /a?,                   /a,                ''
          /x?a#b,                /x,                a
          /x#b?a,                /x,                -
          /x?%zz%00,             /x,                %zz%00
          /x#/../..,             /x,                -
          /a\\b,                  /a\\b,              -
          /a[b]^|,               /a[b]^|,           -
          /http://h/,            /http:/h/,         -
          """)
  void matchesTheDecodedAndNormalisedPath(String text, String path, @Nullable String query) {
    RequestTarget target = parse(text);

    assertThat(target.refusal()).isNull();
    assertThat(target.form()).isEqualTo(RequestTarget.Form.ORIGIN);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.pathText().substring(target.pathStart(), target.pathEnd())).isEqualTo(path);
    assertThat(target.query()).isEqualTo(query);
    assertThat(target.forwardTarget()).isSameAs(text);
    assertThat(target.hasViews()).isFalse();
  }

  @Test
  void comparesBytes() {
    assertThat(parse("/caf%C3%A9").path()).isEqualTo("/caf\u00c3\u00a9");
    assertThat(parse("/caf\u00c3\u00a9").path()).isEqualTo("/caf\u00c3\u00a9");
    assertThat(parse("/%ff%01%0d%0a").path()).isEqualTo("/\u00ff\u0001\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo",
        "?x",
        "%2Ffoo",
        "../x",
        "*",
        "/..",
        "/a/../..",
        "/%2e%2e",
        "//../",
        "/%",
        "/%2",
        "/%zz",
        "/%u0041",
        "/a%2?b",
        "/%00",
        "/a\u0000",
        "/a b",
        "/a?b c",
        "/a#b c",
        "/a\tb",
        "/a?\u0001",
        "/a\u007f",
        "/a?\u007f",
        "/\u0100",
        "http:/h/a",
        "http:h",
        "1http://h/",
        "h:443",
        "http://",
        "http:///a",
        "http://?q",
        "http://:80/",
        "http://./",
        "http://h#f",
        "http://h:8a/",
        "http://u@h/",
        "http://a_b/",
        "http://%68/",
        "http://caf\u00e9/",
        "http://a..b/",
        "http://[::1/",
        "http://[::1",
        "http://[@]/",
        "http://[::1]x/",
        "http://h/../a",
        "http://h/%zz"
      })
  void refusesWhatNginxRefuses(String target) {
    Refusal refusal = Objects.requireNonNull(parse(target).refusal());

    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
    assertThat(parse(target).path()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # target,              scheme, name,     path, query, forwarded
          http://h,              http,   h,        /,    -,     /
          http://h?q,            http,   h,        /,    q,     /?q
          http://h/a//b?q#f,     http,   h,        /a/b, q,     /a//b?q#f
          FTP://H.Shop.:99999/,  ftp,    h.shop,   /,    -,     /
          a+b-c.9://-h/x,        a+b-c.9, -h,      /x,   -,     /x
          http://h:/x,           http,   h,        /x,   -,     /x
          http://[::1]:8/x,      http,   [::1],    /x,   -,     /x
          http://[v1.a]/x,       http,   [v1.a],   /x,   -,     /x
          """)
  void takesTheHostOfAnAbsoluteForm(
      String text,
      String scheme,
      String name,
      String path,
      @Nullable String query,
      String forwarded) {
    RequestTarget target = parse(text);

    assertThat(target.refusal()).isNull();
    assertThat(target.form()).isEqualTo(RequestTarget.Form.ABSOLUTE);
    assertThat(target.scheme()).isEqualTo(scheme);
    assertThat(Objects.requireNonNull(target.authorityHost()).name()).isEqualTo(name);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.query()).isEqualTo(query);
    assertThat(target.forwardTarget()).isEqualTo(forwarded);
    RequestHost other = RequestHost.parse("other", PathPolicy.NGINX);
    assertThat(target.refusalFor(other)).isNull();
  }

  /** Section 4.1: a request line, line end included, has to fit into 8 KiB. */
  @Test
  void boundsTheRequestLine() {
    String target = "/" + "a".repeat(8192 - "GET / HTTP/1.1\r\n".length());

    assertThat(parse(target).refusalFor("GET")).isNull();
    assertThat(parse(target).refusalFor("POST"))
        .isEqualTo(
            new Refusal(
                Refusal.Kind.URI_TOO_LONG,
                "The request target \"/"
                    + "a".repeat(199)
                    + "...\" has 8177 characters; a request line may have 8192 at most, so send"
                    + " long input in the body of a request."));
    assertThat(Objects.requireNonNull(parse("/" + "a".repeat(8192)).refusal()).kind())
        .isEqualTo(Refusal.Kind.URI_TOO_LONG);
    assertThat(parse("/").refusalFor("A".repeat(9000))).isNotNull();
    // No segment is one too many.
    assertThat(parse("/a".repeat(1000)).refusal()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a b         | The request target "/a b" holds a blank, which is not allowed in a request target; a client has to send it as %20.
          /\u0100      | The request target "/\\u0100" holds a character above U+00FF, which is not allowed in a request target; a client has to send text as percent-encoded UTF-8.
          /a%00        | The path "/a%00" holds the control character %00, which ends a text for many back ends; leave it out.
          http://a_b/  | The authority of the request target holds a "_" where nginx takes a name of letters, digits, "-" and "." or an address in brackets, then a port; send a path such as /index.html.
          """)
  void explainsWhy(String target, String explanation) {
    assertThat(parse(target).refusal()).isEqualTo(Refusal.malformed(explanation));
  }

  private static final Pattern BYTE = Pattern.compile("\\\\x([0-9A-F]{2})");

  /** Answers that an nginx gave, see the head of the file. */
  static Stream<String> answers() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RequestTargetNginxTest.class.getResourceAsStream("/routing/nginx-answers.tsv"))) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.stream().filter(line -> !line.startsWith("#"));
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answersAsNginxDid(String line) {
    List<String> columns =
        Stream.of(line.split("\t", -1))
            .map(
                text ->
                    BYTE.matcher(text)
                        .replaceAll(
                            hex ->
                                String.valueOf((char) Integer.parseInt(hex.group(1), 16))
                                    .replace("\\", "\\\\")
                                    .replace("$", "\\$")))
            .toList();
    String method = columns.get(1);
    RequestTarget target = parse(columns.get(3));
    RequestHost host = RequestHost.parse(columns.get(2), PathPolicy.NGINX);

    Refusal refusal =
        Stream.of(target.refusalFor(method), target.refusalFor(host), host.refusal())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(RequestMethod.refusal(method, PathPolicy.NGINX));
    assertThat(refusal == null ? 200 : refusal.kind().status())
        .isEqualTo(Integer.parseInt(columns.get(0)));
    if (refusal == null) {
      assertThat(target.forwardTarget()).isEqualTo(columns.get(4));
    }
  }
}
