package io.github.ingress4j.analysis.rule;

import org.jspecify.annotations.Nullable;

/** The groups of a path's expression, and where a rewrite target uses them. */
final class Captures {

  private Captures() {}

  /** Whether a target uses a group by its number, or by a name that the expression gives one. */
  static boolean isAnyUsed(String target, String pattern) {
    for (int group = 1; group <= 9; group++) {
      if (indexOf(target, group) >= 0 && from(pattern, group) != null) {
        return true;
      }
    }
    for (int i = pattern.indexOf("(?"); i >= 0; i = pattern.indexOf("(?", i + 2)) {
      String name = name(pattern, i);
      if (!name.isEmpty() && PathText.hasVariable(target, name)) {
        return true;
      }
    }
    return false;
  }

  /** Where a target uses a group by its number; negative if nowhere. */
  static int indexOf(String target, int group) {
    int plain = target.indexOf("$" + group);
    return plain >= 0 ? plain : target.indexOf("${" + group + "}");
  }

  /** The number of the group that begins with a parenthesis; 0 if it has none. */
  static int numberAt(String pattern, int open) {
    int number = 0;
    boolean isClass = false;
    for (int i = 0; i <= open; i++) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        i++;
      } else if (isClass) {
        isClass = c != ']';
      } else if (c == '[') {
        isClass = true;
        // A bracket that comes first is one of the characters.
        i += i + 1 < pattern.length() && pattern.charAt(i + 1) == ']' ? 1 : 0;
      } else if (c == '(' && isCounted(pattern, i)) {
        number++;
        if (i == open) {
          return number;
        }
      }
    }
    return 0;
  }

  /** The expression from the parenthesis of a numbered group on, or {@code null} without one. */
  static @Nullable String from(String pattern, int group) {
    for (int open = pattern.indexOf('('); open >= 0; open = pattern.indexOf('(', open + 1)) {
      if (numberAt(pattern, open) == group) {
        return pattern.substring(open);
      }
    }
    return null;
  }

  /**
   * Returns a target for an expression with {@code (/|$)} put before a group: numbers from there on
   * grow by one, and a slash comes before the group. {@code null} if there are no more numbers.
   */
  static @Nullable String shifted(String target, int group) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      int digit = c == '$' ? i + 1 : -1;
      digit += digit > 0 && digit < target.length() && target.charAt(digit) == '{' ? 1 : 0;
      boolean isNumber =
          digit > 0
              && digit < target.length()
              && target.charAt(digit) >= '1'
              && target.charAt(digit) <= '9';
      int number = isNumber ? target.charAt(digit) - '0' : 0;
      if (number < group || number == 0) {
        out.append(c);
        continue;
      }
      if (number == 9) {
        return null;
      }
      if (number == group && (out.length() == 0 || out.charAt(out.length() - 1) != '/')) {
        out.append('/');
      }
      out.append(target, i, digit).append(number + 1);
      i = digit;
    }
    return out.toString();
  }

  /** Whether a parenthesis begins a group with a number: a plain one, or one with a name. */
  private static boolean isCounted(String pattern, int open) {
    return (!pattern.startsWith("(?", open) && !pattern.startsWith("(*", open))
        || !name(pattern, open).isEmpty();
  }

  /** The name of the group that begins with a parenthesis; empty if it has none. */
  private static String name(String pattern, int open) {
    int start =
        pattern.startsWith("(?P<", open)
            ? open + 4
            : pattern.startsWith("(?<", open) || pattern.startsWith("(?'", open) ? open + 3 : -1;
    if (start < 0) {
      return "";
    }
    int end = start;
    while (end < pattern.length()
        && (PathText.isLetterOrDigit(pattern.charAt(end)) || pattern.charAt(end) == '_')) {
      end++;
    }
    return end < pattern.length() && (pattern.charAt(end) == '>' || pattern.charAt(end) == '\'')
        ? pattern.substring(start, end)
        : "";
  }
}
