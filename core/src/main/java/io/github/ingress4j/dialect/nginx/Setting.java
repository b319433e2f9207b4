package io.github.ingress4j.dialect.nginx;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one key of the controller's ConfigMap.
 *
 * <p>All of them are in {@link Settings#ALL}. Equality is identity.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1, internal/ingress/controller/config.
 *
 * @param <T> the value it is read as
 */
public final class Setting<T> {

  private final String key;
  private final String type;
  private final String allowed;
  private final Function<String, @Nullable T> parser;
  private final @Nullable T defaultValue;
  private final String purpose;
  private final Effect effect;
  private final @Nullable Predicate<T> protects;
  private final Function<String, List<String>> leftOut;

  Setting(
      String key,
      String type,
      String allowed,
      Function<String, @Nullable T> parser,
      @Nullable T defaultValue,
      String purpose,
      Effect effect,
      @Nullable Predicate<T> protects,
      Function<String, List<String>> leftOut) {
    this.key = key;
    this.type = type;
    this.allowed = allowed;
    this.parser = parser;
    this.defaultValue = defaultValue;
    this.purpose = purpose;
    this.effect = effect;
    this.protects = protects;
    this.leftOut = leftOut;
  }

  /**
   * Returns the key of the ConfigMap.
   *
   * @return such as {@code use-forwarded-headers}
   */
  public String key() {
    return key;
  }

  /**
   * Returns the type in a word or two.
   *
   * @return such as {@code bool}
   */
  public String type() {
    return type;
  }

  /**
   * Returns which values are usable, in words.
   *
   * @return such as {@code 301, 302, 307 or 308}
   */
  public String allowed() {
    return allowed;
  }

  /**
   * Returns the value without an entry.
   *
   * @return the value, or {@code null} for none
   */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /**
   * Returns the default in words.
   *
   * @return empty for none
   */
  public String defaultText() {
    T value = defaultValue;
    if (value == null) {
      return "";
    }
    if (value instanceof List<?> list) {
      return String.join(" ", list.stream().map(Object::toString).toList());
    }
    if (value instanceof Risk risk) {
      return risk.word();
    }
    if (type.equals(ValueType.ON_OFF.toString())) {
      return value.equals(true) ? "on" : "off";
    }
    return value.toString();
  }

  /**
   * Returns what the controller does with it.
   *
   * @return one sentence without a final full stop
   */
  public String purpose() {
    return purpose;
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
   * Returns where it is documented.
   *
   * @return the page below {@code docs} with the anchor
   */
  public String page() {
    return "configmap.md#" + key;
  }

  /**
   * Returns whether a value asks for a protection that does not exist here, so that every route it
   * covers is closed.
   *
   * @param value a value
   * @return {@code true} as long as the mechanism is missing
   */
  public boolean closes(T value) {
    return protects != null && effect.status() == Effect.Status.REFUSED && protects.test(value);
  }

  /** Returns the items of a list that cannot be used and are left out. */
  List<String> leftOut(String text) {
    return leftOut.apply(text);
  }

  /** Reads a text, or returns {@code null} if it has no value. */
  @Nullable T parse(String text) {
    return parser.apply(text);
  }

  /**
   * Returns the key.
   *
   * @return the key
   */
  @Override
  public String toString() {
    return key;
  }
}
