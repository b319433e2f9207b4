package io.github.ingress4j.routing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes an expression for {@code java.util.regex}, compiled with UNIX_LINES and nothing else.
 *
 * <p>Everything that both read differently is written out: classes as sets of bytes, word
 * boundaries as look-arounds, options where they change. Java leaves captures as they are when it
 * goes back over a look-around or an atomic group, and PCRE does not; so groups that capture in a
 * negative look-around, where they never take part in a match, are written without capturing, and
 * in other such places they are refused.
 */
final class PcreWriter {

  private enum Place {
    ORDINARY,
    /** Nothing that is matched here lasts. */
    WITHOUT_CAPTURES,
    /** Captures last and Java may mistake them. */
    NO_CAPTURES_ALLOWED
  }

  private final StringBuilder out = new StringBuilder();

  /** By the number of a group the number that Java gives it, or -1. */
  private final int[] javaGroups;

  private int javaGroupCount;
  private Place place = Place.ORDINARY;

  /** Whether Java ignores case where the writer stands. */
  private boolean ignoresCase;

  /** Behind a reference, where a digit would be read as part of its number. */
  private int referenceEnd = -1;

  private PcreWriter(int groupCount) {
    this.javaGroups = new int[groupCount + 1];
    Arrays.fill(javaGroups, -1);
    javaGroups[0] = 0;
  }

  /**
   * What was written.
   *
   * @param java the expression for Java
   * @param groups by the number of a group the number that Java gives it, or -1 if the group never
   *     takes part
   */
  @SuppressWarnings("ArrayRecordComponent") // Made and read once, within this package.
  record Written(String java, int[] groups) {}

  static Written write(PcreParser.Parsed parsed) throws PcreParser.Rejection {
    PcreWriter writer = new PcreWriter(parsed.groupCount());
    writer.number(parsed.root());
    writer.body(parsed.root());
    return new Written(writer.out.toString(), writer.javaGroups);
  }

  /** The node where an alternation needs no parentheses. */
  private void body(PcreNode given) throws PcreParser.Rejection {
    PcreNode node = unwrapped(given);
    if (node instanceof PcreNode.Alternation alternation) {
      String bar = "";
      for (PcreNode branch : alternation.branches()) {
        out.append(bar);
        write(branch);
        bar = "|";
      }
    } else {
      write(node);
    }
  }

  /** The node without groups around it that only group. */
  private static PcreNode unwrapped(PcreNode node) {
    PcreNode inner = node;
    while (inner instanceof PcreNode.Sequence sequence && sequence.parts().size() == 1) {
      inner = sequence.parts().get(0);
    }
    return inner;
  }

  private void write(PcreNode given) throws PcreParser.Rejection {
    PcreNode node = unwrapped(given);
    if (node instanceof PcreNode.OneOf one) {
      oneOf(one.set());
    } else if (node instanceof PcreNode.Sequence sequence) {
      for (PcreNode part : sequence.parts()) {
        write(part);
      }
    } else if (node instanceof PcreNode.Alternation) {
      parentheses("(?:", node);
    } else if (node instanceof PcreNode.Capture capture) {
      capture(capture);
    } else if (node instanceof PcreNode.Atomic atomic) {
      within(Place.NO_CAPTURES_ALLOWED, "(?>", atomic.body());
    } else if (node instanceof PcreNode.Look look) {
      String sign = (look.ahead() ? "(?" : "(?<") + (look.negative() ? "!" : "=");
      within(
          look.negative() ? Place.WITHOUT_CAPTURES : Place.NO_CAPTURES_ALLOWED, sign, look.body());
    } else if (node instanceof PcreNode.Repeat repeat) {
      repeat(repeat);
    } else if (node instanceof PcreNode.BackReference reference) {
      fold(reference.ignoresCase());
      out.append('\\').append(javaNumber(reference));
      referenceEnd = out.length();
    } else if (node instanceof PcreNode.Assertion assertion) {
      out.append(
          switch (assertion) {
            case START -> "\\A";
            // Java has no line at the end of a text, not even if the text is empty.
            case LINE_START -> "(?:\\A|(?m:^))";
            case END -> "$";
            case LINE_END -> "(?m:$)";
            case VERY_END -> "\\z";
            case SEARCH_START -> "\\G";
            // Java's own boundary knows letters beyond ASCII, depending on its version.
            case WORD_BOUNDARY -> "(?:(?<=[\\w])(?![\\w])|(?<![\\w])(?=[\\w]))";
            case NO_WORD_BOUNDARY -> "(?:(?<=[\\w])(?=[\\w])|(?<![\\w])(?![\\w]))";
          });
    }
  }

  private void capture(PcreNode.Capture capture) throws PcreParser.Rejection {
    if (place == Place.NO_CAPTURES_ALLOWED) {
      throw PcreParser.unsupported(
          capture.position(),
          "A group that captures inside a look-around, an atomic group or a possessive repeat");
    }
    if (place == Place.WITHOUT_CAPTURES) {
      parentheses("(?:", capture.body());
    } else {
      parentheses("(", capture.body());
    }
  }

  private void within(Place inner, String sign, PcreNode body) throws PcreParser.Rejection {
    Place outer = place;
    place = outer == Place.WITHOUT_CAPTURES ? outer : inner;
    parentheses(sign, body);
    place = outer;
  }

  private void parentheses(String sign, PcreNode body) throws PcreParser.Rejection {
    boolean before = ignoresCase;
    out.append(sign);
    body(body);
    out.append(')');
    ignoresCase = before;
  }

  private void repeat(PcreNode.Repeat repeat) throws PcreParser.Rejection {
    PcreNode body = unwrapped(repeat.body());
    boolean possessive = repeat.greed() == PcreNode.Greed.POSSESSIVE;
    boolean several = repeat.max() > 1 && place == Place.ORDINARY && !possessive;
    PcreNode.Capture inside = several ? firstCapture(body) : null;
    if (inside != null && PcreParser.isNullable(body)) {
      throw PcreParser.unsupported(
          inside.position(), "A group that captures in a repeat of what may be empty");
    }
    // The first capture of a capture is itself.
    boolean isWhole = inside != null && body instanceof PcreNode.Capture;
    if (inside != null && isWhole && unwrapped(inside.body()) instanceof PcreNode.OneOf one) {
      repeatCapturedByte(repeat, one);
      return;
    }
    if (repeat.max() == 0) {
      within(Place.WITHOUT_CAPTURES, "(?:", body);
    } else if (possessive && !(body instanceof PcreNode.OneOf)) {
      within(Place.NO_CAPTURES_ALLOWED, "(?:", body);
    } else if (inside != null) {
      // Java's fast loop for a body without choices does not take captures back when it goes back.
      // A choice that never matches makes it use the other one.
      boolean before = ignoresCase;
      out.append(isWhole ? "(" : "(?:");
      body(isWhole ? inside.body() : body);
      out.append("|(?!))");
      ignoresCase = before;
    } else if (body instanceof PcreNode.OneOf
        || body instanceof PcreNode.Capture
        || body instanceof PcreNode.Atomic
        || body instanceof PcreNode.BackReference) {
      write(body);
    } else {
      parentheses("(?:", body);
    }
    quantifier(repeat.min(), repeat.max(), repeat.greed());
  }

  /** Writes {@code (.)+} as {@code .*(.)}, which captures the last byte too and needs no stack. */
  private void repeatCapturedByte(PcreNode.Repeat repeat, PcreNode.OneOf one) {
    int less = Math.max(0, repeat.min() - 1);
    int most = repeat.max() == PcreNode.UNBOUNDED ? repeat.max() : repeat.max() - 1;
    boolean optional = repeat.min() == 0;
    boolean before = ignoresCase;
    out.append(optional ? "(?:" : "");
    oneOf(one.set());
    quantifier(less, most, repeat.greed());
    boolean within = ignoresCase;
    out.append('(');
    oneOf(one.set());
    out.append(')');
    ignoresCase = within;
    if (optional) {
      out.append(')');
      ignoresCase = before;
      quantifier(0, 1, repeat.greed());
    }
  }

  private static PcreNode.@Nullable Capture firstCapture(PcreNode node) {
    if (node instanceof PcreNode.Capture capture) {
      return capture;
    }
    if ((node instanceof PcreNode.Look look && look.negative())
        || (node instanceof PcreNode.Repeat repeat && repeat.max() == 0)) {
      return null;
    }
    for (PcreNode child : PcreParser.children(node)) {
      PcreNode.Capture capture = firstCapture(child);
      if (capture != null) {
        return capture;
      }
    }
    return null;
  }

  private void quantifier(int min, int max, PcreNode.Greed greed) {
    if (min == 0 && max == 1) {
      out.append('?');
    } else if (min <= 1 && max == PcreNode.UNBOUNDED) {
      out.append(min == 0 ? '*' : '+');
    } else {
      out.append('{').append(min);
      if (max != min) {
        out.append(',').append(max == PcreNode.UNBOUNDED ? "" : max);
      }
      out.append('}');
    }
    out.append(
        switch (greed) {
          case GREEDY -> "";
          case LAZY -> "?";
          case POSSESSIVE -> "+";
        });
  }

  /** Options that stand alone cost nothing when the expression runs. */
  private void fold(boolean fold) {
    if (fold != ignoresCase) {
      out.append(fold ? "(?i)" : "(?-i)");
      ignoresCase = fold;
    }
  }

  private void oneOf(ByteSet set) {
    int size = set.size();
    if (size == 1) {
      int octet = set.next(0);
      if (Octets.isLetter(octet)) {
        fold(false);
      }
      octet(octet);
    } else if (size == 256) {
      out.append("[\\s\\S]");
    } else if (size == 255 && !set.contains('\n')) {
      out.append('.');
    } else if (size == 0) {
      out.append("(?!)");
    } else if (size == 2 && Octets.isLetter(set.next(0)) && set.isFolded()) {
      fold(true);
      octet(set.next(0) | 0x20);
    } else {
      fold(false);
      boolean negative = size > 128;
      out.append(negative ? "[^" : "[");
      ranges(negative ? set.complement() : set);
      out.append(']');
    }
  }

  private void ranges(ByteSet set) {
    for (int first = set.next(0); first < 256; ) {
      int last = set.complement().next(first) - 1;
      octet(first);
      if (last > first) {
        out.append(last > first + 1 ? "-" : "");
        octet(last);
      }
      first = set.next(last + 1);
    }
  }

  private void octet(int octet) {
    boolean digit = Octets.isDigit(octet);
    boolean plain =
        Octets.isLetter(octet) || octet == '/' || octet == '_' || (digit && !endsReference());
    if (plain) {
      out.append((char) octet);
    } else {
      out.append("\\x")
          .append(Character.forDigit(octet >> 4, 16))
          .append(Character.forDigit(octet & 15, 16));
    }
  }

  private boolean endsReference() {
    return referenceEnd == out.length();
  }

  private int javaNumber(PcreNode.BackReference reference) throws PcreParser.Rejection {
    int number = javaGroups[reference.group()];
    if (number < 0) {
      throw PcreParser.unsupported(
          reference.position(), "A reference to a group in a negative look-around");
    }
    return number;
  }

  /** Numbers the groups that will capture, so that references may stand before their groups. */
  private void number(PcreNode node) {
    if (node instanceof PcreNode.Look look && look.negative()) {
      return;
    }
    if (node instanceof PcreNode.Repeat repeat && repeat.max() == 0) {
      return;
    }
    if (node instanceof PcreNode.Capture capture) {
      javaGroupCount++;
      javaGroups[capture.number()] = javaGroupCount;
    }
    for (PcreNode child : PcreParser.children(node)) {
      number(child);
    }
  }
}
