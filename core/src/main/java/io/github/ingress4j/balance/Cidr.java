package io.github.ingress4j.balance;

import io.github.ingress4j.diagnostic.PrintableText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses: an address and the number of leading bits that count.
 *
 * <table>
 *   <caption>Texts and what they hold</caption>
 *   <tr><th>Text</th><th>Holds</th></tr>
 *   <tr><td>{@code 10.0.0.0/8}</td><td>{@code 10.0.0.0} to {@code 10.255.255.255}</td></tr>
 *   <tr><td>{@code 10.1.2.3}</td><td>that address only</td></tr>
 *   <tr><td>{@code fd00::/8}</td><td>all addresses that begin with these 8 bits</td></tr>
 * </table>
 *
 * <p>An IPv4 address written as IPv6 ({@code ::ffff:10.1.2.3}) counts as the IPv4 address.
 *
 * <p>Two are equal if they hold the same addresses. Immutable and thread-safe. Source: RFC 4632,
 * RFC 4291 section 2.3.
 */
public final class Cidr {

  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Parses a block or a single address.
   *
   * @param text an IPv4 or IPv6 address, with or without {@code /} and a number of bits; bits of
   *     the address beyond that number are ignored
   * @return the block
   * @throws IllegalArgumentException if {@code text} is anything else; the message quotes it
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = literal(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          PrintableText.quote(text) + " is not an IP address or a block such as 10.0.0.0/8");
    }
    int width = address.length * 8;
    int bits = slash < 0 ? width : prefixLength(text, slash + 1, width);
    if (bits < 0) {
      throw new IllegalArgumentException(
          PrintableText.quote(text) + " needs a number from 0 to " + width + " after the slash");
    }
    return new Cidr(address, bits);
  }

  /**
   * Returns whether an address lies in the block.
   *
   * @param address an IP address without brackets, zone or port
   * @return {@code false} also for a text that is no IP address
   */
  public boolean contains(String address) {
    byte[] bytes = literal(address);
    return bytes != null && contains(bytes);
  }

  /**
   * Returns whether another block lies in this one.
   *
   * @param other a block
   * @return {@code true} if each of its addresses is in this block, as of an equal one
   */
  public boolean contains(Cidr other) {
    return bits <= other.bits && contains(other.network);
  }

  /**
   * Returns whether an address lies in one of many blocks. The address is read once.
   *
   * @param blocks the blocks
   * @param address an IP address without brackets, zone or port
   * @return {@code false} also for a text that is no IP address
   */
  public static boolean anyContains(List<Cidr> blocks, String address) {
    byte[] bytes = blocks.isEmpty() ? null : literal(address);
    if (bytes == null) {
      return false;
    }
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether an address lies in the block.
   *
   * @param address the 4 or 16 bytes of the address
   * @return {@code false} also for the other family
   */
  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >>> (8 - rest) == 0;
  }

  /**
   * Returns whether a text is an IP address. Never asks a name server.
   *
   * @param text any text
   * @return {@code true} for a dotted quad and for an IPv6 address without brackets and zone
   */
  public static boolean isAddress(String text) {
    return literal(text) != null;
  }

  /**
   * Returns the bytes of an address that is written as a number. Never asks a name server.
   *
   * @param text a dotted quad or an IPv6 address without brackets
   * @return 4 or 16 bytes, or {@code null} if {@code text} is anything else
   */
  static byte @Nullable [] literal(String text) {
    if (!isDottedQuad(text) && (text.indexOf(':') < 0 || !hasOnlyIpv6Characters(text))) {
      return null;
    }
    try {
      // Both shapes are literals to InetAddress, which looks up names only; a malformed text with
      // a colon is refused by it without a look-up.
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean isDottedQuad(String text) {
    int parts = 1;
    int value = -1;
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (digits == 0) {
          return false;
        }
        parts++;
        value = -1;
        digits = 0;
      } else if (c >= '0' && c <= '9') {
        // A leading zero is octal to some readers and decimal to others.
        if (value == 0 || ++digits > 3) {
          return false;
        }
        value = Math.max(value, 0) * 10 + (c - '0');
        if (value > 255) {
          return false;
        }
      } else {
        return false;
      }
    }
    return parts == 4 && digits > 0;
  }

  private static boolean hasOnlyIpv6Characters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          c == ':'
              || c == '.'
              || (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'f')
              || (c >= 'A' && c <= 'F');
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  private static int prefixLength(String text, int start, int width) {
    int length = text.length() - start;
    if (length < 1 || length > 3) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= width ? value : -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    // Of the same length, the block that holds the other's address holds all its addresses.
    return other instanceof Cidr that && that.bits == bits && contains(that.network);
  }

  @Override
  public int hashCode() {
    int hash = 31 * network.length + bits;
    for (int i = 0; i < bits / 8; i++) {
      hash = 31 * hash + network[i];
    }
    return hash;
  }

  /**
   * Returns the block in the form it is parsed from.
   *
   * @return address, slash and number of bits
   */
  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the network has 4 or 16 bytes", e);
    }
  }
}
