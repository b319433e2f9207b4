package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every annotation of ingress-nginx.md section 6: its group, scope, risk and class, a value that
 * can be used, and what becomes of values that cannot.
 */
class AnnotationsTest {

  /** A line of {@code nginx/annotations.txt}. */
  record Row(
      String name,
      String group,
      String scope,
      String risk,
      String category,
      String with,
      String valid,
      String value,
      String invalid,
      String onInvalid,
      String onEmpty,
      String onBlank) {

    static Row parse(String line) {
      String[] cells = Arrays.stream(line.split(" \\|", -1)).map(Row::cell).toArray(String[]::new);
      assertThat(cells).as(line).hasSize(12);
      return new Row(
          cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8],
          cells[9], cells[10], cells[11]);
    }

    /** Quotes keep blanks at the ends. */
    private static String cell(String text) {
      String trimmed = text.trim();
      return trimmed.startsWith("'") ? trimmed.substring(1, trimmed.length() - 1) : trimmed;
    }

    Annotation<?> annotation() {
      return Objects.requireNonNull(Annotations.byName(name), name);
    }

    AnnotationValues read(String text) {
      Map<String, String> annotations = new LinkedHashMap<>();
      for (String pair : with.split(" ", -1)) {
        if (!pair.isEmpty()) {
          annotations.put(
              pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
      }
      annotations.put(name, text);
      return Annotated.read(annotations);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    try (InputStream in = AnnotationsTest.class.getResourceAsStream("/nginx/annotations.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Row::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Row> rowsWithValues() {
    return rows().stream().filter(row -> !row.risk().equals("CRITICAL")).toList();
  }

  @Test
  void eachHasARowAndThereAreAsManyAsTheControllerHas() {
    assertThat(Annotations.ALL)
        .extracting(Annotation::name)
        .containsExactlyInAnyOrderElementsOf(rows().stream().map(Row::name).toList())
        .hasSize(136);
    assertThat(
            Annotations.ALL.stream()
                .collect(Collectors.groupingBy(Annotation::category, Collectors.counting())))
        .isEqualTo(
            Map.of(
                Category.ROUTING, 41L,
                Category.PROXY, 37L,
                Category.TLS, 16L,
                Category.SECURITY, 24L,
                Category.NOT_APPLICABLE, 18L));
    assertThat(Annotations.byName("whitelist-source-range"))
        .isSameAs(Annotations.byName("allowlist-source-range"));
    assertThat(Annotations.byName("limit-whitelist")).isSameAs(LimitAnnotations.ALLOWLIST);
  }

  /** One of two that were equal would be lost where annotations are collected in this order. */
  @Test
  void noTwoAreEqualInTheReadingOrder() {
    Set<Annotation<?>> sorted = new TreeSet<>(Annotations.READING_ORDER);
    sorted.addAll(Annotations.ALL);

    assertThat(sorted).containsExactlyElementsOf(Annotations.ALL);
    assertThat(Annotations.ALL)
        .isSortedAccordingTo(Comparator.<Annotation<?>, Group>comparing(Annotation::group));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isDeclaredAsTheControllerDeclaresIt(Row row) {
    Annotation<?> annotation = row.annotation();
    assertThat(annotation.group().title()).isEqualTo(row.group());
    assertThat(annotation.scope().name()).isEqualTo(row.scope());
    assertThat(annotation.risk().name()).isEqualTo(row.risk());
    assertThat(annotation.category().name()).isEqualTo(row.category());
    assertThat(annotation.purpose()).isNotBlank().doesNotEndWith(".");
    assertThat(annotation.page()).isEqualTo("annotations.md#" + row.name());
    assertThat(annotation.effect().text().isEmpty())
        .isEqualTo(annotation.effect().status() == Effect.Status.ENFORCED);
    assertThat(annotation.allowed().text()).isNotBlank();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsWithValues")
  void takesAValueThatIsAllowed(Row row) {
    AnnotationValues values = row.read(row.valid());

    assertThat(values.isDropped()).isFalse();
    assertThat(values.denied()).isNull();
    assertThat(String.valueOf(values.given(row.annotation()))).isEqualTo(row.value());
    assertThat(values.status(row.annotation())).isEqualTo(row.annotation().effect().status());
    String pattern = row.annotation().allowed().pattern();
    if (pattern != null) {
      assertThat(row.valid().trim()).matches(Pattern.compile(pattern));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsWithValues")
  void hasTheOutcomesOfTheController(Row row) {
    assertThat(outcome(row, row.invalid())).as("invalid").isEqualTo(row.onInvalid());
    assertThat(outcome(row, "")).as("empty").isEqualTo(row.onEmpty());
    assertThat(outcome(row, "  ")).as("blank").isEqualTo(row.onBlank());
  }

  private static String outcome(Row row, String text) {
    AnnotationValues values = row.read(text);
    Annotation<?> annotation = row.annotation();
    List<String> own =
        values.findings().stream()
            .filter(finding -> finding.message().contains("/" + row.name() + " "))
            .map(finding -> finding.rule().id())
            .toList();
    assertThat(own).as("every fault is reported").isNotEmpty();
    if (values.isDropped()) {
      assertThat(own).contains("annotation-drops-ingress");
      return "drop";
    }
    if (values.denied() != null) {
      assertThat(own).contains("annotation-denies-routes");
      return "503";
    }
    if (values.isGiven(annotation)) {
      return String.valueOf(values.given(annotation));
    }
    if (own.contains("annotation-voids-group")) {
      assertThat(Annotations.ALL)
          .filteredOn(other -> other.group() == annotation.group())
          .noneMatch(values::isGiven);
      return "group";
    }
    assertThat(own).containsAnyOf("annotation-defaulted", "annotation-blank");
    return "default";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void writtenDefaultsAreValuesOfTheirType(Row row) {
    Annotation<?> annotation = row.annotation();
    if (annotation.defaultValue() != null) {
      assertThat(annotation.defaultText()).isNotEmpty();
      assertThat(Annotated.read(Map.of()).<Object>get(cast(annotation)))
          .isEqualTo(annotation.defaultValue());
    }
    Setting<?> setting = annotation.defaultSetting();
    if (setting != null) {
      assertThat(annotation.defaultText()).startsWith("ConfigMap " + setting.key());
    }
  }

  @SuppressWarnings("unchecked") // Only read as an object.
  private static Annotation<Object> cast(Annotation<?> annotation) {
    return (Annotation<Object>) annotation;
  }

  @Test
  void onlyAMissingProtectionClosesRoutes() {
    Map<String, String> reasons = new HashMap<>();
    for (Row row : rowsWithValues()) {
      AnnotationValues values = row.read(row.valid());
      String closed = String.valueOf(values.closed());
      if (List.of(closed.split("; ", -1)).contains("not enforced: " + row.name())) {
        reasons.put(row.name(), closed);
        assertThat(values.findings())
            .filteredOn(finding -> finding.rule().equals(NginxRules.PROTECTION_UNAVAILABLE))
            .extracting(Diagnostic::severity)
            .containsOnly(Severity.ERROR);
      }
    }
    assertThat(reasons.keySet())
        .containsExactlyInAnyOrder("enable-modsecurity", "enable-owasp-core-rules");
    assertThat(reasons).containsEntry("enable-modsecurity", "not enforced: enable-modsecurity");
  }

  @Test
  void readAlikeInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(new Locale.Builder().setLanguage("tr").setRegion("TR").build());
      assertThat(
              Annotated.read("backend-protocol", "auto_http")
                  .text(ProxyAnnotations.BACKEND_PROTOCOL))
          .isEqualTo("AUTO_HTTP");
      assertThat(Annotated.read("limit-rate-after", "7").number(LimitAnnotations.RATE_AFTER))
          .isEqualTo(7);
    } finally {
      Locale.setDefault(before);
    }
  }
}
