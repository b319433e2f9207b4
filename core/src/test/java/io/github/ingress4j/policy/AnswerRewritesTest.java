package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RegexBudget;
import java.util.List;
import java.util.Map;
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

/** ingress-nginx, section 6, proxy-redirect and proxy-cookie; nginx, ngx_http_proxy_module. */
class AnswerRewritesTest {

  private static final CanonicalRequest REQUEST =
      canonical(view("A.shop:8080", "/").localPort(8080).build(), PathPolicy.STRICT);

  private static @Nullable LocationRewrite locations(String from, String to) {
    return locations(from, to, false, false);
  }

  private static @Nullable LocationRewrite locations(
      String from, String to, boolean isRelative, boolean showsPort) {
    LocationRewrite.Result result = LocationRewrite.parse(from, to, isRelative, showsPort);
    assertThat(result).isInstanceOf(LocationRewrite.Parsed.class);
    return ((LocationRewrite.Parsed) result).rewrite();
  }

  private static @Nullable CookieRewrite cookies(String domain, String path) {
    CookieRewrite.Result result = CookieRewrite.parse(domain, path);
    assertThat(result).isInstanceOf(CookieRewrite.Parsed.class);
    return ((CookieRewrite.Parsed) result).rewrite();
  }

  private static HeaderEdits apply(@Nullable LocationRewrite rewrite, TestReply reply) {
    assertThat(rewrite).isNotNull();
    return rewrite.apply(REQUEST, reply, new RegexBudget());
  }

  private static List<String> apply(@Nullable CookieRewrite rewrite, String... lines) {
    assertThat(rewrite).isNotNull();
    String[] fields = new String[lines.length];
    for (int i = 0; i < lines.length; i++) {
      fields[i] = "Set-Cookie: " + lines[i];
    }
    HeaderEdits edits = rewrite.apply(TestReply.of(200, fields), new RegexBudget());
    return edits.asMap().getOrDefault("Set-Cookie", List.of());
  }

  @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
  @CsvSource(
      nullValues = "same",
      value = {
        "http://in/a,  https://out/b, http://in/a/x,   https://out/b/x",
        "http://in/a,  https://out/b, http://in/ax,    https://out/bx",
        "http://in/a,  https://out/b, HTTP://in/a/x,   same",
        "http://in/a,  https://out/b, /x,              same",
        "http://in/,   /b/,           http://in/x,     http://a.shop/b/x",
        "/a,           /b,            /a/x?y,          http://a.shop/b/x?y",
        "/a,           b,             /a/x,            b/x",
        "default,      ignored,       http://upstream_balancer/x, http://a.shop/x",
        "default,      ignored,       http://a.shop/x, same",
        "~http://in,   https://out,   see-http://in/x, https://out",
        "~http://in,   https://out,   HTTP://in/x,     same",
        "~*http://in,  https://out,   HTTP://in/x,     https://out",
      })
  void rewritesLocations(String from, String to, String location, @Nullable String becomes) {
    assertThat(apply(locations(from, to), TestReply.of(302, "Location: " + location)).asMap())
        .isEqualTo(becomes == null ? Map.of() : Map.of("Location", List.of(becomes)));
  }

  /** Only a Location becomes absolute, and only one that was changed. */
  @Test
  void rewritesRefreshBehindItsUrl() {
    TestReply reply =
        TestReply.of(200, "Refresh: 5; URL=http://in/x", "Refresh: 7", "Refresh: 9; url=/y");

    assertThat(apply(locations("http://in/", "/b/"), reply).asMap())
        .isEqualTo(Map.of("Refresh", List.of("5; URL=/b/x", "7", "9; url=/y")));
    assertThat(apply(locations("http://no/", "/b/"), reply).asMap()).isEmpty();
  }

  @Test
  void leavesLocationsRelativeOrShowsThePort() {
    TestReply reply = TestReply.of(302, "Location: /a");

    assertThat(apply(locations("/a", "/b", true, false), reply)).hasToString("{Location=[/b]}");
    assertThat(apply(locations("/a", "/b", false, true), reply))
        .hasToString("{Location=[http://a.shop:8080/b]}");
  }

  /** SEC-22: what remains cannot become another host. */
  @Test
  void makesNoHostOfSlashes() {
    TestReply reply = TestReply.of(302, "Location: /a/evil.example");

    assertThat(apply(locations("/a", "/"), reply))
        .hasToString("{Location=[http://a.shop//evil.example]}");
    assertThat(apply(locations("/a", "/", true, false), reply))
        .hasToString("{Location=[/evil.example]}");
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({"off, /x", "/x, off", "'', /x", "/x, ''", "off, off"})
  void changesNothingWhereItIsOff(String from, String to) {
    assertThat(locations(from, to)).isNull();
  }

  /** What makes nginx refuse its configuration. */
  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a b | /x   | \"a b /x\" is more than one text and its replacement.",
        "/a  | /x y | \"/a /x y\" is more than one text and its replacement.",
      })
  void reportsWhatNginxRefuses(String from, String to, String message) {
    LocationRewrite.Result result = LocationRewrite.parse(from, to, false, false);

    assertThat(result).isEqualTo(new LocationRewrite.Fault(message));
  }

  @Test
  void reportsBrokenPatternsAndReplacements() {
    assertThat(LocationRewrite.parse("/a", "/x\u007f", false, false))
        .isInstanceOfSatisfying(
            LocationRewrite.Fault.class,
            fault ->
                assertThat(fault.message())
                    .endsWith("holds a character that no header may hold.")
                    .doesNotContain("\u007f"));
    assertThat(LocationRewrite.parse("~?", "/x", false, false))
        .isInstanceOf(LocationRewrite.Fault.class);
    assertThat(CookieRewrite.parse("~? b", "off")).isInstanceOf(CookieRewrite.Fault.class);
    assertThat(CookieRewrite.parse("off", "~? /b")).isInstanceOf(CookieRewrite.Fault.class);
  }

  @ParameterizedTest(name = "{0} and {1}: {2} becomes {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "same",
      value = {
        "old.shop new.shop   | off        | a=1; Domain=old.shop        | a=1; Domain=new.shop",
        "old.shop new.shop   | off        | a=1; Domain=.OLD.shop;Path=/| a=1; Domain=.new.shop; Path=/",
        ".old.shop .new.shop | off        | a=1; domain=old.shop        | a=1; domain=new.shop",
        "old.shop new.shop   | off        | a=1; Domain=x.old.shop      | same",
        "~old new.shop       | off        | a=1; Domain=.x.OLD.y        | a=1; Domain=new.shop",
        "off                 | /old /new  | a=1; Path=/old/x; Secure    | a=1; Path=/new/x; Secure",
        "off                 | /old /new  | a=1; path=/older            | a=1; path=/newer",
        "off                 | /old /new  | a=1; Path=/OLD              | same",
        "off                 | /old /new  | a=1; Path                   | same",
        "off                 | /old /new  | a=1; Path=/old; PATH=/old   | a=1; Path=/new; PATH=/new",
        "off                 | ~/old$ /new| a=1; Path=/x/old            | a=1; Path=/new",
        "off                 | ~*/old /new| a=1; Path=/OLD/x            | a=1; Path=/new",
        "off                 | / /new     | a = 1 ;Path = /  ;; HttpOnly| a=1; Path=/new; ; HttpOnly",
        "off                 | /old /new  | Path=/old                   | same",
        "off                 | /old /new  | flag; Path=/old             | same",
        "a.b c.d             | / /x       | a=b=c; Domain=A.b; Path=/   | a=b=c; Domain=c.d; Path=/x",
      })
  void rewritesCookies(String domain, String path, String line, @Nullable String becomes) {
    assertThat(apply(cookies(domain, path), line))
        .isEqualTo(becomes == null ? List.of() : List.of(becomes));
  }

  /** SEC-36: number and order. */
  @Test
  void keepsAllLinesInTheirOrder() {
    assertThat(apply(cookies("off", "/ /x"), "a=1", "b=2; Path=/", "c = 3", "a=4"))
        .containsExactly("a=1", "b=2; Path=/x", "c = 3", "a=4");
  }

  @Test
  void leavesAnswersAloneThatCannotBeSent() {
    assertThat(apply(cookies("off", "/ /x"), "a=1; Path=/", "b=\u0000")).isEmpty();
    assertThat(apply(cookies("off", "/ /x"))).isEmpty();
    assertThat(apply(cookies("off", "/ /x;Secure"), "a=1; Path=/")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one     | off     | \"one\" is neither off nor a text and its replacement.",
        "a b c   | off     | \"a b c\" is neither off nor a text and its replacement.",
        "off     | off off off | \"off off off\" is neither off nor a text and its replacement.",
      })
  void reportsRulesThatNginxRefuses(String domain, String path, String message) {
    assertThat(CookieRewrite.parse(domain, path)).isEqualTo(new CookieRewrite.Fault(message));
  }

  @Test
  void isOffWhereNothingIsSaid() {
    assertThat(cookies("off", "off")).isNull();
    assertThat(cookies("", " ")).isNull();
  }

  @Test
  void isComparedByItsRules() {
    assertThat(cookies("a b", "off"))
        .isEqualTo(cookies(".a .b", ""))
        .hasSameHashCodeAs(cookies(".a .b", ""))
        .isNotEqualTo(cookies("a b", "/ /x"))
        .hasToString("domain a -> b, path off");
    assertThat(cookies("off", "~/ /x")).hasToString("domain off, path ~/ -> /x");
    assertThat(locations("/a", "/b"))
        .isEqualTo(locations("/a", "/b"))
        .hasSameHashCodeAs(locations("/a", "/b"))
        .isNotEqualTo(locations("/a", "/c"))
        .isNotEqualTo(locations("/a", "/b", true, false))
        .isNotEqualTo(locations("/a", "/b", false, true))
        .hasToString("/a -> /b");
  }

  /** A naive splitter is the oracle for paths that begin with the old one. */
  @Property
  void changesOnlyTheBeginningOfPaths(
      @ForAll @From("attributes") List<String> attributes, @ForAll @From("path") String old) {
    String line = "a=1" + (attributes.isEmpty() ? "" : "; " + String.join("; ", attributes));
    StringBuilder expected = new StringBuilder("a=1");
    for (String attribute : attributes) {
      boolean isPath = attribute.startsWith("Path=" + old);
      expected
          .append("; ")
          .append(
              isPath
                  ? "Path=/new" + attribute.substring("Path=".length() + old.length())
                  : attribute);
    }
    List<String> changed = apply(cookies("off", old + " /new"), line);

    assertThat(changed.isEmpty() ? line : changed.get(0)).isEqualTo(expected.toString());
  }

  @Provide
  Arbitrary<List<String>> attributes() {
    return Arbitraries.oneOf(
            path().map(path -> "Path=" + path), Arbitraries.of("Secure", "Domain=/a", "X=/a"))
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> path() {
    return Arbitraries.strings().withChars("/ab").ofMaxLength(4).map(rest -> "/" + rest);
  }
}
