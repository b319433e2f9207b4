package io.github.ingress4j.decision;

/**
 * The head of a back end's answer, as far as it takes part in decisions.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status the status, 200 to 599
 */
public record ReplyHead(int status) {

  /**
   * Checks the status.
   *
   * @throws IllegalArgumentException if {@code status} is not a final status
   */
  public ReplyHead {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not between 200 and 599");
    }
  }
}
