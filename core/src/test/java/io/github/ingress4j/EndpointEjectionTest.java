package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of requests tells the router which endpoints to spare (REL-14 to REL-16). */
class EndpointEjectionTest {

  private long nanos;

  private static String rules(String annotations, int endpoints) {
    StringBuilder list = new StringBuilder();
    for (int i = 1; i <= endpoints; i++) {
      list.append("  - {addresses: [10.0.0.").append(i).append("]}\n");
    }
    return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, annotations: {%s}}
        spec:
          rules:
            - host: web.test
              http:
                paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          ports: [{port: 80}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: "", port: 80}]
        endpoints:
        %s"""
        .formatted(annotations, list);
  }

  private IngressRouter.Builder builder(String annotations, int endpoints) {
    return IngressRouter.builder()
        .manifests("rules.yaml", rules(annotations, endpoints))
        .random(new Random(0))
        .ticker(() -> nanos);
  }

  private static final RequestView GET = SimpleRequest.builder().url("http://web.test/").build();

  private static String host(Forward forward) {
    Endpoint endpoint = forward.endpoint();
    return endpoint == null ? "none" : endpoint.host();
  }

  /** Sends a request; endpoints whose address ends with one of these fail. */
  private static String send(IngressRouter router, Exchange.Failure failure, Set<String> bad) {
    Exchange exchange = router.exchange(GET);
    Forward forward = (Forward) exchange.first();
    if (bad.contains(host(forward))) {
      exchange.failed(forward, failure, 0);
    } else {
      exchange.replied(forward, new Exchange.ReplyHead(200));
    }
    exchange.closed(forward, -1, -1, true);
    exchange.end();
    return host(forward);
  }

  private static List<String> send(IngressRouter router, int requests, Set<String> bad) {
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      hosts.add(send(router, Exchange.Failure.CONNECT, bad));
    }
    return hosts;
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Exchange.Failure.class)
  void blamesTheEndpointForWhatIsItsFault(Exchange.Failure failure) {
    IngressRouter router = builder("", 2).build();
    boolean isItsFault =
        Set.of("CONNECT", "CONNECT_TIMEOUT", "RESET", "RESPONSE_TIMEOUT", "BAD_RESPONSE")
            .contains(failure.name());
    for (int i = 0; i < 10; i++) {
      send(router, failure, Set.of("10.0.0.1"));
    }

    Set<String> used = new HashSet<>(send(router, 10, Set.of()));

    assertThat(used).isEqualTo(isItsFault ? Set.of("10.0.0.2") : Set.of("10.0.0.1", "10.0.0.2"));
    assertThat(router.endpointHealth().ejections()).isEqualTo(isItsFault ? 1 : 0);
  }

  @ParameterizedTest(name = "{0}, builder {1}: {2}")
  @CsvSource(
      nullValues = "default",
      value = {
        "KUBERNETES,    default, true",
        "KUBERNETES,    false,   false",
        "INGRESS_NGINX, default, false",
        "INGRESS_NGINX, true,    true",
      })
  void ejectsByDefaultWhereTheOriginDoesNotSayOtherwise(
      Dialect dialect, @org.jspecify.annotations.Nullable Boolean setting, boolean isEjecting) {
    IngressRouter.Builder builder = builder("", 2).dialect(dialect);
    if (setting != null) {
      builder.ejectFailingEndpoints(setting);
    }
    IngressRouter router = builder.build();

    send(router, 12, Set.of("10.0.0.1"));

    assertThat(router.endpointHealth().ejections()).isEqualTo(isEjecting ? 1 : 0);
  }

  @Test
  void findsOutWithOneRequestAndGoesBackToAllEndpoints() {
    IngressRouter router = builder("", 2).build();
    send(router, 10, Set.of("10.0.0.1"));
    nanos += TimeUnit.SECONDS.toNanos(30);
    Exchange probe = null;
    Forward asked = null;
    while (asked == null) {
      Exchange exchange = router.exchange(GET);
      Forward forward = (Forward) exchange.first();
      if (host(forward).equals("10.0.0.1")) {
        probe = exchange;
        asked = forward;
      } else {
        exchange.end();
      }
    }

    assertThat(send(router, 20, Set.of())).containsOnly("10.0.0.2");
    if (probe != null) {
      probe.replied(asked, new Exchange.ReplyHead(500));
      probe.closed(asked, -1, -1, true);
      probe.end();
    }

    assertThat(send(router, 20, Set.of())).contains("10.0.0.1", "10.0.0.2");
  }

  @Test
  void letsTheNextRequestFindOutIfOneEndsWithoutAResult() {
    IngressRouter router = builder("", 2).build();
    send(router, 10, Set.of("10.0.0.1"));
    nanos += TimeUnit.SECONDS.toNanos(30);
    for (int i = 0; i < 20; i++) {
      // Short answers of the router, which send nothing anywhere, take no turn of finding out.
      router.route(GET);
    }

    assertThat(send(router, 4, Set.of())).contains("10.0.0.1");
  }

  /** As in nginx: what the route calls a failed attempt counts, but not what a request deserves. */
  @ParameterizedTest(name = "\"{0}\", status {1}: {2}")
  @CsvSource({
    "error,             503, false",
    "error http_503,    503, true",
    "error http_503,    500, false",
    "error http_404,    404, false",
  })
  void countsAStatusIfTheRouteCallsItAFailure(String conditions, int status, boolean isFailure) {
    IngressRouter router =
        builder(
                "nginx.ingress.kubernetes.io/proxy-next-upstream: \""
                    + conditions
                    + "\", nginx.ingress.kubernetes.io/proxy-next-upstream-tries: \"1\"",
                2)
            .dialect(Dialect.INGRESS_NGINX)
            .ejectFailingEndpoints(true)
            .build();
    for (int i = 0; i < 12; i++) {
      Exchange exchange = router.exchange(GET);
      Forward forward = (Forward) exchange.first();
      exchange.replied(
          forward, new Exchange.ReplyHead(host(forward).equals("10.0.0.1") ? status : 200));
      exchange.closed(forward, -1, -1, true);
      exchange.end();
    }

    assertThat(router.endpointHealth().ejections()).isEqualTo(isFailure ? 1 : 0);
  }

  /** REL-06: a replacement keeps what is known of endpoints that stay. */
  @Test
  void surviveAReplacement() {
    LiveRouter live = LiveRouter.of(builder("", 2).build());
    send(live.current(), 10, Set.of("10.0.0.1"));

    live.replace(ManifestParser.create().parse("new.yaml", rules("", 3)));

    assertThat(new HashSet<>(send(live.current(), 30, Set.of())))
        .isEqualTo(Set.of("10.0.0.2", "10.0.0.3"));
    assertThat(live.current().endpointHealth().ejections()).isEqualTo(1);
  }

  @Test
  void reportsWhenSoManyFailThatAllAreUsed() {
    IngressRouter router = builder("", 4).build();
    Set<String> bad = Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
    send(router, 60, bad);

    assertThat(new HashSet<>(send(router, 20, bad))).hasSize(4);
    assertThat(router.endpointHealth().panics()).isEqualTo(1);
  }

  @Test
  void sendsARepeatedRequestToAnEndpointThatDidNotFailForIt() {
    IngressRouter router =
        builder("", 2).dialect(Dialect.INGRESS_NGINX).ejectFailingEndpoints(true).build();
    send(router, 12, Set.of("10.0.0.1"));
    Exchange exchange = router.exchange(GET);
    Forward first = (Forward) exchange.first();
    assertThat(host(first)).isEqualTo("10.0.0.2");

    Step step = exchange.failed(first, Exchange.Failure.CONNECT, 0);

    assertThat(step)
        .isInstanceOfSatisfying(
            Forward.class, second -> assertThat(host(second)).isEqualTo("10.0.0.1"));
  }

  /** REL-14: not more than 3 requests of a few, or a fifth of many, are repeated at a time. */
  @Test
  void doesNotRepeatMoreRequestsThanTheBudgetAllows() {
    IngressRouter router = builder("", 2).dialect(Dialect.INGRESS_NGINX).build();
    List<Exchange> open = new ArrayList<>();
    int repeated = 0;
    for (int i = 0; i < 10; i++) {
      Exchange exchange = router.exchange(GET);
      Forward first = (Forward) exchange.first();
      Step step = exchange.failed(first, Exchange.Failure.CONNECT, 0);
      repeated += step instanceof Forward ? 1 : 0;
      if (step instanceof Answer answer) {
        assertThat(answer.status()).isEqualTo(502);
      }
      open.add(exchange);
    }
    assertThat(repeated).isEqualTo(3);
    assertThat(router.counters().retryBudgetRefusals()).isEqualTo(7);

    open.forEach(Exchange::end);
    open.forEach(Exchange::end);
    Exchange exchange = router.exchange(GET);
    assertThat(exchange.failed((Forward) exchange.first(), Exchange.Failure.CONNECT, 0))
        .isInstanceOf(Forward.class);
  }
}
