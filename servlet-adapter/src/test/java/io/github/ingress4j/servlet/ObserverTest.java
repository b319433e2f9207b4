package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.servlet.micrometer.MicrometerObserver;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those are told who watch the requests (hardening SEC-65, REL-26). */
final class ObserverTest {

  private static final String RULES =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        rules:
        - host: a.test
          http:
            paths:
            - path: /pay
              pathType: Prefix
              backend: {service: {name: pay, port: {number: 80}}}
            - path: /gone
              pathType: Prefix
              backend: {service: {name: gone, port: {number: 80}}}
      """;

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final BlockingQueue<RequestFacts> facts = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private RecordingUpstream upstream;
  private int closedPort;
  private int port;

  @BeforeEach
  void start() throws Exception {
    upstream = new RecordingUpstream();
    resources.add(upstream);
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    IngressProxyServlet servlet =
        IngressProxyServlet.builder()
            .router(IngressRouter.builder().manifests("rules.yaml", RULES).build())
            .backend("default/pay:80", "127.0.0.1:" + upstream.port())
            .backend("default/gone:80", "127.0.0.1:" + closedPort)
            .observer(new Failing())
            .observer(AccessLog.to(lines::add))
            .observer(MicrometerObserver.of(registry))
            .observer((request, ended) -> facts.add(ended))
            .build();
    Container container =
        TomcatContainer.start(context -> context.addServlet("proxy", servlet).addMapping("/*"));
    resources.add(container);
    port = container.port();
  }

  /** One who fails in every way; the others are told all the same. */
  private static final class Failing implements GatewayObserver {
    @Override
    public void began(HttpServletRequest request) {
      throw new IllegalStateException("began");
    }

    @Override
    public void ended(HttpServletRequest request, RequestFacts facts) {
      throw new IllegalStateException("ended");
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private RawReply send(String request) throws IOException {
    return RawReply.exchange(port, request.replace("\n", "\r\n"));
  }

  private RequestFacts told() throws InterruptedException {
    RequestFacts told = facts.poll(20, TimeUnit.SECONDS);
    if (told == null) {
      throw new AssertionError("nobody was told of the end of the request");
    }
    return told;
  }

  private static Map<String, @Nullable Object> parsed(String line) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        members.put(
            name,
            value == JsonToken.VALUE_NULL
                ? null
                : value.isNumeric() ? json.getDoubleValue() : json.getText());
      }
      assertThat(json.nextToken()).isNull();
    }
    return members;
  }

  @Test
  void tellsOfARequestThatABackEndAnswered() throws Exception {
    upstream.script(RecordingUpstream.text("hello"));

    RawReply reply = send("POST /pay/now?card=1 HTTP/1.1\nHost: a.test\nContent-Length: 3\n\nabc");

    assertThat(reply.status()).isEqualTo(200);
    RequestFacts told = told();
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.end()).isEqualTo(RequestFacts.End.COMPLETE);
    assertThat(told.ingress()).isEqualTo("default/web");
    assertThat(told.rulePath()).isEqualTo("/pay");
    assertThat(told.backend()).hasToString("default/pay:80");
    assertThat(told.reason()).isNull();
    assertThat(told.requestBytes()).isEqualTo(3);
    assertThat(told.responseBytes()).isEqualTo(5);
    assertThat(told.decision()).isInstanceOf(Forward.class);
    assertThat(told.attempts()).hasSize(1);
    RequestFacts.Attempt attempt = told.attempts().get(0);
    assertThat(attempt.status()).isEqualTo(200);
    assertThat(attempt.failure()).isNull();
    assertThat(attempt.isClean()).isTrue();
    assertThat(attempt.connectNanos()).isPositive();
    assertThat(attempt.headNanos()).isPositive().isLessThanOrEqualTo(attempt.nanos());
    assertThat(attempt.nanos()).isLessThanOrEqualTo(told.nanos());

    Map<String, @Nullable Object> line = parsed(lines.take());
    assertThat(line)
        .containsEntry("client", "127.0.0.1")
        .containsEntry("method", "POST")
        .containsEntry("host", "a.test")
        .containsEntry("path", "/pay/now")
        .containsEntry("status", 200.0)
        .containsEntry("end", "complete")
        .containsEntry("requestBytes", 3.0)
        .containsEntry("responseBytes", 5.0)
        .containsEntry("ingress", "default/web")
        .containsEntry("rule", "/pay")
        .containsEntry("backend", "default/pay:80")
        .containsEntry("attempts", 1.0)
        .containsEntry("backendStatus", 200.0)
        .containsEntry("reason", null)
        .containsEntry("failure", null);
    assertThat(line.keySet())
        .containsExactly(
            "time",
            "client",
            "method",
            "scheme",
            "host",
            "path",
            "http",
            "status",
            "end",
            "ms",
            "requestBytes",
            "responseBytes",
            "reason",
            "ingress",
            "rule",
            "backend",
            "endpoint",
            "attempts",
            "failure",
            "backendStatus",
            "connectMs",
            "headMs",
            "requestId");
  }

  @Test
  void tellsOfAnAnswerOfTheRouter() throws Exception {
    assertThat(send("GET /other HTTP/1.1\nHost: a.test\n\n").status()).isEqualTo(404);

    RequestFacts told = told();
    assertThat(told.reason()).isEqualTo(Answer.Reason.NO_ROUTE);
    assertThat(told.status()).isEqualTo(404);
    assertThat(told.ingress()).isNull();
    assertThat(told.attempts()).isEmpty();
    assertThat(told.responseBytes()).isPositive();
    assertThat(parsed(lines.take()))
        .containsEntry("reason", "no-route")
        .containsEntry("rule", null)
        .containsEntry("endpoint", null);
  }

  @Test
  void tellsOfARequestThatIsRefusedBeforeTheRouterIsAsked() throws Exception {
    String rounds = "Via: 1.1 ingress4j\n".repeat(6);
    assertThat(send("GET /pay HTTP/1.1\nHost: a.test\n" + rounds + "\n").status()).isEqualTo(508);

    assertThat(told().reason()).isEqualTo(Answer.Reason.LOOP);
  }

  @Test
  void tellsOfAnAttemptThatFailed() throws Exception {
    assertThat(send("GET /gone HTTP/1.1\nHost: a.test\n\n").status()).isEqualTo(502);

    RequestFacts told = told();
    assertThat(told.reason()).isEqualTo(Answer.Reason.UPSTREAM_FAILED);
    assertThat(told.rulePath()).isEqualTo("/gone");
    assertThat(told.attempts()).isNotEmpty();
    assertThat(told.attempts().get(0).failure()).isEqualTo(Exchange.Failure.CONNECT);
    assertThat(told.attempts().get(0).status()).isZero();
    assertThat(parsed(lines.take())).containsEntry("failure", "connect");
  }

  @Test
  void tellsOfAnAnswerThatBrokeOff() throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          exchange.reset();
        });
    RawReply reply = send("GET /pay HTTP/1.1\nHost: a.test\n\n");

    assertThat(reply.isComplete()).isFalse();
    RequestFacts told = told();
    assertThat(told.end()).isEqualTo(RequestFacts.End.BROKEN);
    assertThat(told.attempts().get(0).isClean()).isFalse();
  }

  @Test
  void tellsOfRequestsThatAnApplicationServes() throws Exception {
    IngressFilter filter =
        IngressFilter.builder()
            .router(IngressRouter.builder().manifests("rules.yaml", RULES).build())
            .observer((request, ended) -> facts.add(ended))
            .build();
    Container container =
        TomcatContainer.start(
            context -> {
              context.addFilter("ingress", filter).addMappingForUrlPatterns(null, false, "/*");
              context
                  .addServlet(
                      "application",
                      new HttpServlet() {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected void doGet(
                            HttpServletRequest request, HttpServletResponse response) {
                          response.setStatus(202);
                        }
                      })
                  .addMapping("/*");
            });
    resources.add(container);

    RawReply.exchange(container.port(), "GET /pay HTTP/1.1\r\nHost: a.test\r\n\r\n");
    RequestFacts routed = told();
    assertThat(routed.end()).isEqualTo(RequestFacts.End.PASSED_ON);
    assertThat(routed.status()).isEqualTo(202);
    assertThat(routed.rulePath()).isEqualTo("/pay");
    assertThat(routed.responseBytes()).isEqualTo(-1);

    RawReply.exchange(container.port(), "GET /mine HTTP/1.1\r\nHost: a.test\r\n\r\n");
    RequestFacts own = told();
    assertThat(own.end()).isEqualTo(RequestFacts.End.PASSED_ON);
    assertThat(own.status()).isEqualTo(202);
    assertThat(own.ingress()).isNull();
  }

  /** SEC-65: whatever clients send, the tags of the meters stay the same few. */
  @Test
  void countsUnderLabelsThatClientsDoNotChoose() throws Exception {
    upstream.script(RecordingUpstream.text("hello"));
    for (int i = 0; i < 20; i++) {
      send("M" + i + " /pay/" + i + "?x=" + i + " HTTP/1.1\nHost: a.test\nX-N: n" + i + "\n\n");
      told();
      send("GET /other/" + i + " HTTP/1.1\nHost: h" + i + ".test\n\n");
      told();
    }
    Set<String> values = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      for (Tag tag : meter.getId().getTags()) {
        values.add(tag.getKey() + "=" + tag.getValue());
      }
    }
    assertThat(values)
        .containsExactlyInAnyOrder(
            "error.type=none",
            "http.request.method=GET",
            "http.request.method=_OTHER",
            "http.response.status_code=200",
            "http.response.status_code=404",
            "http.route=/pay",
            "http.route=none",
            "ingress4j.backend=default/pay:80",
            "ingress4j.ingress=default/web",
            "ingress4j.ingress=none",
            "url.scheme=http");
    assertThat(
            registry.get("http.server.request.duration").tag("http.route", "/pay").timer().count())
        .isEqualTo(20);
    assertThat(registry.get("http.client.request.duration").timer().count()).isEqualTo(20);
    assertThat(registry.get("http.server.active_requests").gauge().value()).isZero();
  }

  @Test
  void countsFailuresByTheirKind() throws Exception {
    send("GET /gone HTTP/1.1\nHost: a.test\n\n");
    told();

    assertThat(
            registry
                .get("http.server.request.duration")
                .tag("error.type", "upstream-failed")
                .tag("http.response.status_code", "502")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("http.client.request.duration")
                .tag("error.type", "connect")
                .tag("http.response.status_code", "none")
                .timer()
                .count())
        .isPositive();
  }

  /** A line stays one line of ASCII, and not for ever. */
  @Test
  void writesWhatClientsSendInPrintableAscii() throws IOException {
    String odd = "/\u00e9\"\\\n\u007f\u0085" + "x".repeat(3000);
    RequestFacts told =
        new RequestFacts(
            SimpleRequest.builder().target(odd + "?secret").hosts(List.of("\u00ff\r\n")).build(),
            null,
            List.of(),
            400,
            Instant.EPOCH,
            1_500_000,
            0,
            0,
            RequestFacts.End.COMPLETE);

    String line = AccessLog.line(told);
    assertThat(line).matches("[ -~]+").hasSizeLessThan(3000).doesNotContain("secret");
    assertThat(parsed(line))
        .containsEntry("path", odd.substring(0, AccessLog.LONGEST) + "...")
        .containsEntry("host", "\u00ff\r\n")
        .containsEntry("time", "1970-01-01T00:00:00Z")
        .containsEntry("ms", 1.5);
  }
}
