package io.github.ingress4j.cli;

/** A line of requests that cannot be understood. */
final class BadLineException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what is wrong, as a sentence without a final full stop
   */
  BadLineException(String message) {
    // A line of input is at fault, not a place in the program.
    super(message, null, false, false);
  }

  /** Returns what is wrong. */
  String text() {
    return String.valueOf(getMessage());
  }
}
