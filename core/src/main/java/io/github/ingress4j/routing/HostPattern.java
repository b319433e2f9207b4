package io.github.ingress4j.routing;

/**
 * The host a route answers for: one exact name, one wildcard label, or every host.
 *
 * <table>
 *   <caption>What each pattern matches</caption>
 *   <tr><th>Pattern</th><th>Matches</th><th>Does not match</th></tr>
 *   <tr><td>{@code a.shop}</td><td>{@code a.shop}, {@code A.Shop}</td><td>{@code b.a.shop}</td></tr>
 *   <tr><td>{@code *.shop}</td><td>{@code a.shop}</td><td>{@code shop}, {@code .shop},
 *       {@code b.a.shop}</td></tr>
 *   <tr><td>empty</td><td>every host, and none at all</td><td></td></tr>
 * </table>
 *
 * <p>Where several patterns match, the exact name goes before the wildcard, and the wildcard before
 * the empty pattern; two wildcards never match one host.
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
    return text.indexOf('*') >= 0 ? new Wildcard(text) : new Exact(text);
  }

  /**
   * Returns the pattern as written.
   *
   * @return the text that {@link #parse} turns into this pattern; empty for every host
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
   * One name and no other.
   *
   * @param text the name, such as {@code a.shop}
   */
  record Exact(String text) implements HostPattern {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException as {@link HostPattern#parse} throws it
     */
    public Exact {
      HostGrammar.requireName(text);
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
   */
  record Wildcard(String text) implements HostPattern {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException as {@link HostPattern#parse} throws it
     */
    public Wildcard {
      HostGrammar.requireWildcard(text);
    }

    @Override
    public boolean matches(String host) {
      // The star stands for one label, so what follows it must start at the host's first dot.
      int dot = host.indexOf('.');
      return dot > 0 && HostGrammar.sameName(text, 1, host, dot, host.length());
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
