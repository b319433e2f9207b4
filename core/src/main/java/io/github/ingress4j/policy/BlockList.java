package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.List;

/**
 * User agents and referers that are turned away on every host.
 *
 * <p>A list that could not be read as a whole {@linkplain #isIncomplete says so}: nobody knows whom
 * the rest would block, so whoever is not blocked by what could be read must not pass either.
 *
 * <table>
 *   <caption>How an entry is read</caption>
 *   <tr><th>Entry</th><th>Blocks</th></tr>
 *   <tr><td>{@code curl/8.5}</td><td>exactly this value, in any letter case</td></tr>
 *   <tr><td>{@code ~bot}</td><td>values in which the expression is found</td></tr>
 *   <tr><td>{@code ~*bot}</td><td>the same, in any letter case</td></tr>
 *   <tr><td>{@code \~bot}</td><td>exactly {@code ~bot}</td></tr>
 * </table>
 *
 * <p>A header that is missing counts as empty.
 *
 * <p>Immutable and thread-safe. Source: the settings {@code block-user-agents} and {@code
 * block-referers} of ingress-nginx, the directive {@code map} of nginx.
 *
 * @param userAgents what is compared with {@code User-Agent}
 * @param referers what is compared with {@code Referer}
 * @param isIncomplete whether there are entries that could not be read
 */
public record BlockList(List<Entry> userAgents, List<Entry> referers, boolean isIncomplete) {

  /** Blocks nothing. */
  public static final BlockList NONE = new BlockList(List.of(), List.of(), false);

  /** Copies the lists. */
  public BlockList {
    userAgents = List.copyOf(userAgents);
    referers = List.copyOf(referers);
  }

  /** An entry, or why a text is none. */
  public sealed interface Result {}

  /**
   * What one entry blocks.
   *
   * <p>Immutable and thread-safe.
   */
  public sealed interface Entry extends Result {

    /**
     * Returns whether a value is blocked.
     *
     * @param value the value of the header, one character a byte
     * @param budget what the search may cost; once it is spent nothing is found
     * @return {@code true} if it is
     */
    boolean matches(String value, RegexBudget budget);

    /**
     * Reads an entry.
     *
     * @param text the text without blanks around it
     * @return the entry, or the fault of its expression
     */
    static Result parse(String text) {
      if (text.startsWith("~")) {
        boolean ignoresCase = text.startsWith("~*");
        PcrePattern.Result result =
            PcrePattern.compile(text.substring(ignoresCase ? 2 : 1), ignoresCase, false);
        return result instanceof PcrePattern.Compiled compiled
            ? new Found(compiled.pattern())
            : new Fault((PcrePattern.Fault) result);
      }
      return new Whole(UrlText.octets(text.startsWith("\\") ? text.substring(1) : text));
    }
  }

  /**
   * A whole value in any letter case.
   *
   * @param text the value, one character a byte
   */
  public record Whole(String text) implements Entry {
    @Override
    public boolean matches(String value, RegexBudget budget) {
      return value.length() == text.length()
          && Template.lowerCase(value).equals(Template.lowerCase(text));
    }
  }

  /**
   * An expression that is searched for.
   *
   * @param pattern the expression
   */
  public record Found(PcrePattern pattern) implements Entry {
    @Override
    public boolean matches(String value, RegexBudget budget) {
      return pattern.find(value, 0, value.length(), budget) != null;
    }
  }

  /**
   * Why a text is no entry.
   *
   * @param reason what is wrong with its expression
   */
  public record Fault(PcrePattern.Fault reason) implements Result {}

  /**
   * Returns whether a request is turned away.
   *
   * @param request the request
   * @param budget what the search may cost; the caller asks whether it {@linkplain
   *     RegexBudget#isSpent is spent} before it believes a {@code false}
   * @return {@code true} if its user agent or its referer is blocked
   */
  public boolean blocks(CanonicalRequest request, RegexBudget budget) {
    return blocks(userAgents, request, "User-Agent", budget)
        || blocks(referers, request, "Referer", budget);
  }

  private static boolean blocks(
      List<Entry> entries, CanonicalRequest request, String name, RegexBudget budget) {
    if (entries.isEmpty()) {
      return false;
    }
    String value = request.header(name);
    for (Entry entry : entries) {
      if (entry.matches(value, budget)) {
        return true;
      }
    }
    return false;
  }
}
