package io.github.ingress4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The formats of names in Kubernetes. Each method returns the rule that a text breaks, as the end
 * of a sentence, or {@code null} if it breaks none.
 *
 * <p>Stateless and thread-safe.
 */
final class Names {

  private static final String LABEL =
      "must be lower-case letters, digits and '-', with a letter or digit at both ends";
  private static final String SUBDOMAIN =
      "must be lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each"
          + " part";

  private Names() {}

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlphanumeric(char c) {
    return isLower(c) || isDigit(c) || (c >= 'A' && c <= 'Z');
  }

  /** Returns whether a part of a text is a DNS-1123 label of any length. */
  private static boolean isLabel(String text, int from, int to) {
    if (from >= to || text.charAt(from) == '-' || text.charAt(to - 1) == '-') {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isLower(c) && !isDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isSubdomain(String text, int from) {
    int start = from;
    while (true) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (!isLabel(text, start, end)) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      start = dot + 1;
    }
  }

  /** DNS-1123 label, at most 63 characters. */
  static @Nullable String label(String text) {
    if (text.length() > 63) {
      return "must have at most 63 characters";
    }
    return isLabel(text, 0, text.length()) ? null : LABEL;
  }

  /** DNS-1123 subdomain: labels of any length joined by dots, at most 253 characters in all. */
  static @Nullable String subdomain(String text) {
    if (text.length() > 253) {
      return "must have at most 253 characters";
    }
    return isSubdomain(text, 0) ? null : SUBDOMAIN;
  }

  /** A star, a dot, and a DNS-1123 subdomain, at most 253 characters in all. */
  static @Nullable String wildcard(String text) {
    if (text.length() > 253) {
      return "must have at most 253 characters";
    }
    return text.startsWith("*.") && isSubdomain(text, 2)
        ? null
        : "must have its star alone in front, as in *.example.com, and lower-case letters, digits,"
            + " '-' and '.' after it";
  }

  /** IANA service name, the format of port names. */
  static @Nullable String portName(String text) {
    if (text.length() > 15) {
      return "must have at most 15 characters";
    }
    boolean hasLetter = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLower(c) && !isDigit(c) && c != '-') {
        return "must be lower-case letters, digits and '-'";
      }
      hasLetter |= isLower(c);
    }
    if (!hasLetter) {
      return "must hold a letter";
    }
    if (text.startsWith("-") || text.endsWith("-") || text.contains("--")) {
      return "must not begin or end with '-' and not hold '--'";
    }
    return null;
  }

  /** {@code [prefix/]name}. */
  static @Nullable String qualified(String text) {
    int slash = text.indexOf('/');
    String name = text.substring(slash + 1);
    if (slash >= 0) {
      String prefix = text.substring(0, slash);
      String fault = prefix.isEmpty() ? "must not be empty" : subdomain(prefix);
      if (fault != null) {
        return "has a prefix that " + fault;
      }
      if (name.indexOf('/') >= 0) {
        return "must hold at most one '/'";
      }
    }
    if (name.isEmpty()) {
      return "must have a name" + (slash >= 0 ? " after its '/'" : "");
    }
    if (name.length() > 63) {
      return "must have at most 63 characters" + (slash >= 0 ? " after its '/'" : "");
    }
    return isQualifiedPart(name)
        ? null
        : "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
  }

  private static boolean isQualifiedPart(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isEnd = i == 0 || i == name.length() - 1;
      if (!isAlphanumeric(c) && (isEnd || (c != '-' && c != '_' && c != '.'))) {
        return false;
      }
    }
    return true;
  }

  /** The value of a label: empty, or like the name part of a qualified name. */
  static @Nullable String labelValue(String text) {
    if (text.length() > 63) {
      return "must have at most 63 characters";
    }
    return text.isEmpty() || isQualifiedPart(text)
        ? null
        : "must be letters, digits, '-', '_' and '.', with a letter or digit at both ends";
  }

  /** A DNS-1123 subdomain, a slash, and a path of RFC 3986. */
  static @Nullable String domainPath(String text) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      return "must be a domain, a '/' and a path, such as example.com/controller";
    }
    String fault = subdomain(text.substring(0, slash));
    if (fault != null) {
      return "has a domain that " + fault;
    }
    for (int i = slash + 1; i < text.length(); i++) {
      if (!isAlphanumeric(text.charAt(i)) && "/-._~!$&'()*+,;=:%@".indexOf(text.charAt(i)) < 0) {
        return "must hold only characters of a URL's path after its '/'";
      }
    }
    return null;
  }

  /** The segment of a path that a kind or the name of a resource becomes. */
  static @Nullable String pathSegment(String text) {
    if (text.equals(".") || text.equals("..")) {
      return "must not be '.' or '..'";
    }
    return text.indexOf('/') >= 0 || text.indexOf('%') >= 0 ? "must not hold '/' or '%'" : null;
  }

  /** The key of a value in a ConfigMap or Secret. */
  static @Nullable String dataKey(String text) {
    if (text.length() > 253) {
      return "must have at most 253 characters";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return "must be letters, digits, '-', '_' and '.'";
      }
    }
    if (text.isEmpty()) {
      return "must not be empty";
    }
    return text.equals(".") || text.startsWith("..") ? "must not be '.' or begin with '..'" : null;
  }

  /** Lower-cases the ASCII letters of a text. */
  static String lowerCase(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') {
        char[] chars = text.toCharArray();
        for (int j = i; j < chars.length; j++) {
          if (chars[j] >= 'A' && chars[j] <= 'Z') {
            chars[j] = (char) (chars[j] + ('a' - 'A'));
          }
        }
        return new String(chars);
      }
    }
    return text;
  }

  /**
   * Returns the known name that is nearest to one that is not known.
   *
   * @return the name, or {@code null} if none is near
   */
  static @Nullable String nearest(String name, String... known) {
    return nearest(name, Math.max(1, name.length() / 2), known);
  }

  /** As {@link #nearest(String, String...)}, with the letters that may differ. */
  static @Nullable String nearest(String name, int limit, String... known) {
    String best = null;
    int least = Integer.MAX_VALUE;
    if (name.length() <= 64) {
      String lower = lowerCase(name);
      for (String candidate : known) {
        int distance = distance(lower, lowerCase(candidate));
        if (distance < least) {
          least = distance;
          best = candidate;
        }
      }
    }
    return least <= limit ? best : null;
  }

  /** Returns how many letters have to be added, removed or changed to make one of the other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
