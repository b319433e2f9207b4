package io.github.ingress4j.policy;

import java.nio.charset.StandardCharsets;

/**
 * The ways in which text is written into URLs. A character is a byte (ISO-8859-1).
 *
 * <pre>
 *   "a b/é?"   strict path     a%20b/%C3%A9%3F    everything that RFC 3986 does not allow in a path
 *              nginx path      a%20b/%C3%A9%3F    NGX_ESCAPE_URI: leaves [ ] and others alone
 *              nginx argument  a%20b/%C3%A9%3F    NGX_ESCAPE_ARGS: also ampersand, + and ;
 * </pre>
 *
 * <p>Stateless and thread-safe.
 */
final class UrlText {

  private static final String HEX = "0123456789ABCDEF";

  /** What nginx escapes in every URL, besides controls, blank, and what lies above {@code ~}. */
  private static final String NEVER_LITERAL = "\"<>\\^`{|}#%?";

  private static final int MAX_ROUNDS = 4;

  private UrlText() {}

  /** The bytes of the text in UTF-8, a character each. */
  static String octets(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  /** Escapes what a strict path may not hold; percent signs are characters like others. */
  static void appendStrict(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLegal =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "/-._~!$&'()*+,;=:@".indexOf(c) >= 0;
      append(out, c, !isLegal);
    }
  }

  /** Escapes as nginx does when it makes a path for a back end. */
  static void appendNginxPath(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      append(out, c, isNeverLiteral(c));
    }
  }

  /** Escapes as nginx does when it inserts a capture into a redirect. */
  static void appendNginxArgument(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      append(out, c, isNeverLiteral(c) || c == '&' || c == '+' || c == ';');
    }
  }

  /** Escapes everything but the unreserved characters of RFC 3986. */
  static void appendComponent(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLegal =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      append(out, c, !isLegal);
    }
  }

  /** Escapes controls and what is no byte, so that the text can be sent in a header. */
  static String withoutControls(String text) {
    if (HeaderValue.isLegal(text) && text.indexOf('\t') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      append(out, c, c < 0x20 || c == 0x7F);
    }
    return out.toString();
  }

  private static boolean isNeverLiteral(char c) {
    return c <= ' ' || c >= 0x7F || NEVER_LITERAL.indexOf(c) >= 0;
  }

  private static void append(StringBuilder out, char c, boolean escaped) {
    if (c > 0xFF) {
      appendStrict(out, octets(String.valueOf(c)));
    } else if (escaped) {
      out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
    } else {
      out.append(c);
    }
  }

  /**
   * Decodes a redirect as nginx does after expanding it: up to the first question mark, written or
   * escaped, escapes of characters between {@code &} and {@code ~} become these characters.
   */
  static String unescapeRedirect(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '?') {
        break;
      }
      if (c != '%') {
        out.append(c);
        i++;
        continue;
      }
      int high = i + 1 < text.length() ? hexValue(text.charAt(i + 1)) : -1;
      if (high < 0) {
        // The percent sign goes and what follows is not looked at again.
        if (i + 1 < text.length()) {
          out.append(text.charAt(i + 1));
        }
        i += 2;
        continue;
      }
      int low = i + 2 < text.length() ? hexValue(text.charAt(i + 2)) : -1;
      if (low >= 0) {
        int octet = high << 4 | low;
        if (octet == '?') {
          out.append('?');
          i += 3;
          break;
        }
        if (octet > '%' && octet < 0x7F) {
          out.append((char) octet);
        } else {
          out.append(text, i, i + 3);
        }
      }
      i += 3;
    }
    return i < text.length() ? out.append(text, i, text.length()).toString() : out.toString();
  }

  /**
   * Whether a back end that decodes the path up to four times, drops parameters, cuts at a NUL or
   * takes a backslash for a slash could find a dot segment in it.
   */
  static boolean hidesDotSegment(String path) {
    String text = path;
    for (int round = 0; round <= MAX_ROUNDS; round++) {
      if (hasDotSegment(text)) {
        return true;
      }
      String decoded = decode(text);
      if (decoded.equals(text)) {
        return false;
      }
      text = decoded;
    }
    return false;
  }

  private static boolean hasDotSegment(String text) {
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && "/\\;\0".indexOf(text.charAt(i)) < 0) {
        continue;
      }
      int length = i - start;
      if (length >= 1 && length <= 2 && text.charAt(start) == '.' && text.charAt(i - 1) == '.') {
        return true;
      }
      // What follows a semicolon or a NUL is no segment of its own: skip to the next separator.
      while (i < text.length() && text.charAt(i) != '/' && text.charAt(i) != '\\') {
        i++;
      }
      start = i + 1;
    }
    return false;
  }

  /** Decodes whole escapes once; a percent sign that begins none stays. */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? hexValue(text.charAt(i + 1)) : -1;
      int low = high < 0 ? -1 : hexValue(text.charAt(i + 2));
      if (low < 0) {
        out.append(c);
      } else {
        out.append((char) (high << 4 | low));
        i += 2;
      }
    }
    return out.toString();
  }

  private static int hexValue(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
