package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hosts of rules: networking.k8s.io/v1, IngressRule.host. */
class HostPatternTest {

  /** The table of the type's documentation: one label for the star, no more and no less. */
  @ParameterizedTest(name = "\"{0}\" against \"{1}\": {2}")
  @CsvSource(
      textBlock =
          """
          # pattern,    host,           matches
          foo.com,      foo.com,        true
          foo.com,      FOO.Com,        true
          foo.com,      bar.foo.com,    false
          foo.com,      foo.co,         false
          foo.com,      foo-com,        false
          foo.com,      '',             false
          *.foo.com,    bar.foo.com,    true
          *.foo.com,    BAR.FOO.COM,    true
          *.foo.com,    b_r.foo.com,    true
          *.foo.com,    foo.com,        false
          *.foo.com,    .foo.com,       false
          *.foo.com,    a.b.foo.com,    false
          *.foo.com,    bar.foo.comm,   false
          *.foo.com,    '',             false
          '',           foo.com,        true
          '',           '',             true
          """)
  void matchesOneLabelForTheStar(String pattern, String host, boolean matches) {
    assertThat(HostPattern.parse(pattern).matches(host)).isEqualTo(matches);
  }

  /** Bit 0x20 tells cases of letters apart, and a hyphen from a control character. */
  @Test
  void foldsLettersOnly() {
    assertThat(HostPattern.parse("a-1.shop").matches("a\r1.shop")).isFalse();
    assertThat(HostPattern.parse("a-1.shop").matches("a-\u0011.shop")).isFalse();
    assertThat(HostPattern.parse("*.shop").matches("a\u000Eshop")).isFalse();
    assertThat(HostPattern.parse("kk.shop").matches("k\u212A.shop")).isFalse();
  }

  @Test
  void comparesWithoutTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(HostPattern.parse("title.shop").matches("TITLE.SHOP")).isTrue();
      assertThat(HostPattern.parse("title.shop").matches("t\u0131tle.shop")).isFalse();
    } finally {
      Locale.setDefault(before);
    }
  }

  /** What the API server accepts although it surprises. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "localhost",
        "a.shop",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "*.com",
        "*.1.2.3.4",
        "xn--bcher-kva.example",
        "a--b.c",
        "0.0.0.a",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.shop"
      })
  void takesWhatTheApiServerTakes(String text) {
    HostPattern pattern = HostPattern.parse(text);

    assertThat(pattern.text()).isEqualTo(text);
    assertThat(pattern)
        .isInstanceOf(text.startsWith("*") ? HostPattern.Wildcard.class : HostPattern.Exact.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1    | host "10.0.0.1" is an IP address, not a DNS name
          010.0.0.001 | host "010.0.0.001" is an IP address, not a DNS name
          A.shop      | host "A.shop" is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.' only
          a_b.shop    | host "a_b.shop" is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.' only
          a.shop:80   | host "a.shop:80" is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.' only
          ::1         | host "::1" is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.' only
          bücher      | host "b\\u00fccher" is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.' only
          a.shop.     | host "a.shop." is not a DNS-1123 subdomain: a label is empty
          .shop       | host ".shop" is not a DNS-1123 subdomain: a label is empty
          a..shop     | host "a..shop" is not a DNS-1123 subdomain: a label is empty
          *.          | host "*." is not a DNS-1123 subdomain: a label is empty
          -a.shop     | host "-a.shop" is not a DNS-1123 subdomain: a label begins or ends with '-'
          a-.shop     | host "a-.shop" is not a DNS-1123 subdomain: a label begins or ends with '-'
          *           | host "*" has a star that is not its whole first label; write *. and a DNS-1123 subdomain
          *a.x        | host "*a.x" has a star that is not its whole first label; write *. and a DNS-1123 subdomain
          a*.x        | host "a*.x" has a star that is not its whole first label; write *. and a DNS-1123 subdomain
          a.*.x       | host "a.*.x" has a star that is not its whole first label; write *. and a DNS-1123 subdomain
          *.*.x       | host "*.*.x" has a star that is not its whole first label; write *. and a DNS-1123 subdomain
          """)
  void refusesWhatTheApiServerRefuses(String text, String message) {
    assertThatThrownBy(() -> HostPattern.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void takes253CharactersAndNotOneMore() {
    String longest = "a.".repeat(126) + "a";

    assertThat(HostPattern.parse(longest).text()).hasSize(253);
    assertThat(HostPattern.parse("*." + longest.substring(2)).text()).hasSize(253);
    assertThatThrownBy(() -> HostPattern.parse(longest + "a"))
        .hasMessageEndingWith("… has 254 characters, and 253 are the limit".substring(1))
        .hasMessageContaining("…\"");
    assertThatThrownBy(() -> HostPattern.parse("*." + longest.substring(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesTheEmptyNameWhereOneNameIsMeant() {
    assertThatThrownBy(() -> new HostPattern.Exact("")).hasMessage("host \"\" is empty");
    assertThatThrownBy(() -> new HostPattern.Wildcard("a.shop"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
