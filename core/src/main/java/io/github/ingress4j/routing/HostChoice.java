package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a table: names and wildcards in one index, and what only few tables have besides.
 *
 * <pre>
 *   exact name ──► longest suffix ──► longest leading text ──► wildcard or expression ──► any
 *      names          suffixes             leadings            names    expressions       names
 * </pre>
 *
 * <p>The suffix table holds {@code .shop} for {@code **.shop} and is asked for what follows each
 * dot of the host, the longest first; the table of leading texts likewise. A host has one wildcard
 * at most; the expressions that rank before it are tried first.
 *
 * @param <T> what rules lead to
 */
final class HostChoice<T> {

  /** An expression and what stands for it in a cell of an index. */
  private static final class Expression<T> {

    final HostPattern.Regex host;
    final Object paths;
    final @Nullable Match<T>[] rules;

    Expression(HostPattern.Regex host, Object paths, @Nullable Match<T>[] rules) {
      this.host = host;
      this.paths = paths;
      this.rules = rules;
    }
  }

  private static final Comparator<Expression<?>> BY_RANK =
      Comparator.<Expression<?>, String>comparing(row -> row.host.rank())
          .thenComparingInt(row -> row.host.order())
          .thenComparing(row -> row.host.text());

  private final HostIndex<T> names;
  private final HostIndex<T> suffixes;
  private final HostIndex<T> leadings;
  private final List<Expression<T>> expressions;

  /** Whether there is nothing but names, plain wildcards and every host. */
  private final boolean isPlain;

  private HostChoice(
      HostIndex<T> names,
      HostIndex<T> suffixes,
      HostIndex<T> leadings,
      List<Expression<T>> expressions) {
    this.names = names;
    this.suffixes = suffixes;
    this.leadings = leadings;
    this.expressions = List.copyOf(expressions);
    this.isPlain =
        !names.hasWordWildcards()
            && suffixes.size() == 0
            && leadings.size() == 0
            && expressions.isEmpty();
  }

  /**
   * Returns a choice without hosts.
   *
   * @param seeds where the seeds of hashes come from
   */
  static <T> HostChoice<T> empty(LongSupplier seeds) {
    return new HostChoice<>(
        HostIndex.empty(seeds), HostIndex.empty(seeds), HostIndex.empty(seeds), List.of());
  }

  HostIndex<T> names() {
    return names;
  }

  /** The number of host patterns. */
  int size() {
    return names.size() + suffixes.size() + leadings.size() + expressions.size();
  }

  /**
   * Returns the rule that takes a request, or null for none.
   *
   * @param budget what expressions may cost, or null for a new one if one is met
   */
  @Nullable Match<T> match(
      String host,
      int hostStart,
      int hostEnd,
      String path,
      int pathStart,
      int pathEnd,
      @Nullable RegexBudget budget) {
    return isPlain
        ? names.match(host, hostStart, hostEnd, path, pathStart, pathEnd, budget)
        : matchAll(host, hostStart, hostEnd, path, pathStart, pathEnd, budget);
  }

  private @Nullable Match<T> matchAll(
      String host,
      int hostStart,
      int hostEnd,
      String path,
      int pathStart,
      int pathEnd,
      @Nullable RegexBudget given) {
    int cell = names.exact(host, hostStart, hostEnd);
    if (cell >= 0) {
      return names.matchAt(cell, path, pathStart, pathEnd, given);
    }
    cell = longestSuffix(host, hostStart, hostEnd);
    if (cell >= 0) {
      return suffixes.matchAt(cell, path, pathStart, pathEnd, given);
    }
    cell = longestLeading(host, hostStart, hostEnd);
    if (cell >= 0) {
      return leadings.matchAt(cell, path, pathStart, pathEnd, given);
    }
    RegexBudget budget = given;
    cell = names.wildcard(host, hostStart, hostEnd);
    if (!expressions.isEmpty()) {
      budget = given == null ? new RegexBudget() : given;
      Expression<T> chosen = firstExpression(host, hostStart, hostEnd, cell, budget);
      if (budget.isSpent()) {
        return null;
      }
      if (chosen != null) {
        return HostIndex.answer(chosen.paths, chosen.rules, path, pathStart, pathEnd, budget);
      }
    }
    return names.matchAt(cell < 0 ? names.everyHost() : cell, path, pathStart, pathEnd, budget);
  }

  private int longestSuffix(String host, int start, int end) {
    if (suffixes.size() > 0) {
      for (int dot = Math.max(start + 1, end - suffixes.longestName()); dot < end; dot++) {
        int cell = host.charAt(dot) == '.' ? suffixes.exact(host, dot, end) : -1;
        if (cell >= 0) {
          return cell;
        }
      }
    }
    return -1;
  }

  private int longestLeading(String host, int start, int end) {
    if (leadings.size() > 0) {
      for (int dot = Math.min(end - 2, start + leadings.longestName() - 1); dot > start; dot--) {
        int cell = host.charAt(dot) == '.' ? leadings.exact(host, start, dot + 1) : -1;
        if (cell >= 0) {
          return cell;
        }
      }
    }
    return -1;
  }

  /** The first expression that matches and ranks before the wildcard of a cell, if it is one. */
  private @Nullable Expression<T> firstExpression(
      String host, int start, int end, int wildcard, RegexBudget budget) {
    String name = HostGrammar.lowerCase(host, start, end);
    for (Expression<T> row : expressions) {
      if (wildcard >= 0 && names.compareWildcard(wildcard, row.host.rank()) <= 0) {
        return null;
      }
      if (row.host.pattern().matches(name, 0, name.length(), budget)) {
        return row;
      }
      if (budget.isSpent()) {
        return null;
      }
    }
    return null;
  }

  /** Returns the rules of a host, among them null if it has none for the rest. */
  @Nullable Match<T> @Nullable [] rules(HostPattern host) {
    if (host instanceof HostPattern.Regex) {
      for (Expression<T> row : expressions) {
        if (row.host.text().equals(host.text())) {
          return row.rules;
        }
      }
      return null;
    }
    if (host instanceof HostPattern.Suffix) {
      return suffixes.rules(host);
    }
    return host instanceof HostPattern.Leading ? leadings.rules(host) : names.rules(host);
  }

  /** Starts a changed copy. Paths and rules of hosts that are not touched are shared. */
  Editor<T> edit() {
    return new Editor<>(this);
  }

  /** A choice being made. Not thread-safe; not to be used after {@link #freeze}. */
  static final class Editor<T> {

    private final HostChoice<T> base;
    private final HostIndex.Editor<T> names;
    private HostIndex.@Nullable Editor<T> suffixes;
    private HostIndex.@Nullable Editor<T> leadings;
    private final List<Expression<T>> expressions;

    private Editor(HostChoice<T> base) {
      this.base = base;
      this.names = base.names.edit();
      this.expressions = new ArrayList<>(base.expressions);
    }

    /** Makes room for so many more names at once. */
    void reserve(int more) {
      names.reserve(more);
    }

    /**
     * Puts a host, in place of what it had.
     *
     * @param rules the rules of the host; their order counts among equal orders of expressions only
     */
    void put(HostPattern host, List<Match<T>> rules) {
      List<Match<T>> inPaths = new ArrayList<>(rules.size());
      Match<T> rest = null;
      boolean isRegex = false;
      for (Match<T> rule : rules) {
        if (rule.path() instanceof PathPattern.Rest) {
          rest = rule;
        } else {
          inPaths.add(rule);
          isRegex = rule.path() instanceof PathPattern.Regex;
        }
      }
      @SuppressWarnings({"unchecked", "rawtypes"}) // Arrays of a parameterized type do not exist.
      @Nullable Match<T>[] all = new Match[inPaths.size() + 1];
      all[0] = rest;
      for (int i = 1; i < all.length; i++) {
        all[i] = inPaths.get(i - 1);
      }
      put(host, isRegex ? RegexLocations.freeze(inPaths) : PathTrie.freeze(inPaths), all);
    }

    /** Puts a host that shares paths and rules with another; without those it has none. */
    void share(HostPattern alias, HostPattern host) {
      if (host instanceof HostPattern.Regex) {
        for (Expression<T> row : expressions) {
          if (row.host.text().equals(host.text())) {
            put(alias, row.paths, row.rules);
            return;
          }
        }
        return;
      }
      HostIndex.Editor<T> index = indexOf(host);
      int cell = index.cellOf(host);
      if (cell >= 0) {
        put(alias, index.pathsAt(cell), index.rulesAt(cell));
      }
    }

    private void put(HostPattern host, Object paths, @Nullable Match<T>[] rules) {
      if (host instanceof HostPattern.Regex regex) {
        expressions.removeIf(row -> row.host.text().equals(host.text()));
        expressions.add(new Expression<>(regex, paths, rules));
      } else {
        indexOf(host).put(host, paths, rules);
      }
    }

    /** Takes a host out, if it is there. */
    void remove(HostPattern host) {
      if (host instanceof HostPattern.Regex) {
        expressions.removeIf(row -> row.host.text().equals(host.text()));
      } else {
        indexOf(host).remove(host);
      }
    }

    private HostIndex.Editor<T> indexOf(HostPattern host) {
      if (host instanceof HostPattern.Suffix) {
        HostIndex.Editor<T> editor = suffixes == null ? base.suffixes.edit() : suffixes;
        suffixes = editor;
        return editor;
      }
      if (host instanceof HostPattern.Leading) {
        HostIndex.Editor<T> editor = leadings == null ? base.leadings.edit() : leadings;
        leadings = editor;
        return editor;
      }
      return names;
    }

    HostChoice<T> freeze() {
      expressions.sort(BY_RANK);
      return new HostChoice<>(
          names.freeze(),
          suffixes == null ? base.suffixes : suffixes.freeze(),
          leadings == null ? base.leadings : leadings.freeze(),
          expressions);
    }
  }
}
