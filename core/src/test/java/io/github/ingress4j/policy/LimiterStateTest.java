package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Cidr;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 12, Rate limits, and section 6, RateLimit. */
class LimiterStateTest {

  /** A clock that stands still until it is set. */
  private static final class Clock implements InstantSource {
    private long now = 1_800_000_000_000L;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }
  }

  private final Clock clock = new Clock();
  private final LimiterState state = new LimiterState(clock);

  private static Limits limits(Limits.RequestLimit... requests) {
    return limits(null, requests);
  }

  private static Limits limits(
      Limits.@Nullable ConnectionLimit connections, Limits.RequestLimit... requests) {
    return new Limits(List.of(requests), connections, List.of(), Limits.BY_ADDRESS, 503, 503);
  }

  @Test
  void letsABurstPassAndThenTheRate() {
    Limits limits = limits(Limits.RequestLimit.perSecond("z", 2, 3));
    List<Boolean> atOnce = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      atOnce.add(state.tryRequest(limits, "c"));
    }
    List<Boolean> each250Millis = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clock.now += 250;
      each250Millis.add(state.tryRequest(limits, "c"));
    }

    assertThat(atOnce).containsExactly(true, true, true, true, false, false, false, false);
    assertThat(each250Millis).containsExactly(false, true, false, true);
  }

  @ParameterizedTest(name = "{0} a minute: the second request passes after {1} ms, not before")
  @CsvSource({"1, 62500", "7, 8621", "60, 1000", "100, 601", "600, 100"})
  void cutsRatesAMinuteToThousandths(int requests, int millis) {
    Limits limits = limits(Limits.RequestLimit.perMinute("z", requests, 0));
    state.tryRequest(limits, "c");

    clock.now += millis - 1;
    boolean before = state.tryRequest(limits, "c");
    clock.now++;

    assertThat(before).isFalse();
    assertThat(state.tryRequest(limits, "c")).isTrue();
  }

  @Test
  void countsClientsAndZonesApart() {
    Limits one = limits(Limits.RequestLimit.perSecond("one", 1, 0));
    Limits two = limits(Limits.RequestLimit.perSecond("two", 1, 0));

    assertThat(state.tryRequest(one, "a")).isTrue();
    assertThat(state.tryRequest(one, "a")).isFalse();
    assertThat(state.tryRequest(one, "b")).isTrue();
    assertThat(state.tryRequest(two, "a")).isTrue();
  }

  @Test
  void countsInNoBucketUnlessAllHaveRoom() {
    Limits both =
        limits(
            Limits.RequestLimit.perSecond("s", 10, 5), Limits.RequestLimit.perMinute("m", 60, 1));
    List<Boolean> passed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      passed.add(state.tryRequest(both, "c"));
    }
    List<Boolean> bySecond = new ArrayList<>();
    Limits second = limits(Limits.RequestLimit.perSecond("s", 10, 5));
    for (int i = 0; i < 5; i++) {
      bySecond.add(state.tryRequest(second, "c"));
    }

    assertThat(passed).containsExactly(true, true, false, false);
    assertThat(bySecond).containsExactly(true, true, true, true, false);
  }

  @ParameterizedTest(name = "the clock set back by {0} ms: {1} requests pass at once")
  @CsvSource({"1, 0", "60000, 0", "60001, 1", "3600000, 1"})
  void takesAClockThatIsSetBackForOneThatStands(long back, int passed) {
    Limits limits = limits(Limits.RequestLimit.perSecond("z", 1000, 0));
    state.tryRequest(limits, "c");

    clock.now -= back;
    int count = 0;
    for (int i = 0; i < 3; i++) {
      count += state.tryRequest(limits, "c") ? 1 : 0;
    }

    assertThat(count).isEqualTo(passed);
  }

  @Test
  void survivesTimesWithoutEnd() {
    Limits limits = limits(Limits.RequestLimit.perSecond("z", Integer.MAX_VALUE, 1));
    clock.now = Long.MIN_VALUE / 4;
    state.tryRequest(limits, "c");

    clock.now = Long.MAX_VALUE / 4;

    assertThat(state.tryRequest(limits, "c")).isTrue();
  }

  /** The arithmetic of ngx_http_limit_req_module, written down once more and naively. */
  private static final class Naive {
    private final Map<String, long[]> nodes = new HashMap<>();

    boolean request(List<Limits.RequestLimit> limits, String client, long now) {
      for (Limits.RequestLimit limit : limits) {
        if (excess(limit, client, now) > limit.burst() * 1000L) {
          return false;
        }
      }
      for (Limits.RequestLimit limit : limits) {
        long excess = excess(limit, client, now);
        long[] node = nodes.get(limit.zone() + " " + client);
        if (node == null) {
          nodes.put(limit.zone() + " " + client, new long[] {0, now});
        } else {
          node[0] = excess;
          node[1] = now;
        }
      }
      return true;
    }

    private long excess(Limits.RequestLimit limit, String client, long now) {
      long[] node = nodes.get(limit.zone() + " " + client);
      if (node == null) {
        return 0;
      }
      return Math.max(0, node[0] - limit.rate() * (now - node[1]) / 1000 + 1000);
    }
  }

  @Provide
  Arbitrary<List<Tuple.Tuple2<Integer, Integer>>> arrivals() {
    return Combinators.combine(
            Arbitraries.oneOf(
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 400),
                Arbitraries.integers().between(0, 90_000)),
            Arbitraries.integers().between(0, 2))
        .as(Tuple::of)
        .list()
        .ofMinSize(1)
        .ofMaxSize(200);
  }

  @Property(tries = 500)
  void agreesWithNginxRequestByRequest(
      @ForAll("arrivals") List<Tuple.Tuple2<Integer, Integer>> arrivals,
      @ForAll("rates") Tuple.Tuple2<Integer, Integer> second,
      @ForAll("rates") Tuple.Tuple2<Integer, Integer> minute) {
    List<Limits.RequestLimit> requests =
        List.of(
            Limits.RequestLimit.perSecond("s", second.get1(), second.get2()),
            Limits.RequestLimit.perMinute("m", minute.get1() * 20, minute.get2() * 5));
    Limits limits = new Limits(requests, null, List.of(), Limits.BY_ADDRESS, 503, 503);
    Naive naive = new Naive();
    Clock virtual = new Clock();
    LimiterState empty = new LimiterState(virtual);

    for (Tuple.Tuple2<Integer, Integer> arrival : arrivals) {
      virtual.now += arrival.get1();
      String client = "c" + arrival.get2();
      assertThat(empty.tryRequest(limits, client))
          .as("at %d", virtual.now)
          .isEqualTo(naive.request(requests, client, virtual.now));
    }
  }

  @Provide
  Arbitrary<Tuple.Tuple2<Integer, Integer>> rates() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 20), Arbitraries.integers().between(0, 25))
        .as(Tuple::of);
  }

  /** SEC-62, and the flood of the issue: what is held does not grow with what is sent. */
  @Test
  void holdsAFloodOfAMillionAddressesInFixedMemory() {
    int maximum = 20_000;
    LimiterState bounded = new LimiterState(clock, maximum);
    Limits limits =
        limits(
            Limits.RequestLimit.perSecond("rps", 5, 25),
            Limits.RequestLimit.perMinute("rpm", 5, 25));
    long before = usedAfterCollection();

    for (int i = 0; i < 1_000_000; i++) {
      String address =
          new String(new char[] {10, (char) (i >> 16), (char) (i >> 8 & 0xFF), (char) (i & 0xFF)});
      bounded.tryRequest(limits, address);
      if (i % 50_000 == 0) {
        assertThat(bounded.buckets()).isLessThanOrEqualTo(maximum);
      }
    }

    assertThat(bounded.buckets()).isLessThanOrEqualTo(maximum);
    // A bucket with its key takes about 250 bytes; a million of them would take 250 MB and more.
    assertThat(usedAfterCollection() - before).isLessThan(maximum * 1000L);
    assertThat(bounded.tryRequest(limits, "next")).isTrue();
  }

  private static long usedAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void stillLimitsAClientThatComesOftenDuringAFlood() {
    LimiterState bounded = new LimiterState(clock, 1000);
    Limits limits = limits(Limits.RequestLimit.perMinute("z", 1, 5));
    int passed = 0;
    for (int i = 0; i < 100_000; i++) {
      bounded.tryRequest(limits, "flood" + i);
      if (i % 50 == 0) {
        passed += bounded.tryRequest(limits, "often") ? 1 : 0;
      }
    }

    assertThat(passed).isLessThan(100);
  }

  @Test
  void keepsLongKeysApartWithoutKeepingThem() {
    Limits limits = limits(Limits.RequestLimit.perSecond("z", 1, 0));
    String common = "x".repeat(10_000);

    assertThat(state.tryRequest(limits, common + "a")).isTrue();
    assertThat(state.tryRequest(limits, common + "b")).isTrue();
    assertThat(state.tryRequest(limits, common + "a")).isFalse();
  }

  @Test
  void countsConnectionsUntilTheyAreReleased() {
    Limits limits = limits(new Limits.ConnectionLimit("z", 2));

    assertThat(state.tryConnection(limits, "a")).isTrue();
    assertThat(state.tryConnection(limits, "a")).isTrue();
    assertThat(state.tryConnection(limits, "a")).isFalse();
    assertThat(state.tryConnection(limits, "b")).isTrue();
    state.releaseConnection(limits, "a");
    assertThat(state.tryConnection(limits, "a")).isTrue();
    assertThat(state.tryConnection(limits, "a")).isFalse();

    state.releaseConnection(limits, "a");
    state.releaseConnection(limits, "a");
    state.releaseConnection(limits, "b");
    assertThat(state.connections()).isZero();
  }

  @Test
  void turnsFurtherClientsAwayWhenAllCountersAreInUse() {
    LimiterState bounded = new LimiterState(clock, 2);
    Limits limits = limits(new Limits.ConnectionLimit("z", 2));
    bounded.tryConnection(limits, "a");
    bounded.tryConnection(limits, "b");

    assertThat(bounded.tryConnection(limits, "c")).isFalse();
    assertThat(bounded.tryConnection(limits, "a")).isTrue();
    bounded.releaseConnection(limits, "b");
    assertThat(bounded.tryConnection(limits, "c")).isTrue();
  }

  @Test
  void neverLimitsWithoutLimitOrWithoutKey() {
    Limits none = limits();
    Limits one =
        limits(new Limits.ConnectionLimit("z", 1), Limits.RequestLimit.perSecond("z", 1, 0));

    for (int i = 0; i < 3; i++) {
      assertThat(state.tryRequest(none, "a")).isTrue();
      assertThat(state.tryConnection(none, "a")).isTrue();
      assertThat(state.tryRequest(one, "")).isTrue();
      assertThat(state.tryConnection(one, "")).isTrue();
    }
    state.releaseConnection(none, "a");
    state.releaseConnection(one, "");
    assertThat(state.connections()).isZero();
    assertThat(state.buckets()).isZero();
  }

  @Test
  void countsNoRequestTwiceWhenManyThreadsAsk() throws Exception {
    Limits limits =
        limits(new Limits.ConnectionLimit("z", 30), Limits.RequestLimit.perSecond("z", 1, 99));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<int[]>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  int[] passed = new int[2];
                  for (int i = 0; i < 500; i++) {
                    passed[0] += state.tryRequest(limits, "c") ? 1 : 0;
                    passed[1] += state.tryConnection(limits, "c") ? 1 : 0;
                  }
                  return passed;
                }));
      }
      start.countDown();
      int requests = 0;
      int connections = 0;
      for (Future<int[]> result : results) {
        requests += result.get()[0];
        connections += result.get()[1];
      }

      assertThat(requests).isEqualTo(100);
      assertThat(connections).isEqualTo(30);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Section 6, limit-allowlist; section 12, limit-conn-zone-variable. */
  @Test
  void namesTheClientByItsAddressOrByAnotherVariable() {
    Limits byAddress =
        new Limits(List.of(), null, List.of(Cidr.parse("10.0.0.0/8")), Limits.BY_ADDRESS, 503, 503);
    Template header = ((Template.Parsed) Template.parse("$http_x_key", Set.of())).template();
    Limits byHeader = new Limits(List.of(), null, List.of(), header, 503, 503);

    assertThat(byAddress.client(AccessRequests.from("10.1.2.3"))).isEmpty();
    assertThat(byAddress.client(AccessRequests.from("11.1.2.3")))
        .isEqualTo("\u000b\u0001\u0002\u0003");
    assertThat(byHeader.client(AccessRequests.with("X-Key", "k"))).isEqualTo("k");
    assertThat(byHeader.client(AccessRequests.from("10.1.2.3"))).isEmpty();
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> Limits.RequestLimit.perSecond("z", 0, 1))
        .hasMessage("rate 0 must be 1 or more and burst 1 0 or more");
    assertThatThrownBy(() -> Limits.RequestLimit.perMinute("z", 1, -1))
        .hasMessage("rate 16 must be 1 or more and burst -1 0 or more");
    assertThatThrownBy(() -> new Limits.ConnectionLimit("z", 0))
        .hasMessage("count 0 must be 1 or more");
    assertThatThrownBy(() -> new Limits(List.of(), null, List.of(), Limits.BY_ADDRESS, 302, 503))
        .hasMessage("status 302 is not an error, 400 to 599");
    assertThatThrownBy(() -> new LimiterState(clock, 0)).hasMessage("maximum 0 must be 1 or more");
  }
}
