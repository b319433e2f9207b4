package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.TransportSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, limit-rate and limit-rate-after. */
final class PaceTest {

  /** Time that passes only when somebody waits. */
  private static final class StillTime implements Pace.Time {
    private long now = Long.MAX_VALUE - 5_000;
    private long pauses;

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void pause(long nanos) {
      now += nanos;
      pauses++;
    }
  }

  @ParameterizedTest(name = "{0} bytes at {1} a second after {2}: {3} s")
  @CsvSource({
    // bytes, rate, free, seconds
    "1000,    1000,  0,      0",
    "11000,   1000,  0,      10",
    "11000,   1000,  10000,  0",
    "31000,   1000,  10000,  20",
    "10,      1,     0,      9",
    "2000000, 1000000, 0,    1"
  })
  void passesAnAnswerInTheTimeThatItsRateAsksFor(int bytes, long rate, long free, double seconds)
      throws IOException {
    StillTime time = new StillTime();
    long start = time.nanos();
    Pace pace = new Pace(new TransportSettings.Rate(rate, free), time);
    int left = bytes;
    while (left > 0) {
      int wanted = Math.min(left, 16_384);
      int taken = pace.take(wanted);
      assertThat(taken).isBetween(0, wanted);
      if (taken == 0) {
        pace.pause(wanted);
      }
      left -= taken;
    }
    assertThat((time.nanos() - start) / 1e9).isBetween(seconds * 0.999, seconds * 1.01 + 0.11);
    assertThat(time.pauses).isLessThan((long) (seconds * 11) + bytes / 16_384 + 2);
  }

  @Test
  void givesUpIfTheThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    boolean isGivenUp = false;
    try {
      Pace.Time.SYSTEM.pause(1_000_000_000);
    } catch (InterruptedIOException e) {
      isGivenUp = true;
    }
    assertThat(isGivenUp).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
