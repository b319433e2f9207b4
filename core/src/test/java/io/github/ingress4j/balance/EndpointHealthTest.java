package io.github.ingress4j.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REL-15 and REL-16: endpoints that fail are spared for a while. REL-24: by a clock of its own. */
class EndpointHealthTest {

  private static final String WEB = "web";

  private long nanos = Long.MAX_VALUE - 1_000;
  private final BalancerState state =
      BalancerState.ejecting(new Random(0), InstantSource.fixed(Instant.EPOCH), () -> nanos);
  private final EndpointHealth health = state.health();

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new Endpoint("10.0.0." + (i + 1), 8080));
    }
    return endpoints;
  }

  private void pass(long seconds) {
    nanos += TimeUnit.SECONDS.toNanos(seconds);
  }

  private void fail(int total, Endpoint endpoint, int times) {
    for (int i = 0; i < times; i++) {
      health.failed(WEB, total, endpoint, health.enter(WEB, endpoint));
    }
  }

  private void succeed(int total, Endpoint endpoint) {
    health.succeeded(WEB, total, endpoint, health.enter(WEB, endpoint));
  }

  @Test
  void ejectsAfterFiveFailuresInARow() {
    Endpoint first = endpoints(2).get(0);

    fail(2, first, 4);
    succeed(2, first);
    fail(2, first, 4);
    assertThat(health.avoided(WEB, 2)).isEmpty();

    fail(2, first, 1);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    assertThat(health.avoided("other", 2)).isEmpty();
    assertThat(health.ejections()).isEqualTo(1);
    assertThat(health.panics()).isZero();
  }

  @Test
  void forgetsFailuresAtTheNextSuccess() {
    Endpoint first = endpoints(2).get(0);

    fail(2, first, 4);
    assertThat(health.size()).isEqualTo(1);
    succeed(2, first);

    assertThat(health.size()).isZero();
  }

  @Test
  void letsOneRequestFindOutAfterTheTime() {
    Endpoint first = endpoints(2).get(0);
    fail(2, first, 5);

    pass(29);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    pass(1);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    long probe = health.enter(WEB, first);
    assertThat(probe).isNotEqualTo(EndpointHealth.TAKEN);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);

    health.succeeded(WEB, 2, first, probe);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    fail(2, first, 4);
    assertThat(health.avoided(WEB, 2)).isEmpty();
  }

  @Test
  void ejectsForLongerEachTimeUntilThePastIsForgotten() {
    Endpoint first = endpoints(2).get(0);
    fail(2, first, 5);
    List<Integer> seconds = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int waited = 0;
      while (!health.avoided(WEB, 2).isEmpty()) {
        pass(1);
        waited++;
      }
      seconds.add(waited);
      fail(2, first, 1);
    }
    assertThat(seconds).containsExactly(30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300);

    pass(300);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    succeed(2, first);
    pass(299);
    fail(2, first, 5);
    pass(299);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    pass(1);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    succeed(2, first);
    pass(300);
    fail(2, first, 5);
    pass(29);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    pass(1);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    succeed(2, first);
    pass(300);
    succeed(2, first);
    assertThat(health.size()).isZero();
  }

  @ParameterizedTest(name = "{1} of {0} endpoints")
  @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "9, 4"})
  void ejectsHalfOfTheEndpointsAtMost(int total, int ejected) {
    for (Endpoint endpoint : endpoints(total).subList(0, ejected)) {
      fail(total, endpoint, 5);
    }
    assertThat(health.avoided(WEB, total)).hasSize(ejected);

    fail(total, endpoints(total).get(ejected), 20);

    assertThat(health.ejections()).isEqualTo(ejected);
  }

  @Test
  void usesAllEndpointsWhileFewerThanHalfAreHealthy() {
    List<Endpoint> all = endpoints(4);
    fail(4, all.get(0), 5);
    fail(4, all.get(1), 5);
    fail(4, all.get(2), 4);
    assertThat(health.avoided(WEB, 4)).containsExactlyInAnyOrder(all.get(0), all.get(1));
    assertThat(health.panics()).isZero();

    fail(4, all.get(2), 1);
    assertThat(health.avoided(WEB, 4)).isEmpty();
    assertThat(health.panics()).isEqualTo(1);
    fail(4, all.get(3), 9);
    assertThat(health.avoided(WEB, 4)).isEmpty();
    assertThat(health.panics()).isEqualTo(1);

    succeed(4, all.get(2));
    succeed(4, all.get(3));
    assertThat(health.avoided(WEB, 4)).containsExactlyInAnyOrder(all.get(0), all.get(1));
  }

  @Test
  void doesNotCallTheFailureOfAnOnlyEndpointAPanic() {
    fail(1, endpoints(1).get(0), 50);

    assertThat(health.avoided(WEB, 1)).isEmpty();
    assertThat(health.panics()).isZero();
  }

  @Test
  void ejectsAnotherOneOnceThereIsRoom() {
    List<Endpoint> two = endpoints(2);
    fail(2, two.get(0), 5);
    fail(2, two.get(1), 7);
    pass(30);
    assertThat(health.avoided(WEB, 2)).isEmpty();

    succeed(2, two.get(0));
    fail(2, two.get(1), 1);

    assertThat(health.avoided(WEB, 2)).containsExactly(two.get(1));
  }

  /** A hundred requests run into the same time-out, long after the endpoint has come back. */
  @Test
  void ignoresWhatBecomesOfAttemptsFromBefore() {
    Endpoint first = endpoints(2).get(0);
    long[] marks = new long[100];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = health.enter(WEB, first);
    }
    for (int i = 0; i < 50; i++) {
      health.failed(WEB, 2, first, marks[i]);
    }
    assertThat(health.ejections()).isEqualTo(1);
    health.succeeded(WEB, 2, first, marks[50]);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    pass(30);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    long probe = health.enter(WEB, first);
    for (int i = 51; i < 70; i++) {
      health.failed(WEB, 2, first, marks[i]);
      health.succeeded(WEB, 2, first, marks[i]);
    }
    assertThat(health.avoided(WEB, 2)).containsExactly(first);

    health.succeeded(WEB, 2, first, probe);
    for (int i = 70; i < 100; i++) {
      health.failed(WEB, 2, first, marks[i]);
    }

    assertThat(health.avoided(WEB, 2)).isEmpty();
    assertThat(health.ejections()).isEqualTo(1);
  }

  @Test
  void letsAnotherRequestFindOutIfTheFirstCannot() {
    Endpoint first = endpoints(2).get(0);
    fail(2, first, 5);
    pass(30);
    assertThat(health.avoided(WEB, 2)).isEmpty();
    long probe = health.enter(WEB, first);
    health.abandoned(WEB, first, probe - 1);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);

    health.abandoned(WEB, first, probe);
    assertThat(health.avoided(WEB, 2)).isEmpty();

    // Nor is one waited for of which nothing is heard.
    health.enter(WEB, first);
    pass(59);
    assertThat(health.avoided(WEB, 2)).containsExactly(first);
    pass(1);
    assertThat(health.avoided(WEB, 2)).isEmpty();
  }

  /** REL-06: health is kept for endpoints that stay, and nothing for the others. */
  @Test
  void keepsWhatIsKnownOfEndpointsThatStay() {
    List<Endpoint> all = endpoints(4);
    fail(4, all.get(0), 5);
    fail(4, all.get(1), 5);
    fail(4, all.get(2), 3);
    health.failed("gone", 4, all.get(0), health.enter("gone", all.get(0)));

    state.retain(Map.of(WEB, List.of(all.get(0), all.get(3), new Endpoint("10.0.9.9", 80))));

    assertThat(health.avoided(WEB, 3)).containsExactly(all.get(0));
    assertThat(health.size()).isEqualTo(1);

    // Of two, the one that is out is the only healthy one's neighbour; alone, it has to do.
    state.retain(Map.of(WEB, List.of(all.get(0))));
    assertThat(health.avoided(WEB, 1)).isEmpty();
    state.retain(Map.of());
    assertThat(health.size()).isZero();
  }

  @Test
  void knowsNothingIfItIsOff() {
    EndpointHealth off =
        new BalancerState(new Random(0), InstantSource.fixed(Instant.EPOCH)).health();
    Endpoint first = endpoints(2).get(0);
    for (int i = 0; i < 50; i++) {
      off.failed(WEB, 2, first, off.enter(WEB, first));
    }

    assertThat(off.avoided(WEB, 2)).isEmpty();
    assertThat(off.size()).isZero();
  }

  /** The rules, one endpoint after the other, with whole seconds and numbered attempts. */
  private static final class Naive {

    private static final class One {
      private int failures;
      private int times;
      private long backAt;
      private boolean isOut;
      private long outUntil;
      private boolean isDue;
      private int probe = -1;
      private int changedBefore;
    }

    private final Map<Endpoint, One> all = new LinkedHashMap<>();
    private int attempts;
    private int panics;
    private long now;

    Naive(List<Endpoint> endpoints) {
      endpoints.forEach(endpoint -> all.put(endpoint, new One()));
    }

    private One of(Endpoint endpoint) {
      One one = all.get(endpoint);
      assertThat(one).isNotNull();
      return one == null ? new One() : one;
    }

    private long count(Predicate<One> which) {
      return all.values().stream().filter(which).count();
    }

    boolean isPanic() {
      long healthy = count(one -> !one.isOut && one.failures < 5);
      return count(one -> one.isOut) > 0 && healthy * 2 < all.size();
    }

    void pass(long seconds) {
      now += seconds;
      for (One one : all.values()) {
        if (one.isOut && !one.isDue && now >= one.outUntil) {
          one.isDue = true;
          one.probe = -1;
          one.changedBefore = attempts;
        }
      }
    }

    Set<Endpoint> avoided() {
      Set<Endpoint> avoided = new HashSet<>();
      all.forEach(
          (endpoint, one) -> {
            if (one.isOut && !one.isDue && !isPanic()) {
              avoided.add(endpoint);
            }
          });
      return avoided;
    }

    int enter(Endpoint endpoint) {
      One one = of(endpoint);
      if (one.isDue) {
        one.isDue = false;
        one.probe = attempts;
        one.changedBefore = attempts;
        one.outUntil = now + 60;
      }
      return attempts++;
    }

    void succeeded(Endpoint endpoint, int attempt) {
      One one = of(endpoint);
      if (attempt < one.changedBefore) {
        return;
      }
      if (!one.isOut) {
        one.failures = 0;
        if (one.times > 0 && now - one.backAt >= 300) {
          one.times = 0;
          one.changedBefore = 0;
        }
      } else if (one.isDue || one.probe >= 0) {
        one.isOut = false;
        one.isDue = false;
        one.failures = 0;
        one.backAt = now;
        one.changedBefore = attempts;
      }
    }

    void failed(Endpoint endpoint, int attempt) {
      boolean wasPanic = isPanic();
      One one = of(endpoint);
      if (attempt < one.changedBefore) {
        return;
      }
      if (!one.isOut) {
        if (one.failures == 0 && now - one.backAt >= 300) {
          one.times = 0;
        }
        one.failures = Math.min(5, one.failures + 1);
        if (one.failures == 5 && count(other -> other.isOut) + 1 <= all.size() / 2) {
          eject(one);
        }
      } else if (one.isDue || one.probe >= 0) {
        eject(one);
      }
      panics += isPanic() && !wasPanic ? 1 : 0;
    }

    private void eject(One one) {
      one.isOut = true;
      one.isDue = false;
      one.probe = -1;
      one.times = Math.min(10, one.times + 1);
      one.outUntil = now + 30L * one.times;
      one.changedBefore = attempts;
    }

    void abandoned(Endpoint endpoint, int attempt) {
      One one = of(endpoint);
      if (one.isOut && one.probe == attempt) {
        one.isDue = true;
        one.probe = -1;
        one.changedBefore = attempts;
      }
    }
  }

  private record Attempt(Endpoint endpoint, long mark, int number) {}

  @Property
  void doesAsTheRulesSay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int total,
      @ForAll @IntRange(max = 400) int steps) {
    Random random = new Random(seed);
    long[] at = {nanos};
    BalancerState state =
        BalancerState.ejecting(new Random(0), InstantSource.fixed(Instant.EPOCH), () -> at[0]);
    EndpointHealth health = state.health();
    List<Endpoint> endpoints = endpoints(total);
    EndpointPicker picker =
        random.nextBoolean()
            ? EndpointPicker.roundRobin(endpoints)
            : EndpointPicker.peakEwma(endpoints);
    Naive naive = new Naive(endpoints);
    List<Attempt> open = new ArrayList<>();
    // How good each endpoint is changes now and then; all of them bad is possible.
    int bad = random.nextInt(1 << total);
    for (int i = 0; i < steps; i++) {
      int what = random.nextInt(20);
      if (what == 0) {
        bad = random.nextInt(1 << total);
      } else if (what == 1) {
        int seconds = random.nextInt(70);
        at[0] += TimeUnit.SECONDS.toNanos(seconds);
        naive.pass(seconds);
      } else if (what < 11 || open.isEmpty()) {
        Set<Endpoint> avoided = health.avoided(WEB, total);
        Endpoint chosen = picker.pick(WEB, "", List.of(), avoided, state);
        assertThat(naive.avoided()).doesNotContain(chosen);
        long mark = health.enter(WEB, chosen);
        assertThat(mark).isNotEqualTo(EndpointHealth.TAKEN);
        open.add(new Attempt(chosen, mark, naive.enter(chosen)));
      } else {
        Attempt attempt = open.remove(random.nextInt(open.size()));
        Endpoint endpoint = attempt.endpoint;
        if (random.nextInt(10) == 0) {
          health.abandoned(WEB, endpoint, attempt.mark);
          naive.abandoned(endpoint, attempt.number);
        } else if ((bad >> endpoints.indexOf(endpoint) & 1) == 1) {
          health.failed(WEB, total, endpoint, attempt.mark);
          naive.failed(endpoint, attempt.number);
        } else {
          health.succeeded(WEB, total, endpoint, attempt.mark);
          naive.succeeded(endpoint, attempt.number);
        }
      }
      assertThat(health.avoided(WEB, total)).isEqualTo(naive.avoided());
      assertThat(health.avoided(WEB, total).size()).isLessThanOrEqualTo(total / 2);
    }
    assertThat(health.panics()).isEqualTo(naive.panics);
  }

  /** However many requests race for it, one finds out about an endpoint. */
  @Test
  void letsOneOfManyThreadsFindOut() throws Exception {
    List<Endpoint> two = endpoints(2);
    EndpointPicker picker = EndpointPicker.roundRobin(two);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 50; round++) {
        pass(400);
        health.avoided(WEB, 2);
        fail(2, two.get(0), 5);
        pass(300);
        AtomicInteger probes = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(
              threads.submit(
                  () -> {
                    for (int n = 0; n < 100; n++) {
                      Endpoint chosen =
                          picker.pick(WEB, "", List.of(), health.avoided(WEB, 2), state);
                      if (chosen.equals(two.get(0))
                          && health.enter(WEB, chosen) != EndpointHealth.TAKEN) {
                        probes.incrementAndGet();
                      }
                    }
                  }));
        }
        for (Future<?> one : all) {
          one.get(30, TimeUnit.SECONDS);
        }
        // One claims it; another may have looked before and entered after, and then finds it taken.
        assertThat(probes.get()).isBetween(1, 8);
        assertThat(health.avoided(WEB, 2)).containsExactly(two.get(0));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest(name = "{0} endpoints are out")
  @CsvSource({"0", "1", "2"})
  void allocatesNothingToChoose(int out) {
    List<Endpoint> all = endpoints(5);
    all.subList(0, out).forEach(endpoint -> fail(5, endpoint, 5));
    List<EndpointPicker> pickers =
        List.of(
            EndpointPicker.roundRobin(all),
            EndpointPicker.consistentHash(all),
            EndpointPicker.subsetHash(all, 2),
            EndpointPicker.peakEwma(all));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    for (EndpointPicker picker : pickers) {
      long least = Long.MAX_VALUE;
      long marks = 0;
      for (int round = 0; round < 10; round++) {
        long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < 10_000; i++) {
          Endpoint chosen = picker.pick(WEB, "key", List.of(), health.avoided(WEB, 5), state);
          long mark = health.enter(WEB, chosen);
          health.succeeded(WEB, 5, chosen, mark);
          marks += mark;
        }
        least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
      }
      assertThat(marks).isNotNegative();
      // What the measure itself takes is some hundred bytes a round, not one a choice.
      assertThat(least).as(picker.getClass().getSimpleName()).isLessThan(1_000);
    }
  }

  private Map<Endpoint, Integer> share(EndpointPicker picker, Set<Endpoint> avoided, int requests) {
    Map<Endpoint, Integer> share = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      share.merge(picker.pick(WEB, "/" + i, List.of(), avoided, state), 1, Integer::sum);
    }
    return share;
  }

  /** REL-27: the others get equal shares, not the neighbour of the missing one a double share. */
  @Test
  void isFairToTheOthers() {
    List<Endpoint> five = endpoints(5);
    Set<Endpoint> out = Set.of(five.get(1), five.get(2));

    assertThat(share(EndpointPicker.roundRobin(five), out, 300))
        .containsOnly(
            Map.entry(five.get(0), 100), Map.entry(five.get(3), 100), Map.entry(five.get(4), 100));
    for (EndpointPicker picker :
        List.of(
            EndpointPicker.peakEwma(five),
            EndpointPicker.consistentHash(five),
            EndpointPicker.subsetHash(five, 5))) {
      assertThat(share(picker, out, 9_000).keySet())
          .containsExactlyInAnyOrder(five.get(0), five.get(3), five.get(4));
    }
    assertThat(share(EndpointPicker.subsetHash(five, 5), out, 9_000).values())
        .allMatch(n -> Math.abs(n - 3_000) < 300);
  }

  /** REL-27: keys of the others stay where they are. */
  @Property(tries = 100)
  void movesOnlyTheKeysOfEndpointsThatAreOut(
      @ForAll @IntRange(min = 2, max = 9) int count, @ForAll @IntRange(max = 8) int which) {
    List<Endpoint> all = endpoints(count);
    Endpoint out = all.get(which % count);
    List<Endpoint> others = new ArrayList<>(all);
    others.remove(out);
    EndpointPicker ring = EndpointPicker.consistentHash(all);
    EndpointPicker without = EndpointPicker.consistentHash(others);
    for (int i = 0; i < 50; i++) {
      String key = "/" + i;
      // As if it were not there, which moves no key of another one.
      assertThat(ring.pick(WEB, key, List.of(), Set.of(out), state))
          .isEqualTo(without.pick(WEB, key, List.of(), state));
    }
    assertThat(ring.pick(WEB, "/", List.of(), Set.copyOf(all), state))
        .isEqualTo(ring.pick(WEB, "/", List.of(), state));
  }

  @Test
  void leavesAGroupOnlyIfAllOfItAreOut() {
    List<Endpoint> four = endpoints(4);
    EndpointPicker pairs = EndpointPicker.subsetHash(four, 2);
    List<Endpoint> group = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Endpoint member = pairs.pick(WEB, "k", List.of(), state);
      if (!group.contains(member)) {
        group.add(member);
      }
    }
    assertThat(group).hasSize(2);

    for (int i = 0; i < 50; i++) {
      assertThat(pairs.pick(WEB, "k", List.of(), Set.of(group.get(0)), state))
          .isEqualTo(group.get(1));
      assertThat(group).doesNotContain(pairs.pick(WEB, "k", List.of(), Set.copyOf(group), state));
      assertThat(group).contains(pairs.pick(WEB, "k", List.of(), Set.copyOf(four), state));
    }
  }

  /** REL-14: an endpoint to avoid is better than the one that has just failed. */
  @Test
  void prefersAnEndpointThatIsOutToOneThatFailedForTheRequest() {
    List<Endpoint> two = endpoints(2);
    for (EndpointPicker picker :
        List.of(EndpointPicker.roundRobin(two), EndpointPicker.peakEwma(two))) {
      for (int i = 0; i < 20; i++) {
        assertThat(picker.pick(WEB, "", List.of(two.get(0)), Set.of(two.get(1)), state))
            .isEqualTo(two.get(1));
        assertThat(picker.pick(WEB, "", two, Set.of(two.get(1)), state)).isIn(two);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"BALANCED", "PERSISTENT"})
  void movesSessionsThatMayMove(StickySessions.Mode mode) {
    List<Endpoint> three = endpoints(3);
    StickySessions sessions = StickySessions.of(mode, "default-web-80", three);
    StickySessions.Choice first = sessions.choose(null, List.of(), true, state);
    Set<Endpoint> out = Set.of(first.endpoint());

    StickySessions.Choice moved = sessions.choose(first.newKey(), List.of(), out, true, state);
    assertThat(moved.endpoint()).isNotEqualTo(first.endpoint());
    assertThat(moved.newKey()).isNotNull();
    assertThat(sessions.choose(first.newKey(), List.of(), out, false, state))
        .isEqualTo(new StickySessions.Choice(first.endpoint(), null));
    for (int i = 0; i < 20; i++) {
      assertThat(sessions.choose(null, List.of(), out, false, state).endpoint())
          .isNotEqualTo(first.endpoint());
    }
  }

  @Test
  void keepsRetriesWithinAFifthOfTheRequests() {
    RetryBudget budget = state.retries();
    budget.begin();
    assertThat(List.of(budget.take(), budget.take(), budget.take(), budget.take()))
        .containsExactly(true, true, true, false);

    for (int i = 0; i < 19; i++) {
      budget.begin();
    }
    assertThat(List.of(budget.take(), budget.take())).containsExactly(true, false);
    budget.end(true);
    assertThat(budget.take()).isFalse();
    budget.begin();
    assertThat(budget.take()).isTrue();
    budget.end(false);
    budget.end(false);
    assertThat(budget.take()).isFalse();
  }
}
