package io.github.ingress4j.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A canonical path with its escapes decoded, and the way back.
 *
 * <table>
 *   <caption>What becomes of a path</caption>
 *   <tr><th>Path</th><th>{@link #text()}</th><th>{@link #isNormal()}</th></tr>
 *   <tr><td>{@code /a/b}</td><td>the same string</td><td>true</td></tr>
 *   <tr><td>{@code /caf%C3%A9}</td><td>{@code /cafÃ©}, one character a byte</td><td>true</td></tr>
 *   <tr><td>{@code /a%2Fb}</td><td>{@code /a/b}</td><td>true</td></tr>
 *   <tr><td>{@code /a/%2Fb}</td><td>{@code /a//b}</td><td>false</td></tr>
 *   <tr><td>{@code /a%2F..}</td><td>{@code /a/..}</td><td>false</td></tr>
 * </table>
 *
 * <p>Regular expressions are written for decoded text. What they capture is a span of it, and
 * {@link #originOf} turns its ends into a span of the path as it is forwarded, so that a capture
 * can be used without being encoded again.
 *
 * <p>Immutable and thread-safe.
 */
public final class DecodedPath {

  private final String text;

  /** Where each character of the text begins in the path, and the path's end; null if the same. */
  private final int @Nullable [] origins;

  private DecodedPath(String text, int @Nullable [] origins) {
    this.text = text;
    this.origins = origins;
  }

  /**
   * Decodes a path. A percent sign without two hex digits stays what it is.
   *
   * @param canonicalPath the path, as {@link RequestTarget#path()} returns it under {@link
   *     PathPolicy#STRICT}
   * @return the decoded path; without a percent sign no text is copied
   */
  public static DecodedPath of(String canonicalPath) {
    int length = canonicalPath.length();
    int percent = canonicalPath.indexOf('%');
    if (percent < 0) {
      return identity(canonicalPath);
    }
    StringBuilder out = new StringBuilder(length).append(canonicalPath, 0, percent);
    int[] origins = new int[length + 1];
    for (int i = 0; i < percent; i++) {
      origins[i] = i;
    }
    for (int i = percent; i < length; ) {
      origins[out.length()] = i;
      int octet = Octets.escapeAt(canonicalPath, i, length);
      out.append(octet < 0 ? canonicalPath.charAt(i) : (char) octet);
      i += octet < 0 ? 1 : 3;
    }
    origins[out.length()] = length;
    return new DecodedPath(out.toString(), origins);
  }

  /** A path that is decoded already, or that holds no escape. */
  static DecodedPath identity(String path) {
    return new DecodedPath(path, null);
  }

  /**
   * Returns the decoded path.
   *
   * @return the text; one character is one byte
   */
  public String text() {
    return text;
  }

  /**
   * Returns whether the decoded text is a path that no back end would shorten: it has no empty
   * segment but the last, no segment {@code .} or {@code ..}, and no NUL.
   *
   * @return {@code false} only if an escape stood for a slash, a dot or NUL
   */
  public boolean isNormal() {
    int segment = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '/') {
        boolean empty = i == segment && segment > 0 && i < text.length();
        if (empty || isDots(segment, i)) {
          return false;
        }
        segment = i + 1;
      } else if (text.charAt(i) == 0) {
        return false;
      }
    }
    return true;
  }

  private boolean isDots(int start, int end) {
    int length = end - start;
    return (length == 1 && text.charAt(start) == '.')
        || (length == 2 && text.charAt(start) == '.' && text.charAt(start + 1) == '.');
  }

  /**
   * Returns where a character of the text comes from.
   *
   * @param index an index into {@link #text()}, or its length
   * @return the index in the canonical path where the character, or its escape, begins; the length
   *     of the path for the length of the text
   * @throws IndexOutOfBoundsException if {@code index} is anything else
   */
  public int originOf(int index) {
    Objects.checkIndex(index, text.length() + 1);
    return origins == null ? index : origins[index];
  }

  /**
   * Returns the decoded path in quotes, for logs and debuggers.
   *
   * @return one line of printable ASCII
   */
  @Override
  public String toString() {
    return Octets.quote(text);
  }
}
