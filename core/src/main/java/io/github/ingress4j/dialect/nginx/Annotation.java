package io.github.ingress4j.dialect.nginx;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one annotation: everything that the reader, the documentation and editors need
 * to know of it.
 *
 * <p>All of them are in {@link Annotations#ALL}. Equality is identity.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1, internal/ingress/annotations.
 *
 * @param <T> the value it is read as
 */
public final class Annotation<T> {

  /**
   * A test that a value has to pass after its text has passed {@link Allowed}.
   *
   * @param fault says what is wrong with a value: the end of a sentence that begins with the
   *     annotation's name, such as {@code has no scheme}; {@code null} if nothing is
   * @param outcome what becomes of a value with a fault
   * @param advice what to write in place of a value with a fault
   * @param <T> the value
   */
  record Check<T>(
      Function<T, @Nullable String> fault, Outcome outcome, Function<T, String> advice) {}

  /**
   * A value that is used, although hardly anybody means it.
   *
   * @param fault says what is odd about a value and what happens: the end of a sentence that begins
   *     with the annotation's name; {@code null} if nothing is
   * @param isRefused whether nginx refuses its whole configuration over such a value
   * @param advice what to write instead
   * @param <T> the value
   */
  record Remark<T>(Function<T, @Nullable String> fault, boolean isRefused, String advice) {}

  /**
   * What else an Ingress has to say for this annotation to do something.
   *
   * @param text what it has to say, such as {@code auth-url}
   * @param phrase when the annotation does nothing, such as {@code without auth-url}, beside the
   *     other values
   * @param isOpen whether it says so
   * @param skips whether the annotation is not even looked at otherwise
   * @param advice what to do about an annotation that does nothing, beside the other values
   * @param needed the annotation that it needs, or {@code null} if it needs something else
   */
  record Gate(
      String text,
      Function<AnnotationValues, String> phrase,
      Predicate<AnnotationValues> isOpen,
      boolean skips,
      Function<AnnotationValues, String> advice,
      @Nullable Annotation<?> needed) {

    /** Whether what is needed is written and at fault, which has a finding of its own. */
    boolean isFaulty(AnnotationValues values) {
      return needed != null && values.isWritten(needed) && !values.isGiven(needed);
    }
  }

  private final Draft<T> draft;
  private final Effect effect;

  Annotation(Draft<T> draft, Effect effect) {
    this.draft = draft;
    this.effect = effect;
  }

  /**
   * Returns the name without the prefix.
   *
   * @return such as {@code rewrite-target}
   */
  public String name() {
    return draft.name;
  }

  /**
   * Returns the names that stand in when the annotation itself is absent or empty.
   *
   * @return the names, first choice first
   */
  public List<String> aliases() {
    return draft.aliases;
  }

  /**
   * Returns the group that it is read with.
   *
   * @return the group
   */
  public Group group() {
    return draft.group;
  }

  /**
   * Returns the type of its value.
   *
   * @return the type
   */
  public ValueType<T> type() {
    return draft.type;
  }

  /**
   * Returns which texts it takes.
   *
   * @return the texts
   */
  public Allowed allowed() {
    return draft.allowed;
  }

  /**
   * Returns the value it has when nothing else gives it one.
   *
   * @return the value, or {@code null} for none
   */
  public @Nullable T defaultValue() {
    return draft.defaultValue;
  }

  /**
   * Returns the setting that gives it a value when the Ingress does not.
   *
   * @return the setting, or {@code null} for none
   */
  public @Nullable Setting<T> defaultSetting() {
    return draft.defaultSetting;
  }

  /**
   * Returns the default in words.
   *
   * @return such as {@code 301}, {@code ConfigMap ssl-redirect (true)}; empty for none
   */
  public String defaultText() {
    T value = draft.defaultValue;
    String text =
        draft.defaultText != null
            ? draft.defaultText
            : value == null ? "" : draft.type.print(value);
    Setting<T> setting = draft.defaultSetting;
    if (setting == null) {
      return text;
    }
    String standard = setting.defaultText();
    return "ConfigMap " + setting.key() + (standard.isEmpty() ? "" : " (" + standard + ")");
  }

  /**
   * Returns where its value takes effect.
   *
   * @return the scope
   */
  public Scope scope() {
    return draft.scope;
  }

  /**
   * Returns how dangerous the controller rates it.
   *
   * @return the risk
   */
  public Risk risk() {
    return draft.risk;
  }

  /**
   * Returns who has to do something about it.
   *
   * @return the category
   */
  public Category category() {
    return draft.category;
  }

  /**
   * Returns what becomes of a value with other characters than the allowed ones.
   *
   * @return the outcome
   */
  public Outcome onInvalid() {
    return draft.onInvalid;
  }

  /**
   * Returns what becomes of a value that is empty after trimming.
   *
   * @return the outcome
   */
  public Outcome onBlank() {
    return draft.onBlank;
  }

  /**
   * Returns the other outcomes: those of the checks that follow the allowed characters, and of what
   * only a look at other objects tells.
   *
   * @return pairs of a condition and an outcome in words, such as {@code no http scheme: the
   *     annotations of its group count as absent}
   */
  public List<String> otherOutcomes() {
    return draft.otherOutcomes;
  }

  /**
   * Returns the annotation without which this one does nothing, in words.
   *
   * @return such as {@code auth-url}, or {@code null} if it stands for itself
   */
  public @Nullable String needs() {
    return draft.gate == null ? null : draft.gate.text();
  }

  /**
   * Returns what the controller does with it.
   *
   * @return one sentence without a final full stop
   */
  public String purpose() {
    return draft.purpose;
  }

  /**
   * Returns what becomes of it here.
   *
   * @return the effect
   */
  public Effect effect() {
    return effect;
  }

  /**
   * Returns whether a value asks for a protection of the routes.
   *
   * @param value a value
   * @return {@code true} if the routes must not be served without it
   */
  public boolean protects(T value) {
    return draft.protects != null && draft.protects.test(value);
  }

  /**
   * Returns whether it can ask for a protection.
   *
   * @return {@code true} if {@link #protects(Object)} is true of some value
   */
  public boolean isProtecting() {
    return draft.protects != null;
  }

  /**
   * Returns whether the protection it asks for does not exist here, so that its routes are closed.
   *
   * @return {@code true} as long as the mechanism is missing
   */
  public boolean isUnavailable() {
    return isProtecting() && effect.status() == Effect.Status.REFUSED;
  }

  /** Returns whether its approximation differs from the original beside the other values. */
  boolean differs(AnnotationValues values) {
    return draft.differs.test(values);
  }

  /**
   * Returns whether its text is configuration of nginx.
   *
   * @return {@code true} for the five snippets
   */
  public boolean isSnippet() {
    return draft.risk == Risk.CRITICAL;
  }

  /**
   * Returns where it is documented.
   *
   * @return the page below {@code docs} with the anchor
   */
  public String page() {
    return "annotations.md#" + draft.name;
  }

  /** Returns whether this annotation has the last word on a setting. */
  boolean overrides(Setting<?> setting) {
    return draft.defaultSetting == setting || draft.overridden == setting;
  }

  /** Returns whether its absence is a fault where its gate is open. */
  boolean isRequired() {
    return draft.isRequired;
  }

  /** What else to do about a text that is not allowed, or {@code null}. */
  @Nullable String wayOut(String text) {
    return draft.wayOut.apply(text);
  }

  /** Returns an outcome in words; without a default none can hold. */
  String inWords(Outcome outcome) {
    return outcome == Outcome.DEFAULT && defaultText().isEmpty()
        ? "it counts as absent"
        : outcome.text();
  }

  List<Check<T>> checks() {
    return draft.checks;
  }

  List<Remark<T>> remarks() {
    return draft.remarks;
  }

  /** The items of a text that are left out of its value. */
  List<String> leftOut(String text) {
    return draft.leftOut.apply(text);
  }

  /** What to write in place of an item that is left out. */
  String itemAdvice(String item) {
    return draft.itemAdvice.apply(item);
  }

  /** What the default lets pass that the annotation was to keep out, or {@code null}. */
  @Nullable String opens() {
    return draft.opens;
  }

  /** Returns whether a text that is written asks for a protection of the routes. */
  boolean asksForProtection(String text) {
    if (!isProtecting() || text.isEmpty()) {
      return isProtecting();
    }
    T value = allowed().test().test(text) ? type().parse(GoText.trimLines(text)) : null;
    return value == null || protects(value);
  }

  /** Returns the value that holds without a usable one, as a manifest writes it; empty for none. */
  String defaultIn(AnnotationValues values) {
    T value = values.get(this);
    return draft.defaultText != null
        ? draft.defaultText
        : value == null ? "" : draft.type.print(value);
  }

  @Nullable Gate gate() {
    return draft.gate;
  }

  /** The value if a text is invalid or blank and the outcome is {@link Outcome#DEFAULT}. */
  @Nullable T fallback() {
    return draft.fallback;
  }

  /**
   * Returns the name.
   *
   * @return the name without the prefix
   */
  @Override
  public String toString() {
    return draft.name;
  }
}
