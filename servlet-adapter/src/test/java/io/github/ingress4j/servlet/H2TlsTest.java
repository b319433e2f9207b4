package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.UpstreamTls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 over TLS: ingress-nginx, backend-protocol GRPCS; RFC 9113 section 3.2; REL-12. */
final class H2TlsTest extends H2Test {

  private static UpstreamTls settings(String name, boolean showsIdentity) throws Exception {
    TestKeys keys = TestKeys.shared();
    return new UpstreamTls(
        showsIdentity ? keys.identity("client") : null,
        true,
        List.of(keys.certificate("root")),
        List.of(),
        1,
        name,
        true,
        List.of("TLSv1.2", "TLSv1.3"),
        List.of());
  }

  private static SSLServerSocket listen(String... protocols) throws Exception {
    SSLServerSocket socket = TestKeys.shared().listen("server", "back.test");
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return socket;
  }

  private int gateway(SSLServerSocket socket, UpstreamTls tls, Duration connect) throws Exception {
    upstream = new H2Upstream(socket);
    resources.add(upstream);
    Changed changed = new Changed();
    changed.protocol = TransportSettings.Protocol.H2;
    changed.tls = tls;
    changed.connect = connect;
    return start(OneRoute.servlet(new Endpoint("127.0.0.1", upstream.port()), changed.settings()));
  }

  private int gateway(SSLServerSocket socket, UpstreamTls tls) throws Exception {
    return gateway(socket, tls, Duration.ofSeconds(5));
  }

  @Test
  void speaksHttp2OverTls() throws Exception {
    SSLServerSocket socket = listen("http/1.1", "h2");
    socket.setNeedClientAuth(true);
    int port = gateway(socket, settings("back.test", true));
    for (int i = 0; i < 2; i++) {
      assertThat(RawReply.exchange(port, post(text(100_000))).text()).isEqualTo("ok");
      H2Wire.Message received = upstream.next();
      assertThat(received.head().value(":scheme")).isEqualTo("https");
      assertThat(received.body()).hasSize(100_000);
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/1.1", ""})
  void sendsNothingToABackEndThatDoesNotChooseHttp2(String other) throws Exception {
    int port =
        gateway(other.isEmpty() ? listen() : listen(other, "other"), settings("back.test", false));
    List<String> log = new ArrayList<>();
    RawReply reply = Logged.run(log, () -> RawReply.exchange(port, get()));
    assertThat(reply.status()).isEqualTo(502);
    // A server that knows nothing of what is offered ends the handshake, or chooses nothing.
    assertThat(log).singleElement().asString().contains("with default/web:80: ");
    if (other.isEmpty()) {
      assertThat(log.get(0))
          .startsWith(
              "no HTTP/2 with default/web:80: it was offered h2 in the handshake (ALPN) and"
                  + " chooses nothing (127.0.0.1:");
    }
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void sendsNothingToABackEndThatIsNotWhoItShouldBe() throws Exception {
    int port = gateway(listen("h2"), settings("other.test", false));
    List<String> log = new ArrayList<>();
    RawReply reply = Logged.run(log, () -> RawReply.exchange(port, get()));
    assertThat(reply.status()).isEqualTo(502);
    assertThat(log).singleElement().asString().startsWith("no TLS with default/web:80: ");
    assertThat(upstream.heads.get()).isZero();
  }

  @Test
  void endsAHandshakeThatTakesTooLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Changed changed = new Changed();
      changed.protocol = TransportSettings.Protocol.H2;
      changed.tls = settings("back.test", false);
      changed.connect = Duration.ofMillis(300);
      int port =
          start(
              OneRoute.servlet(
                  new Endpoint("127.0.0.1", silent.getLocalPort()), changed.settings()));
      assertThat(RawReply.exchange(port, get()).status()).isEqualTo(504);
    }
  }
}
