package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.pattern;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RegexBudget;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 8.6, steps 4 to 6 of the decision; hardening SEC-33. */
class CanaryPolicyTest {

  private static final RandomGenerator UNUSED =
      () -> {
        throw new AssertionError("a number was drawn");
      };

  private static CanaryPolicy.Verdict decide(CanaryPolicy policy, SimpleRequest.Builder view) {
    return policy.decide(canonical(view.build(), PathPolicy.STRICT), UNUSED, new RegexBudget());
  }

  /** Weighs 100 of 100, so undecided means CANARY; or 0, so undecided means MAIN. */
  private static boolean isUndecided(
      @Nullable String value,
      @Nullable String pattern,
      @Nullable String cookie,
      SimpleRequest view) {
    CanonicalRequest request = canonical(view, PathPolicy.STRICT);
    CanaryPolicy.Verdict all =
        policy(value, pattern, cookie, 100).decide(request, new Random(1), new RegexBudget());
    CanaryPolicy.Verdict none =
        policy(value, pattern, cookie, 0).decide(request, new Random(1), new RegexBudget());
    return all != none;
  }

  private static CanaryPolicy policy(
      @Nullable String value, @Nullable String pattern, @Nullable String cookie, int weight) {
    return new CanaryPolicy(
        "X-Canary",
        value,
        pattern == null ? null : pattern(pattern, false),
        false,
        cookie,
        weight,
        100);
  }

  /** Step 4. */
  @ParameterizedTest(name = "value {0}, pattern {1}, header {2}: {3}")
  @CsvSource(
      nullValues = "none",
      value = {
        "none,  none,   always,   CANARY",
        "none,  none,   never,    MAIN",
        "none,  none,   Always,   undecided",
        "none,  none,   ' always', undecided",
        "none,  none,   '',       undecided",
        "blue,  none,   blue,     CANARY",
        "blue,  none,   Blue,     undecided",
        "blue,  none,   always,   undecided",
        "blue,  none,   never,    undecided",
        "blue,  red,    red,      undecided",
        "none,  b.ue,   xblue2,   CANARY",
        "none,  ^b$,    bb,       undecided",
        "none,  b,      B,        undecided",
        "none,  b,      always,   undecided",
        "none,  b,      never,    undecided",
        "'',    b,      b,        CANARY",
      })
  void readsTheHeader(
      @Nullable String value, @Nullable String pattern, String said, String verdict) {
    SimpleRequest.Builder view = view("a.shop", "/").header("X-Canary", said);

    if (verdict.equals("undecided")) {
      assertThat(isUndecided(value, pattern, null, view.build())).isTrue();
    } else {
      assertThat(decide(policy(value, pattern, null, 50), view)).hasToString(verdict);
    }
  }

  /** Step 4: the name in any case, dashes and underscores alike; but not as a client's alias. */
  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource({
    "X-Canary, x-cAnary, true",
    "x_canary, X-Canary, true",
    "X-Canary, X_Canary, false",
    "X-Canary, X-Canary2, false",
  })
  void findsTheHeaderByItsName(String configured, String sent, boolean isFound) {
    CanaryPolicy policy = new CanaryPolicy(configured, null, null, false, null, 0, 100);
    CanonicalRequest request =
        canonical(view("a.shop", "/").header(sent, "always").build(), PathPolicy.STRICT);

    assertThat(policy.decide(request, new Random(1), new RegexBudget()))
        .isEqualTo(isFound ? CanaryPolicy.Verdict.CANARY : CanaryPolicy.Verdict.MAIN);
  }

  /** Step 4 and section 14: a broken pattern pins to main, whatever the cookie says. */
  @Test
  void pinsToMainIfThePatternIsBroken() {
    CanaryPolicy policy = new CanaryPolicy("X-Canary", null, null, true, "c", 100, 100);

    assertThat(
            decide(policy, view("a.shop", "/").header("X-Canary", "").header("Cookie", "c=always")))
        .isEqualTo(CanaryPolicy.Verdict.MAIN);
    assertThat(decide(policy, view("a.shop", "/").header("Cookie", "c=always")))
        .isEqualTo(CanaryPolicy.Verdict.CANARY);
  }

  @Test
  void staysWithMainIfThePatternTakesTooLong() {
    CanaryPolicy policy = policy(null, "^(.*a){12}$", null, 100);
    RegexBudget budget = new RegexBudget();
    SimpleRequest view = view("a.shop", "/").header("X-Canary", "a".repeat(40) + "b").build();

    assertThat(policy.decide(canonical(view, PathPolicy.STRICT), UNUSED, budget))
        .isEqualTo(CanaryPolicy.Verdict.MAIN);
    assertThat(budget.isSpent()).isTrue();
  }

  /** Step 5: the name in any case; the value exactly. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "canary=always           | CANARY",
        "canary=never            | MAIN",
        "CANARY=always           | CANARY",
        "a=1; canary=always; b=2 | CANARY",
        "a=1;canary=never        | MAIN",
        "canary = always         | CANARY",
        "a=1,canary=never        | MAIN",
        "canary=never; canary=always | MAIN",
        "canary=Always           | undecided",
        "canary=always2          | undecided",
        "canary2=always          | undecided",
        "xcanary=always          | undecided",
        "canary                  | undecided",
        "a=canary=always         | undecided",
      })
  void readsTheCookie(String cookies, String verdict) {
    SimpleRequest.Builder view = view("a.shop", "/").header("Cookie", cookies);

    if (verdict.equals("undecided")) {
      assertThat(isUndecided(null, null, "canary", view.build())).isTrue();
    } else {
      assertThat(decide(policy(null, null, "canary", 50), view)).hasToString(verdict);
    }
  }

  /** The header comes before the cookie, and an undecided header leaves it to the cookie. */
  @Test
  void asksTheHeaderFirst() {
    CanaryPolicy policy = policy(null, null, "canary", 50);

    assertThat(
            decide(
                policy,
                view("a.shop", "/").header("X-Canary", "never").header("Cookie", "canary=always")))
        .isEqualTo(CanaryPolicy.Verdict.MAIN);
    assertThat(
            decide(
                policy,
                view("a.shop", "/").header("X-Canary", "maybe").header("Cookie", "canary=always")))
        .isEqualTo(CanaryPolicy.Verdict.CANARY);
  }

  /** Step 6: a uniform number from 1 to the total. */
  @ParameterizedTest(name = "{0} of {1}: {2} of 10,000")
  @CsvSource({
    "0,   100,  0",
    "-5,  100,  0",
    "1,   100,  100",
    "30,  100,  3000",
    "30,  10,   3000",
    "100, 100,  10000",
    "150, 100,  10000",
    "100, 1000, 1000",
    "500, 1000, 5000",
  })
  void weighs(int weight, int total, int expected) {
    CanaryPolicy policy = new CanaryPolicy(null, "x", null, false, null, weight, total);
    CanonicalRequest request = canonical(view("a.shop", "/").build(), PathPolicy.STRICT);
    Random random = new Random(4711);
    int canaries = 0;
    for (int i = 0; i < 10_000; i++) {
      canaries +=
          policy.decide(request, random, new RegexBudget()) == CanaryPolicy.Verdict.CANARY ? 1 : 0;
    }

    // Four standard deviations.
    double deviation = Math.sqrt(expected * (1 - expected / 10_000.0));
    assertThat((double) canaries).isBetween(expected - 4 * deviation, expected + 4 * deviation);
  }

  @Test
  void neverSelectsTheCanaryWithoutRules() {
    CanonicalRequest request =
        canonical(view("a.shop", "/").header("X-Canary", "always").build(), PathPolicy.NGINX);

    assertThat(CanaryPolicy.NONE.decide(request, new Random(1), new RegexBudget()))
        .isEqualTo(CanaryPolicy.Verdict.MAIN);
    assertThat(new CanaryPolicy("", "", null, false, "", 0, 7)).isEqualTo(CanaryPolicy.NONE);
    assertThatThrownBy(() -> new CanaryPolicy("x", null, pattern("a", false), true, null, 0, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a pattern that is broken must be null");
  }
}
