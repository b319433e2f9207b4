package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The regular expressions of one host, in order, with an index of how their matches begin. */
final class RegexLocations {

  /*
   * The idea: nearly all expressions of real hosts are a literal with something harmless behind it,
   * so that how a path begins tells which of them can match, and most often that they do. The
   * beginnings (LiteralPrefixes) stand in one trie, in lower case; a look-up finds the longest that
   * the path has, and from there the shorter ones, each a beginning of the next.
   *
   *   0: /shop/v[0-9]+/x     1: /shop(/|$)(.*)     2: /[a-z]{2}/y     3: /
   *
   *   prefix     rows: expression, what must follow, whether that decides
   *   "/shop/v"  0 a digit, ask                                       ──┐ shorter
   *   "/shop/"   1 anything, yes                                      ◄─┘ ──┐
   *   "/shop"    1 the end, yes                                       ◄─────┘ ──┐
   *   "/"        2 a letter, ask    3 anything, yes                   ◄─────────┘
   *
   *   /shop/v2/x ──► "/shop/v": 0 runs and matches
   *   /shop/vx   ──► "/shop/v": 0 needs a digit; "/shop/": 1 matches, and nothing has run
   *
   * Expressions are tried in ascending order over all rows of the chain at once: each step looks for
   * the least that is greater than the last, by halving in each list. So the answer is the one of
   * the plain list, which is the oracle in the tests, and the memory is that of the rows: to merge
   * the lists when the table is built would make them grow with the square of the expressions.
   *
   * In a path with a line feed, which only an escape can bring there, "anything" and "the end" mean
   * something else, and every expression on the chain runs.
   */

  private final byte[] trie;

  /** By node, from 1: the number of characters that lead to it. */
  private final int[] lengths;

  /** By node: the node of the longest shorter beginning; 0 for none. */
  private final int[] shorter;

  /** By node: where its rows begin; they end where those of the next node begin. */
  private final int[] firstRows;

  /** By row, ascending within a node: the place of the expression in the order. */
  private final int[] places;

  private final ByteSet[] nexts;
  private final boolean[] mayEnd;
  private final boolean[] decided;

  /** By place. */
  private final PcrePattern[] patterns;

  private final int[] rules;

  private RegexLocations(PcrePattern[] patterns, int[] rules) {
    this.patterns = patterns;
    this.rules = rules;
    record Row(int place, LiteralPrefixes.Entry entry) {}
    Map<String, List<Row>> byPrefix = new LinkedHashMap<>();
    int count = 0;
    for (int place = 0; place < patterns.length; place++) {
      for (LiteralPrefixes.Entry entry : patterns[place].prefixes()) {
        byPrefix
            .computeIfAbsent(entry.prefix(), prefix -> new ArrayList<>())
            .add(new Row(place, entry));
        count++;
      }
    }
    List<String> prefixes = List.copyOf(byPrefix.keySet());
    this.trie = PathTrie.freezeStarts(prefixes);
    this.lengths = new int[prefixes.size() + 1];
    this.shorter = new int[prefixes.size() + 1];
    this.firstRows = new int[prefixes.size() + 2];
    this.places = new int[count];
    this.nexts = new ByteSet[count];
    this.mayEnd = new boolean[count];
    this.decided = new boolean[count];
    int row = 0;
    for (int node = 1; node <= prefixes.size(); node++) {
      String prefix = prefixes.get(node - 1);
      lengths[node] = prefix.length();
      shorter[node] =
          prefix.isEmpty() ? 0 : PathTrie.findStart(trie, prefix, 0, prefix.length() - 1, true);
      firstRows[node] = row;
      for (Row one : Objects.requireNonNull(byPrefix.get(prefix))) {
        places[row] = one.place();
        nexts[row] = one.entry().next();
        mayEnd[row] = one.entry().mayEnd();
        decided[row] = one.entry().isDecided();
        row++;
      }
    }
    firstRows[prefixes.size() + 1] = row;
  }

  /**
   * Returns the locations of some rules.
   *
   * @param rules the rules, all with {@link PathPattern.Regex}; the index of a rule is its place
   *     here plus 1. Of equal orders the one that stands first here goes first
   */
  static RegexLocations freeze(List<? extends Match<?>> rules) {
    record Location(PathPattern.Regex path, int rule) {}
    List<Location> rows = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      rows.add(new Location((PathPattern.Regex) rules.get(i).path(), i + 1));
    }
    rows.sort(Comparator.comparingInt(row -> row.path().order()));
    return new RegexLocations(
        rows.stream().map(row -> row.path().pattern()).toArray(PcrePattern[]::new),
        rows.stream().mapToInt(Location::rule).toArray());
  }

  /**
   * Returns the index of the rule that takes a path, 0 for none, or -1 if the budget is spent.
   * Allocates nothing unless an expression has to run.
   *
   * @param given the budget of the request, or null for a new one
   */
  int find(String path, int start, int end, @Nullable RegexBudget given) {
    int deepest = PathTrie.findStart(trie, path, start, end, true);
    int lineFeed = path.indexOf('\n', start);
    boolean isOneLine = lineFeed < 0 || lineFeed >= end;
    RegexBudget budget = given;
    int place = -1;
    while (true) {
      place = leastAbove(place, deepest);
      if (place == patterns.length) {
        return 0;
      }
      int verdict = isOneLine ? judge(place, deepest, path, start, end) : ASK;
      if (verdict == YES) {
        return rules[place];
      }
      if (verdict == ASK) {
        budget = budget == null ? new RegexBudget() : budget;
        if (patterns[place].matches(path, start, end, budget)) {
          return rules[place];
        }
        if (budget.isSpent()) {
          return -1;
        }
      }
    }
  }

  private static final int NO = 0;
  private static final int ASK = 1;
  private static final int YES = 2;

  /** What the beginnings of an expression say about a path, all together. */
  private int judge(int place, int deepest, String path, int start, int end) {
    int verdict = NO;
    for (int node = deepest; node != 0; node = shorter[node]) {
      int at = start + lengths[node];
      int last = firstRows[node + 1];
      for (int row = rowAbove(place - 1, node); row < last && places[row] == place; row++) {
        boolean fits = at == end ? mayEnd[row] : nexts[row].contains(path.charAt(at));
        if (fits && decided[row]) {
          return YES;
        }
        verdict = fits ? ASK : verdict;
      }
    }
    return verdict;
  }

  /** The least place above another on the chain of a node, or the number of all. */
  private int leastAbove(int place, int deepest) {
    int least = patterns.length;
    for (int node = deepest; node != 0; node = shorter[node]) {
      int row = rowAbove(place, node);
      if (row < firstRows[node + 1] && places[row] < least) {
        least = places[row];
      }
    }
    return least;
  }

  /** The first row of a node whose place is above another, or the end of its rows. */
  private int rowAbove(int place, int node) {
    int low = firstRows[node];
    int high = firstRows[node + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (places[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
