package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** REL-13: what bounds a write that blocks. */
final class WatchdogTest {

  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

  @Test
  void barksWhenNothingHappens() throws Exception {
    CountDownLatch barked = new CountDownLatch(1);
    long start = System.nanoTime();
    try (Watchdog watchdog = new Watchdog();
        Watchdog.Guard guard = watchdog.watch(SOON, () -> start, barked::countDown)) {
      assertThat(barked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(guard.hasBarked()).isTrue();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SOON);
    }
  }

  @Test
  void waitsOnAsLongAsSomethingHappens() throws Exception {
    CountDownLatch looked = new CountDownLatch(5);
    AtomicInteger barks = new AtomicInteger();
    try (Watchdog watchdog = new Watchdog();
        Watchdog.Guard guard =
            watchdog.watch(
                SOON,
                () -> {
                  looked.countDown();
                  return System.nanoTime();
                },
                barks::incrementAndGet)) {
      assertThat(looked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(guard.hasBarked()).isFalse();
    }
    assertThat(barks).hasValue(0);
  }

  @Test
  void keepsQuietOnceTheWatchIsOver() throws Exception {
    AtomicInteger barks = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(1);
    try (Watchdog watchdog = new Watchdog()) {
      long start = System.nanoTime();
      watchdog.watch(SOON, () -> start, barks::incrementAndGet).close();
      try (Watchdog.Guard guard = watchdog.watch(3 * SOON, () -> start, later::countDown)) {
        assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(guard.hasBarked()).isTrue();
      }
    }
    assertThat(barks).hasValue(0);
  }
}
