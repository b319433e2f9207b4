package io.github.ingress4j.servlet;

/**
 * Finds where the frames of a WebSocket end in a stream of bytes, so that a frame of one's own can
 * be put between two of them.
 *
 * <pre>
 *   first byte      second byte     then
 *   FIN opcode      MASK length     0, 2 or 8 bytes of length, 4 bytes of mask, payload
 * </pre>
 *
 * <p>Not thread-safe. Source: RFC 6455 section 5.2.
 */
final class WebSocketFrames {

  private static final int CLOSE = 8;

  /** Which byte of the head comes next; 0 is the first. */
  private int headIndex;

  /** How many bytes the head has, as far as that is known. */
  private int headLength = 2;

  /** Where the bytes of a long length end. */
  private int extendedEnd = 2;

  private long payload;
  private int opcode;
  private boolean isClosing;

  /**
   * Follows the stream to the end of the current frame.
   *
   * @param bytes holds what comes next
   * @param from the first byte of it
   * @param to the end of it
   * @return {@code to}, or the end of the frame if it comes first
   */
  int next(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (headIndex < headLength) {
        head(bytes[at] & 0xFF);
        at++;
      } else {
        int count = (int) Math.min(payload, to - at);
        payload -= count;
        at += count;
      }
      if (headIndex == headLength && payload == 0) {
        headIndex = 0;
        headLength = 2;
        isClosing |= opcode == CLOSE;
        return at;
      }
    }
    return at;
  }

  private void head(int value) {
    if (headIndex == 0) {
      opcode = value & 0xF;
    } else if (headIndex == 1) {
      int length = value & 0x7F;
      int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
      payload = extended == 0 ? length : 0;
      headLength = 2 + extended + ((value & 0x80) == 0 ? 0 : 4);
      extendedEnd = 2 + extended;
    } else if (headIndex < extendedEnd) {
      payload = (payload << 8 | value) & Long.MAX_VALUE;
    }
    headIndex++;
  }

  /** Returns whether the bytes so far end with a frame. */
  boolean isBetween() {
    return headIndex == 0;
  }

  /** Returns whether a frame went by that ends the WebSocket. */
  boolean isClosing() {
    return isClosing;
  }
}
