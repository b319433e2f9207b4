package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx §4.3: what is closed for a pattern that cannot be compiled. */
class LiteralBeginTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          /admin[ ~ /admin
          /api(?|a|b) ~ /api
          /ab?(?|a|b) ~ /a
          /?(?|a|b) ~ /
          b?(?|a|b) ~ ""
          /a{2}(?|a|b) ~ /
          /api(?|/v1|/v2)|/x ~ ""
          /a|/b(?|a|b) ~ ""
          /a\\|b(?|a|b) ~ /a
          /a[|]b(?|a|b) ~ /a
          /a[]|]b(?|a|b) ~ /a
          /a[^]|]b(?|a|b) ~ /a
          /a[[:alpha:]|]\\K ~ /a
          /a[[:x]|/b]\\K ~ ""
          /a[(]|/x(?|a|b)[)] ~ ""
          /a\\Q(\\E|/x\\Q) ~ ""
          /a\\Q| ~ /
          /a\\E?(?|b) ~ /
          /a\\c(|/x\\c)\\K ~ ""
          /a(?#()|/x) ~ ""
          /a(?#(|/x ~ ""
          /ab(?#|)(?|a) ~ /a
          /api(|/x ~ ""
          /api)|/x( ~ ""
          /admin[|/x ~ ""
          /a(b[ ~ /a
          """)
  void isWhatEveryPathBeginsWith(String pattern, String begin) {
    assertThat(LiteralBegin.of(pattern)).isEqualTo(begin);
  }

  /** A pattern that is too long has a beginning that is not, and no half characters. */
  @Test
  void isShort() {
    assertThat(LiteralBegin.of("/" + "a".repeat(2000))).isEqualTo("/" + "a".repeat(63));
    assertThat(LiteralBegin.of("/" + "\uD83D\uDE00".repeat(1000)))
        .isEqualTo("/" + "\uD83D\uDE00".repeat(31));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(
            "/",
            "a",
            "b",
            "|",
            "(",
            ")",
            "[",
            "]",
            "^",
            "?",
            "*",
            "\\Q",
            "\\E",
            "\\|",
            "[:digit:]",
            "(?#",
            "(?i)",
            "\\c",
            "{2}")
        .list()
        .ofMaxSize(9)
        .map(parts -> "/" + String.join("", parts));
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.strings().withChars("/abA|()").ofMaxLength(6).map(text -> "/" + text);
  }

  /** Of patterns that can be compiled it is known what they take. */
  @Property(tries = 20_000)
  void everyPathThatAPatternTakesBeginsSo(
      @ForAll("patterns") String pattern, @ForAll("paths") String path) {
    PcrePattern.Result result = PcrePattern.compile(pattern, true, true);
    Assume.that(result instanceof PcrePattern.Compiled);
    PcrePattern compiled = ((PcrePattern.Compiled) result).pattern();
    String begin = LiteralBegin.of(pattern);

    if (compiled.find(path, 0, path.length(), new RegexBudget()) != null) {
      assertThat(path.toLowerCase(Locale.ROOT)).startsWith(begin);
    }
  }
}
