package io.github.ingress4j;

import static io.github.ingress4j.NginxInput.cookie;
import static io.github.ingress4j.NginxInput.findings;
import static io.github.ingress4j.NginxInput.forward;
import static io.github.ingress4j.NginxInput.request;
import static io.github.ingress4j.NginxInput.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Canaries: ingress-nginx, section 8.6; SEC-33. */
class NginxCanaryTest {

  private static final String ALWAYS = "X-Canary: always";

  private static NginxInput backends() {
    return new NginxInput()
        .backend("web", "10.1.0.1", "10.1.0.2")
        .backend("new", "10.2.0.1", "10.2.0.2")
        .backend("newer", "10.3.0.1");
  }

  private static String[] canary(String... rules) {
    List<String> all = new ArrayList<>(List.of("canary: true"));
    all.addAll(List.of(rules));
    return all.toArray(String[]::new);
  }

  private static final String[] BY_HEADER = canary("canary-by-header: X-Canary");

  private static NginxInput shop(String... rules) {
    return backends()
        .ingress("web", "a.shop / web:80")
        .ingress("canary", "a.shop / new:80", canary(rules));
  }

  // ---- the decision, steps 4 to 6

  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # rules                                                   | header                | taken by
          canary-by-header: X-Canary                                | X-Canary: always      | new
          canary-by-header: X-Canary                                | X-Canary: never       | web
          canary-by-header: X-Canary                                | X-Canary: Always      | web
          canary-by-header: X-Canary                                | X-Canary: other       | web
          canary-by-header: X-Canary                                | x-CANARY: always      | new
          canary-by-header: x_canary                                | X-Canary: always      | new
          canary-by-header: X-Canary                                | X_Canary: always      | web
          canary-by-header: X-Canary                                | A: b                  | web
          canary-by-header: X-Canary; canary-weight: 100            | X-Canary: never       | web
          canary-by-header: X-Canary; canary-weight: 100            | X-Canary: other       | new
          canary-by-header: X-Canary; canary-by-header-value: eu    | X-Canary: eu          | new
          canary-by-header: X-Canary; canary-by-header-value: eu    | X-Canary: EU          | web
          canary-by-header: X-Canary; canary-by-header-value: eu    | X-Canary: eu2         | web
          canary-by-header: X-Canary; canary-by-header-value: eu    | X-Canary: always      | web
          canary-by-header: X-Canary; canary-by-header-value: eu; canary-weight: 100 | X-Canary: never | new
          canary-by-header: X-Canary; canary-by-header-value: eu; canary-by-header-pattern: ^us | X-Canary: us | web
          canary-by-header: X-Canary; canary-by-header-pattern: ^e  | X-Canary: eu          | new
          canary-by-header: X-Canary; canary-by-header-pattern: u   | X-Canary: eu2         | new
          canary-by-header: X-Canary; canary-by-header-pattern: U   | X-Canary: eu2         | web
          canary-by-header: X-Canary; canary-by-header-pattern: ^e  | X-Canary: always      | web
          canary-by-header: X-Canary; canary-by-header-pattern: ^e; canary-weight: 100 | X-Canary: never | new
          canary-by-header: X-Canary; canary-by-header-pattern: (e; canary-weight: 100 | X-Canary: e     | web
          canary-by-header: X-Canary; canary-by-header-pattern: (e; canary-weight: 100 | A: b            | new
          canary-by-header: X-Canary; canary-by-header-pattern: (e; canary-by-cookie: c | X-Canary: e~Cookie: c=always | web
          canary-by-header-value: eu                                | X-Canary: eu          | web
          canary-by-header-pattern: eu                              | X-Canary: eu          | web
          canary-by-cookie: c                                       | Cookie: c=always      | new
          canary-by-cookie: c                                       | Cookie: C=always      | new
          canary-by-cookie: c; canary-weight: 100                   | Cookie: c=never       | web
          canary-by-cookie: c                                       | Cookie: c=Always      | web
          canary-by-cookie: c                                       | Cookie: cc=always     | web
          canary-by-cookie: c; canary-weight: 100                   | Cookie: c=other       | new
          canary-by-cookie: c; canary-by-header: X-Canary           | Cookie: c=always~X-Canary: never | web
          canary-by-cookie: c; canary-by-header: X-Canary           | Cookie: c=never~X-Canary: always | new
          canary-by-cookie: c; canary-by-header: X-Canary           | Cookie: c=always~X-Canary: other | new
          canary-weight: 0                                          | A: b                  | web
          canary-weight: 100                                        | A: b                  | new
          canary-weight: 101                                        | A: b                  | new
          canary-weight: 100; canary-weight-total: 50               | A: b                  | new
          canary-weight: 1000; canary-weight-total: 1000            | A: b                  | new
          canary-weight: -1                                         | A: b                  | web
          """)
  void decides(String rules, String headers, String taken) {
    IngressRouter router = shop(rules.split("; ", -1)).router();

    for (int i = 0; i < 10; i++) {
      assertThat(service(router, "http://a.shop/x", headers.split("~", -1))).isEqualTo(taken);
    }
  }

  /** Step 6: a number from 1 to the total, which is at least 100; over several seeds. */
  @ParameterizedTest(name = "weight {0} of {1}: {2}")
  @CsvSource({"30, '', 0.3", "30, 50, 0.3", "30, 100, 0.3", "30, 1000, 0.03", "500, 1000, 0.5"})
  void splitsByWeight(String weight, String total, double share) {
    String[] rules =
        total.isEmpty()
            ? new String[] {"canary-weight: " + weight}
            : new String[] {"canary-weight: " + weight, "canary-weight-total: " + total};
    NginxInput input = shop(rules);
    int taken = 0;
    for (int seed = 0; seed < 5; seed++) {
      IngressRouter router = input.builder().random(new Random(seed)).build();
      for (int i = 0; i < 2000; i++) {
        taken += service(router, "http://a.shop/").equals("new") ? 1 : 0;
      }
    }

    // Four standard deviations of 10,000 draws at most.
    assertThat(taken / 10_000.0).isCloseTo(share, within(0.02));
  }

  @Test
  void reportsAPatternThatIsNone() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80; b.shop / newer:80")
            .ingress(
                "canary",
                "a.shop / new:80; b.shop / new:80",
                canary("canary-by-header: X-Canary", "canary-by-header-pattern: (e"))
            .router();

    assertThat(findings(router)).containsExactly("nginx-canary-pattern-invalid");
  }

  // ---- what it shares

  /** Only the back end of a path and the rules of the canary count; all else is the main path's. */
  @Test
  void takesEverythingElseFromTheMainPath() {
    IngressRouter router =
        backends()
            .ingress(
                "web",
                "a.shop /x(/|$)(.*) web:80 ImplementationSpecific",
                "rewrite-target: /main/$2",
                "upstream-vhost: main.shop")
            .ingress(
                "canary",
                "a.shop /x(/|$)(.*) new:80 ImplementationSpecific",
                canary(
                    "canary-weight: 100",
                    "rewrite-target: /canary",
                    "upstream-vhost: canary.shop",
                    "permanent-redirect: https://b.shop",
                    "upstream-hash-by: $request_uri"))
            .router();
    Forward forward = forward(router, "http://a.shop/x/y");

    assertThat(forward.backend()).hasToString("default/new:80");
    assertThat(forward.target()).isEqualTo("/main/y");
    assertThat(forward.host()).isEqualTo("main.shop");
    assertThat(forward.route().ingress()).isEqualTo("default/web");
    // Its own way of choosing counts.
    for (int i = 0; i < 6; i++) {
      assertThat(forward(router, "http://a.shop/x/y").endpoint()).isEqualTo(forward.endpoint());
    }
  }

  /** Path and type have to be those of the main path; missing types are Prefix. */
  @ParameterizedTest(name = "{0} beside {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # main                                     | canary                                    | taken by
          a.shop /x web:80                           | a.shop /x new:80                          | new
          a.shop /x web:80 ImplementationSpecific    | a.shop /x new:80                          | new
          a.shop /x web:80 Exact                     | a.shop /x new:80                          | web
          a.shop /x web:80                           | a.shop /x new:80 Exact                    | web
          a.shop /x web:80                           | a.shop /x/ new:80                         | web
          a.shop /x web:80                           | a.shop / new:80                           | web
          a.shop /x web:80                           | b.shop /x new:80                          | web
          a.shop /x web:80                           | - /x new:80                               | web
          a.shop / web:80                            | a.shop / new:80                           | new
          """)
  void sharesThePathsThatAreWrittenAlike(String main, String canary, String taken) {
    IngressRouter router =
        backends().ingress("web", main).ingress("canary", canary, BY_HEADER).router();

    assertThat(service(router, "http://a.shop/x", ALWAYS)).isEqualTo(taken);
    assertThat(service(router, "http://a.shop/x")).isEqualTo("web");
    assertThat(findings(router).contains("nginx-canary-unmatched")).isEqualTo(taken.equals("web"));
  }

  /** It never makes hosts, paths or redirects. */
  @Test
  void neverMakesHostsOrPaths() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop /x web:80")
            .ingress(
                "canary",
                "a.shop /y new:80; b.shop / new:80; default new:80",
                canary("canary-weight: 100", "permanent-redirect: https://c.shop"))
            .router();

    assertThat(service(router, "http://a.shop/y")).isEqualTo("404 no-route");
    assertThat(service(router, "http://b.shop/")).isEqualTo("404 no-route");
    assertThat(service(router, "http://unknown/")).isEqualTo("404 no-route");
    assertThat(service(router, "http://a.shop/x")).isEqualTo("web");
  }

  /** It hangs on the upstream, and so takes effect wherever that is used. */
  @Test
  void leaksToAllHostsOfTheSameService() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80; a.shop /other web:80")
            .ingress("other", "b.shop /x web:80; - /z web:80")
            .ingress("canary", "a.shop / new:80", BY_HEADER)
            .router();

    for (String url :
        List.of("http://a.shop/", "http://a.shop/other", "http://b.shop/x", "http://c/z")) {
      assertThat(service(router, url, ALWAYS)).as(url).isEqualTo("new");
    }
  }

  /** SEC-33: a canary of another namespace shares the path of the host, as in the controller. */
  @Test
  void comesFromAnyNamespace() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80")
            .ingress("team/canary", "a.shop / new:80", BY_HEADER)
            .backend("team/new", "10.4.0.1")
            .router();

    assertThat(service(router, "http://a.shop/", ALWAYS)).isEqualTo("team/new");
  }

  @Test
  void countsTheFirstOnly() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80")
            .ingress("one", "a.shop / new:80", canary("canary-by-header: X-One"))
            .ingress("two", "a.shop / newer:80", canary("canary-by-header: X-Two"))
            .router();

    assertThat(service(router, "http://a.shop/", "X-One: always")).isEqualTo("new");
    assertThat(service(router, "http://a.shop/", "X-Two: always")).isEqualTo("web");
    assertThat(findings(router)).containsExactly("nginx-canary-second");
  }

  /** A first canary that is given up still keeps the others out. */
  @Test
  void countsTheFirstEvenIfItIsGivenUp() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80")
            .ingress("one", "a.shop / new:80; a.shop /nowhere new:80", BY_HEADER)
            .ingress("two", "a.shop / newer:80", BY_HEADER)
            .router();

    assertThat(service(router, "http://a.shop/", ALWAYS)).isEqualTo("web");
    assertThat(findings(router)).contains("nginx-canary-unmatched");
  }

  /** An older ordinary Ingress owns the Service, and it has no rules. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hasNoRulesIfAnOlderIngressUsesItsService(boolean isCanaryOlder) {
    NginxInput input = backends();
    String[] rules = canary("canary-weight: 100");
    if (isCanaryOlder) {
      input.ingress("canary", "a.shop / new:80", rules);
    }
    input.ingress("web", "a.shop / web:80").ingress("other", "b.shop / new:80");
    if (!isCanaryOlder) {
      input.ingress("canary", "a.shop / new:80", rules);
    }
    IngressRouter router = input.router();

    assertThat(service(router, "http://a.shop/")).isEqualTo(isCanaryOlder ? "new" : "web");
    assertThat(service(router, "http://b.shop/")).isEqualTo(isCanaryOlder ? "404 no-route" : "new");
    assertThat(findings(router))
        .contains(isCanaryOlder ? "nginx-canary-owns-service" : "nginx-canary-without-rules");
  }

  /** Its own Service as the main one stops the search. */
  @Test
  void doesNothingForItsOwnService() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80; a.shop /same web:80")
            .ingress("canary", "a.shop / web:80", BY_HEADER)
            .router();

    assertThat(service(router, "http://a.shop/", ALWAYS)).isEqualTo("web");
    assertThat(findings(router)).contains("nginx-canary-is-main");
  }

  /** A default back end shares all paths of the default host, but not the controller's own 404. */
  @Test
  void sharesTheDefaultHostByADefaultBackend() {
    IngressRouter router =
        backends()
            .ingress("all", "default web:80")
            .ingress("paths", "- /x web:80; - /y newer:80; a.shop / newer:80")
            .ingress("canary", "default new:80", BY_HEADER)
            .router();

    for (String url :
        List.of("http://unknown/", "http://unknown/x", "http://unknown/y", "http://a.shop/")) {
      assertThat(service(router, url, ALWAYS)).as(url).isEqualTo("new");
    }
    IngressRouter none =
        backends()
            .ingress("web", "a.shop / web:80")
            .ingress("canary", "default new:80", canary("canary-weight: 100"))
            .router();
    assertThat(service(none, "http://unknown/")).isEqualTo("404 no-route");
    assertThat(findings(none)).contains("nginx-canary-unmatched");
  }

  @Test
  void isAnOrdinaryIngressWithoutTheMark() {
    IngressRouter router =
        backends()
            .ingress("web", "a.shop / web:80")
            .ingress("canary", "a.shop / new:80; a.shop /y new:80", "canary-weight: 100")
            .router();

    assertThat(service(router, "http://a.shop/")).isEqualTo("web");
    assertThat(service(router, "http://a.shop/y")).isEqualTo("new");
    assertThat(findings(router)).contains("canary-rule-stray");
  }

  // ---- endpoints, step 2

  @Test
  void staysWithTheMainBackEndIfTheCanaryHasNoEndpoint() {
    IngressRouter router =
        new NginxInput()
            .backend("web", "10.1.0.1")
            .emptyBackend("new")
            .ingress("web", "a.shop / web:80")
            .ingress("canary", "a.shop / new:80", canary("canary-weight: 100"))
            .router();

    assertThat(service(router, "http://a.shop/")).isEqualTo("web");
  }

  @Test
  void answers503IfTheMainBackEndHasNoEndpoint() {
    IngressRouter router =
        new NginxInput()
            .backend("new", "10.1.0.1")
            .emptyBackend("web")
            .ingress("web", "a.shop / web:80")
            .ingress("canary", "a.shop / new:80", BY_HEADER)
            .router();

    assertThat(service(router, "http://a.shop/", ALWAYS)).isEqualTo("503 no-endpoints");
  }

  /** The choice is made once: a retry stays with the canary. */
  @Test
  void staysWithTheChoiceInRetries() {
    Exchange exchange =
        shop("canary-by-header: X-Canary").router().exchange(request("http://a.shop/", ALWAYS));
    Forward first = (Forward) exchange.first();
    Forward second = (Forward) exchange.failed(first, Exchange.Failure.CONNECT, 0);

    assertThat(second.backend()).hasToString("default/new:80");
    assertThat(second.endpoint()).isNotEqualTo(first.endpoint());
  }

  // ---- affinity, steps 1 and 3

  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static NginxInput sticky(String behavior) {
    return backends()
        .ingress(
            "web",
            "a.shop / web:80",
            "affinity: cookie",
            "session-cookie-name: SID",
            "session-cookie-path: /p")
        .ingress(
            "canary",
            "a.shop / new:80",
            canary("canary-by-header: X-Canary", "affinity-canary-behavior: " + behavior));
  }

  @Test
  void keepsSessionsWithTheBackEndThatBeganThem() {
    IngressRouter router = sticky("sticky").router();
    Forward main = forward(router, "http://a.shop/");
    Forward canary = forward(router, "http://a.shop/", ALWAYS);

    assertThat(cookie(main)).startsWith("SID=").contains("; Path=/p;");
    assertThat(cookie(canary)).startsWith("SID=").contains("; Path=/p;");
    // The cookie goes before the header, both ways.
    for (int i = 0; i < 4; i++) {
      Forward stays = forward(router, "http://a.shop/", ALWAYS, "Cookie: " + pair(cookie(main)));
      assertThat(stays.backend()).hasToString("default/web:80");
      assertThat(stays.endpoint()).isEqualTo(main.endpoint());
      assertThat(cookie(stays)).isEmpty();
      Forward there =
          forward(router, "http://a.shop/", "X-Canary: never", "Cookie: " + pair(cookie(canary)));
      assertThat(there.backend()).hasToString("default/new:80");
      assertThat(there.endpoint()).isEqualTo(canary.endpoint());
      assertThat(cookie(there)).isEmpty();
    }
    // A tag of neither is no tag.
    assertThat(service(router, "http://a.shop/", ALWAYS, "Cookie: SID=k|other")).isEqualTo("new");
    assertThat(service(router, "http://a.shop/", ALWAYS, "Cookie: SID=k")).isEqualTo("new");
  }

  @Test
  void leavesALegacyCanaryWithoutSessions() {
    IngressRouter router = sticky("legacy").router();
    Forward main = forward(router, "http://a.shop/");
    Forward canary = forward(router, "http://a.shop/", ALWAYS);

    assertThat(cookie(canary)).isEmpty();
    assertThat(forward(router, "http://a.shop/", ALWAYS).endpoint())
        .isNotEqualTo(canary.endpoint());
    assertThat(service(router, "http://a.shop/", ALWAYS, "Cookie: " + pair(cookie(main))))
        .isEqualTo("web");
  }

  /** A session of a canary whose endpoints are gone goes to the main back end. */
  @Test
  void takesSessionsBackIfTheCanaryHasNoEndpoint() {
    LiveRouter live = LiveRouter.of(sticky("sticky").router());
    Forward canary = (Forward) live.route(request("http://a.shop/", ALWAYS));
    live.replace(
        new NginxInput()
            .backend("web", "10.1.0.1", "10.1.0.2")
            .emptyBackend("new")
            .ingress("web", "a.shop / web:80", "affinity: cookie", "session-cookie-name: SID")
            .ingress("canary", "a.shop / new:80", BY_HEADER)
            .set());

    assertThat(service(live.current(), "http://a.shop/", "Cookie: " + pair(cookie(canary))))
        .isEqualTo("web");
  }

  /** Also if only the canary's upstream has sessions, because an older Ingress asks for them. */
  @Test
  void keepsSessionsOfACanaryThatHasItsOwn() {
    IngressRouter router =
        backends()
            .ingress("other", "b.shop / new:80", "affinity: cookie", "session-cookie-name: OWN")
            .ingress("web", "a.shop / web:80")
            .ingress("canary", "a.shop / new:80", canary("affinity-canary-behavior: legacy"))
            .router();
    String session = pair(cookie(forward(router, "http://b.shop/")));

    assertThat(service(router, "http://a.shop/")).isEqualTo("web");
    assertThat(service(router, "http://a.shop/", "Cookie: " + session)).isEqualTo("new");
  }
}
