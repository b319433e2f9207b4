package io.github.ingress4j;

import static io.github.ingress4j.NginxInput.forward;
import static io.github.ingress4j.NginxInput.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.routing.PathPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which Ingress an upstream has its attributes from, and how it chooses: ingress-nginx, sections
 * 2.4 and 8.1 to 8.5; REL-27.
 */
class NginxUpstreamsTest {

  private static final String[] PODS = {"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4"};

  private static NginxInput shop(String... annotations) {
    return new NginxInput().ingress("web", "a.shop / web:80", annotations).backend("web", PODS);
  }

  private static String endpoint(IngressRouter router, String url, String... headers) {
    return String.valueOf(forward(router, url, headers).endpoint());
  }

  /** Where the first requests go: one place for a hash, all in turn for a rotation. */
  private static Set<String> places(IngressRouter router, String url, int requests) {
    Set<String> places = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      places.add(endpoint(router, url));
    }
    return places;
  }

  // ---- section 2.4: which Ingress counts

  /** Hash, algorithm and service-upstream come from the first Ingress that names the port. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesTheAlgorithmOfTheFirstIngress(boolean isHashFirst) {
    String[] hash = {"upstream-hash-by: $request_uri"};
    NginxInput input = new NginxInput().backend("web", PODS);
    input.ingress("one", "a.shop / web:80", isHashFirst ? hash : new String[0]);
    input.ingress("two", "b.shop / web:80", isHashFirst ? new String[0] : hash);
    IngressRouter router = input.router();

    assertThat(places(router, "http://b.shop/x", 8)).hasSize(isHashFirst ? 1 : 4);
    assertThat(places(router, "http://a.shop/x", 8)).hasSize(isHashFirst ? 1 : 4);
  }

  /** The default back end of an Ingress comes before its rules. */
  @Test
  void letsADefaultBackendRecreateTheUpstream() {
    IngressRouter router =
        new NginxInput()
            .ingress("one", "a.shop / web:80", "upstream-hash-by: $request_uri")
            .ingress("two", "default web:80")
            .backend("web", PODS)
            .router();

    assertThat(places(router, "http://a.shop/x", 8)).hasSize(4);
  }

  /** Another port of the same Service, also written by its name, is another upstream. */
  @Test
  void tellsUpstreamsByServiceAndPortAsWritten() {
    IngressRouter router =
        new NginxInput()
            .ingress("one", "a.shop / web:80", "upstream-hash-by: $request_uri")
            .ingress("two", "a.shop /name web:http")
            .ingress("b/three", "b.shop / web:80")
            .service("web", "{ports: [{name: http, port: 80}]}")
            .slice(
                "web",
                "[{name: http, port: 8080}]",
                "[{addresses: [10.1.0.1]}, {addresses: [10.1.0.2]}]")
            .backend("b/web", "10.2.0.1", "10.2.0.2")
            .router();

    assertThat(places(router, "http://a.shop/x", 8)).hasSize(1);
    assertThat(places(router, "http://a.shop/name", 8)).hasSize(2);
    assertThat(places(router, "http://b.shop/x", 8))
        .containsExactly("10.2.0.1:8080", "10.2.0.2:8080");
  }

  /** Affinity and mode: the first that asks for one; the cookie: the last with affinity. */
  @Test
  void takesTheFirstAffinityAndTheLastCookie() {
    IngressRouter router =
        new NginxInput()
            .ingress("one", "a.shop / web:80", "upstream-hash-by: $uri")
            .ingress(
                "two",
                "b.shop /b web:80",
                "affinity: cookie",
                "session-cookie-name: TWO",
                "session-cookie-max-age: 5")
            .ingress("three", "c.shop / web:80", "affinity-mode: persistent")
            .ingress(
                "four",
                "d.shop / web:80",
                "affinity: cookie",
                "affinity-mode: balanced",
                "session-cookie-name: FOUR",
                "session-cookie-path: /four")
            .ingress("five", "e.shop / web:80", "session-cookie-name: FIVE")
            .backend("web", PODS)
            .router();
    String cookie = NginxInput.cookie(forward(router, "http://b.shop/b"));

    assertThat(cookie).matches("FOUR=[0-9a-f]{32}\\|[0-9a-f]{32}; Path=/four; HttpOnly");
    assertThat(NginxInput.cookie(forward(router, "http://d.shop/"))).startsWith("FOUR=");
    // Section 7: without the annotation the endpoint is chosen alike, and no cookie is set.
    assertThat(NginxInput.cookie(forward(router, "http://a.shop/"))).isEmpty();
    assertThat(NginxInput.cookie(forward(router, "http://e.shop/"))).isEmpty();
    String value = cookie.substring("FOUR=".length(), cookie.indexOf(';'));
    for (int i = 0; i < 4; i++) {
      assertThat(endpoint(router, "http://a.shop/" + i, "Cookie: FOUR=" + value))
          .isEqualTo(endpoint(router, "http://e.shop/", "Cookie: FOUR=" + value));
    }
  }

  /** A Service may be an upstream of its own and stand in for another. */
  @ParameterizedTest
  @ValueSource(strings = {"a.shop", "z.shop"})
  void keepsAStandInApartFromTheUpstreamOfTheSamePort(String host) {
    IngressRouter router =
        new NginxInput()
            .ingress("own", "m.shop / spare:80", "upstream-hash-by: $request_uri")
            .ingress("web", host + " / web:80", "default-backend: spare")
            .emptyBackend("web")
            .backend("spare", PODS)
            .builder()
            .defaultBackend(new Backend.ServicePort("default", "spare", "80", true))
            .build();

    assertThat(places(router, "http://m.shop/x", 8)).hasSize(1);
    assertThat(places(router, "http://" + host + "/x", 8)).hasSize(4);
    assertThat(places(router, "http://unknown.shop/x", 8)).hasSize(4);
  }

  // ---- section 8.1: which algorithm

  @ParameterizedTest(name = "{0} with the setting {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                         | setting           | chosen
          ''                                                    | ''                | rotation
          load-balance: round_robin                             | ewma              | rotation
          load-balance: ewma                                    | ''                | ewma
          ''                                                    | ewma              | ewma
          load-balance: ewma; upstream-hash-by: $uri            | ''                | hash
          load-balance: chash                                   | ''                | 503
          load-balance: chashsubset                             | ''                | 503
          load-balance: sticky_balanced                         | ''                | 503
          load-balance: sticky_persistent                       | ''                | 503
          ''                                                    | chash             | 503
          ''                                                    | least_conn        | rotation
          load-balance: chash; upstream-hash-by: $uri           | ''                | hash
          load-balance: chash; affinity: cookie                 | ''                | cookie
          upstream-hash-by: $uri; affinity: cookie              | ''                | cookie
          upstream-hash-by: $uri; upstream-hash-by-subset: true | ''                | subset
          upstream-hash-by-subset: true                         | ''                | rotation
          """)
  void choosesTheAlgorithm(String annotations, String setting, String chosen) {
    NginxInput input = shop(annotations.isEmpty() ? new String[0] : annotations.split("; ", -1));
    if (!setting.isEmpty()) {
      input.settings("load-balance: " + setting);
    }
    IngressRouter router = input.router();

    if (chosen.equals("503")) {
      assertThat(NginxInput.service(router, "http://a.shop/")).isEqualTo("503 no-endpoints");
      assertThat(NginxInput.findings(router)).contains("nginx-load-balance-incomplete");
      return;
    }
    Forward forward = forward(router, "http://a.shop/x");
    assertThat(forward.responseHeaders().asMap().containsKey("Set-Cookie"))
        .isEqualTo(chosen.equals("cookie"));
    EndpointPicker picker = Objects.requireNonNull(forward.route().upstream()).picker();
    String kind =
        picker.equals(EndpointPicker.consistentHash(picker.endpoints()))
            ? "hash"
            : picker.equals(EndpointPicker.peakEwma(picker.endpoints()))
                ? "ewma"
                : picker.equals(EndpointPicker.subsetHash(picker.endpoints(), 3))
                    ? "subset"
                    : "rotation";
    assertThat(kind).isEqualTo(chosen.equals("cookie") ? "rotation" : chosen);
    assertThat(NginxInput.findings(router)).doesNotContain("nginx-load-balance-incomplete");
  }

  // ---- section 8.2

  @Test
  void rotatesAcrossHostsAndPathsThatShareTheUpstream() {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80; a.shop /x web:80; b.shop / web:80")
            .backend("web", PODS)
            .router();
    List<String> places = new ArrayList<>();
    for (String url :
        List.of("http://a.shop/", "http://b.shop/", "http://a.shop/x", "http://b.shop/y")) {
      places.add(endpoint(router, url));
    }

    assertThat(places).doesNotHaveDuplicates();
  }

  /** REL-27: no endpoint gets more than its share, whatever is replaced in between. */
  @Test
  void staysFairAcrossReplacements() {
    LiveRouter live = LiveRouter.of(shop().router());
    Map<String, Integer> hits = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      if (i % 7 == 0) {
        // Other hosts come and go; the upstream stays as it is.
        live.replace(shop().ingress("n" + i % 3, "n" + i + ".shop / web:80").set());
      }
      hits.merge(
          String.valueOf(((Forward) live.route(request("http://a.shop/"))).endpoint()),
          1,
          Integer::sum);
    }
    assertThat(hits.values()).containsOnly(100);

    // One more endpoint gets its share, and not more, at once.
    hits.clear();
    live.replace(
        new NginxInput()
            .ingress("web", "a.shop / web:80")
            .backend("web", "10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5")
            .set());
    for (int i = 0; i < 500; i++) {
      hits.merge(
          String.valueOf(((Forward) live.route(request("http://a.shop/"))).endpoint()),
          1,
          Integer::sum);
    }
    assertThat(hits.values()).hasSize(5).containsOnly(100);
  }

  /** A canary's turns and estimates are kept like those of others. */
  @Test
  void keepsTheTurnsOfCanariesAndStandIns() {
    NginxInput input =
        new NginxInput()
            .ingress("web", "a.shop / web:80; a.shop /gone gone:80", "default-backend: spare")
            .ingress("canary", "a.shop / new:80", "canary: true", "canary-weight: 100")
            .backend("web", "10.1.0.1")
            .backend("new", PODS)
            .backend("spare", PODS)
            .emptyBackend("gone");
    for (String path : List.of("/", "/gone")) {
      LiveRouter live = LiveRouter.of(input.router());
      List<String> places = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        places.add(
            String.valueOf(((Forward) live.route(request("http://a.shop" + path))).endpoint()));
        live.replace(input.set());
      }
      assertThat(places).as(path).doesNotHaveDuplicates();
    }
  }

  // ---- sections 8.3 and 8.4

  /** The key of the hash is the template with what is known of the request. */
  @ParameterizedTest(name = "{0} of {1} with {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # upstream-hash-by       | URL                          | header        | key
          $request_uri             | http://a.shop/x?y=1          | A: b          | /x?y=1
          $uri                     | http://a.shop/x?y=1          | A: b          | /x
          $host                    | http://A.shop:80/            | A: b          | a.shop
          $http_host               | http://A.shop:80/            | A: b          | A.shop:80
          $http_x_user             | http://a.shop/               | X-User: me    | me
          ${http_x_user}-$scheme   | http://a.shop/               | X-User: me    | me-http
          $http_x_user             | http://a.shop/               | A: b          | ''
          $cookie_id               | http://a.shop/               | Cookie: id=7  | 7
          $arg_id                  | http://a.shop/?id=7&x        | A: b          | 7
          $remote_addr             | http://a.shop/               | A: b          | 127.0.0.1
          $request_method          | http://a.shop/               | A: b          | GET
          $nosuch$uri              | http://a.shop/x              | A: b          | /x
          constant                 | http://a.shop/x              | A: b          | constant
          """)
  void hashesTheTemplate(String hashBy, String url, String header, String key) {
    for (PathPolicy policy : PathPolicy.values()) {
      IngressRouter router =
          shop("upstream-hash-by: " + hashBy).builder().pathPolicy(policy).build();
      Forward forward = forward(router, url, header);
      List<Endpoint> endpoints = Objects.requireNonNull(forward.route().upstream()).endpoints();
      Endpoint expected =
          EndpointPicker.consistentHash(endpoints)
              .pick("", key, List.of(), new BalancerState(new Random(0), InstantSource.system()));

      assertThat(forward.endpoint()).as(policy.toString()).isEqualTo(expected);
      assertThat(forward(router, url, header).endpoint()).isEqualTo(expected);
    }
  }

  /** Section 8.4: the key chooses a group, chance the endpoint in it; a size of 0 means 3. */
  @ParameterizedTest(name = "size {0} of {1} endpoints: groups of {2}")
  @CsvSource({"'', 9, 3", "0, 9, 3", "2, 8, 2", "4, 8, 4", "3, 4, 3", "9, 4, 4"})
  void hashesToGroups(String size, int count, int group) {
    List<String> annotations =
        new ArrayList<>(List.of("upstream-hash-by: $request_uri", "upstream-hash-by-subset: true"));
    if (!size.isEmpty()) {
      annotations.add("upstream-hash-by-subset-size: " + size);
    }
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80", annotations.toArray(String[]::new))
            .backend(
                "web",
                IntStream.rangeClosed(1, count).mapToObj(i -> "10.1.0." + i).toArray(String[]::new))
            .router();
    Set<Set<String>> groups = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      groups.add(places(router, "http://a.shop/" + i, 60));
    }

    assertThat(groups).allSatisfy(one -> assertThat(one).hasSize(group));
    Set<String> all = new TreeSet<>();
    groups.forEach(all::addAll);
    assertThat(all).hasSize(count);
  }

  /** REL-27: about K/N keys move if an endpoint comes. */
  @Test
  void movesFewKeysIfAnEndpointComes() {
    IngressRouter before = shop("upstream-hash-by: $request_uri").router();
    IngressRouter after =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "upstream-hash-by: $request_uri")
            .backend("web", "10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5")
            .router();
    int moved = 0;
    for (int i = 0; i < 1000; i++) {
      String url = "http://a.shop/" + i;
      String now = endpoint(after, url);
      if (!now.equals(endpoint(before, url))) {
        moved++;
        assertThat(now).isEqualTo("10.1.0.5:8080");
      }
    }

    assertThat(moved).isBetween(120, 290);
  }

  // ---- section 8.5

  private static void serve(
      Exchange exchange, Map<String, Long> millis, Map<String, Integer> hits) {
    Forward forward = (Forward) exchange.first();
    String endpoint = String.valueOf(forward.endpoint());
    hits.merge(endpoint, 1, Integer::sum);
    exchange.replied(forward, new Exchange.ReplyHead(200));
    exchange.closed(forward, 1_000_000, millis.getOrDefault(endpoint, 1L) * 1_000_000, true);
    exchange.end();
  }

  @Test
  void learnsWhichEndpointsAreSlow() {
    Instant[] now = {NginxInput.NOW};
    LiveRouter live =
        LiveRouter.of(shop("load-balance: ewma").builder().clock(() -> now[0]).build());
    Map<String, Long> millis = Map.of("10.1.0.1:8080", 2000L);
    Map<String, Integer> hits = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      now[0] = now[0].plusMillis(100);
      if (i == 200) {
        // What was learned outlives a replacement, and a new endpoint is no favourite.
        hits.clear();
        live.replace(shop("load-balance: ewma").ingress("b", "b.shop / web:80").set());
      }
      serve(live.exchange(request("http://a.shop/")), millis, hits);
    }

    assertThat(hits.getOrDefault("10.1.0.1:8080", 0)).isLessThan(20);
    assertThat(hits.getOrDefault("10.1.0.2:8080", 0)).isBetween(40, 95);
  }

  /** REL-27: an endpoint that is new starts with the mean of the others, not as the fastest. */
  @Test
  void doesNotFloodANewEndpoint() {
    Instant[] now = {NginxInput.NOW};
    LiveRouter live =
        LiveRouter.of(shop("load-balance: ewma").builder().clock(() -> now[0]).build());
    Map<String, Integer> hits = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      now[0] = now[0].plusMillis(100);
      serve(live.exchange(request("http://a.shop/")), Map.of(), hits);
    }
    live.replace(
        new NginxInput()
            .ingress("web", "a.shop / web:80", "load-balance: ewma")
            .backend("web", "10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.9")
            .set());
    hits.clear();
    for (int i = 0; i < 200; i++) {
      // None answers any more, so nothing is learned and only the start counts.
      Forward forward = (Forward) live.route(request("http://a.shop/"));
      hits.merge(String.valueOf(forward.endpoint()), 1, Integer::sum);
    }

    assertThat(hits.getOrDefault("10.1.0.9:8080", 0)).isLessThan(100);
  }

  /**
   * What a retry dropped teaches nothing: errors come fast. Neither do answers of upstreams that
   * choose in another way, though the endpoint is the same.
   */
  @Test
  void learnsFromAnswersThatArePassedOnOnly() {
    NginxInput input =
        new NginxInput()
            .settings("proxy-next-upstream: error http_503")
            .ingress("web", "a.shop / web:80", "load-balance: ewma")
            .ingress("other", "b.shop / other:80")
            .backend("web", "10.1.0.1", "10.1.0.2")
            .backend("other", "10.1.0.2");
    Instant[] now = {NginxInput.NOW};
    IngressRouter router = input.builder().clock(() -> now[0]).build();
    for (int i = 0; i < 50; i++) {
      now[0] = now[0].plus(Duration.ofMillis(100));
      // The other upstream's answers from 10.1.0.2 take ten seconds.
      serve(
          router.exchange(request("http://b.shop/")),
          Map.of("10.1.0.2:8080", 10_000L),
          new HashMap<>());
      // And 10.1.0.1 answers 503 at once, so that each request ends at 10.1.0.2 in 20 ms.
      Exchange exchange = router.exchange(request("http://a.shop/"));
      Forward forward = (Forward) exchange.first();
      if (String.valueOf(forward.endpoint()).startsWith("10.1.0.1:")) {
        Forward next = (Forward) exchange.replied(forward, new Exchange.ReplyHead(503));
        exchange.closed(forward, 0, 1_000_000_000, true);
        forward = next;
      }
      exchange.replied(forward, new Exchange.ReplyHead(200));
      exchange.closed(forward, 0, 20_000_000, true);
      exchange.end();
    }
    BalancerState state = router.balancer();
    EndpointPicker picker =
        EndpointPicker.peakEwma(
            List.of(new Endpoint("10.1.0.1", 8080), new Endpoint("10.1.0.2", 8080)));
    Set<Endpoint> chosen = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      chosen.add(picker.pick("x", "", List.of(), state));
    }

    // Nothing is known of 10.1.0.1, which therefore counts as the fastest.
    assertThat(chosen).containsExactly(new Endpoint("10.1.0.1", 8080));
    state.responded(new Endpoint("10.1.0.1", 8080), 0, 1_000_000_000);
    assertThat(picker.pick("x", "", List.of(), state)).isEqualTo(new Endpoint("10.1.0.2", 8080));
  }

  // ---- section 14: stand-ins

  private static NginxInput withStandIn(String... annotations) {
    List<String> all = new ArrayList<>(List.of(annotations));
    all.add("default-backend: spare");
    return new NginxInput()
        .ingress("shop/web", "a.shop /cart web:80", all.toArray(String[]::new))
        .emptyBackend("shop/web")
        .service(
            "shop/spare", "{ports: [{name: a, port: 81, targetPort: 8081}, {name: b, port: 82}]}")
        .slice(
            "shop/spare",
            "[{name: a, port: 8081}, {name: b, port: 8082}]",
            "[{addresses: [10.5.0.1]}]");
  }

  /** The first port of the Service; the path stays, and the header fields tell why. */
  @Test
  void sendsToTheStandInOfAnEmptyBackEnd() {
    IngressRouter router =
        withStandIn("rewrite-target: /new", "x-forwarded-prefix: /cart", "upstream-vhost: v.shop")
            .router();
    Forward forward =
        forward(
            router,
            "http://a.shop/cart/x?q=1",
            "Accept: text/html",
            "Accept: */*",
            "X-Code: 1",
            "X-Request-ID: r1");
    Map<String, List<String>> headers = forward.requestHeaders().asMap();

    assertThat(forward.backend()).hasToString("shop/spare:81");
    assertThat(forward.endpoint()).hasToString("10.5.0.1:8081");
    assertThat(forward.target()).isEqualTo("/cart/x?q=1");
    assertThat(forward.host()).isEqualTo("v.shop");
    assertThat(headers)
        .containsEntry("X-Code", List.of("503"))
        .containsEntry("X-Format", List.of("text/html, */*"))
        .containsEntry("X-Namespace", List.of("shop"))
        .containsEntry("X-Ingress-Name", List.of("web"))
        .containsEntry("X-Service-Name", List.of("web"))
        .containsEntry("X-Service-Port", List.of("80"))
        .containsEntry("X-Request-ID", List.of("r1"))
        .doesNotContainKey("X-Forwarded-Prefix");
    List<String> codes = new ArrayList<>();
    forward.eachHeader(
        (name, value) -> {
          if (name.equalsIgnoreCase("X-Code")) {
            codes.add(value);
          }
        });
    assertThat(codes).containsExactly("503");
  }

  @ParameterizedTest(name = "{0} and endpoints {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # ports of the stand-in                            | endpoints                                             | reached
          {ports: [{name: a, port: 81}, {name: b, port: 82}]} | [{addresses: [10.5.0.1], conditions: {ready: false}}] | 503 no-endpoints
          {ports: [{name: c, port: 80, targetPort: x}, {name: b, port: 82}]} | [{addresses: [10.5.0.1]}]              | 503 no-endpoints
          """)
  void answers503IfTheStandInHasNoEndpointOnItsFirstPort(
      String service, String endpoints, String reached) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "default-backend: spare")
            .emptyBackend("web")
            .service("spare", service)
            .slice("spare", "[{name: b, port: 8082}]", endpoints)
            .router();

    assertThat(NginxInput.service(router, "http://a.shop/")).isEqualTo(reached);
  }

  @Test
  void doesNotNeedTheStandInOfABackEndWithEndpoints() {
    IngressRouter router = shop("default-backend: spare").backend("spare", "10.5.0.1").router();
    Forward forward = forward(router, "http://a.shop/");

    assertThat(forward.backend()).hasToString("default/web:80");
    assertThat(forward.requestHeaders().asMap()).doesNotContainKey("X-Code");
  }

  @Test
  void ignoresAStandInThatDoesNotExist() {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.shop / web:80", "default-backend: spare")
            .emptyBackend("web")
            .router();
    Answer answer = (Answer) router.route(request("http://a.shop/"));

    assertThat(answer.reason()).isEqualTo(Answer.Reason.NO_ENDPOINTS);
    assertThat(NginxInput.findings(router)).contains("nginx-default-backend-missing");
  }
}
