package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a canary gets. The first line that decides wins.
 *
 * <table>
 *   <caption>Rules in their order</caption>
 *   <tr><th>If</th><th>and</th><th>then</th></tr>
 *   <tr><td rowspan="5">the header is there</td><td>a value is configured and it is equal</td>
 *       <td>canary</td></tr>
 *   <tr><td>else a pattern is and it is found</td><td>canary</td></tr>
 *   <tr><td>else a pattern is and it is broken</td><td>main</td></tr>
 *   <tr><td>else neither is and it says {@code always}</td><td>canary</td></tr>
 *   <tr><td>else neither is and it says {@code never}</td><td>main</td></tr>
 *   <tr><td rowspan="2">the cookie is there</td><td>it says {@code always}</td><td>canary</td></tr>
 *   <tr><td>it says {@code never}</td><td>main</td></tr>
 *   <tr><td>always</td><td>a number drawn from 1 to the total is at most the weight</td>
 *       <td>canary</td></tr>
 * </table>
 *
 * <p>Names of header and cookie match in any letter case, and {@code -} equals {@code _} in that of
 * the header; values are compared exactly.
 *
 * <p>Immutable and thread-safe. Source: the {@code canary} annotations of ingress-nginx.
 *
 * @param header the name of the header, or {@code null}
 * @param value the value that selects the canary, or {@code null}; an empty one counts as none
 * @param pattern what is searched for in the header if there is no value, or {@code null}
 * @param isPatternBroken whether there is a pattern that cannot be used; then {@code pattern} is
 *     {@code null}
 * @param cookie the name of the cookie, or {@code null}
 * @param weight the share of the canary
 * @param total what the share is of; 100 or less means 100
 */
public record CanaryPolicy(
    @Nullable String header,
    @Nullable String value,
    @Nullable PcrePattern pattern,
    boolean isPatternBroken,
    @Nullable String cookie,
    int weight,
    int total) {

  /** Never selects the canary. */
  public static final CanaryPolicy NONE = new CanaryPolicy(null, null, null, false, null, 0, 100);

  private static final int SMALLEST_TOTAL = 100;

  /** Who gets a request. */
  public enum Verdict {
    /** The main back end. */
    MAIN,
    /** The canary. */
    CANARY
  }

  /**
   * Brings the components to one form: texts that are empty to {@code null}, and a total of less
   * than 100 to 100.
   *
   * @throws IllegalArgumentException if there is a pattern and it is said to be broken
   */
  public CanaryPolicy {
    header = textOrNull(header);
    value = value == null || value.isEmpty() ? null : UrlText.octets(value);
    cookie = textOrNull(cookie);
    total = Math.max(total, SMALLEST_TOTAL);
    if (pattern != null && isPatternBroken) {
      throw new IllegalArgumentException("a pattern that is broken must be null");
    }
  }

  private static @Nullable String textOrNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  /**
   * Decides about a request. Whether the canary is there, and whether the client is bound already,
   * is for the caller to see first.
   *
   * @param request the request
   * @param random draws the number; not used if header or cookie decide
   * @param budget what the search for the pattern may cost; if it is spent, the verdict is MAIN
   * @return who gets it
   */
  public Verdict decide(CanonicalRequest request, RandomGenerator random, RegexBudget budget) {
    Verdict verdict = byHeader(request, budget);
    if (verdict == null && cookie != null) {
      verdict = byWord(Cookies.first(request.view().headers("Cookie"), cookie));
    }
    if (verdict != null) {
      return verdict;
    }
    return 1 + random.nextInt(total) <= weight ? Verdict.CANARY : Verdict.MAIN;
  }

  private @Nullable Verdict byHeader(CanonicalRequest request, RegexBudget budget) {
    if (header == null || !request.hasHeader(header)) {
      return null;
    }
    String said = request.header(header);
    if (value != null) {
      return value.equals(said) ? Verdict.CANARY : null;
    }
    if (isPatternBroken) {
      return Verdict.MAIN;
    }
    if (pattern != null) {
      if (pattern.find(said, 0, said.length(), budget) != null) {
        return Verdict.CANARY;
      }
      return budget.isSpent() ? Verdict.MAIN : null;
    }
    return byWord(said);
  }

  private static @Nullable Verdict byWord(@Nullable String word) {
    if ("always".equals(word)) {
      return Verdict.CANARY;
    }
    return "never".equals(word) ? Verdict.MAIN : null;
  }
}
