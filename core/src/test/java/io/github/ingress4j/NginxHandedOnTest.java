package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Exchange.ReplyHead;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.Mirror;
import io.github.ingress4j.policy.SimpleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What leaves besides the request itself, or in its place: error pages and copies, and the header
 * fields that manifests name.
 *
 * <p>Sections are those of the reference ingress-nginx, requirements those of hardening.
 */
class NginxHandedOnTest {

  private static final String URL = "http://a.test/x";

  private static NginxInput web(String... annotations) {
    return new NginxInput()
        .ingress("web", "a.test /x web:80", annotations)
        .backend("web", "10.0.0.1")
        .backend("pages", "10.0.0.2");
  }

  private static Map<String, String> lines(Consumer<BiConsumer<String, String>> message) {
    Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    message.accept((name, value) -> lines.merge(name, value, (a, b) -> a + "|" + b));
    return lines;
  }

  private static String place(Step step) {
    return NginxInput.place((Decision) step);
  }

  /**
   * Sections 1, steps 4 and 8, and 14; SEC-41, SEC-43: what is refused before there is a path, and
   * what a closed path refuses, goes to nobody, even if the Service that makes the pages of errors
   * is the one that is protected.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth-type: basic; auth-secret: missing         | 503 route-closed
          allowlist-source-range: ''                     | 503 route-closed
          enable-modsecurity: true                       | 503 route-closed
          enable-modsecurity: true; proxy-body-size: 1   | 413 body-too-large
          auth-tls-secret: default/missing               | 403 client-certificate
          auth-tls-secret: default/ca                    | 400 client-certificate
          """)
  void whatTheHostOrAClosedPathRefusesIsHandedToNobody(String annotations, String expected) {
    List<String> all = new ArrayList<>(List.of(annotations.replace("''", "").split("; ", -1)));
    all.add("custom-http-errors: 400,403,413,503");
    all.add("default-backend: web");
    IngressRouter router =
        web(all.toArray(new String[0]))
            .secret("ca", TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem")))
            .router();

    assertThat(place(router.exchange(post()).first())).isEqualTo(expected);
  }

  private static SimpleRequest post(String... headers) {
    SimpleRequest.Builder builder =
        SimpleRequest.builder().url("https://a.test/x?delete=1").method("POST").bodyLength(10);
    for (String header : headers) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    return builder.build();
  }

  /** The same for what the settings refuse and close, whoever makes the pages of all hosts. */
  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block-user-agents: curl  | http://a.test/x    | 403 denied
          block-referers: bad      | http://a.test/x    | 403 denied
          block-user-agents: curl  | http://b.test/     | 403 denied
          block-user-agents: ~(    | http://a.test/x    | 503 route-closed
          server-snippet: deny all | http://b.test/     | 503 route-closed
          proxy-body-size: 1m      | http://b.test/     | pages:80 10.0.0.2:8080
          """)
  void whatTheSettingsRefuseIsHandedToNobody(String setting, String url, String expected) {
    IngressRouter router =
        web()
            .settings(setting, "custom-http-errors: 403,404,503")
            .builder()
            .defaultBackend(new Backend.ServicePort("default", "pages", "80", true))
            .build();

    assertThat(
            place(
                router
                    .exchange(NginxInput.request(url, "User-Agent: curl", "Referer: bad"))
                    .first()))
        .isEqualTo(expected);
  }

  /** SEC-50: a request that costs too much to compare is let go of. */
  @Test
  void aRequestThatIsTooExpensiveIsHandedToNobody() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80; a.test /(.*a){12}x/y/z web:80 ImplementationSpecific",
                "use-regex: true",
                "custom-http-errors: 400",
                "default-backend: pages")
            .ingress(
                "canary",
                "a.test /x next:80",
                "canary: true",
                "canary-by-header: X-Try",
                "canary-by-header-pattern: ^(.*a){12}$")
            .backend("web", "10.0.0.1")
            .backend("next", "10.0.0.3")
            .backend("pages", "10.0.0.2")
            .router();

    assertThat(
            place(
                router.exchange(NginxInput.request(URL, "X-Try: " + "a".repeat(40) + "!")).first()))
        .isEqualTo("400 regex-budget");
  }

  /**
   * Section 12, SEC-31, SEC-36: only the service says who the client is, to the back end. Whoever
   * makes a page or gets a copy hears it from nobody, and not from the client either.
   */
  @ParameterizedTest(name = "the service answers {0}")
  @ValueSource(ints = {200, 401, 500})
  void nobodySpeaksForTheServiceToThoseBesideTheBackEnd(int status) {
    Exchange exchange =
        web(
                "auth-url: http://auth.test/",
                "auth-response-headers: X-User,x_group,X-Code,Authorization",
                "custom-http-errors: 401,404,500",
                "default-backend: pages",
                "mirror-target: http://copy.test/")
            .settings("enable-underscores-in-headers: true")
            .router()
            .exchange(
                post(
                    "X-User: root",
                    "x_user: root",
                    "X-Group: root",
                    "X-Code: 1",
                    "Authorization: Bearer mine",
                    "X-Own: own"));
    assertThat(exchange.first()).isInstanceOf(AskAuth.class);
    Step step = exchange.authenticated(new ReplyHead(status, Map.of("X-User", List.of("ann"))));
    if (status == 200) {
      Forward forward = (Forward) step;
      Mirror.Copy copy = Objects.requireNonNull(forward.mirror());
      assertThat(lines(forward::eachHeader)).containsEntry("X-User", "ann");
      assertThat(lines(line -> forward.eachHeader(copy, line)))
          .containsEntry("X-Own", "own")
          .doesNotContainKeys("X-User", "x_user", "X-Group", "X-Code", "Authorization");
      step = exchange.replied(forward, new ReplyHead(404));
    }
    Forward page = (Forward) step;

    assertThat(page.isErrorPage()).isTrue();
    assertThat(lines(page::eachHeader))
        .containsEntry("X-Own", "own")
        .containsEntry("X-Code", status == 200 ? "404" : String.valueOf(status))
        .doesNotContainKeys("X-User", "x_user", "X-Group", "Authorization");
  }

  /** SEC-14, SEC-34: who sends a message frames and addresses it, not the ConfigMap. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length",
        "transfer-encoding",
        "Host",
        "Connection",
        "Proxy",
        "Upgrade",
        "TE",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "Trailer",
        "HTTP2-Settings"
      })
  void headersThatBelongToTheSenderAreRefused(String name) {
    IngressRouter router =
        web()
            .settings("proxy-set-headers: ops/headers")
            .configMap("ops/headers", "  " + name + ": '5'\n  X-Team: shop\n")
            .router();
    Forward forward = (Forward) router.route(post());

    assertThat(lines(forward::eachHeader)).containsEntry("X-Team", "shop").doesNotContainKey(name);
    assertThat(forward.requestHeaders().asMap()).doesNotContainKey(name);
    assertThat(
            router.diagnostics().stream()
                .filter(finding -> finding.rule().id().equals("setting-invalid"))
                .map(finding -> finding.message()))
        .containsExactly(
            "the header \""
                + name
                + "\" of proxy-set-headers is not sent: its name is none of a header that can be"
                + " set on a request, because it is no token or belongs to whoever sends the"
                + " request");
  }

  /** SEC-31: where fields with an underscore pass, they are no other spelling of what is set. */
  @Test
  void noOtherSpellingOfAFieldThatIsSetPasses() {
    IngressRouter router =
        web()
            .settings("proxy-set-headers: ops/headers", "enable-underscores-in-headers: true")
            .configMap("ops/headers", "  X-Zone: eu\n")
            .router();

    assertThat(lines(((Forward) router.route(post("x_zone: us", "X_Own: own")))::eachHeader))
        .containsEntry("X-Zone", "eu")
        .containsEntry("X_Own", "own")
        .doesNotContainKey("x_zone");
  }

  /** Section 14, default-backend: what the client accepts is told if it can be sent at all. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"text/html, text/html", "text\u0001/html, "})
  void aFormatThatNoHeaderHoldsIsNotTold(String accept, String told) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test /x none:80", "default-backend: pages")
            .emptyBackend("none")
            .backend("pages", "10.0.0.2")
            .router();
    Forward forward =
        (Forward) router.route(SimpleRequest.builder().url(URL).header("Accept", accept).build());

    assertThat(NginxInput.place(forward)).isEqualTo("pages:80 10.0.0.2:8080");
    assertThat(lines(forward::eachHeader))
        .containsEntry("X-Code", "503")
        .satisfies(sent -> assertThat(sent.get("X-Format")).isEqualTo(told));
  }

  /** Section 14: how to prove who one is passes with the page, whatever else is changed. */
  @Test
  void challengesOfTheBackEndPassWithAPageToWhichNothingIsAdded() {
    Exchange exchange =
        web("custom-http-errors: 401", "default-backend: pages")
            .settings("hsts: false", "allow-backend-server-header: true")
            .router()
            .exchange(post());
    Forward page =
        (Forward)
            exchange.replied(
                (Forward) exchange.first(),
                new ReplyHead(401, Map.of("WWW-Authenticate", List.of("Basic realm=\"x\""))));
    Relay relay = (Relay) exchange.replied(page, new ReplyHead(200));

    assertThat(relay.responseHeaders().asMap())
        .containsEntry("WWW-Authenticate", List.of("Basic realm=\"x\""));
  }

  /** Section 14: pages are for what the path refuses, with the same list. */
  @Test
  void whatThePathRefusesStillGetsItsPage() {
    IngressRouter router =
        web("denylist-source-range: 127.0.0.1", "custom-http-errors: 403", "default-backend: pages")
            .router();
    Step step = router.exchange(post()).first();

    assertThat(place(step)).isEqualTo("pages:80 10.0.0.2:8080");
    assertThat(step).isNotInstanceOf(Answer.class);
  }
}
