package io.github.ingress4j.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.AccessPolicies;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.ClientState;
import io.github.ingress4j.decision.Counters;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.Limits;
import io.github.ingress4j.policy.Passwords;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.Satisfy;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that are upgraded, in every container: REL-11, REL-19, REL-22, SEC-34, SEC-37;
 * hardening, section 4.4. Each host has a route of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class UpgradeContract {

  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  /** RFC 6455 section 1.3: the answer to the key above. */
  private static final String ACCEPT = "s3pPLBMiTxaQ9kYGzzhZRbK+xOo=";

  private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\n";

  private static final String TO_TCP = SWITCHING + "Upgrade: tcp\r\nConnection: Upgrade\r\n\r\n";

  private static final String TO_WEB_SOCKET =
      SWITCHING
          + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
          + ACCEPT
          + "\r\n\r\n";

  /** How a container is started, with TLS or without. */
  interface Starter {
    Container start(Container.Application application, @Nullable SSLContext tls) throws Exception;
  }

  private final Starter starter;
  private final boolean endsByHalves;
  private final boolean isToldFirst;
  private final Map<String, Exchange.Snapshot> snapshots = new HashMap<>();
  private RecordingUpstream upstream;
  private RecordingUpstream secure;
  private Container proxy;

  /**
   * Names a container.
   *
   * @param endsByHalves whether it can end one direction of a connection
   * @param isToldFirst whether applications are stopped before connections are closed
   */
  UpgradeContract(Starter starter, boolean endsByHalves, boolean isToldFirst) {
    this.starter = starter;
    this.endsByHalves = endsByHalves;
    this.isToldFirst = isToldFirst;
  }

  @BeforeAll
  void start() throws Exception {
    upstream = new RecordingUpstream();
    secure = new RecordingUpstream(TestKeys.shared().listen("server", "web.default.svc"));
    route("web.test", upstream.port(), TransportSettings.DEFAULT, RoutePolicies.NONE);
    route("idle.test", upstream.port(), times(60_000, 400), RoutePolicies.NONE);
    route("stuck.test", upstream.port(), times(400, 60_000), RoutePolicies.NONE);
    route(
        "old.test",
        upstream.port(),
        transport(
            TransportSettings.Protocol.HTTP,
            TransportSettings.Version.HTTP_1_0,
            null,
            60_000,
            60_000),
        RoutePolicies.NONE);
    route(
        "close.test",
        upstream.port(),
        transport(
            TransportSettings.Protocol.HTTP,
            TransportSettings.Version.HTTP_1_1,
            "close",
            60_000,
            60_000),
        RoutePolicies.NONE);
    route(
        "secure.test",
        secure.port(),
        TransportSettings.DEFAULT.withProtocol(TransportSettings.Protocol.HTTPS),
        RoutePolicies.NONE);
    route(
        "one.test",
        upstream.port(),
        TransportSettings.DEFAULT,
        RoutePolicies.builder()
            .access(
                new AccessPolicies(
                    null,
                    new Limits(
                        List.of(),
                        new Limits.ConnectionLimit("one", 1),
                        List.of(),
                        Limits.BY_ADDRESS,
                        503,
                        503),
                    null,
                    null,
                    null,
                    null,
                    Satisfy.ALL))
            .build());
    route(
        "basic.test",
        upstream.port(),
        TransportSettings.DEFAULT,
        RoutePolicies.builder()
            .access(
                new AccessPolicies(
                    null,
                    null,
                    null,
                    new BasicAuth(
                        "staff",
                        Passwords.parse("jane:{PLAIN}secret".getBytes(ISO_8859_1)).passwords()),
                    null,
                    null,
                    Satisfy.ALL))
            .build());
    proxy = startProxy(gateway().upgrades("websocket", "TCP"));
  }

  private IngressProxyServlet.Builder gateway() throws Exception {
    return IngressProxyServlet.builder()
        .router(IngressRouter.builder().build())
        .sslContext(TestKeys.shared().trust())
        .exchanges(this::exchange);
  }

  private Container startProxy(IngressProxyServlet.Builder builder) throws Exception {
    return starter.start(
        context -> {
          var registration = context.addServlet("proxy", builder.build());
          registration.addMapping("/*");
          registration.setAsyncSupported(true);
        },
        null);
  }

  private static TransportSettings transport(
      TransportSettings.Protocol protocol,
      TransportSettings.Version version,
      @Nullable String connection,
      int send,
      int read) {
    return new TransportSettings(
        protocol,
        version,
        Duration.ofSeconds(5),
        Duration.ofMillis(send),
        Duration.ofMillis(read),
        connection,
        false,
        false,
        TransportSettings.Rate.UNLIMITED,
        null);
  }

  private static TransportSettings times(int send, int read) {
    return transport(
        TransportSettings.Protocol.HTTP, TransportSettings.Version.HTTP_1_1, null, send, read);
  }

  private Exchange exchange(RequestView request) {
    String host = request.hosts().get(0);
    int colon = host.indexOf(':');
    return new Exchange(
        Objects.requireNonNull(
            snapshots.getOrDefault(
                colon < 0 ? host : host.substring(0, colon), snapshots.get("web.test"))),
        request);
  }

  private void route(String host, int port, TransportSettings transport, RoutePolicies policies) {
    Route route =
        new Route(
            "default/web",
            null,
            null,
            new Backend.ServicePort("default", "web", "80", true),
            Upstream.of(
                "default/web:80",
                EndpointPicker.roundRobin(List.of(new Endpoint("127.0.0.1", port))),
                null,
                transport),
            null,
            policies);
    snapshots.put(
        host,
        new Exchange.Snapshot(
            RoutingTable.<Route>builder().build(),
            route,
            PathPolicy.STRICT,
            Exchange.Reading.kubernetes(List.of()),
            new BalancerState(new Random(0), InstantSource.system()),
            new Counters(),
            new ClientState(InstantSource.system())));
  }

  @BeforeEach
  void reset() {
    upstream.script(RecordingUpstream.text("plain"));
    secure.script(RecordingUpstream.text("plain"));
  }

  @AfterAll
  void stop() throws Exception {
    proxy.close();
    upstream.close();
    secure.close();
  }

  private static String asking(String host, String... lines) {
    return "GET /chat?x=1 HTTP/1.1\r\nHost: "
        + host
        + "\r\n"
        + String.join("\r\n", lines)
        + "\r\n\r\n";
  }

  private static String tcp(String host) {
    return asking(host, "Connection: upgrade", "Upgrade: tcp");
  }

  private static String webSocket(String host) {
    return asking(
        host,
        "Connection: keep-alive, Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: " + KEY,
        "Sec-WebSocket-Version: 13");
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** The lines of a head, its first line first. */
  private static List<String> head(InputStream in) {
    List<String> lines = new ArrayList<>();
    for (String line = RawReply.line(in); !line.isEmpty(); line = RawReply.line(in)) {
      lines.add(line);
    }
    return lines;
  }

  private static String read(InputStream in, int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  /** Reads to the end, however the connection ends. */
  private static int drain(InputStream in) {
    byte[] buffer = new byte[8192];
    int total = 0;
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        total += count;
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("there is no end", e);
    } catch (IOException e) {
      // A reset is an end, too.
    }
    return total;
  }

  /** Opens a tunnel and reads the head of the answer. */
  private Socket open(String host) throws IOException {
    return open(proxy.port(), tcp(host));
  }

  private static Socket open(int port, String request) throws IOException {
    Socket socket = RawReply.connect(port);
    send(socket, request);
    assertThat(head(socket.getInputStream())).first().asString().startsWith("HTTP/1.1 101");
    return socket;
  }

  /** Switches, and then does what it is told with the connection. */
  private static RecordingUpstream.Script switching(String answer, RecordingUpstream.Script then) {
    return exchange -> {
      exchange.receive();
      exchange.send(answer);
      then.run(exchange);
      exchange.socket.close();
    };
  }

  private static void echo(RecordingUpstream.Exchange exchange) throws IOException {
    byte[] buffer = new byte[8192];
    for (int count = exchange.in.read(buffer); count >= 0; count = exchange.in.read(buffer)) {
      exchange.out.write(buffer, 0, count);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void tunnelsWhatBothSidesSayByteForByte() throws Exception {
    upstream.script(switching(TO_WEB_SOCKET + "early", UpgradeContract::echo));
    byte[] much = new byte[3_000_000];
    new Random(1).nextBytes(much);
    try (Socket socket = RawReply.connect(proxy.port())) {
      send(socket, webSocket("web.test"));
      List<String> head = head(socket.getInputStream());
      assertThat(head.get(0)).startsWith("HTTP/1.1 101");
      assertThat(RawReply.values(head, "upgrade")).containsExactly("websocket");
      // Tomcat adds what a client likes to hear.
      assertThat(String.join(",", RawReply.values(head, "connection")).replace(", keep-alive", ""))
          .isEqualToIgnoringCase("upgrade");
      assertThat(RawReply.values(head, "sec-websocket-accept")).containsExactly(ACCEPT);
      assertThat(RawReply.values(head, "content-length")).isEmpty();
      assertThat(RawReply.values(head, "transfer-encoding")).isEmpty();
      assertThat(read(socket.getInputStream(), 5)).isEqualTo("early");
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(much);
                } catch (IOException e) {
                  // What comes back will be too short.
                }
              });
      writer.start();
      assertThat(socket.getInputStream().readNBytes(much.length)).isEqualTo(much);
      writer.join();
    }
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.requestLine()).isEqualTo("GET /chat?x=1 HTTP/1.1");
    assertThat(received.header("connection")).containsExactly("upgrade");
    assertThat(received.header("upgrade")).containsExactly("websocket");
    assertThat(received.header("sec-websocket-key")).containsExactly(KEY);
    assertThat(received.header("content-length")).isEmpty();
  }

  /** Nobody should send them, but they are part of the stream. */
  @Test
  void tunnelsWhatCameTogetherWithTheRequest() throws Exception {
    upstream.script(switching(TO_TCP, UpgradeContract::echo));
    try (Socket socket = open(proxy.port(), tcp("web.test") + "GET /other HTTP/1.1\r\n\r\n")) {
      assertThat(read(socket.getInputStream(), 23)).isEqualTo("GET /other HTTP/1.1\r\n\r\n");
    }
  }

  @Test
  void takesFieldsOfTheAnswerByThePlanAndNoneThatEndsHere() throws Exception {
    upstream.script(
        switching(
            SWITCHING
                + "Upgrade: tcp\r\nConnection: upgrade, X-Hop\r\nX-Hop: 1\r\nX-Kept: 2\r\n"
                + "Keep-Alive: timeout=5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n",
            UpgradeContract::echo));
    try (Socket socket = RawReply.connect(proxy.port())) {
      send(socket, tcp("web.test"));
      List<String> head = head(socket.getInputStream());
      assertThat(RawReply.values(head, "x-kept")).containsExactly("2");
      assertThat(RawReply.values(head, "set-cookie")).containsExactly("a=1", "b=2");
      assertThat(RawReply.values(head, "x-hop")).isEmpty();
      assertThat(RawReply.values(head, "keep-alive")).isEmpty();
    }
  }

  /** What is not asked for properly goes to the back end as an ordinary request. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
        "Connection: Upgrade|Upgrade: TLS/1.2, HTTP/1.1",
        "Connection: Upgrade|Upgrade: unheard",
        "Connection: keep-alive|Upgrade: tcp",
        "Connection: Upgrade|Upgrade: tcp|Upgrade: tcp",
        "Connection: Upgrade|Upgrade: tcp, a b",
        "Connection: Upgrade|Upgrade: websocket",
        "Connection: Upgrade, Sec-WebSocket-Key|Upgrade: websocket"
            + "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Version: 13",
        "Connection: Upgrade|Upgrade: tcp|Content-Length: 5",
        "Connection: Upgrade|Upgrade: tcp|Transfer-Encoding: chunked",
      })
  void sendsAnythingElseOnAsAnOrdinaryRequest(String lines) throws Exception {
    String body =
        lines.contains("Content-Length") ? "hello" : lines.contains("chunked") ? "0\r\n\r\n" : "";
    RawReply reply =
        RawReply.exchange(proxy.port(), asking("web.test", lines.split("\\|", -1)) + body);
    if (lines.startsWith("Connection: keep-alive") && reply.status() == 400) {
      // Jetty does not like it at all.
      assertThat(upstream.heads).hasValue(0);
      return;
    }
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("plain");
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("upgrade")).isEmpty();
    assertThat(received.header("connection")).isEmpty();
    assertThat(received.header("http2-settings")).isEmpty();
  }

  @Test
  void sendsOnOnlyTheProtocolsThatMayBeSwitchedTo() throws Exception {
    upstream.script(switching(TO_TCP, UpgradeContract::echo));
    try (Socket socket =
        open(
            proxy.port(),
            asking("web.test", "Connection: upgrade", "Upgrade: h2c, unheard, tcp, TLS/1.3"))) {
      send(socket, "x");
      assertThat(read(socket.getInputStream(), 1)).isEqualTo("x");
    }
    assertThat(upstream.next().header("upgrade")).containsExactly("tcp");
  }

  @Test
  void upgradesNothingOverHttp10OrWhereTheRulesSpeakOtherwise() throws Exception {
    RawReply old =
        RawReply.exchange(proxy.port(), webSocket("web.test").replace("HTTP/1.1", "HTTP/1.0"));
    assertThat(old.status()).isEqualTo(200);
    assertThat(upstream.next().header("upgrade")).isEmpty();
    assertThat(RawReply.exchange(proxy.port(), webSocket("old.test")).status()).isEqualTo(200);
    assertThat(upstream.next().header("upgrade")).isEmpty();
    assertThat(RawReply.exchange(proxy.port(), webSocket("close.test")).status()).isEqualTo(200);
    RecordingUpstream.Received received = upstream.next();
    assertThat(received.header("upgrade")).isEmpty();
    assertThat(received.header("connection")).containsExactly("close");
  }

  @Test
  void asksWhoMayPassFirst() throws Exception {
    assertThat(RawReply.exchange(proxy.port(), webSocket("basic.test")).status()).isEqualTo(401);
    assertThat(upstream.heads).hasValue(0);
    upstream.script(switching(TO_TCP, UpgradeContract::echo));
    String password = Base64.getEncoder().encodeToString("jane:secret".getBytes(UTF_8));
    try (Socket socket =
        open(
            proxy.port(),
            asking(
                "basic.test",
                "Connection: upgrade",
                "Upgrade: tcp",
                "Authorization: Basic " + password))) {
      send(socket, "x");
      assertThat(read(socket.getInputStream(), 1)).isEqualTo("x");
    }
  }

  /** SEC-37, and what a proxy must not take for an upgrade. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 X|Upgrade: other|Connection: Upgrade",
        "HTTP/1.1 101 X|Upgrade: tcp, tcp|Connection: Upgrade",
        "HTTP/1.1 101 X|Upgrade: h2c|Connection: Upgrade",
        "HTTP/1.1 101 X|Connection: Upgrade",
        "HTTP/1.1 101 X|Upgrade: tcp",
        "HTTP/1.1 101 X|Upgrade: tcp|Connection: Upgrade|Content-Length: 5",
        "HTTP/1.1 101 X|Upgrade: tcp|Connection: Upgrade|Transfer-Encoding: chunked",
        "HTTP/1.1 101 X|Upgrade: tcp|Connection: Upgrade|X Y: 1",
        "HTTP/1.1 100 Continue||HTTP/1.1 101 X|Upgrade: other|Connection: Upgrade",
      })
  void answers502ToAnAnswerThatSwitchesToSomethingElse(String answer) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        switching(
            answer.replace("|", "\r\n") + "\r\n\r\nhello",
            exchange -> {
              drain(exchange.in);
              end.countDown();
            }));
    RawReply reply = RawReply.exchange(proxy.port(), tcp("web.test"));
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.body()).doesNotContain("hello");
    await(end);
  }

  @Test
  void answers502ToA101OutOfTheBlueAndToAWebSocketWithoutProof() throws Exception {
    upstream.script(switching(TO_TCP + "hello", exchange -> drain(exchange.in)));
    RawReply reply = RawReply.exchange(proxy.port(), asking("web.test", "X: 1"));
    assertThat(reply.status()).isEqualTo(502);
    assertThat(RawReply.exchange(proxy.port(), webSocket("web.test")).status()).isEqualTo(502);
    upstream.script(
        switching(
            SWITCHING + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            exchange -> drain(exchange.in)));
    assertThat(RawReply.exchange(proxy.port(), webSocket("web.test")).status()).isEqualTo(502);
  }

  /** Whoever answers otherwise stays with HTTP, as the client does. */
  @Test
  void passesAnOrdinaryAnswerOnAndKeepsTheConnection() throws Exception {
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nno"));
    try (Socket socket = RawReply.connect(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        send(socket, webSocket("web.test"));
        RawReply reply = RawReply.read(socket, false);
        assertThat(reply.status()).isEqualTo(426);
        assertThat(reply.body()).isEqualTo("no");
        assertThat(reply.header("sec-websocket-version")).containsExactly("13");
        assertThat(reply.isClosed()).isFalse();
      }
      upstream.script(RecordingUpstream.text("plain"));
      send(socket, asking("web.test", "X: 1"));
      assertThat(RawReply.read(socket, false).body()).isEqualTo("plain");
    }
  }

  @Test
  void answersWhenTheBackEndBreaksOffOrStallsBeforeItsAnswer() throws Exception {
    upstream.script(RecordingUpstream.Exchange::reset);
    assertThat(RawReply.exchange(proxy.port(), tcp("web.test")).status()).isEqualTo(502);
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          drain(exchange.in);
          end.countDown();
        });
    assertThat(RawReply.exchange(proxy.port(), tcp("idle.test")).status()).isEqualTo(504);
    await(end);
  }

  @Test
  void endsTheClientWhenTheBackEndBreaksOff() throws Exception {
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              assertThat(exchange.in.read()).isEqualTo('x');
              exchange.reset();
            }));
    try (Socket socket = open("web.test")) {
      send(socket, "x");
      assertThat(drain(socket.getInputStream())).isZero();
    }
  }

  /** REL-11. */
  @Test
  void breaksTheBackEndOffWhenTheClientDoes() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              drain(exchange.in);
              end.countDown();
            }));
    Socket socket = open("web.test");
    send(socket, "x");
    socket.setSoLinger(true, 0);
    socket.close();
    await(end);
  }

  @Test
  void letsTheClientEndOneDirection() throws Exception {
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              int count = drain(exchange.in);
              // Long after the client has ended, as it seems to a container.
              for (int i = 0; i < 3; i++) {
                exchange.send("got " + count + ";");
              }
            }));
    try (Socket socket = open("web.test")) {
      socket.getOutputStream().write(new byte[100_000]);
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .isEqualTo("got 100000;got 100000;got 100000;");
    }
  }

  @Test
  void letsTheBackEndEndOneDirectionWhereTheContainerCan() throws Exception {
    LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              exchange.send("bye");
              exchange.socket.shutdownOutput();
              heard.add(read(exchange.in, 13));
              heard.add(drain(exchange.in) + " bytes more");
            }));
    try (Socket socket = open("web.test")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).isEqualTo("bye");
      if (endsByHalves) {
        send(socket, "one more word");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("one more word");
        socket.shutdownOutput();
      } else {
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEmpty();
      }
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("0 bytes more");
    }
  }

  /** REL-22. */
  @Test
  void endsATunnelInWhichNothingIsSaid() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              drain(exchange.in);
              end.countDown();
            }));
    try (Socket socket = open("idle.test")) {
      long start = System.nanoTime();
      assertThat(drain(socket.getInputStream())).isZero();
      assertThat(System.nanoTime() - start).isGreaterThan(200_000_000L);
      await(end);
    }
  }

  /** A word of either side is one. */
  @Test
  void keepsATunnelInWhichOneSideSpeaks() throws Exception {
    upstream.script(switching(TO_TCP, exchange -> drain(exchange.in)));
    try (Socket socket = open("idle.test")) {
      socket.setSoTimeout(150);
      for (int i = 0; i < 6; i++) {
        send(socket, "x");
        assertThat(isSilent(socket)).isTrue();
      }
      socket.setSoTimeout(20_000);
      assertThat(drain(socket.getInputStream())).isZero();
    }
  }

  private static boolean isSilent(Socket socket) throws IOException {
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** REL-21: what one side does not take, the other one cannot send. */
  @Test
  void makesTheClientWaitForTheBackEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicReference<byte[]> sum = new AtomicReference<>();
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              await(go);
              sum.set(sumOf(exchange.in));
              end.countDown();
            }));
    try (Socket socket = open("web.test")) {
      AtomicLong written = new AtomicLong();
      MessageDigest expected = digest();
      Thread writer = writer(socket.getOutputStream(), 60_000_000, written, expected);
      awaitStandstill(written);
      assertThat(written.get()).isLessThan(40_000_000);
      go.countDown();
      writer.join(30_000);
      socket.shutdownOutput();
      await(end);
      assertThat(sum.get()).isEqualTo(expected.digest());
    }
  }

  @Test
  void makesTheBackEndWaitForTheClient() throws Exception {
    AtomicLong written = new AtomicLong();
    MessageDigest expected = digest();
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              Thread writer = writer(exchange.out, 60_000_000, written, expected);
              try {
                writer.join(30_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              end.countDown();
            }));
    try (Socket socket = open("web.test")) {
      awaitStandstill(written);
      assertThat(written.get()).isLessThan(40_000_000);
      byte[] sum = sumOf(socket.getInputStream());
      await(end);
      assertThat(sum).isEqualTo(expected.digest());
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sumOf(InputStream in) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[8192];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return digest.digest();
  }

  private static Thread writer(
      OutputStream out, int bytes, AtomicLong written, MessageDigest digest) {
    Thread thread =
        new Thread(
            () -> {
              byte[] block = new byte[10_000];
              Random random = new Random(2);
              try {
                while (written.get() < bytes) {
                  random.nextBytes(block);
                  out.write(block);
                  digest.update(block);
                  written.addAndGet(block.length);
                }
              } catch (IOException e) {
                // The sums will differ.
              }
            });
    thread.start();
    return thread;
  }

  /** Waits until nothing more is written. */
  private static void awaitStandstill(AtomicLong written) throws InterruptedException {
    long before = -1;
    while (written.get() == 0 || written.get() != before) {
      before = written.get();
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }

  /** REL-25: neither side can hold a thread by taking nothing. */
  @Test
  void endsATunnelInWhichTheBackEndTakesNothing() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(switching(TO_TCP, exchange -> await(end)));
    try (Socket socket = open("stuck.test")) {
      Thread writer =
          writer(socket.getOutputStream(), Integer.MAX_VALUE, new AtomicLong(), digest());
      drain(socket.getInputStream());
      writer.join(20_000);
      assertThat(writer.isAlive()).isFalse();
    } finally {
      end.countDown();
    }
  }

  @Test
  void endsATunnelInWhichTheClientTakesNothing() throws Exception {
    BlockingQueue<Thread> writers = new LinkedBlockingQueue<>();
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              writers.add(writer(exchange.out, Integer.MAX_VALUE, new AtomicLong(), digest()));
              drain(exchange.in);
            }));
    try (Socket socket = open("stuck.test")) {
      Thread writer = Objects.requireNonNull(writers.poll(20, TimeUnit.SECONDS));
      writer.join(20_000);
      assertThat(writer.isAlive()).isFalse();
      assertThat(socket.isClosed()).isFalse();
    }
  }

  /** A tunnel is under way as long as it lives. */
  @Test
  void countsATunnelAsAConnectionUntilItsEnd() throws Exception {
    upstream.script(switching(TO_TCP, UpgradeContract::echo));
    try (Socket socket = open("one.test")) {
      send(socket, "x");
      assertThat(read(socket.getInputStream(), 1)).isEqualTo("x");
      assertThat(RawReply.exchange(proxy.port(), tcp("one.test")).status()).isEqualTo(503);
      socket.shutdownOutput();
      assertThat(drain(socket.getInputStream())).isZero();
    }
    awaitOpening(proxy.port(), "one.test");
  }

  /** Opens a tunnel as soon as there is room for it again. */
  private static void awaitOpening(int port, String host) throws Exception {
    long start = System.nanoTime();
    while (true) {
      try (Socket socket = RawReply.connect(port)) {
        send(socket, tcp(host));
        if (head(socket.getInputStream()).get(0).startsWith("HTTP/1.1 101")) {
          return;
        }
      }
      assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void answers503BeyondTheNumberOfTunnels() throws Exception {
    upstream.script(switching(TO_TCP, UpgradeContract::echo));
    try (Container small = startProxy(gateway().upgrades("tcp").maxTunnels(1))) {
      try (Socket socket = open(small.port(), tcp("web.test"))) {
        send(socket, "x");
        assertThat(read(socket.getInputStream(), 1)).isEqualTo("x");
        int before = upstream.heads.get();
        RawReply reply = RawReply.exchange(small.port(), tcp("web.test"));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.text()).isEqualTo("The gateway is busy; try again later.\n");
        assertThat(upstream.heads).hasValue(before);
      }
      awaitOpening(small.port(), "web.test");
    }
  }

  @Test
  void upgradesToWebSocketsAloneUnlessMoreIsAllowed() throws Exception {
    try (Container plain = startProxy(gateway())) {
      assertThat(RawReply.exchange(plain.port(), tcp("web.test")).status()).isEqualTo(200);
      assertThat(upstream.next().header("upgrade")).isEmpty();
      upstream.script(switching(TO_WEB_SOCKET, UpgradeContract::echo));
      open(plain.port(), webSocket("web.test")).close();
    }
    try (Container none = startProxy(gateway().upgrades())) {
      upstream.script(RecordingUpstream.text("plain"));
      assertThat(RawReply.exchange(none.port(), webSocket("web.test")).status()).isEqualTo(200);
      assertThat(upstream.next().header("upgrade")).isEmpty();
    }
  }

  @Test
  void speaksTlsToTheBackEndInTheTunnel() throws Exception {
    secure.script(switching(TO_TCP + "early", UpgradeContract::echo));
    byte[] much = new byte[1_000_000];
    new Random(3).nextBytes(much);
    try (Socket socket = open("secure.test")) {
      assertThat(read(socket.getInputStream(), 5)).isEqualTo("early");
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(much);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  // What comes back will be too short.
                }
              });
      writer.start();
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(much);
      writer.join();
    }
  }

  /** A back end that speaks WebSocket as far as the tests need it: it says what it hears. */
  private static void webSocketEcho(RecordingUpstream.Exchange exchange) throws IOException {
    while (true) {
      int first = exchange.in.read();
      int second = exchange.in.read();
      if (first < 0 || second < 0) {
        return;
      }
      int length = second & 0x7F;
      if (length == 126) {
        length = exchange.in.read() << 8 | exchange.in.read();
      } else if (length == 127) {
        byte[] bytes = exchange.in.readNBytes(8);
        length = (int) ByteBuffer.wrap(bytes).getLong();
      }
      byte[] mask = exchange.in.readNBytes(4);
      byte[] payload = exchange.in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      int opcode = first & 0xF;
      exchange.out.write(opcode == 9 ? 0x8A : first);
      if (length < 126) {
        exchange.out.write(length);
      } else if (length < 65536) {
        exchange.out.write(new byte[] {126, (byte) (length >> 8), (byte) length});
      } else {
        exchange.out.write(127);
        exchange.out.write(ByteBuffer.allocate(8).putLong(length).array());
      }
      exchange.out.write(payload);
      exchange.out.flush();
      if (opcode == 8) {
        return;
      }
    }
  }

  private static String acceptOf(String key) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RecordingUpstream.Script webSocketServer() {
    return exchange -> {
      RecordingUpstream.Received received = exchange.receive();
      exchange.send(
          TO_WEB_SOCKET.replace(ACCEPT, acceptOf(received.header("sec-websocket-key").get(0))));
      webSocketEcho(exchange);
      exchange.socket.close();
    };
  }

  private static final class Heard implements WebSocket.Listener {

    final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
      parts.append(data);
      if (isLast) {
        words.add(parts.length() > 100 ? parts.length() + " characters" : parts.toString());
        parts.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      words.add("pong " + UTF_8.decode(message));
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      words.add("closed " + status + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      words.add("error " + error);
    }

    String next() throws InterruptedException {
      return Objects.requireNonNull(words.poll(20, TimeUnit.SECONDS), "nothing was heard");
    }
  }

  private static void converse(HttpClient client, String url) throws Exception {
    Heard heard = new Heard();
    WebSocket socket =
        client.newWebSocketBuilder().buildAsync(URI.create(url), heard).get(20, TimeUnit.SECONDS);
    socket.sendText("hel", false).get(20, TimeUnit.SECONDS);
    socket.sendText("lo", true).get(20, TimeUnit.SECONDS);
    assertThat(heard.next()).isEqualTo("hello");
    socket.sendPing(ByteBuffer.wrap("p".getBytes(UTF_8))).get(20, TimeUnit.SECONDS);
    assertThat(heard.next()).isEqualTo("pong p");
    socket.sendText("x".repeat(200_000), true).get(20, TimeUnit.SECONDS);
    assertThat(heard.next()).isEqualTo("200000 characters");
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(20, TimeUnit.SECONDS);
    assertThat(heard.next()).isEqualTo("closed 1000 done");
  }

  @Test
  void carriesTheConversationOfARealClient() throws Exception {
    upstream.script(webSocketServer());
    converse(HttpClient.newHttpClient(), "ws://127.0.0.1:" + proxy.port() + "/chat");
  }

  @Test
  void carriesTheConversationOverTls() throws Exception {
    upstream.script(webSocketServer());
    IngressTls tls = IngressTls.of(IngressRouter.builder().build());
    IngressProxyServlet servlet = gateway().build();
    try (Container container =
        starter.start(
            context -> {
              var registration = context.addServlet("proxy", servlet);
              registration.addMapping("/*");
              registration.setAsyncSupported(true);
            },
            tls.sslContext())) {
      HttpClient client =
          HttpClient.newBuilder().sslContext(RawTlsClient.anonymous().context()).build();
      converse(client, "wss://127.0.0.1:" + container.port() + "/chat");
    }
  }

  /** REL-19: clients of WebSockets are told, and have a moment to answer. */
  @Test
  void saysGoodbyeWhenTheGatewayCloses() throws Exception {
    upstream.script(webSocketServer());
    Container container = startProxy(gateway());
    Heard heard = new Heard();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + container.port() + "/"), heard)
            .get(20, TimeUnit.SECONDS);
    socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
    assertThat(heard.next()).isEqualTo("hello");
    long start = System.nanoTime();
    container.close();
    // Jetty closes connections before it tells applications.
    assertThat(heard.next()).isEqualTo(isToldFirst ? "closed 1001 " : "closed 1006 ");
    assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
  }

  /** REL-19: nothing is left. */
  @Test
  void leavesNeitherThreadsNorConnectionsWhenTheGatewayCloses() throws Exception {
    CountDownLatch end = new CountDownLatch(3);
    upstream.script(
        switching(
            TO_TCP,
            exchange -> {
              exchange.send("x");
              drain(exchange.in);
              end.countDown();
            }));
    Container container = startProxy(gateway().upgrades("tcp"));
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Socket socket = open(container.port(), tcp("web.test"));
      assertThat(read(socket.getInputStream(), 1)).isEqualTo("x");
      sockets.add(socket);
    }
    container.close();
    await(end);
    for (Socket socket : sockets) {
      assertThat(drain(socket.getInputStream())).isZero();
      socket.close();
    }
  }

  /** What an application behind the filter does with its connections is its own affair. */
  @Test
  void letsAnApplicationBehindTheFilterUpgrade() throws Exception {
    IngressFilter filter =
        IngressFilter.builder()
            .router(IngressRouter.builder().build())
            .exchanges(this::exchange)
            .build();
    try (Container container =
        starter.start(
            context -> {
              var registration = context.addFilter("ingress", filter);
              registration.setAsyncSupported(true);
              registration.addMappingForUrlPatterns(
                  EnumSet.of(DispatcherType.REQUEST), false, "/*");
              var app = context.addServlet("app", new Upgrading());
              app.setAsyncSupported(true);
              app.addMapping("/*");
            },
            null)) {
      try (Socket socket = open(container.port(), tcp("web.test"))) {
        assertThat(read(socket.getInputStream(), 5)).isEqualTo("hello");
      }
    }
  }

  private static final class Upgrading extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setStatus(101);
      response.setHeader("Upgrade", request.getHeader("Upgrade"));
      response.setHeader("Connection", "Upgrade");
      try {
        request.upgrade(Hello.class);
      } catch (jakarta.servlet.ServletException e) {
        throw new IOException(e);
      }
    }
  }

  /** Says one word. */
  public static final class Hello implements HttpUpgradeHandler {

    @Override
    public void init(WebConnection connection) {
      try {
        connection.getOutputStream().write("hello".getBytes(UTF_8));
        connection.getOutputStream().flush();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void destroy() {}
  }
}
