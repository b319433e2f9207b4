package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** REL-19, REL-25; what tunnels do is in {@link UpgradeContract}. */
final class TunnelsTest {

  private static Tunnels tunnels(int most) {
    return new Tunnels(new Tunnels.Settings(most, Set.of("websocket"), 0), new Watchdog());
  }

  @Test
  void hasAsManySeatsAsItIsTold() {
    try (Tunnels tunnels = tunnels(2)) {
      Tunnels.Seat first = Objects.requireNonNull(tunnels.take());
      assertThat(tunnels.take()).isNotNull();
      assertThat(tunnels.take()).isNull();
      first.close();
      // Who gives a seat back twice has had only one.
      first.close();
      assertThat(tunnels.take()).isNotNull();
      assertThat(tunnels.take()).isNull();
    }
    try (Tunnels none = tunnels(0)) {
      assertThat(none.take()).isNull();
    }
  }

  @Test
  void hasNeitherSeatsNorThreadsOnceItIsClosed() throws Exception {
    Tunnels tunnels = tunnels(2);
    SynchronousQueue<Thread> threads = new SynchronousQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    tunnels.execute(
        () -> {
          try {
            threads.put(Thread.currentThread());
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Thread thread = Objects.requireNonNull(threads.poll(20, TimeUnit.SECONDS));
    tunnels.close();
    thread.join(20_000);
    assertThat(thread.isAlive()).isFalse();
    assertThat(tunnels.take()).isNull();
    assertThatThrownBy(() -> tunnels.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
