package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.PrintableText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** STYLE: tabs and wide characters do not misplace the marks. */
class ExcerptLineTest {

  @ParameterizedTest(name = "{0} at {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # excerpt         | column | length | text          | start | width
          "  path: /a"      | 3      | 4      | "  path: /a"  | 2     | 4
          path              | 1      | 1      | path          | 0     | 1
          path              | 4      | 9      | path          | 3     | 1
          path              | 5      | 1      | path          | 4     | 1
          path              | 7      | 1      | path          | 0     | 0
          \\t\\tpath        | 3      | 4      | "        path" | 8    | 4
          \\tpath           | 1      | 2      | "    path"    | 0     | 5
          漢字: x           | 4      | 1      | 漢字: x       | 5     | 1
          漢字: x           | 1      | 2      | 漢字: x       | 0     | 4
          é: x              | 4      | 1      | é: x          | 3     | 1
          a\\\\b            | 3      | 1      | a\\b          | 2     | 1
          a\\u001bb         | 3      | 1      | a\\u001bb     | 7     | 1
          a\\u001bb         | 2      | 1      | a\\u001bb     | 1     | 6
          😀x               | 3      | 1      | 😀x           | 2     | 1
          """)
  void placesTheMarksBelowTheCharacters(
      String excerpt, int column, int length, String text, int start, int width) {
    assertThat(ExcerptLine.of(excerpt, column, length))
        .isEqualTo(new ExcerptLine(text, start, width));
  }

  @Test
  void doesNotCountWhatCombinesWithTheCharacterBefore() {
    assertThat(ExcerptLine.of("e\u0301x", 3, 1)).isEqualTo(new ExcerptLine("e\u0301x", 1 + 0, 1));
  }

  @Test
  void showsAPartOfALongLine() {
    String line = "x".repeat(500) + "HERE" + "y".repeat(500);

    ExcerptLine laidOut = ExcerptLine.of(PrintableText.escape(line, line.length()), 501, 4);

    assertThat(laidOut.text()).startsWith("…xxx").endsWith("yyy…").hasSize(162);
    assertThat(laidOut.text().substring(laidOut.markStart(), laidOut.markStart() + 4))
        .isEqualTo("HERE");
    assertThat(laidOut.markWidth()).isEqualTo(4);
  }

  @Test
  void showsNoMarksForAPlaceThatTheExcerptWasCutBefore() {
    String cut = PrintableText.escape("x".repeat(300));

    assertThat(ExcerptLine.of(cut, 250, 1).markWidth()).isZero();
  }
}
