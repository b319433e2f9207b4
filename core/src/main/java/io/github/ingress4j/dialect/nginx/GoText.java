package io.github.ingress4j.dialect.nginx;

import org.jspecify.annotations.Nullable;

/**
 * Reads texts as the controller's language does.
 *
 * <p>Source: Go, packages strconv and strings.
 */
final class GoText {

  private GoText() {}

  /** Reads a boolean; {@code null} if the text is none of the twelve literals. */
  static @Nullable Boolean bool(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> Boolean.TRUE;
      case "0", "f", "F", "FALSE", "false", "False" -> Boolean.FALSE;
      default -> null;
    };
  }

  /**
   * Reads a decimal number of 64 bits.
   *
   * @return {@code null} if the text is none; a number beyond 32 bits is cut to what they hold,
   *     which no setting can tell from the number itself
   */
  static @Nullable Integer integer(String text) {
    int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    if (start == text.length()) {
      return null;
    }
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return null;
      }
    }
    try {
      return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, Long.parseLong(text)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Cuts white space off both ends. */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (start < end && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Cuts white space off both ends of every line. */
  static String trimLines(String text) {
    if (text.indexOf('\n') < 0) {
      return trim(text);
    }
    StringBuilder out = new StringBuilder(text.length());
    int start = 0;
    while (true) {
      int end = text.indexOf('\n', start);
      out.append(trim(text.substring(start, end < 0 ? text.length() : end)));
      if (end < 0) {
        return out.toString();
      }
      out.append('\n');
      start = end + 1;
    }
  }

  /** The characters that Go's unicode.IsSpace takes. */
  static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }
}
