package io.github.ingress4j.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.policy.AppRoot;
import io.github.ingress4j.policy.BlockList;
import io.github.ingress4j.policy.CanaryPolicy;
import io.github.ingress4j.policy.ClientCertificatePolicy;
import io.github.ingress4j.policy.FixedRedirect;
import io.github.ingress4j.policy.ForwardingRules;
import io.github.ingress4j.policy.HttpsRedirect;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.policy.Rewrite;
import io.github.ingress4j.policy.Satisfy;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.policy.SiteRedirect;
import io.github.ingress4j.policy.SlashRedirect;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RoutingTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the policies of a route make of a request, and in which order: ingress-nginx, section 1. */
class ExchangePoliciesTest {

  private static final Backend.ServicePort WEB = new Backend.ServicePort("shop", "web", "80", true);
  private static final Endpoint POD = new Endpoint("10.1.0.1", 8080);

  /** Backtracks exponentially on a row of {@code a} that something else ends. */
  private static final String BOMB = "(.*a){12}$";

  private static final String ROW = "a".repeat(40) + "b";

  private static Upstream upstream(Endpoint... endpoints) {
    return Upstream.of(
        WEB.toString(),
        EndpointPicker.roundRobin(List.of(endpoints)),
        endpoints.length == 0 ? "there is no endpoint" : null,
        TransportSettings.DEFAULT);
  }

  private static Route route(Upstream upstream, RoutePolicies.Builder policies) {
    return route(upstream, policies, null);
  }

  private static Route route(
      Upstream upstream, RoutePolicies.Builder policies, @Nullable String closed) {
    return new Route("shop/web", null, null, WEB, upstream, closed, policies.build());
  }

  private static PcrePattern pattern(String text) {
    return ((PcrePattern.Compiled) PcrePattern.compile(text, true, false)).pattern();
  }

  private static Template template(String text) {
    return ((Template.Parsed) Template.parse(text, Set.of())).template();
  }

  private static Rewrite rewrite(String pattern, String target, PathPolicy policy) {
    return new Rewrite(pattern(pattern), template(target), null, policy);
  }

  private static Exchange.Snapshot snapshot(RoutingTable<Route> table, PathPolicy policy) {
    return new Exchange.Snapshot(
        table,
        null,
        policy,
        new Exchange.Reading(
            true,
            true,
            true,
            "_",
            ForwardingRules.nginx(),
            Set.of("a.shop"),
            null,
            ResponseHeaders.NONE),
        new BalancerState(new Random(0), InstantSource.system()),
        new Counters(),
        new ClientState(InstantSource.system()));
  }

  private static Exchange.Snapshot snapshot(Route route, PathPolicy policy) {
    return snapshot(
        RoutingTable.<Route>builder()
            .add(HostPattern.parse("a.shop"), PathPattern.start("/"), route)
            .build(),
        policy);
  }

  private static Decision decide(Route route, String url) {
    return (Decision) new Exchange(snapshot(route, PathPolicy.NGINX), RequestView.get(url)).first();
  }

  // ---- order: ingress-nginx, section 1, step 4

  /** Blocked clients first, then certificates, then the root of the host. */
  @Test
  void certificatesAreCheckedBetweenBlockedClientsAndTheRootOfTheHost() {
    ClientCertificatePolicy certificates = ClientCertificatePolicy.builder(List.of()).build();
    Route route =
        route(
            upstream(POD),
            RoutePolicies.builder()
                .appRoot(new AppRoot(template("/start")))
                .access(
                    new AccessPolicies(certificates, null, null, null, null, null, Satisfy.ALL)));
    Route open =
        route(upstream(POD), RoutePolicies.builder().appRoot(new AppRoot(template("/start"))));
    BlockList blocked =
        new BlockList(List.of((BlockList.Entry) BlockList.Entry.parse("~^$")), List.of(), false);

    assertThat(place(route, null)).isEqualTo("400 client-certificate");
    assertThat(place(route, blocked)).isEqualTo("403 denied");
    assertThat(place(open, null)).isEqualTo("302");
    assertThat(place(open, new BlockList(List.of(), List.of(), true)))
        .isEqualTo("503 route-closed");
  }

  private static String place(Route route, @Nullable BlockList blocked) {
    Exchange.Snapshot plain = snapshot(route, PathPolicy.NGINX);
    Exchange.Reading reading = plain.reading();
    Exchange.Snapshot snapshot =
        new Exchange.Snapshot(
            plain.table(),
            plain.fallback(),
            plain.pathPolicy(),
            new Exchange.Reading(
                reading.matchesDecodedPaths(),
                reading.matchesAddresses(),
                reading.takesUpperCaseMethodsOnly(),
                reading.hostOfNone(),
                reading.forwarding(),
                reading.certificateHosts(),
                blocked,
                reading.headers()),
            plain.balancer(),
            plain.counters(),
            plain.clients());
    Step step = new Exchange(snapshot, RequestView.get("https://a.shop/")).first();
    return step instanceof Answer answer
        ? answer.status() + " " + answer.reason().text()
        : String.valueOf(((Redirect) step).status());
  }

  // ---- regex-budget: SEC-50

  private static void assertRefused(
      Exchange.Snapshot snapshot, RequestView request, boolean hasRoute) {
    for (int i = 1; i <= 2; i++) {
      assertThat(new Exchange(snapshot, request).first())
          .isInstanceOfSatisfying(
              Answer.class,
              answer -> {
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.reason()).isEqualTo(Answer.Reason.REGEX_BUDGET);
                assertThat(answer.explanation())
                    .isEqualTo(
                        "Comparing this request with the patterns of its host takes too long.");
                assertThat(answer.route() != null).isEqualTo(hasRoute);
              });
      assertThat(snapshot.counters().regexBudgetRefusals()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @EnumSource(PathPolicy.class)
  void refusesAndCountsPathsThatPatternsTakeTooLongFor(PathPolicy policy) {
    RoutingTable<Route> table =
        RoutingTable.<Route>builder()
            .add(
                HostPattern.parse("a.shop"),
                PathPattern.regex(
                    ((PcrePattern.Compiled) PcrePattern.compile("/" + BOMB, true, true)).pattern(),
                    0),
                route(upstream(POD), RoutePolicies.builder()))
            .build();

    assertRefused(snapshot(table, policy), RequestView.get("http://a.shop/" + ROW), false);
    assertThat(
            new Exchange(
                    snapshot(table, policy), RequestView.get("http://a.shop/" + "a".repeat(12)))
                .first())
        .isInstanceOf(Forward.class);
  }

  @Test
  void refusesAndCountsHostsThatPatternsTakeTooLongFor() {
    RoutingTable<Route> table =
        RoutingTable.<Route>builder()
            .add(
                new HostPattern.Regex(pattern("^" + BOMB), "", 0),
                PathPattern.rest(),
                route(upstream(POD), RoutePolicies.builder()))
            .build();

    assertRefused(snapshot(table, PathPolicy.NGINX), RequestView.get("http://" + ROW + "/"), false);
  }

  @ParameterizedTest
  @EnumSource(PathPolicy.class)
  void refusesAndCountsRewritesThatTakeTooLong(PathPolicy policy) {
    Route route =
        route(upstream(POD), RoutePolicies.builder().rewrite(rewrite("/" + BOMB, "/$1", policy)));

    assertRefused(snapshot(route, policy), RequestView.get("http://a.shop/" + ROW), true);
  }

  @Test
  void refusesAndCountsHeadersThatTheCanarysPatternTakesTooLongFor() {
    CanaryPolicy canary =
        new CanaryPolicy("X-Canary", null, pattern("^" + BOMB), false, null, 100, 100);
    Route route =
        route(
            upstream(POD).withCanary(new CanaryAlternative(WEB, upstream(POD), canary)),
            RoutePolicies.builder());

    assertRefused(
        snapshot(route, PathPolicy.NGINX),
        SimpleRequest.builder().url("http://a.shop/").header("X-Canary", ROW).build(),
        true);
  }

  // ---- bad-rewrite: section 5.1

  /** Nothing at all is an error of the proxy there, and of the request here. */
  @ParameterizedTest
  @CsvSource({"NGINX, 500", "STRICT, 400"})
  void refusesRewritesThatLeaveNothing(PathPolicy policy, int status) {
    Route route =
        route(upstream(POD), RoutePolicies.builder().rewrite(rewrite("/x(.*)", "$1", policy)));
    Step decision =
        new Exchange(snapshot(route, policy), RequestView.get("http://a.shop/x")).first();

    assertThat(decision)
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(status);
              assertThat(answer.reason()).isEqualTo(Answer.Reason.BAD_REWRITE);
              assertThat(answer.route()).isSameAs(route);
              assertThat(answer.explanation()).endsWith(".");
            });
  }

  /** A Host made of the request must still be one. */
  @Test
  void refusesAHostThatIsNone() {
    Route route = route(upstream(POD), RoutePolicies.builder().upstreamHost(template("$arg_h")));

    assertThat(((Forward) decide(route, "http://a.shop/?h=b.shop")).host()).isEqualTo("b.shop");
    assertThat(decide(route, "http://a.shop/?h=b%20c")).isInstanceOf(Forward.class);
    Route header =
        route(upstream(POD), RoutePolicies.builder().upstreamHost(template("$http_x_host")));
    RequestView request =
        SimpleRequest.builder().url("http://a.shop/").header("X-Host", "b c").build();
    assertThat(new Exchange(snapshot(header, PathPolicy.NGINX), request).first())
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(400);
              assertThat(answer.reason()).isEqualTo(Answer.Reason.MALFORMED_REQUEST);
            });
  }

  // ---- redirects

  /** Section 9.2: these statuses have no Location. */
  @ParameterizedTest
  @ValueSource(ints = {300, 304, 305, 306})
  void redirectsWithoutALocation(int status) {
    Route route =
        route(
            upstream(POD),
            RoutePolicies.builder()
                .redirect(new FixedRedirect("https://b.shop/", status, false, false)));
    Redirect redirect = (Redirect) decide(route, "http://a.shop/");

    assertThat(redirect.status()).isEqualTo(status);
    assertThat(redirect.location()).isNull();
    assertThat(redirect.route()).isSameAs(route);
  }

  private static RoutePolicies.Builder everything(int from) {
    RoutePolicies.Builder policies = RoutePolicies.builder();
    if (from <= 0) {
      policies.siteRedirect(new SiteRedirect("www.a.shop", 308));
    }
    if (from <= 1) {
      policies.appRoot(new AppRoot(template("/root")));
    }
    if (from <= 2) {
      policies.slashRedirect(new SlashRedirect("/slash/", false, false));
    }
    if (from <= 4) {
      policies.localAnswer(
          new RoutePolicies.LocalAnswer(200, Answer.Reason.HEALTH, "The router is up."));
    }
    if (from <= 5) {
      policies.redirect(new FixedRedirect("https://fixed.shop/", 301, false, false));
    }
    if (from <= 6) {
      policies.rewrite(rewrite("/", "https://moved.shop/", PathPolicy.NGINX));
    }
    if (from <= 7) {
      policies.httpsRedirect(new HttpsRedirect(true, false, 0, 307));
    }
    return policies;
  }

  /** Section 1: the first that answers wins, whatever comes behind it. */
  @ParameterizedTest(name = "without the first {0}: {1}")
  @CsvSource({
    "0, 308 http://www.a.shop:80",
    "1, 302 http://a.shop/root",
    "2, 301 http://a.shop/slash/",
    "3, 503 route-closed",
    "4, 200 health",
    "5, 301 https://fixed.shop/",
    "6, 302 https://moved.shop/",
    "7, 307 https://a.shop",
    "8, 503 no-endpoints",
  })
  void answersInTheOrderOfThePipeline(int from, String expected) {
    Route route = route(upstream(), everything(from), from <= 3 ? "closed" : null);
    Decision decision = decide(route, "http://a.shop/");
    String answered =
        decision instanceof Redirect redirect
            ? redirect.status() + " " + redirect.location()
            : ((Answer) decision).status() + " " + ((Answer) decision).reason().text();

    assertThat(answered).isEqualTo(expected);
  }

  // ---- stand-ins: section 14

  @Test
  void letsAStandInTakeTheRequestsOfAnEmptyBackEnd() {
    Backend.ServicePort spare = new Backend.ServicePort("shop", "spare", "81", true);
    Endpoint other = new Endpoint("10.5.0.1", 8081);
    RoutePolicies.StandIn standIn =
        new RoutePolicies.StandIn(
            spare,
            Upstream.of(
                "spare",
                EndpointPicker.roundRobin(List.of(other)),
                null,
                TransportSettings.DEFAULT),
            "shop",
            "web-ingress",
            "web",
            "80");
    RoutePolicies.Builder policies =
        RoutePolicies.builder()
            .standIn(standIn)
            .rewrite(rewrite("/x(.*)", "/y$1", PathPolicy.NGINX));
    Forward taken = (Forward) decide(route(upstream(), policies), "http://a.shop/x/1?q");
    Forward usual = (Forward) decide(route(upstream(POD), policies), "http://a.shop/x/1?q");

    assertThat(taken.backend()).isEqualTo(spare);
    assertThat(taken.endpoint()).isEqualTo(other);
    assertThat(taken.target()).isEqualTo("/x/1?q");
    assertThat(taken.requestHeaders().asMap())
        .containsEntry("X-Code", List.of("503"))
        .containsEntry("X-Ingress-Name", List.of("web-ingress"));
    assertThat(usual.backend()).isEqualTo(WEB);
    assertThat(usual.endpoint()).isEqualTo(POD);
    assertThat(usual.target()).isEqualTo("/y/1?q");
    assertThat(usual.requestHeaders().asMap()).doesNotContainKey("X-Code");
  }

  // ---- what answers teach

  /** The state is only told of answers by upstreams whose way of choosing learns from them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void teachesThosePickersOnlyThatLearn(boolean learns) {
    Endpoint fast = new Endpoint("10.1.0.2", 8080);
    Upstream upstream =
        Upstream.of(
            "web",
            learns
                ? EndpointPicker.peakEwma(List.of(POD))
                : EndpointPicker.roundRobin(List.of(POD)),
            null,
            TransportSettings.DEFAULT);
    Exchange.Snapshot snapshot =
        snapshot(route(upstream, RoutePolicies.builder()), PathPolicy.NGINX);
    Exchange exchange = new Exchange(snapshot, RequestView.get("http://a.shop/"));
    Forward forward = (Forward) exchange.first();
    exchange.replied(forward, new Exchange.ReplyHead(200));
    exchange.closed(forward, -1, 5_000_000_000L, true);
    EndpointPicker two = EndpointPicker.peakEwma(List.of(POD, fast));
    snapshot.balancer().responded(fast, 0, 1_000_000_000L);

    assertThat(two.pick("x", "", List.of(), snapshot.balancer())).isEqualTo(learns ? fast : POD);
  }
}
