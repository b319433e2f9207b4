package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Cidr;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 12, Lists. */
class AccessListTest {

  private static List<Cidr> blocks(@Nullable String text) {
    return text == null ? List.of() : Arrays.stream(text.split(" ")).map(Cidr::parse).toList();
  }

  @ParameterizedTest(name = "denied [{0}], allowed [{1}], address {2}: {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                    | -                    | 10.1.2.3          | NONE",
        "10.0.0.0/8           | -                    | 10.1.2.3          | FORBIDDEN",
        "10.0.0.0/8           | -                    | 11.1.2.3          | NONE",
        "-                    | 10.0.0.0/8           | 10.1.2.3          | PASS",
        "-                    | 10.0.0.0/8           | 11.1.2.3          | FORBIDDEN",
        "10.1.2.3             | 10.0.0.0/8           | 10.1.2.3          | FORBIDDEN",
        "10.1.2.3             | 10.0.0.0/8           | 10.1.2.4          | PASS",
        "10.1.2.3             | 10.0.0.0/8           | 11.1.2.3          | FORBIDDEN",
        "-                    | fd00::/8 192.0.2.1   | fd12::1           | PASS",
        "-                    | fd00::/8 192.0.2.1   | 192.0.2.1         | PASS",
        "-                    | fd00::/8 192.0.2.1   | ::1               | FORBIDDEN",
        "-                    | 192.0.2.1            | ::ffff:192.0.2.1  | PASS",
        "10.1.2.3             | -                    | unix:             | FORBIDDEN",
        "-                    | 0.0.0.0/0            | a.shop            | FORBIDDEN",
      })
  void asksDeniedBlocksFirstAndTurnsAwayTheRestOfAnAllowList(
      @Nullable String denied, @Nullable String allowed, String address, Satisfy.Vote vote) {
    AccessList list = new AccessList(blocks(denied), allowed == null ? null : blocks(allowed));

    assertThat(list.vote(address)).isEqualTo(vote);
    assertThat(list.allows(address)).isEqualTo(vote != Satisfy.Vote.FORBIDDEN);
  }

  /** Section 6: an allow list that is empty denies. */
  @Test
  void letsNobodyInWithAnEmptyListOfAllowedBlocks() {
    assertThat(new AccessList(List.of(), List.of()).allows("10.1.2.3")).isFalse();
  }
}
