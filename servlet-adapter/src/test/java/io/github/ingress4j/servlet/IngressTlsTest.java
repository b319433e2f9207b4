package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.manifest.ManifestParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyManagementException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS by the rules where there is no servlet container. */
final class IngressTlsTest {

  private final TestAuthority authority = new TestAuthority("servers");
  private final TestAuthority.Signed exact = authority.server("a.shop.test");

  IngressTlsTest() throws Exception {}

  private IngressTls.Builder tls() {
    return IngressTls.builder()
        .router(
            IngressRouter.builder()
                .manifests(
                    ManifestParser.create()
                        .parse(
                            "tls.yaml",
                            exact.secret("exact")
                                + """
                                apiVersion: networking.k8s.io/v1
                                kind: Ingress
                                metadata: {name: a}
                                spec:
                                  tls: [{hosts: [a.shop.test], secretName: exact}]
                                  defaultBackend: {service: {name: web, port: {number: 80}}}
                                  rules:
                                  - host: a.shop.test
                                  - host: "*.club.test"
                                """))
                .build());
  }

  /** The JDK's own server, which answers with the name that it was asked for. */
  private static HttpsServer server(SSLContext context) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          byte[] name =
              String.valueOf(IngressTls.serverName(((HttpsExchange) exchange).getSSLSession()))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, name.length);
          exchange.getResponseBody().write(name);
          exchange.close();
        });
    server.start();
    return server;
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"a.shop.test", "elsewhere.test"})
  void servesWhateverWorksWithEngines(String name) throws Exception {
    HttpsServer server = server(tls().build().sslContext());
    try {
      int port = server.getAddress().getPort();
      assertThat(RawTlsClient.anonymous().get(port, name, "a.shop.test").body())
          .isEqualTo(String.valueOf(name));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void leavesContextsToThoseWhoMakeTheirOwn() throws Exception {
    SSLContext own = SSLContext.getInstance("TLS");
    own.init(new KeyManager[] {tls().build().keyManager()}, null, null);
    HttpsServer server = server(own);
    try {
      int port = server.getAddress().getPort();
      RawTlsClient client = RawTlsClient.anonymous();
      assertThat(client.shown(port, "a.shop.test")).isEqualTo(exact.certificate());
      assertThat(client.shown(port, "b.shop.test").getSubjectX500Principal().getName())
          .isEqualTo("CN=ingress4j default certificate");
      assertThat(client.get(port, "a.shop.test", "a.shop.test").body()).isEqualTo("a.shop.test");
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest(name = "{0}: ingress-nginx.md 3.8, ssl-reject-handshake")
  @NullSource
  @ValueSource(strings = {"elsewhere.test", "x.a.shop.test"})
  void rejectsTheHandshakeIfToldToAndNobodyNamesTheHost(String name) throws Exception {
    HttpsServer server = server(tls().rejectsUnknownNames(true).build().sslContext());
    try {
      int port = server.getAddress().getPort();
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        RawTlsClient client = RawTlsClient.anonymous().speaking(protocol);
        // The server closes at once, so the alert may or may not arrive before the reset.
        assertThatThrownBy(() -> client.shown(port, name))
            .isInstanceOfAny(SSLException.class, SocketException.class);
        assertThat(client.shown(port, "a.shop.test")).isEqualTo(exact.certificate());
        // A host that rules name is no stranger, even if it has no certificate.
        client.shown(port, "x.club.test");
      }
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest(name = "{0}: alert {1}")
  @CsvSource({"elsewhere.test, 112", ", 40"})
  void tellsAClientWhyItIsRejected(String name, int alert) throws Exception {
    SSLEngine engine = tls().rejectsUnknownNames(true).build().sslContext().createSSLEngine();
    ByteBuffer hello = ByteBuffer.wrap(ClientHelloTest.hello(name, "TLSv1.2"));
    ByteBuffer out = ByteBuffer.allocate(40_000);
    assertThatThrownBy(
            () -> {
              engine.unwrap(hello, out);
              for (Runnable task = engine.getDelegatedTask();
                  task != null;
                  task = engine.getDelegatedTask()) {
                task.run();
              }
              engine.unwrap(hello, out);
            })
        .isInstanceOf(SSLException.class);
    out.clear();
    engine.wrap(ByteBuffer.allocate(0), out);
    out.flip();
    // A record with an alert, which is fatal: RFC 8446 section 6.
    assertThat(out.get(0)).isEqualTo((byte) 21);
    assertThat(out.get(out.limit() - 2)).isEqualTo((byte) 2);
    assertThat(out.get(out.limit() - 1)).isEqualTo((byte) alert);
  }

  @Test
  void makesADefaultCertificateThatSaysWhatItIs() throws Exception {
    Instant now = Instant.parse("2041-02-03T04:05:06Z");
    X509Certificate certificate = DefaultCertificate.make(now).certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, "ingress.local"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo("2041-02-02T04:05:06Z");
    // From 2050 on the year has four digits: RFC 5280 section 4.1.2.5.
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo("2051-02-01T04:05:06Z");
    assertThat(DefaultCertificate.make(now).certificate()).isNotEqualTo(certificate);
  }

  @Test
  void isForServersWithEnginesOnly() {
    SSLContext context = tls().build().sslContext();
    assertThatThrownBy(context::getSocketFactory).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(context::getServerSocketFactory)
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> context.init(null, null, null))
        .isInstanceOf(KeyManagementException.class)
        .hasMessage("this context is complete");
    assertThatThrownBy(() -> context.createSSLEngine().setUseClientMode(true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IngressTls.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a router is needed: call router() before build()");
    assertThat(context.getDefaultSSLParameters().getProtocols()).contains("TLSv1.3");
    assertThat(context.getSupportedSSLParameters().getProtocols()).contains("TLSv1.2");
    assertThat(context.getServerSessionContext()).isNotNull();
  }

  @Test
  void givesUpClientsThatNeverComeToTheEndOfTheirHello() throws Exception {
    SSLEngine engine = tls().build().sslContext().createSSLEngine();
    ByteBuffer out = ByteBuffer.allocate(20_000);
    ByteBuffer start = ByteBuffer.wrap(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x50, 0});
    SSLEngineResult result = engine.unwrap(start, out);
    assertThat(result.getStatus()).isEqualTo(SSLEngineResult.Status.BUFFER_UNDERFLOW);
    assertThat(result.bytesConsumed()).isZero();
    assertThat(engine.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NEED_UNWRAP);
    ByteBuffer much = ByteBuffer.allocate(16 * 1024);
    much.put(start).position(0);
    assertThatThrownBy(() -> engine.unwrap(much, out))
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessage("the first message of the client is too long");
  }

  @Test
  void endsBeforeItHasBegun() throws Exception {
    SSLEngine engine = tls().build().sslContext().createSSLEngine("client.test", 1234);
    assertThat(engine.getPeerHost()).isEqualTo("client.test");
    assertThat(engine.getPeerPort()).isEqualTo(1234);
    engine.beginHandshake();
    assertThat(
            engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(20_000)).getHandshakeStatus())
        .isEqualTo(SSLEngineResult.HandshakeStatus.NEED_UNWRAP);
    engine.closeOutbound();
    engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(20_000));
    assertThat(engine.isOutboundDone()).isTrue();
  }

  @Test
  void endsTheConnectionOfAClientThatBeginsASecondHandshake() throws Exception {
    HttpsServer server = server(tls().build().sslContext());
    try (SSLSocket socket =
        RawTlsClient.anonymous()
            .speaking("TLSv1.2")
            .connect(server.getAddress().getPort(), "a.shop.test")) {
      assertThat(RawTlsClient.get(socket, "a.shop.test").status()).isEqualTo(200);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                RawTlsClient.get(socket, "a.shop.test");
                if (socket.getInputStream().read() < 0) {
                  throw new SSLException("the connection has ended");
                }
              })
          .isInstanceOf(IOException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void keepsValuesForTheConnection() throws Exception {
    SniSession session =
        new SniSession(tls().build().sslContext().createSSLEngine().getSession(), "a");
    session.putValue("x", "1");
    assertThat(session.getValue("x")).isEqualTo("1");
    assertThat(session.getValueNames()).containsExactly("x");
    session.removeValue("x");
    assertThat(session.getValue("x")).isNull();
    assertThat(SniSession.serverName(session.getId())).isEqualTo("a");
    assertThat(SniSession.serverName(new byte[0])).isNull();
    assertThat(SniSession.serverName("\u0005\0i4j-sni".getBytes(StandardCharsets.US_ASCII)))
        .isNull();
  }
}
