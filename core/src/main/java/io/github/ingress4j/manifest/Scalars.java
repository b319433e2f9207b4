package io.github.ingress4j.manifest;

import io.github.ingress4j.manifest.Node.Kind;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted scalar is, as {@code kubectl} decides it: by the rules of YAML 1.1 without
 * base-60 numbers and time stamps.
 *
 * <p>Stateless and thread-safe. Work is linear in the length; no number is ever computed from more
 * than {@value #LONGEST} characters.
 */
final class Scalars {

  /** The characters of the longest text that is read as a number. */
  static final int LONGEST = 400;

  private Scalars() {}

  /** Returns what a plain scalar is. */
  static Kind kindOf(String text) {
    if (text.isEmpty()) {
      return Kind.NULL;
    }
    char first = text.charAt(0);
    if ((first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.') {
      return numberKind(text);
    }
    return switch (text) {
      case "~", "null", "Null", "NULL" -> Kind.NULL;
      case "y", "Y", "yes", "Yes", "YES" -> Kind.BOOLEAN;
      case "true", "True", "TRUE", "on", "On", "ON" -> Kind.BOOLEAN;
      case "n", "N", "no", "No", "NO" -> Kind.BOOLEAN;
      case "false", "False", "FALSE", "off", "Off", "OFF" -> Kind.BOOLEAN;
      default -> Kind.STRING;
    };
  }

  /** Returns the value of a text of kind {@code BOOLEAN}. */
  static boolean booleanOf(String text) {
    return switch (text.charAt(0)) {
      case 'y', 'Y', 't', 'T' -> true;
      case 'o', 'O' -> text.length() == 2;
      default -> false;
    };
  }

  /** Returns whether the text is one that YAML has for what is no number or for infinity. */
  static boolean isUnrepresentable(String text) {
    return switch (text) {
      case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF" -> true;
      case "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF" -> true;
      default -> false;
    };
  }

  private static Kind numberKind(String text) {
    if (isUnrepresentable(text)) {
      return Kind.DECIMAL;
    }
    if (text.charAt(0) == '.') {
      // A number that begins with a dot may have underscores between digits only.
      return isDecimal(text, true) ? decimalKind(text) : Kind.STRING;
    }
    int sign = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    int radix = radixOf(text, sign);
    if (radix != 10) {
      // A leading zero alone means octal; what is not octal may still be a decimal number.
      Kind kind = integerKind(text, prefixEnd(text, sign), radix);
      return kind == Kind.STRING && isDecimal(text, false) ? decimalKind(text) : kind;
    }
    return isDecimal(text, false) ? decimalKind(text) : Kind.STRING;
  }

  /** Skips underscores; returns {@code text.length()} if nothing else follows. */
  private static int skip(String text, int at) {
    int i = at;
    while (i < text.length() && text.charAt(i) == '_') {
      i++;
    }
    return i;
  }

  private static int radixOf(String text, int sign) {
    int zero = skip(text, sign);
    if (zero >= text.length() || text.charAt(zero) != '0') {
      return 10;
    }
    int letter = skip(text, zero + 1);
    if (letter >= text.length()) {
      return 10;
    }
    return switch (text.charAt(letter)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 8;
    };
  }

  private static int prefixEnd(String text, int sign) {
    int letter = skip(text, skip(text, sign) + 1);
    return Character.isDigit(text.charAt(letter)) || "xXoObB".indexOf(text.charAt(letter)) < 0
        ? letter
        : letter + 1;
  }

  private static Kind integerKind(String text, int from, int radix) {
    int digits = 0;
    boolean isLeading = true;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        continue;
      }
      if (c >= 0x80 || Character.digit(c, radix) < 0) {
        return Kind.STRING;
      }
      isLeading &= c == '0';
      digits += isLeading ? 0 : 1;
    }
    int bits = radix == 16 ? 4 : radix == 8 ? 3 : 1;
    boolean isEmpty = from >= text.length() || skip(text, from) >= text.length();
    if (isEmpty || digits * (long) bits > 66) {
      return Kind.STRING;
    }
    BigInteger value = wide(text, from, radix);
    // Only a number without a sign may use the whole 64 bits.
    boolean hasSign = text.charAt(0) == '+' || text.charAt(0) == '-';
    int room = value.bitLength();
    boolean isSmallest = text.charAt(0) == '-' && room == 64 && value.getLowestSetBit() == 63;
    return room <= 63 || (room == 64 && !hasSign) || isSmallest ? Kind.INTEGER : Kind.STRING;
  }

  private static BigInteger wide(String text, int from, int radix) {
    StringBuilder digits = new StringBuilder("0");
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '_' && (c != '0' || digits.length() > 1)) {
        digits.append(c);
      }
    }
    return new BigInteger(digits.toString(), radix);
  }

  /** Matches {@code [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?}, underscores left out. */
  private static boolean isDecimal(String text, boolean isStrict) {
    int length = text.length();
    int i = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    int before = 0;
    int after = 0;
    boolean hasDot = false;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        if (hasDot) {
          after++;
        } else {
          before++;
        }
      } else if (c == '_') {
        if (isStrict && !isBetweenDigits(text, i)) {
          return false;
        }
      } else if (c == '.' && !hasDot) {
        hasDot = true;
      } else {
        break;
      }
    }
    if (before + after == 0) {
      return false;
    }
    i = isStrict ? i : skip(text, i);
    if (i == length) {
      return true;
    }
    if (text.charAt(i) != 'e' && text.charAt(i) != 'E') {
      return false;
    }
    i = isStrict ? i + 1 : skip(text, i + 1);
    if (i < length && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
      i++;
    }
    int exponent = 0;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        exponent++;
      } else if (c != '_' || (isStrict && !isBetweenDigits(text, i))) {
        return false;
      }
    }
    return exponent > 0;
  }

  private static boolean isBetweenDigits(String text, int at) {
    return at > 0
        && at + 1 < text.length()
        && text.charAt(at - 1) >= '0'
        && text.charAt(at - 1) <= '9'
        && text.charAt(at + 1) >= '0'
        && text.charAt(at + 1) <= '9';
  }

  private static Kind decimalKind(String text) {
    boolean isShort = text.length() <= 18;
    boolean isDigits = true;
    for (int i = 1; i < text.length() && isDigits; i++) {
      isDigits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (isDigits && isShort && text.charAt(0) != '.') {
      return Kind.INTEGER;
    }
    if (text.length() > LONGEST) {
      return Kind.DECIMAL;
    }
    double value = Double.parseDouble(plain(text));
    if (Double.isInfinite(value)) {
      return Kind.STRING;
    }
    // From 1e21 on the JSON that kubectl sends has an exponent and is no integer any more.
    return value == Math.rint(value) && Math.abs(value) < 1e21 ? Kind.INTEGER : Kind.DECIMAL;
  }

  private static String plain(String text) {
    return text.indexOf('_') < 0 ? text : text.replace("_", "");
  }

  /**
   * Returns the value of a text of kind {@code INTEGER}.
   *
   * @return the value, or {@code null} if 64 bits do not hold it
   */
  static @Nullable Long longOf(String text) {
    int sign = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
    try {
      int radix = text.charAt(0) == '.' ? 10 : radixOf(text, sign);
      if (radix != 10) {
        int from = prefixEnd(text, sign);
        if (integerKind(text, from, radix) == Kind.INTEGER) {
          BigInteger value = wide(text, from, radix);
          return (text.charAt(0) == '-' ? value.negate() : value).longValueExact();
        }
      }
      String plain = plain(text);
      if (plain.indexOf('.') < 0 && plain.indexOf('e') < 0 && plain.indexOf('E') < 0) {
        return Long.parseLong(plain);
      }
      double value = Double.parseDouble(plain);
      return Math.abs(value) < 0x1p63 ? (long) value : null;
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /** Returns the text that a key of kind {@code DECIMAL} becomes. */
  static String decimalKey(String text) {
    return text.length() > LONGEST ? text : Float.toString(Float.parseFloat(plain(text)));
  }
}
