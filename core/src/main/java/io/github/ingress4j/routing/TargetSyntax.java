package io.github.ingress4j.routing;

/** What both path policies see alike in a request target, and how they word its faults. */
final class TargetSyntax {

  private TargetSyntax() {}

  static Refusal withoutSlash(String raw) {
    return Refusal.malformed(
        "The request target "
            + Octets.quote(raw)
            + " does not begin with \"/\"; send a path such as /index.html.");
  }

  /** Whether the segment that begins here is neither empty nor a dot segment; the last may be. */
  static boolean beginsOrdinarySegment(String raw, int at) {
    int length = raw.length();
    if (at == length) {
      return true;
    }
    char c = raw.charAt(at);
    if (c == '.') {
      int next = at + 1 < length && raw.charAt(at + 1) == '.' ? at + 2 : at + 1;
      // A fragment ends a path as a query does, where a policy lets one pass.
      return next < length && "/?#".indexOf(raw.charAt(next)) < 0;
    }
    return c != '/';
  }

  /** Whether the character is a control or a blank, which would end a request line, or no byte. */
  static boolean isNoOctetOfATarget(char c) {
    return c <= ' ' || c == 0x7F || c > 0xFF;
  }

  static Refusal illegal(String where, String raw, char c) {
    return Refusal.malformed(
        "The "
            + where
            + Octets.quote(raw)
            + " holds "
            + Octets.describe(c)
            + ", which is not allowed in a request target; "
            + Octets.remedy(c)
            + ".");
  }

  /** Where the scheme of a URL ends, before its {@code ://}; -1 if the text begins with none. */
  static int schemeEnd(String raw) {
    int end = 0;
    while (end < raw.length() && isSchemeCharacter(raw.charAt(end), end)) {
      end++;
    }
    return end > 0 && raw.startsWith("://", end) ? end : -1;
  }

  private static boolean isSchemeCharacter(char c, int index) {
    return Octets.isLetter(c)
        || (index > 0 && (Octets.isDigit(c) || c == '+' || c == '-' || c == '.'));
  }

  static String lowerCase(String text, int end) {
    StringBuilder out = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      out.append(Octets.lower(text.charAt(i)));
    }
    return out.toString();
  }

  static Refusal tooLong(String raw, PathPolicy policy) {
    return new Refusal(
        Refusal.Kind.URI_TOO_LONG,
        "The request target "
            + Octets.quote(raw)
            + " has "
            + raw.length()
            + " characters; a "
            + (policy == PathPolicy.STRICT ? "target" : "request line")
            + " may have "
            + RequestTarget.MAX_LENGTH
            + " at most, so send long input in the body of a request.");
  }
}
