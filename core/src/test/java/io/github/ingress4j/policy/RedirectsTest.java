package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.canonicalOrNull;
import static io.github.ingress4j.policy.Requests.get;
import static io.github.ingress4j.policy.Requests.template;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.routing.PathPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, sections 3.8, 3.11, 4.4, 5.3 and 9.1 to 9.3; hardening SEC-22 and SEC-23. */
class RedirectsTest {

  /** Everybody may speak for a client, as with use-forwarded-headers and no block. */
  private static final ForwardingRules BELIEVING =
      new ForwardingRules(
          List.of(Cidr.parse("0.0.0.0/0")),
          ForwardingRules.Family.NGINX,
          true,
          false,
          false,
          "X-Forwarded-For",
          false,
          false,
          false,
          Map.of());

  private static final HttpsRedirect HTTPS = new HttpsRedirect(false, false, 0, 308);

  private static @Nullable String location(@Nullable Redirection redirection) {
    return redirection == null ? null : redirection.location();
  }

  /** Section 9.1; "none" is a request without a Host (section 3.8). */
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "NGINX  | a.shop        | /foo?a=1      | https://a.shop/foo?a=1",
        "NGINX  | A.Shop.:8080  | /foo          | https://A.Shop./foo",
        "NGINX  | a.shop        | /foo/         | https://a.shop/foo",
        "NGINX  | a.shop        | /             | https://a.shop",
        "NGINX  | a.shop        | ///app        | https://a.shop///app",
        "NGINX  | a.shop        | /x?next=/     | https://a.shop/x?next=",
        "NGINX  | a.shop        | /foo/?a       | https://a.shop/foo/?a",
        "NGINX  | a.shop        | /a/../b%2f#f  | https://a.shop/a/../b%2f#f",
        "NGINX  | [::1]:80      | /foo          | https://[/foo",
        "NGINX  | none          | /foo          | https://_/foo",
        "NGINX  | _             | /foo          | https://_/foo",
        "NGINX  | b.shop        | http://a.shop/x | https://b.shop/x",
        "NGINX  | b.shop        | http://a.shop   | https://b.shop",
        "NGINX  | b.shop        | http://a.shop?q | https://b.shop?q",
        "STRICT | a.shop        | /foo?a=1      | https://a.shop/foo?a=1",
        "STRICT | A.Shop.:8080  | /foo/         | https://A.Shop./foo",
        "STRICT | a.shop        | ///app//%7e   | https://a.shop/app/~",
        "STRICT | a.shop        | /a/../b%2f    | https://a.shop/b%2F",
        "STRICT | a.shop        | /x?next=/     | https://a.shop/x?next=",
        "STRICT | [::1]:80      | /foo          | https://[::1]/foo",
        "STRICT | none          | /foo          | https://_/foo",
        "STRICT | none          | http://a.shop:81/x | https://a.shop/x",
      })
  void sendsToTls(PathPolicy policy, @Nullable String host, String target, String location) {
    assertThat(HTTPS.apply(get(host, target, policy), true))
        .isEqualTo(new Redirection(308, location));
  }

  /** Section 9.1: force, certificate, preserved slash, port and code. */
  @Test
  void sendsToTlsAsConfigured() {
    CanonicalRequest request = get("a.shop", "/foo/", PathPolicy.NGINX);

    assertThat(HTTPS.apply(request, false)).isNull();
    assertThat(location(new HttpsRedirect(true, false, 0, 308).apply(request, false)))
        .isEqualTo("https://a.shop/foo");
    assertThat(location(new HttpsRedirect(true, true, 0, 308).apply(request, false)))
        .isEqualTo("https://a.shop/foo/");
    assertThat(new HttpsRedirect(true, false, 443, 301).apply(request, false))
        .isEqualTo(new Redirection(301, "https://a.shop:443/foo"));
    assertThat(
            HTTPS.apply(
                canonical(view("a.shop", "/").scheme("https").build(), PathPolicy.NGINX), true))
        .isNull();
  }

  /** Section 9.1: the effective scheme is compared with http exactly. */
  @ParameterizedTest(name = "X-Forwarded-Proto: {0}")
  @CsvSource(
      nullValues = "none",
      value = {
        "http,         https://b.shop/x",
        "https,        none",
        "HTTPS,        none",
        "HTTP,         none",
        "'https,http', none",
        "'',           https://b.shop/x",
      })
  void believesTheSchemeOfTrustedPeers(String said, @Nullable String location) {
    SimpleRequest view =
        view("a.shop", "/x")
            .header("X-Forwarded-Proto", said)
            .header("X-Forwarded-Host", "b.shop:81, c.shop")
            .build();

    assertThat(location(HTTPS.apply(canonical(view, PathPolicy.NGINX, BELIEVING, ""), true)))
        .isEqualTo(location);
    assertThat(location(HTTPS.apply(canonical(view, PathPolicy.NGINX), true)))
        .isEqualTo("https://a.shop/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.test/x", "u@evil.test", "evil.test\\", ""})
  void takesNoHostFromAHeaderThatIsNone(String said) {
    SimpleRequest view = view("a.shop", "/x").header("X-Forwarded-Host", said).build();

    assertThat(location(HTTPS.apply(canonical(view, PathPolicy.NGINX, BELIEVING, ""), true)))
        .isEqualTo("https://a.shop/x");
  }

  /** Section 9.2. */
  @ParameterizedTest(name = "{0}, host {1}, relative {2}: {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "https://b.shop/?x=1 | A.shop.:81 | false | https://b.shop/?x=1",
        "/x                  | A.shop.:81 | false | http://a.shop/x",
        "/x                  | A.shop.:81 | true  | /x",
        "//x                 | a.shop     | false | http://a.shop//x",
        "//x                 | a.shop     | true  | //x",
        "n                   | a.shop     | false | n",
        "?a                  | a.shop     | false | ?a",
        "/x                  | none       | false | /x",
        "//x                 | none       | false | /x",
        "/é                  | [::1]      | false | http://[::1]/\u00c3\u00a9",
      })
  void sendsToAFixedPlace(
      String value, @Nullable String host, boolean isRelative, String location) {
    FixedRedirect redirect = new FixedRedirect(value, 301, isRelative, false);

    assertThat(redirect.apply(get(host, "/foo?a=1", PathPolicy.NGINX)))
        .isEqualTo(new Redirection(301, location));
  }

  /** SEC-22: under STRICT no Location begins with two slashes. */
  @Test
  void makesOneSlashOfTwoUnderStrict() {
    assertThat(
            new FixedRedirect("//evil.test", 302, true, false)
                .apply(get("a.shop", "/", PathPolicy.STRICT))
                .location())
        .isEqualTo("/evil.test");
  }

  /** Section 9.2: 300 and 304 to 306 carry no Location. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "300, false",
    "301, true",
    "302, true",
    "303, true",
    "304, false",
    "305, false",
    "306, false",
    "307, true",
    "308, true",
  })
  void knowsWhichStatusCarriesALocation(int status, boolean hasLocation) {
    Redirection redirection =
        new FixedRedirect("https://b.shop", status, false, false)
            .apply(get("a.shop", "/", PathPolicy.STRICT));

    assertThat(redirection.status()).isEqualTo(status);
    assertThat(redirection.location() != null).isEqualTo(hasLocation);
  }

  /** Sections 4.4 and 9.2: the listen port follows unless the scheme implies it. */
  @ParameterizedTest(name = "{0} port {1}: {2}")
  @CsvSource({
    "http,  80,   http://a.shop",
    "http,  8080, http://a.shop:8080",
    "https, 443,  https://a.shop",
    "https, 80,   https://a.shop:80",
  })
  void showsThePortIfConfigured(String scheme, int port, String prefix) {
    CanonicalRequest request =
        canonical(view("a.shop:99", "/x").scheme(scheme).localPort(port).build(), PathPolicy.NGINX);

    assertThat(new FixedRedirect("/y", 301, false, true).apply(request).location())
        .isEqualTo(prefix + "/y");
    assertThat(new SlashRedirect("/x/", false, true).apply(request).location())
        .isEqualTo(prefix + "/x/");
    assertThat(new SlashRedirect("/x/", false, false).apply(request).location())
        .isEqualTo(scheme + "://a.shop/x/");
  }

  /** Section 4.4. */
  @ParameterizedTest(name = "{0}: {2} at {1} for {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      quoteCharacter = '\u0001',
      value = {
        "NGINX  | A.shop.:81 | /foo           | /foo/    | http://a.shop/foo/",
        "NGINX  | a.shop     | /foo//../foo   | /foo/    | http://a.shop/foo/",
        "NGINX  | a.shop     | /foo?a=1/../x  | /foo/    | http://a.shop/foo/?a=1/../x",
        "NGINX  | a.shop     | /foo?          | /foo/    | http://a.shop/foo/",
        "NGINX  | a.shop     | /foo?a#f       | /foo/    | http://a.shop/foo/?a",
        "NGINX  | a.shop     | /%C3%a9%20%25  | /é %/    | http://a.shop/%C3%A9%20%25/",
        "NGINX  | a.shop     | /[;+           | /[;+/    | http://a.shop/[;+/",
        "NGINX  | _          | /foo           | /foo/    | http://_/foo/",
        "NGINX  | [::1]      | /foo           | /foo/    | http://[::1]/foo/",
        "NGINX  | b.shop     | http://a.shop/foo | /foo/ | http://a.shop/foo/",
        "NGINX  | none       | /foo           | /foo/    | /foo/",
        "STRICT | A.shop.:81 | /foo           | /foo/    | http://a.shop/foo/",
        "STRICT | a.shop     | /foo//../foo?q | /foo/    | http://a.shop/foo/?q",
        "STRICT | a.shop     | /%C3%a9%20%25  | /é %/    | http://a.shop/%C3%A9%20%25/",
        "STRICT | a.shop     | /a%2Fb         | /a/b/    | http://a.shop/a%2Fb/",
        "STRICT | none       | /foo           | /foo/    | /foo/",
      })
  void addsTheSlashThatARuleIsWrittenWith(
      PathPolicy policy, @Nullable String host, String target, String path, String location) {
    assertThat(new SlashRedirect(path, false, false).apply(get(host, target, policy)))
        .isEqualTo(new Redirection(301, location));
  }

  @Test
  void addsTheSlashToARelativeLocation() {
    assertThat(
            new SlashRedirect("/foo/", true, false)
                .apply(get("a.shop", "/foo?a", PathPolicy.NGINX))
                .location())
        .isEqualTo("/foo/?a");
  }

  /** Section 5.3. */
  @ParameterizedTest(name = "{0} {1} {2} to {3}: {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "NGINX  | A.shop.:81 | /          | /app              | http://A.shop.:81/app",
        "NGINX  | a.shop     | //./?q     | /app              | http://a.shop/app",
        "NGINX  | a.shop     | /?q=1      | /app$is_args$args | http://a.shop/app?q=1",
        "NGINX  | a.shop     | /          | /app$is_args$args | http://a.shop/app",
        "NGINX  | a.shop     | /          | /$1$host          | http://a.shop/a.shop",
        "NGINX  | a.shop     | /x         | /app              | none",
        "NGINX  | none       | /          | /app              | http:///app",
        "NGINX  | b.shop     | http://a.shop | /app           | http://b.shop/app",
        "STRICT | A.shop.:81 | //.//      | /app              | http://A.shop.:81/app",
        "STRICT | a.shop     | /?q=%41    | /app$is_args$args | http://a.shop/app?q=%41",
        "STRICT | a.shop     | /?h=//e    | /$1$arg_h         | http://a.shop///e",
        "STRICT | a.shop     | /?h=\"%41  | /$arg_h           | http://a.shop/%22%2541",
        "STRICT | a.shop     | /x         | /app              | none",
        "STRICT | none       | /          | /app              | /app",
        "STRICT | none       | /?h=//e    | /$arg_h           | /e",
        "STRICT | none       | /          | //app             | /app",
      })
  void sendsTheRootToTheApplication(
      PathPolicy policy,
      @Nullable String host,
      String target,
      String path,
      @Nullable String location) {
    assertThat(location(new AppRoot(template(path)).apply(get(host, target, policy))))
        .isEqualTo(location);
  }

  @Test
  void escapesControlsInAnApplicationRoot() {
    SimpleRequest view = view("a.shop", "/").header("X-To", "a\r\nb\tc").build();

    for (PathPolicy policy : PathPolicy.values()) {
      assertThat(new AppRoot(template("/$http_x_to")).apply(canonical(view, policy)))
          .isEqualTo(new Redirection(302, "http://a.shop/a%0D%0Ab%09c"));
    }
  }

  /** Section 9.3. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "NGINX,  /foo/,             http://a.shop:80/foo",
    "NGINX,  /,                 http://a.shop:80",
    "NGINX,  //a//b/x?q=/,      http://a.shop:80//a//b/x?q=",
    "NGINX,  /a#f,              http://a.shop:80/a#f",
    "STRICT, /foo/,             http://a.shop:80/foo",
    "STRICT, //a//b%2f/x?q=/,   http://a.shop:80/a/b%2F/x?q=",
  })
  void sendsToTheSiblingHost(PathPolicy policy, String target, String location) {
    assertThat(new SiteRedirect("a.shop", 308).apply(get("www.a.shop:99", target, policy)))
        .isEqualTo(new Redirection(308, location));
  }

  /** Section 9.3: scheme and port of the client; SEC-22: no other scheme. */
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "https,      8443, https://a.shop:8443/x",
    "HTTPS,      443,  HTTPS://a.shop:443/x",
    "javascript, x,    http://a.shop:80/x",
    "'a,b',      0,    http://a.shop:80/x",
  })
  void sendsToTheSiblingHostAsTrustedPeersSay(String scheme, String port, String location) {
    SimpleRequest view =
        view("www.a.shop", "/x")
            .header("X-Forwarded-Proto", scheme)
            .header("X-Forwarded-Port", port)
            .build();

    assertThat(
            new SiteRedirect("a.shop", 301)
                .apply(canonical(view, PathPolicy.NGINX, BELIEVING, ""))
                .location())
        .isEqualTo(location);
  }

  /** SEC-23: fuzzed requests, every kind of redirect, both policies. */
  @Property(tries = 2000)
  void emitsNoControls(
      @ForAll String host,
      @ForAll String target,
      @ForAll String header,
      @ForAll PathPolicy policy) {
    for (String path : List.of(target, "/" + target, "/%" + target, "/?" + target)) {
      SimpleRequest view =
          view(host, path)
              .header("X-Forwarded-Host", header)
              .header("X-Forwarded-Proto", header)
              .header("X-Forwarded-Port", header)
              .build();
      CanonicalRequest request = canonicalOrNull(view, policy, BELIEVING, "");
      if (request == null) {
        continue;
      }
      List<@Nullable Redirection> redirections = new ArrayList<>();
      redirections.add(new HttpsRedirect(true, true, 0, 308).apply(request, false));
      redirections.add(new SiteRedirect("a.shop", 308).apply(request));
      redirections.add(new SlashRedirect("/x/", false, true).apply(request));
      redirections.add(new FixedRedirect("/x", 301, false, true).apply(request));
      redirections.add(
          new AppRoot(template("/$host$args$http_x_forwarded_host$http_host")).apply(request));
      for (Redirection redirection : redirections) {
        if (redirection != null) {
          assertThat(redirection.location()).matches("[\\x20-\\x7E\\x80-\\xFF]+");
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoRedirect() {
    assertThatThrownBy(() -> new Redirection(200, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("status 200 is no redirect");
    assertThatThrownBy(() -> new Redirection(301, "/a\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the value of header Location holds a character that no header may hold, at index 2");
    assertThatThrownBy(() -> new HttpsRedirect(true, true, 70000, 308))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port 70000 is not between 0 and 65535");
    assertThatThrownBy(() -> new FixedRedirect("/a\r", 301, false, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SiteRedirect("a\n", 301))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SlashRedirect("/foo", false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the path must begin and end with a slash");
    assertThatThrownBy(() -> new AppRoot(template("app")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the path must begin with a slash");
  }
}
