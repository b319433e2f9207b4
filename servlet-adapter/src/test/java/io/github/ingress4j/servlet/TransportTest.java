package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.BodyLimit;
import io.github.ingress4j.policy.RetryPolicy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the settings of a route change on the wire: ingress-nginx, proxy-http-version,
 * connection-proxy-header, proxy-request-buffering, proxy-send-timeout, limit-rate.
 */
final class TransportTest {

  private final List<AutoCloseable> resources = new ArrayList<>();
  private RecordingUpstream upstream;

  @BeforeEach
  void start() throws Exception {
    upstream = new RecordingUpstream();
    resources.add(upstream);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  /** Settings of which a test changes one. */
  private static final class Changed {
    TransportSettings.Version version = TransportSettings.Version.HTTP_1_1;
    Duration send = Duration.ofSeconds(10);
    @Nullable String connection;
    boolean buffersRequest;
    TransportSettings.Rate rate = TransportSettings.Rate.UNLIMITED;

    TransportSettings settings() {
      return new TransportSettings(
          TransportSettings.Protocol.HTTP,
          version,
          Duration.ofSeconds(5),
          send,
          Duration.ofSeconds(10),
          connection,
          buffersRequest,
          false,
          rate,
          null);
    }
  }

  private IngressProxyServlet.Builder servlet(Changed changed, RoutePolicies policies) {
    Endpoint here = new Endpoint("127.0.0.1", upstream.port());
    // Two endpoints, so that there is a next one to ask; both are here.
    return OneRoute.servlet(
            List.of(here, new Endpoint("127.0.0.2", upstream.port())), changed.settings(), policies)
        .reaching(endpoint -> here);
  }

  private int gateway(Changed changed) throws Exception {
    return start(servlet(changed, RoutePolicies.NONE));
  }

  private int start(IngressProxyServlet.Builder builder) throws Exception {
    Container container =
        TomcatContainer.start(
            context -> context.addServlet("proxy", builder.build()).addMapping("/*"));
    resources.add(container);
    return container.port();
  }

  private static String post(String body) {
    return "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String chunked(String body) {
    return "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n")
        + "0\r\nX-T: 1\r\n\r\n";
  }

  private static String text(int length) {
    return "0123456789abcde\n".repeat(length / 16 + 1).substring(0, length);
  }

  // ---- the version and Connection ----

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 16_384, 16_385, 300_000})
  void speaksHttp10WithoutChunks(int length) throws Exception {
    Changed changed = new Changed();
    changed.version = TransportSettings.Version.HTTP_1_0;
    int port = gateway(changed);
    for (int i = 0; i < 2; i++) {
      RawReply reply = RawReply.exchange(port, chunked(text(length)));
      assertThat(reply.text()).isEqualTo("ok");
      RecordingUpstream.Received received = upstream.next();
      assertThat(received.requestLine()).isEqualTo("POST / HTTP/1.0");
      assertThat(received.header("transfer-encoding")).isEmpty();
      assertThat(received.header("content-length")).containsExactly(Integer.toString(length));
      assertThat(received.body()).isEqualTo(text(length));
    }
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void takesAnAnswerThatEndsWithItsConnection() throws Exception {
    Changed changed = new Changed();
    changed.version = TransportSettings.Version.HTTP_1_0;
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.0 200 OK\r\n\r\nall of it");
          exchange.socket.close();
        });
    RawReply reply = RawReply.exchange(gateway(changed), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(reply.text()).isEqualTo("all of it");
    assertThat(reply.isComplete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"close, 2", "keep-alive, 1"})
  void sendsTheConnectionThatTheRouteSays(String value, int connections) throws Exception {
    Changed changed = new Changed();
    changed.connection = value;
    int port = gateway(changed);
    for (int i = 0; i < 2; i++) {
      assertThat(RawReply.exchange(port, post("abc")).text()).isEqualTo("ok");
      assertThat(upstream.next().header("connection")).containsExactly(value);
    }
    assertThat(upstream.connections.get()).isEqualTo(connections);
  }

  // ---- bodies that are read whole ----

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 16_383, 16_384, 16_385, 2_000_000})
  void readsABodyWholeBeforeItSendsAnyOfIt(int length) throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port = gateway(changed);
    for (String request : List.of(post(text(length)), chunked(text(length)))) {
      assertThat(RawReply.exchange(port, request).text()).isEqualTo("ok");
      RecordingUpstream.Received received = upstream.next();
      assertThat(received.body().equals(text(length))).isTrue();
      assertThat(received.header("content-length")).containsExactly(Integer.toString(length));
      assertThat(received.trailerLines()).isEmpty();
    }
  }

  @Test
  void keepsNoBackEndWaitingForASlowClient() throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port = gateway(changed);
    String body = text(100_000);
    try (Socket socket = RawReply.connect(port)) {
      byte[] bytes = post(body).getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(bytes, 0, bytes.length - 1);
      // Another request is served meanwhile; the first one has not even connected.
      assertThat(RawReply.exchange(port, post("x")).text()).isEqualTo("ok");
      assertThat(upstream.connections.get()).isEqualTo(1);
      socket.getOutputStream().write(bytes, bytes.length - 1, 1);
      assertThat(RawReply.read(socket, false).text()).isEqualTo("ok");
    }
    assertThat(upstream.received)
        .extracting(received -> received.body().length())
        .containsExactly(1, 100_000);
  }

  @ParameterizedTest
  @CsvSource({"PUT, 100000, 200", "PUT, 10, 200", "POST, 100000, 502"})
  void sendsABodyThatItKeepsToTheNextEndpoint(String method, int length, int status)
      throws Exception {
    // REL-14: a POST that may have arrived is not repeated, kept or not.
    upstream.script(
        exchange -> {
          if (upstream.heads.get() == 1) {
            exchange.in.readNBytes(5);
            exchange.reset();
            return;
          }
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port =
        start(servlet(changed, RoutePolicies.builder().retries(RetryPolicy.DEFAULT).build()));
    RawReply reply = RawReply.exchange(port, chunked(text(length)).replaceFirst("POST", method));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(upstream.heads.get()).isEqualTo(status == 200 ? 2 : 1);
    if (status == 200) {
      assertThat(upstream.next().body()).isEqualTo(text(length));
    }
  }

  @Test
  void answers503WhenThereIsNoRoomForABody() throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port = start(servlet(changed, RoutePolicies.NONE).maxBufferedBytes(100_000));
    for (String request : List.of(post(text(200_000)), chunked(text(200_000)))) {
      RawReply reply = RawReply.exchange(port, request);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text()).isEqualTo("The gateway is busy; try again later.\n");
      assertThat(reply.isClosed()).isTrue();
    }
    assertThat(upstream.connections.get()).isZero();
    // What was taken was given back, and short bodies need none.
    assertThat(RawReply.exchange(port, post(text(100_000))).text()).isEqualTo("ok");
    assertThat(RawReply.exchange(port, chunked(text(10_000))).text()).isEqualTo("ok");
  }

  @Test
  void answers413BeforeAnybodyHearsOfABodyThatIsTooLong() throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port =
        start(servlet(changed, RoutePolicies.builder().bodyLimit(new BodyLimit(50_000)).build()));
    RawReply reply = RawReply.exchange(port, chunked(text(60_000)));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(upstream.connections.get()).isZero();
    assertThat(RawReply.exchange(port, chunked(text(50_000))).text()).isEqualTo("ok");
  }

  @Test
  void endsARequestWhoseBodyBreaksOff() throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    int port = gateway(changed);
    try (Socket socket = RawReply.connect(port)) {
      socket
          .getOutputStream()
          .write(post(text(100_000)).substring(0, 60_000).getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(RawReply.read(socket, false).status()).isIn(0, 400);
    }
    assertThat(upstream.connections.get()).isZero();
  }

  @Test
  void leavesNothingBehind(@TempDir Path directory) throws Exception {
    BodyBuffers buffers = new BodyBuffers(directory, 200_000);
    BodyBuffers.Spool spool = buffers.open(-1);
    spool.write(new byte[10], 0, 10);
    assertThat(buffers.used()).isEqualTo(64 * 1024);
    byte[] read = new byte[20];
    assertThat(spool.read(4, read)).isEqualTo(6);
    assertThat(spool.read(10, read)).isEqualTo(-1);
    spool.close();
    spool.close();
    assertThat(buffers.used()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void answers504WhenTheBackEndTakesNothingMoreOfABodyThatIsKept() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          try {
            over.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Changed changed = new Changed();
    changed.buffersRequest = true;
    changed.send = Duration.ofMillis(300);
    RawReply reply = RawReply.exchange(gateway(changed), post(text(30_000_000)));
    over.countDown();
    assertThat(reply.status()).isEqualTo(504);
  }

  @Test
  void sendsAHeadThatMayNotFitIntoOneWrite() throws Exception {
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: a.test\r\n");
    for (int i = 0; i < 5; i++) {
      request.append("X-").append(i).append(": ").append(text(10_000).replace('\n', '.'));
      request.append("\r\n");
    }
    RawReply reply = RawReply.exchange(gateway(new Changed()), request.append("\r\n").toString());
    assertThat(reply.text()).isEqualTo("ok");
    assertThat(upstream.next().header("x-4").get(0)).hasSize(10_000);
  }

  // ---- the rate ----

  @ParameterizedTest
  @CsvSource({"0, 500", "150000, 0"})
  void passesAnAnswerOnNoFasterThanItsRate(long free, long milliseconds) throws Exception {
    upstream.script(RecordingUpstream.text(text(150_000)));
    Changed changed = new Changed();
    changed.rate = new TransportSettings.Rate(100_000, free);
    int port = gateway(changed);
    long start = System.nanoTime();
    RawReply reply = RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(reply.body().equals(text(150_000))).isTrue();
    // One second's worth passes at once; the rest takes its time.
    assertThat(System.nanoTime() - start)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }

  // ---- circles ----

  @Test
  void endsACircleOfGateways() throws Exception {
    // hardening, decision 8: the gateway is its own back end.
    int[] own = new int[1];
    int port =
        start(
            OneRoute.servlet(new Endpoint("127.0.0.9", 9), TransportSettings.DEFAULT)
                .reaching(endpoint -> new Endpoint("127.0.0.1", own[0])));
    own[0] = port;
    RawReply reply = RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(508);
    assertThat(reply.text())
        .isEqualTo("This request has come back to the gateway again and again.\n");
  }

  @Test
  void marksNothingIfItIsToldSo() throws Exception {
    int port = start(servlet(new Changed(), RoutePolicies.NONE).loopProtection(false));
    String via = "1.1 ingress4j, ".repeat(20) + "1.1 x";
    RawReply reply =
        RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\nVia: " + via + "\r\n\r\n");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(upstream.next().header("via")).containsExactly(via);
  }
}
