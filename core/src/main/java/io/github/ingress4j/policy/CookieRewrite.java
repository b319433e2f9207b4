package io.github.ingress4j.policy;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.routing.RegexBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes the attributes Domain and Path of the cookies that a back end sets.
 *
 * <table>
 *   <caption>What a rule does to {@code Set-Cookie: a=1; Domain=.Old.shop; Path=/old/x}</caption>
 *   <tr><th>Rule</th><th>Becomes</th></tr>
 *   <tr><td>domain {@code old.shop new.shop}</td><td>{@code Domain=.new.shop}: the whole domain is
 *       compared, in any letter case and but for a dot in front</td></tr>
 *   <tr><td>path {@code /old /new}</td><td>{@code Path=/new/x}: the beginning is compared</td></tr>
 *   <tr><td>{@code ~PATTERN /new}</td><td>the whole attribute, if the pattern is found; that of
 *       domains in any letter case</td></tr>
 *   <tr><td>{@code off}, or empty</td><td>the same</td></tr>
 * </table>
 *
 * <p>A cookie that changes loses needless blanks; any other one stays as it is, and so does a line
 * that does not begin with a name and an equals sign. Lines keep their number and order.
 *
 * <p>Immutable and thread-safe. Source: the annotations {@code proxy-cookie-domain} and {@code
 * proxy-cookie-path} of ingress-nginx.
 */
public final class CookieRewrite {

  /** A rewrite, or why there can be none. */
  public sealed interface Result {}

  /**
   * What became of texts without faults.
   *
   * <p>Immutable and thread-safe.
   *
   * @param rewrite the rewrite, or {@code null} if nothing is changed
   */
  public record Parsed(@Nullable CookieRewrite rewrite) implements Result {}

  /**
   * Why nginx refuses the texts.
   *
   * <p>Immutable and thread-safe.
   *
   * @param message one sentence that quotes the text, on one line of printable characters
   */
  public record Fault(String message) implements Result {}

  private record Attribute(String name, @Nullable String value) {}

  private final @Nullable ValueRewrite domain;
  private final @Nullable ValueRewrite path;

  private CookieRewrite(@Nullable ValueRewrite domain, @Nullable ValueRewrite path) {
    this.domain = domain;
    this.path = path;
  }

  /**
   * Reads the rules.
   *
   * @param domain {@code off}, or the old and the new domain
   * @param path {@code off}, or the old and the new path
   * @return the rewrite, or a fault
   */
  public static Result parse(String domain, String path) {
    List<String> domains = ValueRewrite.words(domain);
    List<String> paths = ValueRewrite.words(path);
    for (List<String> words : List.of(domains, paths)) {
      if (words.size() != 2 && !isOff(words)) {
        return new Fault(
            PrintableText.quote(String.join(" ", words))
                + " is neither off nor a text and its replacement.");
      }
    }
    ValueRewrite ofDomain = null;
    if (!isOff(domains)) {
      ValueRewrite.Result result =
          ValueRewrite.parse(domains.get(0), domains.get(1), ValueRewrite::domain, true);
      if (result instanceof ValueRewrite.Fault fault) {
        return new Fault(fault.message());
      }
      ofDomain = ((ValueRewrite.Parsed) result).rule();
    }
    ValueRewrite ofPath = null;
    if (!isOff(paths)) {
      ValueRewrite.Result result =
          ValueRewrite.parse(paths.get(0), paths.get(1), ValueRewrite::prefix);
      if (result instanceof ValueRewrite.Fault fault) {
        return new Fault(fault.message());
      }
      ofPath = ((ValueRewrite.Parsed) result).rule();
    }
    return new Parsed(
        ofDomain == null && ofPath == null ? null : new CookieRewrite(ofDomain, ofPath));
  }

  private static boolean isOff(List<String> words) {
    return words.isEmpty() || (words.size() == 1 && words.get(0).equals("off"));
  }

  /**
   * Returns the changes to the answer of a back end.
   *
   * @param reply the answer
   * @param budget what searching for patterns may cost; if it is spent, no more is changed
   * @return the changes
   */
  public HeaderEdits apply(ReplyView reply, RegexBudget budget) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    addTo(edits, reply, budget);
    return edits.build();
  }

  /**
   * Adds what {@link #apply} returns to other changes. Cookies that are appended come after it.
   *
   * @param edits takes the changes
   * @param reply the answer
   * @param budget what searching for patterns may cost; if it is spent, no more is changed
   */
  public void addTo(HeaderEdits.Builder edits, ReplyView reply, RegexBudget budget) {
    List<String> lines = reply.headers("Set-Cookie");
    List<String> changed = new ArrayList<>(lines.size());
    for (String line : lines) {
      changed.add(apply(line, budget));
    }
    if (!changed.equals(lines)) {
      ValueRewrite.replace(edits, "Set-Cookie", changed);
    }
  }

  private String apply(String line, RegexBudget budget) {
    List<Attribute> attributes = attributes(line);
    if (attributes.get(0).value() == null) {
      return line;
    }
    boolean isChanged = false;
    for (int i = 1; i < attributes.size(); i++) {
      Attribute attribute = attributes.get(i);
      ValueRewrite rule =
          attribute.name().equalsIgnoreCase("domain")
              ? domain
              : attribute.name().equalsIgnoreCase("path") ? path : null;
      String value = attribute.value();
      String becomes = rule == null || value == null ? null : rule.apply(value, budget);
      // No replacement can end the attribute and begin another one.
      if (becomes != null && becomes.indexOf(';') < 0) {
        attributes.set(i, new Attribute(attribute.name(), becomes));
        isChanged = true;
      }
    }
    if (!isChanged) {
      return line;
    }
    StringBuilder out = new StringBuilder(line.length() + 16);
    for (Attribute attribute : attributes) {
      out.append(out.length() == 0 ? "" : "; ").append(attribute.name());
      if (attribute.value() != null) {
        out.append('=').append(attribute.value());
      }
    }
    return out.toString();
  }

  private static List<Attribute> attributes(String line) {
    List<Attribute> attributes = new ArrayList<>();
    int start = 0;
    while (start <= line.length()) {
      int semicolon = line.indexOf(';', start);
      int end = semicolon < 0 ? line.length() : semicolon;
      int equals = line.indexOf('=', start);
      boolean hasValue = equals >= 0 && equals < end;
      attributes.add(
          new Attribute(
              withoutBlanks(line, start, hasValue ? equals : end),
              hasValue ? withoutBlanks(line, equals + 1, end) : null));
      start = end + 1;
    }
    return attributes;
  }

  private static String withoutBlanks(String line, int start, int end) {
    int from = start;
    int to = end;
    while (from < to && line.charAt(from) == ' ') {
      from++;
    }
    while (to > from && line.charAt(to - 1) == ' ') {
      to--;
    }
    return line.substring(from, to);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CookieRewrite that
        && Objects.equals(domain, that.domain)
        && Objects.equals(path, that.path);
  }

  @Override
  public int hashCode() {
    return Objects.hash(domain, path);
  }

  /**
   * Returns the rules.
   *
   * @return such as {@code domain a.shop -> b.shop, path off}
   */
  @Override
  public String toString() {
    return "domain "
        + (domain == null ? "off" : domain.toString())
        + ", path "
        + (path == null ? "off" : path.toString());
  }
}
