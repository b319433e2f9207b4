package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.TlsIdentity;
import io.github.ingress4j.policy.UpstreamTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to back ends: ingress-nginx, proxy-ssl-*; REL-12, REL-13, SEC-37. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsBackendsTest {

  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
  private static final String AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

  private final List<AutoCloseable> resources = new ArrayList<>();
  private TestKeys keys;

  @BeforeAll
  void makeKeys() throws Exception {
    keys = TestKeys.shared();
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
    resources.clear();
  }

  private RecordingUpstream upstream(SSLServerSocket socket) {
    RecordingUpstream upstream = new RecordingUpstream(socket);
    resources.add(upstream);
    return upstream;
  }

  private int start(IngressProxyServlet.Builder builder) throws Exception {
    Container container =
        TomcatContainer.start(
            context -> context.addServlet("proxy", builder.build()).addMapping("/*"));
    resources.add(container);
    return container.port();
  }

  private static TransportSettings transport(@Nullable UpstreamTls tls) {
    return new TransportSettings(
        TransportSettings.Protocol.HTTPS,
        TransportSettings.Version.HTTP_1_1,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        null,
        false,
        false,
        TransportSettings.Rate.UNLIMITED,
        tls);
  }

  private int gateway(int port, @Nullable UpstreamTls tls) throws Exception {
    return start(OneRoute.servlet(new Endpoint("127.0.0.1", port), transport(tls)));
  }

  /** Settings of which a test changes one. */
  private final class Changed {
    @Nullable TlsIdentity identity;
    boolean isVerified = true;
    List<X509Certificate> authorities = new ArrayList<>();
    List<X509CRL> revocations = List.of();
    int depth = 1;
    @Nullable String name = "back.test";
    boolean sendsName;
    List<String> protocols = List.of("TLSv1.2", "TLSv1.3");
    List<String> cipherSuites = List.of();

    Changed() throws Exception {
      authorities.add(keys.certificate("root"));
    }

    UpstreamTls settings() {
      return new UpstreamTls(
          identity,
          isVerified,
          authorities,
          revocations,
          depth,
          name,
          sendsName,
          protocols,
          cipherSuites);
    }
  }

  /** A member of the settings: who listens, what makes the handshake succeed, and what fail. */
  enum Member {
    IDENTITY,
    IDENTITY_TLS_1_2,
    IS_VERIFIED,
    AUTHORITIES,
    AUTHORITY_IS_THE_CERTIFICATE,
    REVOCATIONS,
    REVOCATIONS_OF_NOBODY,
    DEPTH,
    NAME,
    NO_NAME,
    PURPOSE,
    SENDS_NAME,
    PROTOCOLS,
    NO_PROTOCOL,
    CIPHER_SUITES,
    NO_CIPHER_SUITE
  }

  private interface Change {
    void apply(Changed settings) throws Exception;
  }

  private record Row(SSLServerSocket socket, Change good, Change bad, String reason) {}

  private Row row(Member member) throws Exception {
    return switch (member) {
      case IDENTITY ->
          new Row(
              demanding("TLSv1.3"),
              settings -> settings.identity = keys.identity("client"),
              settings -> {},
              "");
      case IDENTITY_TLS_1_2 ->
          new Row(
              demanding("TLSv1.2"),
              settings -> settings.identity = keys.identity("client"),
              settings -> {},
              "");
      case IS_VERIFIED ->
          new Row(
              keys.listen("stranger", null),
              settings -> settings.isVerified = false,
              settings -> {},
              "no path leads from the certificate to an authority");
      case AUTHORITIES ->
          new Row(
              keys.listen("server", null),
              settings -> {},
              settings -> settings.authorities = List.of(keys.certificate("stranger")),
              "no path leads from the certificate to an authority");
      case AUTHORITY_IS_THE_CERTIFICATE ->
          new Row(
              keys.listen("stranger", null),
              settings -> settings.authorities = List.of(keys.certificate("stranger")),
              settings -> settings.authorities = List.of(keys.certificate("middle")),
              "there is no authority that has signed itself and is valid");
      case REVOCATIONS ->
          new Row(
              keys.listen("server", null),
              settings -> settings.revocations = List.of(keys.revoking("client")),
              settings -> settings.revocations = List.of(keys.revoking("server")),
              "a certificate of the path was revoked");
      case REVOCATIONS_OF_NOBODY ->
          new Row(
              keys.listen("deep", null),
              settings -> {},
              settings -> settings.revocations = List.of(keys.revoking("client")),
              "no list of revoked certificates covers all of it");
      case DEPTH ->
          new Row(
              keys.listen("deep", null),
              settings -> {},
              settings -> settings.depth = 0,
              "no path leads from the certificate to an authority");
      case NAME ->
          new Row(
              keys.listen("server", null),
              settings -> {},
              settings -> settings.name = "other.test",
              "the certificate is not for other.test");
      case NO_NAME ->
          new Row(
              keys.listen("server", null),
              settings -> {},
              settings -> settings.name = null,
              "the certificate is not for upstream_balancer");
      case PURPOSE ->
          new Row(
              keys.listen("client", null),
              settings -> settings.isVerified = false,
              settings -> {},
              "the certificate is not one for servers");
      case SENDS_NAME ->
          new Row(
              keys.listen("server", "back.test"),
              settings -> settings.sendsName = true,
              settings -> {},
              "no path leads from the certificate to an authority");
      case PROTOCOLS ->
          new Row(
              only("TLSv1.2"),
              settings -> settings.protocols = List.of("SSLv2", "TLSv1.2"),
              settings -> settings.protocols = List.of("TLSv1.3"),
              "");
      case NO_PROTOCOL ->
          new Row(
              only("TLSv1.3"),
              settings -> settings.protocols = List.of("TLSv1.3"),
              settings -> settings.protocols = List.of("SSLv2"),
              "this JVM has none of the protocols [SSLv2]");
      case CIPHER_SUITES ->
          new Row(
              only("TLSv1.2", AES_128),
              settings -> settings.cipherSuites = List.of("TLS_OF_TOMORROW", AES_128),
              settings -> settings.cipherSuites = List.of(AES_256),
              "");
      case NO_CIPHER_SUITE ->
          new Row(
              keys.listen("server", null),
              settings -> {},
              settings -> settings.cipherSuites = List.of("TLS_OF_TOMORROW"),
              "this JVM has none of the cipher suites [TLS_OF_TOMORROW]");
    };
  }

  private SSLServerSocket demanding(String protocol) throws Exception {
    SSLServerSocket socket = only(protocol);
    socket.setNeedClientAuth(true);
    return socket;
  }

  private SSLServerSocket only(String protocol, String... suites) throws Exception {
    SSLServerSocket socket = keys.listen("server", null);
    socket.setEnabledProtocols(new String[] {protocol});
    if (suites.length > 0) {
      socket.setEnabledCipherSuites(suites);
    }
    return socket;
  }

  @ParameterizedTest
  @EnumSource
  void speaksToABackEndOnlyIfEachMemberOfTheSettingsIsMet(Member member) throws Exception {
    Row row = row(member);
    RecordingUpstream upstream = upstream(row.socket());
    Changed good = new Changed();
    row.good().apply(good);
    RawReply reply = RawReply.exchange(gateway(upstream.port(), good.settings()), REQUEST);
    assertThat(reply.text()).isEqualTo("ok");
    assertThat(upstream.next().requestLine()).isEqualTo("GET / HTTP/1.1");

    upstream.script(RecordingUpstream.text("ok"));
    Changed bad = new Changed();
    row.bad().apply(bad);
    int port = gateway(upstream.port(), bad.settings());
    List<String> log = new CopyOnWriteArrayList<>();
    RawReply refused = logged(log, () -> RawReply.exchange(port, REQUEST));
    assertThat(refused.status()).isEqualTo(502);
    assertThat(upstream.heads.get()).isZero();
    if (member == Member.IDENTITY && log.isEmpty()) {
      // In TLS 1.3 the refusal comes after the handshake, and the end of the connection may come
      // before it.
      return;
    }
    assertThat(log)
        .singleElement()
        .asString()
        .startsWith("no TLS with default/web:80: ")
        .contains(row.reason());
  }

  private interface Action {
    RawReply run() throws Exception;
  }

  private static RawReply logged(List<String> log, Action action) throws Exception {
    Logger logger = Logger.getLogger(Gateway.class.getName());
    Handler handler = handler(record -> log.add(record.getMessage()));
    logger.addHandler(handler);
    try {
      return action.run();
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static Handler handler(Consumer<LogRecord> taking) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        taking.accept(record);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void sharesConnectionsBetweenEqualSettingsOnly() throws Exception {
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    try (Watchdog watchdog = new Watchdog();
        BackendConnections connections = new BackendConnections(watchdog)) {
      BackendTls tls = new BackendTls(keys.trust());
      TlsClient first = tls.of(new Changed().settings());
      assertThat(tls.of(new Changed().settings())).isSameAs(first);
      Changed other = new Changed();
      other.depth = 2;
      assertThat(tls.of(other.settings()).id()).isNotEqualTo(first.id());
      for (TlsClient client :
          List.of(first, tls.of(other.settings()), tls.named("back.test"), first)) {
        BackendConnections.Opened opened = open(connections, client, upstream.port());
        connections.release(opened.endpoint(), true, 30);
      }
      assertThat(upstream.connections.get()).isEqualTo(3);
    }
  }

  private static BackendConnections.Opened open(
      BackendConnections connections, TlsClient client, int port) throws IOException {
    return connections.open(
        client,
        List.of(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        org.apache.hc.core5.util.Timeout.ofSeconds(5),
        org.apache.hc.core5.util.Timeout.ofSeconds(5));
  }

  /** A Secret that was replaced is not kept: neither its key nor connections made with it. */
  @Test
  void forgetsWhatTheRulesDoNotAskForAnyMore() throws Exception {
    IngressRouter asking =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .manifests(
                "rules.yaml",
                """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  annotations: {nginx.ingress.kubernetes.io/backend-protocol: HTTPS}
                spec:
                  rules:
                    - host: a.test
                      http:
                        paths:
                          - path: /
                            pathType: Prefix
                            backend: {service: {name: web, port: {number: 80}}}
                """)
            .build();
    UpstreamTls inForce =
        ((Forward) asking.route(RequestView.get("http://a.test/"))).transport().tls();
    assertThat(inForce).isNotNull();
    if (inForce == null) {
      return;
    }
    BackendTls tls = new BackendTls(null);
    UpstreamTls old = new Changed().settings();
    TlsClient ofOld = tls.of(old);
    TlsClient kept = tls.of(inForce);
    assertThat(tls.size()).isEqualTo(2);

    assertThat(tls.retain(asking)).isTrue();

    assertThat(tls.size()).isEqualTo(1);
    assertThat(tls.of(inForce)).isSameAs(kept);
    // A request of before still gets what it needs, and leaves nothing behind.
    assertThat(tls.of(old).id()).isNotEqualTo(ofOld.id());
    assertThat(tls.size()).isEqualTo(1);
    assertThat(tls.retain(asking)).isFalse();
    assertThat(tls.retain(IngressRouter.builder().build())).isTrue();
    assertThat(tls.size()).isZero();
  }

  @Test
  void remembersABoundedNumberOfSettings() throws Exception {
    BackendTls tls = new BackendTls(null);
    UpstreamTls first = new Changed().settings();
    String id = tls.of(first).id();
    for (int i = 0; i < 300; i++) {
      Changed other = new Changed();
      other.isVerified = false;
      other.name = "n" + i + ".test";
      tls.of(other.settings());
    }
    assertThat(tls.of(new Changed().settings()).id()).isNotEqualTo(id);
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    int port = gateway(upstream.port(), new Changed().settings());
    for (int i = 0; i < 4; i++) {
      assertThat(RawReply.exchange(port, REQUEST).text()).isEqualTo("ok");
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesTheNameOfTheServiceIfNothingIsSaid(boolean isTrusted) throws Exception {
    // core/v1, ServicePort.appProtocol https: the certificate is web.default.svc's.
    RecordingUpstream upstream = upstream(keys.listen("server", "web.default.svc"));
    IngressProxyServlet.Builder builder =
        OneRoute.servlet(new Endpoint("127.0.0.1", upstream.port()), transport(null));
    int port = start(isTrusted ? builder.sslContext(keys.trust()) : builder);
    assertThat(RawReply.exchange(port, REQUEST).status()).isEqualTo(isTrusted ? 200 : 502);
  }

  @Test
  void takesTheExternalNameIfTheEndpointIsOne() throws Exception {
    // A name of one label is verified, but the JVM does not send it.
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    int port =
        start(
            OneRoute.servlet(new Endpoint("localhost", upstream.port()), transport(null))
                .addressPolicy(AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8"))))
                .sslContext(keys.trust()));
    assertThat(RawReply.exchange(port, REQUEST).text()).isEqualTo("ok");
  }

  @Test
  void refusesACertificateOfAnotherName() throws Exception {
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    int port =
        start(
            IngressProxyServlet.builder()
                .router(io.github.ingress4j.IngressRouter.builder().build())
                .exchanges(
                    OneRoute.exchanges(
                        List.of(new Endpoint("127.0.0.2", upstream.port())),
                        transport(null),
                        RoutePolicies.NONE))
                .reaching(endpoint -> new Endpoint("127.0.0.1", upstream.port()))
                .sslContext(javax.net.ssl.SSLContext.getDefault()));
    assertThat(RawReply.exchange(port, REQUEST).status()).isEqualTo(502);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsAHandshakeThatTakesLongerThanConnectingMay(boolean drips) throws Exception {
    // REL-13: all of it together, not each read.
    CountDownLatch over = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(new byte[] {22, 3, 3, 0x30, 0});
                  while (!over.await(drips ? 20 : 20_000, TimeUnit.MILLISECONDS)) {
                    socket.getOutputStream().write(2);
                  }
                } catch (IOException e) {
                  // The gateway has had enough.
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.setDaemon(true);
      thread.start();
      TransportSettings transport =
          transport(new Changed().settings())
              .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(60), Duration.ofSeconds(60));
      int port =
          start(OneRoute.servlet(new Endpoint("127.0.0.1", server.getLocalPort()), transport));
      long start = System.nanoTime();
      RawReply reply = RawReply.exchange(port, REQUEST);
      over.countDown();
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.text()).isEqualTo("The back end could not be reached in time.\n");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
  }

  @Test
  void neverTakesWhatIsLeftOfAnAnswerForTheNextOne() throws Exception {
    // SEC-37
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    CountDownLatch sent = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
          sent.countDown();
        });
    int port = gateway(upstream.port(), new Changed().settings());
    assertThat(RawReply.exchange(port, REQUEST).text()).isEqualTo("ok");
    assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
    upstream.script(RecordingUpstream.text("fine"));
    assertThat(RawReply.exchange(port, REQUEST).text()).isEqualTo("fine");
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void doesNotUseAConnectionThatTheBackEndHasTakenLeaveOf() throws Exception {
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    CountDownLatch closed = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          exchange.socket.shutdownOutput();
          closed.countDown();
        });
    int port = gateway(upstream.port(), new Changed().settings());
    String post = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n";
    assertThat(RawReply.exchange(port, post).text()).isEqualTo("ok");
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    upstream.script(RecordingUpstream.text("fine"));
    assertThat(RawReply.exchange(port, post).text()).isEqualTo("fine");
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void breaksTheClientsConnectionWhenAnAnswerBreaksOff() throws Exception {
    // REL-11: an end of TLS that was not announced ends no answer, whatever its framing.
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          exchange.socket.close();
        });
    RawReply reply = RawReply.exchange(gateway(upstream.port(), new Changed().settings()), REQUEST);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.isComplete()).isFalse();
  }

  @Test
  void streamsLongBodiesBothWays() throws Exception {
    RecordingUpstream upstream = upstream(keys.listen("server", null));
    String body = "0123456789abcdef".repeat(60_000);
    upstream.script(
        exchange ->
            exchange.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length())
                    + "\r\n"
                    + exchange.receive().body()
                    + "\r\n0\r\n\r\n"));
    int port = gateway(upstream.port(), new Changed().settings());
    RawReply reply =
        RawReply.exchange(
            port,
            "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().equals(body)).isTrue();
  }

  @Test
  void speaksTlsOnceItIsAskedTo() throws Exception {
    // A client whose bytes would be an answer to nobody: the back end hears no byte of HTTP.
    CountDownLatch heard = new CountDownLatch(1);
    byte[] first = new byte[1];
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  first[0] = (byte) socket.getInputStream().read();
                  heard.countDown();
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // The gateway has had enough.
                }
              });
      thread.setDaemon(true);
      thread.start();
      RawReply reply =
          RawReply.exchange(gateway(server.getLocalPort(), UpstreamTls.UNVERIFIED), REQUEST);
      assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(first[0]).isEqualTo((byte) 22);
      assertThat(reply.status()).isEqualTo(502);
    }
  }
}
