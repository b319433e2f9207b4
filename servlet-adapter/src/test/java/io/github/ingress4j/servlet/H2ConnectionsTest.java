package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long connections of HTTP/2 are kept, and when they are trusted: REL-17, REL-19. */
final class H2ConnectionsTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Watchdog watchdog = new Watchdog();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private H2Upstream upstream;

  @BeforeEach
  void start() throws IOException {
    upstream = new H2Upstream();
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    threads.shutdownNow();
    watchdog.close();
  }

  private H2Connections connections(long idleNanos, long silenceNanos) {
    return new H2Connections(watchdog, threads, new H2Connections.Times(idleNanos, silenceNanos));
  }

  private H2Connections.Place place(H2Connections connections) throws H2Exception {
    return connections.place(
        null,
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port())),
        5 * SECOND);
  }

  @Test
  void closesAConnectionThatIsIdle() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    upstream.script(
        wire -> {
          wire.accept();
          // It says goodbye first.
          if (wire.other(H2Wire.GOAWAY).number(4) == 0) {
            wire.awaitEnd();
            ended.countDown();
          }
        });
    try (H2Connections connections = connections(SECOND / 5, SECOND)) {
      H2Connections.Place place = place(connections);
      assertThat(place.isReused()).isFalse();
      assertThat(place.connectNanos()).isPositive();
      // Not while there is a request.
      assertThat(ended.await(800, TimeUnit.MILLISECONDS)).isFalse();
      place.connection().release();
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      place(connections).connection().release();
      assertThat(upstream.connections.get()).isEqualTo(2);
    }
  }

  @Test
  void asksAConnectionThatWasSilentWhetherItIsThere() throws Exception {
    AtomicInteger pings = new AtomicInteger();
    upstream.script(
        wire -> {
          wire.accept();
          while (true) {
            wire.other(H2Wire.PING);
            pings.incrementAndGet();
          }
        });
    try (H2Connections connections = connections(30 * SECOND, 0)) {
      place(connections).connection().release();
      for (int i = 1; i < 4; i++) {
        H2Connections.Place place = place(connections);
        assertThat(place.isReused()).isTrue();
        place.connection().release();
        assertThat(pings.get()).isEqualTo(i);
      }
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void takesAnotherConnectionInPlaceOfOneThatDoesNotAnswer() throws Exception {
    upstream.script(
        wire -> {
          wire.accept();
          wire.isObliging = false;
          wire.awaitEnd();
        });
    try (H2Connections connections = connections(30 * SECOND, 0)) {
      place(connections).connection().release();
      H2Connections.Place place = place(connections);
      assertThat(place.isReused()).isFalse();
      place.connection().release();
    }
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void opensConnectionsUpToANumber() throws Exception {
    upstream.script(
        wire -> {
          wire.accept(3, 1);
          wire.awaitEnd();
        });
    try (H2Connections connections = connections(30 * SECOND, 30 * SECOND)) {
      for (int i = 0; i < 8; i++) {
        assertThat(place(connections).isReused()).isFalse();
      }
      assertThatThrownBy(
              () ->
                  connections.place(
                      null,
                      List.of(
                          new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port())),
                      SECOND / 5))
          .isInstanceOf(H2Exception.class)
          .hasMessage("all connections are in use")
          .satisfies(
              e -> assertThat(((H2Exception) e).failure()).isEqualTo(Exchange.Failure.OVERLOADED));
    }
    assertThat(upstream.connections.get()).isEqualTo(8);
  }

  @Test
  void goesOnToTheNextAddress() throws Exception {
    InetSocketAddress refused;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      refused = new InetSocketAddress(InetAddress.getLoopbackAddress(), closed.getLocalPort());
    }
    try (H2Connections connections = connections(30 * SECOND, 30 * SECOND)) {
      InetSocketAddress open =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port());
      connections.place(null, List.of(refused, open), SECOND).connection().release();
      assertThatThrownBy(() -> connections.place(null, List.of(refused), SECOND))
          .isInstanceOf(H2Exception.class)
          .satisfies(
              e -> assertThat(((H2Exception) e).failure()).isEqualTo(Exchange.Failure.CONNECT));
    }
  }
}
