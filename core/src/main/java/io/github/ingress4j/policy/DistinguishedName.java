package io.github.ingress4j.policy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the name in a certificate as nginx does, which has OpenSSL write it.
 *
 * <pre>
 *   C=US, O=Smith, Sons + CN=Ana é, serialNumber=7     as issued
 *   serialNumber=7,CN=Ana \C3\A9,O=Smith\, Sons,C=US   as written: the last part first
 * </pre>
 *
 * <p>The JDK's own writer differs: it knows fewer attributes by name, escapes equals signs and does
 * not escape what is beyond ASCII, so that patterns for the one do not fit the other.
 *
 * <p>Stateless and thread-safe. Sources: RFC 2253, RFC 5280 section 4.1.2.4, {@code
 * X509_NAME_print_ex} with {@code XN_FLAG_RFC2253}.
 */
final class DistinguishedName {

  private static final Map<String, String> SHORT_NAMES =
      Map.ofEntries(
          Map.entry("2.5.4.3", "CN"),
          Map.entry("2.5.4.4", "SN"),
          Map.entry("2.5.4.5", "serialNumber"),
          Map.entry("2.5.4.6", "C"),
          Map.entry("2.5.4.7", "L"),
          Map.entry("2.5.4.8", "ST"),
          Map.entry("2.5.4.9", "street"),
          Map.entry("2.5.4.10", "O"),
          Map.entry("2.5.4.11", "OU"),
          Map.entry("2.5.4.12", "title"),
          Map.entry("2.5.4.13", "description"),
          Map.entry("2.5.4.15", "businessCategory"),
          Map.entry("2.5.4.16", "postalAddress"),
          Map.entry("2.5.4.17", "postalCode"),
          Map.entry("2.5.4.18", "postOfficeBox"),
          Map.entry("2.5.4.20", "telephoneNumber"),
          Map.entry("2.5.4.41", "name"),
          Map.entry("2.5.4.42", "GN"),
          Map.entry("2.5.4.43", "initials"),
          Map.entry("2.5.4.44", "generationQualifier"),
          Map.entry("2.5.4.45", "x500UniqueIdentifier"),
          Map.entry("2.5.4.46", "dnQualifier"),
          Map.entry("2.5.4.65", "pseudonym"),
          Map.entry("2.5.4.72", "role"),
          Map.entry("2.5.4.97", "organizationIdentifier"),
          Map.entry("0.9.2342.19200300.100.1.1", "UID"),
          Map.entry("0.9.2342.19200300.100.1.25", "DC"),
          Map.entry("1.2.840.113549.1.9.1", "emailAddress"),
          Map.entry("1.2.840.113549.1.9.2", "unstructuredName"),
          Map.entry("1.2.840.113549.1.9.8", "unstructuredAddress"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
          Map.entry("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"));

  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final String HEX = "0123456789ABCDEF";

  private final byte[] der;
  private int at;

  private DistinguishedName(byte[] der) {
    this.der = der;
  }

  /**
   * Writes a name.
   *
   * @param der the encoding of the name, as {@code X500Principal.getEncoded} returns it
   * @return the text, in ASCII
   */
  static String write(byte[] der) {
    return new DistinguishedName(der).write();
  }

  private String write() {
    List<String> parts = new ArrayList<>();
    int end = enter();
    while (at < end) {
      StringBuilder part = new StringBuilder();
      int setEnd = enter();
      while (at < setEnd) {
        // OpenSSL reverses the whole list, those that stand beside each other too.
        part.insert(0, attribute() + (part.length() == 0 ? "" : "+"));
      }
      parts.add(0, part.toString());
    }
    return String.join(",", parts);
  }

  /** Reads tag and length of what holds more; returns where it ends. */
  private int enter() {
    at++;
    int length = length();
    return at + length;
  }

  private int length() {
    int first = der[at++] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = first & 0x7F; i > 0; i--) {
      length = length << 8 | (der[at++] & 0xFF);
    }
    return length;
  }

  private String attribute() {
    enter();
    if (der[at] != OBJECT_IDENTIFIER) {
      throw new IllegalArgumentException("the name is no sequence of attributes");
    }
    int identifierEnd = enter();
    String identifier = identifier(identifierEnd);
    int start = at;
    int tag = der[at] & 0xFF;
    int end = enter();
    Charset charset = charset(tag);
    String name = SHORT_NAMES.get(identifier);
    String value =
        name == null || charset == null
            ? "#" + HexFormat.of().withUpperCase().formatHex(der, start, end)
            : escaped(new String(der, at, end - at, charset));
    at = end;
    return (name == null ? identifier : name) + "=" + value;
  }

  private String identifier(int end) {
    StringBuilder out = new StringBuilder();
    long arc = 0;
    while (at < end) {
      arc = arc << 7 | (der[at] & 0x7F);
      if (der[at++] >= 0) {
        if (out.length() == 0) {
          long first = Math.min(arc / 40, 2);
          out.append(first).append('.').append(arc - first * 40);
        } else {
          out.append('.').append(arc);
        }
        arc = 0;
      }
    }
    return out.toString();
  }

  /** How the characters of a string type are encoded; null if it is no string type. */
  private static @Nullable Charset charset(int tag) {
    return switch (tag) {
      case 12 -> StandardCharsets.UTF_8;
      case 18, 19, 20, 22, 26 -> StandardCharsets.ISO_8859_1;
      case 28 -> Charset.forName("UTF-32BE");
      case 30 -> StandardCharsets.UTF_16BE;
      default -> null;
    };
  }

  private static String escaped(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int c = bytes[i] & 0xFF;
      boolean isOutermostBlank = c == ' ' && (i == 0 || i == bytes.length - 1);
      if (c < 0x20 || c >= 0x7F) {
        out.append('\\').append(HEX.charAt(c >>> 4)).append(HEX.charAt(c & 0xF));
      } else if (isOutermostBlank || (c == '#' && i == 0) || ",+\"\\<>;".indexOf(c) >= 0) {
        out.append('\\').append((char) c);
      } else {
        out.append((char) c);
      }
    }
    return out.toString();
  }
}
