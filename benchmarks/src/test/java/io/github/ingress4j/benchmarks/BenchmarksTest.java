package io.github.ingress4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks for seconds, so that none rots. What they report here means nothing. */
class BenchmarksTest {

  @Test
  void everyContenderAnswersAsTheLinearScanDoes() throws RunnerException {
    // The benchmark compares answers before it measures, and fails if they differ.
    Collection<RunResult> results = run(LookUpBenchmark.class, "rules", "10", "1000");

    assertThat(results).hasSize(Contender.Kind.values().length * 2 * 2);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void tablesAreBuiltAndChanged() throws RunnerException {
    Collection<RunResult> results = run(TableBenchmark.class, "rules", "1000");

    assertThat(results).hasSize(2);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void endpointsAreChosenAsByTheFormula() throws RunnerException {
    // The benchmark compares answers before it measures, and fails if they differ.
    Collection<RunResult> results = run(EndpointPickerBenchmark.class, "endpoints", "3", "100");

    // Two numbers of endpoints, two measurements, with and without the question which ones fail.
    assertThat(results).hasSize(EndpointPickerBenchmark.Way.values().length * 2 * 2 * 2);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void ingressesOfAllKindsAreTranslated() throws RunnerException {
    Collection<RunResult> results = run(TranslationBenchmark.class, "ingresses", "100");

    assertThat(results).hasSize(3);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void expressionsAnswerAsTheListOfPatternsDoes() throws RunnerException {
    // The benchmark compares answers before it measures, and fails if they differ.
    Collection<RunResult> results = run(RegexLocationsBenchmark.class, "paths", "10");

    assertThat(results).hasSize(2 * 2);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  @Test
  void expressionsMatchWithAndWithoutTheGuard() throws RunnerException {
    Collection<RunResult> results =
        run(RegexGuardBenchmark.class, "expression", "/something(/|$)(.*)");

    assertThat(results).hasSize(2);
    assertThat(results)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }

  private static Collection<RunResult> run(Class<?> benchmark, String parameter, String... values)
      throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(benchmark.getSimpleName() + "\\.")
                .param(parameter, values)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }
}
