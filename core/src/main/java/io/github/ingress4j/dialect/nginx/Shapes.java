package io.github.ingress4j.dialect.nginx;

import java.util.List;

/**
 * Values with more shape than a set of characters. Each test reads its text once from left to
 * right; the regular expressions of the controller are their oracle in the tests.
 *
 * <p>Source: ingress-nginx v1.15.1, the validator of each annotation.
 */
final class Shapes {

  /** The failures after which another endpoint is tried. */
  static final List<String> NEXT_UPSTREAM =
      List.of(
          "error",
          "timeout",
          "invalid_header",
          "http_500",
          "http_502",
          "http_503",
          "http_504",
          "http_403",
          "http_404",
          "http_429",
          "non_idempotent",
          "off");

  private Shapes() {}

  /** {@code \d+[bkmg]?}, in any case. */
  static boolean isSize(String text) {
    int end = text.length();
    if (end > 0 && "bkmgBKMG".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end > 0 && skipDigits(text, 0) == end;
  }

  /** Names between commas, each of the regex-safe set. */
  static boolean isListOfNames(String text) {
    for (String item : text.split(",", -1)) {
      if (!Allowed.REGEX_SAFE.test().test(item)) {
        return false;
      }
    }
    return true;
  }

  /** A DNS label as of RFC 1035. */
  static boolean isServiceName(String text) {
    if (text.isEmpty() || text.length() > 63 || !isLower(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLower(c) && !isDigit(c) && c != '-') {
        return false;
      }
    }
    return text.charAt(text.length() - 1) != '-';
  }

  /** {@code ^0|-?[1-9]\d*$}, searched, on one line. */
  static boolean isSeconds(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      return false;
    }
    if (text.startsWith("0")) {
      return true;
    }
    for (int i = text.length() - 1; i >= 0 && isDigit(text.charAt(i)); i--) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  /** {@code ((([a-z]+://)?(\*\.)?[A-Za-z0-9\-.]*(:\d+)?,?)+|\*)?}. */
  static boolean isListOfOrigins(String text) {
    if (text.equals("*")) {
      return true;
    }
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (isAlphanumeric(c) || c == '-' || c == '.' || c == ',') {
        i++;
      } else if (text.startsWith("*.", i)) {
        i += 2;
      } else if (c == ':') {
        int digits = skipDigits(text, i + 1);
        // Nothing need stand between two origins, so the last letter before it is scheme enough.
        boolean isScheme = text.startsWith("://", i) && i > 0 && isLower(text.charAt(i - 1));
        if (!isScheme && digits == i + 1) {
          return false;
        }
        i = isScheme ? i + 3 : digits;
      } else {
        return false;
      }
    }
    return true;
  }

  /** {@code ([a-z]+://(\*\.)?[A-Za-z0-9\-.]*(:\d+)?|null|\*)?}. */
  static boolean isOrigin(String text) {
    if (text.isEmpty() || text.equals("*") || text.equals("null")) {
      return true;
    }
    int i = 0;
    while (i < text.length() && isLower(text.charAt(i))) {
      i++;
    }
    if (i == 0 || !text.startsWith("://", i)) {
      return false;
    }
    i += 3;
    if (text.startsWith("*.", i)) {
      i += 2;
    }
    while (i < text.length() && isHostCharacter(text.charAt(i))) {
      i++;
    }
    return i == text.length()
        || (text.charAt(i) == ':'
            && i + 1 < text.length()
            && skipDigits(text, i + 1) == text.length());
  }

  /** {@code ([A-Za-z]+,?\s?)+}. */
  static boolean isListOfMethods(String text) {
    return isSeparated(text, false);
  }

  /** {@code (([A-Za-z0-9\-_]+|\*),?\s?)+}. */
  static boolean isListOfHeadersOrStar(String text) {
    return isSeparated(text, true);
  }

  private static boolean isSeparated(String text, boolean isHeaders) {
    // What may come next: after a letter everything, after a comma a blank or a letter, after a
    // blank and at the start a letter.
    boolean takesComma = false;
    boolean takesBlank = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetter =
          (c >= 'A' && c <= 'Z')
              || isLower(c)
              || (isHeaders && (isDigit(c) || c == '-' || c == '_' || c == '*'));
      if (isLetter) {
        takesComma = true;
        takesBlank = true;
      } else if (c == ',' && takesComma) {
        takesComma = false;
      } else if ((c == ' ' || c == '\t' || c == '\f') && takesBlank) {
        takesComma = false;
        takesBlank = false;
      } else {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** {@code ([4,5]\d{2},?)*}. */
  static boolean isListOfErrors(String text) {
    // The comma separates, and through a slip of the pen it is also a digit; so each position
    // is kept that some reading reaches.
    boolean[] reached = new boolean[text.length() + 4];
    reached[0] = true;
    for (int i = 0; i < text.length(); i++) {
      if (reached[i] && i + 2 < text.length() && "4,5".indexOf(text.charAt(i)) >= 0) {
        if (isDigit(text.charAt(i + 1)) && isDigit(text.charAt(i + 2))) {
          reached[i + 3] = true;
          if (i + 3 < text.length() && text.charAt(i + 3) == ',') {
            reached[i + 4] = true;
          }
        }
      }
    }
    return reached[text.length()];
  }

  /** {@code ((error|timeout|…)\s?)+}. */
  static boolean isListOfFailures(String text) {
    int i = 0;
    while (i < text.length()) {
      int start = i;
      for (String word : NEXT_UPSTREAM) {
        if (text.startsWith(word, start)) {
          i = start + word.length();
          break;
        }
      }
      if (i == start) {
        return false;
      }
      if (i < text.length() && " \t\f".indexOf(text.charAt(i)) >= 0) {
        i++;
      }
    }
    return !text.isEmpty();
  }

  /** {@code ([A-Za-z0-9!:+\-_]|@STRENGTH|@SECLEVEL=[0-5])*}. */
  static boolean isCipherList(String text) {
    int i = 0;
    while (i < text.length()) {
      if (CharSet.CIPHERS.contains(text.charAt(i))) {
        i++;
      } else if (text.startsWith("@STRENGTH", i)) {
        i += 9;
      } else if (text.startsWith("@SECLEVEL=", i)
          && i + 10 < text.length()
          && text.charAt(i + 10) >= '0'
          && text.charAt(i + 10) <= '5') {
        i += 11;
      } else {
        return false;
      }
    }
    return true;
  }

  /** {@code (TLSv1\.2|TLSv1\.3)*}. */
  static boolean isListOfProtocols(String text) {
    int i = 0;
    while (text.startsWith("TLSv1.2", i) || text.startsWith("TLSv1.3", i)) {
      i += 7;
    }
    return i == text.length();
  }

  /** {@code ((https?://)?[A-Za-z0-9\-.]*(:\d+)?/[A-Za-z0-9\-.]*)?}, or a named location. */
  static boolean isErrorPage(String text) {
    if (text.isEmpty()) {
      return true;
    }
    if (text.charAt(0) == '@') {
      return text.length() > 1 && CharSet.WORD.firstStranger(text.substring(1)) < 0;
    }
    int i = text.startsWith("https://") ? 8 : text.startsWith("http://") ? 7 : 0;
    i = skipHost(text, i);
    if (i < text.length() && text.charAt(i) == ':') {
      int digits = skipDigits(text, i + 1);
      if (digits == i + 1) {
        return false;
      }
      i = digits;
    }
    return i < text.length() && text.charAt(i) == '/' && skipHost(text, i + 1) == text.length();
  }

  /** {@code [code ...] time ...} for each item between commas. */
  static boolean isListOfCacheTimes(String text) {
    for (String item : ValueType.items(text)) {
      boolean hasTime = false;
      for (String word : item.split(" ", -1)) {
        boolean isCode = word.length() == 3 && skipDigits(word, 0) == 3;
        if (isCode && hasTime) {
          return false;
        }
        hasTime |= isTime(word);
      }
      if (!hasTime) {
        return false;
      }
    }
    return true;
  }

  /** Header names between commas. */
  static boolean isListOfHeaders(String text) {
    for (String item : ValueType.items(text)) {
      if (CharSet.WORD.firstStranger(item) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTime(String word) {
    int digits = skipDigits(word, 0);
    return digits > 0
        && List.of("ms", "s", "m", "h", "d", "w", "M", "y").contains(word.substring(digits));
  }

  private static int skipHost(String text, int start) {
    int i = start;
    while (i < text.length() && isHostCharacter(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int skipDigits(String text, int start) {
    int i = start;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isHostCharacter(char c) {
    return isAlphanumeric(c) || c == '-' || c == '.';
  }

  private static boolean isAlphanumeric(char c) {
    return isDigit(c) || isLower(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
