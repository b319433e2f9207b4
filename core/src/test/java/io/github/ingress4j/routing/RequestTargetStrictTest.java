package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Path policy STRICT: SEC-01 to SEC-10 and SEC-60, and the steps of the canonicalisation. */
@NullMarked
class RequestTargetStrictTest {

  private static RequestTarget parse(String target) {
    return RequestTarget.parse(target, PathPolicy.STRICT);
  }

  private static Refusal refusal(String target) {
    return Objects.requireNonNull(parse(target).refusal());
  }

  /** What containers read differently, hardening section 2. */
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      textBlock =
          """
          /p/../admin,          /admin
          /p/%2e%2e/admin,      ambiguous
          /p/..%2fadmin,        ambiguous
          /p/..;/admin,         ambiguous
          /p/%2e%2e;/admin,     ambiguous
          /;/admin,             ambiguous
          /p/;/../admin,        ambiguous
          //admin,              /admin
          /admin;x/y,           /admin;x/y
          /../admin,            malformed
          /%252e%252e/admin,    ambiguous
          /admin%00,            malformed
          /admin%0d%0aX:y,      malformed
          /%ff,                 malformed
          /%c0%ae%c0%ae/admin,  malformed
          /a[b],                malformed
          /admin#f,             malformed
          /./admin,             /admin
          /%61dmin,             /admin
          """)
  void readsInOneWayWhatContainersReadInSeveral(String target, String path) {
    assertIs(target, path);
  }

  private static void assertIs(String text, String expected) {
    RequestTarget target = parse(text);
    Refusal refusal = target.refusal();
    String actual =
        refusal == null
            ? target.path()
            : refusal.kind() == Refusal.Kind.AMBIGUOUS_PATH ? "ambiguous" : "malformed";
    assertThat(actual).isEqualTo(expected);
    if (refusal == null) {
      int mark = text.indexOf('?');
      assertThat(target.forwardTarget())
          .isEqualTo(expected + (mark < 0 ? "" : text.substring(mark)));
    }
  }

  /** The shapes whose reading the Servlet specification prescribes. */
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cart/items                | malformed
          /cart/items               | /cart/items
          /cart/items/              | /cart/items/
          /cart/items;sid=1         | /cart/items;sid=1
          /cart/items/;sid=1        | ambiguous
          /cart;a/items;b           | /cart;a/items;b
          /cart;/items;             | /cart;/items;
          /cart;/items;/;           | ambiguous
          /cart;a=1;b=2/items       | /cart;a=1;b=2/items
          /cart%00/items            | malformed
          /cart/items%00            | malformed
          /cart%7Fitems             | malformed
          /cart%1Fitems             | malformed
          /cart%2Fitems             | /cart%2Fitems
          /cart%2fitems             | /cart%2Fitems
          /cart%2Fi%25m             | /cart%2Fi%25m
          /cart/i%25m               | /cart/i%25m
          /cart\\items               | malformed
          /cart%5Citems             | /cart%5Citems
          /cart;%2F/items           | /cart;%2F/items
          /cart;%2e%2e/items        | /cart;../items
          /cart/%3Bx                | /cart/%3Bx
          /cart/./items             | /cart/items
          /cart/././items           | /cart/items
          /./cart/items             | /cart/items
          /cart/%2e/items           | ambiguous
          /cart/.;/items            | ambiguous
          /cart/.;x=1/items         | ambiguous
          /cart/%2e;/items          | ambiguous
          /cart/.%2Fitems           | ambiguous
          /cart/.%5Citems           | ambiguous
          /cart/items/.             | /cart/items/
          /cart/items/./            | /cart/items/
          /cart/items/.;            | ambiguous
          /cart/items/./;           | ambiguous
          /cart/.items              | /cart/.items
          /cart/items.              | /cart/items.
          /cart/..items             | /cart/..items
          /cart/items..             | /cart/items..
          /cart/...                 | /cart/...
          /cart/...;/x              | /cart/...;/x
          /cart/../items            | /items
          /cart/../../items         | malformed
          /../cart/items            | malformed
          /cart/%2e%2E/items        | ambiguous
          /cart/%2e./items          | ambiguous
          /cart/.%2e/items          | ambiguous
          /cart/%2e%2e/%2E%2E/items | ambiguous
          /cart/..;/items           | ambiguous
          /cart/..;/..;/items       | ambiguous
          /cart/%2e%2e;x/items      | ambiguous
          /cart/..%2Fitems          | ambiguous
          /cart/..%5Citems          | ambiguous
          /cart/x%2f../items        | ambiguous
          /cart/x%2f..%2fitems      | ambiguous
          /cart/x%5c%2e             | ambiguous
          /cart/x%2f..;v/items      | ambiguous
          /cart/x%2f%2e%2e;v/items  | ambiguous
          /cart/items/..            | /cart/
          /cart/items/../           | /cart/
          /cart/items/..;           | ambiguous
          /cart/items/../;          | ambiguous
          /cart/..                  | /
          /cart/../..               | malformed
          /.                        | /
          /..                       | malformed
          /                         | /
          //                        | /
          ///                       | /
          //cart//items             | /cart/items
          //cart//items//           | /cart/items/
          /cart//../items           | /items
          /cart/..//items           | /items
          //../items                | malformed
          /;/cart;/;/items/;/;      | ambiguous
          /cart%C2%A2items          | /cart%C2%A2items
          /cart%E2%82%ACitems       | /cart%E2%82%ACitems
          /cart%e2%82%acitems       | /cart%E2%82%ACitems
          /cart%20items             | /cart%20items
          /cart+items               | /cart+items
          /cart%2Bitems             | /cart%2Bitems
          /cart%E2%82               | malformed
          /cart%E2%82items          | malformed
          /cart%E2%82/%ACitems      | malformed
          /cart%-1/items            | malformed
          /cart%XX/items            | malformed
          /cart%/items              | malformed
          /cart/items%              | malformed
          /cart/items%0             | malformed
          /ok%20/bad%/%20mixed      | malformed
          /cart/items?q             | /cart/items
          /cart/items?              | /cart/items
          /cart/items?q?r=/../x;y   | /cart/items
          /cart/items?q#f           | malformed
          /cart/items#f             | malformed
          /cart/items/#             | malformed
          /cart/../items?q          | /items
          /cart/.?q                 | /cart/
          /cart/..?q                | /
          ''                        | malformed
          ?q                        | malformed
          ../cart                   | malformed
          %2Fcart                   | malformed
          """)
  void readsTheShapesOfTheServletSpecification(String target, String path) {
    assertIs(target.replace("\\\\", "\\"), path);
  }

  /** Steps 2 and 7 of SEC-07: what is not legal in a path, raw. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a b",
        "/a\"b",
        "/a<b",
        "/a>b",
        "/a[b",
        "/a\\b",
        "/a]b",
        "/a^b",
        "/a`b",
        "/a{b",
        "/a|b",
        "/a}b",
        "/a\u0000b",
        "/a\tb",
        "/a\nb",
        "/a\u001fb",
        "/a\u007fb",
        "/a\u0080b",
        "/caf\u00e9",
        "/a\u00ffb",
        "/\u0100",
        "/a\u212ab",
        "/\ud83d\ude00"
      })
  void refusesBytesThatAreNotLegalInAPath(String target) {
    assertThat(refusal(target).kind()).isEqualTo(Refusal.Kind.MALFORMED);
  }

  /** Step 4: overlong forms, surrogates, what lies above U+10FFFF, stray and missing bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%80",
        "/%BF",
        "/%C0%80",
        "/%C0%AF",
        "/%C1%BF",
        "/%C2",
        "/%C2%",
        "/%C2a",
        "/%C2%41",
        "/%C2%C2",
        "/%E0%80%AF",
        "/%E0%9F%BF",
        "/%E1%80",
        "/%ED%A0%80",
        "/%ED%BF%BF",
        "/%EF%BF",
        "/%F0%80%80%AF",
        "/%F0%8F%BF%BF",
        "/%F4%90%80%80",
        "/%F5%80%80%80",
        "/%F0%9F%98",
        "/%F8%88%80%80%80",
        "/%FE",
        "/%FF",
        "/%E2%82?%AC"
      })
  void refusesEscapesThatAreNotUtf8(String target) {
    assertThat(refusal(target).kind()).isEqualTo(Refusal.Kind.MALFORMED);
  }

  /** SEC-03: a dot segment that comes to light in one to four rounds of decoding. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/%2e",
        "/a/%252e",
        "/a/%25252e",
        "/a/%2525252e",
        "/a/.%252e",
        "/a/%252e.",
        "/a/x%252f..%252fy",
        "/a/x%255c..",
        "/a/%252f..",
        "/a/..%25252fb",
        "/a/%25%32%65",
        "/a/%252e%252e;v",
        "/a/..%5c"
      })
  void refusesDotSegmentsInDisguise(String target) {
    assertThat(refusal(target).kind()).isEqualTo(Refusal.Kind.AMBIGUOUS_PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // SEC-03: percent signs are no crime.
        "/100%25",
        "/100%25/x",
        "/a%252520b",
        "/%25zz",
        // SEC-08: nothing of this is blocked.
        "/admin-tools",
        "/administrator",
        "/Admin",
        "/v1.0/a..b/..c/d../...",
        "/.well-known/acme-challenge/x",
        "/-._~!$&'()*+,=:@",
        "/a:b@c",
        "/*",
        "/caf%C3%A9/%E6%97%A5%E6%9C%AC/%F0%9F%98%80",
        "/cafe%CC%81",
        "/%F4%8F%BF%BF",
        "/%EE%80%80%ED%9F%BF",
        "/%C2%85",
        "/a%20b",
        "/%25%20%22%3C%3E%5B%5D%5E%60%7B%7C%7D"
      })
  void keepsHonestPathsAsTheyAre(String target) {
    RequestTarget parsed = parse(target);
    assertThat(parsed.refusal()).isNull();
    assertThat(parsed.path()).isEqualTo(target);
    assertThat(parsed.forwardTarget()).isSameAs(target);
  }

  @Test
  void handsOnTheReceivedStringWhateverTheScanSaw() {
    for (String target : new String[] {"/a/b?x", "/a%2Fb?x=%zz", "/a;v=1/b", "/"}) {
      RequestTarget parsed = parse(target);
      assertThat(parsed.forwardTarget()).isSameAs(target);
      assertThat(parsed.pathText()).isSameAs(target);
      assertThat(parsed.path()).isEqualTo(target.split("\\?", -1)[0]);
    }
    RequestTarget changed = parse("/a//b?x");
    assertThat(changed.pathText().substring(changed.pathStart(), changed.pathEnd()))
        .isEqualTo("/a/b");
  }

  /** SEC-09: opaque, forwarded byte for byte, without what would end a request line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a=1",
        "?",
        "/../x",
        "%zz%00",
        "a;b",
        "<script>",
        "[1]",
        "a|b{c}",
        "\\",
        "\"^`",
        "caf\u00e9",
        "\u0080\u00ff",
        "a=%2e%2e/"
      })
  void forwardsTheQueryByteForByte(String query) {
    RequestTarget target = parse("/b/../a?" + query);

    assertThat(target.refusal()).isNull();
    assertThat(target.query()).isEqualTo(query);
    assertThat(target.path()).isEqualTo("/a");
    assertThat(target.forwardTarget()).isEqualTo("/a?" + query);
    assertThat(target.hasViews()).isFalse();
    assertThat(parse("/a?" + query).query()).isEqualTo(query);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a b", "\t", "\r\n", "\u0000", "\u001f", "\u007f", "#", "\u0100"})
  void refusesControlsInTheQuery(String query) {
    assertThat(refusal("/a?" + query).kind()).isEqualTo(Refusal.Kind.MALFORMED);
    assertThat(refusal("/a//b?" + query).kind()).isEqualTo(Refusal.Kind.MALFORMED);
  }

  @Test
  void hasNoQueryWithoutAQuestionMark() {
    assertThat(parse("/a").query()).isNull();
    assertThat(parse("/a%3Fb").query()).isNull();
  }

  /** SEC-10 and RFC 9112 section 3.2. */
  @ParameterizedTest(name = "{0}: {1}, {2} {3} {4}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # target,                 form,      scheme, authority, path,  forwarded
          /a,                       ORIGIN,    -,      -,         /a,    /a
          /http://h/a,              ORIGIN,    -,      -,         /http:/h/a, /http:/h/a
          http://h/a,               ABSOLUTE,  http,   h,         /a,    /a
          http://h,                 ABSOLUTE,  http,   h,         /,     /
          http://h?q,               ABSOLUTE,  http,   h,         /,     /?q
          http://h/?q,              ABSOLUTE,  http,   h,         /,     /?q
          HTTPS://H.Shop:8443/a?q,  ABSOLUTE,  https,  H.Shop:8443, /a,  /a?q
          http://h.//a/../b?q,      ABSOLUTE,  http,   h.,        /b,    /b?q
          http://[::1]:80/%7e,      ABSOLUTE,  http,   [::1]:80,  /~,    /~
          http://1.2.3.4/a;b,       ABSOLUTE,  http,   1.2.3.4,   /a;b,  /a;b
          *,                        ASTERISK,  -,      -,         *,     *
          """)
  void acceptsTheFormsOfRequestTargets(
      String text,
      RequestTarget.Form form,
      @Nullable String scheme,
      @Nullable String authority,
      String path,
      String forwarded) {
    RequestTarget target = parse(text);

    assertThat(target.refusal()).isNull();
    assertThat(target.form()).isEqualTo(form);
    assertThat(target.scheme()).isEqualTo(scheme);
    assertThat(target.authority()).isEqualTo(authority);
    RequestHost host = target.authorityHost();
    assertThat(host == null ? null : host.text()).isEqualTo(authority);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.pathText().substring(target.pathStart(), target.pathEnd())).isEqualTo(path);
    assertThat(target.forwardTarget()).isEqualTo(forwarded);
    assertThat(target.raw()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/a",
        "ws://h/a",
        "http:/h/a",
        "http:h",
        "http:///a",
        "http://",
        "http://?q",
        "http://u@h/a",
        "http://u:p@h/a",
        "http://@h/",
        "http://h:/a",
        "http://h:0/",
        "http://h:99999/",
        "http://h,i/",
        "http://h#f",
        "http://h/#f",
        "http://h?q#f",
        "http://a b/",
        "http://h\\a",
        "http://h/../a",
        "http://h/%zz",
        "http://h?\u0000",
        "h:80",
        "h",
        "1http://h/",
        "://h/",
        "**",
        "* ",
        "[::1]:443",
        "javascript:alert(1)",
        " /a"
      })
  void refusesOtherForms(String target) {
    assertThat(refusal(target).kind()).isEqualTo(Refusal.Kind.MALFORMED);
    assertThat(parse(target).path()).isEmpty();
    assertThat(parse(target).forwardTarget()).isEmpty();
    assertThat(parse(target).views()).isEmpty();
  }

  @Test
  void knowsTheAuthorityFormAndRefusesIt() {
    assertThat(parse("h.shop:443").form()).isEqualTo(RequestTarget.Form.AUTHORITY);
    assertThat(parse("h.shop").form()).isEqualTo(RequestTarget.Form.ORIGIN);
    assertThat(refusal("h.shop:443").explanation())
        .isEqualTo(
            "The request target \"h.shop:443\" is a host and a port, which belongs to CONNECT and"
                + " its tunnels; send a path that begins with \"/\".");
  }

  @Test
  void acceptsTheAsteriskWithOptionsOnly() {
    RequestTarget asterisk = parse("*");

    assertThat(asterisk.refusalFor("OPTIONS")).isNull();
    assertThat(asterisk.refusalFor("GET"))
        .isEqualTo(
            Refusal.malformed(
                "The request target \"*\" stands for the whole server and goes with OPTIONS only,"
                    + " not with \"GET\"; send a path that begins with \"/\"."));
    assertThat(asterisk.refusalFor("options")).isNotNull();
    assertThat(parse("/a").refusalFor("GET")).isNull();
    assertThat(parse("/%zz").refusalFor("OPTIONS")).isEqualTo(refusal("/%zz"));
  }

  @Test
  void comparesTheAbsoluteFormWithTheHostHeader() {
    RequestTarget absolute = parse("http://A.shop:80/x");

    assertThat(absolute.refusalFor(host("a.shop"))).isNull();
    assertThat(absolute.refusalFor(host("a.shop.:80"))).isNull();
    assertThat(absolute.refusalFor(RequestHost.absent())).isNotNull();
    assertThat(absolute.refusalFor(host("b.shop")))
        .isEqualTo(
            Refusal.malformed(
                "The request target names the host \"A.shop:80\" and the Host header says"
                    + " \"b.shop\"; send the same host in both."));
    assertThat(parse("/x").refusalFor(host("b.shop"))).isNull();
    assertThat(parse("/%").refusalFor(host("b.shop"))).isEqualTo(refusal("/%"));
  }

  private static RequestHost host(String text) {
    return RequestHost.parse(text, PathPolicy.STRICT);
  }

  /** SEC-60. */
  @Test
  void boundsTheTarget() {
    String longest = "/" + "a".repeat(8191);
    assertThat(parse(longest).refusal()).isNull();
    assertThat(parse("/?" + "a".repeat(8190)).refusal()).isNull();
    assertThat(refusal(longest + "a"))
        .isEqualTo(
            new Refusal(
                Refusal.Kind.URI_TOO_LONG,
                "The request target \"/"
                    + "a".repeat(199)
                    + "...\" has 8193 characters; a target may have 8192 at most, so send long"
                    + " input in the body of a request."));
    assertThat(refusal("/?" + "a".repeat(65536)).kind()).isEqualTo(Refusal.Kind.URI_TOO_LONG);
    assertThat(refusal("x".repeat(65536)).kind().status()).isEqualTo(414);
  }

  @Test
  void boundsTheSegments() {
    assertThat(parse("/a".repeat(256)).refusal()).isNull();
    assertThat(parse("/a".repeat(256) + "/").refusal()).isNull();
    assertThat(parse("/a/..".repeat(128)).path()).isEqualTo("/");
    assertThat(refusal("/a/..".repeat(129)).kind()).isEqualTo(Refusal.Kind.MALFORMED);
    assertThat(refusal("/".repeat(300)).kind()).isEqualTo(Refusal.Kind.MALFORMED);
    assertThat(refusal("/a".repeat(257)).explanation())
        .isEqualTo(
            "The path \""
                + "/a".repeat(100)
                + "...\" has more than 256 segments; send a shorter"
                + " path.");
  }

  /** Step 9 and SEC-06. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a%20b                | ''
          /caf%C3%A9            | ''
          /100%25               | ''
          /a%3Fb%23c            | ''
          /a%2Fb                | /a/b
          /a%2F%2Fb             | /a/b
          /a%5Cb                | /a/b
          /a%252Fb              | /a%2Fb /a/b
          /a%255Cb              | /a%5Cb /a/b
          /a%2541               | /aA
          /%2561dmin            | /admin
          /%2525252561dmin      | /%25252561dmin /%252561dmin /%2561dmin
          /a%2Bb                | /a+b
          /a;v=1                | /a
          /a;v=1/b;w            | /a/b
          /a%3Bv/b              | /a;v/b /a/b
          /a%253Bv              | /a%3Bv /a;v /a
          /p/..%3Bx/admin       | /p/..;x/admin /admin
          /p/..%253B/admin      | /p/..%3B/admin /p/..;/admin /admin
          /..%3B                | /..; NOWHERE
          /a%2500/b             | /a%00/b /a
          /a;%2Fb               | /a /a;/b /a/b
          /a%2Fb%252B           | /a/b%2B /a/b%252B /a/b+
          /a%3B%5Cb             | /a;/b /a;%5Cb /a /a/b
          """)
  void listsTheReadingsOfBackEnds(String target, String views) {
    RequestTarget parsed = parse(target);

    assertThat(parsed.path()).isEqualTo(target);
    assertThat(parsed.hasViews()).isTrue();
    assertThat(parsed.views())
        .containsExactlyInAnyOrder(
            views.isEmpty()
                ? new String[0]
                : views.replace("NOWHERE", RequestTarget.NOWHERE).split(" ", -1));
  }

  @Test
  void asksForNoViewsOfPlainPaths() {
    for (String target : new String[] {"/", "/a/b.c", "/a/../b", "/%61", "/a?x=%2F;", "*"}) {
      assertThat(parse(target).hasViews()).isFalse();
      assertThat(parse(target).views()).isEmpty();
    }
  }

  static Object[][] explanations() {
    return new Object[][] {
      {
        "/a\rb",
        Refusal.malformed(
            "The path \"/a\\x0Db\" holds the byte 0x0D, which is not allowed in the path of a URL;"
                + " leave it out.")
      },
      {
        "/a\\b",
        Refusal.malformed(
            "The path \"/a\\\\b\" holds a backslash, which is not allowed in the path of a URL; a"
                + " client has to send it as %5C.")
      },
      {
        "/caf\u00e9",
        Refusal.malformed(
            "The path \"/caf\\xE9\" holds the byte 0xE9, which is not allowed in the path of a URL;"
                + " a client has to send text as percent-encoded UTF-8.")
      },
      {
        "/a b\"?q",
        Refusal.malformed(
            "The path \"/a b\\\"\" holds a blank, which is not allowed in the path of a URL; a"
                + " client has to send it as %20.")
      },
      {
        "/a#b",
        Refusal.malformed(
            "The request target \"/a#b\" holds a \"#\": a fragment stays with the client and is"
                + " never sent; a \"#\" that belongs to the path or the query is sent as %23.")
      },
      {
        "/50%/x",
        Refusal.malformed(
            "The path \"/50%/x\" holds the broken escape \"%/x\"; behind \"%\" come two hex digits,"
                + " and a plain percent sign is sent as %25.")
      },
      {
        "/x%",
        Refusal.malformed(
            "The path \"/x%\" holds the broken escape \"%\"; behind \"%\" come two hex digits, and"
                + " a plain percent sign is sent as %25.")
      },
      {
        "/a%00",
        Refusal.malformed(
            "The path \"/a%00\" holds the control character %00, which is not allowed in a path,"
                + " escaped or not; leave it out.")
      },
      {
        "/caf%E9",
        Refusal.malformed(
            "The path \"/caf%E9\" holds escapes that are not UTF-8, from \"%E9\" on; send text as"
                + " percent-encoded UTF-8.")
      },
      {
        "/p/%2e%2e/admin",
        Refusal.ambiguous(
            "The path \"/p/%2e%2e/admin\" holds the segment \"%2e%2e\", which some back ends read"
                + " as a dot segment; send the path that is meant, without it.")
      },
      {
        "/;x/admin",
        Refusal.ambiguous(
            "The path \"/;x/admin\" holds the segment \";x\", which some back ends read as an empty"
                + " one; send the path that is meant, without it.")
      },
      {
        "/../admin",
        Refusal.malformed(
            "The path \"/../admin\" climbs above the root with \"..\"; send the path that is meant,"
                + " without dot segments.")
      },
      {
        "/a?b c",
        Refusal.malformed(
            "The query of \"/a?b c\" holds a blank, which is not allowed in a request target; a"
                + " client has to send it as %20.")
      },
      {
        "/a?\u20ac",
        Refusal.malformed(
            "The query of \"/a?\\u20AC\" holds a character above U+00FF, which is not allowed in a"
                + " request target; a client has to send text as percent-encoded UTF-8.")
      },
      {
        "index.html",
        Refusal.malformed(
            "The request target \"index.html\" does not begin with \"/\"; send a path such as"
                + " /index.html.")
      },
      {
        "ftp://h/",
        Refusal.malformed(
            "The request target has the scheme \"ftp\"; send a path, or a URL that begins with"
                + " http:// or https://.")
      },
      {
        "http://me:secret@h/",
        Refusal.malformed(
            "The host holds a user name or password before an \"@\"; send the name of the site"
                + " alone, and credentials in the Authorization header.")
      },
    };
  }

  @ParameterizedTest
  @MethodSource("explanations")
  void explainsWhatWasSeenAndWhatToSend(String target, Refusal refusal) {
    assertThat(refusal(target)).isEqualTo(refusal);
    assertThat(parse(target).toString()).isEqualTo(refusal.explanation());
  }

  @Test
  void explainsTheFragmentInAQueryLikeOneInAPath() {
    assertThat(refusal("/a?b#c").explanation()).contains("a fragment stays with the client");
  }

  @Test
  void printsItselfOnOneLine() {
    assertThat(parse("/a?\u00e9\"").toString()).isEqualTo("\"/a?\\xE9\\\"\"");
  }
}
