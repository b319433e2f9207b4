package io.github.ingress4j.analysis.rule;

import java.util.Locale;

/** What the texts of paths look like. */
final class PathText {

  /** What stands for itself in a regular expression; a dot is near enough. */
  private static final String PLAIN = "/-_~.,:;=@!&'%#<>\" ";

  private PathText() {}

  /** Whether a text means nearly the same as a literal and as a regular expression. */
  static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && PLAIN.indexOf(c) < 0 && c < 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Whether an author will have meant a text as a pattern. */
  static boolean looksLikePattern(String text) {
    return text.indexOf('*') >= 0
        || text.contains("(")
        || text.contains("{")
        || text.contains("/:")
        || text.endsWith("$")
        || text.contains("[");
  }

  /** Whether a pattern has a {@code |} outside of all groups and classes. */
  static boolean hasTopLevelAlternation(String pattern) {
    int depth = 0;
    boolean isClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (isClass) {
        isClass = c != ']';
      } else if (c == '[') {
        isClass = true;
        // A bracket that comes first is one of the characters.
        i += i + 1 < pattern.length() && pattern.charAt(i + 1) == ']' ? 1 : 0;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == '|' && depth == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where a pattern has a {@code ^} that something of its branch comes before; negative if nowhere.
   */
  static int caretInside(String pattern) {
    boolean isClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (isClass) {
        isClass = c != ']';
      } else if (c == '[') {
        isClass = true;
        // What comes first is one of the characters, or says that they are not meant.
        i += i + 1 < pattern.length() && pattern.charAt(i + 1) == '^' ? 1 : 0;
        i += i + 1 < pattern.length() && pattern.charAt(i + 1) == ']' ? 1 : 0;
      } else if (c == '^' && i > 0 && "(|:".indexOf(pattern.charAt(i - 1)) < 0) {
        return i;
      }
    }
    return -1;
  }

  /** Whether an escape such as {@code %20} is in a text. */
  static boolean hasEscape(String text) {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      if (i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text begins with a scheme for redirects. */
  static boolean isAbsolute(String target) {
    return target.startsWith("http://")
        || target.startsWith("https://")
        || target.startsWith("$scheme");
  }

  /** Whether a template asks for a variable of this name. */
  static boolean hasVariable(String template, String name) {
    for (int i = template.indexOf('$'); i >= 0; i = template.indexOf('$', i + 1)) {
      int start = i + 1;
      boolean isBraced = start < template.length() && template.charAt(start) == '{';
      start += isBraced ? 1 : 0;
      int end = start;
      while (end < template.length()
          && (isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '_')) {
        end++;
      }
      if (template.substring(start, end).equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a cookie with a Path is sent with requests for a path. RFC 6265, section 5.1.4. */
  static boolean isCovered(String path, String cookiePath) {
    return path.equals(cookiePath)
        || (path.startsWith(cookiePath)
            && (cookiePath.endsWith("/") || path.charAt(cookiePath.length()) == '/'));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
