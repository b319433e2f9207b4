package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random tables and requests from alphabets so small that prefixes nest, stems are shared and
 * hosts, wildcards and slashes meet; the table must answer as the naive one does.
 */
class RoutingTableOracleTest {

  record HostAndPath(HostPattern host, PathPattern path) {}

  record Request(String host, String path) {}

  /** A change: new rules for a host, none to remove it. */
  record Change(HostPattern host, Set<PathPattern> paths) {}

  @Property(tries = 6000)
  void answersAsTheNaiveTableDoes(
      @ForAll("rules") Set<HostAndPath> rules,
      @ForAll("requests") List<Request> requests,
      @ForAll long seed) {
    NaiveTable<Integer> naive = new NaiveTable<>();
    RoutingTable.Builder<Integer> builder = RoutingTable.builder(() -> seed);
    int target = 0;
    for (HostAndPath rule : rules) {
      naive.add(rule.host(), rule.path(), target);
      builder.add(rule.host(), rule.path(), target++);
    }
    RoutingTable<Integer> table = builder.build();

    assertThat(table.ruleCount()).isEqualTo(rules.size());
    assertSame(table, naive, requests);
  }

  @Property(tries = 3000)
  void answersAsTheNaiveTableDoesForPathsOfAnyBytes(
      @ForAll("bytePaths") Set<PathPattern> paths, @ForAll("byteRequests") List<String> requests) {
    NaiveTable<PathPattern> naive = new NaiveTable<>();
    RoutingTable.Builder<PathPattern> builder = RoutingTable.builder();
    HostPattern host = HostPattern.parse("a");
    for (PathPattern path : paths) {
      naive.add(host, path, path);
      builder.add(host, path, path);
    }
    RoutingTable<PathPattern> table = builder.build();

    List<Request> all = new ArrayList<>();
    requests.forEach(path -> all.add(new Request("a", path)));
    paths.forEach(path -> all.add(new Request("A", path.text())));
    assertSame(table, naive, all);
  }

  @Property(tries = 3000)
  void changesLeadToTheTableThatTheSameRulesMakeFromNothing(
      @ForAll("rules") Set<HostAndPath> rules,
      @ForAll("changes") List<List<Change>> publications,
      @ForAll("requests") List<Request> requests) {
    NaiveTable<Integer> naive = new NaiveTable<>();
    RoutingTable.Builder<Integer> first = RoutingTable.builder();
    int target = 0;
    for (HostAndPath rule : rules) {
      naive.add(rule.host(), rule.path(), target);
      first.add(rule.host(), rule.path(), target++);
    }
    RoutingTable<Integer> table = first.build();
    for (List<Change> publication : publications) {
      RoutingTable<Integer> before = table;
      List<Integer> answersBefore = answers(before, requests);
      RoutingTable.Builder<Integer> next = table.toBuilder();
      for (Change change : publication) {
        naive.remove(change.host());
        next.remove(change.host());
        for (PathPattern path : change.paths()) {
          naive.add(change.host(), path, target);
          next.add(change.host(), path, target++);
        }
      }
      table = next.build();

      assertSame(table, naive, requests);
      assertThat(answers(before, requests)).as("the table before").isEqualTo(answersBefore);
    }
  }

  private static void assertSame(
      RoutingTable<?> table, NaiveTable<?> naive, List<Request> requests) {
    for (Request request : requests) {
      Match<?> match = table.match(request.host(), request.path());
      assertThat(match == null ? null : match.target())
          .as("%s", request)
          .isEqualTo(naive.match(request.host(), request.path()));
      // The same in the middle of longer texts that would change the answer if they were read.
      String host = "a." + request.host() + ".a:80";
      String path = "/a" + request.path() + "/a?";
      assertThat(
              table.match(
                  host, 2, 2 + request.host().length(), path, 2, 2 + request.path().length()))
          .as("%s inside longer texts", request)
          .isSameAs(match);
      if (match != null) {
        assertThat(match.host().matches(request.host())).as("%s", request).isTrue();
        assertThat(match.path().matches(request.path())).as("%s", request).isTrue();
      }
    }
  }

  private static <T> List<T> answers(RoutingTable<T> table, List<Request> requests) {
    List<T> answers = new ArrayList<>();
    for (Request request : requests) {
      Match<T> match = table.match(request.host(), request.path());
      answers.add(match == null ? null : match.target());
    }
    return answers;
  }

  @Provide
  Arbitrary<Set<HostAndPath>> rules() {
    return Combinators.combine(hostPatterns(), pathPatterns())
        .as(HostAndPath::new)
        .set()
        .ofMaxSize(40)
        .map(LinkedHashSet::new);
  }

  @Provide
  Arbitrary<List<List<Change>>> changes() {
    return Combinators.combine(hostPatterns(), pathPatterns().set().ofMaxSize(4))
        .as(Change::new)
        .list()
        .ofMaxSize(4)
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Request>> requests() {
    return Combinators.combine(hosts(), paths()).as(Request::new).list().ofMinSize(8).ofMaxSize(30);
  }

  @Provide
  Arbitrary<Set<PathPattern>> bytePaths() {
    return Combinators.combine(bytePath(), Arbitraries.of(true, false))
        .as(
            (path, exact) ->
                exact ? (PathPattern) PathPattern.exact(path) : PathPattern.prefix(path))
        .set()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<String>> byteRequests() {
    return Arbitraries.oneOf(bytePath(), bytePath().map(path -> path + "\u0161"))
        .list()
        .ofMaxSize(20);
  }

  private static Arbitrary<String> bytePath() {
    return Arbitraries.strings().withCharRange('\0', '\u00FF').ofMaxLength(3).map(s -> "/" + s);
  }

  private static Arbitrary<HostPattern> hostPatterns() {
    return Arbitraries.of(
            "",
            "a",
            "b",
            "*.a",
            "*.b",
            "a.a",
            "b.a",
            "*.a.a",
            "a.a.a",
            "b.a.a",
            "*.aa",
            "aa.aa",
            "a-a.a",
            "1.a",
            "a1.aaaaa.aaaa",
            "*.aaaaa.aaaa",
            "a.aaaaa.aaaa")
        .map(HostPattern::parse);
  }

  private static Arbitrary<String> hosts() {
    Arbitrary<String> anything =
        Arbitraries.strings().withChars("aAbB.-1*@`\r\u0131\u212A").ofMaxLength(6);
    Arbitrary<String> near =
        Arbitraries.of(
            "a",
            "A",
            "b",
            "c",
            "a.a",
            "B.A",
            "c.a",
            "x.a.a",
            "a.a.a",
            "A.A.A",
            "b.a.a",
            "x.aa",
            "aa.aa",
            "a-a.a",
            "a\ra.a",
            "1.a",
            "\u0011.a",
            ".a",
            "a.",
            "*.a",
            "a..a",
            "",
            "a1.aaaaa.aaaa",
            "A1.AAAAA.aaaa",
            "b1.aaaaa.aaaa",
            "a.aaaaa.aaaa",
            "a\u0161.a");
    return Arbitraries.frequencyOf(Tuple.of(4, near), Tuple.of(1, anything));
  }

  private static Arbitrary<PathPattern> pathPatterns() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, patternPaths().map(PathPattern::prefix)),
        Tuple.of(3, patternPaths().map(PathPattern::exact)),
        Tuple.of(1, Arbitraries.just(PathPattern.rest())));
  }

  /** Nested, with and without trailing slash, with empty elements, with shared stems. */
  private static Arbitrary<String> patternPaths() {
    Arbitrary<String> shortElements = Arbitraries.of("a", "b", "aa", "ab", "", "é", "aaaaaaaaaaaa");
    // Long ones make the block grow at any place while it is written, and stems of several nodes.
    Arbitrary<String> longElements =
        Combinators.combine(Arbitraries.of("a", "b"), Arbitraries.integers().between(13, 300))
            .as(String::repeat);
    return Arbitraries.frequencyOf(Tuple.of(6, shortElements), Tuple.of(1, longElements))
        .list()
        .ofMaxSize(4)
        .map(elements -> "/" + String.join("/", elements));
  }

  private static Arbitrary<String> paths() {
    Arbitrary<String> anything = Arbitraries.strings().withChars("/ab*é").ofMaxLength(7);
    Arbitrary<String> near =
        Combinators.combine(patternPaths(), Arbitraries.of("", "/", "a", "/a", "//", "\u0161"))
            .as((path, more) -> path + more);
    return Arbitraries.frequencyOf(Tuple.of(4, near), Tuple.of(1, anything));
  }
}
