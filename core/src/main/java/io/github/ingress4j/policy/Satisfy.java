package io.github.ingress4j.policy;

import java.util.Objects;

/**
 * Whether all of address list, password and external authentication are needed, or one suffices.
 *
 * <table>
 *   <caption>Outcomes; a dash means that nobody asks any more</caption>
 *   <tr><th>List</th><th>Password</th><th>External</th><th>ALL</th><th>ANY</th></tr>
 *   <tr><td>passes</td><td>fails</td><td>–</td><td>401</td><td>passes, the password is not asked
 *       for</td></tr>
 *   <tr><td>fails</td><td>fails</td><td>none</td><td>403, the password is not asked for</td>
 *       <td>401</td></tr>
 *   <tr><td>fails</td><td>passes</td><td>–</td><td>403</td><td>passes</td></tr>
 *   <tr><td>fails</td><td>none</td><td>403</td><td>403</td><td>403</td></tr>
 *   <tr><td>none</td><td>fails</td><td>403</td><td>401</td><td>401</td></tr>
 *   <tr><td>fails</td><td>none</td><td>none</td><td>403</td><td>403</td></tr>
 *   <tr><td>none</td><td>none</td><td>none</td><td>passes</td><td>passes</td></tr>
 * </table>
 *
 * <p>Source: the annotation {@code satisfy} of ingress-nginx.
 */
public enum Satisfy {
  /** Every check must pass. */
  ALL,
  /** One check that passes ends the matter. */
  ANY;

  /** What one check says of a request. */
  public enum Vote {
    /** It does not apply. */
    NONE,
    /** The request may pass. */
    PASS,
    /** The request may not pass, whoever sends it. */
    FORBIDDEN,
    /** The client has to say who it is. */
    UNAUTHORIZED
  }

  /** What all checks together say. */
  public enum Outcome {
    /** The request goes on. */
    PASSED,
    /** The answer is 403. */
    FORBIDDEN,
    /** The answer is 401, with the challenge of the check that is configured. */
    UNAUTHORIZED
  }

  /**
   * Begins to count for a request.
   *
   * @return a tally without votes
   */
  public Tally begin() {
    return new Tally(this);
  }

  /**
   * The votes on one request, in the order in which the checks are asked: list, password, external.
   *
   * <p>Not thread-safe.
   */
  public static final class Tally {

    private final Satisfy mode;
    private Outcome outcome = Outcome.PASSED;
    private boolean isSettled;

    private Tally(Satisfy mode) {
      this.mode = mode;
    }

    /**
     * Counts a vote.
     *
     * @param vote what the next check says
     * @return whether the outcome is settled, so that no further check is to be asked
     * @throws IllegalStateException if it was settled before
     */
    public boolean add(Vote vote) {
      Objects.requireNonNull(vote, "vote");
      if (isSettled) {
        throw new IllegalStateException("the outcome is settled, no check is to be asked");
      }
      switch (vote) {
        case NONE -> {}
        case PASS -> {
          if (mode == ANY) {
            outcome = Outcome.PASSED;
            isSettled = true;
          }
        }
        case FORBIDDEN -> {
          // With ANY a challenge that was earned before or will be later says more to the client.
          outcome = outcome == Outcome.UNAUTHORIZED ? outcome : Outcome.FORBIDDEN;
          isSettled = mode == ALL;
        }
        case UNAUTHORIZED -> {
          outcome = Outcome.UNAUTHORIZED;
          isSettled = mode == ALL;
        }
      }
      return isSettled;
    }

    /**
     * Returns whether no further check is to be asked.
     *
     * @return {@code true} once a vote has settled it
     */
    public boolean isSettled() {
      return isSettled;
    }

    /**
     * Returns what the votes so far amount to, if no other check is left.
     *
     * @return the outcome
     */
    public Outcome outcome() {
      return outcome;
    }
  }
}
