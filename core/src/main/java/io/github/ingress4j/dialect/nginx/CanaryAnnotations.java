package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Category.ROUTING;
import static io.github.ingress4j.dialect.nginx.Group.CANARY;
import static io.github.ingress4j.dialect.nginx.Scope.UPSTREAM;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Canaries. */
final class CanaryAnnotations {

  private static final Catalog CATALOG = new Catalog(ROUTING);

  static final Annotation<Boolean> ENABLED =
      CATALOG
          .bool(CANARY, "canary")
          .byDefault(false)
          .on(UPSTREAM)
          .does("makes the Ingress contribute alternative back ends only")
          .enforced();

  static final Annotation<Integer> WEIGHT =
      CATALOG
          .integer(CANARY, "canary-weight", Allowed.NOT_NEGATIVE)
          .byDefault(0)
          .on(UPSTREAM)
          .does("is the share of canary-weight-total that goes to the canary")
          .enforced();

  static final Annotation<Integer> WEIGHT_TOTAL =
      CATALOG
          .integer(CANARY, "canary-weight-total", Allowed.INT)
          .byDefault(100)
          .on(UPSTREAM)
          .does("is the whole of which canary-weight is a share; 100 and less mean 100")
          .enforced();

  static final Annotation<String> BY_HEADER =
      CATALOG
          .text(CANARY, "canary-by-header", Allowed.BASIC)
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .does("chooses the canary if this header says always, and the main one if it says never")
          .enforced();

  static final Annotation<String> BY_HEADER_VALUE =
      CATALOG
          .text(CANARY, "canary-by-header-value", Allowed.BASIC)
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .idleWithout(BY_HEADER)
          .does("is the one value of the header that chooses the canary")
          .enforced();

  static final Annotation<String> BY_HEADER_PATTERN =
      CATALOG
          .text(CANARY, "canary-by-header-pattern", Allowed.chars(CharSet.REGEX))
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .idleWithout(
              "canary-by-header, and no canary-by-header-value",
              values -> values.isGiven(BY_HEADER) && !values.isGiven(BY_HEADER_VALUE),
              values ->
                  values.isGiven(BY_HEADER_VALUE)
                      ? "beside canary-by-header-value, which alone decides"
                      : "without canary-by-header",
              values ->
                  values.isGiven(BY_HEADER_VALUE)
                      ? "remove it, or canary-by-header-value"
                      : "add canary-by-header, or remove it")
          .does("is a regular expression; the canary is chosen if it is found in the header")
          .enforced();

  static final Annotation<String> BY_COOKIE =
      CATALOG
          .text(CANARY, "canary-by-cookie", Allowed.BASIC)
          .on(UPSTREAM)
          .risk(Risk.MEDIUM)
          .does("chooses the canary if this cookie says always, and the main one if it says never")
          .enforced();

  private CanaryAnnotations() {}

  static List<Annotation<?>> all() {
    return CATALOG.toList();
  }

  /** Returns whether the annotation of a canary counts; most do not. */
  static boolean countsOnCanary(Annotation<?> annotation) {
    return switch (annotation.group()) {
      case CANARY, LOAD_BALANCING, UPSTREAM_HASH_BY, SERVICE_UPSTREAM -> true;
      default -> annotation == AffinityAnnotations.CANARY_BEHAVIOR;
    };
  }

  /** Returns the rule of a canary that an Ingress has without being one, or {@code null}. */
  static @Nullable Annotation<?> strayRule(AnnotationValues values) {
    if (values.flag(ENABLED)) {
      return null;
    }
    Integer weight = values.given(WEIGHT);
    if (weight != null && weight > 0) {
      return WEIGHT;
    }
    for (Annotation<?> rule : List.of(BY_HEADER, BY_HEADER_VALUE, BY_COOKIE, BY_HEADER_PATTERN)) {
      if (values.isGiven(rule)) {
        return rule;
      }
    }
    return null;
  }
}
