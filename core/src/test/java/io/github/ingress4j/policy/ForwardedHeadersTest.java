package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Cidr;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEC-30 and SEC-31; hardening, section 4.5. */
class ForwardedHeadersTest {

  private static final List<Cidr> TRUSTED =
      List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"));

  private static SimpleRequest.Builder from(String peer) {
    return SimpleRequest.builder().url("http://a.shop:8080/").clientAddress(peer);
  }

  @Test
  void tellsTheBackEndWhatTheConnectionSays() {
    HeaderEdits edits =
        ForwardedHeaders.of(from("203.0.113.7").build(), List.of()).edits("a.shop:8080");

    assertThat(edits.asMap())
        .containsEntry("X-Forwarded-For", List.of("203.0.113.7"))
        .containsEntry("X-Forwarded-Host", List.of("a.shop:8080"))
        .containsEntry("X-Forwarded-Proto", List.of("http"))
        .containsEntry("X-Forwarded-Port", List.of("8080"))
        .hasSize(4);
  }

  @Test
  void trustsNobodyByDefault() {
    RequestView request =
        from("127.0.0.1")
            .header("X-Forwarded-For", "198.51.100.1")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", "evil.example")
            .header("X-Forwarded-Port", "1")
            .header("Forwarded", "for=1.2.3.4")
            .header("X-Real-IP", "1.2.3.4")
            .header("X-Forwarded-Prefix", "/x")
            .header("X-Forwarded-Client-Cert", "x")
            .header("X-Forwarded-Tls-Client-Cert-Info", "x")
            .header("Ssl-Client-Cert", "x")
            .header("X-Original-Forwarded-For", "x")
            .header("X-Scheme", "https")
            .header("X-Other", "stays")
            .build();
    ForwardedHeaders forwarded = ForwardedHeaders.of(request, List.of());

    assertThat(forwarded.clientAddress()).isEqualTo("127.0.0.1");
    assertThat(forwarded.edits("a.shop:8080").asMap())
        .containsEntry("X-Forwarded-For", List.of("127.0.0.1"))
        .containsEntry("X-Forwarded-Proto", List.of("http"))
        .containsEntry("X-Forwarded-Host", List.of("a.shop:8080"))
        .containsEntry("X-Forwarded-Port", List.of("8080"))
        .containsEntry("Forwarded", List.of())
        .containsEntry("X-Real-IP", List.of())
        .containsEntry("X-Forwarded-Prefix", List.of())
        .containsEntry("X-Forwarded-Client-Cert", List.of())
        .containsEntry("X-Forwarded-Tls-Client-Cert-Info", List.of())
        .containsEntry("Ssl-Client-Cert", List.of())
        .containsEntry("X-Original-Forwarded-For", List.of())
        .containsEntry("X-Scheme", List.of())
        .doesNotContainKey("X-Other");
  }

  @ParameterizedTest(name = "peer {0}, chain \"{1}\": {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "203.0.113.7 | 198.51.100.1                      | 203.0.113.7",
        "10.0.0.1    | 198.51.100.1                      | 198.51.100.1",
        "10.0.0.1    | 1.1.1.1, 198.51.100.1             | 198.51.100.1",
        "10.0.0.1    | 1.1.1.1, 198.51.100.1, 10.0.0.2   | 198.51.100.1",
        "10.0.0.1    | 10.0.0.3, 10.0.0.2                | 10.0.0.3",
        "10.0.0.1    | 198.51.100.1, unknown             | 10.0.0.1",
        "10.0.0.1    | 198.51.100.1, unknown, 10.0.0.2   | 10.0.0.2",
        "10.0.0.1    | 198.51.100.1:5000                 | 10.0.0.1",
        "10.0.0.1    | ''                                | 10.0.0.1",
        "10.0.0.1    | 198.51.100.1,                     | 10.0.0.1",
        "fd00::1     | 2001:db8::1                       | 2001:db8::1",
        "10.0.0.1    | 010.0.0.2                         | 10.0.0.1",
      })
  void walksTheChainFromTheRight(String peer, String chain, String client) {
    RequestView request = from(peer).header("X-Forwarded-For", chain).build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).clientAddress()).isEqualTo(client);
  }

  @Test
  void readsSeveralLinesAsOneChain() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-For", "1.1.1.1, 198.51.100.1")
            .header("X-Forwarded-For", "10.0.0.2")
            .build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).clientAddress()).isEqualTo("198.51.100.1");
  }

  @Test
  void looksAtSixtyFourHopsAtMost() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-For", "198.51.100.1" + ", 10.0.0.2".repeat(64))
            .build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).clientAddress()).isEqualTo("10.0.0.2");
  }

  @ParameterizedTest(name = "{0}: {1} becomes {2}")
  @CsvSource({
    "X-Forwarded-Proto, https,          https",
    "X-Forwarded-Proto, HTTPS,          https",
    "X-Forwarded-Proto, gopher,         http",
    "X-Forwarded-Host,  b.shop,         b.shop",
    "X-Forwarded-Host,  b.shop/x,       a.shop:8080",
    "X-Forwarded-Host,  'b.shop, c',    a.shop:8080",
    "X-Forwarded-Port,  443,            443",
    "X-Forwarded-Port,  0,              8080",
    "X-Forwarded-Port,  65536,          8080",
    "X-Forwarded-Port,  44x,            8080",
    "X-Forwarded-Port,  123456,         8080",
  })
  void believesTrustedPeersOnlyWhatMakesSense(String name, String said, String sent) {
    RequestView request = from("10.0.0.1").header(name, said).build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).edits("a.shop:8080").asMap())
        .containsEntry(name, List.of(sent));
  }

  @Test
  void believesNeitherOfTwoLines() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Proto", "http")
            .build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).scheme()).isEqualTo("http");
  }

  @Test
  void sendsNoHostIfThereIsNone() {
    assertThat(ForwardedHeaders.of(from("203.0.113.7").build(), List.of()).edits(null).asMap())
        .doesNotContainKey("X-Forwarded-Host");
  }

  @Property
  void whatAnUntrustedClientAddsOnTheLeftChangesNothing(
      @ForAll @Size(max = 5) List<String> forged) {
    String real = "198.51.100.1, 10.0.0.2";
    String chain = String.join(",", forged);
    RequestView request = from("10.0.0.1").header("X-Forwarded-For", chain + "," + real).build();

    assertThat(ForwardedHeaders.of(request, TRUSTED).clientAddress()).isEqualTo("198.51.100.1");
  }

  /** SEC-31, over all variants of dashes and underscores. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-forwarded-for",
        "x-forwarded-tls-client-cert",
        "ssl-client-verify",
        "x-real-ip",
        "x-original-forwarded-for",
      })
  void removesEveryAliasOfAManagedName(String name) {
    for (String alias : aliases(name)) {
      RequestView request = from("203.0.113.7").header(alias, "forged").build();
      HeaderEdits edits = ForwardedHeaders.of(request, TRUSTED).edits("a.shop");

      assertThat(edits.covers(alias)).as(alias).isTrue();
      assertThat(edits.asMap().values()).doesNotContain(List.of("forged"));
      assertThat(ForwardedHeaders.isManaged(alias)).isTrue();
    }
  }

  @Test
  void dropsOtherNamesWithUnderscores() {
    RequestView request = from("203.0.113.7").header("my_header", "x").build();

    assertThat(ForwardedHeaders.of(request, List.of()).edits("a.shop").asMap())
        .containsEntry("my_header", List.of());
    assertThat(ForwardedHeaders.isManaged("my_header")).isFalse();
  }

  private static List<String> aliases(String name) {
    List<String> aliases = new ArrayList<>(List.of(""));
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      List<String> longer = new ArrayList<>();
      for (String alias : aliases) {
        longer.add(alias + c);
        if (c == '-') {
          longer.add(alias + '_');
        }
      }
      aliases = longer;
    }
    return aliases;
  }

  @ParameterizedTest
  @CsvSource({"abc-1.2_3, true", "a b, false", "'', false", "a/b, false"})
  void passesAnIdentifierOnThatIsHarmless(String id, boolean passes) {
    // SEC-35
    ForwardedHeaders forwarded =
        ForwardedHeaders.of(from("10.1.1.1").header("x-request-id", id).build(), TRUSTED);
    assertThat(forwarded.edits("a.shop").covers("X-Request-ID")).isEqualTo(!passes);
    List<String> lines = new ArrayList<>();
    forwarded.eachHeader("a.shop", (name, value) -> lines.add(name + ": " + value));
    assertThat(lines.contains("x-request-id: " + id)).isEqualTo(passes);
  }

  @Test
  void passesNeitherOfTwoIdentifiersOn() {
    RequestView request =
        from("10.1.1.1").header("X-Request-ID", "a").header("X-Request-ID", "b").build();
    assertThat(ForwardedHeaders.of(request, TRUSTED).edits("a.shop").asMap())
        .containsEntry("X-Request-ID", List.of());
  }

  @Test
  void saysNothingOfAnIdentifierThatThereIsNot() {
    assertThat(ForwardedHeaders.of(from("10.1.1.1").build(), TRUSTED).edits("a.shop").asMap())
        .doesNotContainKey("X-Request-ID");
  }
}
