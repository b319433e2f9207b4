package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.dialect.Dialect;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UndertowProxyExampleTest {

  private final HttpServer backEnd;
  private Undertow gateway;
  private int backEndPort;

  UndertowProxyExampleTest() throws IOException {
    backEnd = Wire.echo("back end");
    backEndPort = backEnd.getAddress().getPort();
    gateway =
        UndertowProxyExample.start(
            new UndertowProxyExample(
                IngressRouter.builder().manifests(Path.of("manifests/hello-ingress.yaml")).build(),
                forward -> loopback(backEndPort)),
            0);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Serves other rules, in the dialect of ingress-nginx. */
  private void serve(String manifests, Function<Forward, InetSocketAddress> locate) {
    gateway.stop();
    IngressRouter router =
        IngressRouter.builder()
            .manifests("rules.yaml", manifests)
            .dialect(Dialect.INGRESS_NGINX)
            .build();
    gateway = UndertowProxyExample.start(new UndertowProxyExample(router, locate), 0);
  }

  @AfterEach
  void stop() {
    gateway.stop();
    backEnd.stop(0);
  }

  private int port() {
    return ((InetSocketAddress) gateway.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Test
  void forwardsWhatTheRulesTakeAsItCame() throws IOException {
    Wire.Reply reply =
        Wire.get(
            port(), "abc.sample.com", "/pay/caf%C3%A9;v=1?x=%2F", "Cookie: a=b", "Accept: text/a");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("back end GET /pay/caf%C3%A9;v=1?x=%2F\n", "Host: abc.sample.com\n")
        .contains("Cookie: a=b\n", "Accept: text/a\n", "X-forwarded-for: 127.0.0.1\n")
        .contains("X-forwarded-port: " + port() + "\n", "X-forwarded-proto: http\n");
  }

  @Test
  void sendsTheHeadersOfTheRouterAndNotThoseOfUndertow() throws IOException {
    Wire.Reply reply =
        Wire.get(
            port(),
            "abc.sample.com",
            "/",
            "X-Forwarded-For: 6.6.6.6",
            "X_Forwarded_For: 6.6.6.6",
            "X-Forwarded-Server: evil.example",
            "TE: trailers",
            "Upgrade: websocket");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("X-forwarded-for: 127.0.0.1\n")
        .doesNotContain("6.6.6.6", "evil.example")
        .doesNotContainIgnoringCase("trailers")
        .doesNotContainIgnoringCase("websocket");
  }

  @Test
  void sendsBodies() throws IOException {
    String body = "0123456789".repeat(10_000);
    Wire.Reply reply = Wire.post(port(), "abc.sample.com", "/pay", body);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("back end POST /pay\n", "Content-length: 100000\n")
        .endsWith(body);
  }

  @Test
  void refusesBodiesThatTheRulesDoNotAllow() throws IOException {
    serve(
        RULES.formatted("nginx.ingress.kubernetes.io/proxy-body-size: \"10\""),
        forward -> loopback(backEndPort));

    assertThat(Wire.post(port(), "shop.example.com", "/api/x", "0123456789").status())
        .isEqualTo(200);
    assertThat(Wire.post(port(), "shop.example.com", "/api/x", "0123456789a").status())
        .isEqualTo(413);
  }

  @Test
  void answersWhatNoRuleTakesWithTheReason() throws IOException {
    Wire.Reply reply = Wire.get(port(), "localhost", "/");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).contains("No rule takes this host and path");
  }

  @Test
  void refusesAPathThatMayBeReadInTwoWays() throws IOException {
    assertThat(Wire.get(port(), "abc.sample.com", "/pay/..%2fadmin").status()).isEqualTo(400);
  }

  @Test
  void answers502WhereNothingListens() throws IOException {
    backEndPort = Wire.closedPort();

    assertThat(Wire.get(port(), "abc.sample.com", "/").status()).isEqualTo(502);
  }

  @Test
  void answers502WhereTheBackEndDoesNotSpeakHttp() throws IOException {
    try (ServerSocket server = Wire.once("220 mail.example ESMTP\r\n\r\n")) {
      backEndPort = server.getLocalPort();
      assertThat(Wire.get(port(), "abc.sample.com", "/").status()).isEqualTo(502);
    }
  }

  @Test
  void relaysStatusFieldsAndBody() throws IOException {
    try (ServerSocket server =
        Wire.once(
            "HTTP/1.1 404 Gone\r\nSet-Cookie: a=b\r\nKeep-Alive: timeout=5\r\n"
                + "Content-Length: 5\r\n\r\nhello")) {
      backEndPort = server.getLocalPort();
      Wire.Reply reply = Wire.get(port(), "abc.sample.com", "/");

      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.head()).contains("Set-Cookie: a=b").doesNotContainIgnoringCase("keep-alive");
      assertThat(reply.body()).isEqualTo("hello");
    }
  }

  @Test
  void anAnswerThatBreaksOffDoesNotLookWhole() throws IOException {
    try (ServerSocket server = Wire.once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")) {
      backEndPort = server.getLocalPort();
      assertThat(Wire.get(port(), "abc.sample.com", "/").body()).hasSizeLessThan(100);
    }
    try (ServerSocket server =
        Wire.once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n64\r\nhel")) {
      backEndPort = server.getLocalPort();
      assertThat(Wire.get(port(), "abc.sample.com", "/").body()).doesNotEndWith("0\r\n\r\n");
    }
  }

  private static final String RULES =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        annotations:
          nginx.ingress.kubernetes.io/rewrite-target: /$2
          %s
      spec:
        rules:
        - host: shop.example.com
          http:
            paths:
            - path: /api(/|$)(.*)
              pathType: ImplementationSpecific
              backend: {service: {name: api, port: {number: 80}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api}
      spec:
        ports: [{port: 80}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: users}
      stringData:
        auth: "ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: api-1
        labels: {kubernetes.io/service-name: api}
      addressType: IPv4
      ports: [{port: 8080}]
      endpoints:
      - addresses: [10.0.0.1]
      - addresses: [10.0.0.2]
      """;

  @Test
  void rewritesAndAsksTheNextEndpointWhereOneDoesNotListen() throws IOException {
    int closed = Wire.closedPort();
    serve(
        RULES.formatted("nginx.ingress.kubernetes.io/custom-headers: \"\""),
        forward -> {
          Endpoint endpoint = forward.endpoint();
          boolean isUp = endpoint != null && endpoint.host().equals("10.0.0.2");
          return loopback(isUp ? backEndPort : closed);
        });

    for (int i = 0; i < 4; i++) {
      Wire.Reply reply = Wire.get(port(), "shop.example.com", "/api/v1/items?n=1");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).contains("back end GET /v1/items?n=1\n");
    }
  }

  @Test
  void asksForThePassword() throws IOException {
    serve(
        RULES.formatted(
            "nginx.ingress.kubernetes.io/auth-type: basic\n"
                + "    nginx.ingress.kubernetes.io/auth-secret: users"),
        forward -> loopback(backEndPort));

    Wire.Reply unknown = Wire.get(port(), "shop.example.com", "/api/x");
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.head()).contains("WWW-Authenticate: Basic realm=");

    // ann:password
    Wire.Reply known =
        Wire.get(port(), "shop.example.com", "/api/x", "Authorization: Basic YW5uOnBhc3N3b3Jk");
    assertThat(known.status()).isEqualTo(200);
    assertThat(known.body()).contains("back end GET /x\n");
  }

  @Test
  void asksNobodyWhoDecidesAndSoLetsNobodyPass() throws IOException {
    serve(
        RULES.formatted("nginx.ingress.kubernetes.io/auth-url: http://127.0.0.1:1/check"),
        forward -> loopback(backEndPort));

    assertThat(Wire.get(port(), "shop.example.com", "/api/x").status()).isEqualTo(500);
  }
}
