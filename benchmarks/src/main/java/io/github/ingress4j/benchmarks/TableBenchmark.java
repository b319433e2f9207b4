package io.github.ingress4j.benchmarks;

import io.github.ingress4j.benchmarks.Workload.Rule;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to build a table from patterns, and to publish one with a host changed? */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
public class TableBenchmark {

  private static final long SEED = 20_261_124;

  /** The number of rules. */
  @Param({"1000", "100000", "1000000"})
  int rules = 1000;

  private List<Rule> all = List.of();
  private List<List<Rule>> hosts = List.of();
  private RoutingTable<Rule> table = RoutingTable.<Rule>builder().build();
  private int next;

  /** Makes the rules. */
  @Setup
  public void prepare() {
    Map<HostPattern, List<Rule>> byHost =
        new Workload(rules, SEED).rules().stream().collect(Collectors.groupingBy(Rule::host));
    hosts = new ArrayList<>(byHost.values());
    Collections.shuffle(hosts, new Random(SEED));
    all = hosts.stream().flatMap(List::stream).toList();
    table = Workload.table(all);
  }

  /**
   * Builds a table of all rules, added host by host as a translation of manifests does.
   *
   * @return the table
   */
  @Benchmark
  public RoutingTable<Rule> build() {
    return Workload.table(all);
  }

  /**
   * Takes one host out and puts its rules in again, and leaves the new table in place of the old.
   *
   * @return the table
   */
  @Benchmark
  public RoutingTable<Rule> publishOneHost() {
    List<Rule> host = hosts.get(next);
    next = (next + 1) % hosts.size();
    RoutingTable.Builder<Rule> builder = table.toBuilder().remove(host.get(0).host());
    for (Rule rule : host) {
      builder.add(rule.host(), rule.path(), rule);
    }
    table = builder.build();
    return table;
  }
}
