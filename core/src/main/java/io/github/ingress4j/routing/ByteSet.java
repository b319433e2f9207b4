package io.github.ingress4j.routing;

/**
 * A set of bytes, a bit each.
 *
 * @param bits0 the bytes 0x00 to 0x3F
 * @param bits1 the bytes 0x40 to 0x7F
 * @param bits2 the bytes 0x80 to 0xBF
 * @param bits3 the bytes 0xC0 to 0xFF
 */
record ByteSet(long bits0, long bits1, long bits2, long bits3) {

  static final ByteSet NONE = new ByteSet(0, 0, 0, 0);
  static final ByteSet ALL = NONE.complement();
  static final ByteSet NOT_LINE_FEED = of('\n').complement();
  static final ByteSet DIGIT = range('0', '9');
  static final ByteSet LOWER = range('a', 'z');
  static final ByteSet UPPER = range('A', 'Z');
  static final ByteSet ALNUM = LOWER.with(UPPER).with(DIGIT);
  static final ByteSet WORD = ALNUM.with(of('_'));

  /** Line feed to carriage return, and the blank. */
  static final ByteSet SPACE = range('\t', '\r').with(of(' '));

  static final ByteSet HORIZONTAL_SPACE = of('\t').with(of(' ')).with(of(0xA0));
  static final ByteSet VERTICAL_SPACE = range('\n', '\r').with(of(0x85));

  static ByteSet of(int octet) {
    return range(octet, octet);
  }

  static ByteSet range(int first, int last) {
    long[] bits = new long[4];
    for (int i = first; i <= last; i++) {
      bits[i >> 6] |= 1L << i;
    }
    return new ByteSet(bits[0], bits[1], bits[2], bits[3]);
  }

  boolean contains(int c) {
    return (word(c) >> c & 1) != 0;
  }

  /** The 64 bits that hold the bit of a byte. */
  private long word(int c) {
    return switch (c >> 6) {
      case 0 -> bits0;
      case 1 -> bits1;
      case 2 -> bits2;
      case 3 -> bits3;
      default -> 0;
    };
  }

  boolean containsAll(ByteSet other) {
    return (other.bits0 & ~bits0) == 0
        && (other.bits1 & ~bits1) == 0
        && (other.bits2 & ~bits2) == 0
        && (other.bits3 & ~bits3) == 0;
  }

  ByteSet with(ByteSet other) {
    return new ByteSet(
        bits0 | other.bits0, bits1 | other.bits1, bits2 | other.bits2, bits3 | other.bits3);
  }

  ByteSet complement() {
    return new ByteSet(~bits0, ~bits1, ~bits2, ~bits3);
  }

  /** With both cases of each ASCII letter that is in it. */
  ByteSet folded() {
    // The cases of a letter stand 32 bits apart in one word.
    long letters = 0x07FFFFFE_07FFFFFEL;
    long swapped = Long.rotateLeft(bits1 & letters, 32);
    return new ByteSet(bits0, bits1 | swapped, bits2, bits3);
  }

  boolean isFolded() {
    return folded().bits1 == bits1;
  }

  int size() {
    return Long.bitCount(bits0)
        + Long.bitCount(bits1)
        + Long.bitCount(bits2)
        + Long.bitCount(bits3);
  }

  /** The least byte that is not less, or 256. */
  int next(int from) {
    for (int c = from; c < 256; c = (c | 63) + 1) {
      long rest = word(c) >>> c;
      if (rest != 0) {
        return c + Long.numberOfTrailingZeros(rest);
      }
    }
    return Math.max(from, 256);
  }
}
