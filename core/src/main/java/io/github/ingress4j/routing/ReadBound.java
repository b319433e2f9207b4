package io.github.ingress4j.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * How many characters a matcher reads at most, if that can be told from the expression.
 *
 * <p>A backtracking matcher comes to a part once for each way through the parts before it, so that
 * the reads are the sum, over all parts, of the ways to it times what it reads itself. A repeat of
 * one byte has a way for each length; but if what follows cannot match the repeated byte, only one
 * of them leads on. Repeats of more than one byte, and references, are not told.
 */
final class ReadBound {

  /** More than any budget. */
  static final long UNKNOWN = 1L << 40;

  /** What Java's matcher may read twice. */
  private static final int SAFETY = 2;

  /**
   * The price of a part.
   *
   * @param reads what it reads when it is come to once
   * @param ways how many ways lead through it
   */
  private record Cost(double reads, double ways) {}

  private static final Cost ENDLESS = new Cost(UNKNOWN, UNKNOWN);

  private final int length;

  private ReadBound(int length) {
    this.length = length;
  }

  /**
   * Returns the reads of one attempt at the start of a text.
   *
   * @param length the length of the text at most
   * @return the number, or {@link #UNKNOWN}
   */
  static long of(PcreNode root, int length) {
    return (long) Math.min(SAFETY * new ReadBound(length).cost(root).reads, UNKNOWN);
  }

  private Cost cost(PcreNode node) {
    if (node instanceof PcreNode.OneOf) {
      return new Cost(1, 1);
    }
    if (node instanceof PcreNode.Sequence || node instanceof PcreNode.Capture) {
      List<PcreNode> parts = new ArrayList<>();
      flatten(node, parts);
      return sequence(parts);
    }
    if (node instanceof PcreNode.Alternation alternation) {
      double reads = 0;
      double ways = 0;
      for (PcreNode branch : alternation.branches()) {
        Cost cost = cost(branch);
        reads += cost.reads;
        ways += cost.ways;
      }
      return new Cost(reads, ways);
    }
    if (node instanceof PcreNode.Atomic atomic) {
      return new Cost(cost(atomic.body()).reads, 1);
    }
    if (node instanceof PcreNode.Look look) {
      return new Cost(cost(look.body()).reads, 1);
    }
    if (node instanceof PcreNode.Repeat repeat) {
      return repeat(repeat);
    }
    // A boundary is written as two pairs of look-arounds, and the end looks at two characters.
    return node instanceof PcreNode.Assertion ? new Cost(4, 1) : ENDLESS;
  }

  private static void flatten(PcreNode node, List<PcreNode> parts) {
    if (node instanceof PcreNode.Sequence sequence) {
      for (PcreNode part : sequence.parts()) {
        flatten(part, parts);
      }
    } else if (node instanceof PcreNode.Capture capture) {
      flatten(capture.body(), parts);
    } else {
      parts.add(node);
    }
  }

  private Cost sequence(List<PcreNode> parts) {
    double reads = 0;
    double ways = 1;
    double waysBefore = 1;
    PcreNode previous = PcreNode.EMPTY;
    for (PcreNode part : parts) {
      Cost cost = cost(part);
      reads += ways * cost.reads;
      double next = isSplitOneWay(previous, part) ? waysBefore : ways * cost.ways;
      waysBefore = ways;
      ways = next;
      previous = part;
    }
    return new Cost(reads, ways);
  }

  private static boolean isSplitOneWay(PcreNode repeated, PcreNode next) {
    return next instanceof PcreNode.OneOf one
        && repeated instanceof PcreNode.Repeat repeat
        && repeat.body() instanceof PcreNode.OneOf body
        && body.set().complement().containsAll(one.set());
  }

  private Cost repeat(PcreNode.Repeat repeat) {
    int most = Math.min(repeat.max(), length);
    boolean possessive = repeat.greed() == PcreNode.Greed.POSSESSIVE;
    if (repeat.body() instanceof PcreNode.OneOf) {
      return new Cost(most + 1.0, possessive ? 1 : Math.max(1, most - repeat.min() + 1));
    }
    if (repeat.max() > 1) {
      return ENDLESS;
    }
    Cost body = cost(repeat.body());
    return new Cost(body.reads, possessive ? 1 : body.ways + 1);
  }
}
