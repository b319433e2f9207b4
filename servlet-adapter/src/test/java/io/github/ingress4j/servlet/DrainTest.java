package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.TransportSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** REL-19: a gateway that ends loses nothing that is under way, and leaves nothing behind. */
final class DrainTest {

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private Set<Thread> before = Set.of();
  private RecordingUpstream upstream;

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("ingress4j-"))
        .collect(Collectors.toSet());
  }

  @BeforeEach
  void start() throws Exception {
    before = threads();
    upstream = new RecordingUpstream();
    resources.add(upstream);
    upstream.script(
        exchange -> {
          exchange.receive();
          try {
            over.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        });
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private IngressProxyServlet servlet(Duration drainTime) {
    return OneRoute.servlet(
            new Endpoint("127.0.0.1", upstream.port()),
            TransportSettings.DEFAULT.withTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60)))
        .drainTime(drainTime)
        .build();
  }

  private int start(IngressProxyServlet servlet) throws Exception {
    Container container =
        JettyContainer.start(context -> context.addServlet("proxy", servlet).addMapping("/*"));
    resources.add(container);
    return container.port();
  }

  private Socket send(int port) throws Exception {
    Socket socket = RawReply.connect(port);
    resources.add(socket);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private void awaitHeads(int count) {
    while (upstream.heads.get() < count) {
      Thread.onSpinWait();
    }
  }

  /** Waits until the gateway closes or resets the connection. */
  private static boolean isGone(RecordingUpstream.Exchange exchange) {
    try {
      return exchange.in.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private static void awaitEnd(Thread thread) throws InterruptedException {
    thread.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void asksClientsToGoElsewhereWhileItStillServes() throws Exception {
    IngressProxyServlet servlet = servlet(Duration.ofSeconds(20));
    int port = start(servlet);
    Socket underWay = send(port);
    awaitHeads(1);
    servlet.beginDrain();
    Socket later = send(port);
    awaitHeads(2);
    over.countDown();

    for (Socket socket : List.of(underWay, later)) {
      RawReply reply = RawReply.read(socket, false);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text()).isEqualTo("slow");
      assertThat(reply.header("connection")).containsExactly("close");
      assertThat(reply.isClosed()).isTrue();
    }
  }

  @Test
  void finishesWhatIsUnderWayAndLeavesNothingBehind() throws Exception {
    IngressProxyServlet servlet = servlet(Duration.ofSeconds(30));
    int port = start(servlet);
    Socket underWay = send(port);
    awaitHeads(1);
    Thread end = new Thread(servlet::destroy);
    end.start();
    // What arrives until then is served, too.
    while (end.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    Socket later = send(port);
    awaitHeads(2);
    over.countDown();

    assertThat(RawReply.read(underWay, false).text()).isEqualTo("slow");
    assertThat(RawReply.read(later, false).text()).isEqualTo("slow");
    awaitEnd(end);
    RawReply refused = RawReply.exchange(port, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("connection")).containsExactly("close");
    assertNothingIsLeft();
    servlet.destroy();
  }

  private void assertNothingIsLeft() {
    Set<Thread> left = threads();
    left.removeAll(before);
    assertThat(left.stream().filter(Thread::isAlive)).isEmpty();
  }

  @Test
  void breaksOffWhatTakesTooLong() throws Exception {
    CountDownLatch isGone = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          if (isGone(exchange)) {
            isGone.countDown();
          }
        });
    IngressProxyServlet servlet = servlet(Duration.ofMillis(100));
    int port = start(servlet);
    Socket underWay = send(port);
    awaitHeads(1);
    Thread end = new Thread(servlet::destroy);
    end.start();

    RawReply reply = RawReply.read(underWay, false);

    // It was sent, so nobody knows what became of it; with the gateway closed there is no other.
    assertThat(reply.status()).isIn(502, 503);
    assertThat(reply.header("connection")).containsExactly("close");
    assertThat(isGone.await(20, TimeUnit.SECONDS)).isTrue();
    awaitEnd(end);
    assertNothingIsLeft();
  }

  @Test
  void breaksTheClientsConnectionIfAnAnswerIsBrokenOff() throws Exception {
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          if (isGone(exchange)) {
            over.countDown();
          }
        });
    IngressProxyServlet servlet = servlet(Duration.ofMillis(100));
    int port = start(servlet);
    Socket underWay = send(port);
    awaitHeads(1);
    Thread end = new Thread(servlet::destroy);
    end.start();

    assertThat(RawReply.read(underWay, false).isComplete()).isFalse();
    assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    awaitEnd(end);
  }

  @Test
  void closesConnectionsThatNobodyUses() throws Exception {
    CountDownLatch isGone = new CountDownLatch(1);
    upstream.script(
        exchange -> {
          exchange.receive();
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          if (isGone(exchange)) {
            isGone.countDown();
          }
        });
    IngressProxyServlet servlet = servlet(Duration.ofSeconds(20));
    int port = start(servlet);
    assertThat(RawReply.read(send(port), false).text()).isEqualTo("ok");

    servlet.destroy();

    assertThat(isGone.await(20, TimeUnit.SECONDS)).isTrue();
    assertNothingIsLeft();
  }
}
