package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the dialect ingress-nginx asks of an adapter, in every container and with back ends that are
 * really there: rewriting, redirects, sessions, canaries, and other attempts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NginxDialectContract {

  private static final String RULES =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: rewritten
        annotations:
          nginx.ingress.kubernetes.io/rewrite-target: /$2
          nginx.ingress.kubernetes.io/x-forwarded-prefix: /pay
      spec:
        rules:
          - host: rewritten.test
            http:
              paths:
                - path: /pay(/|$)(.*)
                  pathType: ImplementationSpecific
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: plain
        annotations: {nginx.ingress.kubernetes.io/default-backend: sorry}
      spec:
        rules:
          - host: plain.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
                - path: /refused
                  pathType: Prefix
                  backend: {service: {name: refused, port: {number: 80}}}
                - path: /half
                  pathType: Prefix
                  backend: {service: {name: half, port: {number: 80}}}
                - path: /empty
                  pathType: Prefix
                  backend: {service: {name: empty, port: {number: 80}}}
                - path: /slash/
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: sticky
        annotations:
          nginx.ingress.kubernetes.io/affinity: cookie
          nginx.ingress.kubernetes.io/session-cookie-name: where
      spec:
        rules:
          - host: sticky.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: sticky, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: canary
        annotations:
          nginx.ingress.kubernetes.io/canary: "true"
          nginx.ingress.kubernetes.io/canary-by-header: X-Canary
      spec:
        rules:
          - host: plain.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: canary, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: streamed
        annotations: {nginx.ingress.kubernetes.io/proxy-request-buffering: "off"}
      spec:
        rules:
          - host: streamed.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: moved
        annotations: {nginx.ingress.kubernetes.io/permanent-redirect: 'https://new.test/shop'}
      spec:
        rules:
          - host: moved.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: choices
        annotations:
          nginx.ingress.kubernetes.io/permanent-redirect: 'https://new.test/shop'
          nginx.ingress.kubernetes.io/permanent-redirect-code: "300"
      spec:
        rules:
          - host: choices.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: secured
        annotations: {nginx.ingress.kubernetes.io/force-ssl-redirect: "true"}
      spec:
        rules:
          - host: secured.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: pair, port: {number: 80}}}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: settings, namespace: edge}
      data: {proxy-next-upstream: "error timeout http_503"}
      """;

  private final Container.Starter starter;
  private RecordingUpstream one;
  private RecordingUpstream two;
  private RecordingUpstream other;
  private Container proxy;
  private Container filter;

  NginxDialectContract(Container.Starter starter) {
    this.starter = starter;
  }

  @BeforeAll
  void start() throws Exception {
    one = new RecordingUpstream();
    two = new RecordingUpstream();
    other = new RecordingUpstream();
    int closed;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = free.getLocalPort();
    }
    List<ManifestObject> slices = new ArrayList<>();
    slices.add(slice("pair", one.port()));
    slices.add(slice("pair", two.port()));
    slices.add(slice("sticky", one.port()));
    slices.add(slice("sticky", two.port()));
    slices.add(slice("half", closed));
    slices.add(slice("half", one.port()));
    slices.add(slice("refused", closed));
    slices.add(slice("canary", other.port()));
    slices.add(slice("sorry", other.port()));
    StringBuilder text = new StringBuilder(RULES);
    for (String name : List.of("pair", "sticky", "half", "refused", "canary", "sorry", "empty")) {
      text.append(
          """
          ---
          apiVersion: v1
          kind: Service
          metadata: {name: %s}
          spec: {ports: [{port: 80, targetPort: 8080}]}
          """
              .formatted(name));
    }
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .manifests("rules.yaml", text.toString())
            .manifests(ManifestSet.of(slices))
            .configMap("edge/settings")
            .build();
    assertThat(router.diagnostics()).noneMatch(finding -> finding.isError());
    proxy =
        starter.start(
            context -> {
              var registration =
                  context.addServlet(
                      "proxy",
                      IngressProxyServlet.builder()
                          .router(router)
                          .reaching(endpoint -> new Endpoint("127.0.0.1", endpoint.port()))
                          .build());
              registration.addMapping("/*");
              registration.setAsyncSupported(true);
            });
    filter =
        starter.start(
            context -> {
              IngressFilter value =
                  IngressFilter.builder()
                      .router(router)
                      .backend("default/pair:80", "context:/inside")
                      .build();
              var registration = context.addFilter("ingress", value);
              registration.setAsyncSupported(true);
              registration.addMappingForUrlPatterns(
                  EnumSet.of(DispatcherType.REQUEST), false, "/*");
              context.addServlet("app", new Echo("app")).addMapping("/*");
              context.addServlet("inside", new Echo("inside")).addMapping("/inside/*");
            });
  }

  private static EndpointSlice slice(String service, int port) {
    return new EndpointSlice(
        ObjectMeta.of("default", service + "-" + port)
            .withLabels(Map.of(EndpointSlice.SERVICE_LABEL, service)),
        "IPv4",
        List.of(EndpointSlice.Endpoint.of("10.0.0.1")),
        List.of(new EndpointSlice.Port("", port, "TCP", "", Origin.NONE)),
        Origin.NONE);
  }

  /** Says what it was asked for. */
  private static final class Echo extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final String name;

    Echo(String name) {
      this.name = name;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response
          .getWriter()
          .print(
              name
                  + " "
                  + request.getPathInfo()
                  + " "
                  + request.getAttribute(IngressAttributes.TARGET)
                  + " "
                  + request.getAttribute(IngressAttributes.PATH_INSIDE));
    }
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    filter.close();
    one.close();
    two.close();
    other.close();
  }

  @BeforeEach
  void answerOk() {
    one.script(RecordingUpstream.text("ok"));
    two.script(RecordingUpstream.text("ok"));
    other.script(RecordingUpstream.text("other"));
  }

  /** Has whichever of the two back ends comes first do this, and the rest answer. */
  private void firstOfThePair(RecordingUpstream.Script first) {
    AtomicInteger requests = new AtomicInteger();
    RecordingUpstream.Script script =
        exchange -> {
          if (requests.getAndIncrement() == 0) {
            first.run(exchange);
          } else {
            RecordingUpstream.text("again").run(exchange);
          }
        };
    one.script(script);
    two.script(script);
  }

  private List<RecordingUpstream.Received> received() {
    List<RecordingUpstream.Received> all = new ArrayList<>(one.received);
    all.addAll(two.received);
    return all;
  }

  private RawReply send(String method, String url, String body, String... headers)
      throws IOException {
    return RawReply.exchange(proxy.port(), text(method, url, body, headers));
  }

  private RawReply get(String url, String... headers) throws IOException {
    return send("GET", url, "", headers);
  }

  private static String text(String method, String url, String body, String... headers) {
    int slash = url.indexOf('/');
    StringBuilder text = new StringBuilder(method + " " + url.substring(slash) + " HTTP/1.1\r\n");
    text.append("Host: ").append(url, 0, slash).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return text.append("\r\n").append(body).toString();
  }

  // ---- paths and headers (ingress-nginx.md 5.1, 5.2, 10)

  @ParameterizedTest(name = "{0} is sent as {1}")
  @CsvSource({
    "/pay/x/y?z=1, /x/y?z=1",
    "/pay, /",
    "/PAY/x, /x",
  })
  void sendsTheRewrittenPath(String target, String sent) throws Exception {
    assertThat(get("rewritten.test" + target, "X-Forwarded-Prefix: /evil").status()).isEqualTo(200);
    assertThat(received()).hasSize(1);
    RecordingUpstream.Received received = received().get(0);
    assertThat(received.target()).isEqualTo(sent);
    assertThat(received.header("x-forwarded-prefix")).containsExactly("/pay");
    assertThat(received.header("x-real-ip")).containsExactly("127.0.0.1");
    assertThat(received.header("x-request-id").get(0)).matches("[0-9a-f]{32}");
  }

  @Test
  void showsAnApplicationTheRewrittenPath() throws Exception {
    RawReply reply =
        RawReply.exchange(filter.port(), text("GET", "rewritten.test/pay/x/y?z=1", ""));

    assertThat(reply.text()).isEqualTo("inside /x/y /x/y?z=1 /x/y");
  }

  @Test
  void showsAnApplicationThePathBehindARuleThatRewritesNothing() throws Exception {
    RawReply reply = RawReply.exchange(filter.port(), text("GET", "plain.test/slash/x", ""));

    assertThat(reply.text()).isEqualTo("inside /x /slash/x /x");
  }

  // ---- redirects (ingress-nginx.md 4.4, 9.1, 9.2)

  @ParameterizedTest(name = "{0}: {1} to {2}")
  @CsvSource({
    "moved.test/x?y, 301, https://new.test/shop",
    "secured.test/x/?y, 308, https://secured.test/x/?y",
    "plain.test/slash?y, 301, http://plain.test/slash/?y",
  })
  void redirects(String url, int status, String location) throws Exception {
    RawReply reply = get(url);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("location")).containsExactly(location);
    assertThat(reply.isComplete()).isTrue();
    assertThat(received()).isEmpty();
  }

  @Test
  void sendsNoLocationWhereTheStatusGoesWithout() throws Exception {
    RawReply reply = get("choices.test/");

    assertThat(reply.status()).isEqualTo(300);
    assertThat(reply.header("location")).isEmpty();
  }

  // ---- sessions, canaries, stand-ins (ingress-nginx.md 7, 8.6, 14)

  @Test
  void setsTheCookieOfTheSessionBesideThoseOfTheBackEnd() throws Exception {
    RecordingUpstream.Script script =
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n");
    one.script(script);
    two.script(script);

    List<String> cookies = get("sticky.test/").header("set-cookie");

    assertThat(cookies).hasSize(3).contains("a=1", "b=2");
    String session = cookies.stream().filter(line -> line.startsWith("where=")).findFirst().get();
    assertThat(session).endsWith("; Path=/; HttpOnly");
    RecordingUpstream chosen = one.received.isEmpty() ? two : one;
    String cookie = "Cookie: " + session.substring(0, session.indexOf(';'));
    for (int i = 0; i < 3; i++) {
      assertThat(get("sticky.test/", cookie).header("set-cookie")).containsExactly("a=1", "b=2");
    }
    assertThat(chosen.received).hasSize(4);
  }

  @Test
  void sendsWhatTheHeaderSaysToTheCanary() throws Exception {
    assertThat(get("plain.test/", "X-Canary: always").text()).isEqualTo("other");
    assertThat(get("plain.test/", "X-Canary: never").text()).isEqualTo("ok");
    assertThat(other.received).hasSize(1);
  }

  @Test
  void sendsTheRequestsOfAnEmptyBackEndToTheOneInItsPlace() throws Exception {
    assertThat(get("plain.test/empty/x").text()).isEqualTo("other");
    RecordingUpstream.Received received = other.next();
    assertThat(received.target()).isEqualTo("/empty/x");
    assertThat(received.header("x-code")).containsExactly("503");
    assertThat(received.header("x-service-name")).containsExactly("empty");
    assertThat(received.header("x-format")).as("the client said nothing of formats").isEmpty();
  }

  // ---- other attempts (ingress-nginx.md 8.7)

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void goesOnToTheNextEndpointIfOneRefusesTheConnection(String method) throws Exception {
    // Turns go on with each attempt, so one of these begins with the endpoint that refuses.
    for (int i = 1; i <= 3; i++) {
      String body = method.equals("POST") ? "body " + i : "";
      assertThat(send(method, "plain.test/half", body).status()).isEqualTo(200);
    }
    assertThat(one.received).hasSize(3);
    if (method.equals("POST")) {
      assertThat(one.received)
          .extracting(RecordingUpstream.Received::body)
          .containsExactly("body 1", "body 2", "body 3");
    }
  }

  @Test
  void sendsALongBodyToTheNextEndpointIfOneRefusesTheConnection() throws Exception {
    String body = "b".repeat(100_000);
    for (int i = 1; i <= 3; i++) {
      assertThat(send("POST", "plain.test/half", body).status()).isEqualTo(200);
    }
    assertThat(one.received).hasSize(3).allMatch(received -> received.body().equals(body));
  }

  @Test
  void answers502IfEveryAttemptIsRefused() throws Exception {
    assertThat(get("plain.test/refused").status()).isEqualTo(502);
  }

  /** Section 6, proxy-request-buffering: a body that was read first can be sent again. */
  @ParameterizedTest(name = "a {0} to {1} with {2} bytes")
  @CsvSource({
    "GET, plain.test, 0",
    "PUT, plain.test, 13",
    "PUT, plain.test, 100000",
    "PUT, streamed.test, 13"
  })
  void asksTheNextEndpointIfOneBreaksOff(String method, String host, int length) throws Exception {
    firstOfThePair(
        exchange -> {
          exchange.receive();
          exchange.reset();
        });
    String body = "b".repeat(length);

    assertThat(send(method, host + "/x", body).text()).isEqualTo("again");
    assertThat(received()).hasSize(2).allMatch(received -> received.body().equals(body));
    assertThat(one.received).as("each was asked once").hasSize(1);
  }

  @ParameterizedTest(name = "a {0} to {1} with {2} bytes")
  @CsvSource({
    // Not harmless to repeat: POST may do something twice.
    "POST, plain.test, 0",
    "POST, plain.test, 5",
    // Harmless, but the body was streamed and is kept nowhere.
    "PUT, streamed.test, 100000",
  })
  void doesNotRepeatWhatMayHaveArrived(String method, String host, int length) throws Exception {
    firstOfThePair(
        exchange -> {
          exchange.receive();
          exchange.reset();
        });

    assertThat(send(method, host + "/x", "b".repeat(length)).status()).isEqualTo(502);
    assertThat(received()).hasSize(1);
  }

  @Test
  void dropsAnAnswerThatCountsAsAFailureAndKeepsItsConnection() throws Exception {
    RecordingUpstream.Script busy =
        RecordingUpstream.reply(
            "HTTP/1.1 503 Busy\r\nX-Busy: yes\r\nSet-Cookie: a=1\r\nContent-Length: 4\r\n\r\nbusy");
    firstOfThePair(busy);

    RawReply reply = send("PUT", "plain.test/x", "body");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("again");
    assertThat(reply.header("x-busy")).isEmpty();
    assertThat(reply.header("set-cookie")).isEmpty();
    assertThat(received()).hasSize(2).allMatch(received -> received.body().equals("body"));
    int connections = one.connections.get() + two.connections.get();
    get("plain.test/x");
    get("plain.test/x");
    assertThat(one.connections.get() + two.connections.get()).isEqualTo(connections);
  }

  @Test
  void passesTheLastFailureOnAsItIs() throws Exception {
    RecordingUpstream.Script busy =
        RecordingUpstream.reply("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    one.script(busy);
    two.script(busy);

    RawReply reply = get("plain.test/x");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).isEqualTo("busy");
    assertThat(received()).hasSize(3);
  }

  @Test
  void dropsTheConnectionOfAnAnswerThatDoesNotEnd() throws Exception {
    firstOfThePair(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 503 Busy\r\nContent-Length: 4000\r\n\r\nbusy");
          // Ends when the other side lets go of the connection.
          assertThat(exchange.in.read()).isNegative();
        });

    assertThat(get("plain.test/x").text()).isEqualTo("again");
  }
}
