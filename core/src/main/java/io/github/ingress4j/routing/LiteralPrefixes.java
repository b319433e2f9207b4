package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the texts begin that an expression matches, and when the beginning decides.
 *
 * <pre>
 *   expression           prefix      then                        decided
 *   ^/api                /api        anything, or the end        yes
 *   ^/api(/|$)(.*)       /api/       anything, or the end        yes
 *                        /api        the end                     yes
 *   ^/(a|b)/x(.*)        /a/x /b/x   anything, or the end        yes
 *   ^/v[0-9]             /v          a digit                     yes
 *   ^/v[0-9]+/x          /v          a digit                     no: the expression has to run
 *   ^/a|/b               (empty)     anything, or the end        no
 * </pre>
 *
 * <p>All of this holds for texts without a line feed, where {@code .} is any byte and {@code $} is
 * the end. In other texts only the prefix is certain, and the expression has to run.
 */
final class LiteralPrefixes {

  /** Entries of one expression at most; where more would be needed, prefixes end earlier. */
  private static final int MAX_ENTRIES = 16;

  private static final int MAX_LENGTH = 255;

  /** A set of this many bytes (two cases count once) still leads to a prefix for each. */
  private static final int FEW = 4;

  /**
   * One of the beginnings.
   *
   * @param prefix literal bytes, letters in lower case; the text may have either case
   * @param next the bytes that may follow the prefix
   * @param mayEnd whether the text may end behind the prefix
   * @param isDecided whether a text with this beginning is matched; else the expression has to run
   */
  record Entry(String prefix, ByteSet next, boolean mayEnd, boolean isDecided) {}

  /** What has to be matched from here on. */
  private record Rest(PcreNode head, @Nullable Rest tail) {}

  private final List<Entry> entries = new ArrayList<>();

  /** How many beginnings there may be at least, since choices are still open. */
  private int branches = 1;

  private LiteralPrefixes() {}

  /** Returns the beginnings of all texts that the expression matches. */
  static List<Entry> of(PcreNode root) {
    LiteralPrefixes prefixes = new LiteralPrefixes();
    prefixes.expand(new Rest(root, null), "", true, false);
    return prefixes.entries;
  }

  /**
   * Whether every match of the expression begins where the search begins, so that there is nothing
   * to search.
   */
  static boolean isAnchored(PcreNode node) {
    if (node instanceof PcreNode.Sequence sequence) {
      return !sequence.parts().isEmpty() && isAnchored(sequence.parts().get(0));
    }
    if (node instanceof PcreNode.Alternation alternation) {
      return alternation.branches().stream().allMatch(LiteralPrefixes::isAnchored);
    }
    return node == PcreNode.Assertion.START
        || (node instanceof PcreNode.Capture capture && isAnchored(capture.body()));
  }

  /**
   * Follows one way through the expression until something is met that is not a literal.
   *
   * @param prefix what was met so far
   * @param isExact whether a text with the prefix was surely matched so far
   * @param isAnchored whether the way begins at the start of the text
   */
  private void expand(@Nullable Rest rest, String prefix, boolean isExact, boolean isAnchored) {
    if (rest == null) {
      // Without an anchor the match is somewhere, perhaps at once: it is the empty text.
      entries.add(new Entry(prefix, ByteSet.ALL, true, isExact));
      return;
    }
    PcreNode head = rest.head;
    if (isAnchored && head instanceof PcreNode.OneOf one) {
      expandLiteral(one.set(), rest, prefix, isExact);
    } else if (isAnchored && isUniversal(rest)) {
      entries.add(new Entry(prefix, ByteSet.ALL, true, isExact));
    } else if (head instanceof PcreNode.Sequence sequence) {
      Rest next = rest.tail;
      for (int i = sequence.parts().size() - 1; i >= 0; i--) {
        next = new Rest(sequence.parts().get(i), next);
      }
      expand(next, prefix, isExact, isAnchored);
    } else if (head instanceof PcreNode.Capture capture) {
      expand(new Rest(capture.body(), rest.tail), prefix, isExact, isAnchored);
    } else if (head == PcreNode.Assertion.START && prefix.isEmpty()) {
      expand(rest.tail, prefix, isExact, true);
    } else if (head instanceof PcreNode.Alternation alternation
        && mayBranch(alternation.branches().size())) {
      for (PcreNode branch : alternation.branches()) {
        expand(new Rest(branch, rest.tail), prefix, isExact, isAnchored);
      }
    } else if (!isAnchored) {
      entries.add(new Entry("", ByteSet.ALL, true, false));
    } else if (head instanceof PcreNode.Atomic atomic) {
      // It may settle on a way that leads nowhere, so the prefix no longer decides.
      expand(new Rest(atomic.body(), rest.tail), prefix, false, true);
    } else if (head instanceof PcreNode.Repeat repeat) {
      expandRepeat(repeat, rest, prefix, isExact);
    } else if (isEnd(head) && isNullable(rest.tail, true)) {
      entries.add(new Entry(prefix, ByteSet.NONE, true, isExact));
    } else if (head instanceof PcreNode.Look || isBoundary(head)) {
      // It takes nothing, so that the prefix goes on, but no longer decides.
      expand(rest.tail, prefix, false, true);
    } else {
      addUndecided(rest, prefix);
    }
  }

  /** Takes bytes that leave no choice, one after the other: most of an expression. */
  private void expandLiteral(ByteSet first, Rest from, String start, boolean isExactBefore) {
    ByteSet set = first;
    Rest rest = from;
    boolean isExact = isExactBefore;
    StringBuilder prefix = new StringBuilder(start);
    int c = only(set);
    while (c >= 0 && prefix.length() < MAX_LENGTH) {
      isExact &= hasBothCases(set, c);
      prefix.append((char) c);
      if (rest.tail == null || !(rest.tail.head instanceof PcreNode.OneOf next)) {
        expand(rest.tail, prefix.toString(), isExact, true);
        return;
      }
      rest = rest.tail;
      set = next.set();
      c = only(set);
    }
    expandOne(set, rest, prefix.toString(), isExact);
  }

  /** Returns the byte, in lower case, if the set has no other but for its case; else -1. */
  private static int only(ByteSet set) {
    int c = set.next(0);
    if (c == 256) {
      return -1;
    }
    int lower = isUpper(c) ? c + 'a' - 'A' : c;
    int size = set.size();
    return size == 1 || (size == 2 && lower != c && set.contains(lower)) ? lower : -1;
  }

  /** Whether the set has a byte, given in lower case, and its upper case if there is one. */
  private static boolean hasBothCases(ByteSet set, int c) {
    boolean isLetter = c >= 'a' && c <= 'z';
    return set.contains(c) && (!isLetter || set.contains(c - 'a' + 'A'));
  }

  private boolean mayBranch(int ways) {
    if (branches + ways - 1 > MAX_ENTRIES) {
      return false;
    }
    branches += ways - 1;
    return true;
  }

  private void expandOne(ByteSet set, Rest rest, String prefix, boolean isExact) {
    int ways = 0;
    ByteSet folded = set.folded();
    for (int c = folded.next(0); c < 256; c = folded.next(c + 1)) {
      ways += isUpper(c) ? 0 : 1;
    }
    if (ways > FEW || prefix.length() >= MAX_LENGTH || !mayBranch(Math.max(1, ways))) {
      boolean decided = isExact && isUniversal(rest.tail);
      entries.add(new Entry(prefix, set, false, decided));
      return;
    }
    for (int c = folded.next(0); c < 256; c = folded.next(c + 1)) {
      if (!isUpper(c)) {
        expand(rest.tail, prefix + (char) c, isExact && hasBothCases(set, c), true);
      }
    }
  }

  private static boolean isUpper(int c) {
    return c >= 'A' && c <= 'Z';
  }

  private void expandRepeat(PcreNode.Repeat repeat, Rest rest, String prefix, boolean isExact) {
    boolean exact = isExact && repeat.greed() != PcreNode.Greed.POSSESSIVE;
    if (repeat.max() == 0) {
      expand(rest.tail, prefix, isExact, true);
    } else if (repeat.min() > 0 && !isNullable(repeat.body(), false)) {
      int max = repeat.max() == PcreNode.UNBOUNDED ? repeat.max() : repeat.max() - 1;
      PcreNode others = new PcreNode.Repeat(repeat.body(), repeat.min() - 1, max, repeat.greed());
      expand(new Rest(repeat.body(), new Rest(others, rest.tail)), prefix, exact, true);
    } else if (repeat.min() == 0 && repeat.max() == 1 && mayBranch(2)) {
      expand(new Rest(repeat.body(), rest.tail), prefix, exact, true);
      expand(rest.tail, prefix, exact, true);
    } else {
      addUndecided(rest, prefix);
    }
  }

  private void addUndecided(Rest rest, String prefix) {
    First first = First.of(rest);
    entries.add(new Entry(prefix, first.set, first.mayEnd, false));
  }

  private static boolean isBoundary(PcreNode node) {
    return node == PcreNode.Assertion.WORD_BOUNDARY || node == PcreNode.Assertion.NO_WORD_BOUNDARY;
  }

  /** Whether the rest matches whatever follows, if no line feed follows. */
  private static boolean isUniversal(@Nullable Rest rest) {
    for (Rest at = rest; at != null; at = at.tail) {
      if (isAnyText(at.head)) {
        return isNullable(at.tail, true);
      }
      if (!isNullable(at.head, false)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the node is {@code .*} or like it: it can take all that is left. */
  private static boolean isAnyText(PcreNode node) {
    if (node instanceof PcreNode.Capture capture) {
      return isAnyText(capture.body());
    }
    return node instanceof PcreNode.Repeat repeat
        && repeat.min() == 0
        && repeat.max() == PcreNode.UNBOUNDED
        && repeat.body() instanceof PcreNode.OneOf one
        && one.set().containsAll(ByteSet.NOT_LINE_FEED);
  }

  private static boolean isEnd(PcreNode node) {
    return node == PcreNode.Assertion.END || node == PcreNode.Assertion.VERY_END;
  }

  private static boolean isNullable(@Nullable Rest rest, boolean atEnd) {
    for (Rest at = rest; at != null; at = at.tail) {
      if (!isNullable(at.head, atEnd)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the node matches the empty text wherever it stands.
   *
   * @param atEnd whether it stands at the end of the text
   */
  private static boolean isNullable(PcreNode node, boolean atEnd) {
    if (node instanceof PcreNode.Sequence sequence) {
      return sequence.parts().stream().allMatch(part -> isNullable(part, atEnd));
    }
    if (node instanceof PcreNode.Alternation alternation) {
      return alternation.branches().stream().anyMatch(branch -> isNullable(branch, atEnd));
    }
    if (node instanceof PcreNode.Capture capture) {
      return isNullable(capture.body(), atEnd);
    }
    if (node instanceof PcreNode.Atomic atomic) {
      return isNullable(atomic.body(), atEnd);
    }
    if (node instanceof PcreNode.Repeat repeat) {
      return repeat.min() == 0 || isNullable(repeat.body(), atEnd);
    }
    return atEnd && isEnd(node);
  }

  /** The bytes that a match may begin with, and whether it may begin at the end. */
  private static final class First {

    private ByteSet set = ByteSet.NONE;
    private boolean mayEnd;

    static First of(@Nullable Rest rest) {
      First first = new First();
      Rest at = rest;
      while (at != null && first.add(at.head)) {
        at = at.tail;
      }
      if (at == null) {
        first.set = ByteSet.ALL;
        first.mayEnd = true;
      }
      return first;
    }

    /** Adds what the node may begin with; returns whether it may be empty. */
    private boolean add(PcreNode node) {
      if (node instanceof PcreNode.OneOf one) {
        set = set.with(one.set());
        return false;
      }
      if (node instanceof PcreNode.Sequence sequence) {
        for (PcreNode part : sequence.parts()) {
          if (!add(part)) {
            return false;
          }
        }
        return true;
      }
      if (node instanceof PcreNode.Alternation alternation) {
        boolean empty = false;
        for (PcreNode branch : alternation.branches()) {
          empty |= add(branch);
        }
        return empty;
      }
      if (node instanceof PcreNode.Capture capture) {
        return add(capture.body());
      }
      if (node instanceof PcreNode.Atomic atomic) {
        return add(atomic.body());
      }
      if (node instanceof PcreNode.Repeat repeat) {
        return repeat.max() == 0 || add(repeat.body()) || repeat.min() == 0;
      }
      if (isEnd(node)) {
        mayEnd = true;
        return false;
      }
      // Of what looks around or repeats a capture nothing is known.
      set = ByteSet.ALL;
      mayEnd = true;
      return false;
    }
  }
}
