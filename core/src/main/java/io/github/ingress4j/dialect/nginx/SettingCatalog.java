package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects the settings that {@link Settings} declares, in the order of the text. */
final class SettingCatalog {

  private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

  <T> SettingDraft<T> declare(
      String key,
      String type,
      String allowed,
      Function<String, @Nullable T> parser,
      @Nullable T value) {
    return new SettingDraft<>(
        setting -> byKey.put(setting.key(), setting), key, type, allowed, parser, value);
  }

  SettingDraft<Boolean> bool(String key, boolean value, String purpose) {
    return declare(key, "bool", "true or false", SettingTexts::lenientBool, value).does(purpose);
  }

  SettingDraft<Boolean> onOff(String key, boolean value, String purpose) {
    return declare(key, "on or off", "on or off", ValueType.ON_OFF::parse, value).does(purpose);
  }

  SettingDraft<Integer> integer(String key, int value, String purpose) {
    return declare(key, "int", Allowed.INT.text(), SettingTexts::lenientInt, value).does(purpose);
  }

  SettingDraft<Integer> seconds(String key, int value, String purpose) {
    return integer(key, value, purpose).only(Allowed.POSITIVE.text(), seconds -> seconds > 0);
  }

  SettingDraft<String> text(String key, @Nullable String value) {
    return declare(key, "string", "any text", text -> text, value);
  }

  SettingDraft<List<String>> list(String key, List<String> value) {
    return declare(
        key,
        "list",
        "items separated by commas",
        text -> List.copyOf(ValueType.items(text)),
        value);
  }

  /**
   * A list between commas of which items that cannot be used are left out.
   *
   * @param parser reads an item, or returns null if it cannot be used
   */
  <T> SettingDraft<List<T>> items(
      String key,
      String type,
      String allowed,
      Function<String, @Nullable T> parser,
      List<T> value) {
    return declare(
            key,
            type,
            allowed,
            text -> {
              List<T> usable = new ArrayList<>();
              for (String item : ValueType.items(text)) {
                T read = parser.apply(item);
                if (read != null) {
                  usable.add(read);
                }
              }
              return List.copyOf(usable);
            },
            value)
        .leavesOut(
            text ->
                ValueType.items(text).stream().filter(item -> parser.apply(item) == null).toList());
  }

  private SettingDraft<List<String>> texts(
      String key, String allowed, Predicate<String> isUsable, List<String> value) {
    return items(key, "list", allowed, item -> isUsable.test(item) ? item : null, value);
  }

  /** Names of headers between commas. */
  SettingDraft<List<String>> names(String key, Predicate<String> isUsable) {
    return texts(
        key,
        "names of headers, which are letters, digits, - and _, separated by commas",
        isUsable,
        List.of());
  }

  /** Beginnings of paths; nothing begins with another item, which the controller keeps. */
  SettingDraft<List<String>> paths(String key, List<String> value) {
    return texts(
        key, "paths that begin with /, separated by commas", item -> item.startsWith("/"), value);
  }

  SettingDraft<List<String>> words(String key, List<String> value) {
    return declare(key, "list", "words separated by blanks", ValueType.WORDS::parse, value);
  }

  SettingDraft<List<Cidr>> cidrs(String key, List<Cidr> value) {
    return declare(
        key,
        "CIDR list",
        "IP addresses or blocks, separated by commas",
        text -> ValueType.CIDRS.parse(String.join(",", ValueType.items(text))),
        value);
  }

  /** What is written there may be the only thing that keeps somebody out, and nothing reads it. */
  Setting<String> snippet(String key, String purpose) {
    return text(key, "")
        .does(purpose)
        .protects(text -> !text.isEmpty(), "configuration of nginx is never run here");
  }

  /** The setting with a key, or null. */
  @Nullable Setting<?> byKey(String key) {
    return byKey.get(key);
  }

  Set<String> keys() {
    return Collections.unmodifiableSet(byKey.keySet());
  }

  List<Setting<?>> toList() {
    return List.copyOf(byKey.values());
  }
}
