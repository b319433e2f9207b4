package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are made to exhaust the reader: SEC-53 and SEC-54. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BombsTest {

  private static String laughs() {
    StringBuilder out = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 10; i++) {
      out.append("a").append(i).append(": &a").append(i).append(" [");
      out.append(("*a" + (i - 1) + ",").repeat(9)).append("]\n");
    }
    return out.toString();
  }

  private static String merges() {
    StringBuilder out = new StringBuilder("a0: &a0 {x: 1, y: 2}\n");
    for (int i = 1; i < 30; i++) {
      out.append(
          "a%d: &a%d {<<: [*a%d, *a%d, *a%d], k%d: 1}\n".formatted(i, i, i - 1, i - 1, i - 1, i));
    }
    return out.toString();
  }

  static Stream<Arguments> bombs() {
    int million = 1_000_000;
    return Stream.of(
        Arguments.of("billion laughs", laughs(), "alias-expansion"),
        Arguments.of("merged laughs", merges(), "alias-expansion"),
        Arguments.of(
            "scalars aliased often",
            "x: &x " + "y".repeat(100_000) + "\nl: [" + "*x,".repeat(1000) + "]",
            "too-many-aliases"),
        Arguments.of("brackets", "[".repeat(100_000), "nesting-too-deep"),
        Arguments.of(
            "closed brackets", "[".repeat(100_000) + "]".repeat(100_000), "nesting-too-deep"),
        Arguments.of("braces", "{a: ".repeat(100_000), "nesting-too-deep"),
        Arguments.of("JSON", "{\"a\":".repeat(100_000), "nesting-too-deep"),
        Arguments.of("dashes", "- ".repeat(100_000), "nesting-too-deep"),
        Arguments.of("question marks", "? ".repeat(100_000), "yaml-key"),
        Arguments.of("digits", "a: " + "7".repeat(million), "kind-missing"),
        Arguments.of("digits in JSON", "{\"a\": " + "7".repeat(million) + "}", "number-too-long"),
        Arguments.of("a word", "a: " + "y".repeat(3 * million), "scalar-too-long"),
        Arguments.of("a quoted text", "a: \"" + "y ".repeat(2 * million) + "\"", "scalar-too-long"),
        Arguments.of("a block", "a: |\n" + "  y y\n".repeat(million), "scalar-too-long"),
        Arguments.of(
            "a text in JSON", "{\"a\": \"" + "y".repeat(3 * million) + "\"}", "scalar-too-long"),
        Arguments.of("items", "a: [" + "1,".repeat(4 * million) + "]", "too-many-nodes"),
        Arguments.of("items in JSON", "[" + "1,".repeat(4 * million) + "1]", "too-many-nodes"),
        Arguments.of("documents", "---\n# x\n".repeat(million), "too-many-documents"),
        Arguments.of(
            "objects",
            "{apiVersion: v1, kind: List, items: ["
                + "{apiVersion: v, kind: X}, ".repeat(210_000)
                + "]}",
            "too-many-objects"),
        Arguments.of("bytes", "#".repeat((64 << 20) + 1), "text-too-big"),
        Arguments.of("anchors", anchors(million / 10), "kind-missing"),
        Arguments.of(
            "an anchor as long as the text", "&" + "a".repeat(3 * million), "scalar-too-long"));
  }

  private static String anchors(int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append("a").append(i).append(": &a").append(i).append(" 1\n");
    }
    return out.toString();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("bombs")
  void endsInOneFinding(String name, String text, String rule) {
    ManifestSet set = Reading.strict(text);
    assertThat(set.isEmpty()).isTrue();
    assertThat(set.diagnostics())
        .as(name)
        .filteredOn(d -> d.isError() || d.rule().id().equals(rule))
        .extracting(d -> d.rule().id())
        .containsOnly(rule)
        .hasSize(1);
  }

  @Test
  void countsTheFindingsThatItDoesNotList() {
    String text = "{apiVersion: v1, kind: Pod}\n---\n".repeat(30) + "a: [";
    ManifestSet set =
        ManifestParser.create()
            .withLimits(ManifestParser.Limits.DEFAULT.withFindings(10))
            .parse("t.yaml", text);
    assertThat(set.diagnostics()).hasSize(12);
    assertThat(set.diagnostics().get(11))
        .hasToString("info[too-many-findings]: 20 more findings are not listed");
  }

  @Test
  void staysLinearInKeysThatCollide() {
    // "Aa" and "BB" have one hash, and so has every text made of them.
    StringBuilder out =
        new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n");
    for (int i = 0; i < 1 << 15; i++) {
      out.append("  ");
      for (int bit = 0; bit < 15; bit++) {
        out.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
      }
      out.append(": x\n");
    }
    ManifestSet set = Reading.strict(out.toString());
    assertThat(set.diagnostics()).isEmpty();
    assertThat(((ConfigMap) set.objects().get(0)).data()).hasSize(1 << 15);
  }

  @Test
  void readsAnObjectOfManyFaultsInLinearTime() {
    // Each port lacks what is required and has a member that hides some of the faults below it.
    String ports = "  - {x: 1}\n".repeat(100_000);
    ManifestSet set =
        Reading.strict(Reading.object("v1", "Service", "{name: a}", "spec:\n  ports:\n" + ports));
    assertThat(set.objects()).isEmpty();
    assertThat(set.diagnostics()).hasSize(10_001);
  }

  @Test
  void looksForNearNamesOfTheFirstUnknownMembersOnly() {
    StringBuilder out = new StringBuilder("spec:\n  ports: [{port: 80}]\n");
    for (int i = 0; i < 1500; i++) {
      out.append("  sessionAffinityConfik").append(i).append(": 1\n");
    }
    ManifestSet set = Reading.strict(Reading.object("v1", "Service", "{name: a}", out.toString()));
    assertThat(set.diagnostics().get(999).help())
        .isEqualTo("did you mean `sessionAffinityConfig`?");
    assertThat(set.diagnostics().get(1000).help()).startsWith("the members here are ports, ");
  }

  @Test
  void refusesAnIngressWithTooManyRulesOrPaths() {
    String rules = "rules: [" + "{host: a}, ".repeat(10_001) + "]";
    assertThat(Reading.only(Reading.strict(Reading.ingress("{" + rules + "}"))))
        .hasToString(
            "t.yaml:4:15: error[ingress-too-big]: the Ingress has more than 10000 rules"
                + " (Ingress default/web, spec.rules)");
    String paths = "{path: /, pathType: Exact, " + Reading.BACKEND + "}, ";
    String spec = "{rules: [{http: {paths: [" + paths.repeat(20_001) + "]}}]}";
    assertThat(Reading.found(Reading.strict(Reading.ingress(spec))))
        .isEqualTo("ingress-too-big spec.rules[0].http.paths");
  }

  @Test
  void refusesLimitsThatMakeNoSense() {
    assertThatThrownBy(() -> ManifestParser.Limits.DEFAULT.withBytes(-1))
        .hasMessage("a limit must not be negative, but one is -1");
    assertThatThrownBy(() -> new ManifestParser.Limits(1, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
        .hasMessage("depth must be 8 to 500, but is 7");
    assertThatThrownBy(() -> ManifestParser.create().withNamespace("A b"))
        .hasMessage(
            "namespace \"A b\" must be lower-case letters, digits and '-', with a letter or digit at"
                + " both ends");
  }
}
