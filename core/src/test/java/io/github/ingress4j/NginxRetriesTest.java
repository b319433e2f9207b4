package io.github.ingress4j;

import static io.github.ingress4j.NginxInput.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Exchange.Failure;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens after an attempt that failed: ingress-nginx, section 8.7. */
class NginxRetriesTest {

  private static final String[] PODS = {"10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4", "10.1.0.5"};

  private static NginxInput shop(String... annotations) {
    return new NginxInput().ingress("web", "a.shop / web:80", annotations).backend("web", PODS);
  }

  private static String[] split(String lines) {
    return lines.isEmpty() ? new String[0] : lines.split("; ", -1);
  }

  /** How many attempts there are if each fails alike, and what the client gets. */
  private static String outcome(IngressRouter router, String method, String failure) {
    SimpleRequest request = SimpleRequest.builder().url("http://a.shop/").method(method).build();
    Exchange exchange = router.exchange(request);
    Forward forward = (Forward) exchange.first();
    for (int attempts = 1; attempts < 20; attempts++) {
      assertThat(forward.attempt()).isEqualTo(attempts);
      Step step =
          Character.isDigit(failure.charAt(0))
              ? exchange.replied(forward, new Exchange.ReplyHead(Integer.parseInt(failure)))
              : exchange.failed(forward, Failure.valueOf(failure), 0);
      exchange.closed(forward, -1, -1, false);
      if (step instanceof Answer answer) {
        return attempts + " then " + answer.status();
      }
      if (step instanceof Relay relay) {
        return attempts + " then " + relay.status();
      }
      forward = (Forward) step;
    }
    return "no end";
  }

  @ParameterizedTest(name = "{2} {3} with {0}, settings {1}: {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                     | settings                     | method | failure          | outcome
          ''                                                | ''                           | GET    | CONNECT          | 3 then 502
          ''                                                | ''                           | GET    | RESET            | 3 then 502
          ''                                                | ''                           | GET    | CONNECT_TIMEOUT  | 3 then 504
          ''                                                | ''                           | GET    | RESPONSE_TIMEOUT | 3 then 504
          ''                                                | ''                           | GET    | BAD_RESPONSE     | 1 then 502
          ''                                                | ''                           | GET    | CLIENT_ABORT     | 1 then 400
          ''                                                | ''                           | GET    | 503              | 1 then 503
          ''                                                | ''                           | GET    | 200              | 1 then 200
          # POST, LOCK and PATCH only if nothing was sent
          ''                                                | ''                           | POST   | CONNECT          | 3 then 502
          ''                                                | ''                           | POST   | CONNECT_TIMEOUT  | 3 then 504
          ''                                                | ''                           | POST   | RESET            | 1 then 502
          ''                                                | ''                           | POST   | RESPONSE_TIMEOUT | 1 then 504
          ''                                                | ''                           | LOCK   | RESET            | 1 then 502
          ''                                                | ''                           | PATCH  | RESET            | 1 then 502
          ''                                                | ''                           | PUT    | RESET            | 3 then 502
          ''                                                | ''                           | DELETE | RESET            | 3 then 502
          ''                                                | retry-non-idempotent: true   | POST   | RESET            | 3 then 502
          proxy-next-upstream: error non_idempotent         | ''                           | PATCH  | RESET            | 3 then 502
          # conditions
          proxy-next-upstream: error                        | ''                           | GET    | RESPONSE_TIMEOUT | 1 then 504
          proxy-next-upstream: timeout                      | ''                           | GET    | RESET            | 1 then 502
          proxy-next-upstream: invalid_header               | ''                           | GET    | BAD_RESPONSE     | 3 then 502
          proxy-next-upstream: off                          | ''                           | GET    | CONNECT          | 1 then 502
          proxy-next-upstream: http_503                     | ''                           | GET    | 503              | 3 then 503
          proxy-next-upstream: http_503                     | ''                           | GET    | 502              | 1 then 502
          proxy-next-upstream: http_500 http_502 http_504   | ''                           | GET    | 504              | 3 then 504
          proxy-next-upstream: http_403 http_404 http_429   | ''                           | PUT    | 429              | 3 then 429
          proxy-next-upstream: http_503                     | ''                           | POST   | 503              | 1 then 503
          proxy-next-upstream: http_503 non_idempotent      | ''                           | POST   | 503              | 3 then 503
          proxy-next-upstream: http_418                     | ''                           | GET    | RESET            | 3 then 502
          # the settings, where the annotation says nothing
          ''                                                | proxy-next-upstream: off     | GET    | RESET            | 1 then 502
          ''                                                | proxy-next-upstream: http_500 | GET   | 500              | 3 then 500
          proxy-next-upstream: error                        | proxy-next-upstream: off     | GET    | RESET            | 3 then 502
          # tries
          proxy-next-upstream-tries: 1                      | ''                           | GET    | CONNECT          | 1 then 502
          proxy-next-upstream-tries: 5                      | ''                           | GET    | CONNECT          | 5 then 502
          proxy-next-upstream-tries: 0                      | ''                           | GET    | CONNECT          | no end
          ''                                                | proxy-next-upstream-tries: 2 | GET    | CONNECT          | 2 then 502
          proxy-next-upstream-tries: 4                      | proxy-next-upstream-tries: 2 | GET    | CONNECT          | 4 then 502
          """)
  void tries(String annotations, String settings, String method, String failure, String outcome) {
    NginxInput input = shop(split(annotations));
    if (!settings.isEmpty()) {
      input.settings(split(settings));
    }

    assertThat(outcome(input.router(), method, failure)).isEqualTo(outcome);
  }

  /** The time counts from the first attempt; another one begins only within it. */
  @ParameterizedTest(name = "{0}, {1} ms an attempt: {2} attempts")
  @CsvSource({
    "proxy-next-upstream-timeout: 2, 999, 3",
    "proxy-next-upstream-timeout: 2, 1000, 2",
    "proxy-next-upstream-timeout: 2, 2000, 1",
    "proxy-next-upstream-timeout: 0, 60000, 3",
  })
  void triesForATimeOnly(String annotation, int millis, int attempts) {
    Instant[] now = {NginxInput.NOW};
    IngressRouter router = shop(annotation).builder().clock(() -> now[0]).build();
    Exchange exchange = router.exchange(request("http://a.shop/"));
    Step step = exchange.first();
    int made = 0;
    while (step instanceof Forward forward) {
      made++;
      now[0] = now[0].plusMillis(millis);
      step = exchange.failed(forward, Failure.CONNECT, 0);
      exchange.closed(forward, -1, -1, false);
    }

    assertThat(made).isEqualTo(attempts);
  }

  /** Each attempt asks the balancer again: rotation and estimates move on, a hash does not. */
  @ParameterizedTest(name = "{0}: {1} endpoints")
  @CsvSource({
    "load-balance: round_robin, 5",
    "load-balance: ewma, 5",
    "upstream-hash-by: $request_uri, 1",
  })
  void asksTheBalancerAgain(String annotation, int endpoints) {
    Exchange exchange =
        shop(annotation, "proxy-next-upstream-tries: 5")
            .router()
            .exchange(request("http://a.shop/x"));
    List<String> places = new ArrayList<>();
    Step step = exchange.first();
    while (step instanceof Forward forward) {
      places.add(String.valueOf(forward.endpoint()));
      step = exchange.failed(forward, Failure.RESET, 0);
      exchange.closed(forward, -1, -1, false);
    }

    assertThat(places).hasSize(5);
    assertThat(places.stream().distinct()).hasSize(endpoints);
  }

  /** One endpoint gets all attempts. */
  @Test
  void triesASingleEndpointAgain() {
    IngressRouter router =
        new NginxInput().ingress("web", "a.shop / web:80").backend("web", "10.1.0.1").router();

    assertThat(outcome(router, "GET", "RESPONSE_TIMEOUT")).isEqualTo("3 then 504");
  }

  /** There is no marking of failed endpoints: the next request tries them again. */
  @Test
  void forgetsFailuresWithTheRequest() {
    IngressRouter router = shop("upstream-hash-by: $request_uri").router();
    String first = String.valueOf(NginxInput.forward(router, "http://a.shop/x").endpoint());
    for (int i = 0; i < 3; i++) {
      Exchange exchange = router.exchange(request("http://a.shop/x"));
      Forward forward = (Forward) exchange.first();
      assertThat(forward.endpoint()).hasToString(first);
      exchange.failed(forward, Failure.RESET, 0);
      exchange.end();
    }
  }

  /** What was sent and cannot be sent again ends it. */
  @Test
  void doesNotRepeatABodyThatIsGone() {
    Exchange exchange = shop().router().exchange(request("http://a.shop/"));
    Step step = exchange.failed((Forward) exchange.first(), Failure.RESET, 1);

    assertThat(step).isInstanceOf(Answer.class);
  }

  /** Endpoints that are not known are the adapter's to choose, for every attempt anew. */
  @Test
  void triesUnknownEndpointsAgain() {
    IngressRouter router = new NginxInput().ingress("web", "a.shop / web:80").router();

    assertThat(outcome(router, "GET", "CONNECT")).isEqualTo("3 then 502");
  }

  /** The attempt before is closed while the next one is under way, or after. */
  @Test
  void takesTheClosingOfBothAttempts() {
    Exchange exchange = shop().router().exchange(request("http://a.shop/"));
    Forward first = (Forward) exchange.first();
    Forward second = (Forward) exchange.failed(first, Failure.CONNECT, 0);
    exchange.closed(first, -1, -1, false);
    Step step = exchange.replied(second, new Exchange.ReplyHead(200));
    exchange.closed(second, 1, 2, true);
    exchange.end();

    assertThat(step).isInstanceOf(Relay.class);
    assertThat(second.attempt()).isEqualTo(2);
  }
}
