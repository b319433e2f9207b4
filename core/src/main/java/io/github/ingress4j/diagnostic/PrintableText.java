package io.github.ingress4j.diagnostic;

import org.jspecify.annotations.Nullable;

/**
 * Text from outside made safe to print: on one line, without control characters, of bounded length.
 *
 * <table>
 *   <caption>What becomes of what</caption>
 *   <tr><th>Character</th><th>Printed as</th></tr>
 *   <tr><td>line feed, carriage return, tab</td><td>{@code \n}, {@code \r}, {@code \t}</td></tr>
 *   <tr><td>{@code \}</td><td>{@code \\}</td></tr>
 *   <tr><td>other controls, lone surrogates, line and paragraph separators, bidirectional and other
 *       format characters</td><td>a backslash, {@code u} and four hex digits</td></tr>
 *   <tr><td>everything else</td><td>itself</td></tr>
 * </table>
 *
 * <p>A text of more than {@value #LIMIT} characters is cut there and ends in {@code …}.
 *
 * <p>Stateless and thread-safe.
 */
public final class PrintableText {

  /** The characters of the text that are printed at most. */
  public static final int LIMIT = 200;

  private PrintableText() {}

  /**
   * Returns the text with unprintable characters escaped, cut to {@value #LIMIT} characters.
   *
   * @param text any text
   * @return the same text if nothing had to change
   */
  public static String escape(String text) {
    return escape(text, LIMIT);
  }

  /**
   * Returns the text with unprintable characters escaped, cut to a length.
   *
   * @param text any text
   * @param limit the characters of {@code text} to keep at most, 1 or more
   * @return the same text if nothing had to change
   */
  public static String escape(String text, int limit) {
    int end = Math.min(text.length(), limit);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder out = null;
    for (int i = 0; i < end; ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      String replacement = escapeOf(c);
      if (replacement != null && out == null) {
        out = new StringBuilder(end + 16).append(text, 0, i);
      }
      if (out != null) {
        if (replacement == null) {
          out.appendCodePoint(c);
        } else {
          out.append(replacement);
        }
      }
      i += width;
    }
    if (end == text.length()) {
      return out == null ? text : out.toString();
    }
    return (out == null ? text.substring(0, end) : out.toString()) + "…";
  }

  /**
   * Returns the text in double quotes, escaped and cut like {@link #escape(String)}.
   *
   * @param text any text
   * @return the quoted text
   */
  public static String quote(String text) {
    return '"' + escape(text).replace("\"", "\\\"") + '"';
  }

  private static @Nullable String escapeOf(int c) {
    String named =
        switch (c) {
          case '\n' -> "\\n";
          case '\r' -> "\\r";
          case '\t' -> "\\t";
          case '\\' -> "\\\\";
          default -> null;
        };
    if (named != null) {
      return named;
    }
    if (c >= 0x20 && c < 0x7F) {
      return null;
    }
    int type = Character.getType(c);
    boolean hidden =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.UNASSIGNED
            || type == Character.PRIVATE_USE;
    if (!hidden) {
      return null;
    }
    StringBuilder out = new StringBuilder(12);
    for (char half : Character.toChars(c)) {
      out.append(String.format("\\u%04x", (int) half));
    }
    return out.toString();
  }
}
