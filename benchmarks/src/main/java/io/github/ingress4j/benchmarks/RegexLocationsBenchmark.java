package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import io.github.ingress4j.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to find the rule of a path on a host whose paths are regular expressions?
 *
 * <p>The expressions are those that people write: nine of ten are a literal with {@code (/|$)(.*)},
 * {@code /(.*)} or nothing behind it, and one has a class that has to run. The rival is the list of
 * patterns that nginx walks, with java.util.regex as it comes. Both answer alike before the first
 * measurement.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class RegexLocationsBenchmark {

  private static final int REQUESTS = 1024;
  private static final String HOST = "shop.example";

  /** The number of expressions. */
  @Param({"10", "100", "1000"})
  int paths = 10;

  /** Whether an expression matches, or none. */
  @Param({"true", "false"})
  boolean hit;

  private @Nullable RoutingTable<Integer> table;
  private Pattern[] patterns = {};
  private final String[] requests = new String[REQUESTS];
  private int next;

  /** Makes the table, the list and the requests, and compares the answers. */
  @Setup(Level.Trial)
  public void prepare() {
    Random random = new Random(20_261_124);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < paths; i++) {
      String stem = "/team-" + i % 7 + "/service-" + i;
      texts.add(
          switch (i % 10) {
            case 0 -> stem + "/v[0-9]+/users(/|$)(.*)";
            case 1, 2, 3 -> stem + "/(.*)";
            case 4 -> stem;
            default -> stem + "(/|$)(.*)";
          });
    }
    HostPattern host = HostPattern.parse(HOST);
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    patterns = new Pattern[paths];
    for (int i = 0; i < paths; i++) {
      PcrePattern.Result result = PcrePattern.compile(texts.get(i), true, true);
      PcrePattern pattern = ((PcrePattern.Compiled) result).pattern();
      builder.add(host, PathPattern.regex(pattern, i), i);
      patterns[i] =
          Pattern.compile("^" + texts.get(i), Pattern.CASE_INSENSITIVE | Pattern.UNIX_LINES);
    }
    table = builder.build();
    for (int i = 0; i < REQUESTS; i++) {
      int rule = random.nextInt(paths);
      String stem = "/team-" + rule % 7 + "/service-" + (hit ? rule : "x" + rule);
      requests[i] = stem + "/v" + random.nextInt(20) + "/users/" + random.nextInt(1000);
    }
    for (int i = 0; i < REQUESTS; i++) {
      int before = next;
      Integer indexed = index();
      next = before;
      if (!Objects.equals(indexed, list())) {
        throw new IllegalStateException("answers differ for " + requests[i]);
      }
    }
  }

  private String request() {
    next = (next + 1) & (REQUESTS - 1);
    return requests[next];
  }

  /**
   * The table of this library.
   *
   * @return the rule, or null
   */
  @Benchmark
  public @Nullable Integer index() {
    String path = request();
    Match<Integer> match =
        Objects.requireNonNull(table)
            .match(HOST, 0, HOST.length(), path, 0, path.length(), new RegexBudget());
    return match == null ? null : match.target();
  }

  /**
   * The list of patterns, each tried in turn.
   *
   * @return the rule, or null
   */
  @Benchmark
  public @Nullable Integer list() {
    String path = request();
    for (int i = 0; i < patterns.length; i++) {
      if (patterns[i].matcher(path).find()) {
        return i;
      }
    }
    return null;
  }
}
