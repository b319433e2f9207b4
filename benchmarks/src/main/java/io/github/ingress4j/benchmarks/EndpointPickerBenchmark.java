package io.github.ingress4j.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointHealth;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.balance.StickySessions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does it take to choose the endpoint of a request, and to be ready for the first one?
 *
 * <p>One way of choosing is there for comparison: {@code TREE_MAP} is the hash ring in its plain
 * form, the formula written down with {@link CRC32} and {@link TreeMap}. Before the first
 * measurement the ring has to answer as it does.
 *
 * <p>With {@code asksHealth} a choice is made as a request makes it: it asks which endpoints fail,
 * and tells that this one has answered. Without, it is the choice alone.
 *
 * <p>Keys are strings made anew, as a server makes them. The time of {@link #pick} is that of one
 * choice, the time of {@link #prepare} that of making the tables and choosing once.
 */
@BenchmarkMode(Mode.AverageTime)
@State(Scope.Thread)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class EndpointPickerBenchmark {

  /** The choices of one call, each with a key of its own. */
  static final int BATCH = 4096;

  private static final long SEED = 20_261_124;

  /** Who takes part. */
  public enum Way {
    /** Rotation. */
    ROUND_ROBIN,
    /** The ring. */
    CONSISTENT_HASH,
    /** The ring in its plain form. */
    TREE_MAP,
    /** Groups of three on a ring. */
    SUBSET_HASH,
    /** The faster of two, all measured. */
    PEAK_EWMA,
    /** A session that is found on a ring. */
    STICKY_BALANCED,
    /** A session that is found by a digest. */
    STICKY_PERSISTENT
  }

  /** A way of choosing, ready for use. */
  private interface Chooser {
    @Nullable Endpoint choose(String key);
  }

  /** How endpoints are chosen. */
  @Param Way way = Way.ROUND_ROBIN;

  /** The number of endpoints. */
  @Param({"3", "100", "1000"})
  int endpoints = 3;

  /** Whether endpoints that fail would be avoided; none does. */
  @Param({"true", "false"})
  boolean asksHealth = true;

  private List<Endpoint> members = List.of();
  private @Nullable BalancerState state;
  private @Nullable Chooser chooser;
  private String[] known = {};
  private final String[] keys = new String[BATCH];

  /** Makes endpoints and keys and compares the ring's answers with the plain form's. */
  @Setup(Level.Trial)
  public void setUp() {
    members = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      members.add(new Endpoint("10.1." + i / 250 + "." + (i % 250 + 1), 8080));
    }
    BalancerState made =
        BalancerState.ejecting(threadLocal(), InstantSource.system(), System::nanoTime);
    Random random = new Random(SEED);
    for (Endpoint endpoint : members) {
      made.responded(endpoint, 0, random.nextInt(1_000_000_000));
    }
    state = made;
    known = new String[BATCH];
    StickySessions sessions = sessions(StickySessions.Mode.PERSISTENT);
    for (int i = 0; i < BATCH; i++) {
      String session = sessions.choose(null, List.of(), false, made).newKey();
      known[i] =
          way == Way.STICKY_PERSISTENT && session != null
              ? session
              : "/catalog/items/" + random.nextInt(1_000_000) + "?page=1";
    }
    Chooser plain = treeMap();
    EndpointPicker ring = EndpointPicker.consistentHash(members);
    for (String key : known) {
      Endpoint expected = plain.choose(key);
      Endpoint found = ring.pick("default/web:80", key, List.of(), made);
      if (!found.equals(expected)) {
        throw new IllegalStateException(key + " belongs to " + expected + ", not " + found);
      }
    }
    chooser = chooser(made);
  }

  /** The generator of the thread that asks, so that what is measured is not its contention. */
  private static RandomGenerator threadLocal() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return ThreadLocalRandom.current().nextLong();
      }

      @Override
      public int nextInt(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
      }
    };
  }

  private StickySessions sessions(StickySessions.Mode mode) {
    return StickySessions.of(mode, "default-web-80", members);
  }

  private Chooser chooser(BalancerState balancer) {
    return switch (way) {
      case ROUND_ROBIN -> by(EndpointPicker.roundRobin(members), balancer);
      case CONSISTENT_HASH -> by(EndpointPicker.consistentHash(members), balancer);
      case SUBSET_HASH -> by(EndpointPicker.subsetHash(members, 3), balancer);
      case PEAK_EWMA -> by(EndpointPicker.peakEwma(members), balancer);
      case STICKY_BALANCED -> sessions(StickySessions.Mode.BALANCED)::find;
      case STICKY_PERSISTENT -> sessions(StickySessions.Mode.PERSISTENT)::find;
      case TREE_MAP -> treeMap();
    };
  }

  private Chooser by(EndpointPicker picker, BalancerState balancer) {
    if (!asksHealth) {
      return key -> picker.pick("default/web:80", key, List.of(), balancer);
    }
    EndpointHealth health = balancer.health();
    int total = picker.endpoints().size();
    return key -> {
      Set<Endpoint> avoided = health.avoided("default/web:80", total);
      Endpoint endpoint = picker.pick("default/web:80", key, List.of(), avoided, balancer);
      long mark = health.enter("default/web:80", endpoint);
      health.succeeded("default/web:80", total, endpoint, mark);
      return endpoint;
    };
  }

  private Chooser treeMap() {
    TreeMap<Long, Endpoint> points = new TreeMap<>();
    for (Endpoint member : members) {
      byte[] name = member.toString().getBytes(ISO_8859_1);
      ByteBuffer before = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 160; i++) {
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(before.array());
        before.putInt(0, (int) crc.getValue());
        points.merge(
            crc.getValue(),
            member,
            (one, other) -> one.toString().compareTo(other.toString()) <= 0 ? one : other);
      }
    }
    return key -> {
      CRC32 crc = new CRC32();
      crc.update(key.getBytes(ISO_8859_1));
      Map.Entry<Long, Endpoint> next = points.ceilingEntry(crc.getValue());
      return next == null ? points.firstEntry().getValue() : next.getValue();
    };
  }

  /** Makes the keys of the next call. */
  @Setup(Level.Invocation)
  public void refill() {
    for (int i = 0; i < BATCH; i++) {
      // A copy by new String(text) would share the characters and remember the hash code.
      keys[i] = new String(known[i].getBytes(ISO_8859_1), ISO_8859_1);
    }
  }

  /**
   * Chooses for one request after the other.
   *
   * @param blackhole takes the endpoints
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public void pick(Blackhole blackhole) {
    Chooser made = chooser;
    if (made == null) {
      throw new IllegalStateException("not set up");
    }
    for (int i = 0; i < BATCH; i++) {
      blackhole.consume(made.choose(keys[i]));
    }
  }

  /**
   * Makes what chooses and chooses once, as the first request after a change does.
   *
   * @return the endpoint
   */
  @Benchmark
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public @Nullable Endpoint prepare() {
    BalancerState made = state;
    if (made == null) {
      throw new IllegalStateException("not set up");
    }
    return chooser(made).choose(keys[0]);
  }
}
