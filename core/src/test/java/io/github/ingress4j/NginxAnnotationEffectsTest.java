package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.dialect.nginx.Annotation;
import io.github.ingress4j.dialect.nginx.Annotations;
import io.github.ingress4j.dialect.nginx.Effect;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every annotation of ingress-nginx, sections 6 and 2.5: that its value changes what becomes of a
 * request, and what becomes of a value that cannot be used.
 *
 * <p>The rows are in {@link RoutingAnnotationRows}, {@link ProxyAnnotationRows}, {@link
 * AccessAnnotationRows}, {@link TransportAnnotationRows} and {@link ServerAnnotationRows}.
 */
class NginxAnnotationEffectsTest {

  static List<AnnotationRow> rows() {
    return Stream.of(
            RoutingAnnotationRows.all(),
            ProxyAnnotationRows.all(),
            AccessAnnotationRows.all(),
            TransportAnnotationRows.all(),
            ServerAnnotationRows.all())
        .flatMap(List::stream)
        .toList();
  }

  static List<AnnotationRow.Unusable> unusableValues() {
    return rows().stream().flatMap(row -> row.unusableValues().stream()).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesWhatItSays(AnnotationRow row) {
    row.prove();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusableValues")
  void hasTheOutcomeOfAValueThatCannotBeUsed(AnnotationRow.Unusable value) {
    value.prove();
  }

  @Test
  void everyAnnotationAndEveryAliasHasARow() {
    Set<String> declared = new TreeSet<>();
    for (Annotation<?> annotation : Annotations.ALL) {
      declared.add(annotation.name());
      declared.addAll(annotation.aliases());
    }

    assertThat(declared).hasSize(138);
    assertThat(rows().stream().map(AnnotationRow::name).distinct())
        .containsExactlyInAnyOrderElementsOf(declared);
    assertThat(unusableValues().stream().map(AnnotationRow.Unusable::name).distinct())
        .containsExactlyInAnyOrderElementsOf(declared);
  }

  /** What is said to be carried out is seen to be, and what is said to do nothing does nothing. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void showsWhatIsDeclared(AnnotationRow row) {
    Annotation<?> annotation = Objects.requireNonNull(Annotations.byName(row.name()));
    boolean doesNothing = annotation.effect().status() == Effect.Status.NO_EFFECT;
    // Decisions may say of a connection more than the declarations promise.
    boolean mayDoMore = row.name().equals("proxy-buffering");

    assertThat(row.hasEffect()).isEqualTo(!doesNothing || mayDoMore);
    assertThat(row.hasNone()).isEqualTo(doesNothing && !mayDoMore);
  }
}
