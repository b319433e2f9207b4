package io.github.ingress4j.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of cookies, found in two ways.
 *
 * <p>Stateless and thread-safe.
 */
final class Cookies {

  private Cookies() {}

  /**
   * As the variable {@code $cookie_NAME} of nginx finds it: the first one, in any letter case, with
   * blanks around the equals sign.
   */
  static @Nullable String first(List<String> lines, String name) {
    for (String line : lines) {
      int length = line.length();
      int start = 0;
      while (start < length) {
        if (line.regionMatches(true, start, name, 0, name.length())) {
          int at = blanksEnd(line, start + name.length());
          if (at < length && line.charAt(at) == '=') {
            int value = blanksEnd(line, at + 1);
            int end = line.indexOf(';', value);
            return line.substring(value, end < 0 ? length : end);
          }
        }
        while (start < length && line.charAt(start) != ';' && line.charAt(start) != ',') {
          start++;
        }
        start = blanksEnd(line, start + 1);
      }
    }
    return null;
  }

  /** The last one with exactly this name, up to the first blank. */
  static @Nullable String last(List<String> lines, String name) {
    String found = null;
    for (String line : lines) {
      int length = line.length();
      int start = 0;
      while (start < length) {
        int semicolon = line.indexOf(';', start);
        int end = semicolon < 0 ? length : semicolon;
        int from = start;
        while (from < end && isBlank(line.charAt(from))) {
          from++;
        }
        int equals = from + name.length();
        if (equals < end && line.charAt(equals) == '=' && line.startsWith(name, from)) {
          int to = equals + 1;
          while (to < end && !isBlank(line.charAt(to))) {
            to++;
          }
          found = line.substring(equals + 1, to);
        }
        start = end + 1;
      }
    }
    return found;
  }

  private static int blanksEnd(String line, int start) {
    int at = start;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
