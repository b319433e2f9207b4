package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PathPolicy;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, section 7; hardening SEC-32 and SEC-36. */
class SessionCookieTest {

  private static final Instant NOW = Instant.parse("2026-01-31T23:59:58Z");

  private static SessionCookie cookie(String path) {
    return new SessionCookie("INGRESSCOOKIE", path, null, null, null, false, null, false);
  }

  private static CanonicalRequest request(String scheme, @Nullable String agent) {
    SimpleRequest.Builder view = view("a.shop", "/").scheme(scheme);
    if (agent != null) {
      view.header("User-Agent", agent);
    }
    return canonical(view.build(), PathPolicy.STRICT);
  }

  /** "By exact, case-sensitive name; the last cookie of that name wins." */
  @ParameterizedTest(name = "\"{0}\": {1}")
  @CsvSource(
      delimiter = '>',
      nullValues = "none",
      value = {
        "INGRESSCOOKIE=k|b                     > k|b",
        "a=1; INGRESSCOOKIE=k|b; c=2           > k|b",
        "INGRESSCOOKIE=1;INGRESSCOOKIE=2       > 2",
        "INGRESSCOOKIE=k b                     > k",
        "INGRESSCOOKIE=                        > ''",
        "INGRESSCOOKIE=a=b                     > a=b",
        "ingresscookie=k                       > none",
        "XINGRESSCOOKIE=k                      > none",
        "INGRESSCOOKIEX=k                      > none",
        "INGRESSCOOKIE                         > none",
        "a=INGRESSCOOKIE=k                     > none",
        "''                                    > none",
      })
  void readsTheLastOfItsName(String line, @Nullable String value) {
    assertThat(cookie("/").read(view("a.shop", "/").header("Cookie", line).build()))
        .isEqualTo(value);
  }

  @Test
  void readsSeveralLinesInTheirOrder() {
    SimpleRequest view =
        view("a.shop", "/")
            .header("Cookie", "INGRESSCOOKIE=1")
            .header("Cookie", "\tINGRESSCOOKIE=2")
            .header("Cookie", "x=3")
            .build();

    assertThat(cookie("/").read(view)).isEqualTo("2");
  }

  /** The attributes in their order. */
  @Test
  void writesAllAttributesInTheOrderOfTheController() {
    SessionCookie cookie =
        new SessionCookie(
            "route", "/c", "a.shop", 10L, 20L, true, SessionCookie.SameSite.LAX, false);

    assertThat(cookie.render("k", "b", NOW, request("http", null)))
        .isEqualTo(
            "route=k|b; Expires=Sun, 01-Feb-26 00:00:08 GMT; Max-Age=20; Domain=a.shop; Path=/c;"
                + " Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void writesNoMoreThanItHasTo() {
    assertThat(cookie("/foo/.*").render("k", "b", NOW, request("http", null)))
        .isEqualTo("INGRESSCOOKIE=k|b; Path=/foo/.*; HttpOnly");
    assertThat(cookie("/é").render("k", "b", NOW, request("https", null)))
        .isEqualTo("INGRESSCOOKIE=k|b; Path=/\u00c3\u00a9; Secure; HttpOnly");
  }

  /** "HTTP date with dashes as nginx cookie time". */
  @ParameterizedTest(name = "{0} seconds later: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0                    | Sat, 31-Jan-26 23:59:58 GMT",
        "-1                   | Sat, 31-Jan-26 23:59:57 GMT",
        "31536000             | Sun, 31-Jan-27 23:59:58 GMT",
        "400000000            | Tue, 05-Oct-2038 15:06:38 GMT",
        "9223372036854775807  | Fri, 31-Dec-9999 23:59:59 GMT",
        "-9223372036854775808 | Thu, 01-Jan-70 00:00:00 GMT",
      })
  void writesDatesAsNginxDoes(long seconds, String date) {
    SessionCookie cookie = new SessionCookie("c", "/", null, seconds, null, false, null, false);

    assertThat(cookie.render("k", "b", NOW, request("http", null)))
        .isEqualTo("c=k|b; Expires=" + date + "; Path=/; HttpOnly");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "-",
      value = {"None, NONE", "Lax, LAX", "Strict, STRICT", "none, -", "LAX, -", "'', -"})
  void readsSameSiteExactly(String text, SessionCookie.@Nullable SameSite value) {
    assertThat(SessionCookie.SameSite.of(text)).isEqualTo(value);
  }

  /** Conditional SameSite=None. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "absent",
      value = {
        "absent                                                          | true",
        "Mozilla/5.0 Chrome/49.0                                         | false",
        "Mozilla/5.0 Chrome/5.0                                          | false",
        "Mozilla/5.0 Chrome/66.0                                         | false",
        "Mozilla/5.0 Chrome/70.0                                         | true",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X)          | false",
        "Mozilla/5.0 (iPad; CPU OS 12_0 like Mac OS X)                   | false",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Version Safari/6 | false",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Chrome/80 Safari | true",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_6) Version Safari/6 | true",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Firefox/70      | true",
      })
  void sparesBrowsersThatMisreadNone(@Nullable String agent, boolean isSent) {
    SessionCookie sparing =
        new SessionCookie("c", "/", null, null, null, false, SessionCookie.SameSite.NONE, true);
    SessionCookie lax =
        new SessionCookie("c", "/", null, null, null, false, SessionCookie.SameSite.LAX, true);
    SessionCookie always =
        new SessionCookie("c", "/", null, null, null, false, SessionCookie.SameSite.NONE, false);
    CanonicalRequest request = request("http", agent);

    assertThat(sparing.render("k", "b", NOW, request).endsWith("; SameSite=None"))
        .isEqualTo(isSent);
    assertThat(lax.render("k", "b", NOW, request)).endsWith("; SameSite=Lax");
    assertThat(always.render("k", "b", NOW, request)).endsWith("; SameSite=None");
  }

  /** SEC-36: no attribute can be injected. */
  @ParameterizedTest
  @ValueSource(strings = {"/a;b", "/a\r\nb", "/\u007f", "/\0"})
  void refusesAttributesThatWouldAddOthers(String text) {
    assertThat(SessionCookie.isAttributeValue(text)).isFalse();
    assertThatThrownBy(() -> cookie(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "an attribute of a cookie must hold neither control characters nor a semicolon");
    assertThatThrownBy(() -> new SessionCookie("c", "/", text, null, null, false, null, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a=b", "a;b", "a,b", "é", "a\"", "a\n"})
  void refusesNamesThatAreNone(String name) {
    assertThat(SessionCookie.isName(name)).isFalse();
    assertThatThrownBy(() -> new SessionCookie(name, "/", null, null, null, false, null, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a cookie's name must be visible ASCII without = ; , \"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a b", "a\r", "é"})
  void refusesKeysThatWouldAddAttributes(String key) {
    assertThatThrownBy(() -> cookie("/").render(key, "b", NOW, request("http", null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key and backend tag of a cookie must be visible ASCII without a semicolon");
    assertThatThrownBy(() -> cookie("/").render("k", key, NOW, request("http", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** SEC-23: whatever passes construction can be sent. */
  @Property
  void emitsNoControls(@ForAll String path, @ForAll String domain, @ForAll String key) {
    String cookie;
    try {
      cookie =
          new SessionCookie("c", path, domain, 1L, 2L, true, SessionCookie.SameSite.STRICT, true)
              .render(key, "b", NOW, request("https", key));
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(cookie).matches("[\\x20-\\x7E\\x80-\\xFF]+");
  }
}
