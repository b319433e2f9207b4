package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused of an annotation whose effect is the whole host closes the whole host:
 * ingress-nginx.md sections 1 (row 4), 2.3 and 6.
 */
class NginxHostClosureTest {

  private static final List<String> URLS =
      List.of(
          "http://a.test/x",
          "http://a.test/more",
          "http://a.test/nobody",
          "http://a.test/",
          "http://b.test/x",
          "http://c.test/x");

  /** One Ingress of a.test and b.test with annotations, and others of a.test and of c.test. */
  private static NginxInput input(String... annotations) {
    return new NginxInput()
        .ingress("old", "a.test /more web:80")
        .ingress("own", "a.test /x web:80; b.test /x web:80", annotations)
        .ingress("other", "c.test /x web:80")
        .backend("web", "10.0.0.1")
        .settings("annotations-risk-level: Critical", "allow-snippet-annotations: true");
  }

  private static List<String> places(IngressRouter router) {
    List<String> places = new ArrayList<>();
    for (String url : URLS) {
      String place = NginxInput.place(router.route(RequestView.get(url)));
      places.add(place.startsWith("web:80") ? "web" : place.replace(" route-closed", ""));
    }
    return places;
  }

  private static List<String> closures(IngressRouter router) {
    return router.translation().routes().getOrDefault("a.test", Map.of()).values().stream()
        .map(Route::closed)
        .map(String::valueOf)
        .distinct()
        .toList();
  }

  /** The default location of the host belongs to the oldest Ingress, and is closed as well. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          server-snippet: deny all;        | 503, 503, 503, 503, 503, web
          auth-tls-secret: ' '             | 503, 503, 503, 503, 503, web
          configuration-snippet: deny all; | 503, web, 404 no-route, 404 no-route, 503, web
          auth-snippet: deny all;          | 503, web, 404 no-route, 404 no-route, 503, web
          modsecurity-snippet: x           | 503, web, 404 no-route, 404 no-route, 503, web
          enable-modsecurity: true         | 503, web, 404 no-route, 404 no-route, 503, web
          stream-snippet: x                | web, web, 404 no-route, 404 no-route, web, web
          """)
  void whatCoversTheHostClosesIt(String annotation, String expected) {
    IngressRouter router = router(annotation);

    assertThat(String.join(", ", places(router))).isEqualTo(expected);
  }

  private static IngressRouter router(String annotation) {
    return input(annotation.replace("' '", " ")).router();
  }

  @Test
  void theRouteSaysWhoClosedIt() {
    IngressRouter router = input("server-snippet: deny all;", "enable-modsecurity: true").router();

    assertThat(closures(router))
        .containsExactly(
            "not run: server-snippet (Ingress default/own)",
            "not run: server-snippet (Ingress default/own); not enforced: enable-modsecurity");
    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("annotation-snippet"))
        .extracting(Diagnostic::message)
        .containsExactly(
            "the annotation nginx.ingress.kubernetes.io/server-snippet holds configuration of"
                + " nginx, which is never run here, so the hosts of the Ingress are closed and"
                + " answer 503");
    assertThat(closures(router("auth-tls-secret: ' '")))
        .containsExactly("a faulty value: auth-tls-secret (Ingress default/own)");
    assertThat(closures(input("auth-tls-secret: default/none").router()))
        .containsExactly(
            "auth-tls-secret names the Secret default/none, which is missing"
                + " (Ingress default/own)");
  }

  /** A canary gives the host nothing, and what the controller does not run closes nothing. */
  @Test
  void whatTheControllerDoesNotRunClosesNothing() {
    assertThat(
            places(
                input()
                    .ingress(
                        "canary", "a.test /x new:80", "canary: true", "server-snippet: deny all;")
                    .backend("new", "10.0.0.2")
                    .router()))
        .containsExactly("web", "web", "404 no-route", "404 no-route", "web", "web");
    assertThat(
            places(
                input("server-snippet: deny all;")
                    .builder()
                    .ignoreProtectingAnnotations(true)
                    .build()))
        .containsExactly("web", "web", "404 no-route", "404 no-route", "web", "web");
    NginxInput stripped =
        new NginxInput()
            .ingress("own", "a.test /x web:80", "server-snippet: deny all;")
            .backend("web", "10.0.0.1")
            .settings("annotations-risk-level: Critical");
    assertThat(NginxInput.service(stripped.router(), "http://a.test/x")).isEqualTo("web");
  }

  /** Hosts that only lead here have no snippet of their own; aliases are the same host. */
  @Test
  void otherNamesOfTheHostAreClosedAndSiblingsLeadThere() {
    IngressRouter router =
        input(
                "server-snippet: deny all;",
                "from-to-www-redirect: true",
                "server-alias: alias.test",
                "app-root: /start")
            .router();

    assertThat(NginxInput.service(router, "http://alias.test/")).isEqualTo("503 route-closed");
    assertThat(NginxInput.service(router, "http://a.test/")).isEqualTo("503 route-closed");
    assertThat(NginxInput.service(router, "http://www.a.test/")).isEqualTo("308");
  }

  /** The host of all unknown names is closed by rules without a host, its own paths included. */
  @Test
  void theHostOfUnknownNamesIsClosedAsAnyOther() {
    IngressRouter router =
        new NginxInput()
            .ingress("old", "default web:80")
            .ingress("own", "- /x web:80", "server-snippet: deny all;")
            .ingress("other", "c.test /x web:80")
            .backend("web", "10.0.0.1")
            .settings("annotations-risk-level: Critical", "allow-snippet-annotations: true")
            .router();

    for (String path : List.of("/x", "/", "/healthz")) {
      assertThat(router.route(RequestView.get("http://any.test" + path)))
          .isInstanceOfSatisfying(
              Answer.class,
              answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.explanation())
                    .isEqualTo(
                        "This host is closed, because it cannot be protected as its rules ask.");
              });
    }
    assertThat(NginxInput.service(router, "http://c.test/x")).isEqualTo("web");
  }

  @Test
  void anUpdateClosesAndOpensTheRoutesOfOthers() {
    IngressRouter open = input().router();
    LiveRouter live = LiveRouter.of(open);
    for (NginxInput next :
        List.of(
            input("server-snippet: deny all;"),
            input("auth-tls-secret: default/none"),
            input(),
            input("auth-tls-secret:  "),
            input("configuration-snippet: deny all;"),
            input())) {
      IngressRouter anew = next.router();

      assertThat(live.replace(next.set()).isPublished()).isTrue();
      assertThat(live.current().translation().routes()).isEqualTo(anew.translation().routes());
      assertThat(live.current().diagnostics()).isEqualTo(anew.diagnostics());
      assertThat(places(live.current())).isEqualTo(places(anew));
    }
    assertThat(live.replace(input("server-snippet: deny all;").set()).changed())
        .containsExactlyInAnyOrder(
            "a.test / Prefix",
            "a.test /more Exact",
            "a.test /more/ Prefix",
            "a.test /x Exact",
            "a.test /x/ Prefix",
            "b.test / Prefix",
            "b.test /x Exact",
            "b.test /x/ Prefix");
  }

  /** DESIGN: in the dialect kubernetes protecting annotations close what they would cover. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          server-snippet: deny all;        | 503, 503, 503, 503, 503, web
          auth-tls-secret: default/ca      | 503, 503, 503, 503, 503, web
          configuration-snippet: deny all; | 503, web, other, other, 503, web
          auth-tls-verify-client: on       | 503, web, other, other, 503, web
          """)
  void theDialectKubernetesClosesHostsToo(String annotation, String expected) {
    NginxInput input =
        input(annotation).ingress("rest", "default other:80").backend("other", "10.0.0.9");
    IngressRouter router = input.builder().dialect(Dialect.KUBERNETES).build();

    assertThat(String.join(", ", places(router)).replaceAll("other:80 [0-9.:]+", "other"))
        .isEqualTo(expected);
    LiveRouter live =
        LiveRouter.of(
            input()
                .ingress("rest", "default other:80")
                .backend("other", "10.0.0.9")
                .builder()
                .dialect(Dialect.KUBERNETES)
                .build());
    assertThat(live.replace(input.set()).isPublished()).isTrue();
    assertThat(places(live.current())).isEqualTo(places(router));
    assertThat(live.current().translation().routes()).isEqualTo(router.translation().routes());
  }

  @Test
  void theDialectKubernetesSaysWhatIsClosed() {
    IngressRouter router =
        input("server-snippet: deny all;", "auth-tls-secret: default/ca", "auth-url: http://x/")
            .builder()
            .dialect(Dialect.KUBERNETES)
            .build();

    assertThat(closures(router))
        .containsExactlyInAnyOrder(
            "not enforced: server-snippet, auth-tls-secret, auth-url",
            "not enforced: server-snippet, auth-tls-secret (Ingress default/own)");
    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("protection-not-enforced"))
        .extracting(finding -> finding.message().replaceAll(".*, so ", ""))
        .containsExactly(
            "the hosts of the Ingress are closed and answer 503",
            "the hosts of the Ingress are closed and answer 503",
            "the routes of the Ingress are closed and answer 503");
    assertThat(
            places(
                input("server-snippet: deny all;")
                    .builder()
                    .dialect(Dialect.KUBERNETES)
                    .ignoreProtectingAnnotations(true)
                    .build()))
        .isEqualTo(places(input().builder().dialect(Dialect.KUBERNETES).build()));
  }
}
