package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** REL-18: a queue is bounded in length and in time. */
final class GateTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static void awaitWaiting(Gate gate, int count) {
    while (gate.waiting() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void letsWaitAsManyAsItMayAndRefusesTheOthersAtOnce() throws Exception {
    Gate gate = new Gate(1, 1, TimeUnit.SECONDS.toNanos(20));
    assertThat(gate.enter()).isTrue();
    Future<Boolean> waiting = threads.submit(gate::enter);
    awaitWaiting(gate, 1);

    long start = System.nanoTime();
    assertThat(gate.enter()).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));

    gate.leave();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(gate.isIdle()).isFalse();
    gate.leave();
    assertThat(gate.isIdle()).isTrue();
  }

  @Test
  void refusesWhoHasWaitedTooLong() {
    Gate gate = new Gate(1, 1, TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isFalse();
    assertThat(gate.waiting()).isZero();
  }

  @Test
  void refusesWhoIsInterrupted() throws Exception {
    Gate gate = new Gate(1, 1, TimeUnit.SECONDS.toNanos(20));
    assertThat(gate.enter()).isTrue();
    Future<Boolean> waiting =
        threads.submit(() -> gate.enter() || Thread.currentThread().isInterrupted());
    awaitWaiting(gate, 1);
    threads.shutdownNow();

    // It says that it was interrupted, and has not entered.
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    gate.leave();
    assertThat(gate.isIdle()).isTrue();
  }
}
