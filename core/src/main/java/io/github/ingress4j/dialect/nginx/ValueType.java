package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the text of an annotation becomes a value.
 *
 * @param <T> the value
 */
public final class ValueType<T> {

  static final ValueType<Boolean> BOOL = new ValueType<>("bool", "boolean", GoText::bool);

  static final ValueType<Integer> INT = new ValueType<>("int", "integer", GoText::integer);

  /** The text, trimmed line by line. */
  static final ValueType<String> TEXT = new ValueType<>("string", "string", text -> text);

  /** On, or off. */
  static final ValueType<Boolean> ON_OFF =
      new ValueType<>(
          "on or off",
          "string",
          text -> text.equals("on") ? Boolean.TRUE : text.equals("off") ? Boolean.FALSE : null);

  /** Items between commas, trimmed; empty ones are left out. */
  static final ValueType<List<String>> LIST =
      new ValueType<>("list", "string", text -> List.copyOf(items(text)));

  /** Items between commas as a set in the order of their text. */
  static final ValueType<List<String>> SORTED_SET =
      new ValueType<>("list", "string", text -> List.copyOf(new TreeSet<>(items(text))));

  /** Words between blanks. */
  static final ValueType<List<String>> WORDS =
      new ValueType<>(
          "list",
          "string",
          text -> Arrays.stream(text.split("[ \t\f]")).filter(word -> !word.isEmpty()).toList());

  /** Numbers between commas; blanks make them none. */
  static final ValueType<List<Integer>> INTS =
      new ValueType<>(
          "int list",
          "string",
          text -> {
            List<Integer> numbers = new ArrayList<>();
            for (String item : text.split(",", -1)) {
              Integer number = GoText.integer(item);
              if (number == null) {
                return null;
              }
              numbers.add(number);
            }
            return List.copyOf(numbers);
          });

  /** Blocks of addresses between commas; an empty text has none of them. */
  static final ValueType<List<Cidr>> CIDRS =
      new ValueType<>(
          "CIDR list",
          "string",
          text -> {
            List<Cidr> blocks = new ArrayList<>();
            if (text.isEmpty()) {
              return List.of();
            }
            for (String item : text.split(",", -1)) {
              try {
                blocks.add(Cidr.parse(GoText.trim(item)));
              } catch (IllegalArgumentException e) {
                return null;
              }
            }
            return List.copyOf(blocks);
          });

  private final String word;
  private final String schemaType;
  private final Function<String, @Nullable T> parser;

  private ValueType(String word, String schemaType, Function<String, @Nullable T> parser) {
    this.word = word;
    this.schemaType = schemaType;
    this.parser = parser;
  }

  /** Returns a type that prints otherwise. */
  ValueType<T> named(String name) {
    return new ValueType<>(name, schemaType, parser);
  }

  /** Returns a type whose texts are changed before they are read. */
  ValueType<T> after(Function<String, String> change) {
    return new ValueType<>(word, schemaType, text -> parser.apply(change.apply(text)));
  }

  /**
   * Reads a text.
   *
   * @param text a text that is allowed, trimmed line by line
   * @return the value, or {@code null} if the text has none
   */
  public @Nullable T parse(String text) {
    return parser.apply(text);
  }

  /** Returns a value as a manifest writes it. */
  String print(T value) {
    if (value instanceof List<?> list) {
      return String.join(this == WORDS ? " " : ", ", list.stream().map(Object::toString).toList());
    }
    if (this == ON_OFF) {
      return value.equals(true) ? "on" : "off";
    }
    return value.toString();
  }

  /**
   * Returns the type that a schema gives the value as it is meant; in a manifest every annotation
   * is a string.
   *
   * @return {@code boolean}, {@code integer} or {@code string}
   */
  public String schemaType() {
    return schemaType;
  }

  /**
   * Returns the type in a word or two.
   *
   * @return such as {@code int list}
   */
  @Override
  public String toString() {
    return word;
  }

  static List<String> items(String text) {
    List<String> items = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      String trimmed = GoText.trim(item);
      if (!trimmed.isEmpty()) {
        items.add(trimmed);
      }
    }
    return items;
  }
}
