package io.github.ingress4j.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticTest {

  private static final Rule RULE =
      new Rule("path-type-missing", Severity.ERROR, "pathType is required", "networking.k8s.io/v1");

  @Test
  void printsOnOneLineWhatIsKnown() {
    Diagnostic bare = Diagnostic.of(RULE, "pathType is required");

    assertThat(bare).hasToString("error[path-type-missing]: pathType is required");
    assertThat(bare.withField("spec"))
        .hasToString("error[path-type-missing]: pathType is required (spec)");
    assertThat(
            bare.withSource(new SourceSpan("k8s/a\n.yaml", 14, 11, 4))
                .withObject("Ingress shop/web")
                .withField("spec.rules[0]"))
        .hasToString(
            "k8s/a\\n.yaml:14:11: error[path-type-missing]: pathType is required"
                + " (Ingress shop/web, spec.rules[0])");
  }

  @Test
  void keepsEveryPartThatIsNotReplaced() {
    SourceSpan span = new SourceSpan("a.yaml", 1, 2, 3);
    Diagnostic full =
        Diagnostic.of(RULE, "m")
            .withSource(span)
            .withExcerpt("line", "label")
            .withObject("Ingress a/b")
            .withField("spec")
            .withHelp("help")
            .withSeverity(Severity.WARNING);

    assertThat(full)
        .isEqualTo(
            new Diagnostic(
                RULE, Severity.WARNING, "m", span, "line", "label", "Ingress a/b", "spec", "help"));
    assertThat(full.isError()).isFalse();
    assertThat(full.withSeverity(Severity.ERROR).isError()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0,1,1", "1,0,1", "1,1,0"})
  void refusesPlacesBeforeTheFirst(int line, int column, int length) {
    assertThatThrownBy(() -> new SourceSpan("a", line, column, length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "line, column and length count from 1, but are "
                + line
                + ", "
                + column
                + " and "
                + length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "a--b", "-a", "a-", "1a", "a b", "a\n"})
  void refusesIdsThatAreNotLowerCaseWords(String id) {
    assertThatThrownBy(() -> new Rule(id, Severity.INFO, "s", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rule id " + PrintableText.quote(id) + " is not lower-case words joined by '-'");
  }

  @Test
  void refusesARuleWithoutSummary() {
    assertThatThrownBy(() -> new Rule("a", Severity.INFO, " ", ""))
        .hasMessage("rule a has no summary");
  }

  @Test
  void namesSeverities() {
    assertThat(Severity.values())
        .extracting(Severity::word)
        .containsExactly("error", "warning", "info");
  }
}
