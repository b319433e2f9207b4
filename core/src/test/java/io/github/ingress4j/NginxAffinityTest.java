package io.github.ingress4j;

import static io.github.ingress4j.NginxInput.cookie;
import static io.github.ingress4j.NginxInput.forward;
import static io.github.ingress4j.NginxInput.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.routing.PathPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Session affinity: ingress-nginx, section 7; SEC-32. */
class NginxAffinityTest {

  private static final String[] PODS = {"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4"};

  private static NginxInput shop(String... annotations) {
    String[] all = new String[annotations.length + 1];
    all[0] = "affinity: cookie";
    System.arraycopy(annotations, 0, all, 1, annotations.length);
    return new NginxInput().ingress("web", "a.shop /cart web:80", all).backend("web", PODS);
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String tag(String upstream) {
    return md5(md5(upstream) + upstream);
  }

  /** Name and value of a cookie that was set, as a request sends them back. */
  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void bindsASessionByAHashedKey() {
    IngressRouter router = shop().router();
    Forward first = forward(router, "http://a.shop/cart");
    String cookie = cookie(first);

    assertThat(cookie)
        .matches(
            "INGRESSCOOKIE=\\d+\\.\\d+\\.\\d+\\.\\d+\\|"
                + tag("default-web-80")
                + "; Path=/cart; HttpOnly");
    for (int i = 0; i < 8; i++) {
      Forward next = forward(router, "http://a.shop/cart/" + i, "Cookie: " + pair(cookie));
      assertThat(next.endpoint()).isEqualTo(first.endpoint());
      assertThat(cookie(next)).isEmpty();
    }
  }

  @Test
  void bindsASessionToAnEndpoint() {
    IngressRouter router = shop("affinity-mode: persistent").router();
    Forward first = forward(router, "http://a.shop/cart");
    String key = md5("default-web-80" + first.endpoint());

    assertThat(cookie(first))
        .isEqualTo("INGRESSCOOKIE=" + key + "|" + tag("default-web-80") + "; Path=/cart; HttpOnly");
    for (String pod : PODS) {
      String other = md5("default-web-80" + pod + ":8080");
      Forward next = forward(router, "http://a.shop/cart", "Cookie: INGRESSCOOKIE=" + other);
      assertThat(next.endpoint()).hasToString(pod + ":8080");
      assertThat(cookie(next)).isEmpty();
    }
  }

  /** New sessions are spread over all endpoints. */
  @ParameterizedTest
  @ValueSource(strings = {"balanced", "persistent"})
  void spreadsNewSessions(String mode) {
    IngressRouter router = shop("affinity-mode: " + mode).router();
    Set<String> endpoints = new HashSet<>();
    Set<String> cookies = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      Forward forward = forward(router, "http://a.shop/cart");
      endpoints.add(String.valueOf(forward.endpoint()));
      cookies.add(cookie(forward));
    }

    assertThat(endpoints).hasSize(4);
    assertThat(cookies).hasSize(mode.equals("balanced") ? 60 : 4);
  }

  /** Section 7, SEC-32: which cookie counts, and that none has to be believed. */
  @ParameterizedTest(name = "{0}: persistent sets {1}, balanced sets {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Cookie                            | persistent | balanced
          INGRESSCOOKIE=nosuchkey             | true       | false
          INGRESSCOOKIE=nosuchkey%7Cb         | true       | false
          INGRESSCOOKIE=                      | true       | true
          'INGRESSCOOKIE=|'                   | true       | true
          'INGRESSCOOKIE=|b'                  | true       | false
          ingresscookie=KEY                   | true       | true
          XINGRESSCOOKIE=KEY                  | true       | true
          INGRESSCOOKIE=KEY                   | false      | false
          'INGRESSCOOKIE=KEY|'                | false      | false
          'INGRESSCOOKIE=KEY|foreign'         | false      | false
          a=1; INGRESSCOOKIE=KEY; b=2         | false      | false
          INGRESSCOOKIE=x; INGRESSCOOKIE=KEY  | false      | false
          INGRESSCOOKIE=KEY; INGRESSCOOKIE=x  | true       | false
          INGRESSCOOKIE=10.1.0.1:8080         | true       | false
          INGRESSCOOKIE=..%2f..%0d%0a         | true       | false
          """)
  void readsTheCookie(String cookies, boolean isNewPersistent, boolean isNewBalanced) {
    String sent = cookies.replace("KEY", md5("default-web-80" + "10.1.0.3:8080"));
    for (String mode : List.of("persistent", "balanced")) {
      Forward forward =
          forward(shop("affinity-mode: " + mode).router(), "http://a.shop/cart", "Cookie: " + sent);
      boolean isNew = mode.equals("persistent") ? isNewPersistent : isNewBalanced;

      assertThat(cookie(forward).isEmpty()).as(mode).isEqualTo(!isNew);
      if (mode.equals("persistent") && !isNew) {
        assertThat(forward.endpoint()).hasToString("10.1.0.3:8080");
      }
      assertThat(forward.toString()).startsWith("forward /cart to default/web:80 at 10.1.0.");
    }
  }

  @Test
  void readsHugeCookies() {
    String huge = "x".repeat(100_000);
    for (String mode : List.of("persistent", "balanced")) {
      Forward forward =
          forward(
              shop("affinity-mode: " + mode).router(),
              "http://a.shop/cart",
              "Cookie: INGRESSCOOKIE=" + huge + "|" + huge);
      assertThat(forward.endpoint()).isNotNull();
      assertThat(cookie(forward)).hasSizeLessThan(200);
    }
  }

  /** The attributes in their order. */
  @ParameterizedTest(name = "{0} over {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                                  | scheme | attributes
          ''                                                             | http   | Path=/cart; HttpOnly
          ''                                                             | https  | Path=/cart; Secure; HttpOnly
          session-cookie-secure: true                                    | http   | Path=/cart; Secure; HttpOnly
          session-cookie-secure: false                                   | https  | Path=/cart; Secure; HttpOnly
          session-cookie-secure: false                                   | http   | Path=/cart; HttpOnly
          session-cookie-path: /                                         | http   | Path=/; HttpOnly
          session-cookie-max-age: 7                                      | http   | Max-Age=7; Path=/cart; HttpOnly
          session-cookie-max-age: 0                                      | http   | Max-Age=0; Path=/cart; HttpOnly
          session-cookie-expires: 90                                     | http   | Expires=Thu, 01-Jan-26 00:01:30 GMT; Path=/cart; HttpOnly
          session-cookie-domain: a.shop                                  | http   | Domain=a.shop; Path=/cart; HttpOnly
          session-cookie-samesite: Lax                                   | http   | Path=/cart; HttpOnly; SameSite=Lax
          session-cookie-samesite: Strict                                | http   | Path=/cart; HttpOnly; SameSite=Strict
          session-cookie-samesite: None                                  | https  | Path=/cart; Secure; HttpOnly; SameSite=None
          session-cookie-samesite: lax                                   | http   | Path=/cart; HttpOnly
          session-cookie-samesite: NONE                                  | http   | Path=/cart; HttpOnly
          session-cookie-expires: 90; session-cookie-max-age: 90; session-cookie-domain: a.shop; session-cookie-path: /x; session-cookie-samesite: Lax | https | Expires=Thu, 01-Jan-26 00:01:30 GMT; Max-Age=90; Domain=a.shop; Path=/x; Secure; HttpOnly; SameSite=Lax
          session-cookie-max-age: soon                                   | http   | Path=/cart; HttpOnly
          """)
  void writesTheAttributes(String annotations, String scheme, String attributes) {
    NginxInput input = shop(annotations.isEmpty() ? new String[0] : annotations.split("; ", -1));
    IngressRouter router = input.settings("ssl-redirect: false").router();
    String cookie = cookie(forward(router, scheme + "://a.shop/cart", "X-Forwarded-Proto: https"));

    assertThat(cookie.substring(cookie.indexOf(';') + 2)).isEqualTo(attributes);
  }

  /** Browsers that take SameSite=None for Strict get none, if so configured. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # User-Agent                                                          | sent
          Mozilla/5.0 Chrome/49.0                                               | false
          Mozilla/5.0 Chrome/5                                                  | false
          Mozilla/5.0 Chrome/66.0 Safari/537                                    | false
          Mozilla/5.0 Chrome/80.0 Safari/537                                    | true
          Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X)                | false
          Mozilla/5.0 (iPad; CPU OS 12_1 like Mac OS X)                         | false
          Mozilla/5.0 (iPhone; CPU iPhone OS 13_1 like Mac OS X)                | true
          Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Safari/605            | false
          Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) Chrome/99 Safari/605  | true
          Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605              | true
          ''                                                                    | true
          """)
  void sparesOldBrowsers(String agent, boolean isSent) {
    String[] annotations = {
      "session-cookie-samesite: None", "session-cookie-conditional-samesite-none: true"
    };
    String[] headers = agent.isEmpty() ? new String[0] : new String[] {"User-Agent: " + agent};
    String cookie = cookie(forward(shop(annotations).router(), "http://a.shop/cart", headers));

    assertThat(cookie.endsWith("; SameSite=None")).isEqualTo(isSent);
    assertThat(cookie(forward(shop(annotations[0]).router(), "http://a.shop/cart", headers)))
        .endsWith("; SameSite=None");
  }

  // ---- where a cookie is set

  /** Hosts, aliases, wildcard parents, the default host; Path is the path of the rule. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # URL                        | Path, or none
          http://a.shop/cart           | /cart
          http://A.SHOP.:80/cart/x     | /cart
          http://a.shop/               | none
          http://a.shop/other          | none
          http://b.shop/b              | none
          http://alias.shop/cart       | /cart
          http://one.pattern.shop/cart | /cart
          http://v1.shop/cart          | none
          http://x.wild.shop/w         | /w
          http://x.wild.shop/w/y       | /w
          http://unknown/d             | /d
          http://10.0.0.1/d            | /d
          """)
  void setsTheCookieOnPathsThatAskForIt(String url, String path) {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.shop /cart web:80",
                "affinity: cookie",
                "server-alias: alias.shop, *.pattern.shop, ~^v1\\.shop$")
            .ingress("wild", "*.wild.shop /w web:80; - /d web:80", "affinity: cookie")
            .ingress("plain", "a.shop /other web:80; b.shop /b web:80")
            .ingress("root", "a.shop / web:80; c.shop /c web:80")
            .backend("web", PODS)
            .router();
    String cookie = cookie(forward(router, url));

    if (path.equals("none")) {
      assertThat(cookie).isEmpty();
    } else {
      assertThat(cookie).endsWith("; Path=" + path + "; HttpOnly");
    }
  }

  /** The implicit root counts as the path /, and that of the default host belongs to _. */
  @Test
  void setsTheCookieOnRootsThatNobodyWrote() {
    NginxInput input =
        new NginxInput()
            .ingress("all", "default web:80")
            .ingress("web", "a.shop /cart web:80; default web:80")
            .ingress("root", "b.shop / web:80; - / web:80", "affinity: cookie")
            .backend("web", PODS);
    IngressRouter router = input.router();

    assertThat(cookie(forward(router, "http://b.shop/x"))).endsWith("; Path=/; HttpOnly");
    // The older default back end keeps the root of unknown hosts, but the path is in the list.
    assertThat(cookie(forward(router, "http://unknown/x"))).endsWith("; Path=/; HttpOnly");
    assertThat(cookie(forward(router, "http://a.shop/x"))).isEmpty();
  }

  /** With regular expressions the Path is the expression; what would end it becomes the root. */
  @ParameterizedTest
  @CsvSource({"/x/.*, /x/.*", "'/x(/|$)(.*)', '/x(/|$)(.*)'", "'/x;y', /"})
  void takesTheExpressionForThePath(String path, String attribute) {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.shop " + path + " web:80 ImplementationSpecific",
                "affinity: cookie",
                "use-regex: true")
            .backend("web", PODS)
            .builder()
            .pathPolicy(PathPolicy.NGINX)
            .build();
    String url = attribute.equals("/") ? "http://a.shop/x;y" : "http://a.shop/x/1";

    assertThat(cookie(forward(router, url))).endsWith("; Path=" + attribute + "; HttpOnly");
  }

  @Test
  void takesEveryNameThatTheAnnotationAllows() {
    IngressRouter router = shop("session-cookie-name: a:b/c").router();

    assertThat(cookie(forward(router, "http://a.shop/cart"))).startsWith("a:b/c=");
    assertThat(NginxInput.findings(router)).isEmpty();
  }

  // ---- retries

  private static Forward fail(Exchange exchange, Forward forward) {
    return (Forward) exchange.failed(forward, Exchange.Failure.CONNECT, 0);
  }

  /** A retry stays where the cookie points, unless a failure may move the session. */
  @ParameterizedTest
  @CsvSource({"balanced, false", "balanced, true", "persistent, false", "persistent, true"})
  void movesTheSessionOnFailureOnlyIfAsked(String mode, boolean mayMove) {
    IngressRouter router =
        shop("affinity-mode: " + mode, "session-cookie-change-on-failure: " + mayMove).router();
    String bound = pair(cookie(forward(router, "http://a.shop/cart")));
    Exchange exchange = router.exchange(request("http://a.shop/cart", "Cookie: " + bound));
    Forward first = (Forward) exchange.first();
    Forward second = fail(exchange, first);
    Forward third = fail(exchange, closed(exchange, first, second));

    if (mayMove) {
      assertThat(
              Set.of(
                  String.valueOf(first.endpoint()),
                  String.valueOf(second.endpoint()),
                  String.valueOf(third.endpoint())))
          .hasSize(3);
      assertThat(cookie(first)).isEmpty();
      assertThat(cookie(second)).startsWith("INGRESSCOOKIE=").isNotEqualTo(cookie(third));
      Forward next = forward(router, "http://a.shop/cart", "Cookie: " + pair(cookie(third)));
      assertThat(next.endpoint()).isEqualTo(third.endpoint());
    } else {
      assertThat(List.of(second, third))
          .allSatisfy(
              retry -> {
                assertThat(retry.endpoint()).isEqualTo(first.endpoint());
                assertThat(cookie(retry)).isEmpty();
              });
    }
  }

  private static Forward closed(Exchange exchange, Forward old, Forward next) {
    exchange.closed(old, -1, -1, false);
    return next;
  }

  /** Without a cookie nothing binds yet, so a retry goes elsewhere and the last key is set. */
  @ParameterizedTest
  @ValueSource(strings = {"balanced", "persistent"})
  void drawsAnotherEndpointIfNothingBindsYet(String mode) {
    IngressRouter router = shop("affinity-mode: " + mode).router();
    for (int i = 0; i < 20; i++) {
      Exchange exchange = router.exchange(request("http://a.shop/cart"));
      Forward first = (Forward) exchange.first();
      Forward second = fail(exchange, first);
      exchange.end();

      assertThat(second.endpoint()).isNotEqualTo(first.endpoint());
      Forward bound = forward(router, "http://a.shop/cart", "Cookie: " + pair(cookie(second)));
      assertThat(bound.endpoint()).isEqualTo(second.endpoint());
    }
  }

  /** Endpoints that left: a persistent session gets a new one, a balanced one moves silently. */
  @Test
  void findsAnotherEndpointForThoseThatLeft() {
    for (String mode : List.of("balanced", "persistent")) {
      LiveRouter live = LiveRouter.of(shop("affinity-mode: " + mode).router());
      Forward first = (Forward) live.route(request("http://a.shop/cart"));
      String gone = Objects.requireNonNull(first.endpoint()).host();
      live.replace(
          new NginxInput()
              .ingress("web", "a.shop /cart web:80", "affinity: cookie", "affinity-mode: " + mode)
              .backend(
                  "web",
                  List.of(PODS).stream().filter(pod -> !pod.equals(gone)).toArray(String[]::new))
              .set());
      Forward next =
          (Forward) live.route(request("http://a.shop/cart", "Cookie: " + pair(cookie(first))));

      assertThat(next.endpoint()).isNotNull().isNotEqualTo(first.endpoint());
      assertThat(cookie(next).isEmpty()).as(mode).isEqualTo(mode.equals("balanced"));
    }
  }
}
