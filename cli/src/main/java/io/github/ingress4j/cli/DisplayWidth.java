package io.github.ingress4j.cli;

/**
 * How many cells of a terminal a text takes.
 *
 * <p>Source: Unicode Standard Annex 11, East Asian Width, as blocks: what is wide or full width
 * takes two cells, marks that combine with the character before take none.
 */
final class DisplayWidth {

  /** Pairs of first and last code point of what takes two cells. */
  private static final int[] WIDE = {
    0x1100, 0x115F, // Hangul Jamo, leading consonants
    0x231A, 0x231B, 0x23E9, 0x23EC, 0x25FD, 0x25FE, 0x2614, 0x2615, 0x2648, 0x2653, // symbols
    0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C,
    0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797, 0x2B1B, 0x2B1C, 0x2E80,
    0x303E, // CJK radicals to CJK symbols and punctuation
    0x3041, 0x33FF, // Hiragana to CJK compatibility
    0x3400, 0x4DBF, // CJK extension A
    0x4E00, 0x9FFF, // CJK unified ideographs
    0xA000, 0xA4CF, // Yi
    0xA960, 0xA97F, // Hangul Jamo extended A
    0xAC00, 0xD7A3, // Hangul syllables
    0xF900, 0xFAFF, // CJK compatibility ideographs
    0xFE30, 0xFE6F, // CJK compatibility forms, small form variants
    0xFF00, 0xFF60, 0xFFE0, 0xFFE6, // full width forms
    0x1F300, 0x1F64F, 0x1F680, 0x1F6FF, 0x1F900, 0x1FAFF, // emoji
    0x20000, 0x3FFFD, // CJK extensions B and later
  };

  private DisplayWidth() {}

  /** Returns the cells that a printable text takes. */
  static int of(String text) {
    int cells = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      cells += of(c);
      i += Character.charCount(c);
    }
    return cells;
  }

  /** Returns the cells that a printable code point takes: 0, 1 or 2. */
  static int of(int codePoint) {
    if (codePoint < 0x300) {
      return 1;
    }
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (codePoint >= WIDE[i] && codePoint <= WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }
}
