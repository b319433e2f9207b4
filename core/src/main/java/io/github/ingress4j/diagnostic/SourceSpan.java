package io.github.ingress4j.diagnostic;

/**
 * A place in a manifest: where a value begins and how much of its first line it covers.
 *
 * <p>Immutable and thread-safe.
 *
 * @param file the name of the text, as the user gave it or as a directory listing found it; {@code
 *     -} for standard input
 * @param line the line, 1 or more
 * @param column the column in characters, 1 or more
 * @param length the characters covered on that line, 1 or more
 */
public record SourceSpan(String file, int line, int column, int length) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public SourceSpan {
    if (line < 1 || column < 1 || length < 1) {
      throw new IllegalArgumentException(
          "line, column and length count from 1, but are "
              + line
              + ", "
              + column
              + " and "
              + length);
    }
  }

  /**
   * Returns the place as compilers print it; unprintable characters of the file name are escaped.
   *
   * @return {@code file:line:column}
   */
  @Override
  public String toString() {
    return PrintableText.escape(file) + ":" + line + ":" + column;
  }
}
