package io.github.ingress4j.dialect.nginx;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which texts an annotation takes: for people, for editors and for the reader.
 *
 * <p>The reader tests the text as written, before anything is trimmed, and never an empty one: that
 * is what the controller does. No test takes more than linear time.
 *
 * <p>Source: ingress-nginx v1.15.1, annotations/parser/validators.go and the validator of each
 * annotation.
 *
 * @param text what is allowed, in words, such as {@code letters, digits and _}
 * @param pattern a regular expression, read alike by Java, ECMAScript and RE2 and quick in all of
 *     them, that matches from start to end what should be written: nothing that the controller
 *     refuses or drops, as far as a pattern can tell, and not each odd spelling that it lets pass.
 *     {@code null} if there is none
 * @param values the values there are, spelt as they should be; empty if they are too many
 * @param test whether a text passes
 * @param culprits what of a text keeps it from passing, such as characters or items of a list;
 *     empty if that cannot be told
 */
public record Allowed(
    String text,
    @Nullable String pattern,
    List<String> values,
    Predicate<String> test,
    Function<String, List<String>> culprits) {

  private static final int MOST_CULPRITS = 5;

  /** Go's literals. */
  static final Allowed BOOL =
      new Allowed(
          "1, t, T, TRUE, true, True, 0, f, F, FALSE, false or False",
          "1|t|T|TRUE|true|True|0|f|F|FALSE|false|False",
          List.of("true", "false"),
          text -> GoText.bool(text) != null);

  static final Allowed INT =
      new Allowed("a whole number", "[+-]?[0-9]+", List.of(), text -> GoText.integer(text) != null);

  /** The reader tells others apart where the controller does. */
  static final Allowed NOT_NEGATIVE = INT.described("a whole number, 0 or more").written("[0-9]+");

  /** The reader tells others apart where the controller does. */
  static final Allowed POSITIVE = INT.described("a whole number, 1 or more").written("[1-9][0-9]*");

  static final Allowed SIZE =
      new Allowed(
          "digits, with or without one of b, k, m, g",
          "[0-9]+[bkmgBKMG]?",
          List.of(),
          text -> Shapes.isSize(withoutBlanks(text)));

  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** An address with or without a number of bits; the middle of an IPv6 address is anybody's. */
  private static final String BLOCK =
      "("
          + BYTE
          + "(\\."
          + BYTE
          + "){3}(\\/(3[0-2]|[12]?[0-9]))?"
          + "|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(\\/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)";

  static final Allowed CIDRS =
      new Allowed(
          "IP addresses or blocks such as 10.0.0.0/8, separated by commas",
          BLOCK + "( ?, ?" + BLOCK + ")*",
          List.of(),
          text -> ValueType.CIDRS.parse(text) != null,
          text ->
              Arrays.stream(text.split(",", -1))
                  .filter(
                      item -> ValueType.CIDRS.parse(item) == null || GoText.trim(item).isEmpty())
                  .limit(MOST_CULPRITS)
                  .toList());

  static final Allowed ANYTHING = new Allowed("any text", null, List.of(), text -> true);

  static final Allowed ON_OFF = spelled("on", "off");

  /** The regex-safe set; blanks around it do not count. */
  static final Allowed REGEX_SAFE =
      new Allowed(
          CharSet.REGEX.toString(),
          CharSet.REGEX.toClass() + "*",
          List.of(),
          text -> CharSet.REGEX.firstStranger(GoText.trim(text)) < 0,
          text -> CharSet.REGEX.strangers(GoText.trim(text), MOST_CULPRITS));

  static final Allowed BASIC = charsAndBlanks(CharSet.BASIC);

  /** A namespace and a name; the reader tells one without a namespace apart. */
  static final Allowed REFERENCE = BASIC.written("[A-Za-z0-9\\-._~:]+\\/[A-Za-z0-9\\-._~:]+");

  /** What passes or not as a whole. */
  Allowed(String text, @Nullable String pattern, List<String> values, Predicate<String> test) {
    this(text, pattern, values, test, whole -> List.of());
  }

  /** Copies the values. */
  public Allowed {
    values = List.copyOf(values);
  }

  /** The same texts, of which only some should be written. */
  Allowed written(String narrower) {
    return new Allowed(text, narrower, values, test, culprits);
  }

  /** Only characters of the set. */
  static Allowed chars(CharSet set) {
    return new Allowed(
        set.toString(),
        set.toClass() + "*",
        List.of(),
        text -> set.firstStranger(text) < 0,
        text -> set.strangers(text, MOST_CULPRITS));
  }

  /** Only characters of the set; blanks are left out before the test. */
  static Allowed charsAndBlanks(CharSet set) {
    return new Allowed(
        set.toString(),
        set.toClass() + "*",
        List.of(),
        text -> set.firstStranger(withoutBlanks(text)) < 0,
        text -> set.strangers(withoutBlanks(text), MOST_CULPRITS));
  }

  /** One of some values, with space around it or not. */
  static Allowed oneOf(String... values) {
    List<String> list = List.of(values);
    return new Allowed(or(list), null, list, text -> list.contains(GoText.trim(text)));
  }

  /** One of some values in any case, with space around it or not. */
  static Allowed oneOfAnyCase(String... values) {
    List<String> list = List.of(values);
    return new Allowed(
        or(list) + ", in any case",
        null,
        list,
        text -> {
          String trimmed = GoText.trim(text).toLowerCase(Locale.ROOT);
          return list.stream().anyMatch(value -> value.toLowerCase(Locale.ROOT).equals(trimmed));
        });
  }

  /** One of some values; blanks anywhere are left out before the test. */
  static Allowed spelled(String... values) {
    List<String> list = List.of(values);
    return new Allowed(or(list), null, list, text -> list.contains(withoutBlanks(text)));
  }

  /** A text on one line that contains one of some words. */
  static Allowed containing(String... words) {
    List<String> list = List.of(words);
    return new Allowed(
        "text that contains " + or(list),
        null,
        list,
        text ->
            list.stream().anyMatch(withoutBlanks(text)::contains)
                && text.indexOf('\n') < 0
                && text.indexOf('\r') < 0);
  }

  /** A shape; blanks are left out before the test. */
  static Allowed shape(String text, @Nullable String pattern, Predicate<String> test) {
    return new Allowed(text, pattern, List.of(), value -> test.test(withoutBlanks(value)));
  }

  /** The same texts, described otherwise. */
  Allowed described(String words) {
    return new Allowed(words, pattern, values, test, culprits);
  }

  static String or(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  static String withoutBlanks(String text) {
    return text.indexOf(' ') < 0 ? text : text.replace(" ", "");
  }
}
