package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.SimpleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The order of evaluation, ingress-nginx, section 1: each row of its table against the next one.
 *
 * <p>Rows that answer are in {@link #theEarlierOfTwoStepsAnswers}. Those that do not, but decide
 * what later ones see, have a test each: 2 who the client is, 3 the host, 5 the location, 13 the
 * canary, 16 the copy, 17 the endpoint, 18 the answer.
 */
class NginxOrderTest {

  /** A host a.test with the path /x, and a request, of which each step wants something. */
  private static IngressRouter router(Set<String> steps) {
    List<String> annotations = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    settings.add("limit-req-status-code: 429");
    settings.add("limit-conn-status-code: 509");
    for (String step : steps) {
      switch (step) {
        case "agent" -> settings.add("block-user-agents: curl");
        case "referer" -> settings.add("block-referers: http://r.test/");
        case "certificate" -> annotations.add("auth-tls-secret: default/ca");
        case "subject" -> {
          annotations.add("auth-tls-secret: default/ca");
          annotations.add("auth-tls-match-cn: CN=nobody");
        }
        case "unusable" -> annotations.add("auth-tls-secret: default/none");
        case "snippet" -> {
          annotations.add("server-snippet: deny all;");
          settings.add("annotations-risk-level: Critical");
          settings.add("allow-snippet-annotations: true");
        }
        case "app-root" -> annotations.add("app-root: /start");
        case "sibling" -> annotations.add("from-to-www-redirect: true");
        case "body" -> annotations.add("proxy-body-size: 1k");
        case "closed" -> annotations.add("enable-modsecurity: true");
        case "denied" -> annotations.add("auth-url: no-url");
        case "cors" -> annotations.add("enable-cors: true");
        case "temporal" -> annotations.add("temporal-redirect: https://t.test/");
        case "permanent" -> annotations.add("permanent-redirect: https://p.test/");
        case "rewrite" -> annotations.add("rewrite-target: https://b.test/");
        case "https" -> annotations.add("force-ssl-redirect: true");
        case "requests" -> {
          annotations.add("limit-rps: 1");
          annotations.add("limit-burst-multiplier: 1");
        }
        case "connections" -> annotations.add("limit-connections: 1");
        case "list" -> annotations.add("denylist-source-range: 127.0.0.0/8");
        case "password" -> {
          annotations.add("auth-type: basic");
          annotations.add("auth-secret: users");
        }
        case "external" -> annotations.add("auth-url: http://auth.test/");
        default -> assertThat(Set.of("malformed", "slash", "endpoints")).contains(step);
      }
    }
    NginxInput input =
        new NginxInput()
            .ingress(
                "web",
                steps.contains("slash") ? "a.test /x/ web:80" : "a.test /x web:80",
                annotations.stream().distinct().toArray(String[]::new))
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .secret("ca", TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem")))
            .settings(settings.toArray(new String[0]));
    return (steps.contains("endpoints")
            ? input.emptyBackend("web")
            : input.backend("web", "10.0.0.1"))
        .router();
  }

  /**
   * What becomes of the third of three requests at once, by which limits are reached. A POST has a
   * body of 5000 bytes; with a step of certificates the requests come with TLS, without any.
   */
  private static String third(Set<String> steps, String method, String host, String path) {
    IngressRouter router = router(steps);
    SimpleRequest request =
        SimpleRequest.builder()
            .scheme(steps.contains("certificate") ? "https" : "http")
            .method(method)
            .target(path)
            .hosts(steps.contains("malformed") ? List.of(host, host) : List.of(host))
            .clientAddress("127.0.0.1")
            .bodyLength(method.equals("POST") ? 5000 : 0)
            .header("User-Agent", "curl")
            .header("Referer", "http://r.test/")
            .build();
    String place = "";
    for (int i = 0; i < 3; i++) {
      place = place(router.exchange(request).first());
    }
    return place;
  }

  private static String place(Step step) {
    return step instanceof AskAuth ask
        ? "ask " + ask.url()
        : step instanceof CheckPassword ? "password" : NginxInput.place((Decision) step);
  }

  @ParameterizedTest(name = "{0} before {1}: {5} before {6}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # first      | second      | method  | host       | path | both                  | the second alone
          # 1 to 4
          malformed    | agent       | GET     | a.test     | /x   | 400 malformed-request | 403 denied
          # within 4, and 4 to 4b
          agent        | app-root    | GET     | a.test     | /    | 403 denied            | 302
          referer      | app-root    | GET     | a.test     | /    | 403 denied            | 302
          agent        | sibling     | GET     | www.a.test | /x   | 403 denied            | 308
          referer      | sibling     | GET     | www.a.test | /x   | 403 denied            | 308
          agent        | unusable    | GET     | a.test     | /x   | 403 denied            | 403 client-certificate
          referer      | subject     | GET     | a.test     | /x   | 403 denied            | 403 client-certificate
          subject      | certificate | GET     | a.test     | /x   | 403 client-certificate | 400 client-certificate
          subject      | snippet     | GET     | a.test     | /x   | 403 client-certificate | 503 route-closed
          certificate  | snippet     | GET     | a.test     | /x   | 400 client-certificate | 503 route-closed
          unusable     | snippet     | GET     | a.test     | /x   | 403 client-certificate | 503 route-closed
          subject      | app-root    | GET     | a.test     | /    | 403 client-certificate | 302
          unusable     | app-root    | GET     | a.test     | /    | 403 client-certificate | 302
          certificate  | app-root    | GET     | a.test     | /    | 400 client-certificate | 302
          snippet      | app-root    | GET     | a.test     | /    | 503 route-closed      | 302
          # 4 to 6, 6 to 7, 7 to 8
          app-root     | body        | POST    | a.test     | /    | 302                   | 413 body-too-large
          body         | slash       | POST    | a.test     | /x   | 413 body-too-large    | 301
          # 8 to 7: what is closed leads nowhere, section 4.4
          closed       | slash       | GET     | a.test     | /x   | 503 route-closed      | 301
          # 8 to 9, 9 to 10
          closed       | cors        | OPTIONS | a.test     | /x   | 503 route-closed      | 204 preflight
          denied       | cors        | OPTIONS | a.test     | /x   | 503 route-closed      | 204 preflight
          cors         | temporal    | OPTIONS | a.test     | /x   | 204 preflight         | 302
          # within 10, 10 to 11, 11 to 12
          temporal     | permanent   | GET     | a.test     | /x   | 302                   | 301
          permanent    | rewrite     | GET     | a.test     | /x   | 301                   | 302
          rewrite      | https       | GET     | a.test     | /x   | 302                   | 308
          # 12 to 13, 13 to 14
          https        | endpoints   | GET     | a.test     | /x   | 308                   | 503 no-endpoints
          endpoints    | requests    | GET     | a.test     | /x   | 503 no-endpoints      | 429 rate-limited
          endpoints    | connections | GET     | a.test     | /x   | 503 no-endpoints      | 509 rate-limited
          # within 14, 14 to 15
          requests     | connections | GET     | a.test     | /x   | 429 rate-limited      | 509 rate-limited
          connections  | list        | GET     | a.test     | /x   | 509 rate-limited      | 403 denied
          # within 15
          list         | password    | GET     | a.test     | /x   | 403 denied            | 401 unauthorized
          password     | external    | GET     | a.test     | /x   | 401 unauthorized      | ask http://auth.test/
          """)
  void theEarlierOfTwoStepsAnswers(
      String first,
      String second,
      String method,
      String host,
      String path,
      String both,
      String alone) {
    assertThat(third(Set.of(first, second), method, host, path)).isEqualTo(both);
    assertThat(third(Set.of(second), method, host, path)).isEqualTo(alone);
  }

  /** Step 2 comes before 12 and 14: it is the client's scheme and address that they look at. */
  @Test
  void theClientIsKnownBeforeAnythingAsksForIt() {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test /x web:80", "force-ssl-redirect: true", "limit-connections: 1")
            .backend("web", "10.0.0.1")
            .settings("use-forwarded-headers: true", "proxy-real-ip-cidr: 127.0.0.0/8")
            .router();
    List<String> places = new ArrayList<>();
    for (String client :
        List.of("http 1.1.1.1", "https 1.1.1.1", "https 1.1.1.1", "https 2.2.2.2")) {
      String[] words = client.split(" ", -1);
      SimpleRequest request =
          SimpleRequest.builder()
              .url("http://a.test/x")
              .clientAddress("127.0.0.1")
              .header("X-Forwarded-Proto", words[0])
              .header("X-Forwarded-For", words[1])
              .build();
      places.add(place(router.exchange(request).first()));
    }

    assertThat(places)
        .containsExactly("308", "web:80 10.0.0.1:8080", "503 rate-limited", "web:80 10.0.0.1:8080");
  }

  /** Step 3 comes before 4, and reads the Host only, whatever step 2 believes. */
  @Test
  void theHostIsChosenBeforeItsOwnChecks() {
    IngressRouter router =
        new NginxInput()
            .ingress("a", "a.test /x web:80", "app-root: /start")
            .ingress("b", "b.test /x web:80")
            .backend("web", "10.0.0.1")
            .settings("use-forwarded-headers: true", "proxy-real-ip-cidr: 127.0.0.0/8")
            .router();

    assertThat(NginxInput.service(router, "http://a.test/", "X-Forwarded-Host: b.test"))
        .isEqualTo("302");
    assertThat(NginxInput.service(router, "http://b.test/", "X-Forwarded-Host: a.test"))
        .isEqualTo("404 no-route");
  }

  /** Step 4b comes before 5: there are no locations whose steps could answer. */
  @Test
  void theSiblingHostRedirectsWithoutAskingAnything() {
    for (String later : List.of("body", "closed", "permanent", "https", "endpoints", "list")) {
      assertThat(third(Set.of("sibling", later), "POST", "www.a.test", "/x"))
          .as(later)
          .isEqualTo("308");
    }
    assertThat(third(Set.of("sibling", "list"), "POST", "a.test", "/x")).isEqualTo("403 denied");
  }

  /** Step 5 comes before 6: the limit is that of the location. */
  @Test
  void theLocationIsChosenBeforeTheBodyIsMeasured() {
    IngressRouter router =
        new NginxInput()
            .ingress("small", "a.test /x web:80", "proxy-body-size: 1k")
            .ingress("large", "a.test /x/y web:80", "proxy-body-size: 8k")
            .backend("web", "10.0.0.1")
            .router();
    SimpleRequest.Builder post = SimpleRequest.builder().method("POST").bodyLength(5000);

    assertThat(NginxInput.place(router.route(post.url("http://a.test/x").build())))
        .isEqualTo("413 body-too-large");
    assertThat(NginxInput.place(router.route(post.url("http://a.test/x/y").build())))
        .isEqualTo("web:80 10.0.0.1:8080");
  }

  /** Step 6, section 13: the setting counts where no Ingress has a say. */
  @ParameterizedTest(name = "{0}, {1} bytes: {2}")
  @CsvSource({
    "1m, 1048576, 404 no-route",
    "1m, 1048577, 413 body-too-large",
    "1k, 5000,    413 body-too-large",
    "0,  9999999, 404 no-route",
  })
  void bodiesForNobodyAreMeasuredToo(String limit, long length, String expected) {
    IngressRouter router =
        new NginxInput()
            .ingress("large", "a.test /x web:80", "proxy-body-size: 8m")
            .backend("web", "10.0.0.1")
            .settings("proxy-body-size: " + limit)
            .router();
    SimpleRequest.Builder post = SimpleRequest.builder().method("POST").bodyLength(length);

    assertThat(NginxInput.place(router.route(post.url("http://nobody.test/x").build())))
        .isEqualTo(expected);
  }

  /** Step 8: an unmeasured body does not count, and a denied location does not redirect. */
  @Test
  void aBodyOfUnknownLengthIsMeasuredLater() {
    SimpleRequest.Builder post =
        SimpleRequest.builder().url("http://a.test/x").method("POST").bodyLength(-1);

    assertThat(place(router(Set.of("body", "slash")).exchange(post.build()).first()))
        .isEqualTo("301");
    assertThat(place(router(Set.of("slash", "denied")).exchange(post.build()).first()))
        .isEqualTo("503 route-closed");
  }

  /**
   * Step 13 comes before 14 and 15: the canary is chosen once, whoever the client turns out to be,
   * and the main upstream has to have endpoints.
   */
  @Test
  void theCanaryIsChosenBeforeTheClientIsAsked() {
    NginxInput input =
        new NginxInput()
            .ingress("web", "a.test /x web:80", "auth-url: http://auth.test/")
            .ingress("new", "a.test /x new:80", "canary: true", "canary-by-header: X-New")
            .backend("new", "10.0.0.2");
    SimpleRequest request = NginxInput.request("http://a.test/x", "X-New: always");
    Exchange exchange = input.backend("web", "10.0.0.1").router().exchange(request);

    assertThat(place(exchange.first())).isEqualTo("ask http://auth.test/");
    assertThat(place(exchange.authenticated(new Exchange.ReplyHead(200))))
        .isEqualTo("new:80 10.0.0.2:8080");
    IngressRouter empty =
        new NginxInput()
            .ingress("web", "a.test /x web:80", "auth-url: http://auth.test/")
            .ingress("new", "a.test /x new:80", "canary: true", "canary-by-header: X-New")
            .emptyBackend("web")
            .backend("new", "10.0.0.2")
            .router();
    assertThat(place(empty.exchange(request).first())).isEqualTo("503 no-endpoints");
  }

  /** Step 15 in full, with 16 behind it: who may not pass is not copied either. */
  @Test
  void nothingIsCopiedBeforeTheClientMayPass() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80",
                "mirror-target: http://copy.test/",
                "auth-type: basic",
                "auth-secret: users",
                "auth-url: http://auth.test/")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .backend("web", "10.0.0.1", "10.0.0.2")
            .router();
    Exchange exchange =
        router.exchange(
            NginxInput.request("http://a.test/x", "Authorization: Basic YW5uOnNlY3JldA=="));
    CheckPassword check = (CheckPassword) exchange.first();
    assertThat(place(exchange.passwordChecked(check.verify()))).isEqualTo("ask http://auth.test/");
    Forward forward = (Forward) exchange.authenticated(new Exchange.ReplyHead(204));

    // Step 16 comes before 17: the copy goes out once, whatever becomes of the endpoints.
    assertThat(forward.mirror()).isNotNull();
    Forward again = (Forward) exchange.failed(forward, Exchange.Failure.CONNECT, 0);
    assertThat(again.mirror()).isNull();
    assertThat(again.endpoint()).isNotEqualTo(Objects.requireNonNull(forward.endpoint()));
    assertThat(place(router.exchange(NginxInput.request("http://a.test/x")).first()))
        .isEqualTo("401 unauthorized");
  }

  /** Step 17 comes before 18: all attempts are made before an error is replaced, or dressed. */
  @Test
  void errorsAreReplacedAfterTheLastAttempt() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80",
                "affinity: cookie",
                "enable-cors: true",
                "custom-http-errors: 503",
                "default-backend: pages",
                "proxy-next-upstream: error http_503",
                "proxy-next-upstream-tries: 2")
            .backend("web", "10.0.0.1", "10.0.0.2")
            .backend("pages", "10.0.0.3")
            .router();
    Exchange exchange = router.exchange(NginxInput.request("http://a.test/x"));
    Forward first = (Forward) exchange.first();
    Forward second = (Forward) exchange.replied(first, new Exchange.ReplyHead(503));
    Step page = exchange.replied(second, new Exchange.ReplyHead(503));

    assertThat(second.backend()).hasToString("default/web:80");
    assertThat(place(page)).isEqualTo("pages:80 10.0.0.3:8080");
    Exchange failing = router.exchange(NginxInput.request("http://a.test/x"));
    Forward one = (Forward) failing.first();
    Forward two = (Forward) failing.failed(one, Exchange.Failure.CONNECT, 0);
    Answer answer = (Answer) failing.failed(two, Exchange.Failure.CONNECT, 0);
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.responseHeaders().asMap()).containsKey("Access-Control-Allow-Origin");
  }
}
