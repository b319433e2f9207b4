package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 6, proxy-body-size. */
class BodyLimitTest {

  @ParameterizedTest(name = "\"{0}\": {1}")
  @CsvSource({
    "0,                    0",
    "1,                    1",
    "' 500 ',              500",
    "8k,                   8192",
    "8K,                   8192",
    "1m,                   1048576",
    "3M,                   3145728",
    "2g,                   2147483648",
    "2G,                   2147483648",
    "0m,                   0",
    "9223372036854775807,  9223372036854775807",
    "9223372036854775808,  9223372036854775807",
    "99999999999999999999, 9223372036854775807",
    // Sizes that the controller does not write into the configuration.
    "8b,                   1048576",
    "'',                   1048576",
    "m,                    1048576",
    "-1,                   1048576",
    "1.5m,                 1048576",
    "1 m,                  1048576",
    "1mm,                  1048576",
  })
  void readsSizesAsNginxDoes(String text, long bytes) {
    assertThat(BodyLimit.parse(text).bytes()).isEqualTo(bytes);
  }

  @Test
  void capsWhatNoNumberHolds() {
    assertThat(BodyLimit.parse("99999999999999999g").bytes()).isPositive();
    assertThat(BodyLimit.parse("99999999999999999g").allows(Long.MAX_VALUE / 2)).isTrue();
  }

  @ParameterizedTest(name = "{1} bytes of at most {0}: {2}")
  @CsvSource({
    "0, 99999999999, true",
    "10, 10, true",
    "10, 11, false",
    "10, -1, true",
    "10, 0, true"
  })
  void allowsWhatIsNotTooLarge(long limit, long length, boolean isAllowed) {
    assertThat(new BodyLimit(limit).allows(length)).isEqualTo(isAllowed);
  }

  @Test
  void isNeverNegative() {
    assertThatThrownBy(() -> new BodyLimit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a limit of -1 bytes is negative");
    assertThat(BodyLimit.NONE.allows(Long.MAX_VALUE)).isTrue();
    assertThat(BodyLimit.DEFAULT.allows(1048577)).isFalse();
  }
}
