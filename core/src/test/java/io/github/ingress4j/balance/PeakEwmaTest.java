package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Peak-EWMA, ingress-nginx.md §8.5, and REL-27: fair after a reload. */
class PeakEwmaTest {

  private static final long NANOS_A_MILLI = 1_000_000;

  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(millis.get());

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new Endpoint("10.0.0." + (i + 1), 8080));
    }
    return endpoints;
  }

  private BalancerState state() {
    return new BalancerState(new Random(0), clock);
  }

  private static void responded(BalancerState state, Endpoint endpoint, long headMillis) {
    state.responded(endpoint, 0, headMillis * NANOS_A_MILLI);
  }

  /** §8.5, word by word, in seconds. */
  private static final class NaiveEwma {
    private final Map<Endpoint, Double> ewma = new HashMap<>();
    private final Map<Endpoint, Double> touched = new HashMap<>();

    private double decayed(Endpoint endpoint, double measured, double now) {
      double last = touched.getOrDefault(endpoint, 0.0);
      double w = Math.exp(-Math.max(now - last, 0) / 10);
      return ewma.getOrDefault(endpoint, 0.0) * w + measured * (1 - w);
    }

    void responded(Endpoint endpoint, double connect, double head, double now) {
      ewma.put(endpoint, decayed(endpoint, connect + head, now));
      touched.put(endpoint, now);
    }

    double score(Endpoint endpoint, double now) {
      return decayed(endpoint, 0, now);
    }
  }

  @Property
  void estimatesAsTheFormulaDoes(@ForAll long seed, @ForAll @IntRange(max = 60) int steps) {
    Random random = new Random(seed);
    List<Endpoint> endpoints = endpoints(4);
    BalancerState state = state();
    NaiveEwma naive = new NaiveEwma();
    for (int i = 0; i < steps; i++) {
      double now = millis.addAndGet(random.nextInt(20_000)) / 1e3;
      Endpoint endpoint = endpoints.get(random.nextInt(4));
      long connect = random.nextInt(1_000_000_000);
      long head = random.nextInt(1_000_000_000);
      state.responded(endpoint, connect, head);
      naive.responded(endpoint, connect / 1e9, head / 1e9, now);

      assertThat(endpoints)
          .allSatisfy(
              each ->
                  assertThat(state.score(each)).isCloseTo(naive.score(each, now), within(1e-6)));
    }
  }

  @Test
  void countsConnectingAndAnswering() {
    BalancerState state = state();
    Endpoint endpoint = endpoints(1).get(0);
    state.responded(endpoint, 250 * NANOS_A_MILLI, 500 * NANOS_A_MILLI);

    assertThat(state.score(endpoint)).isEqualTo(0.75);
  }

  @Test
  void countsAReusedConnectionAsNoTimeToConnect() {
    BalancerState state = state();
    Endpoint endpoint = endpoints(1).get(0);
    state.responded(endpoint, -1, 500 * NANOS_A_MILLI);

    assertThat(state.score(endpoint)).isEqualTo(0.5);
  }

  @Test
  void learnsNothingIfThereWasNoAnswer() {
    BalancerState state = state();
    Endpoint endpoint = endpoints(1).get(0);
    responded(state, endpoint, 500);
    millis.addAndGet(60_000);
    double before = state.score(endpoint);
    state.responded(endpoint, 3, -1);

    assertThat(state.score(endpoint)).isEqualTo(before);
  }

  @Test
  void expectsAnIdleEndpointToRecover() {
    BalancerState state = state();
    Endpoint endpoint = endpoints(1).get(0);
    responded(state, endpoint, 1_000);
    millis.addAndGet(10_000);
    assertThat(state.score(endpoint)).isCloseTo(1 / Math.E, within(1e-9));
    millis.addAndGet(1_000_000_000_000L);

    assertThat(state.score(endpoint)).isZero();
  }

  @Test
  void doesNotLetThePastGrowIfTheClockIsSetBack() {
    BalancerState state = state();
    Endpoint endpoint = endpoints(1).get(0);
    responded(state, endpoint, 1_000);
    millis.addAndGet(-3_600_000);
    assertThat(state.score(endpoint)).isEqualTo(1);
    // From the next answer on the new time counts.
    responded(state, endpoint, 9_000);
    millis.addAndGet(10_000);

    assertThat(state.score(endpoint)).isCloseTo(1 / Math.E, within(1e-9));
  }

  /** A generator that gives what it is told, and nothing beyond. */
  private static final class Script implements RandomGenerator {
    private final Deque<Integer> next = new ArrayDeque<>();

    Script(int... values) {
      for (int value : values) {
        next.add(value);
      }
    }

    @Override
    public int nextInt(int bound) {
      int value = next.remove();
      if (value >= bound) {
        throw new IllegalArgumentException(value + " is not below " + bound);
      }
      return value;
    }

    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("not in the script");
    }
  }

  @Property
  void takesTheFasterOfAnyTwoAndEveryPairIsAsLikely(
      @ForAll @IntRange(min = 2, max = 7) int count, @ForAll @IntRange(max = 127) int failedBits) {
    List<Endpoint> endpoints = endpoints(count);
    List<Endpoint> failed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if ((failedBits >> i & 1) != 0) {
        failed.add(endpoints.get(i));
      }
    }
    List<Endpoint> eligible = new ArrayList<>(endpoints);
    eligible.removeAll(failed);
    if (eligible.isEmpty()) {
      // If all were tried, all are eligible again.
      eligible = endpoints;
    }
    int n = eligible.size();
    Map<Endpoint, Integer> picks = new HashMap<>();
    EndpointPicker picker = EndpointPicker.peakEwma(endpoints);
    for (int first = 0; first < n; first++) {
      for (int second = 0; second < Math.max(n - 1, 1); second++) {
        BalancerState state =
            new BalancerState(n == 1 ? new Script(first) : new Script(first, second), clock);
        // The first is the slowest, the last the fastest.
        for (int i = 0; i < count; i++) {
          responded(state, endpoints.get(i), 1000 - i);
        }
        picks.merge(picker.pick("a", "", failed, state), 1, Integer::sum);
      }
    }

    Map<Endpoint, Integer> expected = new HashMap<>();
    for (int i = 0; i < n; i++) {
      // Beats the i slower ones, drawn before or after it.
      if (n == 1 || i > 0) {
        expected.put(eligible.get(i), n == 1 ? 1 : 2 * i);
      }
    }
    assertThat(picks).isEqualTo(expected);
  }

  @Test
  void takesTheFirstDrawnOfEquals() {
    List<Endpoint> endpoints = endpoints(3);
    EndpointPicker picker = EndpointPicker.peakEwma(endpoints);

    assertThat(picker.pick("a", "", List.of(), new BalancerState(new Script(1, 0), clock)))
        .isEqualTo(endpoints.get(1));
  }

  @Test
  void startsANewEndpointWithTheMeanOfItsUpstream() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(4);
    Endpoint slow = new Endpoint("10.9.9.9", 80);
    responded(state, endpoints.get(0), 100);
    responded(state, endpoints.get(1), 300);
    responded(state, slow, 9_000);
    // The mean is that of what was measured, not of what it has decayed to since.
    millis.addAndGet(5_000);
    state.retain(Map.of("a", endpoints.subList(0, 3), "b", List.of(slow)));

    assertThat(state.score(endpoints.get(2))).isCloseTo(0.2, within(1e-9));
    assertThat(state.score(endpoints.get(0))).isCloseTo(0.1 * Math.exp(-0.5), within(1e-9));
    assertThat(state.score(slow)).isCloseTo(9 * Math.exp(-0.5), within(1e-9));
    assertThat(state.score(endpoints.get(3))).isZero();
  }

  @Test
  void knowsNothingOfAnUpstreamWithoutMeasurements() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(3);
    responded(state, endpoints.get(0), 100);
    state.retain(Map.of("a", endpoints.subList(0, 1), "b", endpoints.subList(1, 3)));

    assertThat(state.score(endpoints.get(1))).isZero();
    assertThat(state.score(endpoints.get(0))).isEqualTo(0.1);
  }

  @Test
  void forgetsAnEndpointThatLeftEveryUpstream() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(2);
    responded(state, endpoints.get(0), 100);
    responded(state, endpoints.get(1), 100);
    state.retain(Map.of("a", endpoints.subList(0, 1), "b", endpoints.subList(0, 1)));

    assertThat(state.score(endpoints.get(0))).isEqualTo(0.1);
    assertThat(state.score(endpoints.get(1))).isZero();
  }

  @Test
  void knowsAnEndpointInEveryUpstream() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(2);
    responded(state, endpoints.get(0), 900);

    // In whichever upstream it is drawn, the other one is faster.
    assertThat(EndpointPicker.peakEwma(endpoints).pick("another upstream", "", List.of(), state))
        .isEqualTo(endpoints.get(1));
  }

  /** Requests to endpoints of the same speed, one every 10 ms; returns who got how many. */
  private Map<Endpoint, Integer> serve(BalancerState state, List<Endpoint> endpoints, int count) {
    EndpointPicker picker = EndpointPicker.peakEwma(endpoints);
    Random latency = new Random(7);
    Map<Endpoint, Integer> served = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Endpoint endpoint = picker.pick("a", "", List.of(), state);
      served.merge(endpoint, 1, Integer::sum);
      millis.addAndGet(10);
      state.responded(endpoint, 0, 40 * NANOS_A_MILLI + latency.nextInt(20_000_000));
    }
    return served;
  }

  @Test
  void neitherFloodsNorStarvesAnEndpointThatIsNewAfterAReload() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(6);
    serve(state, endpoints.subList(0, 5), 5_000);
    state.retain(Map.of("a", endpoints));
    Map<Endpoint, Integer> served = serve(state, endpoints, 600);

    // A sixth is 100; untouched by the reload the others go on.
    assertThat(served).hasSize(6);
    assertThat(served.values()).allMatch(n -> n > 50 && n < 200);
  }

  @Test
  void sendsASlowEndpointLess() {
    BalancerState state = state();
    List<Endpoint> endpoints = endpoints(4);
    EndpointPicker picker = EndpointPicker.peakEwma(endpoints);
    int slow = 0;
    for (int i = 0; i < 4_000; i++) {
      Endpoint endpoint = picker.pick("a", "", List.of(), state);
      boolean isSlow = endpoint.equals(endpoints.get(0));
      slow += isSlow ? 1 : 0;
      millis.addAndGet(10);
      responded(state, endpoint, isSlow ? 2_000 : 20);
    }

    // A fair share would be 1000.
    assertThat(slow).isBetween(1, 100);
  }

  @Test
  void losesNoMeasurementToOneMadeAtTheSameTime() {
    AtomicInteger reads = new AtomicInteger();
    ResponseTime[] time = new ResponseTime[1];
    // Between reading the mean and replacing it, another thread's measurement arrives.
    InstantSource interrupting =
        () -> {
          long now = millis.addAndGet(10_000);
          if (reads.incrementAndGet() == 2) {
            time[0].measured(5, () -> Instant.ofEpochMilli(now));
          }
          return Instant.ofEpochMilli(now);
        };
    time[0] = new ResponseTime(1, interrupting);
    time[0].measured(3, interrupting);

    double w = Math.exp(-1);
    double afterTheOther = 1 * w + 5 * (1 - w);
    assertThat(reads).hasValue(3);
    assertThat(time[0].seconds()).isCloseTo(afterTheOther * w + 3 * (1 - w), within(1e-9));
  }

  @Test
  void keepsAMeanWhateverThreadsDo() throws Exception {
    // All calls together move the clock by little more than a second, however threads are stopped.
    InstantSource ticking = () -> Instant.ofEpochMilli(millis.incrementAndGet() / 64);
    BalancerState state = new BalancerState(new Random(0), ticking);
    List<Endpoint> endpoints = endpoints(2);
    int threads = 4;
    Callable<Boolean> requests =
        () -> {
          boolean isPossible = true;
          for (int i = 0; i < 5_000; i++) {
            for (Endpoint endpoint : endpoints) {
              responded(state, endpoint, 1_000);
              double score = state.score(endpoint);
              // A value of one mean with the time of another would leave this range.
              isPossible &= score > 0.8 && score <= 1.000001;
            }
          }
          return isPossible;
        };
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Boolean> part : executor.invokeAll(Collections.nCopies(threads, requests))) {
        assertThat(part.get()).isTrue();
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
