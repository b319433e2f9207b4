package io.github.ingress4j.routing;

import java.util.Objects;

/**
 * A rule of a {@link RoutingTable}, and the answer for every request that it takes.
 *
 * <p>There is one object per rule, made when the rule is added: two look-ups that end at one rule
 * return the same object, and so do tables that share the rule. Two matches are equal only if they
 * are the same object.
 *
 * <p>Immutable and thread-safe if the target is.
 *
 * @param <T> what rules lead to
 */
public final class Match<T> {

  private final HostPattern host;
  private final PathPattern path;
  private final T target;

  Match(HostPattern host, PathPattern path, T target) {
    this.host = Objects.requireNonNull(host, "host");
    this.path = Objects.requireNonNull(path, "path");
    this.target = Objects.requireNonNull(target, "target");
  }

  /**
   * Returns the hosts of the rule.
   *
   * @return the pattern as it was added
   */
  public HostPattern host() {
    return host;
  }

  /**
   * Returns the paths of the rule.
   *
   * @return the pattern as it was added
   */
  public PathPattern path() {
    return path;
  }

  /**
   * Returns what the rule leads to.
   *
   * @return the object that was added
   */
  public T target() {
    return target;
  }

  /**
   * Returns the rule in words, for messages and debuggers.
   *
   * @return such as {@code Prefix "/pay" of host "a.shop"}
   */
  @Override
  public String toString() {
    return describe(host, path);
  }

  /** The pair in words; the texts are quoted and escaped. */
  static String describe(HostPattern host, PathPattern path) {
    String where =
        host instanceof HostPattern.Any ? "every host" : "host " + QuotedText.of(host.text());
    if (path instanceof PathPattern.Exact) {
      return "Exact " + QuotedText.of(path.text()) + " of " + where;
    }
    if (path instanceof PathPattern.Prefix) {
      return "Prefix " + QuotedText.of(path.text()) + " of " + where;
    }
    if (path instanceof PathPattern.Start) {
      return "Start " + QuotedText.of(path.text()) + " of " + where;
    }
    if (path instanceof PathPattern.Regex) {
      return "Regex " + QuotedText.of(path.text()) + " of " + where;
    }
    return "the rest of " + where;
  }
}
