package io.github.ingress4j;

import static io.github.ingress4j.NginxInput.forward;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What back ends are told: ingress-nginx, section 10, and the settings of section 13; DESIGN
 * section 5, {@code --trusted-proxy}.
 */
class NginxHeadersTest {

  private static final String PROXY = "10.9.0.1";

  private static NginxInput shop(String... settings) {
    NginxInput input =
        new NginxInput().ingress("web", "a.shop / web:80").backend("web", "10.1.0.1");
    return settings.length == 0 ? input : input.settings(settings);
  }

  private static IngressRouter router(PathPolicy policy, String... settings) {
    return shop(settings).builder().pathPolicy(policy).build();
  }

  private static SimpleRequest.Builder from(String peer) {
    return SimpleRequest.builder().url("http://a.shop/x?y").clientAddress(peer);
  }

  private static Forward send(IngressRouter router, SimpleRequest.Builder request) {
    return (Forward) router.route(request.build());
  }

  /** The lines that are sent, by name; several lines joined by a bar. */
  private static Map<String, String> sent(Forward forward) {
    Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    forward.eachHeader((name, value) -> lines.merge(name, value, (a, b) -> a + "|" + b));
    return lines;
  }

  /** Without settings nobody is believed, with either policy. */
  @ParameterizedTest
  @EnumSource(PathPolicy.class)
  void writesTheFamilyOfItsOwn(PathPolicy policy) {
    SimpleRequest.Builder request =
        from("192.0.2.7")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("X-Forwarded-For", "7.7.7.7")
            .header("X-Forwarded-Host", "evil.shop")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Port", "1")
            .header("X-Forwarded-Scheme", "https")
            .header("X-Forwarded-Prefix", "/evil")
            .header("X-Real-IP", "6.6.6.6")
            .header("X-Scheme", "https")
            .header("X-Original-URI", "/evil")
            .header("Forwarded", "for=6.6.6.6")
            .header("Proxy", "http://evil")
            .header("my_header", "x")
            .header("X.Dotted", "x")
            .header("Accept", "*/*")
            .header("Authorization", "Basic eDp5")
            .header("Cookie", "a=1")
            .header("X-Request-ID", "mine-1");
    Forward forward = send(router(policy), request);

    assertThat(sent(forward))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("X-Forwarded-For", "192.0.2.7"),
                Map.entry("X-Forwarded-Host", "a.shop"),
                Map.entry("X-Forwarded-Port", "80"),
                Map.entry("X-Forwarded-Proto", "http"),
                Map.entry("X-Forwarded-Scheme", "http"),
                Map.entry("X-Scheme", "http"),
                Map.entry("X-Real-IP", "192.0.2.7"),
                Map.entry("X-Original-Forwarded-For", "6.6.6.6, 7.7.7.7"),
                Map.entry("X-Original-Forwarded-Host", "evil.shop"),
                Map.entry("X-Original-URI", "/evil"),
                Map.entry("X-Request-ID", "mine-1"),
                Map.entry("Accept", "*/*"),
                Map.entry("Authorization", "Basic eDp5"),
                Map.entry("Cookie", "a=1")));
    assertThat(forward.host()).isEqualTo("a.shop");
    assertThat(forward.clientIp()).isEqualTo("192.0.2.7");
  }

  @ParameterizedTest(name = "{0} on port {1}: {2}")
  @CsvSource({
    "http://A.shop:8080/, 8080, http 8080 A.shop:8080",
    "https://a.shop/,     443,  https 443 a.shop",
    "https://a.shop:8443/, 8443, https 8443 a.shop:8443",
    "http://a.shop./,     80,   http 80 a.shop.",
  })
  void tellsSchemePortAndHostOfTheConnection(String url, int port, String told) {
    Forward forward = forward(router(PathPolicy.NGINX, "ssl-redirect: false"), url);
    Map<String, String> sent = sent(forward);

    assertThat(
            sent.get("X-Forwarded-Proto")
                + " "
                + sent.get("X-Forwarded-Port")
                + " "
                + sent.get("X-Forwarded-Host"))
        .isEqualTo(told);
    assertThat(forward.host()).isEqualTo(sent.get("X-Forwarded-Host"));
    assertThat(sent).containsEntry("X-Forwarded-Port", String.valueOf(port));
  }

  /** upstream-vhost is the Host only; X-Forwarded-Host stays what the client asked for. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "v.shop,       v.shop",
    "$host,        a.shop",
    "$http_host,   A.shop:8080",
    "x.$host.net,  x.a.shop.net",
    "$service_name.$namespace, web.default",
  })
  void sendsAnotherHost(String annotation, String host) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "upstream-vhost: " + annotation)
            .backend("web", "10.1.0.1")
            .router();
    Forward forward = forward(router, "http://A.shop:8080/");

    assertThat(forward.host()).isEqualTo(host);
    assertThat(sent(forward)).containsEntry("X-Forwarded-Host", "A.shop:8080");
  }

  /** SEC-11, SEC-13: a Host that is made of the request is one, or the request ends here. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "$http_x, v.shop:81,          forward",
    "$http_x, ,                   400 malformed-request",
    "$http_x, inner.svc:99/../x,  400 malformed-request",
    "$http_x, a@b,                400 malformed-request",
    "x.$http_x, v_1.shop,         forward",
  })
  void sendsNoHostThatIsNone(String annotation, @Nullable String field, String expected) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "upstream-vhost: " + annotation)
            .backend("web", "10.1.0.1")
            .router();
    Decision decision =
        router.route(
            field == null
                ? NginxInput.request("http://a.shop/")
                : NginxInput.request("http://a.shop/", "X: " + field));

    assertThat(decision instanceof Forward ? "forward" : NginxInput.place(decision))
        .isEqualTo(expected);
  }

  /** Section 3.8: HTTP/1.0 without Host. */
  @Test
  void tellsTheDefaultHostOfRequestsThatNameNone() {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "- / web:80", "ssl-redirect: false")
            .backend("web", "10.1.0.1")
            .router();
    Forward forward =
        (Forward) router.route(SimpleRequest.builder().httpVersion("1.0").target("/").build());

    assertThat(forward.host()).isEqualTo("_");
    assertThat(sent(forward)).containsEntry("X-Forwarded-Host", "_");
  }

  // ---- who is believed

  /** Peers, chains and settings; DESIGN section 5: the option replaces both settings. */
  @ParameterizedTest(name = "{0}, option {1}, {2} from {3} with {4}: {5}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # settings                                                | option      | policy | peer      | X-Forwarded-For           | client   scheme host
          ''                                                        | ''          | NGINX  | 10.9.0.1  | 1.1.1.1                   | 10.9.0.1 http a.shop
          ''                                                        | ''          | STRICT | 10.9.0.1  | 1.1.1.1                   | 10.9.0.1 http a.shop
          use-forwarded-headers: true                               | ''          | NGINX  | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 1.1.1.1 https f.shop:8
          use-forwarded-headers: true                               | ''          | NGINX  | fd00::1   | 1.1.1.1, 2.2.2.2          | 1.1.1.1 https f.shop:8
          use-forwarded-headers: true                               | ''          | STRICT | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 10.9.0.1 http a.shop
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | NGINX  | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 2.2.2.2 https f.shop:8
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | STRICT | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 2.2.2.2 https f.shop:8
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | STRICT | 10.9.0.1  | 1.1.1.1, 2.2.2.2, 10.3.0.1 | 2.2.2.2 https f.shop:8
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | STRICT | 192.0.2.1 | 1.1.1.1                   | 192.0.2.1 http a.shop
          use-forwarded-headers: true; proxy-real-ip-cidr: 0.0.0.0/0 | ''         | STRICT | 10.9.0.1  | 1.1.1.1                   | 10.9.0.1 http a.shop
          use-forwarded-headers: true; proxy-real-ip-cidr: 0.0.0.0/0,10.0.0.0/8 | '' | STRICT | 10.9.0.1 | 1.1.1.1                | 1.1.1.1 https f.shop:8
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | STRICT | 10.9.0.1  | 1.1.1.1, bad, 10.3.0.1    | 10.3.0.1 https f.shop:8
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | ''        | STRICT | 10.9.0.1  | ''                        | 10.9.0.1 https f.shop:8
          enable-real-ip: true                                      | ''          | NGINX  | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 1.1.1.1 http a.shop
          enable-real-ip: true                                      | ''          | STRICT | 10.9.0.1  | 1.1.1.1                   | 10.9.0.1 http a.shop
          enable-real-ip: true; proxy-real-ip-cidr: 10.0.0.0/8      | ''          | STRICT | 10.9.0.1  | 1.1.1.1                   | 1.1.1.1 http a.shop
          proxy-real-ip-cidr: 10.0.0.0/8                            | ''          | NGINX  | 10.9.0.1  | 1.1.1.1                   | 10.9.0.1 http a.shop
          # the option
          ''                                                        | 10.0.0.0/8  | STRICT | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 2.2.2.2 https f.shop:8
          ''                                                        | 10.0.0.0/8  | NGINX  | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 2.2.2.2 https f.shop:8
          ''                                                        | 10.0.0.0/8  | NGINX  | 192.0.2.1 | 1.1.1.1                   | 192.0.2.1 http a.shop
          use-forwarded-headers: true                               | 172.16.0.0/12 | NGINX | 10.9.0.1 | 1.1.1.1                   | 10.9.0.1 http a.shop
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8 | 172.16.0.0/12 | STRICT | 10.9.0.1 | 1.1.1.1              | 10.9.0.1 http a.shop
          use-forwarded-headers: false                              | 10.0.0.0/8  | STRICT | 10.9.0.1  | 1.1.1.1                   | 1.1.1.1 https f.shop:8
          use-forwarded-headers: true                               | 0.0.0.0/0   | STRICT | 10.9.0.1  | 1.1.1.1, 2.2.2.2          | 1.1.1.1 https f.shop:8
          """)
  void believes(
      String settings, String option, PathPolicy policy, String peer, String chain, String told) {
    NginxInput input =
        shop(settings.isEmpty() ? new String[] {"ssl-redirect: false"} : settings.split("; ", -1));
    IngressRouter.Builder builder = input.builder().pathPolicy(policy);
    if (!option.isEmpty()) {
      builder.trustedProxies(List.of(Cidr.parse(option)));
    }
    SimpleRequest.Builder request =
        from(peer)
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", "f.shop:8, g.shop")
            .header("X-Forwarded-Port", "8");
    if (!chain.isEmpty()) {
      request.header("X-Forwarded-For", chain);
    }
    Forward forward = send(builder.build(), request);
    Map<String, String> sent = sent(forward);

    assertThat(forward.clientIp() + " " + sent.get("X-Forwarded-Proto") + " " + forward.host())
        .isEqualTo(told);
    assertThat(sent)
        .containsEntry("X-Forwarded-For", forward.clientIp())
        .containsEntry("X-Real-IP", forward.clientIp())
        .containsEntry("X-Forwarded-Host", String.valueOf(forward.host()))
        .containsEntry("X-Forwarded-Port", told.contains("https") ? "8" : "80")
        .containsEntry("X-Forwarded-Scheme", String.valueOf(sent.get("X-Forwarded-Proto")))
        .containsEntry("X-Scheme", String.valueOf(sent.get("X-Forwarded-Proto")));
  }

  /** Section 3.1: what is believed never selects the host. */
  @Test
  void neverSelectsTheHostByWhatIsBelieved() {
    IngressRouter router =
        shop("use-forwarded-headers: true")
            .ingress("other", "f.shop / other:80")
            .backend("other", "10.2.0.1")
            .builder()
            .pathPolicy(PathPolicy.NGINX)
            .build();
    Forward forward = send(router, from(PROXY).header("X-Forwarded-Host", "f.shop"));

    assertThat(forward.backend()).hasToString("default/web:80");
    assertThat(forward.host()).isEqualTo("f.shop");
  }

  /** The setting makes the controller believe everybody; here that is said, and not done. */
  @ParameterizedTest(name = "{0}, option {1}, {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # settings                                                    | option     | policy | reported for
          use-forwarded-headers: true                                   | ''         | STRICT | use-forwarded-headers
          enable-real-ip: true                                          | ''         | STRICT | enable-real-ip
          use-forwarded-headers: true; enable-real-ip: true             | ''         | STRICT | use-forwarded-headers
          use-forwarded-headers: true; proxy-real-ip-cidr: 0.0.0.0/0    | ''         | STRICT | use-forwarded-headers
          use-forwarded-headers: true; proxy-real-ip-cidr: 10.0.0.0/8   | ''         | STRICT | ''
          use-forwarded-headers: true                                   | 10.0.0.0/8 | STRICT | ''
          use-forwarded-headers: true                                   | ''         | NGINX  | ''
          use-forwarded-headers: false                                  | ''         | STRICT | ''
          """)
  void saysThatNobodyIsBelieved(String settings, String option, PathPolicy policy, String setting) {
    IngressRouter.Builder builder = shop(settings.split("; ", -1)).builder().pathPolicy(policy);
    if (!option.isEmpty()) {
      builder.trustedProxies(List.of(Cidr.parse(option)));
    }
    List<Diagnostic> found =
        builder.build().diagnostics().stream()
            .filter(finding -> finding.rule().id().equals("setting-trusts-nobody"))
            .toList();

    if (setting.isEmpty()) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found).hasSize(1);
    assertThat(found.get(0).message())
        .isEqualTo(
            "the setting "
                + setting
                + " makes the controller believe every peer; here no peer is believed, because "
                + (settings.contains("proxy-real-ip-cidr")
                    ? "proxy-real-ip-cidr names everybody, which counts as nobody under the path"
                        + " policy strict"
                    : "none is named"));
    assertThat(found.get(0).object()).isEqualTo("ConfigMap ingress-nginx/ingress-nginx-controller");
    assertThat(found.get(0).field()).isEqualTo("data[" + setting + "]");
    assertThat(found.get(0).source()).isNotNull();
  }

  // ---- settings

  @Test
  void takesTheAddressFromAnotherHeader() {
    IngressRouter router =
        router(
            PathPolicy.NGINX,
            "use-forwarded-headers: true",
            "forwarded-for-header: CF-Connecting-IP");
    Forward forward =
        send(
            router,
            from(PROXY).header("CF-Connecting-IP", "3.3.3.3").header("X-Forwarded-For", "4.4.4.4"));

    assertThat(forward.clientIp()).isEqualTo("3.3.3.3");
    assertThat(sent(forward))
        .containsEntry("X-Forwarded-For", "3.3.3.3")
        .containsEntry("X-Original-Forwarded-For", "3.3.3.3");
  }

  /** The chain and the peer; only together with use-forwarded-headers. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # setting                     | chain            | sent
          use-forwarded-headers: true   | 1.1.1.1, 2.2.2.2 | 1.1.1.1, 2.2.2.2, 10.9.0.1
          use-forwarded-headers: true   | ''               | 10.9.0.1
          use-forwarded-headers: false  | 1.1.1.1          | 10.9.0.1
          enable-real-ip: true          | 1.1.1.1          | 1.1.1.1
          """)
  void sendsTheWholeChain(String setting, String chain, String sent) {
    IngressRouter router = router(PathPolicy.NGINX, setting, "compute-full-forwarded-for: true");
    SimpleRequest.Builder request = from(PROXY);
    if (!chain.isEmpty()) {
      request.header("X-Forwarded-For", chain);
    }

    assertThat(sent(send(router, request))).containsEntry("X-Forwarded-For", sent);
  }

  /** SEC-35: an identifier is kept if it is harmless, else it is made. */
  @ParameterizedTest(name = "generate {0}, sent {1}: {2}")
  @CsvSource({
    "true,  '',      [0-9a-f]{32}",
    "true,  mine,    mine",
    "true,  'a b',   [0-9a-f]{32}",
    "false, '',      null",
    "false, mine,    mine",
    "false, 'a b',   null",
  })
  void identifiesRequests(boolean generates, String id, String sent) {
    IngressRouter router = router(PathPolicy.STRICT, "generate-request-id: " + generates);
    SimpleRequest.Builder request = from(PROXY);
    if (!id.isEmpty()) {
      request.header("X-Request-ID", id);
    }
    Forward forward = send(router, request);

    assertThat(String.valueOf(sent(forward).get("X-Request-ID"))).matches(sent);
    assertThat(sent(forward).get("X-Request-ID")).isEqualTo(sent(forward).get("X-Request-ID"));
  }

  @Test
  void tellsTheTargetAsReceivedIfAsked() {
    SimpleRequest.Builder request = SimpleRequest.builder().url("http://a.shop//x/../y?z");

    for (PathPolicy policy : PathPolicy.values()) {
      IngressRouter router = router(policy, "proxy-add-original-uri-header: true");
      assertThat(sent(send(router, request))).containsEntry("X-Original-URI", "//x/../y?z");
    }
  }

  /** Names with an underscore pass if so configured, but never another spelling of the family. */
  @Test
  void letsUnderscoresPassIfAsked() {
    SimpleRequest.Builder request =
        from(PROXY)
            .header("my_header", "x")
            .header("X_Forwarded_For", "6.6.6.6")
            .header("x_real-ip", "6.6.6.6");
    Map<String, String> sent =
        sent(send(router(PathPolicy.NGINX, "enable-underscores-in-headers: true"), request));

    assertThat(sent)
        .containsEntry("my_header", "x")
        .doesNotContainKeys("X_Forwarded_For", "x_real-ip");
  }

  @Test
  void setsTheHeadersOfAConfigMap() {
    IngressRouter router =
        shop("proxy-set-headers: ops/headers")
            .configMap(
                "ops/headers",
                "  X-Team: shop\n  Accept: text/plain\n  X-Gone: ''\n  X-Var: $host\n")
            .router();
    Forward forward = forward(router, "http://a.shop/", "X-Gone: x", "Accept: */*", "X-Team: mine");
    Map<String, String> sent = sent(forward);

    assertThat(sent)
        .containsEntry("X-Team", "shop")
        .containsEntry("Accept", "text/plain")
        .doesNotContainKeys("X-Gone", "X-Var");
    assertThat(NginxInput.findings(router)).contains("setting-invalid");
    assertThat(NginxInput.findings(shop("proxy-set-headers: ops/none").router()))
        .contains("setting-map-missing");
  }

  /** Section 5.2: X-Forwarded-Prefix only where a path is rewritten. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                              | sent
          x-forwarded-prefix: /p                                     | null
          rewrite-target: /$2; x-forwarded-prefix: /p                | /p
          rewrite-target: /$2; x-forwarded-prefix: /p/$2             | /p/y
          rewrite-target: /$2                                        | null
          """)
  void tellsThePrefixOfARewrite(String annotations, String prefix) {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.shop /x(/|$)(.*) web:80 ImplementationSpecific; a.shop /x/y web:80",
                annotations.split("; ", -1))
            .backend("web", "10.1.0.1")
            .router();

    assertThat(String.valueOf(sent(forward(router, "http://a.shop/x/y")).get("X-Forwarded-Prefix")))
        .isEqualTo(prefix);
  }

  /** Hop-by-hop fields end here, what Connection names with them. */
  @Test
  void endsHopByHopFields() {
    List<String> names = new ArrayList<>();
    forward(
            router(PathPolicy.NGINX),
            "http://a.shop/",
            "Connection: close, X-Hop, X-Real-IP",
            "X-Hop: x",
            "Keep-Alive: 5",
            "TE: gzip",
            "Trailer: x",
            "Transfer-Encoding: chunked",
            "Upgrade: h2c",
            "Proxy-Connection: x",
            "X-Kept: x")
        .eachHeader((name, value) -> names.add(name));

    assertThat(names)
        .contains("X-Kept", "X-Real-IP")
        .doesNotContain(
            "Connection",
            "X-Hop",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Proxy-Connection");
  }
}
