package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.ToIntFunction;
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

  /** What is read of an object, and how: every mapping whose keys an author chooses. */
  static Stream<Arguments> mappings() {
    return Stream.of(
        Arguments.of(
            "data of a ConfigMap",
            15,
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n",
            (ToIntFunction<ManifestObject>) object -> ((ConfigMap) object).data().size()),
        Arguments.of(
            "data of a Secret",
            15,
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n",
            (ToIntFunction<ManifestObject>) object -> ((Secret) object).keys().size()),
        Arguments.of(
            "annotations",
            13,
            """
            apiVersion: v1
            kind: Service
            spec: {ports: [{port: 80}]}
            metadata:
              name: a
              annotations:
            """,
            (ToIntFunction<ManifestObject>) object -> object.metadata().annotations().size()),
        Arguments.of(
            "labels",
            15,
            """
            apiVersion: v1
            kind: Service
            spec: {ports: [{port: 80}]}
            metadata:
              name: a
              labels:
            """,
            (ToIntFunction<ManifestObject>) object -> object.metadata().labels().size()));
  }

  /**
   * Keys of one hash cost a few times what others cost, for they are found by their order. Where
   * each is compared with all others, as {@link java.util.Map#copyOf} does, they cost more than a
   * hundred times as much.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("mappings")
  void staysLinearInKeysThatCollide(
      String name, int bits, String head, ToIntFunction<ManifestObject> size) {
    int count = 1 << bits;
    String plain = keys(head, bits, 'C');
    String colliding = keys(head, bits, 'B');
    long usual = Long.MAX_VALUE;
    long worst = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      usual = Math.min(usual, nanos(plain, size, count));
      worst = Math.min(worst, nanos(colliding, size, count));
    }

    assertThat((double) worst / usual).as(name).isLessThan(20);
  }

  /** "Aa" and "BB" have one hash, and so has every text made of them; "Aa" and "CB" have not. */
  private static String keys(String head, int bits, char second) {
    StringBuilder out = new StringBuilder(head);
    for (int i = 0; i < 1 << bits; i++) {
      out.append("    ");
      for (int bit = 0; bit < bits; bit++) {
        out.append(((i >> bit) & 1) == 0 ? "Aa" : second + "B");
      }
      out.append(": x\n");
    }
    return out.toString();
  }

  private static long nanos(String text, ToIntFunction<ManifestObject> size, int count) {
    long start = System.nanoTime();
    ManifestSet set = Reading.strict(text);
    ManifestSet again = ManifestSet.of(set.objects());
    assertThat(again.objects()).isEqualTo(set.objects());
    long end = System.nanoTime();
    assertThat(set.objects()).hasSize(1);
    assertThat(size.applyAsInt(set.objects().get(0))).isEqualTo(count);
    return end - start;
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
