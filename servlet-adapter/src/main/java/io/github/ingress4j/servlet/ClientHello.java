package io.github.ingress4j.servlet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a TLS connection, as far as it says whom the client wants to speak to.
 *
 * <p>Nothing is judged here: what is not a proper message has no name, and the TLS engine, which
 * reads the same bytes afterwards, refuses it.
 *
 * <p>Source: RFC 8446 sections 4.1.2 and 5.1, RFC 6066 section 3.
 *
 * @param isComplete whether all of the message has arrived
 * @param serverName the name as sent, one character a byte; {@code null} if there is none or if the
 *     message is not complete
 */
record ClientHello(boolean isComplete, @Nullable String serverName) {

  private static final ClientHello INCOMPLETE = new ClientHello(false, null);
  private static final ClientHello NAMELESS = new ClientHello(true, null);

  private static final int HANDSHAKE_RECORD = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;
  private static final int RANDOM_BYTES = 32;
  private static final int MAX_NAME = 255;

  /** Reads what has arrived on a connection; the buffer stays as it is. */
  static ClientHello read(ByteBuffer arrived) {
    ByteBuffer records = arrived.duplicate();
    ByteBuffer message = ByteBuffer.allocate(records.remaining());
    while (records.remaining() >= 5) {
      int type = records.get() & 0xFF;
      records.getShort();
      int length = records.getShort() & 0xFFFF;
      if (type != HANDSHAKE_RECORD) {
        return NAMELESS;
      }
      int present = Math.min(length, records.remaining());
      message.put(records.slice().limit(present));
      records.position(records.position() + present);
      if (isWhole(message)) {
        return new ClientHello(true, serverName(message.flip().position(4)));
      }
    }
    boolean isNoHandshake =
        message.position() == 0 && arrived.hasRemaining() && firstByte(arrived) != HANDSHAKE_RECORD;
    boolean isOther = message.position() > 0 && message.get(0) != CLIENT_HELLO;
    return isNoHandshake || isOther ? NAMELESS : INCOMPLETE;
  }

  private static int firstByte(ByteBuffer buffer) {
    return buffer.get(buffer.position()) & 0xFF;
  }

  /** Whether a message of the handshake, written up to its position, has all of its bytes. */
  private static boolean isWhole(ByteBuffer message) {
    return message.position() >= 4
        && message.position() - 4
            >= ((message.get(1) & 0xFF) << 16
                | (message.get(2) & 0xFF) << 8
                | (message.get(3) & 0xFF));
  }

  private static @Nullable String serverName(ByteBuffer hello) {
    if (hello.get(0) != CLIENT_HELLO
        || !skip(hello, 2 + RANDOM_BYTES)
        || !skip(hello, length(hello, 1))
        || !skip(hello, length(hello, 2))
        || !skip(hello, length(hello, 1))) {
      return null;
    }
    ByteBuffer extensions = part(hello, length(hello, 2));
    while (extensions != null && extensions.remaining() >= 4) {
      int type = extensions.getShort() & 0xFFFF;
      ByteBuffer extension = part(extensions, length(extensions, 2));
      if (type == SERVER_NAME) {
        return extension == null ? null : hostName(part(extension, length(extension, 2)));
      }
      if (extension == null) {
        return null;
      }
    }
    return null;
  }

  private static @Nullable String hostName(@Nullable ByteBuffer names) {
    while (names != null && names.remaining() >= 3) {
      int type = names.get() & 0xFF;
      ByteBuffer name = part(names, length(names, 2));
      if (name == null) {
        return null;
      }
      if (type == HOST_NAME) {
        return name.hasRemaining() && name.remaining() <= MAX_NAME
            ? StandardCharsets.ISO_8859_1.decode(name).toString()
            : null;
      }
    }
    return null;
  }

  /** Reads a length of one or two bytes, -1 if the message ends before. */
  private static int length(ByteBuffer buffer, int bytes) {
    if (buffer.remaining() < bytes) {
      return -1;
    }
    return bytes == 1 ? buffer.get() & 0xFF : buffer.getShort() & 0xFFFF;
  }

  private static boolean skip(ByteBuffer buffer, int length) {
    if (length < 0 || buffer.remaining() < length) {
      return false;
    }
    buffer.position(buffer.position() + length);
    return true;
  }

  /** Cuts off the next bytes, null if there are not so many. */
  private static @Nullable ByteBuffer part(ByteBuffer buffer, int length) {
    if (length < 0 || buffer.remaining() < length) {
      return null;
    }
    ByteBuffer part = buffer.slice().limit(length);
    buffer.position(buffer.position() + length);
    return part;
  }
}
