package io.github.ingress4j.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression as PCRE 8 does in byte mode: a recursive descent over
 *
 * <pre>
 *   alternation = sequence { "|" sequence }
 *   sequence    = { atom [ quantifier ] | "(?flags)" | comment }
 *   atom        = byte | "." | class | escape | "(" [ kind ] alternation ")"
 * </pre>
 *
 * <p>What PCRE rejects is INVALID. What it takes and {@code java.util.regex} has no equal for is
 * UNSUPPORTED, never approximated. Source: the pages pcrepattern(3) and pcresyntax(3).
 */
final class PcreParser {

  static final int MAX_OCTETS = 1024;
  static final int MAX_GROUPS = 20;
  static final int MAX_REPEAT = 1000;

  /** The bytes that the expression matches at least, with every repeat written out. */
  static final int MAX_SIZE = 10_000;

  static final int MAX_DEPTH = 50;

  /** The ways that there may be through parts that match nothing, see {@link #ways}. */
  static final int MAX_WAYS = 256;

  /** The repeats that PCRE takes at most. */
  private static final int PCRE_REPEAT = 65_535;

  private static final int MAX_NAME = 32;

  private static final Map<String, ByteSet> POSIX_CLASSES =
      Map.ofEntries(
          Map.entry("alpha", ByteSet.LOWER.with(ByteSet.UPPER)),
          Map.entry("lower", ByteSet.LOWER),
          Map.entry("upper", ByteSet.UPPER),
          Map.entry("alnum", ByteSet.ALNUM),
          Map.entry("ascii", ByteSet.range(0, 0x7F)),
          Map.entry("blank", ByteSet.of(' ').with(ByteSet.of('\t'))),
          Map.entry("cntrl", ByteSet.range(0, 0x1F).with(ByteSet.of(0x7F))),
          Map.entry("digit", ByteSet.DIGIT),
          Map.entry("graph", ByteSet.range(0x21, 0x7E)),
          Map.entry("print", ByteSet.range(0x20, 0x7E)),
          Map.entry(
              "punct",
              ByteSet.range(0x21, 0x2F)
                  .with(ByteSet.range(0x3A, 0x40))
                  .with(ByteSet.range(0x5B, 0x60))
                  .with(ByteSet.range(0x7B, 0x7E))),
          Map.entry("space", ByteSet.SPACE),
          Map.entry("word", ByteSet.WORD),
          Map.entry(
              "xdigit", ByteSet.DIGIT.with(ByteSet.range('a', 'f')).with(ByteSet.range('A', 'F'))));

  /** Ends the reading at the first fault. */
  static final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    final PcrePattern.Fault.Kind kind;
    final int position;
    final String sentence;

    Rejection(PcrePattern.Fault.Kind kind, int position, String sentence) {
      super(sentence, null, false, false);
      this.kind = kind;
      this.position = position;
      this.sentence = sentence;
    }
  }

  /** A reference whose group may come later. */
  private record Reference(@Nullable String name, int group, int position) {}

  private final String octets;
  private int at;

  private boolean ignoresCase;
  private boolean lines;
  private boolean dotAll;
  private boolean extended;
  private boolean ungreedy;

  private int depth;
  private int groups;
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final List<Reference> references = new ArrayList<>();

  /** The groups that are open here: a reference to one of them is not Java's. */
  private final Deque<Integer> open = new ArrayDeque<>();

  /** Where {@code \Q} began, or -1 outside of a quotation. */
  private int quotedFrom = -1;

  private PcreParser(String octets, boolean ignoresCase) {
    this.octets = octets;
    this.ignoresCase = ignoresCase;
  }

  /**
   * What was read.
   *
   * @param root the expression
   * @param groupCount the number of capturing groups
   * @param names their names, in order
   */
  record Parsed(PcreNode root, int groupCount, Map<String, Integer> names) {}

  /**
   * Reads an expression.
   *
   * @param octets one character is one byte
   */
  static Parsed parse(String octets, boolean ignoresCase) throws Rejection {
    PcreParser parser = new PcreParser(octets, ignoresCase);
    PcreNode root = parser.alternation();
    if (parser.at < octets.length()) {
      throw invalid(parser.at, "The closing parenthesis has no opening one.");
    }
    root = parser.resolve(root);
    parser.requireFixedLengths(root);
    if (size(root) > MAX_SIZE) {
      throw new Rejection(
          PcrePattern.Fault.Kind.TOO_LARGE,
          0,
          "The expression has more than " + MAX_SIZE + " parts when its repeats are written out.");
    }
    if (ways(root) > MAX_WAYS) {
      throw tooLarge(
          0, "The expression can match the same text, or none, in more than 256 ways at once.");
    }
    return new Parsed(root, parser.groups, parser.names);
  }

  private static Rejection invalid(int position, String sentence) {
    return new Rejection(PcrePattern.Fault.Kind.INVALID, position, sentence);
  }

  static Rejection unsupported(int position, String what) {
    return new Rejection(
        PcrePattern.Fault.Kind.UNSUPPORTED,
        position,
        what + " cannot be honoured exactly by the regular expressions of Java.");
  }

  private static Rejection tooLarge(int position, String sentence) {
    return new Rejection(PcrePattern.Fault.Kind.TOO_LARGE, position, sentence);
  }

  private boolean ends() {
    return at >= octets.length();
  }

  private boolean takes(String token) {
    if (octets.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  // ---- structure

  private PcreNode alternation() throws Rejection {
    List<PcreNode> branches = new ArrayList<>();
    branches.add(sequence());
    while (takes("|")) {
      branches.add(sequence());
    }
    return either(branches);
  }

  /**
   * An alternation of single bytes is a class: it matches alike, and the matcher needs no stack to
   * repeat it.
   */
  private static PcreNode either(List<PcreNode> branches) {
    if (branches.size() == 1) {
      return branches.get(0);
    }
    ByteSet all = ByteSet.NONE;
    for (PcreNode branch : branches) {
      if (!(branch instanceof PcreNode.OneOf one)) {
        return new PcreNode.Alternation(List.copyOf(branches));
      }
      all = all.with(one.set());
    }
    return new PcreNode.OneOf(all);
  }

  private PcreNode sequence() throws Rejection {
    List<PcreNode> parts = new ArrayList<>();
    while (!ends()) {
      skipIgnored();
      if (ends() || (quotedFrom < 0 && (octets.charAt(at) == '|' || octets.charAt(at) == ')'))) {
        break;
      }
      int start = at;
      PcreNode atom = atom();
      if (atom != null) {
        parts.add(quantified(atom, start));
      }
    }
    return parts.size() == 1 ? parts.get(0) : new PcreNode.Sequence(List.copyOf(parts));
  }

  /** Skips blanks and comments of extended expressions, comments, and quotation marks. */
  private void skipIgnored() throws Rejection {
    while (!ends()) {
      if (takes("\\E")) {
        quotedFrom = -1;
      } else if (quotedFrom >= 0) {
        return;
      } else if (takes("\\Q")) {
        quotedFrom = at;
      } else if (octets.startsWith("(?#", at)) {
        int end = octets.indexOf(')', at);
        if (end < 0) {
          throw invalid(at, "The comment has no closing parenthesis.");
        }
        at = end + 1;
      } else if (extended && ByteSet.SPACE.contains(octets.charAt(at))) {
        at++;
      } else if (extended && octets.charAt(at) == '#') {
        int end = octets.indexOf('\n', at);
        at = end < 0 ? octets.length() : end + 1;
      } else {
        return;
      }
    }
  }

  /** Returns the next atom, or null for options that hold from here on. */
  private @Nullable PcreNode atom() throws Rejection {
    char c = octets.charAt(at);
    if (quotedFrom >= 0) {
      at++;
      return literal(c);
    }
    switch (c) {
      case '^' -> {
        at++;
        return lines ? PcreNode.Assertion.LINE_START : PcreNode.Assertion.START;
      }
      case '$' -> {
        at++;
        return lines ? PcreNode.Assertion.LINE_END : PcreNode.Assertion.END;
      }
      case '.' -> {
        at++;
        return new PcreNode.OneOf(dotAll ? ByteSet.ALL : ByteSet.NOT_LINE_FEED);
      }
      case '[' -> {
        return characterClass();
      }
      case '(' -> {
        return parentheses();
      }
      case '\\' -> {
        return escape();
      }
      case '*', '+', '?' -> {
        throw invalid(at, "The quantifier '" + c + "' has nothing to repeat.");
      }
      case '{' -> {
        if (bounds(at) != null) {
          throw invalid(at, "The quantifier in braces has nothing to repeat.");
        }
        at++;
        return literal(c);
      }
      default -> {
        at++;
        return literal(c);
      }
    }
  }

  private PcreNode literal(int octet) {
    return new PcreNode.OneOf(cased(ByteSet.of(octet)));
  }

  private ByteSet cased(ByteSet set) {
    return ignoresCase ? set.folded() : set;
  }

  // ---- quantifiers

  private record Bounds(int min, int max, int end) {}

  private PcreNode quantified(PcreNode atom, int start) throws Rejection {
    skipIgnored();
    if (ends() || quotedFrom >= 0) {
      return atom;
    }
    int position = at;
    Bounds bounds =
        switch (octets.charAt(at)) {
          case '*' -> new Bounds(0, PcreNode.UNBOUNDED, at + 1);
          case '+' -> new Bounds(1, PcreNode.UNBOUNDED, at + 1);
          case '?' -> new Bounds(0, 1, at + 1);
          case '{' -> bounds(at);
          default -> null;
        };
    if (bounds == null) {
      return atom;
    }
    if (atom instanceof PcreNode.Assertion) {
      throw invalid(position, "The quantifier has nothing to repeat: before it stands a place.");
    }
    if (atom instanceof PcreNode.Look) {
      throw unsupported(start, "A look-around with a quantifier");
    }
    if (bounds.min > bounds.max) {
      throw invalid(position, "The numbers of the quantifier are out of order.");
    }
    int most = bounds.max == PcreNode.UNBOUNDED ? bounds.min : bounds.max;
    if (most > PCRE_REPEAT) {
      throw invalid(position, "The number in the quantifier is above " + PCRE_REPEAT + ".");
    }
    if (most > MAX_REPEAT) {
      throw tooLarge(position, "The quantifier repeats more than " + MAX_REPEAT + " times.");
    }
    at = bounds.end;
    PcreNode.Greed greed = ungreedy ? PcreNode.Greed.LAZY : PcreNode.Greed.GREEDY;
    if (takes("+")) {
      greed = PcreNode.Greed.POSSESSIVE;
    } else if (takes("?")) {
      greed = ungreedy ? PcreNode.Greed.GREEDY : PcreNode.Greed.LAZY;
    }
    int end = at;
    skipIgnored();
    boolean again =
        !ends() && quotedFrom < 0 && ("*+?".indexOf(octets.charAt(at)) >= 0 || bounds(at) != null);
    if (again) {
      throw at == end || extended
          ? invalid(at, "A quantifier has no quantifier to repeat.")
          : unsupported(at, "A comment inside of a quantifier");
    }
    // Nothing several times would keep the matcher busy without a read.
    return isEmpty(atom) ? atom : new PcreNode.Repeat(atom, bounds.min, bounds.max, greed);
  }

  private static boolean isEmpty(PcreNode node) {
    return node instanceof PcreNode.Sequence sequence
        && sequence.parts().stream().allMatch(PcreParser::isEmpty);
  }

  /** The bounds that begin with this brace, or null if it is a literal. */
  private @Nullable Bounds bounds(int brace) {
    if (brace >= octets.length() || octets.charAt(brace) != '{') {
      return null;
    }
    int i = digits(brace + 1);
    if (i == brace + 1) {
      return null;
    }
    int min = number(brace + 1, i);
    int max = min;
    if (i < octets.length() && octets.charAt(i) == ',') {
      int from = i + 1;
      i = digits(from);
      max = i == from ? PcreNode.UNBOUNDED : number(from, i);
    }
    return i < octets.length() && octets.charAt(i) == '}' ? new Bounds(min, max, i + 1) : null;
  }

  private int digits(int from) {
    int i = from;
    while (i < octets.length() && Octets.isDigit(octets.charAt(i))) {
      i++;
    }
    return i;
  }

  /** The number, or one that is too large. */
  private int number(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = Math.min(10 * value + octets.charAt(i) - '0', 1_000_000);
    }
    return value;
  }

  // ---- parentheses

  private @Nullable PcreNode parentheses() throws Rejection {
    int start = at;
    at++;
    if (takes("*")) {
      throw unsupported(start, "A verb, as in (*VERB),");
    }
    if (!takes("?")) {
      return capture(start, null);
    }
    if (ends()) {
      throw invalid(start, "The parenthesis is not closed.");
    }
    char kind = octets.charAt(at);
    switch (kind) {
      case ':' -> {
        at++;
        return plain(group(start));
      }
      case '>' -> {
        at++;
        return new PcreNode.Atomic(group(start));
      }
      case '=', '!' -> {
        at++;
        return new PcreNode.Look(true, kind == '!', group(start), start);
      }
      case '|' -> {
        throw unsupported(start, "A group that counts its branches alike, (?|...),");
      }
      case '(' -> {
        throw unsupported(start, "A condition, (?(...)...),");
      }
      case 'R', '&', '+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        throw unsupported(start, "A call of a group");
      }
      case 'C' -> {
        throw unsupported(start, "A call-out, (?C),");
      }
      case '<' -> {
        at++;
        if (takes("=")) {
          return new PcreNode.Look(false, false, group(start), start);
        }
        if (takes("!")) {
          return new PcreNode.Look(false, true, group(start), start);
        }
        return capture(start, name('>'));
      }
      case '\'' -> {
        at++;
        return capture(start, name('\''));
      }
      case 'P' -> {
        at++;
        if (takes("<")) {
          return capture(start, name('>'));
        }
        if (takes("=")) {
          return reference(name(')'), start);
        }
        if (takes(">")) {
          throw unsupported(start, "A call of a group");
        }
        throw invalid(start, "After (?P stands one of '<', '=' and '>'.");
      }
      default -> {
        return options(start);
      }
    }
  }

  private @Nullable PcreNode options(int start) throws Rejection {
    boolean on = true;
    boolean i = ignoresCase;
    boolean m = lines;
    boolean s = dotAll;
    boolean x = extended;
    boolean u = ungreedy;
    for (; ; at++) {
      char c = ends() ? '\0' : octets.charAt(at);
      switch (c) {
        case '-' -> {
          if (at + 1 < octets.length() && Octets.isDigit(octets.charAt(at + 1))) {
            throw unsupported(start, "A call of a group");
          }
          on = false;
        }
        case 'i' -> i = on;
        case 'm' -> m = on;
        case 's' -> s = on;
        case 'x' -> x = on;
        case 'U' -> u = on;
        case 'J', 'X' -> throw unsupported(at, "The option '" + c + "'");
        case ')' -> {
          at++;
          setOptions(i, m, s, x, u);
          return null;
        }
        case ':' -> {
          at++;
          boolean[] before = {ignoresCase, lines, dotAll, extended, ungreedy};
          setOptions(i, m, s, x, u);
          PcreNode body = group(start);
          setOptions(before[0], before[1], before[2], before[3], before[4]);
          return plain(body);
        }
        default ->
            throw invalid(
                Math.min(at, octets.length()), "After (? stands no known kind of group or option.");
      }
    }
  }

  private void setOptions(boolean i, boolean m, boolean s, boolean x, boolean u) {
    ignoresCase = i;
    lines = m;
    dotAll = s;
    extended = x;
    ungreedy = u;
  }

  /** The rest of a group: its body, and the parenthesis. Options end with it. */
  private PcreNode group(int start) throws Rejection {
    if (++depth > MAX_DEPTH) {
      throw tooLarge(start, "The parentheses are nested more than " + MAX_DEPTH + " deep.");
    }
    boolean[] before = {ignoresCase, lines, dotAll, extended, ungreedy};
    PcreNode body = alternation();
    if (!takes(")")) {
      throw invalid(start, "The parenthesis is not closed.");
    }
    setOptions(before[0], before[1], before[2], before[3], before[4]);
    depth--;
    return body;
  }

  /** A group that only groups. What is no place and has no branches in it may be repeated. */
  private static PcreNode plain(PcreNode body) {
    return body instanceof PcreNode.OneOf ? body : new PcreNode.Sequence(List.of(body));
  }

  private PcreNode capture(int start, @Nullable String name) throws Rejection {
    int number = ++groups;
    if (number > MAX_GROUPS) {
      throw tooLarge(start, "The expression has more than " + MAX_GROUPS + " groups.");
    }
    if (name != null && names.putIfAbsent(name, number) != null) {
      throw invalid(start, "Two groups have the same name.");
    }
    open.addLast(number);
    PcreNode body = group(start);
    open.removeLast();
    return new PcreNode.Capture(number, body, start);
  }

  private String name(char end) throws Rejection {
    int start = at;
    while (!ends() && Octets.isLabel(octets.charAt(at)) && octets.charAt(at) != '-') {
      at++;
    }
    String name = octets.substring(start, at);
    if (name.isEmpty() || Octets.isDigit(name.charAt(0))) {
      throw invalid(start, "The name of a group begins with a letter or '_'.");
    }
    if (name.length() > MAX_NAME) {
      throw invalid(start, "The name of a group has more than " + MAX_NAME + " characters.");
    }
    if (ends() || octets.charAt(at) != end) {
      throw invalid(
          at, "The name of a group has letters, digits and '_', and ends with '" + end + "'.");
    }
    at++;
    return name;
  }

  // ---- references

  private PcreNode reference(String name, int start) throws Rejection {
    references.add(new Reference(name, -1, start));
    Integer number = names.get(name);
    if (number != null) {
      requireClosed(number, start);
    }
    return new PcreNode.BackReference(-references.size(), ignoresCase, start);
  }

  private PcreNode reference(int group, int start) throws Rejection {
    references.add(new Reference(null, group, start));
    requireClosed(group, start);
    return new PcreNode.BackReference(group, ignoresCase, start);
  }

  private void requireClosed(int group, int start) throws Rejection {
    if (open.contains(group)) {
      throw unsupported(start, "A reference to a group from within the group");
    }
  }

  /** Puts numbers in place of names, and refuses references and captures that Java mistakes. */
  private PcreNode resolve(PcreNode root) throws Rejection {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int i = 0; i < references.size(); i++) {
      Reference reference = references.get(i);
      Integer number =
          reference.name == null ? Integer.valueOf(reference.group) : names.get(reference.name);
      if (number == null || number > groups) {
        throw invalid(reference.position, "There is no such group to refer to.");
      }
      numbers.put(-i - 1, number);
    }
    return numbers.isEmpty() ? root : resolve(root, numbers);
  }

  private static PcreNode resolve(PcreNode node, Map<Integer, Integer> numbers) {
    if (node instanceof PcreNode.BackReference reference) {
      return reference.group() > 0
          ? reference
          : new PcreNode.BackReference(
              Objects.requireNonNull(numbers.get(reference.group())),
              reference.ignoresCase(),
              reference.position());
    }
    if (node instanceof PcreNode.Sequence sequence) {
      return new PcreNode.Sequence(resolve(sequence.parts(), numbers));
    }
    if (node instanceof PcreNode.Alternation alternation) {
      return new PcreNode.Alternation(resolve(alternation.branches(), numbers));
    }
    if (node instanceof PcreNode.Capture capture) {
      return new PcreNode.Capture(
          capture.number(), resolve(capture.body(), numbers), capture.position());
    }
    if (node instanceof PcreNode.Atomic atomic) {
      return new PcreNode.Atomic(resolve(atomic.body(), numbers));
    }
    if (node instanceof PcreNode.Look look) {
      return new PcreNode.Look(
          look.ahead(), look.negative(), resolve(look.body(), numbers), look.position());
    }
    if (node instanceof PcreNode.Repeat repeat) {
      return new PcreNode.Repeat(
          resolve(repeat.body(), numbers), repeat.min(), repeat.max(), repeat.greed());
    }
    return node;
  }

  private static List<PcreNode> resolve(List<PcreNode> nodes, Map<Integer, Integer> numbers) {
    return nodes.stream().map(node -> resolve(node, numbers)).toList();
  }

  // ---- escapes

  private PcreNode escape() throws Rejection {
    int start = at;
    at++;
    if (ends()) {
      throw invalid(start, "The backslash has nothing to escape.");
    }
    char c = octets.charAt(at);
    switch (c) {
      case 'A' -> {
        at++;
        return PcreNode.Assertion.START;
      }
      case 'Z' -> {
        at++;
        return PcreNode.Assertion.END;
      }
      case 'z' -> {
        at++;
        return PcreNode.Assertion.VERY_END;
      }
      case 'G' -> {
        at++;
        return PcreNode.Assertion.SEARCH_START;
      }
      case 'b' -> {
        at++;
        return PcreNode.Assertion.WORD_BOUNDARY;
      }
      case 'B' -> {
        at++;
        return PcreNode.Assertion.NO_WORD_BOUNDARY;
      }
      case 'N' -> {
        at++;
        if (bounds(at) == null && !ends() && octets.charAt(at) == '{') {
          throw invalid(start, "The escape \\N{...} is not supported by PCRE.");
        }
        return new PcreNode.OneOf(ByteSet.NOT_LINE_FEED);
      }
      case 'C' -> {
        at++;
        return new PcreNode.OneOf(ByteSet.ALL);
      }
      case 'R' -> {
        // PCRE never gives back to \R what a dot before it took, and Java does.
        throw unsupported(start, "The escape \\R");
      }
      case 'K' -> {
        throw unsupported(start, "The escape \\K");
      }
      case 'X' -> {
        throw unsupported(start, "The escape \\X");
      }
      case 'g' -> {
        at++;
        return groupEscape(start);
      }
      case 'k' -> {
        at++;
        if (takes("<")) {
          return reference(name('>'), start);
        }
        if (takes("'")) {
          return reference(name('\''), start);
        }
        if (takes("{")) {
          return reference(name('}'), start);
        }
        throw invalid(start, "After \\k stands the name of a group.");
      }
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        int end = digits(at);
        int number = number(at, end);
        if (number < 10 || c >= '8' || number <= groups) {
          at = end;
          return reference(number, start);
        }
        return literal(octal(start));
      }
      default -> {
        ByteSet set = setEscape(start);
        return set != null ? new PcreNode.OneOf(set) : literal(byteEscape(start));
      }
    }
  }

  private PcreNode groupEscape(int start) throws Rejection {
    if (!ends() && (octets.charAt(at) == '<' || octets.charAt(at) == '\'')) {
      throw unsupported(start, "A call of a group");
    }
    boolean braces = takes("{");
    boolean minus = takes("-");
    boolean plus = !minus && takes("+");
    int end = digits(at);
    if (end == at && braces && !minus && !plus) {
      return reference(name('}'), start);
    }
    int number = number(at, end);
    at = end;
    if ((braces && !takes("}")) || number == 0) {
      throw invalid(start, "After \\g stands the number or the name of a group.");
    }
    int group = minus ? groups + 1 - number : plus ? groups + number : number;
    if (group < 1) {
      throw invalid(start, "There is no such group to refer to.");
    }
    return reference(group, start);
  }

  /** The set that the escape at the position stands for; null if it stands for one byte. */
  private @Nullable ByteSet setEscape(int start) throws Rejection {
    char c = octets.charAt(at);
    ByteSet set =
        switch (c) {
          case 'd', 'D' -> ByteSet.DIGIT;
          case 'w', 'W' -> ByteSet.WORD;
          case 's', 'S' -> ByteSet.SPACE;
          case 'h', 'H' -> ByteSet.HORIZONTAL_SPACE;
          case 'v', 'V' -> ByteSet.VERTICAL_SPACE;
          default -> null;
        };
    if (set != null) {
      at++;
      return c >= 'a' ? set : set.complement();
    }
    return c == 'p' || c == 'P' ? property(start) : null;
  }

  private ByteSet property(int start) throws Rejection {
    boolean negative = octets.charAt(at) == 'P';
    at++;
    String name;
    if (takes("{")) {
      int end = octets.indexOf('}', at);
      if (end < 0) {
        throw invalid(start, "The property is not closed.");
      }
      name = octets.substring(at, end);
      at = end + 1;
      if (name.startsWith("^")) {
        negative = !negative;
        name = name.substring(1);
      }
    } else if (ends()) {
      throw invalid(start, "The property has no name.");
    } else {
      name = octets.substring(at, at + 1);
      at++;
    }
    ByteSet set = ByteSet.NONE;
    boolean known = false;
    for (int octet = 0; octet < 256; octet++) {
      String category = CATEGORIES[Character.getType(octet)];
      if (name.equals("Any")
          || name.equals(category)
          || (name.length() == 1 && category.startsWith(name))
          || (name.equals("L&") && (category.equals("Lu") || category.equals("Ll")))) {
        set = set.with(ByteSet.of(octet));
        known = true;
      }
    }
    if (!known || (ignoresCase && !set.isFolded())) {
      throw unsupported(start, "This property");
    }
    return negative ? set.complement() : set;
  }

  /** The names of the categories, by the numbers that {@link Character#getType} gives them. */
  private static final String[] CATEGORIES = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp",
    "Cc", "Cf", "", "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
  };

  /** The byte that the escape at the position stands for, in and out of classes. */
  private int byteEscape(int start) throws Rejection {
    char c = octets.charAt(at);
    switch (c) {
      case 'a' -> {
        at++;
        return 0x07;
      }
      case 'e' -> {
        at++;
        return 0x1B;
      }
      case 'f' -> {
        at++;
        return '\f';
      }
      case 'n' -> {
        at++;
        return '\n';
      }
      case 'r' -> {
        at++;
        return '\r';
      }
      case 't' -> {
        at++;
        return '\t';
      }
      case '0' -> {
        return octal(start);
      }
      case 'o' -> {
        at++;
        return braced(start, 8);
      }
      case 'x' -> {
        at++;
        if (!ends() && octets.charAt(at) == '{') {
          return braced(start, 16);
        }
        int value = 0;
        for (int i = 0; i < 2 && !ends() && Octets.hexValue(octets.charAt(at)) >= 0; i++) {
          value = 16 * value + Octets.hexValue(octets.charAt(at));
          at++;
        }
        return value;
      }
      case 'c' -> {
        at++;
        if (ends() || octets.charAt(at) < 0x20 || octets.charAt(at) > 0x7E) {
          throw invalid(start, "After \\c stands a printable ASCII character.");
        }
        char control = octets.charAt(at);
        at++;
        return (control >= 'a' && control <= 'z' ? control - 32 : control) ^ 0x40;
      }
      case 'l', 'L', 'u', 'U', 'N' -> {
        throw invalid(start, "The escape \\" + c + " is not supported by PCRE.");
      }
      default -> {
        // PCRE 8 takes an unknown letter for itself.
        at++;
        return c;
      }
    }
  }

  /** Up to three octal digits; a digit 8 or 9 stands for itself. */
  private int octal(int start) throws Rejection {
    if (octets.charAt(at) >= '8') {
      return octets.charAt(at++);
    }
    int value = 0;
    for (int i = 0; i < 3 && !ends() && isOctal(octets.charAt(at)); i++) {
      value = 8 * value + octets.charAt(at) - '0';
      at++;
    }
    if (value > 0xFF) {
      throw invalid(start, "The octal number is above 377, and there is no such byte.");
    }
    return value;
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private int braced(int start, int radix) throws Rejection {
    int end = octets.indexOf('}', at);
    int value = 0;
    boolean valid = !ends() && octets.charAt(at) == '{' && end > at + 1;
    for (int i = at + 1; valid && i < end; i++) {
      int digit = Octets.hexValue(octets.charAt(i));
      valid = digit >= 0 && digit < radix;
      value = Math.min(radix * value + digit, 0x10000);
    }
    if (!valid) {
      throw radix == 8
          ? invalid(start, "After \\o stands an octal number in braces.")
          : unsupported(start, "The escape \\x{ without a number and a brace behind it");
    }
    if (value > 0xFF) {
      throw invalid(start, "The number is above the greatest byte.");
    }
    at = end + 1;
    return value;
  }

  // ---- classes

  private PcreNode characterClass() throws Rejection {
    int start = at;
    if (posixEnd(start) >= 0) {
      throw invalid(start, "A POSIX class stands inside another class, as in [[:digit:]].");
    }
    at++;
    boolean negative = takes("^");
    ByteSet set = ByteSet.NONE;
    boolean first = true;
    boolean quoted = false;
    int previous = -1; // The byte that may begin a range.
    while (true) {
      if (ends()) {
        throw invalid(start, "The class is not closed.");
      }
      if (takes("\\E")) {
        quoted = false;
        continue;
      }
      char c = octets.charAt(at);
      if (!quoted) {
        if (takes("\\Q")) {
          quoted = true;
          continue;
        }
        if (c == ']' && !first) {
          at++;
          break;
        }
      }
      first = false;
      int position = at;
      if (!quoted && c == '-' && previous >= 0 && !endsClass(at + 1)) {
        at++;
        if (ends()) {
          throw invalid(start, "The class is not closed.");
        }
        int last = rangeEnd(position);
        if (last < previous) {
          throw invalid(position, "The ends of the range are out of order.");
        }
        set = set.with(cased(ByteSet.range(previous, last)));
        previous = -1;
        continue;
      }
      ByteSet several = quoted ? null : severalInClass();
      if (several != null) {
        set = set.with(several);
        previous = -1;
        if (!ends() && octets.charAt(at) == '-' && !endsClass(at + 1)) {
          throw invalid(at, "The range begins with a class of characters.");
        }
        continue;
      }
      previous = oneInClass(quoted);
      set = set.with(cased(ByteSet.of(previous)));
    }
    return new PcreNode.OneOf(negative ? set.complement() : set);
  }

  private boolean endsClass(int index) {
    return index < octets.length() && octets.charAt(index) == ']';
  }

  private int rangeEnd(int dash) throws Rejection {
    if (octets.startsWith("\\Q", at) || octets.startsWith("\\E", at)) {
      throw unsupported(dash, "A range with a quotation");
    }
    if (severalInClass() != null) {
      throw invalid(dash, "The range ends with a class of characters.");
    }
    return oneInClass(false);
  }

  /** The set of an escape or a POSIX class at the position; null if one byte stands there. */
  private @Nullable ByteSet severalInClass() throws Rejection {
    int start = at;
    if (octets.charAt(at) == '[') {
      int end = posixEnd(at);
      if (end < 0) {
        return null;
      }
      String name = octets.substring(at + 2, end);
      if (octets.charAt(at + 1) != ':') {
        throw invalid(start, "PCRE has no collating elements such as [.a.] and [=a=].");
      }
      boolean negative = name.startsWith("^");
      ByteSet set = POSIX_CLASSES.get(negative ? name.substring(1) : name);
      if (set == null) {
        throw invalid(start, "There is no POSIX class of this name.");
      }
      at = end + 2;
      ByteSet all = cased(set);
      return negative ? all.complement() : all;
    }
    if (octets.charAt(at) == '\\' && at + 1 < octets.length()) {
      at++;
      ByteSet set = setEscape(start);
      if (set == null) {
        at = start;
      }
      return set;
    }
    return null;
  }

  private int oneInClass(boolean quoted) throws Rejection {
    int start = at;
    char c = octets.charAt(at);
    at++;
    if (quoted || c != '\\') {
      return c;
    }
    if (ends()) {
      throw invalid(start, "The backslash has nothing to escape.");
    }
    char escaped = octets.charAt(at);
    if (escaped == 'b') {
      at++;
      return '\b';
    }
    if (escaped == 'B' || escaped == 'R' || escaped == 'X' || escaped == 'N') {
      throw invalid(start, "The escape \\" + escaped + " has no meaning in a class.");
    }
    return escaped >= '1' && escaped <= '9' ? octal(start) : byteEscape(start);
  }

  /** Where the POSIX class that begins at a bracket has its closing sign; -1 if none begins. */
  private int posixEnd(int bracket) {
    if (bracket + 1 >= octets.length()) {
      return -1;
    }
    char sign = octets.charAt(bracket + 1);
    if (sign != ':' && sign != '.' && sign != '=') {
      return -1;
    }
    for (int i = bracket + 2; i + 1 < octets.length(); i++) {
      char c = octets.charAt(i);
      if (c == sign && octets.charAt(i + 1) == ']') {
        return i;
      }
      if (c == '\\' && (octets.charAt(i + 1) == ']' || octets.charAt(i + 1) == '\\')) {
        i++;
      } else if (c == ']' || (c == '[' && octets.charAt(i + 1) == sign)) {
        return -1;
      }
    }
    return -1;
  }

  // ---- checks of the whole

  /** Refuses look-behinds of no fixed length, as PCRE does: each branch has to have one. */
  private void requireFixedLengths(PcreNode node) throws Rejection {
    if (node instanceof PcreNode.Look look && !look.ahead()) {
      List<PcreNode> branches =
          look.body() instanceof PcreNode.Alternation alternation
              ? alternation.branches()
              : List.of(look.body());
      for (PcreNode branch : branches) {
        if (length(branch) < 0) {
          throw invalid(look.position(), "A branch of the look-behind has no fixed length.");
        }
      }
    }
    for (PcreNode child : children(node)) {
      requireFixedLengths(child);
    }
  }

  static List<PcreNode> children(PcreNode node) {
    if (node instanceof PcreNode.Sequence sequence) {
      return sequence.parts();
    }
    if (node instanceof PcreNode.Alternation alternation) {
      return alternation.branches();
    }
    if (node instanceof PcreNode.Capture capture) {
      return List.of(capture.body());
    }
    if (node instanceof PcreNode.Atomic atomic) {
      return List.of(atomic.body());
    }
    if (node instanceof PcreNode.Look look) {
      return List.of(look.body());
    }
    return node instanceof PcreNode.Repeat repeat ? List.of(repeat.body()) : List.of();
  }

  /** The bytes that every match of the node has, or -1 if matches differ. */
  private static int length(PcreNode node) {
    if (node instanceof PcreNode.OneOf) {
      return 1;
    }
    if (node instanceof PcreNode.Assertion || node instanceof PcreNode.Look) {
      return 0;
    }
    if (node instanceof PcreNode.BackReference) {
      return -1;
    }
    if (node instanceof PcreNode.Repeat repeat) {
      int one = length(repeat.body());
      return one < 0 || repeat.min() != repeat.max() ? -1 : one * repeat.min();
    }
    int total = node instanceof PcreNode.Alternation ? -2 : 0;
    for (PcreNode child : children(node)) {
      int one = length(child);
      if (one < 0) {
        return -1;
      }
      if (!(node instanceof PcreNode.Alternation)) {
        total += one;
      } else if (total == -2) {
        total = one;
      } else if (total != one) {
        return -1;
      }
    }
    return total;
  }

  /** The parts of the node with every repeat written out, or more than any limit. */
  private static long size(PcreNode node) {
    long total = 1;
    for (PcreNode child : children(node)) {
      total += size(child);
    }
    if (node instanceof PcreNode.Repeat repeat) {
      int times = repeat.max() == PcreNode.UNBOUNDED ? repeat.min() + 1 : repeat.max();
      total *= Math.max(1, times);
    }
    return Math.min(total, Integer.MAX_VALUE);
  }

  /**
   * About how often the matcher may come by one place of the text without reading it: choices among
   * branches that may be empty multiply. At the end of the text, where nothing can be read, no
   * budget of reads would stop {@code (?:a?|b?)} written thirty times.
   */
  private static long ways(PcreNode node) {
    long ways = 1;
    if (node instanceof PcreNode.Alternation alternation) {
      long empty = 0;
      long other = 0;
      for (PcreNode branch : alternation.branches()) {
        long one = ways(branch);
        if (isNullable(branch)) {
          empty += one;
        } else {
          other = Math.max(other, one);
        }
      }
      ways = empty + other;
    } else {
      for (PcreNode child : children(node)) {
        ways = Math.min(ways * ways(child), Integer.MAX_VALUE);
      }
    }
    return node instanceof PcreNode.Repeat repeat && isNullable(repeat.body()) ? ways + 1 : ways;
  }

  /** Whether a match of the node may be empty. */
  static boolean isNullable(PcreNode node) {
    if (node instanceof PcreNode.OneOf) {
      return false;
    }
    if (node instanceof PcreNode.Repeat repeat) {
      return repeat.min() == 0 || isNullable(repeat.body());
    }
    if (node instanceof PcreNode.Alternation alternation) {
      return alternation.branches().stream().anyMatch(PcreParser::isNullable);
    }
    if (node instanceof PcreNode.Look) {
      return true;
    }
    return children(node).stream().allMatch(PcreParser::isNullable);
  }
}
