package io.github.ingress4j.policy;

/**
 * The one check that every value passes before it leaves in a header field.
 *
 * <p>Stateless and thread-safe. Source: RFC 9110 section 5.5.
 */
final class HeaderValue {

  private HeaderValue() {}

  /** The index of the first character that no field may hold, or -1. */
  static int faultIn(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
        return i;
      }
    }
    return -1;
  }

  static boolean isLegal(String value) {
    return faultIn(value) < 0;
  }

  /** Throws for a value that could split a message; {@code name} is that of the field. */
  static void require(String name, String value) {
    int fault = faultIn(value);
    if (fault >= 0) {
      throw new IllegalArgumentException(
          "the value of header "
              + name
              + " holds a character that no header may hold, at index "
              + fault);
    }
  }
}
