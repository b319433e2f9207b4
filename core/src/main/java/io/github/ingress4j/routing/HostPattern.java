package io.github.ingress4j.routing;

/**
 * The host a route answers for: one exact name, a name with a star, a regular expression, or every
 * host.
 *
 * <table>
 *   <caption>What each pattern matches</caption>
 *   <tr><th>Pattern</th><th>Matches</th><th>Does not match</th></tr>
 *   <tr><td>{@code a.shop}</td><td>{@code a.shop}, {@code A.Shop}</td><td>{@code b.a.shop}</td></tr>
 *   <tr><td>{@code *.shop}</td><td>{@code a.shop}</td><td>{@code shop}, {@code .shop},
 *       {@code b.a.shop}</td></tr>
 *   <tr><td>{@code **.shop}</td><td>{@code a.shop}, {@code b.a.shop}</td><td>{@code shop},
 *       {@code .shop}</td></tr>
 *   <tr><td>{@code www.shop.*}</td><td>{@code www.shop.de}, {@code www.shop.co.uk}</td>
 *       <td>{@code www.shop}, {@code www.shop.}</td></tr>
 *   <tr><td>{@code ~^v[0-9]+\.shop}</td><td>{@code v1.shop}, {@code v1.shop.de}</td>
 *       <td>{@code v.shop}</td></tr>
 *   <tr><td>empty</td><td>every host, and none at all</td><td></td></tr>
 * </table>
 *
 * <p>Where several patterns match, the exact name goes first, then the longest suffix, then the
 * longest leading text, then one-label wildcards and regular expressions in the order of their
 * ranks (see {@link Regex}), and the empty pattern last. Two wildcards never match one host.
 *
 * <p>Immutable and thread-safe. Source: networking.k8s.io/v1, field IngressRule.host.
 */
public sealed interface HostPattern {

  /**
   * Parses the value of {@code spec.rules[].host}.
   *
   * @param text empty for every host, else 1 to 253 characters: a lower-case DNS-1123 subdomain,
   *     with or without a leading {@code *.}; no port and no IP address; a label may be longer than
   *     63 characters
   * @return the pattern
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it and
   *     names the rule it breaks
   */
  static HostPattern parse(String text) {
    if (text.isEmpty()) {
      return new Any();
    }
    if (text.indexOf('*') >= 0) {
      return new Wildcard(text);
    }
    HostGrammar.requireName(text);
    return new Exact(text);
  }

  /**
   * Returns the pattern as written. Patterns of one table have different texts.
   *
   * @return the text, which for an exact name, a wildcard and every host is the one that {@link
   *     #parse} turns into this pattern; empty for every host
   */
  String text();

  /**
   * Returns whether a request for {@code host} belongs to this pattern. ASCII letters match in
   * either case. Allocates nothing.
   *
   * @param host a host without port and without trailing dot; empty if the request names none, or
   *     names an address
   * @return {@code true} if the route answers for {@code host}
   */
  boolean matches(String host);

  /**
   * One name and no other. Beside the names that rules may have it takes those that only aliases
   * have, such as {@code a_b.shop} or an address.
   *
   * @param text the name, such as {@code a.shop}
   */
  record Exact(String text) implements HostPattern {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if {@code text} is not a name of lower-case labels; the
     *     message quotes it
     */
    public Exact {
      HostGrammar.requireLooseName(text);
    }

    @Override
    public boolean matches(String host) {
      return HostGrammar.sameName(text, 0, host, 0, host.length());
    }
  }

  /**
   * Every name with exactly one label in place of the star.
   *
   * @param text the pattern as written, such as {@code *.shop}
   * @param wordsOnly whether the label may hold letters, digits, {@code -} and {@code _} only, as
   *     nginx takes it; else it may be any text without a dot
   */
  record Wildcard(String text, boolean wordsOnly) implements HostPattern {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException as {@link HostPattern#parse} throws it
     */
    public Wildcard {
      HostGrammar.requireWildcard(text);
    }

    /**
     * Makes a wildcard whose label may be any text.
     *
     * @param text the pattern as written, such as {@code *.shop}
     * @throws IllegalArgumentException as {@link HostPattern#parse} throws it
     */
    public Wildcard(String text) {
      this(text, false);
    }

    @Override
    public boolean matches(String host) {
      // The star stands for one label, so what follows it must start at the host's first dot.
      int dot = host.indexOf('.');
      return dot > 0
          && HostGrammar.sameName(text, 1, host, dot, host.length())
          && (!wordsOnly || HostGrammar.isWord(host, 0, dot));
    }
  }

  /**
   * Every name with one label or more in place of the two stars. nginx writes it {@code *.shop}.
   *
   * @param text the pattern, such as {@code **.shop}
   */
  record Suffix(String text) implements HostPattern {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if {@code text} is not {@code **.} and a lower-case name;
     *     the message quotes it
     */
    public Suffix {
      HostGrammar.requireSuffix(text);
    }

    /** What follows the stars, with the dot. */
    String name() {
      return text.substring(2);
    }

    @Override
    public boolean matches(String host) {
      int from = host.length() - (text.length() - 2);
      return from > 0 && HostGrammar.sameName(text, 2, host, from, host.length());
    }
  }

  /**
   * Every name that begins with a text and goes on with one label or more in place of the star.
   *
   * @param text the pattern, such as {@code www.shop.*}
   */
  record Leading(String text) implements HostPattern {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if {@code text} is not a lower-case name and {@code .*}; the
     *     message quotes it
     */
    public Leading {
      HostGrammar.requireLeading(text);
    }

    /** What goes before the star, with the dot. */
    String name() {
      return text.substring(0, text.length() - 1);
    }

    @Override
    public boolean matches(String host) {
      String name = name();
      return host.length() > name.length() && HostGrammar.sameName(name, 0, host, 0, name.length());
    }
  }

  /**
   * The names in which a regular expression finds something; it sees them in lower case.
   *
   * <p>Among the one-label wildcards and the expressions that match, the one with the least rank
   * goes first, then the one with the least order. The rank of a wildcard is its text, and it goes
   * before an expression of the same rank.
   *
   * @param pattern the expression
   * @param rank the place among all, a text such as the host that the expression is an alias of
   * @param order the place among expressions of one rank
   */
  record Regex(PcrePattern pattern, String rank, int order) implements HostPattern {

    /** Returns {@code ~} and the expression. */
    @Override
    public String text() {
      return "~" + pattern.text();
    }

    /**
     * Returns whether the expression finds something in {@code host}, at the cost of a budget of
     * its own.
     *
     * @return {@code true} if it does; {@code false} also if that would cost too much
     */
    @Override
    public boolean matches(String host) {
      String name = HostGrammar.lowerCase(host, 0, host.length());
      return pattern.find(name, 0, name.length(), new RegexBudget()) != null;
    }
  }

  /** Every host, and requests that name none. */
  record Any() implements HostPattern {

    @Override
    public String text() {
      return "";
    }

    @Override
    public boolean matches(String host) {
      return true;
    }
  }
}
