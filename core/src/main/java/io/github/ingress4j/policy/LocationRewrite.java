package io.github.ingress4j.policy;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.routing.RegexBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the places that a back end sends clients to, in {@code Location} and {@code Refresh}.
 *
 * <table>
 *   <caption>What {@code from} and {@code to} mean</caption>
 *   <tr><th>from</th><th>to</th><th>Effect</th></tr>
 *   <tr><td>{@code off}</td><td>any</td><td>none</td></tr>
 *   <tr><td>any but {@code default}</td><td>{@code off}</td><td>none</td></tr>
 *   <tr><td>{@code default}</td><td>any</td><td>{@code http://upstream_balancer/}, the name under
 *       which ingress-nginx knows every back end, becomes {@code /}</td></tr>
 *   <tr><td>{@code http://a.shop/x}</td><td>{@code /y}</td><td>a place that begins so begins with
 *       {@code /y}; letter case matters</td></tr>
 *   <tr><td>{@code ~PATTERN}, {@code ~*PATTERN}</td><td>{@code /y}</td><td>a place in which the
 *       pattern is found becomes {@code /y}</td></tr>
 * </table>
 *
 * <p>A Location that was changed and begins with a slash gets the scheme and the host in front, as
 * every Location that nginx makes; in a Refresh it stays as it is.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code proxy-redirect-from} and {@code
 * proxy-redirect-to} of ingress-nginx.
 */
public final class LocationRewrite {

  /** A rewrite, or why there can be none. */
  public sealed interface Result {}

  /**
   * What became of texts without faults.
   *
   * <p>Immutable and thread-safe.
   *
   * @param rewrite the rewrite, or {@code null} if nothing is changed
   */
  public record Parsed(@Nullable LocationRewrite rewrite) implements Result {}

  /**
   * Why nginx refuses the texts.
   *
   * <p>Immutable and thread-safe.
   *
   * @param message one sentence that quotes the text, on one line of printable characters
   */
  public record Fault(String message) implements Result {}

  private static final String OFF = "off";

  private final ValueRewrite rewrite;
  private final boolean isRelative;
  private final boolean showsPort;

  private LocationRewrite(ValueRewrite rewrite, boolean isRelative, boolean showsPort) {
    this.rewrite = rewrite;
    this.isRelative = isRelative;
    this.showsPort = showsPort;
  }

  /**
   * Reads the two texts of a rule.
   *
   * @param from what is replaced
   * @param to what it becomes
   * @param isRelative whether a Location that begins with a slash stays so
   * @param showsPort whether the port follows the host in a Location that is made absolute, unless
   *     the scheme implies it
   * @return the rewrite, or a fault
   */
  public static Result parse(String from, String to, boolean isRelative, boolean showsPort) {
    if (from.equals("default")) {
      return new Parsed(
          new LocationRewrite(
              ValueRewrite.prefix("http://upstream_balancer/", "/"), isRelative, showsPort));
    }
    if (from.isEmpty() || from.equals(OFF) || to.isEmpty() || to.equals(OFF)) {
      return new Parsed(null);
    }
    if (ValueRewrite.words(from).size() != 1 || ValueRewrite.words(to).size() != 1) {
      return new Fault(
          PrintableText.quote(from + " " + to) + " is more than one text and its replacement.");
    }
    ValueRewrite.Result result = ValueRewrite.parse(from.trim(), to.trim(), ValueRewrite::prefix);
    return result instanceof ValueRewrite.Parsed parsed
        ? new Parsed(new LocationRewrite(parsed.rule(), isRelative, showsPort))
        : new Fault(((ValueRewrite.Fault) result).message());
  }

  /**
   * Returns the changes to the answer of a back end.
   *
   * @param request the request that is answered
   * @param reply the answer
   * @param budget what searching for a pattern may cost; if it is spent, nothing is changed
   * @return the changes
   */
  public HeaderEdits apply(CanonicalRequest request, ReplyView reply, RegexBudget budget) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    addTo(edits, request, reply, budget);
    return edits.build();
  }

  /**
   * Adds what {@link #apply} returns to other changes.
   *
   * @param edits takes the changes
   * @param request the request that is answered
   * @param reply the answer
   * @param budget what searching for a pattern may cost; if it is spent, nothing is changed
   */
  public void addTo(
      HeaderEdits.Builder edits, CanonicalRequest request, ReplyView reply, RegexBudget budget) {
    List<String> locations = new ArrayList<>();
    boolean isChanged = false;
    for (String line : reply.headers("Location")) {
      String changed = location(request, line, budget);
      isChanged |= changed != null;
      locations.add(changed == null ? line : changed);
    }
    if (isChanged) {
      ValueRewrite.replace(edits, "Location", locations);
    }
    List<String> refreshes = new ArrayList<>();
    isChanged = false;
    for (String line : reply.headers("Refresh")) {
      String changed = refresh(line, budget);
      isChanged |= changed != null;
      refreshes.add(changed == null ? line : changed);
    }
    if (isChanged) {
      ValueRewrite.replace(edits, "Refresh", refreshes);
    }
  }

  private @Nullable String location(CanonicalRequest request, String line, RegexBudget budget) {
    String changed = rewrite.apply(line, budget);
    return changed != null && changed.startsWith("/")
        ? Locations.here(request, changed, showsPort, isRelative)
        : changed;
  }

  private @Nullable String refresh(String line, RegexBudget budget) {
    for (int i = 0; i + 4 <= line.length(); i++) {
      if (line.regionMatches(true, i, "url=", 0, 4)) {
        String changed = rewrite.apply(line.substring(i + 4), budget);
        return changed == null ? null : line.substring(0, i + 4) + changed;
      }
    }
    return null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LocationRewrite that
        && rewrite.equals(that.rewrite)
        && isRelative == that.isRelative
        && showsPort == that.showsPort;
  }

  @Override
  public int hashCode() {
    return rewrite.hashCode() * 4 + (isRelative ? 2 : 0) + (showsPort ? 1 : 0);
  }

  /**
   * Returns the rule.
   *
   * @return such as {@code http://a.shop/ -> /}
   */
  @Override
  public String toString() {
    return rewrite.toString();
  }
}
