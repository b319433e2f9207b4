package io.github.ingress4j.routing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression as PCRE reads it in byte mode, which is how nginx uses it.
 *
 * <table>
 *   <caption>What is translated, and what is refused</caption>
 *   <tr><th>Expression</th><th>Result</th></tr>
 *   <tr><td>{@code a{b}}, {@code a{,2}}</td><td>the braces are literal</td></tr>
 *   <tr><td>{@code (?P<n>a)}, {@code (?'n'a)}, {@code (?<n_1>a)}</td><td>named groups</td></tr>
 *   <tr><td>{@code (?#text)}, {@code \Q.\E}, {@code (?U)}</td><td>as in PCRE</td></tr>
 *   <tr><td>{@code [[:digit:]]}, {@code [a[b]}, {@code [a&&b]}</td><td>a POSIX class; a literal
 *       bracket; literal ampersands</td></tr>
 *   <tr><td>{@code .}, {@code \w}, {@code \b}, {@code é}</td><td>bytes: {@code é} is two of
 *       them, and only ASCII letters have cases and are part of words</td></tr>
 *   <tr><td>{@code $}</td><td>the end, or before a line feed that ends the text</td></tr>
 *   <tr><td>{@code a**}, {@code \1} without a group, {@code (?<=a*)}, {@code x{2,1}}</td>
 *       <td>INVALID: PCRE refuses them too</td></tr>
 *   <tr><td>{@code (?|a)}, {@code (?1)}, {@code (?(1)a)}, {@code \K}, {@code (*COMMIT)}</td>
 *       <td>UNSUPPORTED: Java has no equal</td></tr>
 *   <tr><td>more than 1,024 bytes, 20 groups, 1,000 repeats, 10,000 parts</td>
 *       <td>TOO_LARGE</td></tr>
 * </table>
 *
 * <p>A text to search is seen as bytes, one character each (ISO-8859-1). A search reads characters
 * on account of a {@link RegexBudget}: expressions that backtrack without end, and those that
 * exhaust the stack, are stopped.
 *
 * <p>Immutable and thread-safe. Sources: pcrepattern(3) of PCRE 8, which the last ingress-nginx
 * images link.
 */
public final class PcrePattern {

  /** What {@link #compile} returns: a pattern, or why there is none. */
  public sealed interface Result {}

  /**
   * A pattern that can be used.
   *
   * @param pattern the pattern
   */
  public record Compiled(PcrePattern pattern) implements Result {}

  /**
   * Why there is no pattern.
   *
   * @param kind what is wrong
   * @param position the index in the text where the fault begins; it may be the length
   * @param message one sentence without the text itself
   */
  public record Fault(Kind kind, int position, String message) implements Result {

    /** What is wrong with an expression. */
    public enum Kind {
      /** PCRE rejects it too. */
      INVALID,
      /** PCRE takes it, but it cannot be honoured exactly here. */
      UNSUPPORTED,
      /** It is longer or bigger than what is accepted. */
      TOO_LARGE
    }
  }

  private static final int SHORT = 64;
  private static final int LONG = 256;

  private final String text;
  private final boolean ignoresCase;
  private final boolean isAnchored;
  private final PcreNode root;
  private final Pattern pattern;

  /** Whether a match can only begin where the search begins. */
  private final boolean beginsAtStart;

  /** What a search reads at most in a text of up to SHORT characters, and of up to LONG. */
  private final long readsOfShort;

  private final long readsOfLong;

  /** By the number of a group the number that Java gives it, or -1 if it never takes part. */
  private final int[] groups;

  private final Map<String, Integer> names;

  private PcrePattern(
      String text,
      boolean ignoresCase,
      boolean isAnchored,
      PcreParser.Parsed parsed,
      PcreWriter.Written written) {
    this.text = text;
    this.ignoresCase = ignoresCase;
    this.isAnchored = isAnchored;
    this.root = parsed.root();
    this.pattern = Pattern.compile(written.java(), Pattern.UNIX_LINES);
    this.beginsAtStart = LiteralPrefixes.isAnchored(root);
    this.readsOfShort = beginsAtStart ? ReadBound.of(root, SHORT) : ReadBound.UNKNOWN;
    this.readsOfLong = beginsAtStart ? ReadBound.of(root, LONG) : ReadBound.UNKNOWN;
    this.groups = written.groups();
    this.names = Collections.unmodifiableMap(parsed.names());
  }

  /**
   * Compiles an expression. Never throws.
   *
   * @param text the expression as written in a manifest; its bytes are those of UTF-8
   * @param ignoresCase whether ASCII letters match in either case, unless {@code (?-i)} says other
   * @param isAnchored whether {@code ^} is put in front of the text: of a text such as {@code
   *     /a|/b} it anchors the first branch only
   * @return the pattern, or the first fault
   */
  public static Result compile(String text, boolean ignoresCase, boolean isAnchored) {
    String octets = RequestTarget.utf8(text);
    if (octets == null) {
      return new Fault(
          Fault.Kind.INVALID, 0, "The expression holds half a character, which has no bytes.");
    }
    if (octets.length() > PcreParser.MAX_OCTETS) {
      return new Fault(
          Fault.Kind.TOO_LARGE,
          0,
          "The expression has "
              + octets.length()
              + " bytes; "
              + PcreParser.MAX_OCTETS
              + " are the limit.");
    }
    try {
      PcreParser.Parsed parsed = PcreParser.parse((isAnchored ? "^" : "") + octets, ignoresCase);
      return new Compiled(
          new PcrePattern(text, ignoresCase, isAnchored, parsed, PcreWriter.write(parsed)));
    } catch (PcreParser.Rejection e) {
      int octet = Math.max(0, isAnchored ? e.position - 1 : e.position);
      return new Fault(e.kind, characterAt(text, octet), e.sentence);
    } catch (PatternSyntaxException e) {
      // Java finds no bound for some look-behinds that have one.
      return new Fault(
          Fault.Kind.UNSUPPORTED,
          0,
          "The look-behind cannot be honoured exactly by the regular expressions of Java.");
    } catch (StackOverflowError e) {
      return new Fault(
          Fault.Kind.TOO_LARGE, 0, "The expression is too deep for the stack of this thread.");
    }
  }

  /** The index of the character that holds a byte of the text in UTF-8. */
  private static int characterAt(String text, int octet) {
    int octets = 0;
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      octets += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (octets > octet) {
        return i;
      }
      i += Character.charCount(point);
    }
    return i;
  }

  /**
   * Returns the expression as written.
   *
   * @return the text that was compiled
   */
  public String text() {
    return text;
  }

  /**
   * Searches a span of a text.
   *
   * @param text the text; one character is one byte
   * @param start where the span begins
   * @param end where it ends, exclusive
   * @param budget what the search may cost
   * @return the first match, or null if there is none or the budget is spent
   */
  public @Nullable Captures find(String text, int start, int end, RegexBudget budget) {
    Matcher matcher = search(text, start, end, budget);
    return matcher == null ? null : new Captures(text, matcher, this);
  }

  /** Whether {@link #find} finds something. */
  boolean matches(String text, int start, int end, RegexBudget budget) {
    return search(text, start, end, budget) != null;
  }

  private @Nullable Matcher search(String text, int start, int end, RegexBudget budget) {
    Objects.checkFromToIndex(start, end, text.length());
    if (budget.isSpent()) {
      return null;
    }
    try {
      // Counting costs a fifth of the time of an ordinary expression (RegexGuardBenchmark), and of
      // such an expression the most that it can read is known beforehand.
      boolean isPaid = budget.prepay(maxReads(end - start));
      Matcher matcher = pattern.matcher(isPaid ? text : budget.guard(text)).region(start, end);
      return (beginsAtStart ? matcher.lookingAt() : matcher.find()) ? matcher : null;
    } catch (RegexBudget.Spent e) {
      return null;
    } catch (StackOverflowError e) {
      // The matcher recurses, and its frames are gone by now. It keeps nothing that could be half
      // changed: matcher and budget belong to this request.
      budget.spend();
      return null;
    }
  }

  /** What a search in so many characters reads at most; more than any budget if nobody knows. */
  long maxReads(int length) {
    return length <= SHORT ? readsOfShort : length <= LONG ? readsOfLong : ReadBound.UNKNOWN;
  }

  /** The beginnings of what the expression matches. */
  List<LiteralPrefixes.Entry> prefixes() {
    return LiteralPrefixes.of(root);
  }

  /** The expression as Java reads it. */
  String java() {
    return pattern.pattern();
  }

  /**
   * Returns the names of the named groups.
   *
   * @return the names in the order of the groups
   */
  public List<String> groupNames() {
    return List.copyOf(names.keySet());
  }

  /**
   * Returns the number of capturing groups, named or not.
   *
   * @return 0 to 20
   */
  public int groupCount() {
    return groups.length - 1;
  }

  /** A text that no other pattern has. */
  String key() {
    return (ignoresCase ? "i" : "s") + (isAnchored ? "^" : "~") + text + "\n";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PcrePattern that
        && text.equals(that.text)
        && ignoresCase == that.ignoresCase
        && isAnchored == that.isAnchored;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /**
   * Returns the expression in quotes.
   *
   * @return one line of printable ASCII, cut to a bounded length
   */
  @Override
  public String toString() {
    return QuotedText.of(text);
  }

  /** Where a pattern and its groups matched. Immutable. */
  public static final class Captures {

    private final String text;
    private final int[] bounds;
    private final Map<String, Integer> names;

    private Captures(String text, Matcher matcher, PcrePattern pattern) {
      this.text = text;
      this.names = pattern.names;
      int[] groups = pattern.groups;
      this.bounds = new int[2 * groups.length];
      for (int i = 0; i < groups.length; i++) {
        bounds[2 * i] = groups[i] < 0 ? -1 : matcher.start(groups[i]);
        bounds[2 * i + 1] = groups[i] < 0 ? -1 : matcher.end(groups[i]);
      }
    }

    /**
     * Returns whether a group took part in the match.
     *
     * @param group 0 for the whole match, else the number of a group; there need not be one
     * @return {@code false} if it did not, or if there is no such group
     */
    public boolean has(int group) {
      return 2 * group < bounds.length && bounds[2 * group] >= 0;
    }

    /**
     * Returns where a group begins.
     *
     * @param group the number of the group
     * @return an index into the text that was searched, or -1 if the group took no part
     */
    public int start(int group) {
      return has(group) ? bounds[2 * group] : -1;
    }

    /**
     * Returns where a group ends.
     *
     * @param group the number of the group
     * @return an index into the text that was searched, or -1 if the group took no part
     */
    public int end(int group) {
      return has(group) ? bounds[2 * group + 1] : -1;
    }

    /**
     * Returns what a group matched.
     *
     * @param group the number of the group
     * @return the text, or null if the group took no part
     */
    public @Nullable String group(int group) {
      return has(group) ? text.substring(bounds[2 * group], bounds[2 * group + 1]) : null;
    }

    /**
     * Returns what a named group matched.
     *
     * @param name the name of the group
     * @return the text, or null if the group took no part or there is no such group
     */
    public @Nullable String group(String name) {
      Integer number = names.get(name);
      return number == null ? null : group(number);
    }
  }
}
