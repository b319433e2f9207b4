package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.decision.Exchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** REL-17 and REL-18: connections are bounded in number and in time. */
final class BackendConnectionsTest {

  private static final Timeout TIMEOUT = Timeout.ofSeconds(5);

  private final List<AutoCloseable> resources = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
  }

  private BackendConnections connections(Limits limits) {
    Watchdog watchdog = new Watchdog();
    resources.add(watchdog);
    BackendConnections connections = new BackendConnections(watchdog, limits);
    resources.add(connections);
    return connections;
  }

  private RecordingUpstream upstream() throws Exception {
    RecordingUpstream upstream = new RecordingUpstream();
    resources.add(upstream);
    return upstream;
  }

  private static List<InetSocketAddress> at(RecordingUpstream... upstreams) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (RecordingUpstream upstream : upstreams) {
      addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()));
    }
    return addresses;
  }

  private static BackendConnections.Opened open(
      BackendConnections connections, RecordingUpstream... upstreams) throws Exception {
    return connections.open(null, at(upstreams), TIMEOUT, TIMEOUT);
  }

  private static void assertOverloaded(BackendConnections connections, RecordingUpstream upstream) {
    assertThatThrownBy(() -> open(connections, upstream))
        .isInstanceOfSatisfying(
            BackendConnections.UnreachableException.class,
            e -> assertThat(e.failure()).isEqualTo(Exchange.Failure.OVERLOADED));
  }

  /** The other side counts a connection a little later than it is open here. */
  private static void awaitConnections(RecordingUpstream upstream, int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (upstream.connections.get() < count && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(upstream.connections.get()).isEqualTo(count);
  }

  private static Limits noQueue(int inAll, int perEndpoint) {
    return Limits.DEFAULT.withConnections(inAll, perEndpoint).withPending(0, Duration.ofSeconds(9));
  }

  @Test
  void opensSoManyConnectionsToOneAddressAndNoMore() throws Exception {
    BackendConnections connections = connections(noQueue(100, 2));
    RecordingUpstream one = upstream();
    RecordingUpstream other = upstream();
    BackendConnections.Opened first = open(connections, one);
    open(connections, one);

    assertOverloaded(connections, one);
    // The next address may have room.
    assertThat(open(connections, one, other).isReused()).isFalse();

    connections.discard(first.endpoint());
    connections.discard(first.endpoint());
    open(connections, one);
    assertOverloaded(connections, one);
  }

  @Test
  void letsAFewWaitForAConnection() throws Exception {
    BackendConnections connections =
        connections(Limits.DEFAULT.withConnections(100, 1).withPending(1, Duration.ofSeconds(20)));
    RecordingUpstream upstream = upstream();
    BackendConnections.Opened first = open(connections, upstream);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<BackendConnections.Opened>> two = new ArrayList<>();
      two.add(threads.submit(() -> open(connections, upstream)));
      two.add(threads.submit(() -> open(connections, upstream)));
      // One of both waits, and the other is told at once.
      while (two.stream().noneMatch(Future::isDone)) {
        Thread.onSpinWait();
      }
      assertThat(two.stream().filter(Future::isDone)).hasSize(1);
      connections.release(first.endpoint(), true, 30);
      int served = 0;
      for (Future<BackendConnections.Opened> one : two) {
        try {
          assertThat(one.get(20, TimeUnit.SECONDS).isReused()).isTrue();
          served++;
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(BackendConnections.UnreachableException.class);
        }
      }
      assertThat(served).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closesConnectionsThatNobodyUsesWhenAnotherNeedsTheRoom() throws Exception {
    BackendConnections connections = connections(noQueue(2, 2));
    RecordingUpstream one = upstream();
    RecordingUpstream other = upstream();
    BackendConnections.Opened first = open(connections, one);
    BackendConnections.Opened second = open(connections, one);
    assertOverloaded(connections, other);
    connections.release(first.endpoint(), true, 30);
    connections.release(second.endpoint(), true, 30);
    assertThat(connections.size()).isEqualTo(2);

    open(connections, other);

    assertThat(connections.size()).isEqualTo(1);
    awaitConnections(other, 1);
  }

  @Test
  void closesAConnectionThatNobodyUsesWhenItsTimeIsOver() throws Exception {
    BackendConnections connections =
        connections(Limits.DEFAULT.withIdleTime(Duration.ofMillis(100)));
    RecordingUpstream upstream = upstream();
    connections.release(open(connections, upstream).endpoint(), true, 30);
    assertThat(connections.size()).isEqualTo(1);

    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (connections.size() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }

    assertThat(connections.size()).isZero();
  }

  @Test
  void keepsNothingIfNothingIsToBeKept() throws Exception {
    BackendConnections connections = connections(Limits.DEFAULT.withIdleTime(Duration.ZERO));
    connections.release(open(connections, upstream()).endpoint(), true, 30);

    assertThat(connections.size()).isZero();
  }

  @Test
  void opensANewConnectionIfAKeptOneIsNotGoodEnough() throws Exception {
    BackendConnections connections = connections(Limits.DEFAULT);
    RecordingUpstream upstream = upstream();
    connections.release(open(connections, upstream).endpoint(), true, 30);

    assertThat(connections.open(null, at(upstream), TIMEOUT, TIMEOUT, false).isReused()).isFalse();
    awaitConnections(upstream, 2);
    assertThat(connections.size()).isEqualTo(1);
  }

  @Test
  void opensNothingOnceItIsClosed() throws Exception {
    BackendConnections connections = connections(Limits.DEFAULT);
    RecordingUpstream upstream = upstream();
    BackendConnections.Opened opened = open(connections, upstream);
    connections.close();

    assertThat(opened.endpoint().isConnected()).isFalse();
    connections.release(opened.endpoint(), true, 30);
    assertOverloaded(connections, upstream);
  }

  @Test
  void leavesNoRoomTakenByAddressesThatDoNotAnswer() throws Exception {
    BackendConnections connections = connections(noQueue(1, 1));
    RecordingUpstream gone = upstream();
    List<InetSocketAddress> address = at(gone);
    gone.close();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> connections.open(null, address, TIMEOUT, TIMEOUT))
          .isInstanceOfSatisfying(
              BackendConnections.UnreachableException.class,
              e -> assertThat(e.failure()).isEqualTo(Exchange.Failure.CONNECT));
    }
    assertThat(open(connections, upstream()).isReused()).isFalse();
  }
}
