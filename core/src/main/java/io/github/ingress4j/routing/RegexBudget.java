package io.github.ingress4j.routing;

import org.jspecify.annotations.Nullable;

/**
 * How much work the regular expressions of one request may still do, counted in characters read.
 *
 * <p>Make one for each request and hand it to all that matches on its behalf: hosts, paths,
 * rewrites and header patterns draw on the same 100,000 reads. An ordinary pattern reads a path
 * once or twice; a pattern that backtracks without end is stopped within milliseconds. Whoever gets
 * no match must ask {@link #isSpent()} before it believes that there is none.
 *
 * <p>Not thread-safe.
 */
public final class RegexBudget {

  /** The reads of a request; a path has 8,192 characters at most. */
  static final int READS = 100_000;

  private int left = READS;
  private @Nullable Guard guard;

  /** Makes a budget of 100,000 reads. */
  public RegexBudget() {}

  /**
   * Returns whether an expression was stopped: because the reads were used up, or because the
   * matcher ran out of stack. What was asked of it since has no answer, and the request is to be
   * refused.
   *
   * @return {@code true} from then on for ever
   */
  public boolean isSpent() {
    return left < 0;
  }

  /** The reads that are left; negative if the budget is spent. */
  int left() {
    return left;
  }

  /** Stops everything from now on. Needs no stack of its own if it is inlined. */
  void spend() {
    left = -1;
  }

  /** The text as one whose characters are counted. Valid until the next call. */
  CharSequence guard(String text) {
    Guard counting = guard == null ? new Guard() : guard;
    guard = counting;
    counting.text = text;
    return counting;
  }

  /**
   * Takes reads at once, so that they need not be counted. Half of the budget is kept for searches
   * that are counted, since what is taken here is what a search may need, not what it needs.
   *
   * @return whether there were enough; if not, none were taken
   */
  boolean prepay(long reads) {
    if (left - READS / 2 < reads) {
      return false;
    }
    left -= (int) reads;
    return true;
  }

  /** Thrown out of a matcher when the reads are used up. It has no trace, which would cost more. */
  static final class Spent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private Spent() {
      super("the reads of the request are used up", null, false, false);
    }
  }

  /** The text that a matcher reads. */
  private final class Guard implements CharSequence {

    private String text = "";

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new Spent();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
