package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many passwords are checked at a time. */
final class PasswordChecksTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch isBegun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @AfterEach
  void stop() {
    mayEnd.countDown();
    threads.shutdownNow();
  }

  private boolean slow() {
    isBegun.countDown();
    try {
      return mayEnd.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void saysWhetherAPasswordIsRight() {
    PasswordChecks checks = new PasswordChecks();
    assertThat(checks.check(() -> true)).isEqualTo(PasswordChecks.Result.RIGHT);
    assertThat(checks.check(() -> false)).isEqualTo(PasswordChecks.Result.WRONG);
  }

  @Test
  void turnsAwayWhoWouldHaveToWaitBehindTooManyOthers() throws Exception {
    PasswordChecks checks = new PasswordChecks(1, 0, 20_000);
    Future<PasswordChecks.Result> first = threads.submit(() -> checks.check(this::slow));
    assertThat(isBegun.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(checks.check(() -> true)).isEqualTo(PasswordChecks.Result.BUSY);
    mayEnd.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(PasswordChecks.Result.RIGHT);
  }

  @Test
  void turnsAwayWhoHasWaitedTooLong() throws Exception {
    PasswordChecks checks = new PasswordChecks(1, 1, 50);
    Future<PasswordChecks.Result> first = threads.submit(() -> checks.check(this::slow));
    assertThat(isBegun.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(checks.check(() -> true)).isEqualTo(PasswordChecks.Result.BUSY);
    mayEnd.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(PasswordChecks.Result.RIGHT);
    assertThat(checks.check(() -> true)).isEqualTo(PasswordChecks.Result.RIGHT);
  }

  @Test
  void waitsNoLongerOnAThreadThatIsToStop() throws Exception {
    PasswordChecks checks = new PasswordChecks(1, 16, 20_000);
    threads.execute(() -> checks.check(this::slow));
    assertThat(isBegun.await(20, TimeUnit.SECONDS)).isTrue();
    Future<Boolean> stopped =
        threads.submit(
            () -> {
              Thread.currentThread().interrupt();
              boolean isBusy = checks.check(() -> true) == PasswordChecks.Result.BUSY;
              return isBusy && Thread.interrupted();
            });
    assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void givesThePlaceBackIfACheckFails() {
    PasswordChecks checks = new PasswordChecks(1, 0, 50);
    assertThatThrownBy(
            () ->
                checks.check(
                    () -> {
                      throw new IllegalStateException("no such hash");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(checks.check(() -> true)).isEqualTo(PasswordChecks.Result.RIGHT);
  }
}
