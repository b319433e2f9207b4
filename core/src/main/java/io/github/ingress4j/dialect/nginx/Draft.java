package io.github.ingress4j.dialect.nginx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A declaration in the making. The last word says what becomes of the annotation here: {@link
 * #enforced}, {@link #approximated}, {@link #withoutEffect}, {@link #refused}.
 */
final class Draft<T> {

  /** What becomes of a configuration that nginx does not load. */
  static final String REFUSED =
      "nginx refuses, so the controller would keep its last good configuration of all hosts; ";

  final Group group;
  final String name;
  final ValueType<T> type;
  Allowed allowed;
  private final Consumer<Annotation<?>> catalog;
  List<String> aliases = List.of();
  @Nullable T defaultValue;
  @Nullable Setting<T> defaultSetting;
  @Nullable String defaultText;
  @Nullable T fallback;
  Scope scope = Scope.PATH;
  Risk risk = Risk.LOW;
  Category category = Category.ROUTING;
  Outcome onInvalid = Outcome.DEFAULT;
  Outcome onBlank = Outcome.DEFAULT;
  List<Annotation.Check<T>> checks = List.of();
  List<Annotation.Remark<T>> remarks = List.of();
  Function<String, List<String>> leftOut = text -> List.of();
  UnaryOperator<String> itemAdvice = item -> "";
  @Nullable String opens;
  List<String> otherOutcomes = List.of();
  Annotation.@Nullable Gate gate;
  @Nullable Predicate<T> protects;
  @Nullable Setting<?> overridden;
  Function<String, @Nullable String> wayOut = text -> null;
  Predicate<AnnotationValues> differs = values -> true;
  boolean isRequired;
  String purpose = "";

  Draft(
      Group group,
      String name,
      ValueType<T> type,
      Allowed allowed,
      Consumer<Annotation<?>> catalog) {
    this.group = group;
    this.name = name;
    this.type = type;
    this.allowed = allowed;
    this.catalog = catalog;
  }

  /** What should be written, more narrowly than what is let pass; see {@link Allowed#pattern}. */
  Draft<T> written(String pattern) {
    allowed = allowed.written(pattern);
    return this;
  }

  Draft<T> alias(String alias) {
    aliases = List.of(alias);
    return this;
  }

  Draft<T> byDefault(T value) {
    defaultValue = value;
    return this;
  }

  /** The setting's value is the default. */
  Draft<T> byDefault(Setting<T> setting) {
    defaultSetting = setting;
    return this;
  }

  /** What happens without a value, in words. */
  Draft<T> byDefaultText(String text) {
    defaultText = text;
    return this;
  }

  /** The value in place of an invalid or blank one, where that is not the default. */
  Draft<T> orElse(T value) {
    fallback = value;
    return this;
  }

  Draft<T> on(Scope value) {
    scope = value;
    return this;
  }

  Draft<T> risk(Risk value) {
    risk = value;
    return this;
  }

  Draft<T> category(Category value) {
    category = value;
    return this;
  }

  Draft<T> onInvalid(Outcome value) {
    onInvalid = value;
    return this;
  }

  Draft<T> onBlank(Outcome value) {
    onBlank = value;
    return this;
  }

  /** A further test of the value. */
  Draft<T> check(String condition, Outcome outcome, Function<T, @Nullable String> fault) {
    return check(condition, outcome, fault, value -> "allowed: " + allowed.text());
  }

  /** A further test of the value, and what to write instead. */
  Draft<T> check(
      String condition, Outcome outcome, Function<T, @Nullable String> fault, String advice) {
    return check(condition, outcome, fault, value -> advice);
  }

  /** A further test of the value, and what to write instead. */
  Draft<T> check(
      String condition,
      Outcome outcome,
      Function<T, @Nullable String> fault,
      Function<T, String> advice) {
    List<Annotation.Check<T>> more = new ArrayList<>(checks);
    more.add(new Annotation.Check<>(fault, outcome, advice));
    checks = List.copyOf(more);
    return outcome(condition, outcome);
  }

  /**
   * Values that are used, although hardly anybody means them.
   *
   * @param condition which values, and what becomes of them, for the documentation
   * @param isRefused whether nginx refuses its whole configuration over them
   * @param fault what is odd about a value and what happens, or {@code null}
   * @param advice what to write instead
   */
  Draft<T> remark(
      String condition, boolean isRefused, Function<T, @Nullable String> fault, String advice) {
    List<Annotation.Remark<T>> more = new ArrayList<>(remarks);
    more.add(new Annotation.Remark<>(fault, isRefused, advice));
    remarks = List.copyOf(more);
    List<String> outcomes = new ArrayList<>(otherOutcomes);
    outcomes.add(condition);
    otherOutcomes = List.copyOf(outcomes);
    return this;
  }

  /** The items of a list that are left out, and what to write in place of one. */
  Draft<T> leavesOut(Function<String, List<String>> items, UnaryOperator<String> advice) {
    leftOut = items;
    itemAdvice = advice;
    return this;
  }

  /** The value keeps something out that the default lets in, in words. */
  Draft<T> opens(String consequence) {
    opens = consequence;
    return this;
  }

  /** What else to do about a text that is not allowed; {@code null} for nothing. */
  Draft<T> wayOut(Function<String, @Nullable String> advice) {
    wayOut = advice;
    return this;
  }

  /** What happens on a condition that needs other objects. */
  Draft<T> outcome(String condition, Outcome outcome) {
    List<String> more = new ArrayList<>(otherOutcomes);
    boolean isAbsent =
        outcome == Outcome.DEFAULT
            && defaultValue == null
            && defaultSetting == null
            && defaultText == null;
    more.add(condition + ": " + (isAbsent ? "it counts as absent" : outcome.text()));
    otherOutcomes = List.copyOf(more);
    return this;
  }

  /** Not looked at unless another annotation has a value. */
  Draft<T> needs(Annotation<?> other) {
    return gate(other.name(), values -> values.isGiven(other), true, other);
  }

  /** Not looked at unless another annotation has a value, without which something is amiss. */
  Draft<T> needs(Annotation<?> other, String advice) {
    gate =
        new Annotation.Gate(
            other.name(),
            values -> "without " + other.name(),
            values -> values.isGiven(other),
            true,
            values -> advice,
            other);
    return this;
  }

  /** Not looked at unless another annotation has a certain value. */
  <U> Draft<T> needs(Annotation<U> other, U value, String text) {
    return gate(text, values -> value.equals(values.given(other)), true, other);
  }

  /** Not looked at if another annotation has a value. */
  Draft<T> yieldsTo(Annotation<?> other) {
    gate =
        new Annotation.Gate(
            "no " + other.name(),
            values -> "beside " + other.name(),
            values -> !values.isGiven(other),
            true,
            values -> "remove it, or " + other.name(),
            null);
    return this;
  }

  /** Looked at in any case, but without effect unless another annotation has a value. */
  Draft<T> idleWithout(Annotation<?> other) {
    return gate(other.name(), values -> values.isGiven(other), false, other);
  }

  /** Looked at in any case, but without effect unless the Ingress says something else, too. */
  Draft<T> idleWithout(String text, Predicate<AnnotationValues> isOpen) {
    return gate(text, isOpen, false, null);
  }

  /** Looked at in any case; what is amiss depends on the other values. */
  Draft<T> idleWithout(
      String text,
      Predicate<AnnotationValues> isOpen,
      Function<AnnotationValues, String> phrase,
      Function<AnnotationValues, String> advice) {
    gate = new Annotation.Gate(text, phrase, isOpen, false, advice, null);
    return this;
  }

  private Draft<T> gate(
      String text,
      Predicate<AnnotationValues> isOpen,
      boolean skips,
      @Nullable Annotation<?> needed) {
    // As a manifest writes it; what is wanted comes first, what to give up last.
    String line = text.replace(": true", ": \"true\"");
    String advice =
        needed != null && needed.isProtecting()
            ? "add " + line + ", without which nothing is protected; or remove it"
            : "add " + line + ", or remove it";
    gate =
        new Annotation.Gate(
            text, values -> "without " + text, isOpen, skips, values -> advice, needed);
    return this;
  }

  /** A value that asks for a protection of the routes. */
  Draft<T> protects(Predicate<T> test) {
    protects = test;
    return this;
  }

  /** With any value, it takes the place of a setting of another meaning. */
  Draft<T> overrides(Setting<?> setting) {
    overridden = setting;
    return this;
  }

  /** Its absence denies the routes where the other annotation that it needs is there. */
  Draft<T> required() {
    isRequired = true;
    return outcome("missing", Outcome.DENY);
  }

  Draft<T> does(String text) {
    purpose = text;
    return this;
  }

  Annotation<T> enforced() {
    return end(Effect.ENFORCED);
  }

  Annotation<T> approximated(String difference) {
    return end(new Effect(Effect.Status.APPROXIMATED, difference));
  }

  /** Differs only where the other values of the Ingress are such. */
  Annotation<T> approximated(String difference, Predicate<AnnotationValues> isConcerned) {
    differs = isConcerned;
    return approximated(difference);
  }

  Annotation<T> withoutEffect(String reason) {
    return end(new Effect(Effect.Status.NO_EFFECT, reason));
  }

  Annotation<T> refused(String reason) {
    return end(new Effect(Effect.Status.REFUSED, reason));
  }

  private Annotation<T> end(Effect effect) {
    Annotation<T> annotation = new Annotation<>(this, effect);
    catalog.accept(annotation);
    return annotation;
  }
}
