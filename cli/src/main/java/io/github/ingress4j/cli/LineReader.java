package io.github.ingress4j.cli;

import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines.
 *
 * <p>Whenever the next byte may be long in coming, what was written so far is flushed: whoever
 * sends one request and waits for its answer gets it, and a file of requests is answered without a
 * flush for each.
 */
final class LineReader {

  /** The bytes of a line that are kept; a longer line counts as read and is {@link #isCut}. */
  static final int LIMIT = 1 << 20;

  private final InputStream in;
  private final Flushable out;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int end;
  private byte[] line = new byte[1 << 10];
  private int length;
  private boolean isCut;

  LineReader(InputStream in, Flushable out) {
    this.in = in;
    this.out = out;
  }

  /** Goes to the next line, and returns whether there is one. */
  boolean next() throws IOException {
    length = 0;
    isCut = false;
    boolean isAny = false;
    while (position < end || fill()) {
      isAny = true;
      int stop = position;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      keep(position, stop);
      position = stop;
      if (stop < end) {
        position++;
        return true;
      }
    }
    return isAny;
  }

  private boolean fill() throws IOException {
    if (in.available() == 0) {
      out.flush();
    }
    position = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private void keep(int from, int to) {
    int count = Math.min(to - from, LIMIT - length);
    isCut |= count < to - from;
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.min(LIMIT, Math.max(line.length * 2, length + count)));
    }
    System.arraycopy(buffer, from, line, length, count);
    length += count;
  }

  /** Returns the array that holds the line, from its first byte. */
  byte[] bytes() {
    return line;
  }

  /** Returns the number of bytes of the line, without the line feed. */
  int length() {
    return length;
  }

  /** Returns whether the line was longer than what is kept. */
  boolean isCut() {
    return isCut;
  }

  /** Returns whether the line holds nothing but blanks. */
  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return !isCut;
  }
}
