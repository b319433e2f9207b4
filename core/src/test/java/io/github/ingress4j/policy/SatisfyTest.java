package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 12, satisfy. */
class SatisfyTest {

  @ParameterizedTest(name = "{0}: list {1}, password {2}, external {3}: {4} after {5} questions")
  @CsvSource({
    // mode, list,      password,     external,     outcome,      asked
    "ALL, NONE,      NONE,         NONE,         PASSED,       3",
    "ALL, PASS,      PASS,         PASS,         PASSED,       3",
    "ALL, PASS,      UNAUTHORIZED, PASS,         UNAUTHORIZED, 2",
    "ALL, PASS,      PASS,         FORBIDDEN,    FORBIDDEN,    3",
    "ALL, PASS,      NONE,         UNAUTHORIZED, UNAUTHORIZED, 3",
    "ALL, FORBIDDEN, UNAUTHORIZED, PASS,         FORBIDDEN,    1",
    "ANY, NONE,      NONE,         NONE,         PASSED,       3",
    "ANY, PASS,      UNAUTHORIZED, FORBIDDEN,    PASSED,       1",
    "ANY, FORBIDDEN, PASS,         FORBIDDEN,    PASSED,       2",
    "ANY, FORBIDDEN, UNAUTHORIZED, PASS,         PASSED,       3",
    "ANY, FORBIDDEN, UNAUTHORIZED, NONE,         UNAUTHORIZED, 3",
    "ANY, FORBIDDEN, UNAUTHORIZED, FORBIDDEN,    UNAUTHORIZED, 3",
    "ANY, FORBIDDEN, NONE,         UNAUTHORIZED, UNAUTHORIZED, 3",
    "ANY, FORBIDDEN, NONE,         NONE,         FORBIDDEN,    3",
    "ANY, NONE,      NONE,         FORBIDDEN,    FORBIDDEN,    3",
    "ANY, NONE,      UNAUTHORIZED, FORBIDDEN,    UNAUTHORIZED, 3",
  })
  void combinesTheVotesInTheirOrder(
      Satisfy mode,
      Satisfy.Vote list,
      Satisfy.Vote password,
      Satisfy.Vote external,
      Satisfy.Outcome outcome,
      int asked) {
    Satisfy.Tally tally = mode.begin();
    int questions = 0;
    for (Satisfy.Vote vote : new Satisfy.Vote[] {list, password, external}) {
      questions++;
      if (tally.add(vote)) {
        break;
      }
    }

    assertThat(tally.outcome()).isEqualTo(outcome);
    assertThat(questions).isEqualTo(asked);
  }

  @Test
  void asksNobodyAfterTheOutcomeIsSettled() {
    Satisfy.Tally tally = Satisfy.ALL.begin();
    tally.add(Satisfy.Vote.FORBIDDEN);

    assertThat(tally.isSettled()).isTrue();
    assertThatThrownBy(() -> tally.add(Satisfy.Vote.PASS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the outcome is settled, no check is to be asked");
  }
}
