package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.get;
import static io.github.ingress4j.policy.Requests.outcome;
import static io.github.ingress4j.policy.Requests.pattern;
import static io.github.ingress4j.policy.Requests.rewrite;
import static io.github.ingress4j.policy.Requests.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RegexBudget;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, sections 4.5, 5.1 and 5.2; hardening SEC-20 to SEC-22. */
class RewriteTest {

  /** Section 5.1: what a back end receives from nginx. */
  @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '\u0001',
      value = {
        // Without captures every path becomes the target; the query follows, a bare mark is lost.
        "/old -> /new -> /old/x -> /new",
        "/old -> /new -> /old?a=1&b -> /new?a=1&b",
        "/old -> /new -> /old? -> /new",
        "/old -> /new -> /old?a#f?b -> /new?a",
        // Searched, not anchored, without regard to case.
        "/foo|/bar -> /new -> /z/bar/q -> /new",
        "/old(.*) -> /n$1 -> /OLD/x -> /n/x",
        // Captures.
        "/a/(.*) -> /$1 -> /a/b/c -> /b/c",
        "/a(/|$)(.*) -> /$2 -> /a -> /",
        "/(a)(b)? -> /$3/$1 -> /a -> //a",
        "/(a)(b)? -> /x$2y -> /a -> /xy",
        "/a/(.*) -> /$10 -> /a/b -> /b0",
        "/a/(.*) -> $1 -> /a/b -> b",
        // Decoded and escaped again.
        "/a/(.*) -> /$1 -> /a/b%2Fc -> /b/c",
        "/a/(.*) -> /$1 -> /a/%2B%3B%5B%5D -> /+;[]",
        "/a/(.*) -> /$1 -> /a/%25%3F%23 -> /%25%3F%23",
        "/a/(.*) -> /$1 -> /a/%c3%a9%20 -> /%C3%A9%20",
        "/a/(.*) -> /$1 -> /a/%22%3C%3E%5C%5E%60%7B%7C%7D%7F -> /%22%3C%3E%5C%5E%60%7B%7C%7D%7F",
        "/a/(.*) -> /$1 -> /a/!$&'()*+,;=:@~ -> /!$&'()*+,;=:@~",
        "/a/(.*) -> /$1 -> /a/x%0d%0ay -> /x%0D",
        "/a/(.*) -> /$1 -> /a//b/./c/../d -> /b/d",
        // Not normalised again.
        "/open(.*) -> /x/$1 -> /open../admin -> /x/../admin",
        // SEC-20: what looks like a reference in a capture stays text.
        "/a/(.*)/(.*) -> /$1 -> /a/$2/secret -> /$2",
        "/a/(.*) -> /$1 -> /a/$host -> /$host",
        "/a/(.*) -> /$1 -> /a/%2524host -> /%2524host",
        // Variables are escaped like the rest, so escapes are escaped twice.
        "/u -> /p$request_uri -> /u/%20?a=1 -> /p/u/%2520%3Fa=1?a=1",
        "/u -> /p/$args -> /u?a=%20#f -> /p/a=%2520?a=%20",
        "/u -> /$host/$http_host -> /u -> /a.shop/A.shop:81",
        "/u -> /p$uri -> /u%41 -> /p/uA",
        "/u -> /${scheme}s -> /u -> /https",
        // An empty result.
        "/a(.*) -> $1 -> /a -> 500",
        // The pattern does not match: nginx forwards what it received.
        "/nowhere -> /x -> /a//b?q -> /a//b?q",
      })
  void rewritesForABackEndAsNginxDoes(String path, String target, String request, String sent) {
    assertThat(
            outcome(
                rewrite(path, target, PathPolicy.NGINX),
                get("A.shop:81", request, PathPolicy.NGINX)))
        .isEqualTo(sent);
  }

  /** Section 5.1: a target with a scheme answers 302. */
  @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '\u0001',
      value = {
        "/opt(/.*)? -> https://other.test/$1 -> /opt/x/ -> 302 https://other.test//x/",
        "/opt(/.*)? -> https://other.test/$1 -> /opt%2Fx -> 302 https://other.test//x",
        "/opt(/.*)? -> http://other.test$1 -> /opt/x?q=1 -> 302 http://other.test/x?q=1",
        "/opt(/.*)? -> http://other.test$1 -> /opt? -> 302 http://other.test",
        "/o/(.*) -> $scheme://$host/$1 -> /o/x -> 302 http://a.shop/x",
        // Captures are escaped if the path as received has an escape or a plus.
        "/o/(.*) -> https://x/$1 -> /o/%20%22%23%25 -> 302 https://x/%20%22%23%25",
        "/o/(.*) -> https://x/$1 -> /o/%3C%7B%5C%5E%60%7C%7D -> 302 https://x/<{\\^`|}",
        "/o/(.*) -> https://x/$1 -> /o/%c3%a9 -> 302 https://x/%C3%A9",
        "/o/(.*) -> https://x/$1 -> /o/%3F%26%3B%2B -> 302 https://x/?%26%3B%2B",
        "/o/(.*) -> https://x/$1 -> /o/+& -> 302 https://x/+&",
        // With neither they are copied.
        "/o/(.*) -> https://x/$1 -> /o/<\"{ -> 302 https://x/<\"{",
        "/o/(.*) -> https://x/$1 -> /o/é -> 302 https://x/é",
        // Variables are not escaped, and the whole is decoded up to a question mark.
        "/o -> https://x$request_uri -> /o/%2F%41?a=%41 -> 302 https://x/o//A?a=%41?a=%41",
        // A header cannot be split.
        "/o -> https://x$uri -> /o%0d%0aSet-Cookie:a -> 400",
        "/o -> https://x$uri -> /o%09 -> 400",
      })
  void redirectsAsNginxDoes(String path, String target, String request, String location) {
    assertThat(
            outcome(
                rewrite(path, target, PathPolicy.NGINX),
                get("A.shop:81", request, PathPolicy.NGINX)))
        .isEqualTo(location);
  }

  /** SEC-20, SEC-21: captures are spans of the canonical path, and the result is checked. */
  @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '\u0001',
      value = {
        "/old -> /new -> /old/x?a=%20 -> /new?a=%20",
        "/old -> /new -> /old? -> /new",
        "/a/(.*) -> /$1 -> /a/b/c -> /b/c",
        "/a/(.*) -> /$1 -> /a/b%2fc -> /b%2Fc",
        "/a/(.*) -> /$1 -> /a/%2B%3b%5B%25%3F%23 -> /%2B%3B%5B%25%3F%23",
        "/a/(.*) -> /$1 -> /a/%C3%A9%20x -> /%C3%A9%20x",
        "/a/(é)(.*) -> /$2/$1 -> /a/%C3%A9x -> /x/%C3%A9",
        // Half a character is no path.
        "/a/(.)(.*) -> /$1 -> /a/%C3%A9 -> 400",
        // Empty segments are merged.
        "/a(/|$)(.*) -> //$1/$2 -> /a/b -> /b",
        // Dot segments, plain and in disguise.
        "/open(.*) -> /x/$1 -> /open../admin -> 400",
        "/open(.*) -> /x/$1 -> /open../ -> 400",
        "/api(.*) -> /$1 -> /api../x -> 400",
        "/api(.*) -> /$1 -> /api. -> 400",
        "/api(.*) -> /$1 -> /api..%3Bx/y -> 400",
        "/api(.*) -> /.$1 -> /api./x -> 400",
        "/api(.*) -> /$1 -> /api...;x -> /...;x",
        "/api(.*) -> /$1 -> /api..a/b -> /..a/b",
        // Text from a capture alone.
        "/a/(.*) -> $1 -> /a/b -> 400",
        "/a(.*) -> $1 -> /a -> 400",
        "/a(.*) -> $1 -> /a/b -> /b",
        // References in captures.
        "/a/(.*)/(.*) -> /$1 -> /a/$2/secret -> /$2",
        "/a/(.*) -> /$1 -> /a/$host -> /$host",
        // Variables.
        "/u -> /p$request_uri -> /u/%20?a=1 -> /p/u/%2520%3Fa=1?a=1",
        "/u -> /$host/$http_host -> /u -> /a.shop/A.shop:81",
        "/u -> /p$uri -> /u%2F%41 -> /p/u%2FA",
        "/u -> /$arg_to -> /u?to=../x -> 400",
        "/u -> /$arg_to -> /u?to=%2e%2e/x -> 400",
        "/u -> /$http_x_none -> /u -> /",
        "/nowhere -> /x -> /a//b?q -> /a/b?q",
      })
  void rewritesTheCanonicalPathUnderStrict(
      String path, String target, String request, String sent) {
    assertThat(
            outcome(
                rewrite(path, target, PathPolicy.STRICT),
                get("A.shop:81", request, PathPolicy.STRICT)))
        .isEqualTo(sent);
  }

  /** SEC-22: nothing of a request but its host may name the host of a Location. */
  @ParameterizedTest(name = "{0} to {1}: {2} becomes {3}")
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '\u0001',
      value = {
        "/opt(/.*)? -> https://other.test/$1 -> /opt/x/?q -> 302 https://other.test//x/?q",
        "/opt(/.*)? -> https://other.test$1 -> /opt/x -> 302 https://other.test/x",
        "/opt(/.*)? -> https://other.test$1 -> /opt -> 302 https://other.test",
        "/opt(.*) -> https://other.test$1 -> /opt.evil.test/ -> 400",
        "/opt(.*) -> https://other.test$1 -> /opt@evil.test -> 400",
        "/opt(.*) -> https://other.test$1 -> /opt:81 -> 400",
        "/o/(.*) -> https://$1/x -> /o/evil.test -> 400",
        "/o/(.*) -> $scheme$1 -> /o/://evil.test -> 400",
        "/o/(.*) -> https:///$1 -> /o/evil.test -> 400",
        "/o/(.*) -> https://$arg_h/ -> /o/?h=evil.test -> 400",
        "/o/(.*) -> $scheme://$host/$1 -> /o/x%2fy -> 302 http://a.shop/x%2Fy",
        "/o/(.*) -> https://m.$host:8443/$1 -> /o/x -> 302 https://m.a.shop:8443/x",
        "/o/(.*) -> $scheme://$http_host$request_uri -> /o/a -> 302 http://A.shop:81/o/a",
        "/o(.*) -> https://x.test/$1 -> /o../y -> 400",
        "/o -> https://x.test$request_uri -> /o?a=1 -> 302 https://x.test/o?a=1?a=1",
        "/o -> https://x.test$is_args$args -> /o?a -> 302 https://x.test?a?a",
        "/o -> https://x.test/$http_x_none -> /o -> 302 https://x.test/",
      })
  void keepsTheHostOfARedirectUnderStrict(
      String path, String target, String request, String location) {
    assertThat(
            outcome(
                rewrite(path, target, PathPolicy.STRICT),
                get("A.shop:81", request, PathPolicy.STRICT)))
        .isEqualTo(location);
  }

  /** Section 5.1: named groups; a name of another pattern is empty. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"STRICT, /b%2Fc/b%2Fc", "NGINX, /b/c/b/c"})
  void insertsNamedGroups(PathPolicy policy, String sent) {
    Rewrite rewrite = rewrite("/a/(?<Rest>.*)", "/$rest$elsewhere/$1", policy, "Rest", "elsewhere");

    assertThat(outcome(rewrite, get("a.shop", "/a/b%2Fc", policy))).isEqualTo(sent);
  }

  /** Under STRICT a name is looked for by what it captured; two spellings cannot be told apart. */
  @Test
  void refusesNamedGroupsThatReadAlikeAndAreSpeltDifferently() {
    Rewrite rewrite = rewrite("/(?<a>[^/]+)/(?<b>[^/]+)", "/$a", PathPolicy.STRICT, "a", "b");

    assertThat(outcome(rewrite, get("a.shop", "/x%3By/x;y", PathPolicy.STRICT))).isEqualTo("400");
    assertThat(outcome(rewrite, get("a.shop", "/x;y/x;y", PathPolicy.STRICT))).isEqualTo("/x;y");
  }

  /** Section 5.2. */
  @ParameterizedTest(name = "{0}: {1} for {2} gives {3}")
  @CsvSource(
      nullValues = "none",
      value = {
        "NGINX,  /pfx,      /a/b,        /pfx",
        "NGINX,  true,      /a/b,        true",
        "NGINX,  /$1,       /a/b%2Fc,    /b/c",
        "NGINX,  /$1,       /a/b%c3%a9,  /b\u00c3\u00a9",
        "NGINX,  $2,        /a/b,        none",
        "NGINX,  $uri,      /a/b,        /new/b",
        "NGINX,  /$1,       /a/b%0d,     refused",
        "STRICT, /pfx,      /a/b,        /pfx",
        "STRICT, true,      /a/b,        true",
        "STRICT, /$1,       /a/b%2Fc,    /b%2Fc",
        "STRICT, $2,        /a/b,        none",
        "STRICT, $1,        /a/b,        refused",
        "STRICT, /x//$1,    /a/b,        /x/b",
        "STRICT, /.$1,      /a/./b,      /.b",
        "STRICT, /.$1/,     /a/.,        refused",
      })
  void tellsTheBackEndThePrefix(
      PathPolicy policy, String prefix, String path, @Nullable String sent) {
    Rewrite rewrite =
        new Rewrite(pattern("/a/(.*)", true), template("/new/$1"), template(prefix), policy);
    Rewrite.Outcome outcome = rewrite.apply(get("a.shop", path, policy), new RegexBudget());

    if (outcome instanceof Rewrite.Rewritten rewritten) {
      assertThat(rewritten.forwardedPrefix()).isEqualTo(sent);
    } else {
      assertThat(sent).isEqualTo("refused");
      assertThat(outcome).isInstanceOf(Rewrite.Refused.class);
    }
  }

  @Test
  void saysWhyItRefuses() {
    assertThat(
            rewrite("/open(.*)", "/x/$1", PathPolicy.STRICT)
                .apply(get("a.shop", "/open../x", PathPolicy.STRICT), new RegexBudget()))
        .isEqualTo(
            new Rewrite.Refused(
                400,
                "The rule rewrites this path to one with a dot segment, plain or in disguise."));
    assertThat(
            rewrite("/a(.*)", "$1", PathPolicy.NGINX)
                .apply(get("a.shop", "/a", PathPolicy.NGINX), new RegexBudget()))
        .isEqualTo(new Rewrite.Refused(500, "The rule rewrites this path to nothing."));
  }

  /** SEC-50: over the budget is a refusal. */
  @ParameterizedTest
  @CsvSource({"STRICT", "NGINX"})
  void refusesWhatTakesTooLong(PathPolicy policy) {
    Rewrite rewrite = rewrite("^/(.*a){12}$", "/x", policy);
    RegexBudget budget = new RegexBudget();

    assertThat(rewrite.apply(get("a.shop", "/" + "a".repeat(40) + "b", policy), budget))
        .isEqualTo(
            new Rewrite.Refused(
                400, "The path takes too long to compare with the rule's pattern."));
    assertThat(budget.isSpent()).isTrue();
  }

  @Test
  void tellsRedirectsFromPaths() {
    assertThat(Rewrite.isAbsolute("http://a")).isTrue();
    assertThat(Rewrite.isAbsolute("https://$host/")).isTrue();
    assertThat(Rewrite.isAbsolute("$scheme://a")).isTrue();
    assertThat(Rewrite.isAbsolute("HTTP://a")).isFalse();
    assertThat(Rewrite.isAbsolute("/http://a")).isFalse();
  }

  /** SEC-23. */
  @Test
  void cannotMakeAnOutcomeThatSplitsAMessage() {
    assertThatThrownBy(() -> new Rewrite.Rewritten("/a b", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the target holds a character that no request line may hold, at index 2");
    assertThatThrownBy(() -> new Rewrite.Rewritten("/a", "x\ny"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rewrite.Moved(302, "/a\r"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rewrite.Moved(200, "/a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalsByItsParts() {
    assertThat(rewrite("/a", "/$1", PathPolicy.STRICT))
        .isEqualTo(rewrite("/a", "/$1", PathPolicy.STRICT))
        .hasSameHashCodeAs(rewrite("/a", "/$1", PathPolicy.STRICT))
        .isNotEqualTo(rewrite("/a", "/$2", PathPolicy.STRICT))
        .isNotEqualTo(rewrite("/a", "/$1", PathPolicy.NGINX));
  }
}
