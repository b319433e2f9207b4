package io.github.ingress4j.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into documents as {@code kubectl} does, before any YAML is read: at each line that
 * begins with {@code ---}, whatever that line is part of.
 */
final class DocumentCutter {

  /**
   * A part of the text.
   *
   * @param from the offset of its first character, behind a byte order mark
   * @param to the offset behind its last
   * @param fault the offset of what stands behind the dashes of the border above it and may not, or
   *     -1
   * @param faultEnd the offset behind that
   */
  record Part(int from, int to, int fault, int faultEnd) {}

  private DocumentCutter() {}

  /** Returns the parts in order; the last one is followed by nothing. Stops behind a number. */
  static List<Part> cut(String text, int limit) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    int fault = -1;
    int faultEnd = -1;
    int line = text.startsWith("\uFEFF") ? 1 : 0;
    while (line < text.length() && parts.size() <= limit) {
      int end = text.indexOf('\n', line);
      int next = end < 0 ? text.length() : end + 1;
      if (text.startsWith("---", line)) {
        add(parts, text, from, line, fault, faultEnd);
        fault = firstVisible(text, line + 3, next);
        faultEnd = fault < 0 ? -1 : lastVisible(text, fault, next);
        from = next;
      }
      line = next;
    }
    if (parts.size() <= limit) {
      add(parts, text, from, text.length(), fault, faultEnd);
    }
    return parts;
  }

  private static void add(
      List<Part> parts, String text, int from, int to, int fault, int faultEnd) {
    int start = from < to && text.charAt(from) == '\uFEFF' ? from + 1 : from;
    if (start < to || fault >= 0) {
      parts.add(new Part(start, to, fault, faultEnd));
    }
  }

  private static int firstVisible(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '#') {
        return -1;
      }
      if (!isBlank(c)) {
        return i;
      }
    }
    return -1;
  }

  private static int lastVisible(String text, int from, int to) {
    int end = to;
    while (end > from + 1 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\u000B' || c == '\f';
  }
}
