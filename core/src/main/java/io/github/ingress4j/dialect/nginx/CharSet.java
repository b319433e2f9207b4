package io.github.ingress4j.dialect.nginx;

import java.util.List;

/**
 * The characters that a value may consist of. All sets of the controller are ASCII.
 *
 * <table>
 *   <caption>The controller's sets, beside letters and digits</caption>
 *   <tr><th>Set</th><th>Characters</th></tr>
 *   <tr><td>{@link #BASIC}</td><td>{@code - . _ ~ / :}</td></tr>
 *   <tr><td>{@link #REWRITE}</td><td>basic and {@code $}</td></tr>
 *   <tr><td>{@link #URL}</td><td>basic and {@code , ? & =}</td></tr>
 *   <tr><td>{@link #URL_WITH_VARIABLES}</td><td>URL, {@code $} and the blank</td></tr>
 *   <tr><td>{@link #REGEX}</td><td>basic and {@code ^ $ [ ] ( ) { } * + ? | & = \}</td></tr>
 *   <tr><td>{@link #VARIABLE}</td><td>{@code - _ $ { }}</td></tr>
 * </table>
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1, annotations/parser/validators.go.
 */
final class CharSet {

  static final CharSet BASIC = new CharSet("-._~/:");
  static final CharSet BASIC_AND_BLANK = BASIC.and(" ");
  static final CharSet EXTENDED = BASIC.and(", ");
  static final CharSet REWRITE = BASIC.and("$");
  static final CharSet URL = BASIC.and(",?&=");
  static final CharSet URL_AND_BLANK = URL.and(" ");
  static final CharSet URL_WITH_VARIABLES = URL.and("$ ");
  static final CharSet REGEX = BASIC.and("^$[](){}*+?|&=\\");
  static final CharSet VARIABLE = new CharSet("-_${}");
  static final CharSet HEADERS = new CharSet("-_, ");
  static final CharSet FILE_NAME = new CharSet(".-_");
  static final CharSet WORD = new CharSet("_-");
  static final CharSet CIPHERS = new CharSet("!:+-_");

  private final String extra;
  private final long low;
  private final long high;

  /** Makes the set of ASCII letters, digits and some more characters. */
  private CharSet(String extra) {
    this.extra = extra;
    long lowBits = 0;
    long highBits = 0;
    for (char c = 0; c < 128; c++) {
      boolean isAlphanumeric =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (isAlphanumeric || extra.indexOf(c) >= 0) {
        if (c < 64) {
          lowBits |= 1L << c;
        } else {
          highBits |= 1L << (c - 64);
        }
      }
    }
    low = lowBits;
    high = highBits;
  }

  private CharSet and(String more) {
    return new CharSet(extra + more);
  }

  boolean contains(char c) {
    return c < 64 ? (low >>> c & 1) != 0 : c < 128 && (high >>> (c - 64) & 1) != 0;
  }

  /** Returns the index of the first character that is not in the set, or -1. */
  int firstStranger(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!contains(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the different characters that are not in the set, in their order, at most so many. */
  List<String> strangers(String text, int most) {
    return text.codePoints()
        .filter(c -> c > 0xFFFF || !contains((char) c))
        .distinct()
        .limit(most)
        .mapToObj(Character::toString)
        .toList();
  }

  /** Returns the set as a character class that Java and ECMAScript read alike. */
  String toClass() {
    StringBuilder out = new StringBuilder("[A-Za-z0-9");
    for (int i = 0; i < extra.length(); i++) {
      char c = extra.charAt(i);
      if ("-^[]\\/".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append(']').toString();
  }

  /** Returns the set in words. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("letters, digits");
    for (int i = 0; i < extra.length(); i++) {
      out.append(i == extra.length() - 1 ? " and " : ", ");
      out.append(extra.charAt(i) == ' ' ? "blanks" : String.valueOf(extra.charAt(i)));
    }
    return out.toString();
  }
}
