package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Matching is bounded: hardening.md, section 4.8 and SEC-50. */
class RegexBudgetTest {

  /**
   * An expression and a path on which it would run for long, or out of stack.
   *
   * @param text the expression
   * @param path the path
   */
  record Bomb(String text, String path) {}

  static List<Bomb> bombs() {
    String letters = "/" + "a".repeat(2000);
    String longest = "/" + "a".repeat(8191);
    return List.of(
        // The four of section 4.8, the first three against the stack.
        new Bomb("/(?:a|b)*$", letters + "!"),
        new Bomb("/([a-z]|[0-9])+$", letters + "!"),
        new Bomb("/(\\w|-)*/x$", letters),
        new Bomb("/(.*a){12}$", "/" + "a".repeat(27) + "!"),
        // Their like, which no rewriting of single bytes helps.
        new Bomb("/(?:ab|cd)*$", "/" + "abcd".repeat(2000) + "!"),
        new Bomb("/(?:a|aa)+$", longest + "!"),
        new Bomb("/((?:a|aa)+)$", letters + "!"),
        new Bomb("/(a+)+$", longest + "!"),
        new Bomb("/([a-z]+)*\\d", longest),
        new Bomb("/(.*)*x", longest.replace('a', 'b')),
        new Bomb("/(?:.*,){20}x", "/" + ",".repeat(200)),
        new Bomb("/(?:a?){30}a{30}$", "/" + "a".repeat(29)),
        new Bomb("(.*)(.*)(.*)(.*)(.*)x", longest),
        new Bomb("(?:x+x+)+y|.*z", "x".repeat(8000)),
        new Bomb("/(a|b|ab)*\\1c", "/" + "ab".repeat(1000)));
  }

  /** Runs a bomb; returns whether it was refused, or the pattern at once. */
  private static String explode(Bomb bomb) {
    PcrePattern.Result result = PcrePattern.compile(bomb.text, true, true);
    if (!(result instanceof PcrePattern.Compiled compiled)) {
      return "not compiled";
    }
    RegexBudget budget = new RegexBudget();
    PcrePattern.Captures captures =
        compiled.pattern().find(bomb.path, 0, bomb.path.length(), budget);
    if (budget.isSpent()) {
      return captures == null ? "spent" : "spent and matched";
    }
    return captures == null ? "no match" : "match";
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void stopsABombInMilliseconds(Bomb bomb) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      assertThat(explode(bomb)).isIn("spent", "no match", "not compiled");
      least = Math.min(least, System.nanoTime() - start);
    }

    assertThat(TimeUnit.NANOSECONDS.toMillis(least)).isLessThan(100);
  }

  @Test
  void refusesWhatBacktracksWithoutEnd() {
    assertThat(explode(new Bomb("/(.*a){12}$", "/" + "a".repeat(27) + "!"))).isEqualTo("spent");
  }

  /** The stack is contained wherever it ends: the same corpus in a JVM with small stacks. */
  @Test
  void containsTheStackOfASmallThread(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss256k",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RegexBudgetTest.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    String lines = java.nio.file.Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(lines).isZero();
    assertThat(lines.lines().filter(line -> line.startsWith("bomb: ")))
        .hasSize(bombs().size())
        .allSatisfy(
            line ->
                assertThat(line.substring("bomb: ".length()))
                    .isIn("spent", "no match", "not compiled"));
    assertThat(lines).contains("bomb: spent");
  }

  /**
   * Runs all bombs on a thread with the stack of the command line; see {@link
   * #containsTheStackOfASmallThread}.
   */
  public static void main(String[] arguments) throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              for (Bomb bomb : bombs()) {
                report("bomb: " + explode(bomb));
              }
            });
    thread.start();
    thread.join();
  }

  @SuppressWarnings("SystemOut") // The child process has nothing else to answer with.
  private static void report(String line) {
    System.out.println(line);
  }

  @Test
  void staysSpent() {
    RegexBudget budget = new RegexBudget();
    assertThat(budget.isSpent()).isFalse();
    PcrePattern bomb = pattern("/(.*a){12}$");
    String path = "/" + "a".repeat(40) + "!";

    assertThat(bomb.find(path, 0, path.length(), budget)).isNull();
    assertThat(budget.isSpent()).isTrue();
    assertThat(pattern("/").find("/", 0, 1, budget)).isNull();
    assertThat(budget.isSpent()).isTrue();
  }

  /** 100,000 reads over all patterns, not for each. */
  @Test
  void isSharedByAllPatterns() {
    RegexBudget budget = new RegexBudget();
    PcrePattern ordinary = pattern("/.*\\.html$");
    String path = "/" + "a".repeat(8190);
    int searches = 0;
    while (!budget.isSpent()) {
      assertThat(ordinary.find(path, 0, path.length(), budget)).isNull();
      searches++;
    }

    assertThat(searches).isBetween(5, 13);
  }

  /** An ordinary pattern takes less than a millisecond on 8 kB (SEC-50). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/something(/|$)(.*)",
        "/api/v[0-9]+/(.*)",
        "/(.*)\\.html$",
        "/([^/]+)/([^/]+)/?(.*)$",
        "/(?!admin)(.*)",
        "/.*/x"
      })
  void ordinaryPatternsAreQuickOnLongPaths(String text) {
    PcrePattern pattern = pattern(text);
    String path = "/something/" + "a".repeat(8180);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      RegexBudget budget = new RegexBudget();
      long start = System.nanoTime();
      PcrePattern.Captures captures = pattern.find(path, 0, path.length(), budget);
      least = Math.min(least, System.nanoTime() - start);
      assertThat(budget.isSpent()).isFalse();
      assertThat(captures == null || captures.has(0)).isTrue();
    }

    assertThat(TimeUnit.NANOSECONDS.toMicros(least)).isLessThan(1000);
  }

  /** What is paid beforehand is never less than what is read. */
  @Property(tries = 3000)
  void readsNoMoreThanThePriceThatWasPaid(@ForAll long seed) {
    Random random = new Random(seed);
    String text = random(RegexLocationsTest.PARTS, 1 + random.nextInt(6), random);
    PcrePattern.Result result = PcrePattern.compile(text, true, true);
    if (result instanceof PcrePattern.Compiled compiled) {
      PcrePattern pattern = compiled.pattern();
      String path = random(RegexLocationsTest.BYTES, random.nextInt(60), random);
      RegexBudget budget = new RegexBudget();
      int unpaid = budget.left() - RegexBudget.READS / 2;
      assertThat(budget.prepay(unpaid)).isTrue();
      int before = budget.left();
      pattern.find(path, 0, path.length(), budget);

      assertThat((long) before - budget.left())
          .as("%s on %s", text, Octets.quote(path))
          .isLessThanOrEqualTo(pattern.maxReads(path.length()));
    }
  }

  private static String random(String[] parts, int count, Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  @Test
  void paysBeforehandForOrdinaryPatterns() {
    assertThat(pattern("/something(/|$)(.*)").maxReads(64)).isLessThan(300);
    assertThat(pattern("/([a-z]+)/([a-z]+)/(.*)").maxReads(64)).isLessThan(1200);
    assertThat(pattern("/(.*)\\.html$").maxReads(256)).isLessThan(6000);
    assertThat(pattern("/(ab)*").maxReads(1)).isEqualTo(ReadBound.UNKNOWN);
    assertThat(pattern("/(a)\\1").maxReads(1)).isEqualTo(ReadBound.UNKNOWN);
    assertThat(pattern("/a|/b").maxReads(1)).isEqualTo(ReadBound.UNKNOWN);
    assertThat(pattern("/a").maxReads(257)).isEqualTo(ReadBound.UNKNOWN);
  }

  private static PcrePattern pattern(String text) {
    return ((PcrePattern.Compiled) PcrePattern.compile(text, true, true)).pattern();
  }
}
