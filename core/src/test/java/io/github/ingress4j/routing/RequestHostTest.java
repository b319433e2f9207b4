package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-11: the host grammar; and the host of nginx, as ingress-nginx 1.15 shows it. */
@NullMarked
class RequestHostTest {

  private static final String LABEL_63 = "a".repeat(63);
  private static final String NAME_253 =
      LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "b".repeat(61);

  private static RequestHost strict(String text) {
    return RequestHost.parse(text, PathPolicy.STRICT);
  }

  private static RequestHost nginx(String text) {
    return RequestHost.parse(text, PathPolicy.NGINX);
  }

  private static String explanation(RequestHost host) {
    Refusal refusal = Objects.requireNonNull(host.refusal());
    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
    return refusal.explanation();
  }

  @ParameterizedTest(name = "{0} is {1} with port {2}, an address: {3}")
  @CsvSource(
      textBlock =
          """
          # text,             name,            port,  address
          a,                  a,               -1,    false
          a.shop,             a.shop,          -1,    false
          A.SHOP,             a.shop,          -1,    false
          a.shop.,            a.shop,          -1,    false
          a.shop:80,          a.shop,          80,    false
          a.shop.:8080,       a.shop,          8080,  false
          a.shop:1,           a.shop,          1,     false
          a.shop:65535,       a.shop,          65535, false
          my_app,             my_app,          -1,    false
          _dmarc.a.shop,      _dmarc.a.shop,   -1,    false
          a--b.shop,          a--b.shop,       -1,    false
          xn--caf-dma.shop,   xn--caf-dma.shop,-1,    false
          0.shop,             0.shop,          -1,    false
          1.2.3.4,            1.2.3.4,         -1,    true
          1.2.3.4.,           1.2.3.4,         -1,    true
          255.255.255.255:81, 255.255.255.255, 81,    true
          0.0.0.0,            0.0.0.0,         -1,    true
          256.2.3.4,          256.2.3.4,       -1,    false
          01.2.3.4,           01.2.3.4,        -1,    false
          1.2.3,              1.2.3,           -1,    false
          1.2.3.4.5,          1.2.3.4.5,       -1,    false
          1.2.3.4a,           1.2.3.4a,        -1,    false
          1.2.3.1000,         1.2.3.1000,      -1,    false
          2130706433,         2130706433,      -1,    false
          0x7f.1,             0x7f.1,          -1,    false
          [::],               [::],            -1,    true
          [::1]:443,          [::1],           443,   true
          [2001:DB8::1],      [2001:db8::1],   -1,    true
          [1:2:3:4:5:6:7:8],  [1:2:3:4:5:6:7:8], -1,  true
          [1:2:3:4:5:6:7::],  [1:2:3:4:5:6:7::], -1,  true
          [::2:3:4:5:6:7:8],  [::2:3:4:5:6:7:8], -1,  true
          [::ffff:1.2.3.4],   [::ffff:1.2.3.4],  -1,  true
          [1:2:3:4:5:6:1.2.3.4], [1:2:3:4:5:6:1.2.3.4], -1, true
          """)
  void acceptsNamesAddressesAndPorts(String text, String name, int port, boolean address) {
    RequestHost host = strict(text);

    assertThat(host.refusal()).isNull();
    assertThat(host.text()).isEqualTo(text);
    assertThat(host.name()).isEqualTo(name);
    assertThat(host.port()).isEqualTo(port);
    assertThat(host.isAddress()).isEqualTo(address);
    assertThat(text.substring(host.start(), host.end())).isEqualToIgnoringCase(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ":80",
        ".:80",
        ".h",
        "a..b",
        "a.shop..",
        "a b",
        " a",
        "a ",
        "\ta",
        "a\u0000",
        "a\r\nX: y",
        "a\u007f",
        "u@h",
        "h,evil",
        "a;b",
        "a$b",
        "%68",
        "h%2e",
        "a/b",
        "h/abc?y=",
        "h?x",
        "h#f",
        "a\\b",
        "*",
        "*.shop",
        "-a.shop",
        "a-.shop",
        "a.-b",
        "a.b-",
        "-",
        "h:",
        "h:0",
        "h:080",
        "h:65536",
        "h:99999999999999999999",
        "h:-1",
        "h:+1",
        "h:8a",
        "h:80:90",
        "h:80 ",
        "h::80",
        "caf\u00e9.shop",
        "\u212aelvin",
        "\u0131stanbul",
        "h\u0430",
        "[",
        "[]",
        "[::1",
        "::1",
        "[::1]x",
        "[::1]:",
        "[::1]:0",
        "[::1].",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[v1.x]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[:::]",
        "[:1::2]",
        "[1:2:3:4:5:6:7:]",
        "[12345::]",
        "[::g]",
        "[1.2.3.4]",
        "[::1.2.3]",
        "[::1.2.3.256]",
        "[::1.2.3.4:5]",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[::1.2.3.4.5]",
        "[1:2:3:4:5:6:7:8::]"
      })
  void refusesEverythingElse(String text) {
    RequestHost host = strict(text);

    assertThat(explanation(host)).startsWith("The host ");
    assertThat(host.name()).isEmpty();
    assertThat(host.toString()).isEqualTo(explanation(host));
  }

  @Test
  void countsLabelsAndNamesWithoutTheTrailingDot() {
    assertThat(strict(LABEL_63).refusal()).isNull();
    assertThat(strict(NAME_253).refusal()).isNull();
    assertThat(strict(NAME_253 + ".:80").name()).hasSize(253);
    assertThat(explanation(strict("a." + LABEL_63 + "b")))
        .isEqualTo(
            "The host \"a."
                + LABEL_63
                + "b\" has a label of 64 characters; a label of a DNS name has at most 63.");
    assertThat(explanation(strict(NAME_253 + "b")))
        .isEqualTo(
            "The host \""
                + NAME_253.substring(0, 200)
                + "...\" has 254 characters; a DNS name has at most 253.");
  }

  static Object[][] explanations() {
    return new Object[][] {
      {"", "The host is empty; send the name of the site, as in \"Host: a.example\"."},
      {
        "me:secret@a.shop",
        "The host holds a user name or password before an \"@\"; send the name of the site alone,"
            + " and credentials in the Authorization header."
      },
      {
        "h,\"e\\",
        "The host \"h,\\\"e\\\\\" holds a \",\"; send a DNS name (international names in their xn--"
            + " form) or an address, with or without a port."
      },
      {
        "a..b", "The host \"a..b\" has an empty label; send a DNS name with one dot between labels."
      },
      {
        "-a",
        "The host \"-a\" has a label that begins or ends with \"-\"; send a DNS name, whose labels"
            + " do not."
      },
      {
        "h:",
        "The host \"h:\" has something other than a port from 1 to 65535 behind its name; send the"
            + " name alone, or a colon and the port without leading zeros."
      },
      {
        "[fe80::1%eth0]",
        "The host \"[fe80::1%eth0]\" is not an IPv6 address in brackets; send one such as"
            + " [2001:db8::1], without a zone."
      },
    };
  }

  @ParameterizedTest
  @MethodSource("explanations")
  void explainsWhatWasSeenAndWhatToSend(String text, String explanation) {
    assertThat(explanation(strict(text))).isEqualTo(explanation);
  }

  @Test
  void foldsAsciiLettersOnlyWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(strict("TITLE.IO").name()).isEqualTo("title.io");
      assertThat(nginx("TITLE\u00c9.IO").name()).isEqualTo("title\u00c9.io");
      assertThat(strict("TITLE.IO").sameAuthority(strict("title.io"))).isTrue();
      RequestTarget target = RequestTarget.parse("HTTPS://I.IO/I", PathPolicy.STRICT);
      assertThat(target.scheme()).isEqualTo("https");
      assertThat(target.path()).isEqualTo("/I");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void isWithoutNameIfTheRequestHasNone() {
    RequestHost host = RequestHost.absent();

    assertThat(host.refusal()).isNull();
    assertThat(host.name()).isEmpty();
    assertThat(host.end()).isEqualTo(host.start());
    assertThat(host.isAddress()).isFalse();
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource(
      textBlock =
          """
          a.shop,     a.shop,      true
          a.shop,     A.Shop,      true
          a.shop.,    a.shop,      true
          a.shop:80,  a.shop,      true
          a.shop,     a.shop:443,  true
          a.shop,     a.shop:8080, false
          a.shop:80,  a.shop:443,  false
          a.shop:81,  a.shop:81,   true
          a.shop,     b.shop,      false
          a.shop,     a.shops,     false
          [::1],      [::1]:80,    true
          [::1],      [0::1],      false
          'a,b',      'a,b',       false
          a.shop,     'a,shop',    false
          """)
  void comparesAuthorities(String one, String other, boolean same) {
    assertThat(strict(one).sameAuthority(strict(other))).isEqualTo(same);
    assertThat(strict(other).sameAuthority(strict(one))).isEqualTo(same);
  }

  @ParameterizedTest(name = "nginx takes {0} for {1}")
  @CsvSource(
      textBlock =
          """
          # ingress-nginx section 3, items 1 and 10
          A.shop,         a.shop,      -1
          a.shop.,        a.shop,      -1
          a.shop:,        a.shop,      -1
          a.shop:abc,     a.shop,      -1
          a.shop:80:90,   a.shop,      -1
          a.shop.:8080,   a.shop,      8080
          a.shop:99999,   a.shop,      -1
          a.shop:123456,  a.shop,      -1
          a.shop:0,       a.shop,      -1
          _,              _,           -1
          u@h,            u@h,         -1
          'h,evil',       'h,evil',    -1
          %68,            %68,         -1
          -a,             -a,          -1
          .a,             .a,          -1
          [::1]:80,       [::1],       80
          [::1,           [::1,        -1
          [::1]x,         [::1],       -1
          a[::1],         a[,          -1
          1.2.3.4,        1.2.3.4,     -1
          h.:8.0,         h.,          -1
          """)
  void takesAlmostAnythingForANameAsNginxDoes(String text, String name, int port) {
    RequestHost host = nginx(text);

    assertThat(host.refusal()).isNull();
    assertThat(host.name()).isEqualTo(name);
    assertThat(host.port()).isEqualTo(port);
    assertThat(host.isAddress()).isFalse();
  }

  static Object[][] nginxRefusals() {
    return new Object[][] {
      {"", "The host \"\" has no name; send the name of the site, as in \"Host: a.example\"."},
      {
        ":80", "The host \":80\" has no name; send the name of the site, as in \"Host: a.example\"."
      },
      {".", "The host \".\" has no name; send the name of the site, as in \"Host: a.example\"."},
      {"a/b", "The host \"a/b\" holds a \"/\"; send the name of the site and nothing else."},
      {"a b", "The host \"a b\" holds a blank; send the name of the site and nothing else."},
      {
        "a\u0001",
        "The host \"a\\x01\" holds the byte 0x01; send the name of the site and nothing else."
      },
      {
        "a\u007f",
        "The host \"a\\x7F\" holds the byte 0x7F; send the name of the site and nothing else."
      },
      {
        "\u212a",
        "The host \"\\u212A\" holds a character above U+00FF; send the name of the site and nothing"
            + " else."
      },
      {
        "a.b..",
        "The host \"a.b..\" holds two dots in a row; send a DNS name with one dot between labels."
      },
      {
        "a:1..2",
        "The host \"a:1..2\" holds two dots in a row; send a DNS name with one dot between labels."
      },
    };
  }

  @ParameterizedTest
  @MethodSource("nginxRefusals")
  void refusesWhatNginxRefuses(String text, String explanation) {
    assertThat(explanation(nginx(text))).isEqualTo(explanation);
  }

  @Test
  void printsItselfOnOneLine() {
    assertThat(strict("A.shop:80").toString()).isEqualTo("\"A.shop:80\"");
    assertThat(nginx("caf\u00e9").toString()).isEqualTo("\"caf\\xE9\"");
  }
}
