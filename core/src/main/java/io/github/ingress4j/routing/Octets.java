package io.github.ingress4j.routing;

/**
 * The characters of requests: the classes of RFC 3986 and RFC 9110 as one table, and text from
 * clients made printable. A character is a byte (ISO-8859-1); what lies above U+00FF is in no
 * class.
 *
 * <p>Stateless and thread-safe.
 */
final class Octets {

  /** Of a path segment: unreserved, sub-delims, {@code :} and {@code @}. */
  private static final int PCHAR = 1;

  /** Letters, digits and {@code -._~}. */
  private static final int UNRESERVED = 2;

  /** Of a method name, RFC 9110 section 5.6.2. */
  private static final int TOKEN = 4;

  /** Letters, digits, {@code -} and {@code _}. */
  private static final int LABEL = 8;

  private static final int DIGIT = 16;
  private static final int LETTER = 32;

  private static final byte[] CLASSES = classes();
  private static final byte[] HEX_VALUES = hexValues();
  private static final String HEX_DIGITS = "0123456789ABCDEF";

  /** The characters of a text that are quoted at most. */
  private static final int QUOTE_LIMIT = 200;

  private Octets() {}

  private static byte[] classes() {
    byte[] classes = new byte[128];
    for (char c = 'a'; c <= 'z'; c++) {
      classes[c] = LETTER | LABEL | TOKEN | UNRESERVED | PCHAR;
      classes[c - 'a' + 'A'] = classes[c];
    }
    for (char c = '0'; c <= '9'; c++) {
      classes[c] = DIGIT | LABEL | TOKEN | UNRESERVED | PCHAR;
    }
    add(classes, "-._~", UNRESERVED | PCHAR);
    add(classes, "!$&'()*+,;=:@", PCHAR);
    add(classes, "!#$%&'*+-.^_`|~", TOKEN);
    add(classes, "-_", LABEL);
    return classes;
  }

  private static void add(byte[] classes, String members, int kind) {
    for (int i = 0; i < members.length(); i++) {
      classes[members.charAt(i)] |= (byte) kind;
    }
  }

  private static byte[] hexValues() {
    byte[] values = new byte[128];
    java.util.Arrays.fill(values, (byte) -1);
    for (int i = 0; i < 16; i++) {
      char digit = HEX_DIGITS.charAt(i);
      values[digit] = (byte) i;
      values[lower(digit)] = (byte) i;
    }
    return values;
  }

  private static boolean is(int c, int kind) {
    return c < 128 && (CLASSES[c] & kind) != 0;
  }

  static boolean isPchar(int c) {
    return is(c, PCHAR);
  }

  static boolean isUnreserved(int c) {
    return is(c, UNRESERVED);
  }

  static boolean isToken(int c) {
    return is(c, TOKEN);
  }

  static boolean isLabel(int c) {
    return is(c, LABEL);
  }

  static boolean isDigit(int c) {
    return is(c, DIGIT);
  }

  static boolean isLetter(int c) {
    return is(c, LETTER);
  }

  /** The value of a hex digit, or -1. */
  static int hexValue(int c) {
    return c < 128 ? HEX_VALUES[c] : -1;
  }

  /** The byte that the escape at {@code at} stands for, or -1 if no whole escape begins there. */
  static int escapeAt(CharSequence text, int at, int end) {
    if (at + 2 >= end || text.charAt(at) != '%') {
      return -1;
    }
    // Negative if either digit is -1.
    return hexValue(text.charAt(at + 1)) << 4 | hexValue(text.charAt(at + 2));
  }

  /** Appends the byte as {@code %} and two upper-case hex digits. */
  static void appendEscape(StringBuilder out, int octet) {
    out.append('%').append(HEX_DIGITS.charAt(octet >> 4)).append(HEX_DIGITS.charAt(octet & 15));
  }

  /** Lower-cases ASCII letters and nothing else, whatever the locale. */
  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
  }

  /** The text in double quotes on one line of printable ASCII, cut to a bounded length. */
  static String quote(String text) {
    int end = Math.min(text.length(), QUOTE_LIMIT);
    StringBuilder out = new StringBuilder(end + 8).append('"');
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= 0x20 && c < 0x7F) {
        out.append(c);
      } else if (c <= 0xFF) {
        out.append("\\x").append(HEX_DIGITS.charAt(c >> 4)).append(HEX_DIGITS.charAt(c & 15));
      } else {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(HEX_DIGITS.charAt(c >> shift & 15));
        }
      }
    }
    if (end < text.length()) {
      out.append("...");
    }
    return out.append('"').toString();
  }

  /** The character as a person would name it. */
  static String describe(char c) {
    return switch (c) {
      case ' ' -> "a blank";
      case '\\' -> "a backslash";
      case '"' -> "a double quote";
      default -> {
        if (c > 0x20 && c < 0x7F) {
          yield "a \"" + c + "\"";
        }
        if (c > 0xFF) {
          yield "a character above U+00FF";
        }
        yield "the byte 0x" + HEX_DIGITS.charAt(c >> 4) + HEX_DIGITS.charAt(c & 15);
      }
    };
  }

  /** What a client should do about a character that it sent raw where it is not allowed. */
  static String remedy(char c) {
    if (c < 0x20 || c == 0x7F) {
      return "leave it out";
    }
    if (c > 0x7F) {
      return "a client has to send text as percent-encoded UTF-8";
    }
    StringBuilder out = new StringBuilder("a client has to send it as ");
    appendEscape(out, c);
    return out.toString();
  }
}
