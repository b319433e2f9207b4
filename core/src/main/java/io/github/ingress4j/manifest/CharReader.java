package io.github.ingress4j.manifest;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * What the YAML scanner reads from: a part of a text that is already in memory.
 *
 * <p>The library's own reader copies what it has not yet passed each time it fetches a kilobyte, so
 * one long word costs time in the square of its length. This one copies nothing, and the index of
 * its marks is the offset in the whole text. It hands out {@code char} values, not code points;
 * every character that YAML gives a meaning is one {@code char}.
 */
final class CharReader extends StreamReader {

  private static final int[] NO_SNIPPET = {};

  private final char[] text;
  private final int from;
  private final int to;
  private final int longestWord;
  private int at;
  private int line;
  private int column;
  private int documentStart;

  CharReader(char[] text, int from, int to, int longestWord) {
    super("");
    this.text = text;
    this.from = from;
    this.to = to;
    this.longestWord = longestWord;
    this.at = from;
    this.documentStart = from;
  }

  @Override
  public Mark getMark() {
    return new Mark("", at, line, column, NO_SNIPPET, 0);
  }

  @Override
  public void forward() {
    forward(1);
  }

  @Override
  public void forward(int length) {
    for (int i = 0; i < length && at < to; i++) {
      char c = text[at++];
      if (c >= ' ' && c < '\u0085') {
        column++;
      } else if (c == '\n'
          || c == '\u0085'
          || c == '\u2028'
          || c == '\u2029'
          || (c == '\r' && !(at < to && text[at] == '\n'))) {
        line++;
        column = 0;
      } else if (c != '\uFEFF') {
        column++;
      }
    }
  }

  @Override
  public int peek() {
    return at < to ? text[at] : '\0';
  }

  @Override
  public int peek(int index) {
    if (index > longestWord) {
      throw new WordTooLongException();
    }
    int where = at + index;
    return where < to ? text[where] : '\0';
  }

  @Override
  public String prefix(int length) {
    return new String(text, at, Math.min(to - at, length));
  }

  @Override
  public String prefixForward(int length) {
    // The scanner asks for words without line breaks only.
    String prefix = prefix(length);
    at += prefix.length();
    column += length;
    return prefix;
  }

  @Override
  public int getColumn() {
    return column;
  }

  @Override
  public int getIndex() {
    return at - from;
  }

  @Override
  public int getLine() {
    return line;
  }

  @Override
  public int getDocumentIndex() {
    return at - documentStart;
  }

  @Override
  public void resetDocumentIndex() {
    documentStart = at;
  }

  int offset() {
    return at;
  }

  /** A scalar is longer than allowed. */
  static final class WordTooLongException extends YAMLException {
    private static final long serialVersionUID = 1L;

    WordTooLongException() {
      super("too long");
    }
  }
}
