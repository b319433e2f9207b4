package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A text with a name, whose offsets can be told as lines and columns.
 *
 * <p>A line ends at a line feed, a carriage return, or both. Offsets and columns count {@code char}
 * values.
 */
final class SourceText {

  private final String name;
  private final String text;

  /**
   * The text once more: reading a character of it costs no calls, which counts before they are
   * compiled.
   */
  private final char[] chars;

  private final int[] lineStarts;
  private final BitSet hidden = new BitSet();

  SourceText(String name, String text) {
    this.name = name;
    this.text = text;
    this.chars = text.toCharArray();
    this.lineStarts = lineStarts(chars);
  }

  private static int[] lineStarts(char[] chars) {
    int[] starts = new int[Math.max(16, chars.length / 24)];
    int count = 1;
    for (int i = 0; i < chars.length; i++) {
      char c = chars[i];
      if (c > '\r') {
        continue;
      }
      if (c == '\n' || (c == '\r' && !(i + 1 < chars.length && chars[i + 1] == '\n'))) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  String name() {
    return name;
  }

  String text() {
    return text;
  }

  /** Returns the characters of the text, which the caller does not change. */
  char[] chars() {
    return chars;
  }

  /** Returns the index of the line that holds the offset, from 0. */
  private int lineIndex(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found : -found - 2;
  }

  /** Returns where the line ends, its line break left out. */
  private int lineEnd(int index) {
    int end = index + 1 < lineStarts.length ? lineStarts[index + 1] : text.length();
    while (end > lineStarts[index]
        && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return end;
  }

  /** Returns the line of an offset, from 1. */
  int lineOf(int offset) {
    return lineIndex(offset) + 1;
  }

  /**
   * Returns the place of a part of the text: where it begins, and how much of its first line it
   * covers.
   */
  SourceSpan span(int start, int end) {
    int line = lineIndex(start);
    int length = end - start;
    if (line + 1 < lineStarts.length && end >= lineStarts[line + 1]) {
      length = lineEnd(line) - start;
    }
    return new SourceSpan(name, line + 1, start - lineStarts[line] + 1, Math.max(1, length));
  }

  /** Says that the lines of a part of the text must never be shown. */
  void hide(int start, int end) {
    int last = end;
    while (last > start && text.charAt(last - 1) <= ' ') {
      last--;
    }
    hidden.set(lineIndex(start), lineIndex(Math.max(start, last)) + 1);
  }

  /** Returns whether the line of an offset may be shown. */
  boolean isShown(int offset) {
    return !hidden.get(lineIndex(offset));
  }

  /** Returns a line, from 1, as it can be printed, or {@code null} if it must not be shown. */
  @Nullable String excerpt(int line) {
    if (hidden.get(line - 1)) {
      return null;
    }
    int start = lineStarts[line - 1];
    int end = lineEnd(line - 1);
    boolean isCut = end - start > PrintableText.LIMIT;
    // One more than is printed, so that the mark of the cut is there and no long line is copied.
    return PrintableText.escape(
        text.substring(start, isCut ? start + PrintableText.LIMIT + 1 : end));
  }
}
