package io.github.ingress4j.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SEC-49: untrusted text is escaped for its medium, one event is one line. */
class PrintableTextTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "plain, plain",
        "é, é",
        "日本, 日本",
        "`a\nb`, `a\\nb`",
        "`a\r\nb`, `a\\r\\nb`",
        "`a\tb`, `a\\tb`",
        "`a\\nb`, `a\\\\nb`",
        "`\u0000`, `\\u0000`",
        "`\u001b[31m`, `\\u001b[31m`",
        "`\u007f`, `\\u007f`",
        "`\u0085`, `\\u0085`",
        "`\u2028`, `\\u2028`",
        "`\u202e`, `\\u202e`",
        "`\u200b`, `\\u200b`",
        "`\ufeff`, `\\ufeff`",
        "`\ud800`, `\\ud800`",
        "`\udb40\udc41`, `\\udb40\\udc41`",
      })
  void escapesWhatCannotBeSeen(String text, String expected) {
    assertThat(PrintableText.escape(text)).isEqualTo(expected);
  }

  @Test
  void returnsTheSameTextIfNothingHasToChange() {
    String text = "k8s/shop.yaml";

    assertThat(PrintableText.escape(text)).isSameAs(text);
  }

  @Test
  void cutsLongTexts() {
    String text = "x".repeat(PrintableText.LIMIT + 1);

    assertThat(PrintableText.escape(text)).isEqualTo("x".repeat(PrintableText.LIMIT) + "…");
    assertThat(PrintableText.escape("abcdef", 3)).isEqualTo("abc…");
  }

  @Test
  void doesNotCutACharacterInHalf() {
    assertThat(PrintableText.escape("ab\ud83d\ude00cd", 3)).isEqualTo("ab…");
  }

  @Test
  void quotes() {
    assertThat(PrintableText.quote("a\"b\n")).isEqualTo("\"a\\\"b\\n\"");
  }

  @Property
  void neverHoldsAControlCharacterAndKeepsTheBound(@ForAll String text) {
    String printed = PrintableText.quote(text);

    assertThat(printed.chars().noneMatch(Character::isISOControl)).isTrue();
    assertThat(printed.length()).isLessThanOrEqualTo(PrintableText.LIMIT * 6 + 3);
  }
}
