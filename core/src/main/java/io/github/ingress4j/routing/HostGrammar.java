package io.github.ingress4j.routing;

/** The names that rules may hold, as the API server checks them, and when two are the same. */
final class HostGrammar {

  private static final int MAX_LENGTH = 253;

  private HostGrammar() {}

  static void requireName(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("host \"\" is not a DNS-1123 subdomain: it is empty");
    }
    requireLength(text);
    requireSubdomain(text, 0);
    if (isIpv4Address(text)) {
      throw broken(text, "is an IP address, not a DNS name");
    }
  }

  static void requireWildcard(String text) {
    requireLength(text);
    if (!text.startsWith("*.") || text.indexOf('*', 1) >= 0) {
      throw broken(
          text, "has a star that is not its whole first label; write *. and a DNS-1123 subdomain");
    }
    requireSubdomain(text, 2);
  }

  static void requireLooseName(String text) {
    if (text.length() > MAX_LENGTH || !isLooseName(text, 0, text.length())) {
      throw broken(text, text.isEmpty() ? "is empty" : "is not a lower-case name");
    }
  }

  static void requireSuffix(String text) {
    if (!text.startsWith("**.") || !isLooseName(text, 3, text.length())) {
      throw broken(text, "is not **. and a lower-case name");
    }
  }

  static void requireLeading(String text) {
    if (!text.endsWith(".*") || !isLooseName(text, 0, text.length() - 2)) {
      throw broken(text, "is not a lower-case name and .*");
    }
  }

  /** Whether these are labels in lower case; aliases may hold other characters than names. */
  private static boolean isLooseName(String text, int start, int end) {
    if (end <= start || text.length() > MAX_LENGTH + 3) {
      return false;
    }
    int labelStart = start;
    for (int i = start; i <= end; i++) {
      char c = i == end ? '.' : text.charAt(i);
      if (c == '.' && i == labelStart) {
        return false;
      }
      if (c <= ' ' || c >= 0x7F || c == '*' || c == '/' || c == ':' || (c >= 'A' && c <= 'Z')) {
        return false;
      }
      labelStart = c == '.' ? i + 1 : labelStart;
    }
    return true;
  }

  /** Whether all characters are letters, digits, {@code -} or {@code _}. */
  static boolean isWord(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Octets.isLabel(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The span in lower case; the text itself if it is all of it and in lower case. */
  static String lowerCase(String text, int start, int end) {
    int i = start;
    while (i < end && (text.charAt(i) < 'A' || text.charAt(i) > 'Z')) {
      i++;
    }
    if (i == end) {
      return text.substring(start, end);
    }
    StringBuilder out = new StringBuilder(end - start).append(text, start, i);
    for (; i < end; i++) {
      out.append(Octets.lower(text.charAt(i)));
    }
    return out.toString();
  }

  private static void requireLength(String text) {
    if (text.length() > MAX_LENGTH) {
      throw broken(
          text, "has " + text.length() + " characters, and " + MAX_LENGTH + " are the limit");
    }
  }

  private static void requireSubdomain(String text, int from) {
    int labelStart = from;
    for (int i = from; i <= text.length(); i++) {
      char c = i == text.length() ? '.' : text.charAt(i);
      if (c == '.') {
        if (i == labelStart) {
          throw broken(text, "is not a DNS-1123 subdomain: a label is empty");
        }
        if (text.charAt(labelStart) == '-' || text.charAt(i - 1) == '-') {
          throw broken(text, "is not a DNS-1123 subdomain: a label begins or ends with '-'");
        }
        labelStart = i + 1;
      } else if (!isLowerAlphanumeric(c) && c != '-') {
        throw broken(
            text,
            "is not a DNS-1123 subdomain: it may hold lower-case letters, digits, '-' and '.'"
                + " only");
      }
    }
  }

  private static boolean isLowerAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** Four decimal numbers up to 255. Leading zeros count: the API server's parser takes them. */
  private static boolean isIpv4Address(String name) {
    int dots = 0;
    int number = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        dots++;
        number = 0;
      } else if (c >= '0' && c <= '9' && number <= 255) {
        number = number * 10 + (c - '0');
      } else {
        return false;
      }
      if (number > 255) {
        return false;
      }
    }
    return dots == 3;
  }

  /** Whether {@code name} from {@code from} on is the host between the positions, in any case. */
  static boolean sameName(String name, int from, String host, int start, int end) {
    if (end - start != name.length() - from) {
      return false;
    }
    for (int i = start, j = from; i < end; i++, j++) {
      char h = host.charAt(i);
      char n = name.charAt(j);
      if (h != n && (h < 'A' || h > 'Z' || h + 32 != n)) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException broken(String text, String rule) {
    return new IllegalArgumentException("host " + QuotedText.of(text) + " " + rule);
  }
}
