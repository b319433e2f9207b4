package io.github.ingress4j.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * The fields of a message as HTTP/2 has them: written as a block of bytes, and checked when they
 * come in.
 *
 * <p>Blocks are written without the compression's table, each field in full. A table would be
 * shared by the requests of all clients on a connection, so that the length of one request could
 * tell what was in another (RFC 7541, section 7.1); it would have to follow the sizes that the back
 * end sets; and it saves bytes on networks that have enough of them. Fields that are secret are
 * marked, so that nobody further on keeps them in a table either.
 *
 * <p>Stateless and thread-safe. Source: RFC 9113 section 8, RFC 7541.
 */
final class H2Fields {

  /** Says that the table of this side is empty and stays so. */
  private static final int NO_TABLE = 0x20;

  private static final int LITERAL = 0x00;
  private static final int NEVER_INDEXED = 0x10;

  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization");

  /** What has a meaning for one connection of HTTP/1 only, and makes a message malformed. */
  private static final Set<String> OF_CONNECTIONS =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  private H2Fields() {}

  /** The fields of a request, or those after its body, as they are written. */
  static final class Block {

    private final ByteArrayBuffer bytes = new ByteArrayBuffer(512);

    /**
     * Adds a field; its name is written in lower case.
     *
     * @param value one character a byte
     */
    Block add(String name, String value) {
      String lower = name.toLowerCase(Locale.ROOT);
      bytes.append(SECRET.contains(lower) ? NEVER_INDEXED : LITERAL);
      text(lower);
      text(value);
      return this;
    }

    private void text(String text) {
      int length = text.length();
      // An integer with a prefix of seven bits; the eighth would say that the text is compressed.
      if (length < 0x7F) {
        bytes.append(length);
      } else {
        bytes.append(0x7F);
        int left = length - 0x7F;
        for (; left >= 0x80; left >>>= 7) {
          bytes.append((left & 0x7F) | 0x80);
        }
        bytes.append(left);
      }
      for (int i = 0; i < length; i++) {
        bytes.append(text.charAt(i));
      }
    }

    /** Returns the bytes of the block; the first of a connection has one more in front. */
    byte[] bytes(boolean isFirst) {
      int start = isFirst ? 1 : 0;
      byte[] all = new byte[start + bytes.length()];
      if (isFirst) {
        all[0] = NO_TABLE;
      }
      System.arraycopy(bytes.array(), 0, all, start, bytes.length());
      return all;
    }
  }

  /**
   * Takes the status off the fields of an answer.
   *
   * @return the status
   * @throws ProtocolException if there is not exactly one, or another field that no answer has
   */
  static int status(List<? extends Header> fields) throws ProtocolException {
    if (fields.isEmpty() || !fields.get(0).getName().equals(":status")) {
      throw new ProtocolException("an answer without a status");
    }
    String text = Replies.value(fields.get(0));
    if (text.length() != 3 || !FrontDoor.isNumber(text)) {
      throw new ProtocolException("a status that is no number");
    }
    int status = Integer.parseInt(text);
    if (status < 100 || status > 599) {
      throw new ProtocolException("status " + status);
    }
    return status;
  }

  /**
   * Returns the fields of an answer without its status, or those after its body.
   *
   * @param skipped how many stand in front
   * @throws ProtocolException if there is one that no answer may have
   */
  static List<Header> plain(List<? extends Header> fields, int skipped) throws ProtocolException {
    List<Header> plain = new ArrayList<>(fields.size());
    for (Header field : fields.subList(skipped, fields.size())) {
      String name = field.getName();
      if (!isLowerCase(name) || OF_CONNECTIONS.contains(name)) {
        throw new ProtocolException("a field that no answer may have");
      }
      plain.add(field);
    }
    return plain;
  }

  /** Whether a name can be one of HTTP/2: those that begin with a colon have gone before. */
  private static boolean isLowerCase(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == ':' || (c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /**
   * Returns the length that an answer says its body has, -1 if it does not say it.
   *
   * @throws ProtocolException if it says it twice, or not as a number
   */
  static long length(List<Header> fields) throws ProtocolException {
    long length = -1;
    for (Header field : fields) {
      if (field.getName().equals("content-length")) {
        String value = Replies.value(field);
        if (length >= 0 || !FrontDoor.isNumber(value)) {
          throw new ProtocolException("content-length is not one number");
        }
        length = Long.parseLong(value);
      }
    }
    return length;
  }
}
