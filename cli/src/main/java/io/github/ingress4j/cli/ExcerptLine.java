package io.github.ingress4j.cli;

/**
 * A line of a manifest as a terminal shows it, and the cells below which the marks belong.
 *
 * <p>Columns count the characters of the manifest, cells those of the terminal: a tab is one
 * character and {@value #TAB} cells, an escaped control is one character and six cells, an
 * ideograph is one character and two cells.
 *
 * @param text the line, printable
 * @param markStart the cells before the first mark
 * @param markWidth the number of marks; 0 if the place is not within the text
 */
record ExcerptLine(String text, int markStart, int markWidth) {

  private static final int TAB = 4;

  /** The characters that are shown of a long line. */
  private static final int WINDOW = 160;

  /** The characters of a long line that are shown before the place. */
  private static final int LEAD = 40;

  /**
   * Lays out a line.
   *
   * @param excerpt the line in the form of {@code PrintableText}
   * @param column where the place begins, in characters of the manifest, 1 or more
   * @param length the characters of the place, 1 or more
   * @return the line
   */
  static ExcerptLine of(String excerpt, int column, int length) {
    int first = column - 1;
    int last = first + length;
    if (isPlain(excerpt) && first < excerpt.length()) {
      // Nearly every line: a character, a cell.
      return new ExcerptLine(excerpt, first, Math.min(last, excerpt.length()) - first);
    }
    // Of a long line, a window around the place is shown.
    int from = excerpt.length() > WINDOW && first > LEAD + 8 ? first - LEAD : 0;
    StringBuilder text = new StringBuilder(from > 0 ? "…" : "");
    int cells = text.length();
    int markStart = -1;
    int markEnd = -1;
    int character = 0;
    for (int i = 0; i < excerpt.length() && character < from + WINDOW; ) {
      String shown = shown(excerpt, i);
      int width = DisplayWidth.of(shown);
      int source = sourceLength(excerpt, i);
      if (character >= from) {
        if (markStart < 0 && character + source > first) {
          markStart = cells;
        }
        text.append(shown);
        cells += width;
        if (character < last) {
          markEnd = cells;
        }
      }
      character += source;
      i += escapeLength(excerpt, i);
      if (i < excerpt.length() && character >= from + WINDOW) {
        text.append('…');
      }
    }
    // The place may be the end of the line, where something is missing.
    if (markStart < 0 && first == character) {
      return new ExcerptLine(text.toString(), cells, 1);
    }
    return markStart < 0
        ? new ExcerptLine(text.toString(), 0, 0)
        : new ExcerptLine(text.toString(), markStart, Math.max(1, markEnd - markStart));
  }

  private static boolean isPlain(String excerpt) {
    for (int i = 0; i < excerpt.length(); i++) {
      char c = excerpt.charAt(i);
      if (c < ' ' || c >= 0x7F || c == '\\') {
        return false;
      }
    }
    return excerpt.length() <= WINDOW;
  }

  /** The length in the excerpt of what stands there for one character of the manifest, or two. */
  private static int escapeLength(String excerpt, int i) {
    if (excerpt.charAt(i) == '\\' && i + 1 < excerpt.length()) {
      boolean isUnicode = excerpt.charAt(i + 1) == 'u' && i + 6 <= excerpt.length();
      return isUnicode ? 6 : 2;
    }
    return Character.charCount(excerpt.codePointAt(i));
  }

  /** The characters of the manifest that the part of the excerpt stands for. */
  private static int sourceLength(String excerpt, int i) {
    return excerpt.charAt(i) == '\\' ? 1 : Character.charCount(excerpt.codePointAt(i));
  }

  private static String shown(String excerpt, int i) {
    int length = escapeLength(excerpt, i);
    String part = excerpt.substring(i, i + length);
    return switch (part) {
      case "\\t" -> " ".repeat(TAB);
      case "\\\\" -> "\\";
      default -> part;
    };
  }
}
