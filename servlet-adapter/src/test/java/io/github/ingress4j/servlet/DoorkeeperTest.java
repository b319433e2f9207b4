package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.SimpleRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that has no room for a password answers as its route says. */
final class DoorkeeperTest {

  private static IngressRouter router(String annotation) {
    return IngressRouter.builder()
        .dialect(Dialect.INGRESS_NGINX)
        .manifests(
            "rules.yaml",
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                nginx.ingress.kubernetes.io/auth-type: basic
                nginx.ingress.kubernetes.io/auth-secret: users
                %s
            spec:
              tls: [{hosts: [a.test]}]
              rules:
                - host: a.test
                  http:
                    paths:
                      - path: /
                        pathType: Prefix
                        backend: {service: {name: web, port: {number: 80}}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: users}
            stringData: {auth: "ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: sorry}
            spec: {ports: [{port: 80}]}
            """
                .formatted(annotation))
        .build();
  }

  private static Decision decideWhileBusy(IngressRouter router) throws Exception {
    PasswordChecks passwords = new PasswordChecks(1, 0, 0);
    RareLog log = new RareLog(System.getLogger(DoorkeeperTest.class.getName()));
    try (Watchdog watchdog = new Watchdog();
        BackendConnections connections = new BackendConnections(watchdog)) {
      ServiceClient client =
          new ServiceClient(
              connections,
              new BackendTls(null),
              new ServiceDns(() -> router, AddressPolicy.strict(), log),
              watchdog);
      Doorkeeper doorkeeper = new Doorkeeper(client, passwords, new Bulkheads(1, 1), true, log);
      SimpleRequest request =
          SimpleRequest.builder()
              .url("https://a.test/")
              .header(
                  "Authorization",
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString("ann:secret".getBytes(StandardCharsets.US_ASCII)))
              .build();
      Decision[] decision = new Decision[1];
      PasswordChecks.Result other =
          passwords.check(
              () -> {
                Exchange exchange = router.exchange(request);
                decision[0] = doorkeeper.decide(exchange, request);
                exchange.end();
                return true;
              });
      assertThat(other).isEqualTo(PasswordChecks.Result.RIGHT);
      return decision[0];
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx.ingress.kubernetes.io/enable-cors: \"true\""})
  void answersWithTheFieldsOfTheRoute(String annotation) throws Exception {
    Decision decision = decideWhileBusy(router(annotation));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(503);
              assertThat(answer.reason()).isEqualTo(Answer.Reason.OVERLOADED);
              assertThat(answer.responseHeaders().asMap())
                  .containsKey("Strict-Transport-Security")
                  .containsKey("Access-Control-Allow-Origin");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings =
          "nginx.ingress.kubernetes.io/custom-http-errors: \"503\"\n"
              + "    nginx.ingress.kubernetes.io/default-backend: sorry")
  void asksForTheErrorPageOfTheRoute(String annotations) throws Exception {
    Decision decision = decideWhileBusy(router(annotations));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Forward.class,
            page -> assertThat(page.backend().toString()).isEqualTo("default/sorry:80"));
  }
}
