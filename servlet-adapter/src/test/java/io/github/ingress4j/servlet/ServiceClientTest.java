package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.policy.RequestView;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of the router's own: TLS, addresses, and answers that are none. */
final class ServiceClientTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static @Nullable Path directory;
  private static @Nullable KeyStore keys;

  private final List<AutoCloseable> resources = new ArrayList<>();
  private RecordingUpstream service;

  @BeforeAll
  static void makeKeys() throws Exception {
    Path file = Path.of(String.valueOf(directory), "keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "service",
                "-keyalg",
                "EC",
                "-dname",
                "CN=service",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    keys = store;
  }

  @BeforeEach
  void start() throws Exception {
    service = new RecordingUpstream();
    resources.add(service);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private ServiceClient client(@Nullable SSLContext trust, AddressPolicy policy) {
    IngressRouter router = IngressRouter.builder().build();
    Watchdog watchdog = new Watchdog();
    resources.add(watchdog);
    BackendConnections connections = new BackendConnections(watchdog);
    resources.add(connections);
    return new ServiceClient(
        connections,
        new BackendTls(trust),
        new ServiceDns(
            () -> router, policy, new RareLog(System.getLogger(ServiceClientTest.class.getName()))),
        watchdog);
  }

  private ServiceClient client() {
    return client(null, AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8"))));
  }

  private static ServiceCall call(String method, boolean isTls, String name, int port) {
    return new ServiceCall(
        method,
        isTls,
        name,
        port,
        "/check",
        name,
        List.of(new ServiceCall.Line("X-A", "1")),
        Duration.ofSeconds(5),
        Duration.ofMillis(500));
  }

  private Exchange.ReplyHead ask(ServiceClient client) throws IOException, HttpException {
    return client.send(call("GET", false, "127.0.0.1", service.port()), null);
  }

  /** A context with the key of the service, that trusts only the service. */
  private static SSLContext tls() throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("service", certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static X509Certificate certificate() throws Exception {
    KeyStore store = keys;
    if (store == null || !(store.getCertificate("service") instanceof X509Certificate found)) {
      throw new IllegalStateException("there is no certificate");
    }
    return found;
  }

  private int tlsService() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.createContext(
        "/check",
        http -> {
          http.getResponseHeaders().add("X-User", "jane");
          http.sendResponseHeaders(200, -1);
          http.close();
        });
    server.start();
    resources.add(() -> server.stop(0));
    return server.getAddress().getPort();
  }

  @Test
  void speaksTlsWithWhomeverIsTrustedAndHasTheName() throws Exception {
    AddressPolicy loopback = AddressPolicy.allowing(List.of(Cidr.parse("127.0.0.0/8")));
    int port = tlsService();
    ServiceClient trusting = client(tls(), loopback);
    for (int i = 0; i < 2; i++) {
      Exchange.ReplyHead head = trusting.send(call("GET", true, "localhost", port), null);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers("x-user")).containsExactly("jane");
    }
    // The certificate is for localhost alone.
    assertThatThrownBy(() -> trusting.send(call("GET", true, "127.0.0.1", port), null))
        .isInstanceOf(IOException.class);
    ServiceClient strict = client(null, loopback);
    assertThatThrownBy(() -> strict.send(call("GET", true, "localhost", port), null))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "localhost", "169.254.169.254", "::1", "2130706433"})
  void neverConnectsToASpecialAddress(String name) {
    // SEC-46
    ServiceClient strict = client(null, AddressPolicy.strict());
    assertThatThrownBy(() -> strict.send(call("GET", false, name, service.port()), null))
        .isInstanceOf(IOException.class);
    assertThat(service.connections.get()).isZero();
  }

  @Test
  void sendsWhatItIsToldAndNothingElse() throws Exception {
    assertThat(ask(client()).status()).isEqualTo(200);
    RecordingUpstream.Received question = service.next();
    assertThat(question.requestLine()).isEqualTo("GET /check HTTP/1.1");
    assertThat(question.headerLines()).containsExactly("Host: 127.0.0.1", "X-A: 1");
  }

  @Test
  void usesAConnectionAgainIfTheAnswerIsShort() throws Exception {
    ServiceClient client = client();
    ask(client);
    service.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
    ask(client);
    ask(client);
    client.send(call("HEAD", false, "127.0.0.1", service.port()), null);
    assertThat(service.connections.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 9\\r\\n\\r\\nok",
    "Content-Length: 999999\\r\\n\\r\\nok",
    "Transfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nok\\r\\n",
    "Content-Length: 2\\r\\n\\r\\nokHTTP/1.1 200 OK\\r\\n\\r\\n",
    "Connection: close\\r\\n\\r\\nok"
  })
  void waitsForNoBodyAndUsesNoConnectionOnWhichSomethingIsLeft(String rest) throws Exception {
    // SEC-37
    ServiceClient client = client();
    service.script(
        RecordingUpstream.reply(
            "HTTP/1.1 200 OK\r\n" + rest.replace("\\r", "\r").replace("\\n", "\n")));
    assertThat(ask(client).status()).isEqualTo(200);
    service.script(RecordingUpstream.text("ok"));
    assertThat(ask(client).status()).isEqualTo(200);
    assertThat(service.connections.get()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "hello",
    "HTTP/1.1 101 Switching Protocols\\r\\n\\r\\n",
    "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n",
    "HTTP/1.1 200 OK\\r\\nX-A",
    "HTTP/1.1 999 Odd\\r\\n\\r\\n",
    "''"
  })
  void takesNothingForAnAnswerThatIsNone(String bytes) {
    service.script(
        exchange -> {
          exchange.receive();
          exchange.send(bytes.replace("\\r", "\r").replace("\\n", "\n"));
          exchange.socket.close();
        });
    assertThatThrownBy(() -> ask(client())).isInstanceOfAny(IOException.class, HttpException.class);
  }

  @Test
  void waitsOutInterimAnswersButNotForEver() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
    String last = "HTTP/1.1 204 No Content\r\n\r\n";
    service.script(RecordingUpstream.reply(interim.repeat(3) + last));
    assertThat(ask(client()).status()).isEqualTo(204);
    service.script(RecordingUpstream.reply(interim.repeat(40) + last));
    assertThatThrownBy(() -> ask(client())).isInstanceOf(HttpException.class);
  }

  @Test
  void givesUpOnAServiceThatIsSilent() {
    service.script(exchange -> exchange.receive());
    assertThatThrownBy(() -> ask(client())).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void showsTheRouterTheCertificatesOfTheClient() throws Exception {
    X509Certificate certificate = certificate();
    List<X509Certificate> seen = new ArrayList<>();
    try (Container container =
        TomcatContainer.start(
            context -> {
              // As containers do for a connection on which the client has proved who it is.
              context
                  .addFilter(
                      "tls",
                      (request, response, chain) -> {
                        request.setAttribute(
                            "jakarta.servlet.request.X509Certificate",
                            new X509Certificate[] {certificate, certificate});
                        chain.doFilter(request, response);
                      })
                  .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
              IngressRouter router = IngressRouter.builder().build();
              context
                  .addServlet(
                      "proxy",
                      IngressProxyServlet.builder()
                          .router(router)
                          .exchanges(request -> look(router, request, seen))
                          .build())
                  .addMapping("/*");
            })) {
      RawReply.exchange(container.port(), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    }
    assertThat(seen).containsExactly(certificate, certificate, certificate);
  }

  private static Exchange look(
      IngressRouter router, RequestView request, List<X509Certificate> seen) {
    X509Certificate first = request.clientCertificate();
    if (first != null) {
      seen.add(first);
    }
    seen.addAll(request.clientCertificateChain());
    return router.exchange(request);
  }

  @Test
  void takesApartWhatTheRouterHasPutTogether() {
    assertThat(call("GET", true, "::1", 443)).hasToString("https://[::1]:443");
    assertThat(call("GET", false, "a.test", 80)).hasToString("http://a.test:80");
  }

  /** Nothing bounds a write to a socket but a watchdog. */
  @Test
  void givesUpWhenAServiceTakesNothing() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    service.script(
        exchange -> {
          try {
            over.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    ServiceCall slow =
        new ServiceCall(
            "POST",
            false,
            "127.0.0.1",
            service.port(),
            "/",
            "a.test",
            List.of(),
            Duration.ofSeconds(5),
            Duration.ofMillis(300));
    try {
      assertThatThrownBy(() -> client().send(slow, new byte[64 << 20]))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("it takes nothing of the request");
    } finally {
      over.countDown();
    }
  }
}
