package io.github.ingress4j.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeTest {

  private static final Endpoint POD = new Endpoint("10.1.0.1", 8080);

  private static Route route(String service, @Nullable String closed, Endpoint... endpoints) {
    Backend.ServicePort backend = new Backend.ServicePort("default", service, "80", true);
    return Route.of(
        "default/web",
        new Route.Rule("a.shop", "/" + service, "Prefix"),
        null,
        backend,
        Upstream.of(
            backend.toString(),
            EndpointPicker.roundRobin(List.of(endpoints)),
            service.equals("none") ? "there is no Service" : null,
            TransportSettings.DEFAULT),
        closed);
  }

  private static Exchange.Snapshot snapshot(PathPolicy policy, @Nullable Route fallback) {
    HostPattern shop = HostPattern.parse("a.shop");
    RoutingTable<Route> table =
        RoutingTable.<Route>builder()
            .add(shop, PathPattern.prefix("/pay"), route("pay", null, POD))
            .add(shop, PathPattern.prefix("/open"), route("open", null))
            .add(shop, PathPattern.prefix("/none"), route("none", null))
            .add(shop, PathPattern.prefix("/locked"), route("locked", "auth", POD))
            .add(shop, PathPattern.prefix("/a"), route("a", null, POD))
            .add(shop, PathPattern.prefix("/a/b"), route("b", null, POD))
            .add(HostPattern.parse(""), PathPattern.prefix("/any"), route("any", null, POD))
            .build();
    return new Exchange.Snapshot(
        table,
        fallback,
        policy,
        Exchange.Reading.kubernetes(List.of(Cidr.parse("10.0.0.0/8"))),
        new BalancerState(new Random(0), InstantSource.system()),
        new Counters(),
        new ClientState(InstantSource.system()));
  }

  private static Exchange exchange(RequestView request) {
    return new Exchange(snapshot(PathPolicy.STRICT, null), request);
  }

  private static Decision decide(RequestView request) {
    return (Decision) exchange(request).first();
  }

  private static Forward forward(String url) {
    return (Forward) decide(RequestView.get(url));
  }

  @Test
  void forwardsWhatARuleTakes() {
    Forward forward = forward("http://a.shop/pay/x?q=%zz");

    assertThat(forward.route().ingress()).isEqualTo("default/web");
    assertThat(forward.backend()).hasToString("default/pay:80");
    assertThat(forward.endpoint()).isEqualTo(POD);
    assertThat(forward.target()).isEqualTo("/pay/x?q=%zz");
    assertThat(forward.host()).isEqualTo("a.shop");
    assertThat(forward.clientIp()).isEqualTo("127.0.0.1");
    assertThat(forward.transport()).isEqualTo(TransportSettings.DEFAULT);
    assertThat(forward.responseHeaders()).isSameAs(HeaderEdits.NONE);
    assertThat(forward.requestHeaders().asMap()).containsKey("X-Forwarded-For");
    assertThat(forward)
        .hasToString("forward /pay/x?q=%zz to default/pay:80 at 10.1.0.1:8080 (default/web)");
  }

  @Test
  void tellsAnObserverWhatHappensInOrder() {
    List<String> seen = new ArrayList<>();
    Exchange exchange = exchange(RequestView.get("http://a.shop/pay"));
    exchange.observe(
        new ExchangeObserver() {
          @Override
          public void decided(Decision decision) {
            seen.add("decided " + decision.getClass().getSimpleName());
          }

          @Override
          public void failed(Forward attempt, Exchange.Failure why) {
            seen.add("failed " + attempt.attempt() + " " + why);
          }

          @Override
          public void closed(Forward attempt, long connectNanos, long headNanos, boolean isClean) {
            seen.add("closed " + connectNanos + " " + headNanos + " " + isClean);
          }
        });
    Forward forward = (Forward) exchange.first();
    exchange.failed(forward, Exchange.Failure.RESET, 1);
    exchange.closed(forward, 7, -1, false);

    assertThat(seen)
        .containsExactly(
            "decided Forward", "failed 1 RESET", "decided Answer", "closed 7 -1 false");
    assertThatThrownBy(() -> exchange.observe(new ExchangeObserver() {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavesTheEndpointOpenIfNoneIsKnown() {
    assertThat(forward("http://a.shop/open").endpoint()).isNull();
    assertThat(forward("http://a.shop/open"))
        .hasToString("forward /open to default/open:80 (default/web)");
  }

  /** SEC-01, SEC-02: what is matched is what is sent. */
  @Test
  void forwardsTheCanonicalPath() {
    assertThat(forward("http://a.shop//x/../pay/./%7Ey?a//../b").target())
        .isEqualTo("/pay/~y?a//../b");
  }

  @ParameterizedTest(name = "{0} {1}: {2} {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET     | http://a.shop/x              | 404 | no-route",
        "GET     | http://b.shop/pay            | 404 | no-route",
        "GET     | http://a.shop/payment        | 404 | no-route",
        "GET     | http://a.shop/none           | 503 | no-endpoints",
        "GET     | http://a.shop/locked         | 503 | route-closed",
        "GET     | http://a.shop/pay/%zz        | 400 | malformed-request",
        "GET     | http://a.shop/../pay         | 400 | malformed-request",
        "GET     | http://a.shop/pay%00         | 400 | malformed-request",
        "GET     | http://a.shop/pay/%2e%2e/a   | 400 | ambiguous-path",
        "GET     | http://a.shop/a%2Fb          | 404 | no-route",
        "GET     | http://a.shop/a/b%2Fc        | 400 | ambiguous-path",
        "GET     | http://a.shop/a/b;x          | 400 | ambiguous-path",
        "GET     | http://a.shop/a/;/b          | 400 | ambiguous-path",
        "GET     | http://a..shop/pay           | 400 | malformed-request",
        "GET     | http://u@a.shop/pay          | 400 | malformed-request",
        "TRACE   | http://a.shop/pay            | 405 | method-not-allowed",
        "CONNECT | http://a.shop/pay            | 501 | method-not-allowed",
        "GE T    | http://a.shop/pay            | 400 | malformed-request",
      })
  void answersByItself(String method, String url, int status, String reason) {
    Decision decision = decide(SimpleRequest.builder().method(method).url(url).build());

    assertThat(decision).isInstanceOf(Answer.class);
    Answer answer = (Answer) decision;
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.reason().text()).isEqualTo(reason);
    assertThat(answer.explanation()).endsWith(".");
  }

  /** SEC-06, SEC-08: separators are data while every reading selects the same rule. */
  @ParameterizedTest
  @CsvSource({
    "/pay/x%2Fy,   /pay/x%2Fy",
    "/pay/x;v=1,   /pay/x;v=1",
    "/pay/100%25,  /pay/100%25",
    "/pay/caf%c3%a9, /pay/caf%C3%A9",
    "/pay/a%20b,   /pay/a%20b",
  })
  void forwardsWhatEveryReadingGivesToTheSameRule(String path, String target) {
    assertThat(forward("http://a.shop" + path).target()).isEqualTo(target);
  }

  @Test
  void explainsAnAmbiguousPath() {
    Answer answer = (Answer) decide(RequestView.get("http://a.shop/a/b%2Fc"));

    assertThat(answer.explanation())
        .isEqualTo(
            "Some servers read this path as \"/a/b/c\", which another rule takes or none. Send the"
                + " path without encoded or special separators.");
    assertThat(answer.route()).isNotNull();
  }

  @Test
  void refusesAReadingAboveTheRootEvenIfOneRouteTakesEverything() {
    Route everything = route("pay", null, POD);
    Exchange exchange =
        new Exchange(
            snapshot(PathPolicy.STRICT, everything),
            RequestView.get("http://b.shop/x%5C..%5C..%5Cy"));

    assertThat(exchange.first())
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> assertThat(answer.reason()).isEqualTo(Answer.Reason.AMBIGUOUS_PATH));
  }

  @Test
  void sendsTheRestToTheFallback() {
    Route fallback = route("fallback", null, POD);
    Exchange exchange =
        new Exchange(snapshot(PathPolicy.STRICT, fallback), RequestView.get("http://b.shop/x"));

    assertThat(((Decision) exchange.first()).route()).isSameAs(fallback);
  }

  @Test
  void takesAReadingThatARuleTakesForAmbiguousWithAFallbackToo() {
    Route fallback = route("fallback", null, POD);
    Exchange exchange =
        new Exchange(
            snapshot(PathPolicy.STRICT, fallback), RequestView.get("http://a.shop/x/..%2Fpay"));

    assertThat(exchange.first()).isInstanceOf(Answer.class);
  }

  /** SEC-12; RFC 9112 section 3.2. */
  @Test
  void wantsExactlyOneHost() {
    assertThat(decide(SimpleRequest.builder().hosts(List.of("a.shop", "a.shop")).build()))
        .isEqualTo(
            new Answer(
                null,
                400,
                Answer.Reason.MALFORMED_REQUEST,
                "The request has 2 Host lines; send exactly one.",
                HeaderEdits.NONE));
    assertThat(decide(SimpleRequest.builder().build()))
        .isEqualTo(
            new Answer(
                null,
                400,
                Answer.Reason.MALFORMED_REQUEST,
                "The request has no Host; HTTP/1.1 and later require one.",
                HeaderEdits.NONE));
  }

  @Test
  void letsOldClientsOmitTheHost() {
    Forward forward =
        (Forward) decide(SimpleRequest.builder().httpVersion("1.0").target("/any/x").build());

    assertThat(forward.host()).isNull();
    assertThat(forward.route().backend()).hasToString("default/any:80");
  }

  /** Ingress v1, section 3.1: an address is no host that a rule can name. */
  @ParameterizedTest
  @CsvSource({"10.0.0.1", "'[::1]:8080'"})
  void givesAddressesToRulesForEveryHostOnly(String host) {
    RequestView any = SimpleRequest.builder().hosts(List.of(host)).target("/any").build();
    RequestView pay = SimpleRequest.builder().hosts(List.of(host)).target("/pay").build();

    assertThat(decide(any)).isInstanceOf(Forward.class);
    assertThat(((Answer) decide(pay)).reason()).isEqualTo(Answer.Reason.NO_ROUTE);
  }

  /** SEC-10. */
  @ParameterizedTest(name = "{0} with Host {1}: {2}")
  @CsvSource({
    "http://a.shop/pay?x,  a.shop,    /pay?x",
    "HTTP://A.SHOP:80/pay, a.shop,    /pay",
    "https://a.shop/pay,   a.shop,    /pay",
  })
  void takesAbsoluteTargetsThatAgreeWithTheHost(String target, String host, String sent) {
    Decision decision = decide(SimpleRequest.builder().hosts(List.of(host)).target(target).build());

    assertThat(((Forward) decision).target()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "http://b.shop/pay",
    "ftp://a.shop/pay",
    "http://u@a.shop/pay",
    "http:///pay",
    "a.shop:80",
  })
  void refusesOtherAbsoluteTargets(String target) {
    Decision decision =
        decide(SimpleRequest.builder().hosts(List.of("a.shop")).target(target).build());

    assertThat(((Answer) decision).status()).isEqualTo(400);
  }

  @Test
  void letsAnAbsoluteTargetOfAnOldClientNameTheHost() {
    Decision decision =
        decide(SimpleRequest.builder().httpVersion("1.0").target("http://a.shop/pay").build());

    assertThat(((Forward) decision).host()).isEqualTo("a.shop");
  }

  @Test
  void answersOptionsAsteriskItself() {
    SimpleRequest.Builder request = SimpleRequest.builder().hosts(List.of("a.shop")).target("*");

    assertThat(decide(request.method("OPTIONS").build()))
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(204);
              assertThat(answer.reason()).isEqualTo(Answer.Reason.HEALTH);
              assertThat(answer.responseHeaders().covers("Allow")).isTrue();
            });
    assertThat(((Answer) decide(request.method("GET").build())).status()).isEqualTo(400);
  }

  @Test
  void speaksKnownVersionsOnly() {
    SimpleRequest request =
        SimpleRequest.builder().url("http://a.shop/pay").httpVersion("1.2").build();

    assertThat(((Answer) decide(request)).status()).isEqualTo(505);
  }

  @Test
  void saysWhichMethodsAreAllowed() {
    Answer answer =
        (Answer) decide(SimpleRequest.builder().method("TRACE").url("http://a.shop/").build());

    assertThat(answer.responseHeaders().covers("Allow")).isTrue();
  }

  /** SEC-13: nothing but the validated Host selects the rule. */
  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Host, a.shop",
    "Forwarded, host=a.shop",
    "X-Original-URL, /pay",
    "X-Rewrite-URL, /pay",
    "X-HTTP-Method-Override, PUT",
  })
  void routesByNothingElse(String name, String value) {
    SimpleRequest request =
        SimpleRequest.builder()
            .url("http://b.shop/x")
            .header(name, value)
            .clientAddress("10.0.0.1")
            .build();

    assertThat(((Answer) decide(request)).reason()).isEqualTo(Answer.Reason.NO_ROUTE);
  }

  /** ingress-nginx, sections 3 and 4: the named opt-out matches the decoded path, sends the raw. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/x/..%2fpay,   default/pay:80",
    "/pay/%2e%2e/a, default/a:80",
    "//a//b,        default/b:80",
    "/%70ay#f,      default/pay:80",
  })
  void readsPathsAsNginxDoesIfAskedTo(String target, String backend) {
    SimpleRequest request =
        SimpleRequest.builder().hosts(List.of("A.shop.:80")).target(target).build();
    Forward forward = (Forward) new Exchange(snapshot(PathPolicy.NGINX, null), request).first();

    assertThat(forward.backend()).hasToString(backend);
    assertThat(forward.target()).isEqualTo(target);
    assertThat(forward.host()).isEqualTo("A.shop.:80");
  }

  @Test
  void letsTheAbsoluteTargetSelectTheHostAsNginxDoes() {
    SimpleRequest request =
        SimpleRequest.builder().hosts(List.of("b.shop")).target("http://a.shop/pay").build();
    Forward forward = (Forward) new Exchange(snapshot(PathPolicy.NGINX, null), request).first();

    assertThat(forward.backend()).hasToString("default/pay:80");
    assertThat(forward.host()).isEqualTo("b.shop");
  }

  /** REL-12. */
  @ParameterizedTest
  @CsvSource({
    "CONNECT,          502, upstream-failed",
    "RESET,            502, upstream-failed",
    "BAD_RESPONSE,     502, upstream-failed",
    "CONNECT_TIMEOUT,  504, upstream-timeout",
    "RESPONSE_TIMEOUT, 504, upstream-timeout",
    "CLIENT_ABORT,     400, malformed-request",
    "NO_ENDPOINT,      503, no-endpoints",
    "OVERLOADED,       503, overloaded",
  })
  void mapsFailuresToStatuses(Exchange.Failure failure, int status, String reason) {
    Exchange exchange = exchange(RequestView.get("http://a.shop/pay"));
    Forward forward = (Forward) exchange.first();
    Answer answer = (Answer) exchange.failed(forward, failure, 10);
    exchange.closed(forward, -1, -1, false);
    exchange.end();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.reason().text()).isEqualTo(reason);
    assertThat(answer.route()).isSameAs(forward.route());
  }

  @ParameterizedTest
  @EnumSource(Exchange.Failure.class)
  void saysNothingAboutTheInsideInAFailure(Exchange.Failure failure) {
    assertThat(failure.explanation()).doesNotContain("10.", ":80", "default/");
  }

  @Test
  void relaysTheAnswerOfTheBackEnd() {
    Exchange exchange = exchange(RequestView.get("http://a.shop/pay"));
    Forward forward = (Forward) exchange.first();

    assertThat(exchange.replied(forward, new Exchange.ReplyHead(418)))
        .isEqualTo(new Relay(418, HeaderEdits.NONE));
    exchange.closed(forward, 1, 2, true);
    exchange.end();
    exchange.end();
  }

  @Test
  void refusesCallsOutOfOrder() {
    Exchange exchange = exchange(RequestView.get("http://a.shop/pay"));
    Forward stranger = forward("http://a.shop/pay");
    assertThatThrownBy(() -> exchange.replied(stranger, new Exchange.ReplyHead(200)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("replied() must not be called in state NEW");
    Forward forward = (Forward) exchange.first();
    assertThatThrownBy(exchange::first)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first() must not be called in state SENT");
    assertThatThrownBy(() -> exchange.failed(stranger, Exchange.Failure.RESET, 0))
        .hasMessage("failed() is about another attempt than the one under way");
    assertThatThrownBy(() -> exchange.failed(forward, Exchange.Failure.RESET, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bodyBytesSent is -1");
    exchange.replied(forward, new Exchange.ReplyHead(200));
    assertThatThrownBy(() -> exchange.failed(forward, Exchange.Failure.RESET, 0))
        .hasMessage("failed() must not be called in state FINISHED");
    exchange.closed(forward, 0, 0, true);
    assertThatThrownBy(() -> exchange.closed(forward, 0, 0, true))
        .isInstanceOf(IllegalStateException.class);
    exchange.end();
    assertThatThrownBy(exchange::first).hasMessage("first() must not be called in state ENDED");
  }

  @Test
  void takesAnAttemptThatIsJustClosedForBrokenOff() {
    Exchange exchange = exchange(RequestView.get("http://a.shop/pay"));
    Forward forward = (Forward) exchange.first();
    exchange.closed(forward, -1, -1, false);

    assertThatThrownBy(() -> exchange.replied(forward, new Exchange.ReplyHead(200)))
        .hasMessage("replied() must not be called in state FINISHED");
    assertThatThrownBy(() -> exchange.closed(forward, -1, -1, false))
        .isInstanceOf(IllegalStateException.class);
    exchange.end();
  }

  /** SEC-34, SEC-36. */
  @Test
  void namesTheHeaderLinesToSend() {
    SimpleRequest request =
        SimpleRequest.builder()
            .url("http://a.shop/pay")
            .header("Cookie", "a=1")
            .header("Connection", "close, X-Hop, Cookie, X-Forwarded-For")
            .header("X-Hop", "x")
            .header("cookie", "b=2")
            .header("Host", "a.shop")
            .header("Content-Length", "3")
            .header("Transfer-Encoding", "chunked")
            .header("Expect", "100-continue")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("Accept", "*/*")
            .header("my_header", "x")
            .build();
    List<String> lines = new ArrayList<>();
    ((Forward) decide(request)).eachHeader((name, value) -> lines.add(name + ": " + value));

    assertThat(lines)
        .containsExactly(
            "Cookie: a=1",
            "Cookie: b=2",
            "Accept: */*",
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-Host: a.shop",
            "X-Forwarded-Port: 80",
            "X-Forwarded-Proto: http");
  }

  @Test
  void checksWhatDecisionsAreMadeOf() {
    Route route = route("pay", null, POD);
    assertThatThrownBy(() -> new Redirect(route, 309, "/", HeaderEdits.NONE))
        .hasMessage("status 309 is no redirect");
    assertThatThrownBy(() -> new Redirect(route, 308, null, HeaderEdits.NONE))
        .hasMessage("a redirect with status 308 needs a location");
    assertThat(new Redirect(route, 308, "/", HeaderEdits.NONE).location()).isEqualTo("/");
    assertThatThrownBy(() -> new Answer(null, 199, Answer.Reason.HEALTH, "", HeaderEdits.NONE))
        .hasMessage("status 199 is not between 200 and 599");
    assertThatThrownBy(() -> new Exchange.ReplyHead(101))
        .hasMessage("status 101 is not between 200 and 599");
    assertThatThrownBy(
            () ->
                Route.of(
                    null,
                    null,
                    null,
                    new Backend.Resource("a", null, "b", "c"),
                    route.upstream(),
                    null))
        .hasMessage("a Service needs an upstream, nothing else has one");
    assertThatThrownBy(
            () ->
                Upstream.of(
                    "k",
                    EndpointPicker.roundRobin(List.of(POD)),
                    "none",
                    TransportSettings.DEFAULT))
        .hasMessage("an upstream with endpoints is not unavailable: k");
    assertThatThrownBy(
            () ->
                TransportSettings.DEFAULT.withTimeouts(
                    Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("a timeout must be positive");
    assertThatThrownBy(() -> new TransportSettings.Rate(-1, 0))
        .hasMessage("a rate must be 0 or more");
  }

  @Test
  void namesEveryReasonAsTheContractDoes() {
    Set<String> reasons = new HashSet<>();
    for (Answer.Reason reason : Answer.Reason.values()) {
      reasons.add(reason.text());
    }

    assertThat(reasons)
        .containsExactlyInAnyOrder(
            ("no-route malformed-request ambiguous-path method-not-allowed misdirected"
                    + " uri-too-long headers-too-large body-too-large expectation-failed loop"
                    + " no-endpoints route-closed denied unauthorized auth-unavailable"
                    + " client-certificate rate-limited preflight regex-budget bad-rewrite health"
                    + " upstream-failed upstream-timeout overloaded")
                .split(" "));
  }

  @Test
  void namesResources() {
    assertThat(new Backend.Resource("default", "k8s.example.com", "StorageBucket", "static"))
        .hasToString("StorageBucket.k8s.example.com default/static");
    assertThat(new Backend.Resource("default", null, "ConfigMap", "x\n"))
        .hasToString("ConfigMap default/x\\n");
  }
}
