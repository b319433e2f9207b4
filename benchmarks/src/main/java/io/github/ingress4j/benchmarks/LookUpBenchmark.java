package io.github.ingress4j.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.ingress4j.benchmarks.Workload.Request;
import io.github.ingress4j.routing.Match;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
 * How long does it take to find the rule of a request?
 *
 * <p>Strings are made anew for each look-up, as a server makes them: a string that was looked up
 * before remembers its hash code, which would flatter hash maps. Before the first measurement the
 * contender has to answer as the linear scan does.
 *
 * <p>The time reported is that of one look-up.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
public class LookUpBenchmark {

  /** The look-ups of one call, each with strings of its own. */
  static final int BATCH = 8192;

  /** Requests to choose from; many times what the caches hold if the table is large. */
  private static final int REQUESTS = 32 * BATCH;

  private static final long SEED = 20_261_124;

  /** The rules compared with requests by the linear scan before the race. */
  private static final long CHECKS = 30_000_000;

  /** Who takes part. */
  @Param({"INGRESS4J", "HASH_MAPS", "FLOOR", "UNDERTOW", "ELEMENT_HASH", "NODE_TRIE"})
  Contender.Kind contender = Contender.Kind.INGRESS4J;

  /** The number of rules. */
  @Param({"10", "1000", "100000", "1000000"})
  int rules = 10;

  /** Whether every rule is asked for equally often, so that caches do not help. */
  @Param({"false", "true"})
  boolean even;

  private @Nullable Contender racer;
  private List<Request> requests = List.of();
  private int next;
  private final String[] hosts = new String[BATCH];
  private final String[] paths = new String[BATCH];

  /** Makes rules and requests and compares the contender's answers with the truth. */
  @Setup(Level.Trial)
  public void prepare() {
    Workload workload = new Workload(rules, SEED);
    requests = workload.requests(REQUESTS, even);
    Contender made = contender.create(workload.rules());
    racer = made;
    if (made.isRouter()) {
      int checks = (int) Math.min(REQUESTS, CHECKS / rules);
      compare(made, new LinearScan(workload.rules()), requests.subList(0, checks));
      compare(made, Workload.table(workload.rules())::match, requests);
    }
  }

  private static void compare(Contender made, Contender truth, List<Request> requests) {
    int wrong = 0;
    for (Request request : requests) {
      Object expected = rule(truth.match(request.host(), request.path()));
      Object found =
          made.isBound()
              ? made.match(request.hostKey(), request.pathKey())
              : made.match(request.host(), request.path());
      if (!Objects.equals(expected, rule(found)) && ++wrong <= 10) {
        System.out.println(
            "disagreement: " + request + " is taken by " + expected + ", not " + found);
      }
    }
    if (wrong > 0) {
      throw new IllegalStateException(wrong + " of " + requests.size() + " answers are wrong");
    }
  }

  private static @Nullable Object rule(@Nullable Object answer) {
    return answer instanceof Match<?> match ? match.target() : answer;
  }

  /** Makes the strings of the next call. */
  @Setup(Level.Invocation)
  public void refill() {
    boolean keys = racer != null && racer.isBound();
    for (int i = 0; i < BATCH; i++) {
      Request request = requests.get(next);
      next = (next + 1) % REQUESTS;
      hosts[i] = fresh(keys ? request.hostKey() : request.host());
      paths[i] = fresh(keys ? request.pathKey() : request.path());
    }
  }

  private static String fresh(String text) {
    // A copy by new String(text) would share the characters and remember the hash code.
    return new String(text.getBytes(ISO_8859_1), ISO_8859_1);
  }

  /**
   * Looks up one request after the other.
   *
   * @param blackhole takes the answers
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void lookUp(Blackhole blackhole) {
    Contender made = racer;
    if (made == null) {
      throw new IllegalStateException("not prepared");
    }
    for (int i = 0; i < BATCH; i++) {
      blackhole.consume(made.match(hosts[i], paths[i]));
    }
  }
}
