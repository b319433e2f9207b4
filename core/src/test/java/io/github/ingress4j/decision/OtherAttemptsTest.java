package io.github.ingress4j.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.SimpleRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a failure is followed by another attempt (ingress-nginx.md 8.7). */
class OtherAttemptsTest {

  private static final String RULES =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        rules:
          - host: web.test
            http:
              paths:
                - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: canary
        annotations: {nginx.ingress.kubernetes.io/canary: "true"}
      spec:
        rules:
          - host: web.test
            http:
              paths:
                - {path: /, pathType: Prefix, backend: {service: {name: new, port: {number: 80}}}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
      data: {proxy-next-upstream: "error http_503"}
      """;

  private final IngressRouter router =
      IngressRouter.builder().dialect(Dialect.INGRESS_NGINX).manifests("rules.yaml", RULES).build();

  private Exchange exchange(String method, long bodyLength) {
    return router.exchange(
        SimpleRequest.builder()
            .url("http://web.test/")
            .method(method)
            .bodyLength(bodyLength)
            .build());
  }

  @ParameterizedTest(name = "{0}, status {1}, {2} bytes lost")
  @CsvSource({
    "GET,  503, 0, true",
    "PUT,  503, 0, true",
    "PUT,  503, 1, false",
    "POST, 503, 0, false",
    "GET,  500, 0, false",
  })
  void repeatsARequestIfTheStatusCountsAsAFailure(
      String method, int status, long lost, boolean isRepeated) {
    Exchange exchange = exchange(method, 5);
    Forward first = (Forward) exchange.first();

    Step step = exchange.replied(first, new Exchange.ReplyHead(status), lost);

    assertThat(step).isInstanceOf(isRepeated ? Forward.class : Relay.class);
    exchange.closed(first, -1, -1, true);
    if (step instanceof Forward second) {
      assertThat(second.attempt()).isEqualTo(2);
      exchange.closed(second, -1, -1, false);
    }
    exchange.end();
  }

  @ParameterizedTest(name = "{0}: {1}, {2} bytes lost")
  @CsvSource({
    "GET,  RESET,           0, true",
    "PUT,  RESET,           0, true",
    "PUT,  RESET,           1, false",
    "POST, RESET,           0, false",
    "POST, CONNECT,         0, true",
    "GET,  CONNECT_TIMEOUT, 0, false",
    "GET,  NO_ENDPOINT,     0, false",
    "GET,  OVERLOADED,      0, false",
    "GET,  CLIENT_ABORT,    0, false",
    "PUT,  BODY_TOO_LARGE,  0, false",
  })
  void repeatsARequestAfterAFailureThatTheSettingsName(
      String method, Exchange.Failure failure, long lost, boolean isRepeated) {
    Exchange exchange = exchange(method, 5);
    Forward first = (Forward) exchange.first();

    Step step = exchange.failed(first, failure, lost);

    assertThat(step).isInstanceOf(isRepeated ? Forward.class : Answer.class);
  }

  @Test
  void makesThreeAttemptsInAll() {
    Exchange exchange = exchange("GET", 0);
    Forward first = (Forward) exchange.first();
    Forward second = (Forward) exchange.failed(first, Exchange.Failure.CONNECT, 0);
    exchange.closed(first, -1, -1, false);
    Forward third = (Forward) exchange.failed(second, Exchange.Failure.CONNECT, 0);
    exchange.closed(second, -1, -1, false);

    assertThat(exchange.failed(third, Exchange.Failure.CONNECT, 0))
        .isInstanceOfSatisfying(Answer.class, answer -> assertThat(answer.status()).isEqualTo(502));
  }

  @Test
  void countsNoBytesBelowZero() {
    Exchange exchange = exchange("GET", 0);
    Forward first = (Forward) exchange.first();

    assertThatThrownBy(() -> exchange.replied(first, new Exchange.ReplyHead(503), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bodyBytesSent is -1");
  }

  /** A canary is no upstream of a location, but its requests have to go somewhere. */
  @Test
  void knowsTheBackEndsOfCanaries() {
    assertThat(router.translation().servicePorts())
        .extracting(Backend.ServicePort::toString)
        .containsExactlyInAnyOrder("default/web:80", "default/new:80");
  }
}
