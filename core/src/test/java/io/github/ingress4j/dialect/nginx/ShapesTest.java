package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tests of shapes against the expressions that the controller uses. */
class ShapesTest {

  private static void agree(Predicate<String> test, String oracle, String text) {
    assertThat(test.test(text))
        .as("%s against %s", text, oracle)
        .isEqualTo(Pattern.compile(oracle).matcher(text).matches());
  }

  /** Whether a text is one item after another, or none; the expression (item)* takes for ever. */
  private static boolean isRepeated(String item, String text) {
    boolean[] isReached = new boolean[text.length() + 1];
    isReached[0] = true;
    for (int start = 0; start < text.length(); start++) {
      for (int end = start + 1; isReached[start] && end <= text.length(); end++) {
        isReached[end] |= text.substring(start, end).matches(item);
      }
    }
    return isReached[text.length()];
  }

  @Provide
  static Arbitrary<String> origins() {
    return pieces(
        "http", "capacitor", "://", "*.", "*", "a", "A", "-", ".", ":", "8", ",", "/", "_", "null");
  }

  @Property
  void originsAreThoseOfTheController(@ForAll("origins") String text) {
    assertThat(Shapes.isListOfOrigins(text))
        .as(text)
        .isEqualTo(
            text.equals("*")
                || isRepeated("([a-z]+://)?(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?,?", text));
    agree(Shapes::isOrigin, "([a-z]+://(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?|null|\\*)?", text);
  }

  @Provide
  static Arbitrary<String> words() {
    return pieces("A", "b", "1", "-", "_", "*", ",", " ", "\t", ";");
  }

  @Property
  void methodsAndHeadersAreThoseOfTheController(@ForAll("words") String text) {
    agree(Shapes::isListOfMethods, "([A-Za-z]+,?\\s?)+", text);
    agree(Shapes::isListOfHeadersOrStar, "(([A-Za-z0-9\\-_]+|\\*),?\\s?)+", text);
  }

  @Provide
  static Arbitrary<String> errors() {
    return pieces("4", "5", "0", "3", ",", "404", " ");
  }

  @Property
  void errorsAreThoseOfTheController(@ForAll("errors") String text) {
    agree(Shapes::isListOfErrors, "(?:[4,5]\\d{2},?)*", text);
  }

  @Provide
  static Arbitrary<String> failures() {
    return pieces("error", "timeout", "http_503", "http_501", "off", "non_idempotent", " ", "\t");
  }

  @Property
  void failuresAreThoseOfTheController(@ForAll("failures") String text) {
    agree(
        Shapes::isListOfFailures,
        "((error|timeout|invalid_header|http_500|http_502|http_503|http_504|http_403|http_404"
            + "|http_429|non_idempotent|off)\\s?)+",
        text);
  }

  @Provide
  static Arbitrary<String> ciphers() {
    return pieces("ALL", "!", ":", "+", "-", "_", "@STRENGTH", "@SECLEVEL=", "5", "6", "@", ";");
  }

  @Property
  void ciphersAreThoseOfTheController(@ForAll("ciphers") String text) {
    agree(
        Shapes::isCipherList,
        "(?:(?:[A-Za-z0-9!:+\\-_])*(?:@STRENGTH)*(?:@SECLEVEL=[0-5])*(?:@STRENGTH)*)*",
        text);
  }

  @Provide
  static Arbitrary<String> pages() {
    return pieces("http", "https://", "://", "a", "-", ".", ":", "8", "/", "@", "_", "@x");
  }

  @Property
  void errorPagesAreThoseOfTheController(@ForAll("pages") String text) {
    agree(
        Shapes::isErrorPage,
        "((https?://)?[A-Za-z0-9\\-.]*(:\\d+)?/[A-Za-z0-9\\-.]*)?|@[A-Za-z0-9_\\-]+",
        text);
  }

  @Provide
  static Arbitrary<String> numbers() {
    return pieces("0", "1", "7", "-", "x", " ", "\n");
  }

  @Property
  void secondsAreThoseOfTheController(@ForAll("numbers") String text) {
    boolean expected =
        Pattern.compile("^0|-?[1-9]\\d*\\z").matcher(text).find() && text.indexOf('\n') < 0;
    assertThat(Shapes.isSeconds(text)).as(text).isEqualTo(expected);
    agree(Shapes::isSize, "(?i)\\d+[bkmg]?", text);
  }

  @Property
  void protocolsAreThoseOfTheController(@ForAll("protocols") String text) {
    agree(Shapes::isListOfProtocols, "(TLSv1\\.2|TLSv1\\.3)*", text);
  }

  @Provide
  static Arbitrary<String> protocols() {
    return pieces("TLSv1.2", "TLSv1.3", "TLSv1.1", "TLS", ".3");
  }

  private static Arbitrary<String> pieces(String... pieces) {
    return Arbitraries.of(pieces).list().ofMaxSize(8).map(list -> String.join("", list));
  }

  /** ingress-nginx.md section 12: statuses, then times, for each item. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "200 202 10m, true",
    "10m, true",
    "1h 30m, true",
    "'200 5m, 401 1m', true",
    "200, false",
    "10m 200, false",
    "200 5x, false",
    "'200 5m, 401', false",
    "5ms, true",
    "m, false",
  })
  void cacheTimesFollowStatuses(String text, boolean isAllowed) {
    assertThat(Shapes.isListOfCacheTimes(text)).isEqualTo(isAllowed);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a, true",
    "a-1, true",
    "1a, false",
    "a-, false",
    "a.b, false",
    "A, false",
    "'', false",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, true",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
  })
  void serviceNamesAreLabels(String text, boolean isAllowed) {
    assertThat(Shapes.isServiceName(text)).isEqualTo(isAllowed);
  }

  /** Expressions that back-track would need for ever for the like. */
  @Test
  void longTextsAreReadOnce() {
    String methods = "A".repeat(200_000) + ";";
    assertThat(Shapes.isListOfMethods(methods)).isFalse();
    assertThat(Shapes.isListOfOrigins("a:8,".repeat(60_000) + "/")).isFalse();
    assertThat(Shapes.isListOfErrors("404,".repeat(60_000) + "x")).isFalse();
    assertThat(Shapes.isListOfFailures("error ".repeat(40_000) + "x")).isFalse();
  }

  /** The sets of ingress-nginx.md section 6, character by character. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "basic, -._~/:",
    "rewrite, -._~/:$",
    "URL, '-._~/:,?&='",
    "URL with variables, '-._~/:,?&=$ '",
    "regex, '-._~/:^$[](){}*+?|&=\\'",
    "variable, -_${}",
    "headers, '-_, '",
  })
  void setsHoldWhatTheControllerTakes(String name, String extra) {
    CharSet set =
        switch (name) {
          case "basic" -> CharSet.BASIC;
          case "rewrite" -> CharSet.REWRITE;
          case "URL" -> CharSet.URL;
          case "URL with variables" -> CharSet.URL_WITH_VARIABLES;
          case "regex" -> CharSet.REGEX;
          case "variable" -> CharSet.VARIABLE;
          default -> CharSet.HEADERS;
        };
    for (char c = 0; c < 300; c++) {
      boolean expected = c < 128 && (Character.isLetterOrDigit(c) || extra.indexOf(c) >= 0);
      assertThat(set.contains(c)).as("%s %d", name, (int) c).isEqualTo(expected);
      assertThat(String.valueOf(c).matches(set.toClass())).isEqualTo(expected);
    }
  }

  @Test
  void setsSayWhatTheyHold() {
    assertThat(CharSet.VARIABLE).hasToString("letters, digits, -, _, $, { and }");
    assertThat(CharSet.HEADERS).hasToString("letters, digits, -, _, , and blanks");
  }

  /** Go's net/url, as far as the controller asks it. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "https://a.b/c, , ",
    "http:x, , has no host",
    "HTTP://a, , ",
    "/x, is no http or https URL, has no scheme",
    "//a/b, is no http or https URL, has no scheme",
    "ftp://a, is no http or https URL, ",
    "http://a:b/, is no http or https URL, is no URL",
    "http://a:, , ",
    ":x, is no http or https URL, is no URL",
    "1x:y, is no http or https URL, is no URL",
    "a/b:c, is no http or https URL, has no scheme",
    "x, is no http or https URL, has no scheme",
    "http://a..b, , has two dots in its host",
    "http:///x, , has no host",
    "https://a?b, , ",
    "http://a b/, is no http or https URL, is no URL",
  })
  void urlsAreCutAsTheControllerCutsThem(String text, String redirect, String service) {
    assertThat(GoUrl.redirectFault(text)).isEqualTo(redirect);
    assertThat(GoUrl.serviceFault(text)).isEqualTo(service);
  }

  @ParameterizedTest(name = "\"{0}\": {1}")
  @CsvSource({
    "7, 7",
    "+7, 7",
    "-07, -7",
    "9999999999, 2147483647",
    "-9999999999, -2147483648",
    "99999999999999999999, ",
    "1_000, ",
    "0x1, ",
    "' 7', ",
    "-, ",
    "'', ",
    "٧, ",
  })
  void numbersAreDecimal(String text, Integer value) {
    assertThat(GoText.integer(text)).isEqualTo(value);
  }

  @Test
  void linesAreTrimmedOneByOne() {
    assertThat(GoText.trimLines(" a \n\tb\u00a0\n")).isEqualTo("a\nb\n");
    assertThat(GoText.trimLines("  ")).isEmpty();
    assertThat(
            List.of("\u2003", "\u0085", "\u3000", "\u2028", "\u1680", "\u202f", "\u205f", "\u2029"))
        .allMatch(space -> GoText.trim(space).isEmpty());
  }
}
