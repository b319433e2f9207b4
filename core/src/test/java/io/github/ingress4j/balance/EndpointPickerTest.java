package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways of choosing, ingress-nginx.md §8.2 to §8.4; {@link PeakEwmaTest} has §8.5. */
class EndpointPickerTest {

  private static final InstantSource STOPPED = InstantSource.fixed(Instant.EPOCH);

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new Endpoint("10.0.0." + (i + 1), 8080));
    }
    return endpoints;
  }

  private static BalancerState state(long seed) {
    return new BalancerState(new Random(seed), STOPPED);
  }

  private static Endpoint pick(EndpointPicker picker, BalancerState state) {
    return picker.pick("a", "", List.of(), state);
  }

  @Property
  void givesEveryEndpointItsTurn(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int count,
      @ForAll @IntRange(min = 1, max = 5) int rounds) {
    BalancerState state = state(seed);
    Map<Endpoint, Integer> turns = new HashMap<>();
    for (int i = 0; i < count * rounds; i++) {
      turns.merge(pick(EndpointPicker.roundRobin(endpoints(count)), state), 1, Integer::sum);
    }

    // Unsigned turns wrap once in 2^32: a start just below that may move one request.
    assertThat(turns.values()).allMatch(n -> Math.abs(n - rounds) <= 1);
    assertThat(turns).hasSize(count);
  }

  /** REL-27. */
  @Property
  void givesEveryEndpointItsTurnAlsoAfterAChange(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int before,
      @ForAll @IntRange(min = 1, max = 9) int after,
      @ForAll @IntRange(min = 0, max = 20) int requests) {
    BalancerState state = state(seed);
    for (int i = 0; i < requests; i++) {
      pick(EndpointPicker.roundRobin(endpoints(before)), state);
    }
    state.retain(Map.of("a", endpoints(after)));
    Map<Endpoint, Integer> turns = new HashMap<>();
    for (int i = 0; i < 4 * after; i++) {
      turns.merge(pick(EndpointPicker.roundRobin(endpoints(after)), state), 1, Integer::sum);
    }

    assertThat(turns.values()).allMatch(n -> Math.abs(n - 4) <= 1);
    assertThat(turns).hasSize(after);
  }

  @Test
  void givesThreadsTurnsOfTheirOwn() throws Exception {
    EndpointPicker picker = EndpointPicker.roundRobin(endpoints(5));
    BalancerState state = new BalancerState(startingAtZero(), STOPPED);
    int threads = 4;
    Callable<Map<Endpoint, Integer>> requests =
        () -> {
          Map<Endpoint, Integer> turns = new HashMap<>();
          for (int i = 0; i < 10_000; i++) {
            turns.merge(pick(picker, state), 1, Integer::sum);
          }
          return turns;
        };
    Map<Endpoint, Integer> turns = new HashMap<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Map<Endpoint, Integer>> part :
          executor.invokeAll(Collections.nCopies(threads, requests))) {
        part.get().forEach((endpoint, n) -> turns.merge(endpoint, n, Integer::sum));
      }
    } finally {
      executor.shutdownNow();
    }

    assertThat(turns.values()).containsOnly(8_000);
  }

  @Test
  void startsUpstreamsAtDifferentPlaces() {
    Set<Endpoint> first = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      first.add(pick(EndpointPicker.roundRobin(endpoints(5)), state(seed)));
    }

    assertThat(first).hasSize(5);
  }

  @Test
  void keepsTheTurnOfEachUpstreamApart() {
    EndpointPicker picker = EndpointPicker.roundRobin(endpoints(3));
    BalancerState state = state(1);
    Endpoint a1 = picker.pick("a", "", List.of(), state);
    picker.pick("b", "", List.of(), state);
    picker.pick("b", "", List.of(), state);
    Endpoint a2 = picker.pick("a", "", List.of(), state);

    int step = endpoints(3).indexOf(a2) - endpoints(3).indexOf(a1);
    assertThat(Math.floorMod(step, 3)).isEqualTo(1);
  }

  @Test
  void retriesWithTheNextInTurn() {
    List<Endpoint> endpoints = endpoints(3);
    EndpointPicker picker = EndpointPicker.roundRobin(endpoints);
    BalancerState state = new BalancerState(startingAtZero(), STOPPED);

    assertThat(picker.pick("a", "", List.of(), state)).isEqualTo(endpoints.get(0));
    assertThat(picker.pick("a", "", endpoints.subList(0, 1), state)).isEqualTo(endpoints.get(1));
    assertThat(picker.pick("a", "", endpoints.subList(0, 2), state)).isEqualTo(endpoints.get(2));
    assertThat(picker.pick("a", "", endpoints, state)).isEqualTo(endpoints.get(0));
  }

  @Test
  void doesNotRetryWhatFailedIfOtherRequestsTookTheirTurns() {
    List<Endpoint> endpoints = endpoints(3);
    EndpointPicker picker = EndpointPicker.roundRobin(endpoints);
    BalancerState state = new BalancerState(startingAtZero(), STOPPED);
    Endpoint failed = pick(picker, state);
    pick(picker, state);
    pick(picker, state);

    assertThat(picker.pick("a", "", List.of(failed), state)).isEqualTo(endpoints.get(1));
    // The step costs no turn of others.
    assertThat(pick(picker, state)).isEqualTo(endpoints.get(1));
  }

  @Test
  void goesOnWhereItWasUnlessTheUpstreamIsGone() {
    BalancerState state = new BalancerState(startingAtZero(), STOPPED);
    assertThat(state.nextTurn("a", 10)).isZero();
    assertThat(state.nextTurn("b", 10)).isZero();
    state.retain(Map.of("a", endpoints(10)));

    assertThat(state.nextTurn("a", 10)).isEqualTo(1);
    assertThat(state.nextTurn("b", 10)).isZero();
  }

  private static Random startingAtZero() {
    return new Random() {
      private static final long serialVersionUID = 1;

      @Override
      public int nextInt() {
        return 0;
      }
    };
  }

  @Property
  void hashesToTheEndpointOnTheRing(
      @ForAll @IntRange(min = 1, max = 9) int count, @ForAll String key) {
    List<Endpoint> endpoints = endpoints(count);
    Endpoint expected = endpoints.get(new HashRing<>(endpoints).indexOf(key));
    EndpointPicker picker = EndpointPicker.consistentHash(endpoints);

    assertThat(picker.pick("a", key, List.of(), state(0))).isEqualTo(expected);
    // §8.3: a retry hashes to the same endpoint.
    assertThat(picker.pick("b", key, List.of(expected), state(1))).isEqualTo(expected);
  }

  /** §8.4, word by word: the endpoints of each group, the last one filled up from the front. */
  private static List<List<Endpoint>> naiveGroups(List<Endpoint> endpoints, int size) {
    List<Endpoint> filled = new ArrayList<>(endpoints);
    for (int i = 0; filled.size() % size != 0; i++) {
      filled.add(filled.get(i));
    }
    List<List<Endpoint>> groups = new ArrayList<>();
    for (int i = 0; i < filled.size(); i += size) {
      groups.add(filled.subList(i, i + size));
    }
    return groups;
  }

  @Property
  void drawsFromTheGroupThatTheKeyHashesTo(
      @ForAll @IntRange(min = 1, max = 11) int count,
      @ForAll @IntRange(min = 1, max = 13) int size,
      @ForAll long seed) {
    List<List<Endpoint>> groups = naiveGroups(endpoints(count), size);
    List<String> sets = new ArrayList<>();
    for (int i = 1; i <= groups.size(); i++) {
      sets.add("set" + i);
    }
    HashRing<String> ring = new HashRing<>(sets);
    EndpointPicker picker = EndpointPicker.subsetHash(endpoints(count), size);
    BalancerState state = state(seed);
    Random draws = new Random(seed);
    for (int i = 0; i < 50; i++) {
      List<Endpoint> group = groups.get(ring.indexOf("key " + i));

      assertThat(picker.pick("a", "key " + i, List.of(), state))
          .isEqualTo(group.get(draws.nextInt(size)));
    }
  }

  @Test
  void drawsEvenlyWithinAGroup() {
    EndpointPicker picker = EndpointPicker.subsetHash(endpoints(6), 3);
    BalancerState state = state(5);
    Map<Endpoint, Integer> draws = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      draws.merge(picker.pick("a", "one key", List.of(), state), 1, Integer::sum);
    }

    assertThat(draws).hasSize(3);
    assertThat(draws.values()).allMatch(n -> n > 850 && n < 1150);
  }

  @Test
  void takesAGroupFarLargerThanTheUpstream() {
    EndpointPicker picker = EndpointPicker.subsetHash(endpoints(2), Integer.MAX_VALUE);
    Set<Endpoint> drawn = new HashSet<>();
    BalancerState state = state(3);
    for (int i = 0; i < 50; i++) {
      drawn.add(picker.pick("a", "k", List.of(), state));
    }

    assertThat(drawn).hasSize(2);
  }

  @Test
  void refusesAGroupWithoutRoom() {
    assertThatThrownBy(() -> EndpointPicker.subsetHash(endpoints(2), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a group of 0 endpoints is not possible");
  }

  private static Stream<Function<List<Endpoint>, EndpointPicker>> ways() {
    return Stream.of(
        EndpointPicker::roundRobin,
        EndpointPicker::consistentHash,
        endpoints -> EndpointPicker.subsetHash(endpoints, 3),
        endpoints -> EndpointPicker.subsetHash(endpoints, 2),
        EndpointPicker::peakEwma);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isEqualByKindParametersAndEndpoints(Function<List<Endpoint>, EndpointPicker> way) {
    EndpointPicker picker = way.apply(endpoints(3));
    picker.pick("a", "made", List.of(), state(0));

    assertThat(picker)
        .isEqualTo(way.apply(endpoints(3)))
        .hasSameHashCodeAs(way.apply(endpoints(3)));
    assertThat(picker).isNotEqualTo(way.apply(endpoints(4)));
    assertThat(ways().filter(other -> other.apply(endpoints(3)).equals(picker))).hasSize(1);
    assertThat(picker.endpoints()).isEqualTo(endpoints(3));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void hasNothingToPickWithoutEndpoints(Function<List<Endpoint>, EndpointPicker> way) {
    EndpointPicker picker = way.apply(List.of());

    assertThat(picker.endpoints()).isEmpty();
    assertThatThrownBy(() -> pick(picker, state(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("no endpoint to pick");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void takesTheOnlyEndpointWhateverHappened(Function<List<Endpoint>, EndpointPicker> way) {
    Endpoint only = endpoints(1).get(0);
    EndpointPicker picker = way.apply(List.of(only));

    assertThat(picker.pick("a", "k", List.of(), state(0))).isEqualTo(only);
    assertThat(picker.pick("a", "k", List.of(only), state(0))).isEqualTo(only);
  }

  @Test
  void learnsFromResponsesOnlyIfLatencyCounts() {
    assertThat(ways().map(way -> way.apply(endpoints(2)).learnsFromResponses()))
        .containsExactly(false, false, false, false, true);
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 10.0.0.1:80", "fd00::1, [fd00::1]:80", "a.shop, a.shop:80"})
  void printsEndpointsAsAuthorities(String host, String printed) {
    assertThat(new Endpoint(host, 80)).hasToString(printed);
  }

  @Test
  void refusesImpossibleEndpoints() {
    assertThatThrownBy(() -> new Endpoint("", 80)).hasMessage("an endpoint needs a host");
    assertThatThrownBy(() -> new Endpoint("a", 0)).hasMessage("port 0 is not between 1 and 65535");
    assertThatThrownBy(() -> new Endpoint("a", 65536))
        .hasMessage("port 65536 is not between 1 and 65535");
  }
}
