package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LocalGatewayTest {

  private static final String HELLO =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: hello}
      spec:
        rules:
          - host: abc.sample.com
            http:
              paths:
                - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}
                - {path: /pay, pathType: Prefix, backend: {service: {name: pay, port: {name: http}}}}
                - {path: /r, pathType: Prefix, backend: {resource: {kind: Bucket, name: b}}}
      """;

  @BeforeAll
  static void printWarningsOnly() {
    LogOutput.install(new PrintWriter(System.err, true, StandardCharsets.UTF_8), List.of());
  }

  private static IngressRouter router(String manifests) {
    return IngressRouter.builder()
        .manifests(ManifestParser.create().parse("hello.yaml", manifests))
        .build();
  }

  private static LocalGateway start(boolean isEchoWanted, BackendMapping... backends)
      throws IOException {
    return LocalGateway.start(
        new LocalGateway.Settings("127.0.0.1", 0, null, 0, isEchoWanted, List.of(backends)),
        router(HELLO));
  }

  @Test
  void sendsRequestsToBackEndsThatEcho() throws IOException {
    try (LocalGateway gateway = start(true)) {
      String answer =
          RawHttp.send(
              gateway.port(),
              "POST /pay/x?a=%20b HTTP/1.1",
              "Host: abc.sample.com",
              "X-Twice: 1",
              "X-Twice: 2",
              "Content-Length: 0");

      assertThat(RawHttp.statusLine(answer)).isEqualTo("HTTP/1.1 200 OK");
      assertThat(RawHttp.body(answer))
          .contains(
              "{\"service\":\"default/pay:http\",\"endpoint\":\"127.0.0.1:",
              "\"method\":\"POST\",\"target\":\"/pay/x?a=%20b\",\"host\":\"abc.sample.com\",",
              "\"X-Forwarded-For\":\"127.0.0.1\"",
              "\"X-Twice\":[\"1\",\"2\"]",
              "\"bodyLength\":0}\n");
      assertThat(
              RawHttp.body(
                  RawHttp.send(gateway.port(), "GET /pays HTTP/1.1", "Host: abc.sample.com")))
          .startsWith("{\"service\":\"default/web:8080\"");
    }
  }

  @Test
  void takesHttp2WithoutTlsOnlyFromClientsThatKnowIt() throws IOException {
    try (LocalGateway gateway = start(true);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                  .getBytes(StandardCharsets.ISO_8859_1));
      // The type of a frame with settings.
      assertThat(socket.getInputStream().readNBytes(4)[3]).isEqualTo((byte) 4);

      String answer =
          RawHttp.send(
              gateway.port(),
              "GET / HTTP/1.1",
              "Host: abc.sample.com",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
              "Connection: Upgrade, HTTP2-Settings");
      assertThat(RawHttp.statusLine(answer)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void speaksHttp2ToBackEndsThatEcho() throws IOException {
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .manifests(
                ManifestParser.create()
                    .parse(
                        "hello.yaml",
                        HELLO.replace(
                            "{name: hello}",
                            "{name: hello, annotations:"
                                + " {nginx.ingress.kubernetes.io/backend-protocol: GRPC}}")))
            .build();
    LocalGateway.Settings settings =
        new LocalGateway.Settings("127.0.0.1", 0, null, 0, true, List.of());
    try (LocalGateway gateway = LocalGateway.start(settings, router)) {
      String answer =
          RawHttp.send(gateway.port(), "GET /x HTTP/1.1", "Host: abc.sample.com", "TE: trailers");
      assertThat(RawHttp.statusLine(answer)).isEqualTo("HTTP/1.1 200 OK");
      // In lower case, as only HTTP/2 has it.
      assertThat(RawHttp.body(answer))
          .contains("\"service\":\"default/web:8080\"", "\"te\":\"trailers\"");
    }
  }

  /** A back end that stands in for others is one of the ports that can be mapped and echo. */
  @Test
  void servesBackEndsThatStandInForOthers() throws IOException {
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .defaultBackend(new Backend.ServicePort("default", "err", "80", true))
            .manifests(
                ManifestParser.create()
                    .parse(
                        "hello.yaml",
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata:
                          name: hello
                          annotations:
                            nginx.ingress.kubernetes.io/default-backend: sorry
                            nginx.ingress.kubernetes.io/custom-http-errors: "404"
                        spec:
                          rules:
                            - host: abc.sample.com
                              http:
                                paths:
                                  - path: /
                                    pathType: Prefix
                                    backend: {service: {name: web, port: {number: 8080}}}
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: sorry}
                        spec: {ports: [{port: 81}]}
                        """))
            .build();

    assertThat(LocalGateway.servicePorts(router))
        .extracting(Backend.ServicePort::toString)
        .containsExactly("default/err:80", "default/sorry:81", "default/web:8080");
    try (LocalGateway gateway =
        LocalGateway.start(
            new LocalGateway.Settings("127.0.0.1", 0, null, 0, true, List.of()), router)) {
      assertThat(
              RawHttp.body(RawHttp.send(gateway.port(), "GET /x HTTP/1.1", "Host: unknown.test")))
          .startsWith("{\"service\":\"default/err:80\"");
    }
  }

  @Test
  void servesOverTlsInTheVersionThatTheClientPrefers() throws Exception {
    TrustManager[] credulous = {
      new X509ExtendedTrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      }
    };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, credulous, null);
    try (LocalGateway gateway =
        LocalGateway.start(
            new LocalGateway.Settings("127.0.0.1", 0, 0, 0, true, List.of()),
            router(HELLO.replace("host: abc.sample.com", "host: ''")))) {
      assertThat(gateway.readyLine())
          .startsWith(
              "ingress4j ready: http://127.0.0.1:"
                  + gateway.port()
                  + ", https://127.0.0.1:"
                  + gateway.httpsPort()
                  + " (health http://");
      try (SSLSocket socket = connect(context, gateway.httpsPort(), "h2", "http/1.1")) {
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        assertThat(http2(socket, "/pay?x=1", "abc.sample.com"))
            .contains("\"service\":\"default/pay:http\"", "\"target\":\"/pay?x=1\"")
            .contains("\"host\":\"abc.sample.com\"", "\"X-Forwarded-Proto\":\"https\"");
      }
      try (SSLSocket socket = connect(context, gateway.httpsPort(), "http/1.1")) {
        assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        assertThat(http1(socket, "/pay")).startsWith("HTTP/1.1 200 ");
      }
      assertThatThrownBy(() -> connect(context, gateway.httpsPort(), "spdy/1"))
          .isInstanceOf(SSLException.class);
      // A client that says nothing of protocols speaks HTTP/1.1; the server's own certificate is
      // shown, as the rules name none.
      try (SSLSocket socket = connect(context, gateway.httpsPort())) {
        assertThat(http1(socket, "/web"))
            .startsWith("HTTP/1.1 200 ")
            .contains("\"X-Forwarded-Proto\":\"https\"");
        assertThat(socket.getSession().getPeerPrincipal().getName())
            .isEqualTo("CN=ingress4j default certificate");
      }
      assertThat(RawHttp.send(gateway.port(), "GET / HTTP/1.1", "Host: a"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  private static SSLSocket connect(SSLContext context, int port, String... protocols)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static String http1(SSLSocket socket, String target) throws IOException {
    String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** Sends a GET of HTTP/2 and returns the body of the answer: RFC 9113 sections 3.4 and 4.1. */
  private static String http2(SSLSocket socket, String target, String host) throws IOException {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    // GET and https are in the table of RFC 7541; the path and the authority are spelt out.
    fields.write(0x82);
    fields.write(0x87);
    fields.write(0x04);
    fields.write(target.length());
    fields.writeBytes(target.getBytes(StandardCharsets.US_ASCII));
    fields.write(0x01);
    fields.write(host.length());
    fields.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
    OutputStream out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    out.write(new byte[] {0, 0, (byte) fields.size(), 1, 5, 0, 0, 0, 1});
    out.write(fields.toByteArray());
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == 0) {
        body.writeBytes(payload);
      }
      if (stream == 1 && (flags & 1) != 0) {
        return body.toString(StandardCharsets.US_ASCII);
      }
      assertThat(type).as("neither a reset nor the end of all").isNotIn(3, 7);
    }
  }

  @Test
  void letsTheRouterDecideWhatIsRefused() throws IOException {
    try (LocalGateway gateway = start(true)) {
      int port = gateway.port();

      assertThat(RawHttp.send(port, "GET / HTTP/1.1", "Host: other"))
          .startsWith("HTTP/1.1 404")
          .contains("No rule takes this host and path");
      assertThat(RawHttp.send(port, "GET / HTTP/1.1", "Host: abc.sample.com", "Host: b"))
          .startsWith("HTTP/1.1 400");
      assertThat(
              RawHttp.send(port, "GET / HTTP/1.1", "Host: abc.sample.com", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("The request has 2 Host lines");
      assertThat(RawHttp.send(port, "GET / HTTP/1.1", "Host: a^b"))
          .startsWith("HTTP/1.1 400")
          .contains("send a DNS name");
      assertThat(RawHttp.send(port, "GET /a/%2e%2e/pay HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("%2e%2e");
      assertThat(RawHttp.send(port, "GET /a%2Fb HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 200")
          .contains("\"target\":\"/a%2Fb\"");
      assertThat(RawHttp.send(port, "GET /a//b;c=d/../x HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 ");
      assertThat(RawHttp.send(port, "OPTIONS * HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 204")
          .contains("Allow: GET, HEAD, POST");
      assertThat(RawHttp.send(port, "GET * HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400");
      for (String target : List.of("/%zz", "/../x", "/a%00")) {
        assertThat(RawHttp.send(port, "GET " + target + " HTTP/1.1", "Host: abc.sample.com"))
            .startsWith("HTTP/1.1 400")
            .contains("The request target cannot be read: it holds a broken escape");
      }
      assertThat(RawHttp.send(port, "GET /pay#x HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("a fragment stays with the client");
      assertThat(
              RawHttp.send(
                  port, "GET http://u@abc.sample.com/pay HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("holds a user name");
      assertThat(
              RawHttp.send(port, "GET ftp://abc.sample.com/pay HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("has the scheme \"ftp\"");
      assertThat(RawHttp.send(port, "GET / HTTP/1.1"))
          .startsWith("HTTP/1.1 400")
          .contains("400 Bad Request");
      assertThat(
              RawHttp.send(port, "GET /" + "a".repeat(9000) + " HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 414")
          .contains("The request target");
      assertThat(RawHttp.send(port, "TRACE / HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 405")
          .contains("Allow: GET, HEAD, POST");
      assertThat(RawHttp.send(port, "GET http://other/ HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("names the host \"other\"");
      assertThat(
              RawHttp.send(port, "GET / HTTP/1.1", "Host: abc.sample.com", "Host: xyz.sample.com"))
          .startsWith("HTTP/1.1 400")
          .contains("The request has 2 Host lines");
      assertThat(
              RawHttp.send(
                  port,
                  "POST / HTTP/1.1",
                  "Host: abc.sample.com",
                  "Content-Length: 3",
                  "Transfer-Encoding: chunked"))
          .startsWith("HTTP/1.1 400")
          .contains("400 Bad Request");
      assertThat(RawHttp.send(port, "GET /r HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void tellsNothingOfItselfInAnswers() throws IOException {
    try (LocalGateway gateway = start(true)) {
      for (String line : List.of("GET / HTTP/1.1", "GET /%zz HTTP/1.1", "nonsense")) {
        assertThat(RawHttp.send(gateway.port(), line, "Host: other"))
            .doesNotContainIgnoringCase("jetty")
            .doesNotContain("Exception");
      }
    }
  }

  @Test
  void sendsRequestsToTheAddressesNamed() throws Exception {
    try (ServerSocket upstream = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        LocalGateway gateway =
            start(
                true,
                BackendMapping.parse("default/web:8080=127.0.0.1:" + upstream.getLocalPort()))) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (Socket socket = upstream.accept()) {
                  readHead(socket.getInputStream());
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Up: 1\r\n\r\nhi"
                              .getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              LocalGatewayTest::inItsOwnThread);

      String answer = RawHttp.send(gateway.port(), "GET / HTTP/1.1", "Host: abc.sample.com");

      served.get(20, TimeUnit.SECONDS);
      assertThat(answer).startsWith("HTTP/1.1 201").contains("X-Up: 1").endsWith("hi");
      assertThat(RawHttp.send(gateway.port(), "GET /pay HTTP/1.1", "Host: abc.sample.com"))
          .contains("\"service\":\"default/pay:http\"");
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int matched = 0;
    for (int c = in.read(); c >= 0 && matched < 4; ) {
      matched = c == "\r\n\r\n".charAt(matched) ? matched + 1 : c == '\r' ? 1 : 0;
      if (matched < 4) {
        c = in.read();
      }
    }
  }

  @Test
  void tellsItsHealthOnAPortOfItsOwn() throws IOException {
    try (LocalGateway gateway = start(true)) {
      int port = gateway.healthPort();

      assertThat(RawHttp.send(port, "GET /healthz HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 200")
          .endsWith("ok\n");
      assertThat(RawHttp.send(port, "GET /readyz HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 200")
          .endsWith("ok\n");
      assertThat(RawHttp.send(port, "GET /pay HTTP/1.1", "Host: abc.sample.com"))
          .startsWith("HTTP/1.1 404");
      assertThat(RawHttp.send(gateway.port(), "GET /healthz HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void isNotReadyBeforeItServes() throws IOException {
    try (HealthServer health = HealthServer.start("127.0.0.1", 0)) {
      assertThat(RawHttp.send(health.port(), "GET /readyz HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 503")
          .endsWith("not ready\n");
      assertThat(RawHttp.send(health.port(), "GET /healthz HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void saysWhatItServesAndWhere() throws IOException {
    try (LocalGateway gateway = start(true)) {
      assertThat(gateway.readyLine())
          .isEqualTo(
              "ingress4j ready: http://127.0.0.1:"
                  + gateway.port()
                  + " (health http://127.0.0.1:"
                  + gateway.healthPort()
                  + "), 3 routes on 1 host");
    }
  }

  @Test
  void saysWhichPortCannotBeHad() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(
              () ->
                  LocalGateway.start(
                      new LocalGateway.Settings("127.0.0.1", port, null, 0, true, List.of()),
                      router(HELLO)))
          .isInstanceOf(LocalGateway.PortException.class)
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": address already in use");
      assertThatThrownBy(
              () ->
                  LocalGateway.start(
                      new LocalGateway.Settings("127.0.0.1", 0, null, port, false, List.of()),
                      router(HELLO)))
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": address already in use");
      assertThatThrownBy(
              () ->
                  LocalGateway.start(
                      new LocalGateway.Settings("no such host", 0, null, 0, false, List.of()),
                      router(HELLO)))
          .hasMessage("cannot listen on no such host:0: there is no such address");
      assertThatThrownBy(
              () ->
                  LocalGateway.start(
                      new LocalGateway.Settings("127.0.0.1", 0, port, 0, false, List.of()),
                      router(HELLO)))
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": address already in use");
    }
  }

  @Test
  void finishesARequestUnderWayWhenItEnds() throws Exception {
    // REL-19
    try (ServerSocket upstream = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        LocalGateway gateway =
            start(
                false,
                BackendMapping.parse("default/web:8080=127.0.0.1:" + upstream.getLocalPort()))) {
      int port = gateway.port();
      int healthPort = gateway.healthPort();
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return RawHttp.send(port, "GET / HTTP/1.1", "Host: abc.sample.com");
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              LocalGatewayTest::inItsOwnThread);
      try (Socket socket = upstream.accept()) {
        readHead(socket.getInputStream());
        CompletableFuture<Void> closed =
            CompletableFuture.runAsync(gateway::close, LocalGatewayTest::inItsOwnThread);
        awaitNotReady(healthPort);
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"
                    .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200").endsWith("done");
        closed.get(30, TimeUnit.SECONDS);
      }
      assertThatThrownBy(() -> RawHttp.send(port, "GET / HTTP/1.1", "Host: abc.sample.com"))
          .isInstanceOf(IOException.class);
    }
  }

  /** Tasks that wait for each other must not share a pool, which has one thread on two cores. */
  private static void inItsOwnThread(Runnable task) {
    new Thread(task).start();
  }

  /** Asks until the gateway says that it drains; it is bounded by the time limit of the test. */
  private static void awaitNotReady(int healthPort) throws IOException {
    while (RawHttp.send(healthPort, "GET /readyz HTTP/1.1", "Host: x").startsWith("HTTP/1.1 200")) {
      Thread.onSpinWait();
    }
  }
}
