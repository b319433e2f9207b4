package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locations that begin with a text: ingress-nginx.md, sections 3.7 and 4.2. */
class PathStartTest {

  private static final HostPattern ANY = new HostPattern.Any();

  private static <T> @Nullable T target(RoutingTable<T> table, String path) {
    Match<T> match = table.match("h", path);
    return match == null ? null : match.target();
  }

  @ParameterizedTest(name = "{0} is taken by {1}")
  @CsvSource(
      textBlock =
          """
          /healthz,      start /healthz
          /healthzzz,    start /healthz
          /healthz/x,    start /healthz
          /foo,          exact /foo
          /foo/,         start /foo/
          /foo/bar,      prefix /foo/bar
          /foo/bar/x,    prefix /foo/bar
          /foo/barx,     start /foo/
          /fo,           start /
          /Foo/,         start /
          x,             none
          """)
  void choosesTheLongest(String path, String chosen) {
    RoutingTable<String> table =
        RoutingTable.<String>builder()
            .add(ANY, PathPattern.start("/"), "start /")
            .add(ANY, PathPattern.start("/healthz"), "start /healthz")
            .add(ANY, PathPattern.start("/foo/"), "start /foo/")
            .add(ANY, PathPattern.exact("/foo"), "exact /foo")
            .add(ANY, PathPattern.prefix("/foo/bar"), "prefix /foo/bar")
            .build();
    String target = target(table, path);

    assertThat(target == null ? "none" : target).isEqualTo(chosen);
  }

  @Property(tries = 3000)
  void answersAsTheNaiveModelDoes(@ForAll long seed) {
    Random random = new Random(seed);
    Set<PathPattern> patterns = new LinkedHashSet<>();
    for (int i = random.nextInt(9); i >= 0; i--) {
      String text = path(random);
      patterns.add(
          switch (random.nextInt(4)) {
            case 0 -> PathPattern.exact(text);
            case 1 -> PathPattern.prefix(text);
            default -> PathPattern.start(text);
          });
    }
    RoutingTable.Builder<PathPattern> builder = RoutingTable.builder();
    patterns.forEach(pattern -> builder.add(ANY, pattern, pattern));
    RoutingTable<PathPattern> table = builder.build();
    for (int i = 0; i < 30; i++) {
      String path = path(random);
      Match<PathPattern> match = table.match("h", 0, 1, "x" + path, 1, path.length() + 1);

      assertThat(match == null ? null : match.target())
          .as("%s in %s", path, patterns)
          .isEqualTo(naive(patterns, path));
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(6); i > 0; i--) {
      path.append("//aab\u00E9".charAt(random.nextInt(6)));
    }
    return path.toString();
  }

  /** Exact first, then the longest text, of equal texts the prefix. */
  private static @Nullable PathPattern naive(Set<PathPattern> patterns, String path) {
    PathPattern best = null;
    int bestRank = -1;
    for (PathPattern pattern : patterns) {
      boolean start = pattern instanceof PathPattern.Start;
      boolean matches = start ? path.startsWith(pattern.text()) : pattern.matches(path);
      int rank =
          pattern instanceof PathPattern.Exact
              ? 1000
              : 2 * pattern.text().length() + (start ? 0 : 1);
      if (matches && rank > bestRank) {
        best = pattern;
        bestRank = rank;
      }
    }
    return best;
  }

  @Test
  void holdsManyStarts() {
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 0; i < 20_000; i++) {
      builder.add(ANY, PathPattern.start("/path/" + i + "/"), i);
    }
    RoutingTable<Integer> table = builder.build();

    assertThat(target(table, "/path/4711/x")).isEqualTo(4711);
    assertThat(table.match("h", "/path/4711")).isNull();
  }

  @Test
  void matchesByItself() {
    assertThat(PathPattern.start("/foo/").matches("/foo")).isFalse();
    assertThat(PathPattern.start("/foo").matches("/foobar")).isTrue();
    assertThatThrownBy(() -> PathPattern.start("foo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path \"foo\" does not begin with '/'");
  }

  @Test
  void keepsExpressionsApart() {
    PathPattern regex =
        PathPattern.regex(
            ((PcrePattern.Compiled) PcrePattern.compile("/v[0-9]+$", true, true)).pattern(), 3);
    assertThat(regex.matches("/V12")).isTrue();
    assertThat(regex.matches("/v")).isFalse();
    assertThat(regex.text()).isEqualTo("/v[0-9]+$");
    RoutingTable.Builder<String> builder =
        RoutingTable.<String>builder()
            .add(ANY, PathPattern.rest(), "rest")
            .add(ANY, regex, "regex");

    assertThatThrownBy(() -> builder.add(ANY, PathPattern.start("/a"), "start"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Start \"/a\" of every host cannot stand beside Regex \"/v[0-9]+$\" of every host: a"
                + " host has regular expressions only, or none");
    assertThatThrownBy(() -> builder.add(ANY, regex, "again"))
        .hasMessage("there are two rules for Regex \"/v[0-9]+$\" of every host");
    RoutingTable<String> table = builder.build();
    assertThat(target(table, "/v1")).isEqualTo("regex");
    assertThat(target(table, "/w")).isEqualTo("rest");
  }

  /** More expressions than are compared one by one when they are added. */
  @Test
  void keepsManyExpressionsInOrder() {
    RoutingTable.Builder<Integer> builder = RoutingTable.builder();
    for (int i = 40; i >= 0; i--) {
      PcrePattern pattern =
          ((PcrePattern.Compiled) PcrePattern.compile("/a{" + i + "}", true, true)).pattern();
      builder.add(ANY, PathPattern.regex(pattern, 40 - i), i);
    }
    PcrePattern zero = ((PcrePattern.Compiled) PcrePattern.compile("/a{0}", true, true)).pattern();

    assertThatThrownBy(() -> builder.add(ANY, PathPattern.regex(zero, 40), 0))
        .isInstanceOf(IllegalArgumentException.class);
    RoutingTable<Integer> table = builder.build();
    assertThat(target(table, "/aaaab")).isEqualTo(4);
    assertThat(target(table, "/")).isEqualTo(0);
  }
}
