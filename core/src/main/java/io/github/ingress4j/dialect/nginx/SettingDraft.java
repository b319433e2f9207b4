package io.github.ingress4j.dialect.nginx;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A setting in the making. The last word says what becomes of it here: {@link #enforced}, {@link
 * #approximated}, {@link #withoutEffect}, {@link #protects}.
 */
final class SettingDraft<T> {
  private static final String NOT_YET = "this version does not carry it out";

  private final Consumer<Setting<?>> catalog;
  private final String key;
  private final String type;
  private String allowed;
  private Function<String, @Nullable T> parser;
  private final @Nullable T defaultValue;
  private String purpose = "";
  private Function<String, List<String>> leftOut = text -> List.of();

  SettingDraft(
      Consumer<Setting<?>> catalog,
      String key,
      String type,
      String allowed,
      Function<String, @Nullable T> parser,
      @Nullable T defaultValue) {
    this.catalog = catalog;
    this.key = key;
    this.type = type;
    this.allowed = allowed;
    this.parser = parser;
    this.defaultValue = defaultValue;
  }

  /** Only some of the values can be used. */
  SettingDraft<T> only(String text, Predicate<T> test) {
    Function<String, @Nullable T> wider = parser;
    allowed = text;
    parser =
        written -> {
          T value = wider.apply(written);
          return value == null || !test.test(value) ? null : value;
        };
    return this;
  }

  SettingDraft<T> does(String text) {
    purpose = text;
    return this;
  }

  /** Items that cannot be used are left out, and the others count. */
  SettingDraft<T> leavesOut(Function<String, List<String>> items) {
    leftOut = items;
    return this;
  }

  Setting<T> enforced() {
    return end(Effect.ENFORCED, null);
  }

  Setting<T> approximated(String difference) {
    return end(new Effect(Effect.Status.APPROXIMATED, difference), null);
  }

  Setting<T> withoutEffect(String reason) {
    return end(new Effect(Effect.Status.NO_EFFECT, reason), null);
  }

  /** Protects the routes by a mechanism that is missing here. */
  Setting<T> protects(Predicate<T> test) {
    return protects(test, NOT_YET);
  }

  Setting<T> protects(Predicate<T> test, String reason) {
    return end(new Effect(Effect.Status.REFUSED, reason), test);
  }

  private Setting<T> end(Effect effect, @Nullable Predicate<T> protects) {
    Setting<T> setting =
        new Setting<>(key, type, allowed, parser, defaultValue, purpose, effect, protects, leftOut);
    catalog.accept(setting);
    return setting;
  }
}
