package io.github.ingress4j.servlet;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes the few ASN.1 types that a certificate is made of; the JDK reads certificates but has no
 * public way to make one.
 *
 * <p>Stateless and thread-safe. Source: X.690, distinguished encoding rules.
 */
final class Der {

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int FIRST_YEAR_OF_FOUR_DIGITS = 2050;

  private Der() {}

  /** A type of one octet, a length, and the parts one after the other. */
  static byte[] of(int type, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(type);
    if (length < 0x80) {
      out.write(length);
    } else {
      int octets = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | octets);
      for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(0x30, parts);
  }

  static byte[] integer(BigInteger value) {
    return of(0x02, value.toByteArray());
  }

  /** Whole octets, as signatures and keys are. */
  static byte[] bitString(byte[] octets) {
    return of(0x03, new byte[1], octets);
  }

  static byte[] octetString(byte[] octets) {
    return of(0x04, octets);
  }

  static byte[] isTrue() {
    return of(0x01, new byte[] {(byte) 0xFF});
  }

  /** An identifier whose numbers are all below 2 to the power of 28. */
  static byte[] identifier(int... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(numbers[0] * 40 + numbers[1]);
    for (int i = 2; i < numbers.length; i++) {
      for (int shift = 21; shift > 0; shift -= 7) {
        if (numbers[i] >> shift != 0) {
          out.write(0x80 | (numbers[i] >> shift & 0x7F));
        }
      }
      out.write(numbers[i] & 0x7F);
    }
    return of(0x06, out.toByteArray());
  }

  /** A time with its seconds: two digits of the year until 2049, as RFC 5280 wants it. */
  static byte[] time(Instant value) {
    String text = UTC.format(value);
    return value.atOffset(ZoneOffset.UTC).getYear() < FIRST_YEAR_OF_FOUR_DIGITS
        ? of(0x17, text.substring(2).getBytes(StandardCharsets.US_ASCII))
        : of(0x18, text.getBytes(StandardCharsets.US_ASCII));
  }
}
