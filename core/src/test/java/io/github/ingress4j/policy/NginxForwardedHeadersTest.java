package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 10; who is trusted: hardening SEC-30, SEC-31 and SEC-35. */
class NginxForwardedHeadersTest {

  private static final RandomGenerator RANDOM = () -> 0x00ab_cdefL;
  private static final String RANDOM_ID = "0000000000abcdef0000000000abcdef";
  private static final List<Cidr> EVERYBODY = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));
  private static final List<Cidr> PROXY = List.of(Cidr.parse("10.0.0.0/8"));

  private static ForwardingRules rules(List<Cidr> trusted, boolean uses, boolean full) {
    return new ForwardingRules(
        trusted,
        ForwardingRules.Family.NGINX,
        uses,
        false,
        full,
        "X-Forwarded-For",
        true,
        false,
        false,
        Map.of());
  }

  private static SimpleRequest.Builder from(String peer) {
    return SimpleRequest.builder().url("http://a.shop:8080/x%20y?q").clientAddress(peer);
  }

  private static Map<String, List<String>> edits(RequestView request, ForwardingRules rules) {
    return ForwardedHeaders.of(request, rules, RANDOM).edits("a.shop:8080").asMap();
  }

  /** The table, without trust. */
  @Test
  void tellsTheBackEndWhatTheConnectionSays() {
    assertThat(edits(from("203.0.113.7").build(), ForwardingRules.nginx()))
        .containsOnly(
            Map.entry("X-Forwarded-For", List.of("203.0.113.7")),
            Map.entry("X-Forwarded-Host", List.of("a.shop:8080")),
            Map.entry("X-Forwarded-Port", List.of("8080")),
            Map.entry("X-Forwarded-Proto", List.of("http")),
            Map.entry("X-Forwarded-Scheme", List.of("http")),
            Map.entry("X-Real-IP", List.of("203.0.113.7")),
            Map.entry("X-Request-ID", List.of(RANDOM_ID)),
            Map.entry("X-Scheme", List.of("http")));
  }

  /** "Without use-forwarded-headers nothing in X-Forwarded-* is believed." */
  @Test
  void believesNobodyWithoutUseForwardedHeaders() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-For", "198.51.100.1")
            .header("X-Forwarded-For", "198.51.100.2")
            .header("X-Forwarded-Host", "b.shop")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Port", "443")
            .header("X-Forwarded-Prefix", "/p")
            .header("X-Original-Forwarded-For", "forged")
            .header("X-Original-Forwarded-Host", "forged")
            .header("X-Scheme", "https")
            .build();

    assertThat(edits(request, rules(PROXY, false, true)))
        .containsEntry("X-Forwarded-For", List.of("10.0.0.1"))
        .containsEntry("X-Forwarded-Host", List.of("a.shop:8080"))
        .containsEntry("X-Forwarded-Proto", List.of("http"))
        .containsEntry("X-Forwarded-Port", List.of("8080"))
        .containsEntry("X-Original-Forwarded-For", List.of("198.51.100.1, 198.51.100.2"))
        .containsEntry("X-Original-Forwarded-Host", List.of("b.shop"))
        .containsEntry("X-Forwarded-Prefix", List.of())
        .containsEntry("X-Scheme", List.of("http"));
  }

  @Test
  void believesATrustedPeerWithUseForwardedHeaders() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-For", "1.1.1.1, 198.51.100.1")
            .header("X-Forwarded-Host", "b.shop:81, c.shop")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Port", "8443")
            .build();
    ForwardedHeaders client = ForwardedHeaders.of(request, rules(PROXY, true, false), RANDOM);

    assertThat(client.clientAddress()).isEqualTo("198.51.100.1");
    assertThat(client.bestHost("a.shop:8080")).isEqualTo("b.shop:81");
    assertThat(client.port()).isEqualTo(8443);
    assertThat(client.edits("a.shop:8080").asMap())
        .containsEntry("X-Forwarded-For", List.of("198.51.100.1"))
        .containsEntry("X-Real-IP", List.of("198.51.100.1"))
        .containsEntry("X-Forwarded-Host", List.of("b.shop:81"))
        .containsEntry("X-Forwarded-Proto", List.of("https"))
        .containsEntry("X-Forwarded-Scheme", List.of("https"))
        .containsEntry("X-Scheme", List.of("https"))
        .containsEntry("X-Forwarded-Port", List.of("8443"));
  }

  /** compute-full-forwarded-for: "client's list + peer address". */
  @ParameterizedTest(name = "full {0}, believed {1}, chain {2}: {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "true  | true  | 1.1.1.1, 2.2.2.2 | 1.1.1.1, 2.2.2.2, 10.0.0.1",
        "true  | true  | none             | 10.0.0.1",
        "false | true  | 1.1.1.1, 2.2.2.2 | 2.2.2.2",
        "true  | false | 1.1.1.1, 2.2.2.2 | 10.0.0.1",
      })
  void sendsTheChainIfConfigured(boolean full, boolean uses, @Nullable String chain, String sent) {
    SimpleRequest.Builder request = from("10.0.0.1");
    if (chain != null) {
      request.header("X-Forwarded-For", chain);
    }

    assertThat(edits(request.build(), rules(PROXY, uses, full)))
        .containsEntry("X-Forwarded-For", List.of(sent));
  }

  /** "By default the left-most entry": everybody is trusted. */
  @Test
  void takesTheLeftMostEntryIfEverybodyIsTrusted() {
    RequestView request =
        from("203.0.113.7").header("X-Forwarded-For", "6.6.6.6, 198.51.100.1").build();

    assertThat(ForwardedHeaders.of(request, rules(EVERYBODY, true, false)).clientAddress())
        .isEqualTo("6.6.6.6");
  }

  /** Section 14: enable-real-ip changes the address, not host, scheme or port. */
  @Test
  void believesTheAddressAloneWithRealIp() {
    ForwardingRules rules =
        new ForwardingRules(
            PROXY,
            ForwardingRules.Family.NGINX,
            false,
            true,
            true,
            "X-Client",
            false,
            false,
            false,
            Map.of());
    RequestView request =
        from("10.0.0.1")
            .header("X-Client", "198.51.100.1")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("X-Forwarded-Host", "b.shop")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Port", "443")
            .build();

    assertThat(edits(request, rules))
        .containsEntry("X-Forwarded-For", List.of("198.51.100.1"))
        .containsEntry("X-Original-Forwarded-For", List.of("198.51.100.1"))
        .containsEntry("X-Forwarded-Host", List.of("a.shop:8080"))
        .containsEntry("X-Forwarded-Proto", List.of("http"))
        .containsEntry("X-Forwarded-Port", List.of("8080"));
  }

  /** SEC-35: a client's identifier is kept if it is harmless. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "made",
      value = {
        "abc-DEF_1.2, abc-DEF_1.2",
        "a b,         made",
        "'',          made",
        "a/b,         made",
        "é,           made",
      })
  void keepsHarmlessRequestIds(String sent, @Nullable String passed) {
    RequestView request = from("203.0.113.7").header("X-Request-ID", sent).build();

    assertThat(edits(request, ForwardingRules.nginx()))
        .containsEntry("X-Request-ID", List.of(passed == null ? RANDOM_ID : passed));
  }

  @Test
  void boundsRequestIdsAndBelievesNeitherOfTwo() {
    RequestView longest = from("203.0.113.7").header("X-Request-ID", "a".repeat(128)).build();
    RequestView longer = from("203.0.113.7").header("X-Request-ID", "a".repeat(129)).build();
    RequestView two =
        from("203.0.113.7").header("X-Request-ID", "a").header("X-Request-ID", "b").build();

    assertThat(ForwardedHeaders.of(longest, ForwardingRules.nginx(), RANDOM).requestId())
        .isEqualTo("a".repeat(128));
    assertThat(ForwardedHeaders.of(longer, ForwardingRules.nginx(), RANDOM).requestId())
        .isEqualTo(RANDOM_ID);
    assertThat(ForwardedHeaders.of(two, ForwardingRules.nginx(), RANDOM).requestId())
        .isEqualTo(RANDOM_ID);
  }

  /** generate-request-id: false. */
  @Test
  void makesNoRequestIdIfNotAsked() {
    ForwardingRules rules =
        new ForwardingRules(
            List.of(),
            ForwardingRules.Family.NGINX,
            false,
            false,
            false,
            "X-Forwarded-For",
            false,
            false,
            false,
            Map.of());
    RequestView forged = from("203.0.113.7").header("X-Request-ID", "a b").build();

    assertThat(edits(forged, rules)).containsEntry("X-Request-ID", List.of());
    assertThat(ForwardedHeaders.of(forged, rules).requestId()).isNull();
  }

  @Test
  void makesOneRequestIdForARequest() {
    ForwardedHeaders client =
        ForwardedHeaders.of(from("203.0.113.7").build(), ForwardingRules.nginx());

    assertThat(client.requestId()).matches("[0-9a-f]{32}").isEqualTo(client.requestId());
    assertThat(client.edits(null).asMap())
        .containsEntry("X-Request-ID", List.of(String.valueOf(client.requestId())));
    assertThat(
            ForwardedHeaders.of(from("203.0.113.7").build(), ForwardingRules.nginx()).requestId())
        .isNotEqualTo(client.requestId());
  }

  /** proxy-add-original-uri-header, proxy-set-headers. */
  @Test
  void addsConfiguredFields() {
    ForwardingRules rules =
        new ForwardingRules(
            List.of(),
            ForwardingRules.Family.NGINX,
            false,
            false,
            false,
            "X-Forwarded-For",
            true,
            true,
            false,
            Map.of("X-Zone", "eu", "X-Scheme", "forced", "X-Secret", ""));
    RequestView request =
        from("203.0.113.7").header("X-Secret", "1").header("X-Zone", "forged").build();

    assertThat(edits(request, rules))
        .containsEntry("X-Original-URI", List.of("/x%20y?q"))
        .containsEntry("X-Zone", List.of("eu"))
        .containsEntry("X-Scheme", List.of("forced"))
        .containsEntry("X-Secret", List.of());
  }

  /** enable-underscores-in-headers; "invalid names too"; SEC-31. */
  @ParameterizedTest(name = "{0}: allowed {1}, by default {2}")
  @CsvSource({
    "my_header,       true,  false",
    "X-Ok,            true,  true",
    "x.y,             false, false",
    "x!y,             false, false",
    "x_forwarded_for, false, false",
    "X-Forwarded-For, false, false",
    "SSL_CLIENT_CERT, false, false",
  })
  void dropsNames(String name, boolean passesIfAllowed, boolean passes) {
    ForwardingRules allowing =
        new ForwardingRules(
            List.of(),
            ForwardingRules.Family.NGINX,
            false,
            false,
            false,
            "X-Forwarded-For",
            true,
            false,
            true,
            Map.of());
    SimpleRequest request = from("203.0.113.7").header(name, "forged").build();

    assertThat(sent(request, allowing).contains(name + ": forged")).isEqualTo(passesIfAllowed);
    assertThat(sent(request, ForwardingRules.nginx()).contains(name + ": forged"))
        .isEqualTo(passes);
  }

  private static List<String> sent(RequestView request, ForwardingRules rules) {
    List<String> lines = new ArrayList<>();
    ForwardedHeaders.of(request, rules, RANDOM)
        .eachHeader("a.shop", (name, value) -> lines.add(name + ": " + value));
    return lines;
  }

  /** SEC-23: what cannot be sent on is not said. */
  @Test
  void repeatsNothingThatNoHeaderMayHold() {
    RequestView request =
        from("10.0.0.1")
            .header("X-Forwarded-For", "1.1.1.1\r\nX: y")
            .header("X-Forwarded-Host", "b.shop\r\nX: y")
            .header("X-Forwarded-Proto", "https\n")
            .build();

    assertThat(edits(request, rules(PROXY, true, true)))
        .containsEntry("X-Forwarded-For", List.of("10.0.0.1"))
        .containsEntry("X-Forwarded-Host", List.of("a.shop:8080"))
        .containsEntry("X-Forwarded-Proto", List.of("http"))
        .doesNotContainKeys("X-Original-Forwarded-For", "X-Original-Forwarded-Host");
  }

  @Test
  void refusesRulesThatCannotBeHeaders() {
    assertThatThrownBy(
            () ->
                new ForwardingRules(
                    List.of(),
                    ForwardingRules.Family.NGINX,
                    false,
                    false,
                    false,
                    "X Y",
                    true,
                    false,
                    false,
                    Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("forwardedForHeader must be a token of RFC 9110");
    for (Map<String, String> headers : List.of(Map.of("X Y", "1"), Map.of("X", "1\n"))) {
      assertThatThrownBy(
              () ->
                  new ForwardingRules(
                      List.of(),
                      ForwardingRules.Family.NGINX,
                      false,
                      false,
                      false,
                      "X-F",
                      true,
                      false,
                      false,
                      headers))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** nginx does not send a field that proxy_set_header sets to nothing. */
  @Test
  void doesNotSendAFieldOfTheRouteThatIsEmpty() {
    RequestView request = from("203.0.113.7").header("X-Format", "text/html").build();
    ForwardedHeaders client = ForwardedHeaders.of(request, ForwardingRules.nginx(), RANDOM);
    HeaderEdits edits = client.edits("a.shop", Map.of("X-Code", "503", "X-Format", ""));
    List<String> lines = new ArrayList<>();
    client.eachHeader(edits, (name, value) -> lines.add(name + ": " + value));

    assertThat(edits.asMap()).containsEntry("X-Format", List.of());
    assertThat(lines).contains("X-Code: 503").noneMatch(line -> line.startsWith("X-Format"));
  }
}
