package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.StickySessions.Choice;
import io.github.ingress4j.balance.StickySessions.CookieValue;
import io.github.ingress4j.balance.StickySessions.Mode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Session keys, ingress-nginx.md §7; SEC-32: a cookie is an untrusted hint. */
class StickySessionsTest {

  private static final String NAME = "default-web-80";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_123L));

  // Computed with md5sum of the name and the endpoint.
  private static final String KEY_OF_FIRST = "0aa3b49d3795ad62718deaa56ec75fae";
  private static final String KEY_OF_SECOND = "e3420c7e8e6f123f9dd2657d35a37d78";

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new Endpoint("10.0.0." + (i + 1), 8080));
    }
    return endpoints;
  }

  private static StickySessions sessions(Mode mode, int count) {
    return StickySessions.of(mode, NAME, endpoints(count));
  }

  private static BalancerState state(long seed) {
    return new BalancerState(new Random(seed), CLOCK);
  }

  private static String newKey(Choice choice) {
    String key = choice.newKey();
    assertThat(key).isNotNull();
    return key == null ? "" : key;
  }

  @ParameterizedTest(name = "\"{0}\" holds key {1} and tag {2}")
  @CsvSource(
      nullValues = "none",
      textBlock =
          """
          a|b,    a,    b
          a,      a,    none
          a|,     a,    none
          |b,     b,    none
          a||b,   a,    b
          a|b|c,  a,    b
          '',     none, none
          |,      none, none
          |||,    none, none
          ' a|b', ' a', b
          """)
  void readsTheCookie(String text, @Nullable String key, @Nullable String tag) {
    assertThat(CookieValue.parse(text)).isEqualTo(key == null ? null : new CookieValue(key, tag));
  }

  @Property
  void readsAnyCookieWithoutFailing(@ForAll String text) {
    CookieValue value = CookieValue.parse(text);

    assertThat(value == null).isEqualTo(text.matches("\\|*"));
    if (value != null) {
      assertThat(value.key()).isNotEmpty().doesNotContain("|");
    }
  }

  @Test
  void namesTheUpstreamInCookies() {
    // md5(hex md5(name) + name), computed with md5sum.
    assertThat(sessions(Mode.BALANCED, 1).backendTag())
        .isEqualTo("6cde5721ec2c7e2bce07cff7d0e4ac37");
    StickySessions other = StickySessions.of(Mode.BALANCED, "default-canary-80", endpoints(1));
    assertThat(other.backendTag()).isNotEqualTo(sessions(Mode.BALANCED, 1).backendTag());
    assertThat(other.backendTag()).isSameAs(other.backendTag());
  }

  @ParameterizedTest(name = "{0} leads to {1}")
  @CsvSource(
      nullValues = "nowhere",
      textBlock =
          """
          0aa3b49d3795ad62718deaa56ec75fae, 10.0.0.1:8080
          e3420c7e8e6f123f9dd2657d35a37d78, 10.0.0.2:8080
          dba18852257651f40d69b7cf61a5eb2e, [fd00::1]:8080
          0AA3B49D3795AD62718DEAA56EC75FAE, nowhere
          c1d1b240441aafdd78f4dfae223082cc, nowhere
          10.0.0.1:8080,                    nowhere
          '',                               nowhere
          00000000000000000000000000000000, nowhere
          """)
  void findsAPersistentKeyByItsDigest(String key, @Nullable String endpoint) {
    List<Endpoint> endpoints = new ArrayList<>(endpoints(2));
    endpoints.add(new Endpoint("fd00::1", 8080));
    Endpoint found = StickySessions.of(Mode.PERSISTENT, NAME, endpoints).find(key);

    assertThat(found == null ? null : found.toString()).isEqualTo(endpoint);
  }

  /** The table of the balanced cookie is the ring of §8.3. */
  @Property
  void findsABalancedKeyOnTheRing(
      @ForAll @IntRange(min = 1, max = 9) int count, @ForAll String key) {
    List<Endpoint> endpoints = endpoints(count);

    assertThat(sessions(Mode.BALANCED, count).find(key))
        .isEqualTo(EndpointPicker.consistentHash(endpoints).pick("a", key, List.of(), state(0)));
  }

  @ParameterizedTest
  @EnumSource
  void looksUpHugeKeys(Mode mode) {
    Endpoint found = sessions(mode, 3).find("\u0000\uFFFF".repeat(500_000));

    assertThat(found == null).isEqualTo(mode == Mode.PERSISTENT);
  }

  @ParameterizedTest
  @EnumSource
  void keepsASessionWhereItIs(Mode mode) {
    StickySessions sessions = sessions(mode, 5);
    BalancerState state = state(1);
    Choice first = sessions.choose(null, List.of(), false, state);
    String key = newKey(first);

    assertThat(sessions.find(key)).isEqualTo(first.endpoint());
    for (int i = 0; i < 10; i++) {
      assertThat(sessions.choose(key, List.of(), true, state))
          .isEqualTo(new Choice(first.endpoint(), null));
    }
  }

  @ParameterizedTest
  @EnumSource
  void staysWithAnEndpointThatFailsUnlessItMayMove(Mode mode) {
    StickySessions sessions = sessions(mode, 3);
    BalancerState state = state(2);
    Choice first = sessions.choose(null, List.of(), false, state);
    String key = newKey(first);
    List<Endpoint> failed = List.of(first.endpoint());

    assertThat(sessions.choose(key, failed, false, state))
        .isEqualTo(new Choice(first.endpoint(), null));
    Choice moved = sessions.choose(key, failed, true, state);
    assertThat(moved.endpoint()).isNotEqualTo(first.endpoint());
    assertThat(sessions.find(newKey(moved))).isEqualTo(moved.endpoint());
  }

  @ParameterizedTest
  @EnumSource
  void avoidsWhatFailedForANewSession(Mode mode) {
    List<Endpoint> endpoints = endpoints(4);
    StickySessions sessions = sessions(mode, 4);
    Set<Endpoint> chosen = new HashSet<>();
    BalancerState state = state(9);
    for (int i = 0; i < 200; i++) {
      chosen.add(sessions.choose(null, endpoints.subList(0, 2), false, state).endpoint());
    }

    assertThat(chosen).containsExactlyInAnyOrderElementsOf(endpoints.subList(2, 4));
  }

  @ParameterizedTest
  @EnumSource
  void staysIfThereIsNowhereElse(Mode mode) {
    List<Endpoint> endpoints = endpoints(2);
    StickySessions sessions = sessions(mode, 2);
    BalancerState state = state(3);
    Choice first = sessions.choose(null, List.of(), true, state);

    assertThat(sessions.choose(newKey(first), endpoints, true, state))
        .isEqualTo(new Choice(first.endpoint(), null));
    Choice fresh = sessions.choose(null, endpoints, true, state);
    assertThat(sessions.find(newKey(fresh))).isEqualTo(fresh.endpoint());
  }

  /** The key of a trial if every draw is 42: trials differ in their time only. */
  private static String keyOfTrial(int trial) {
    return 1_700_000_000 + trial + ".123.42.42";
  }

  private static BalancerState drawing42() {
    Random constant =
        new Random() {
          private static final long serialVersionUID = 1;

          @Override
          public int nextInt(int bound) {
            return 42;
          }
        };
    return new BalancerState(constant, CLOCK);
  }

  @Test
  void triesKeysUntilOneLeadsElsewhere() {
    StickySessions sessions = sessions(Mode.BALANCED, 10);
    List<Endpoint> failed = new ArrayList<>();
    for (int trial = 1; trial <= 3; trial++) {
      failed.add(sessions.find(keyOfTrial(trial)));
    }
    int expected = 4;
    while (failed.contains(sessions.find(keyOfTrial(expected)))) {
      expected++;
    }

    assertThat(sessions.choose(null, List.of(), false, drawing42()).newKey())
        .isEqualTo(keyOfTrial(1));
    assertThat(sessions.choose(null, failed, false, drawing42()).newKey())
        .isEqualTo(keyOfTrial(expected));
  }

  @Test
  void givesUpAfterTwentyTrials() {
    StickySessions sessions = sessions(Mode.BALANCED, 200);
    Set<Endpoint> failed = new HashSet<>();
    for (int trial = 1; trial <= 20; trial++) {
      failed.add(sessions.find(keyOfTrial(trial)));
    }

    Choice choice = sessions.choose(null, failed, false, drawing42());
    assertThat(choice.newKey()).isEqualTo(keyOfTrial(20));
    assertThat(choice.endpoint()).isEqualTo(sessions.find(keyOfTrial(20)));
  }

  @Test
  void spreadsNewSessions() {
    for (Mode mode : Mode.values()) {
      StickySessions sessions = sessions(mode, 5);
      BalancerState state = state(4);
      Map<Endpoint, Integer> chosen = new HashMap<>();
      for (int i = 0; i < 5_000; i++) {
        chosen.merge(sessions.choose(null, List.of(), false, state).endpoint(), 1, Integer::sum);
      }

      // The shares of a ring deviate by about 8 %.
      assertThat(chosen).hasSize(5);
      assertThat(chosen.values()).allMatch(n -> n > 700 && n < 1_300);
    }
  }

  @Test
  void drawsKeysThatDiffer() {
    StickySessions sessions = sessions(Mode.BALANCED, 3);
    BalancerState state = state(5);
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      keys.add(newKey(sessions.choose(null, List.of(), false, state)));
    }

    assertThat(keys).hasSize(1_000);
    assertThat(keys).allMatch(key -> key.matches("1700000001\\.123\\.\\d{1,6}\\.\\d{1,6}"));
  }

  @Test
  void movesAboutItsShareOfBalancedSessionsIfAnEndpointLeaves() {
    StickySessions before = sessions(Mode.BALANCED, 5);
    StickySessions after = sessions(Mode.BALANCED, 4);
    BalancerState state = state(6);
    int moved = 0;
    for (int i = 0; i < 5_000; i++) {
      Choice session = before.choose(null, List.of(), false, state);
      Choice next = after.choose(newKey(session), List.of(), false, state);
      assertThat(next.newKey()).isNull();
      moved += next.endpoint().equals(session.endpoint()) ? 0 : 1;
    }

    assertThat(moved).isBetween(500, 1_500);
  }

  @Test
  void movesNoPersistentSessionButThoseOfTheEndpointThatLeft() {
    StickySessions after = StickySessions.of(Mode.PERSISTENT, NAME, endpoints(2).subList(0, 1));
    BalancerState state = state(7);

    assertThat(after.choose(KEY_OF_FIRST, List.of(), false, state))
        .isEqualTo(new Choice(endpoints(1).get(0), null));
    assertThat(after.choose(KEY_OF_SECOND, List.of(), false, state))
        .isEqualTo(new Choice(endpoints(1).get(0), KEY_OF_FIRST));
  }

  @ParameterizedTest
  @EnumSource
  void carriesNoAddressInItsKeys(Mode mode) {
    assertThat(newKey(sessions(mode, 1).choose(null, List.of(), false, state(8))))
        .doesNotContain("10.0.0.1")
        .matches("[0-9a-f.]+");
  }

  @ParameterizedTest
  @EnumSource
  void hasNothingToFindWithoutEndpoints(Mode mode) {
    StickySessions sessions = sessions(mode, 0);

    assertThat(sessions.find("a")).isNull();
    assertThatThrownBy(() -> sessions.choose("a", List.of(), true, state(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("upstream default-web-80 has no endpoint to pick");
  }

  @Test
  void isEqualByModeNameAndEndpoints() {
    StickySessions sessions = sessions(Mode.PERSISTENT, 2);
    sessions.find(KEY_OF_FIRST);

    assertThat(sessions)
        .isEqualTo(sessions(Mode.PERSISTENT, 2))
        .hasSameHashCodeAs(sessions(Mode.PERSISTENT, 2))
        .isNotEqualTo(sessions(Mode.BALANCED, 2))
        .isNotEqualTo(sessions(Mode.PERSISTENT, 3))
        .isNotEqualTo(StickySessions.of(Mode.PERSISTENT, "b", endpoints(2)))
        .isNotEqualTo(NAME)
        .hasToString("PERSISTENT default-web-80 [10.0.0.1:8080, 10.0.0.2:8080]");
    assertThat(sessions.endpoints()).isEqualTo(endpoints(2));
  }
}
