package io.github.ingress4j.dialect.nginx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of the annotations for editors and validators, made from the declarations.
 *
 * <p>It is of draft 7, which editors and validators alike know whole, and it says nothing of an
 * object but its annotations, so that it can stand beside the schema of the object itself. Its
 * regular expressions are those that RE2, ECMAScript and Java read alike. The members {@code
 * markdownDescription}, {@code errorMessage}, {@code patternErrorMessage}, {@code
 * deprecationMessage} and {@code doNotSuggest} are words of editors, which validators ignore.
 */
final class AnnotationsSchema {

  private static final String PREFIX = Annotations.DEFAULT_PREFIX + "/";
  private static final String SITE = "https://github.com/ingress4j/ingress4j/blob/main/docs/";
  private static final String ID =
      "https://raw.githubusercontent.com/ingress4j/ingress4j/main/docs/schema/"
          + "ingress-nginx-annotations.schema.json";

  private AnnotationsSchema() {}

  static String text() {
    return json(schema());
  }

  /** Returns maps, lists, texts, numbers and booleans as JSON. */
  static String json(Object value) {
    StringWriter out = new StringWriter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      write(json.setPrettyPrinter(printer), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out + "\n";
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> member : map.entrySet()) {
        json.writeFieldName(String.valueOf(member.getKey()));
        write(json, member.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else {
      json.writeString(String.valueOf(value));
    }
  }

  private static Map<String, Object> schema() {
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("type", List.of("object", "null"));
    annotations.put("additionalProperties", Map.of("type", "string"));
    annotations.put("propertyNames", names());
    annotations.put("properties", properties());

    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("type", List.of("object", "null"));
    metadata.put("properties", Map.of("annotations", annotations));

    Map<String, Object> items = new LinkedHashMap<>();
    items.put("type", "array");
    items.put("items", Map.of("$ref", "#"));

    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("metadata", metadata);
    properties.put("items", items);

    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("$id", ID);
    schema.put("title", "Annotations of ingress-nginx v1.15.1");
    schema.put(
        "description",
        "The annotations of an Ingress, or of the Ingresses of a List. Everything else of an object"
            + " is left to its own schema.");
    schema.put("type", List.of("object", "null"));
    schema.put("properties", properties);
    return schema;
  }

  /** Under the prefix, only what the controller knows. */
  private static Map<String, Object> names() {
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("enum", Annotations.names().stream().map(name -> PREFIX + name).toList());
    known.put("errorMessage", "ingress-nginx v1.15.1 knows no annotation of this name.");
    Map<String, Object> names = new LinkedHashMap<>();
    names.put("doNotSuggest", true);
    names.put("if", Map.of("pattern", "^" + PREFIX.replace(".", "\\.").replace("/", "\\/")));
    names.put("then", known);
    return names;
  }

  private static Map<String, Object> properties() {
    Map<String, Object> properties = new TreeMap<>();
    for (Annotation<?> annotation : Annotations.ALL) {
      properties.put(PREFIX + annotation.name(), property(annotation, annotation.name()));
      for (String alias : annotation.aliases()) {
        properties.put(PREFIX + alias, property(annotation, alias));
      }
    }
    for (String name : new TreeSet<>(RemovedAnnotations.names())) {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put(
          "description",
          "The controller no longer knows it: " + RemovedAnnotations.successor(name));
      property.put("deprecationMessage", "Removed: " + RemovedAnnotations.successor(name));
      property.put("type", "string");
      properties.put(PREFIX + name, property);
    }
    return properties;
  }

  private static Map<String, Object> property(Annotation<?> annotation, String name) {
    List<String> sentences = sentences(annotation, name);
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", String.join("\n", sentences));
    property.put(
        "markdownDescription",
        String.join("\n\n", sentences.stream().map(AnnotationsSchema::markdown).toList())
            + "\n\n[Documentation]("
            + SITE
            + annotation.page()
            + ")");
    property.put("type", "string");
    if (annotation.isSnippet()) {
      return property;
    }
    property.put("minLength", 1);
    property.putAll(constraint(annotation));
    String standard = standard(annotation);
    if (standard != null) {
      property.put("default", standard);
    }
    return property;
  }

  private static String markdown(String text) {
    return text.contains("`") ? text : Markdown.escaped(text);
  }

  private static List<String> sentences(Annotation<?> annotation, String name) {
    List<String> sentences = new ArrayList<>();
    if (!name.equals(annotation.name())) {
      sentences.add("An older name of " + annotation.name() + ".");
    }
    String purpose = annotation.purpose();
    sentences.add(Character.toUpperCase(purpose.charAt(0)) + purpose.substring(1) + ".");
    Effect effect = annotation.effect();
    sentences.add(
        "In ingress4j: "
            + effect.status().word()
            + (effect.text().isEmpty() ? "" : ": " + effect.text())
            + ".");
    sentences.add("Values: " + annotation.allowed().text() + ".");
    if (!annotation.defaultText().isEmpty()) {
      sentences.add("Default: " + annotation.defaultText() + ".");
    }
    sentences.add("Counts for: " + annotation.scope().text() + ".");
    String needs = annotation.needs();
    if (needs != null) {
      sentences.add("Needs: " + needs + ".");
    }
    if (!annotation.isSnippet()) {
      sentences.add("If it cannot be used: " + annotation.inWords(annotation.onInvalid()) + ".");
    }
    return sentences;
  }

  /** What a value has to be, as far as a schema can say it. */
  private static <T> Map<String, Object> constraint(Annotation<T> annotation) {
    Allowed allowed = annotation.allowed();
    String pattern = allowed.pattern();
    List<String> values =
        allowed.values().stream()
            .filter(value -> isUsable(annotation, value))
            .filter(value -> allowed.pattern() == null || value.matches(allowed.pattern()))
            .toList();
    if (pattern == null && isOfAnyCase(annotation, values)) {
      pattern = String.join("|", values.stream().map(AnnotationsSchema::inAnyCase).toList());
    }
    if (pattern != null && pattern.equals(String.join("|", values))) {
      pattern = null;
    }
    Map<String, Object> constraint = new LinkedHashMap<>();
    if (pattern != null) {
      constraint.put("pattern", "^(?:" + pattern + ")$");
      constraint.put("patternErrorMessage", "Allowed: " + allowed.text() + ".");
      if (!values.isEmpty()) {
        constraint.put("examples", values);
      }
    } else if (!values.isEmpty()) {
      constraint.put("enum", values);
    }
    return constraint;
  }

  /** Returns whether the controller makes of a value what it says. */
  static <T> boolean isUsable(Annotation<T> annotation, String text) {
    if (text.isEmpty() || !annotation.allowed().test().test(text)) {
      return false;
    }
    String trimmed = GoText.trimLines(text);
    T value = trimmed.isEmpty() ? null : annotation.type().parse(trimmed);
    if (value == null) {
      return false;
    }
    return annotation.checks().stream().allMatch(check -> check.fault().apply(value) == null);
  }

  private static boolean isOfAnyCase(Annotation<?> annotation, List<String> values) {
    return !values.isEmpty()
        && values.stream()
            .allMatch(
                value -> {
                  String other = swapCase(value);
                  return !other.equals(value) && isUsable(annotation, other);
                });
  }

  private static String swapCase(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return lower.equals(value) ? value.toUpperCase(Locale.ROOT) : lower;
  }

  private static String inAnyCase(String value) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isLetter(c)) {
        pattern
            .append('[')
            .append(Character.toUpperCase(c))
            .append(Character.toLowerCase(c))
            .append(']');
      } else {
        pattern.append(c == '.' ? "\\." : String.valueOf(c));
      }
    }
    return pattern.toString();
  }

  /** The text that means the same as no text. */
  private static <T> @Nullable String standard(Annotation<T> annotation) {
    Setting<T> setting = annotation.defaultSetting();
    T value = setting == null ? annotation.defaultValue() : setting.defaultValue();
    String text = value == null ? "" : annotation.type().print(value);
    return text.isEmpty() ? null : text;
  }
}
