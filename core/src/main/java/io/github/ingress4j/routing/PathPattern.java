package io.github.ingress4j.routing;

/**
 * The paths of a host that a route answers for: one path, everything below a path, all that begin
 * with a text or match a regular expression, or the rest.
 *
 * <table>
 *   <caption>What each pattern matches</caption>
 *   <tr><th>Pattern</th><th>Matches</th><th>Does not match</th></tr>
 *   <tr><td>exact {@code /foo}</td><td>{@code /foo}</td><td>{@code /foo/}, {@code /Foo}</td></tr>
 *   <tr><td>prefix {@code /foo} or {@code /foo/}</td><td>{@code /foo}, {@code /foo/},
 *       {@code /foo/bar}</td><td>{@code /foobar}, {@code /fo}</td></tr>
 *   <tr><td>prefix {@code /}</td><td>every path that begins with {@code /}</td>
 *       <td>{@code *}, the empty path</td></tr>
 *   <tr><td>start {@code /foo/}</td><td>{@code /foo/}, {@code /foo/bar}</td>
 *       <td>{@code /foo}</td></tr>
 *   <tr><td>start {@code /foo}</td><td>{@code /foo}, {@code /foobar}</td><td>{@code /fo}</td></tr>
 *   <tr><td>regex {@code ^/v[0-9]+/}</td><td>{@code /v1/}, {@code /v12/x}</td>
 *       <td>{@code /v/}</td></tr>
 *   <tr><td>rest</td><td>everything</td><td></td></tr>
 * </table>
 *
 * <p>Where several patterns of a host match, an exact one goes first, then the prefix or start with
 * the longest text (of equal ones the prefix), then the rest. A host whose patterns are regular
 * expressions has no other kind but the rest: they are tried in ascending order, and the first that
 * matches goes. The trailing slash of a prefix means nothing to what it matches but counts in its
 * length, so {@code /foo/} goes before {@code /foo} for all of {@code /foo}, {@code /foo/} and
 * {@code /foo/bar}.
 *
 * <p>A path is compared as it is, character by character: bring rules and requests to one form
 * first. It is seen as bytes, so that each character of a pattern is U+0000 to U+00FF; a request
 * with another character matches no exact pattern, and no prefix that would have to cover it.
 *
 * <p>Immutable and thread-safe. Source: networking.k8s.io/v1, fields HTTPIngressPath.path and
 * pathType.
 */
public sealed interface PathPattern {

  /**
   * Returns the pattern of one path.
   *
   * @param text the path: it begins with {@code /}, and its characters are U+0000 to U+00FF
   * @return the pattern
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it
   */
  static Exact exact(String text) {
    return new Exact(text);
  }

  /**
   * Returns the pattern of a path and everything below it, compared element by element.
   *
   * @param text the path: it begins with {@code /}, and its characters are U+0000 to U+00FF
   * @return the pattern
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it
   */
  static Prefix prefix(String text) {
    return new Prefix(text);
  }

  /**
   * Returns the pattern of all paths that begin with a text, whether or not an element ends there.
   *
   * @param text the text: it begins with {@code /}, and its characters are U+0000 to U+00FF
   * @return the pattern
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it
   */
  static Start start(String text) {
    return new Start(text);
  }

  /**
   * Returns the pattern of the paths that a regular expression finds something in.
   *
   * @param pattern the expression
   * @param order its place among the expressions of its host: the least that matches goes first
   * @return the pattern
   */
  static Regex regex(PcrePattern pattern, int order) {
    return new Regex(pattern, order);
  }

  /**
   * Returns the pattern of whatever the other patterns of a host leave over.
   *
   * @return the pattern
   */
  static Rest rest() {
    return new Rest();
  }

  /**
   * Returns the pattern as written.
   *
   * @return the path or the expression; empty for the rest
   */
  String text();

  /**
   * Returns whether this pattern covers {@code path}, whichever pattern of the host is preferred.
   * Allocates nothing.
   *
   * @param path a path without query
   * @return {@code true} if it is covered
   */
  boolean matches(String path);

  /**
   * One path and no other.
   *
   * @param text the path
   */
  record Exact(String text) implements PathPattern {

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException as {@link PathPattern#exact} throws it
     */
    public Exact {
      requirePath(text);
    }

    @Override
    public boolean matches(String path) {
      return text.equals(path);
    }
  }

  /**
   * A path and everything below it.
   *
   * @param text the path, with or without a trailing slash
   */
  record Prefix(String text) implements PathPattern {

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException as {@link PathPattern#prefix} throws it
     */
    public Prefix {
      requirePath(text);
    }

    @Override
    public boolean matches(String path) {
      int stem = stemLength();
      if (!path.regionMatches(0, text, 0, stem)) {
        return false;
      }
      return path.length() == stem ? endsElement(stem) : path.charAt(stem) == '/';
    }

    /** The length without the trailing slash, which means nothing. */
    int stemLength() {
      return text.endsWith("/") ? text.length() - 1 : text.length();
    }

    /**
     * Whether a path that ends after the first {@code stem} characters holds all elements of the
     * pattern. It does not if the last of them is empty (as in {@code /foo//}): of such a path that
     * element is the trailing slash, which does not count.
     */
    private boolean endsElement(int stem) {
      return stem > 0 && text.charAt(stem - 1) != '/';
    }
  }

  /**
   * All paths that begin with a text. {@code /foo/} does not cover {@code /foo}, and {@code /foo}
   * covers {@code /foobar}.
   *
   * @param text the text
   */
  record Start(String text) implements PathPattern {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException as {@link PathPattern#start} throws it
     */
    public Start {
      requirePath(text);
    }

    @Override
    public boolean matches(String path) {
      return path.startsWith(text);
    }
  }

  /**
   * The paths in which a regular expression finds something. A host has such patterns and the rest
   * only, or none of them.
   *
   * @param pattern the expression
   * @param order its place among the expressions of its host: the least that matches goes first
   */
  record Regex(PcrePattern pattern, int order) implements PathPattern {

    @Override
    public String text() {
      return pattern.text();
    }

    /**
     * Returns whether the expression finds something in {@code path}, at the cost of a budget of
     * its own.
     *
     * @param path a path without query, decoded
     * @return {@code true} if it does; {@code false} also if that would cost too much
     */
    @Override
    public boolean matches(String path) {
      return pattern.find(path, 0, path.length(), new RegexBudget()) != null;
    }
  }

  /** Every path, below all other patterns of the host. */
  record Rest() implements PathPattern {

    @Override
    public String text() {
      return "";
    }

    @Override
    public boolean matches(String path) {
      return true;
    }
  }

  private static void requirePath(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "path " + QuotedText.of(text) + " does not begin with '/'");
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        throw new IllegalArgumentException(
            "path "
                + QuotedText.of(text)
                + " holds a character beyond U+00FF; a path is a string of bytes");
      }
    }
  }
}
