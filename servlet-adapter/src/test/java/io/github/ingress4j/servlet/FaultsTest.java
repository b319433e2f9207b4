package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time and other things that the contract's manifests cannot say, in one container. */
final class FaultsTest {

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

  /** Starts a gateway to one endpoint with short timeouts. */
  private int gateway(Endpoint endpoint, TransportSettings transport) throws Exception {
    return start(OneRoute.servlet(endpoint, transport));
  }

  private int start(IngressProxyServlet.Builder builder) throws Exception {
    Container container =
        TomcatContainer.start(
            context -> context.addServlet("proxy", builder.build()).addMapping("/*"));
    resources.add(container);
    return container.port();
  }

  private static TransportSettings idle(int milliseconds) {
    return TransportSettings.DEFAULT.withTimeouts(
        Duration.ofSeconds(5), Duration.ofMillis(milliseconds), Duration.ofMillis(milliseconds));
  }

  private Endpoint here() {
    return new Endpoint("127.0.0.1", upstream.port());
  }

  /** REL-17: a kept connection may be closed while the request is on its way. */
  @ParameterizedTest(name = "{0}: {1}, seen {2} times")
  @CsvSource({"GET, 200, 3", "DELETE, 200, 3", "POST, 502, 2", "PATCH, 502, 2"})
  void triesOnceMoreOnANewConnectionWhatDoesNothingTwice(String method, int status, int heads)
      throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          if (upstream.heads.get() == 2) {
            exchange.socket.close();
          } else {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        });
    int port = gateway(here(), TransportSettings.DEFAULT);
    assertThat(RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").status())
        .isEqualTo(200);
    RawReply reply =
        RawReply.exchange(
            port, method + " / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi");

    assertThat(reply.status()).isEqualTo(status);
    assertThat(upstream.heads.get()).isEqualTo(heads);
  }

  @Test
  void triesOnANewConnectionOnlyOnce() throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          if (upstream.heads.get() >= 2) {
            exchange.socket.close();
          } else {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        });
    int port = gateway(here(), TransportSettings.DEFAULT);
    assertThat(RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").status())
        .isEqualTo(200);

    assertThat(RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").status())
        .isEqualTo(502);
    assertThat(upstream.heads.get()).isEqualTo(3);
  }

  @Test
  void answers504WhenTheBackEndIsSilent() throws Exception {
    // REL-12
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          try {
            over.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    RawReply reply =
        RawReply.exchange(gateway(here(), idle(200)), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    over.countDown();
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).isEqualTo("The back end did not answer in time.\n");
  }

  @Test
  void answers504WhenTheBackEndTakesNothingMoreOfABody() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          try {
            over.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    int port = gateway(here(), idle(300));
    try (Socket socket = RawReply.connect(port)) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  var out = socket.getOutputStream();
                  out.write(
                      "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000000\r\n\r\n"
                          .getBytes(StandardCharsets.ISO_8859_1));
                  byte[] block = new byte[1 << 16];
                  while (true) {
                    out.write(block);
                  }
                } catch (java.io.IOException e) {
                  // The gateway has had enough.
                }
              });
      writer.setDaemon(true);
      writer.start();
      RawReply reply = RawReply.read(socket, false);
      over.countDown();
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.header("connection")).containsExactly("close");
    }
  }

  @Test
  void breaksOffWhenTheBackEndStopsInTheMiddleOfAnAnswer() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          try {
            over.await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    RawReply reply =
        RawReply.exchange(gateway(here(), idle(200)), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    over.countDown();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.isComplete()).isFalse();
  }

  @Test
  void answers504WhenNoConnectionComesAboutInTime() throws Exception {
    // A listener whose queue is full takes no more connections.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Socket> waiting = new ArrayList<>();
      try {
        for (int i = 0; i < 8; i++) {
          Socket socket = new Socket();
          waiting.add(socket);
          try {
            socket.connect(full.getLocalSocketAddress(), 100);
          } catch (java.net.SocketTimeoutException e) {
            break;
          }
        }
        int port =
            gateway(
                new Endpoint("127.0.0.1", full.getLocalPort()),
                TransportSettings.DEFAULT.withTimeouts(
                    Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5)));
        RawReply reply = RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
        assertThat(reply.status()).isEqualTo(504);
        assertThat(reply.text()).isEqualTo("The back end could not be reached in time.\n");
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  @Test
  void neverConnectsToANameThatLeadsToASpecialAddress() throws Exception {
    // SEC-46: the resolved address counts, not the name.
    int port = gateway(new Endpoint("localhost", upstream.port()), TransportSettings.DEFAULT);
    assertThat(RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").status())
        .isEqualTo(503);
    assertThat(upstream.connections.get()).isZero();
  }

  @Test
  void doesNotUseAConnectionThatTheBackEndHasClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok");
          exchange.socket.close();
          closed.countDown();
        });
    int port = gateway(here(), TransportSettings.DEFAULT);
    String request = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n";
    assertThat(RawReply.exchange(port, request).status()).isEqualTo(200);
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    // Idle connections are tested after 250 ms; before that, a close may still be on its way.
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(RawReply.exchange(port, request).status()).isEqualTo(200);
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET, 204 No Content\\r\\n\\r\\n",
    "GET, 304 Not Modified\\r\\nContent-Length: 5\\r\\n\\r\\nhello",
    "GET, 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok",
    "HEAD, 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello"
  })
  void neverTakesWhatIsLeftOfAnAnswerForTheNextOne(String method, String reply) throws Exception {
    // SEC-37: whoever asks next must not get what nobody has asked for.
    upstream.script(
        RecordingUpstream.reply(
            "HTTP/1.1 "
                + reply.replace("\\r", "\r").replace("\\n", "\n")
                + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"));
    int port = gateway(here(), TransportSettings.DEFAULT);
    RawReply.exchange(port, method + " / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    upstream.script(RecordingUpstream.text("fine"));
    RawReply next = RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.text()).isEqualTo("fine");
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void doesNotLookForAnAnswerBehindWhatIsNone() throws Exception {
    // SEC-37
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("hello\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    RawReply reply =
        RawReply.exchange(
            gateway(here(), TransportSettings.DEFAULT), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.text()).isEqualTo("The back end answered with something that is not HTTP.\n");
  }

  @Test
  void stopsReadingAHeadThatDoesNotEnd() throws Exception {
    // SEC-61: 64 KiB, whatever the number of lines
    AtomicLong taken = new AtomicLong();
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.socket.setSendBufferSize(8 * 1024);
          exchange.send("HTTP/1.1 200 OK\r\n");
          String line = "X-A: " + "a".repeat(16 * 1024) + "\r\n";
          for (int i = 0; i < 400; i++) {
            exchange.send(line);
            taken.addAndGet(line.length());
          }
          exchange.send("Content-Length: 0\r\n\r\n");
        });
    RawReply reply =
        RawReply.exchange(
            gateway(here(), TransportSettings.DEFAULT), "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.text()).isEqualTo("The back end answered with something that is not HTTP.\n");
    // The rest is what sockets hold; reading all of it would have taken 400 lines.
    assertThat(taken.get()).isLessThan(400L * 16 * 1024);
  }

  @Test
  void answersAClientThatSendsLessThanItAnnounced() throws Exception {
    int port = gateway(here(), TransportSettings.DEFAULT);
    try (Socket socket = RawReply.connect(port)) {
      socket
          .getOutputStream()
          .write(
              "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nabc"
                  .getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      RawReply reply = RawReply.read(socket, false);
      assertThat(reply.status()).as(reply.text()).isIn(0, 400);
    }
    assertThat(upstream.connections.get()).isZero();
  }

  @Test
  void servesTheRulesThatAreInForceWhenARequestArrives() throws Exception {
    LiveRouter live = LiveRouter.of(router("/old"));
    int port =
        start(
            IngressProxyServlet.builder()
                .router(live)
                .backend("default/web:80", "127.0.0.1:" + upstream.port()));
    String request = "GET /new HTTP/1.1\r\nHost: a.test\r\n\r\n";
    assertThat(RawReply.exchange(port, request).status()).isEqualTo(404);
    live.replace(manifests("/new"));
    assertThat(RawReply.exchange(port, request).status()).isEqualTo(200);
  }

  private static IngressRouter router(String path) {
    return IngressRouter.builder().manifests(manifests(path)).build();
  }

  private static ManifestSet manifests(String path) {
    return ManifestSet.of(
        new Ingress(
            ObjectMeta.of("default", "web"),
            IngressSpec.of(
                IngressRule.of(
                    "a.test", HttpIngressPath.prefix(path, IngressBackend.service("web", 80))))));
  }
}
