package io.github.ingress4j.benchmarks;

import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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
 * What do ordinary patterns pay for the budget that stops extraordinary ones?
 *
 * <p>Both run the same expression on the same path and keep the captures, as a rewrite does it:
 * once with every character counted, and once by java.util.regex as it comes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(2)
public class RegexGuardBenchmark {

  /** An expression. */
  @Param({
    "/something(/|$)(.*)",
    "/api/v[0-9]+/users/([^/]+)",
    "/(.*)\\.html$",
    "/([a-z]+)/([a-z]+)/(.*)"
  })
  String expression = "";

  private @Nullable PcrePattern guarded;
  private @Nullable Pattern bare;
  private String path = "";

  /** Compiles both and chooses a path that matches. */
  @Setup(Level.Trial)
  public void prepare() {
    PcrePattern.Result result = PcrePattern.compile(expression, true, true);
    guarded = ((PcrePattern.Compiled) result).pattern();
    bare = Pattern.compile("^" + expression, Pattern.CASE_INSENSITIVE | Pattern.UNIX_LINES);
    path =
        switch (expression.charAt(1)) {
          case 's' -> "/something/and/more/of/it";
          case 'a' -> "/api/v12/users/alexandria/orders";
          default -> "/some/nested/directory/index.html";
        };
    if (guarded() == null || bare() == null) {
      throw new IllegalStateException("no match of " + expression);
    }
  }

  /**
   * With the budget of a request, made for it.
   *
   * @return the captures
   */
  @Benchmark
  public PcrePattern.@Nullable Captures guarded() {
    return Objects.requireNonNull(guarded).find(path, 0, path.length(), new RegexBudget());
  }

  /**
   * Without a budget.
   *
   * @return the captures
   */
  @Benchmark
  public @Nullable MatchResult bare() {
    Matcher matcher = Objects.requireNonNull(bare).matcher(path);
    return matcher.find() ? matcher.toMatchResult() : null;
  }
}
