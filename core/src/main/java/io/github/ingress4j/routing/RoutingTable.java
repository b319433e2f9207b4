package io.github.ingress4j.routing;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one rule that takes a request, by host and path.
 *
 * <p>The host is decided first and once: its exact name, else the wildcard that has one label in
 * front of the star's dot, else the rules for every host. Then the path decides among the rules of
 * that host alone, as {@link PathPattern} says; if none takes it there is no match, even if a less
 * specific host has one.
 *
 * <table>
 *   <caption>A table with {@code a.shop}: prefix {@code /pay}; {@code *.shop}: prefix {@code /};
 *   every host: the rest</caption>
 *   <tr><th>Host</th><th>Path</th><th>Match</th></tr>
 *   <tr><td>{@code a.shop}</td><td>{@code /pay/1}</td><td>{@code a.shop}, {@code /pay}</td></tr>
 *   <tr><td>{@code a.shop}</td><td>{@code /other}</td><td>none</td></tr>
 *   <tr><td>{@code B.Shop}</td><td>{@code /pay/1}</td><td>{@code *.shop}, {@code /}</td></tr>
 *   <tr><td>{@code c.b.shop}</td><td>{@code /pay/1}</td><td>every host, the rest</td></tr>
 *   <tr><td>empty</td><td>{@code *}</td><td>every host, the rest</td></tr>
 * </table>
 *
 * <p>A look-up takes time in proportion to the length of host and path, whatever the number of
 * rules and whoever chose their names, and allocates nothing.
 *
 * <p>Immutable and thread-safe: publish a changed table by writing one reference.
 *
 * @param <T> what rules lead to
 */
public final class RoutingTable<T> {

  private final HostChoice<T> hosts;
  private final int ruleCount;

  /** By the text of the alias. */
  private final Map<String, Alias> aliases;

  /** A host that shares the rules of another. */
  private record Alias(HostPattern alias, HostPattern host) {}

  private RoutingTable(HostChoice<T> hosts, int ruleCount, Map<String, Alias> aliases) {
    this.hosts = hosts;
    this.ruleCount = ruleCount;
    this.aliases = aliases;
  }

  /**
   * Returns a builder without rules.
   *
   * @param <T> what rules lead to
   * @return a new builder
   */
  public static <T> Builder<T> builder() {
    return builder(new SecureRandom()::nextLong);
  }

  /**
   * Returns a builder whose tables take the seeds of their hashes from a given source.
   *
   * @param seeds asked once at the start, and again if names crowd
   */
  static <T> Builder<T> builder(LongSupplier seeds) {
    return new Builder<>(new RoutingTable<>(HostChoice.empty(seeds), 0, Map.of()));
  }

  /**
   * Returns a builder that starts from the rules of this table. What it builds shares the rules of
   * hosts that are not touched with this table; only touched hosts are built anew.
   *
   * @return a new builder
   */
  public Builder<T> toBuilder() {
    return new Builder<>(this);
  }

  /**
   * Returns the rule that takes a request.
   *
   * @param host the host in either case, without port and trailing dot; empty if the request names
   *     none or names an address, which only rules for every host take
   * @param path the path, without query, in the form that the rules have
   * @return the rule, or null if none takes the request
   */
  public @Nullable Match<T> match(String host, String path) {
    return hosts.match(host, 0, host.length(), path, 0, path.length(), null);
  }

  /**
   * Returns the rule that takes a request, given where host and path stand in longer texts.
   *
   * @param host a text with the host
   * @param hostStart where the host begins
   * @param hostEnd where it ends, exclusive
   * @param path a text with the path
   * @param pathStart where the path begins
   * @param pathEnd where it ends, exclusive
   * @return the rule, or null if none takes the request
   * @throws IndexOutOfBoundsException if positions are not in order or not inside their text
   */
  public @Nullable Match<T> match(
      String host, int hostStart, int hostEnd, String path, int pathStart, int pathEnd) {
    Objects.checkFromToIndex(hostStart, hostEnd, host.length());
    Objects.checkFromToIndex(pathStart, pathEnd, path.length());
    return hosts.match(host, hostStart, hostEnd, path, pathStart, pathEnd, null);
  }

  /**
   * Returns the rule that takes a request, given what its regular expressions may cost. The other
   * look-ups give each request a budget of its own.
   *
   * @param host a text with the host
   * @param hostStart where the host begins
   * @param hostEnd where it ends, exclusive
   * @param path a text with the path
   * @param pathStart where the path begins
   * @param pathEnd where it ends, exclusive
   * @param budget the budget of the request
   * @return the rule, or null if none takes the request, or if the budget is spent: then nobody
   *     knows which rule takes the request, and it is to be refused
   * @throws IndexOutOfBoundsException if positions are not in order or not inside their text
   */
  public @Nullable Match<T> match(
      String host,
      int hostStart,
      int hostEnd,
      String path,
      int pathStart,
      int pathEnd,
      RegexBudget budget) {
    Objects.checkFromToIndex(hostStart, hostEnd, host.length());
    Objects.checkFromToIndex(pathStart, pathEnd, path.length());
    return hosts.match(host, hostStart, hostEnd, path, pathStart, pathEnd, budget);
  }

  /**
   * Returns the number of host patterns, aliases included.
   *
   * @return 0 or more
   */
  public int hostCount() {
    return hosts.size();
  }

  /**
   * Returns the number of rules, those included that can never match because another of their host
   * always goes before them.
   *
   * @return 0 or more
   */
  public int ruleCount() {
    return ruleCount;
  }

  HostIndex<T> hosts() {
    return hosts.names();
  }

  /** The rules of a host, if it has some of its own. */
  private @Nullable Match<T> @Nullable [] rulesOf(HostPattern host) {
    return aliases.containsKey(host.text()) ? null : hosts.rules(host);
  }

  /**
   * Collects rules for a table.
   *
   * <p>Not thread-safe. It can be used further after {@link #build}: later changes count for later
   * tables and leave the earlier ones as they are.
   *
   * @param <T> what rules lead to
   */
  public static final class Builder<T> {

    private RoutingTable<T> base;

    /** The hosts that differ from the base, by text; one without rules is to be removed. */
    private final Map<String, HostDraft<T>> drafts = new HashMap<>();

    /** The aliases of the table to be built, by their texts. */
    private final Map<String, Alias> aliases;

    /** The aliases that the base has and the table is not to have. */
    private final Map<String, Alias> oldAliases = new HashMap<>();

    private Builder(RoutingTable<T> base) {
      this.base = base;
      this.aliases = new LinkedHashMap<>(base.aliases);
    }

    /**
     * Adds a rule.
     *
     * @param host the hosts it answers for
     * @param path the paths it answers for
     * @param target what it leads to
     * @return this builder
     * @throws IllegalArgumentException if there is a rule with an equal host and an equal path, if
     *     the host has regular expressions and other paths, or if it is an alias; the message names
     *     both
     */
    public Builder<T> add(HostPattern host, PathPattern path, T target) {
      draft(host).add(new Match<>(host, path, target));
      return this;
    }

    private HostDraft<T> draft(HostPattern host) {
      if (aliases.containsKey(host.text())) {
        throw new IllegalArgumentException(
            "host " + QuotedText.of(host.text()) + " is an alias and cannot have rules");
      }
      return drafts.computeIfAbsent(host.text(), text -> new HostDraft<>(host, base.rulesOf(host)));
    }

    /**
     * Claims a host: its requests are taken by its own rules or by none, even if it has no rules.
     * Without a rule or a claim they would be left to a less specific host.
     *
     * @param host the hosts claimed
     * @return this builder
     */
    public Builder<T> claim(HostPattern host) {
      draft(host).isClaimed = true;
      return this;
    }

    /**
     * Gives a host a second pattern. Requests for it are taken by the rules of the host: by the
     * same objects, whose {@link Match#host()} is the host. An alias of a host that has neither
     * rules nor a claim when the table is built is not in the table.
     *
     * @param alias the other pattern, which has no rules and no claim of its own
     * @param host the host, which is no alias
     * @return this builder
     * @throws IllegalArgumentException if one of both is not so, or if {@code alias} is an alias
     *     already; the message names it
     */
    public Builder<T> alias(HostPattern alias, HostPattern host) {
      HostDraft<T> draft = drafts.get(alias.text());
      boolean hasRules = draft == null ? base.rulesOf(alias) != null : !draft.isEmpty();
      if (hasRules || alias.text().equals(host.text())) {
        throw new IllegalArgumentException(
            "host " + QuotedText.of(alias.text()) + " has rules and cannot be an alias");
      }
      if (aliases.containsKey(host.text())) {
        throw new IllegalArgumentException(
            "host " + QuotedText.of(host.text()) + " is an alias and cannot have aliases");
      }
      if (aliases.putIfAbsent(alias.text(), new Alias(alias, host)) != null) {
        throw new IllegalArgumentException(
            "host " + QuotedText.of(alias.text()) + " is an alias already");
      }
      return this;
    }

    /**
     * Removes all rules of a host, the claim to it and its aliases; or an alias. Rules of other
     * hosts that match the same requests stay.
     *
     * @param host the pattern that the rules were added with; nothing happens if there are none
     * @return this builder
     */
    public Builder<T> remove(HostPattern host) {
      for (Alias alias : List.copyOf(aliases.values())) {
        if (alias.host.text().equals(host.text()) || alias.alias.text().equals(host.text())) {
          aliases.remove(alias.alias.text());
          oldAliases.put(alias.alias.text(), alias);
        }
      }
      drafts.put(host.text(), new HostDraft<>(host, null));
      return this;
    }

    /**
     * Returns a table of the rules collected so far.
     *
     * @return the table
     */
    public RoutingTable<T> build() {
      int newHosts = 0;
      int ruleCount = base.ruleCount;
      for (HostDraft<T> draft : drafts.values()) {
        int before = count(base.rulesOf(draft.host));
        newHosts += before == 0 && !draft.isEmpty() ? 1 : 0;
        ruleCount += draft.rules.size() - before;
      }
      HostChoice.Editor<T> editor = base.hosts.edit();
      editor.reserve(newHosts + aliases.size() - base.aliases.size());
      oldAliases.values().forEach(alias -> editor.remove(alias.alias));
      for (HostDraft<T> draft : drafts.values()) {
        if (draft.isEmpty()) {
          editor.remove(draft.host);
        } else {
          editor.put(draft.host, draft.rules);
        }
      }
      for (Alias alias : aliases.values()) {
        if (!alias.equals(base.aliases.get(alias.alias.text()))
            || drafts.containsKey(alias.host.text())) {
          editor.remove(alias.alias);
          editor.share(alias.alias, alias.host);
        }
      }
      base = new RoutingTable<>(editor.freeze(), ruleCount, new LinkedHashMap<>(aliases));
      drafts.clear();
      oldAliases.clear();
      return base;
    }

    private static int count(@Nullable Match<?> @Nullable [] rules) {
      int count = 0;
      if (rules != null) {
        for (Match<?> rule : rules) {
          count += rule == null ? 0 : 1;
        }
      }
      return count;
    }
  }

  /** The rules of one host while they are collected. */
  private static final class HostDraft<T> {

    /** Up to here comparing a new path with each is cheaper than sets. */
    private static final int FEW = 16;

    final HostPattern host;
    final List<Match<T>> rules = new ArrayList<>();
    boolean isClaimed;

    // A set of strings, not of patterns: strings can be ordered, and so keep a set fast
    // whose members were chosen to have one hash code.
    private @Nullable Set<String> keys;

    HostDraft(HostPattern host, @Nullable Match<T> @Nullable [] start) {
      this.host = host;
      if (start != null) {
        for (Match<T> rule : start) {
          if (rule != null) {
            add(rule);
          }
        }
      }
    }

    /** Whether the table is to forget the host. */
    boolean isEmpty() {
      return rules.isEmpty() && !isClaimed;
    }

    void add(Match<T> rule) {
      if (!host.equals(rule.host())) {
        throw new IllegalArgumentException(
            "host "
                + QuotedText.of(host.text())
                + " is there in two ways: "
                + host
                + " and "
                + rule.host());
      }
      if (!isNew(rule.path())) {
        throw new IllegalArgumentException(
            "there are two rules for " + Match.describe(rule.host(), rule.path()));
      }
      if (!(rule.path() instanceof PathPattern.Rest)) {
        boolean regex = rule.path() instanceof PathPattern.Regex;
        for (int i = 0; i < Math.min(2, rules.size()); i++) {
          PathPattern other = rules.get(i).path();
          if (!(other instanceof PathPattern.Rest) && regex != other instanceof PathPattern.Regex) {
            throw new IllegalArgumentException(
                Match.describe(rule.host(), rule.path())
                    + " cannot stand beside "
                    + Match.describe(host, other)
                    + ": a host has regular expressions only, or none");
          }
        }
      }
      rules.add(rule);
    }

    private boolean isNew(PathPattern path) {
      if (rules.size() < FEW || path instanceof PathPattern.Rest) {
        for (Match<T> rule : rules) {
          if (rule.path().equals(path)) {
            return false;
          }
        }
        return true;
      }
      Set<String> all = keys;
      if (all == null) {
        all = new HashSet<>();
        for (Match<T> rule : rules) {
          all.add(keyOf(rule.path()));
        }
        keys = all;
      }
      return all.add(keyOf(path));
    }

    /** A text that no other pattern of the host has. */
    private static String keyOf(PathPattern path) {
      if (path instanceof PathPattern.Regex regex) {
        return regex.pattern().key() + regex.order();
      }
      return path.getClass().getSimpleName() + path.text();
    }
  }
}
