package io.github.ingress4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * An IP address as manifests write it.
 *
 * <p>Immutable and thread-safe.
 */
final class IpAddress {

  private final byte[] bytes;
  private final boolean isStrict;

  private IpAddress(byte[] bytes, boolean isStrict) {
    this.bytes = bytes;
    this.isStrict = isStrict;
  }

  /**
   * Parses an address in any form that the API server takes for one, leading zeros included.
   *
   * @return the address, or {@code null} if the text is none
   */
  static @Nullable IpAddress parse(String text) {
    if (text.indexOf(':') < 0) {
      // Of any length: leading zeros count for nothing.
      byte[] bytes = new byte[4];
      return ipv4(text, 0, bytes, 0) ? new IpAddress(bytes, !hasLeadingZero(text, 0)) : null;
    }
    return text.length() <= 45 ? ipv6(text) : null;
  }

  private static boolean hasLeadingZero(String text, int from) {
    for (int i = from; i + 1 < text.length(); i++) {
      boolean isFirst = i == from || text.charAt(i - 1) == '.';
      if (isFirst && text.charAt(i) == '0' && text.charAt(i + 1) != '.') {
        return true;
      }
    }
    return false;
  }

  private static boolean ipv4(String text, int from, byte[] out, int at) {
    int octet = 0;
    int value = -1;
    for (int i = from; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c >= '0' && c <= '9') {
        value = Math.max(0, value) * 10 + (c - '0');
        if (value > 255) {
          return false;
        }
      } else if (c == '.' && value >= 0 && octet < 4) {
        out[at + octet++] = (byte) value;
        value = -1;
      } else {
        return false;
      }
    }
    return octet == 4;
  }

  private static @Nullable IpAddress ipv6(String text) {
    byte[] out = new byte[16];
    int filled = 0;
    int gap = -1;
    int i = 0;
    boolean isStrict = true;
    if (text.startsWith("::")) {
      gap = 0;
      i = 2;
    }
    while (i < text.length()) {
      if (filled == 16) {
        return null;
      }
      int end = i;
      int group = 0;
      while (end < text.length()
          && Character.digit(text.charAt(end), 16) >= 0
          && text.charAt(end) < 0x80) {
        group = (group << 4) | Character.digit(text.charAt(end), 16);
        end++;
        if (end - i > 4) {
          return null;
        }
      }
      if (end < text.length() && text.charAt(end) == '.') {
        if (filled > 12 || !ipv4(text, i, out, filled)) {
          return null;
        }
        isStrict = !hasLeadingZero(text, i);
        filled += 4;
        i = text.length();
        break;
      }
      if (end == i) {
        return null;
      }
      out[filled++] = (byte) (group >> 8);
      out[filled++] = (byte) group;
      i = end;
      if (i == text.length()) {
        break;
      }
      if (text.charAt(i) != ':' || i + 1 == text.length()) {
        return null;
      }
      i++;
      if (text.charAt(i) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = filled;
        i++;
      }
    }
    if (gap < 0) {
      return filled == 16 ? new IpAddress(out, isStrict) : null;
    }
    if (filled == 16) {
      return null;
    }
    byte[] bytes = new byte[16];
    System.arraycopy(out, 0, bytes, 0, gap);
    System.arraycopy(out, gap, bytes, 16 - (filled - gap), filled - gap);
    return new IpAddress(bytes, isStrict);
  }

  boolean isIpv4() {
    return bytes.length == 4;
  }

  /** Returns whether no decimal part has a leading zero, which some read as octal. */
  boolean isStrict() {
    return isStrict;
  }

  /**
   * Returns what makes the address one that no endpoint can have.
   *
   * @return such as {@code a loopback address}, or {@code null}
   */
  @Nullable String special() {
    byte[] v4 = bytes.length == 4 ? bytes : mapped();
    if (v4 != null) {
      int first = v4[0] & 0xFF;
      int second = v4[1] & 0xFF;
      if ((v4[0] | v4[1] | v4[2] | v4[3]) == 0) {
        return "the unspecified address";
      }
      if (first == 127) {
        return "a loopback address";
      }
      if (first == 169 && second == 254) {
        return "a link-local address";
      }
      return first == 224 && second == 0 && v4[2] == 0 ? "a link-local multicast address" : null;
    }
    int zeros = 0;
    while (zeros < 16 && bytes[zeros] == 0) {
      zeros++;
    }
    if (zeros == 16) {
      return "the unspecified address";
    }
    if (zeros == 15 && bytes[15] == 1) {
      return "a loopback address";
    }
    if ((bytes[0] & 0xFF) == 0xFE && (bytes[1] & 0xC0) == 0x80) {
      return "a link-local address";
    }
    return (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0x0F) == 2
        ? "a link-local multicast address"
        : null;
  }

  private byte @Nullable [] mapped() {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return null;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1
        ? new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]}
        : null;
  }
}
