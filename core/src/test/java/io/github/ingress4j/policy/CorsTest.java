package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, section 11. */
class CorsTest {

  private static Cors cors(String... origins) {
    return new Cors(List.of(origins), "GET, PUT", "DNT,X-A", "", true, 1728000);
  }

  private static CanonicalRequest request(String method, @Nullable String origin) {
    SimpleRequest.Builder view = view("a.shop", "/").method(method);
    if (origin != null) {
      view.header("Origin", origin);
    }
    return canonical(view.build(), PathPolicy.STRICT);
  }

  /** Section 11, item 2: one label for the star, and anchored at the end only. */
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource(
      nullValues = "none",
      value = {
        "*,                       none,                      true",
        "*,                       null,                      true",
        "https://a.example,       none,                      false",
        "https://a.example,       https://a.example,         true",
        "https://a.example,       HTTPS://A.Example,         true",
        "https://a.example,       evilhttps://a.example,     true",
        "https://a.example,       https://a.example.evil,    false",
        "https://a.example,       https://a.example:8443,    false",
        "https://a.example,       https://axexample,         false",
        "https://a.example:8443,  https://a.example:8443,    true",
        "https://*.example,       https://a.example,         true",
        "https://*.example,       https://A-1.EXAMPLE,       true",
        "https://*.example,       https://a.b.example,       false",
        "https://*.example,       https://.example,          false",
        "https://*.example,       https://example,           false",
        "https://*.example,       https://a_b.example,       false",
        "https://*.example:81,    https://a.example:81,      true",
        "https://*.*.example,     https://a.*.example,       true",
        "https://*.*.example,     https://a.b.example,       false",
        "null,                    null,                      true",
      })
  void findsTheItemAtTheEndOfTheOrigin(String item, @Nullable String origin, boolean isAccepted) {
    assertThat(cors(item).accepts(request("GET", origin))).isEqualTo(isAccepted);
    assertThat(cors("http://other", item).accepts(request("GET", origin))).isEqualTo(isAccepted);
  }

  /** Section 11, item 1. */
  @Test
  void acceptsNobodyWithoutAnItemAndEverybodyWithAStar() {
    assertThat(cors().accepts(request("GET", "https://a.example"))).isFalse();
    assertThat(cors(" ", "").accepts(request("GET", "https://a.example"))).isFalse();
    assertThat(cors("https://b.example", " * ").origins()).containsExactly("*");
    assertThat(cors(" https://a.example ").accepts(request("GET", "https://a.example"))).isTrue();
  }

  /** Section 11, items 2 and 3: the Origin goes back as it came. */
  @Test
  void tellsTheBrowserWhoMayDoWhat() {
    assertThat(cors("https://a.example").responseHeaders(request("GET", "HTTPS://a.example")))
        .hasToString(
            "{Access-Control-Allow-Credentials=[true], Access-Control-Allow-Headers=[DNT,X-A],"
                + " Access-Control-Allow-Methods=[GET, PUT],"
                + " Access-Control-Allow-Origin=[HTTPS://a.example],"
                + " Access-Control-Max-Age=[1728000]}");
    Cors open = new Cors(List.of("*"), "GET", "X-A", "X-B, X-C", false, -1);
    assertThat(open.responseHeaders(request("GET", "https://a.example")))
        .hasToString(
            "{Access-Control-Allow-Headers=[X-A], Access-Control-Allow-Methods=[GET],"
                + " Access-Control-Allow-Origin=[*], Access-Control-Expose-Headers=[X-B, X-C],"
                + " Access-Control-Max-Age=[-1]}");
  }

  /** Section 11, item 3: the back end's own lines go, also where nothing takes their place. */
  @Test
  void replacesTheLinesOfTheBackEnd() {
    HeaderEdits edits =
        new Cors(List.of("*"), "", "", "", false, 0).responseHeaders(request("GET", null));

    assertThat(edits.asMap())
        .isEqualTo(
            Map.of(
                "Access-Control-Allow-Origin", List.of("*"),
                "Access-Control-Allow-Methods", List.of(),
                "Access-Control-Allow-Headers", List.of(),
                "Access-Control-Max-Age", List.of("0")));
    assertThat(edits.asMap().keySet()).allMatch(edits::covers);
  }

  /** Section 11, items 4 and 5. */
  @Test
  void answersEveryAcceptedOptionsAndNothingElse() {
    Cors cors = cors("https://a.example");

    assertThat(cors.preflight(request("OPTIONS", "https://a.example")))
        .isNotNull()
        .hasToString(cors.responseHeaders(request("GET", "https://a.example")).toString());
    assertThat(cors.preflight(request("OPTIONS", "https://b.example"))).isNull();
    assertThat(cors.preflight(request("GET", "https://a.example"))).isNull();
    assertThat(cors("*").preflight(request("OPTIONS", null))).isNotNull();
    assertThat(cors.responseHeaders(request("GET", "https://b.example")).asMap()).isEmpty();
  }

  /** SEC-23: an Origin that could split a message never comes back. */
  @ParameterizedTest
  @ValueSource(
      strings = {"x\r\nhttps://a.example", "\u0000https://a.example", "\u0100https://a.example"})
  void doesNotEchoWhatNoHeaderMayHold(String origin) {
    assertThat(cors("https://a.example").accepts(request("GET", origin))).isFalse();
  }

  @Test
  void refusesSettingsThatNoHeaderMayHold() {
    assertThatThrownBy(() -> new Cors(List.of("*"), "GET\n", "", "", true, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Access-Control-Allow-Methods");
  }

  /** The regular expression that the controller makes of the items is the oracle. */
  @Property(tries = 2000)
  void decidesAsTheExpressionOfTheController(
      @ForAll @From("items") List<String> items, @ForAll @From("origins") String origin) {
    StringBuilder expression = new StringBuilder("(");
    for (String item : items) {
      int star = item.indexOf('*');
      expression
          .append(expression.length() == 1 ? "(" : "|(")
          .append(
              star < 0
                  ? Pattern.quote(item)
                  : Pattern.quote(item.substring(0, star))
                      + "[A-Za-z0-9\\-]+"
                      + Pattern.quote(item.substring(star + 1)))
          .append(')');
    }
    boolean isFound =
        Pattern.compile(expression + ")\\z", Pattern.CASE_INSENSITIVE).matcher(origin).find();

    assertThat(cors(items.toArray(String[]::new)).accepts(request("GET", origin)))
        .isEqualTo(isFound);
  }

  @Provide
  Arbitrary<List<String>> items() {
    return Arbitraries.strings()
        .withChars("a-.*:/B1")
        .ofMinLength(1)
        .ofMaxLength(5)
        .filter(item -> !Objects.equals(item, "*"))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> origins() {
    return Arbitraries.strings().withChars("aA-.*:/b1_").ofMinLength(1).ofMaxLength(10);
  }
}
