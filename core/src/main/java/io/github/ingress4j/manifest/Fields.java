package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.Node.Entry;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one map, read by type and without conversion, as the API server reads JSON.
 *
 * <p>Making one reports unknown and duplicate members; a reading method reports a value of another
 * type and returns a stand-in, so that the rest of the object can still be checked. {@code null}
 * counts as absent.
 */
final class Fields {

  /** What a member was called in an earlier API version, and what it is now. */
  private static final Map<String, String> RENAMED =
      Map.of(
          "serviceName", "write `service: {name: …}`",
          "servicePort", "write `service: {port: {number: …}}` or `service: {port: {name: …}}`",
          "backend", "it is called `defaultBackend` here",
          "paths", "put it under `http:`");

  private final SourceText text;
  private final ObjectReport report;
  private final ManifestParser.FieldValidation validation;
  private final FieldPath path;
  private final String[] known;
  private final @Nullable Entry[] entries;
  private final @Nullable SourceSpan span;

  /** Reads the members of a map. */
  Fields(
      SourceText text,
      ObjectReport report,
      ManifestParser.FieldValidation validation,
      FieldPath path,
      Mapping node,
      String... known) {
    this.text = text;
    this.report = report;
    this.validation = validation;
    this.path = path;
    this.known = known;
    this.entries = new Entry[known.length];
    this.span = text.span(node.start(), node.end());
    Severity severity =
        validation == ManifestParser.FieldValidation.STRICT ? Severity.ERROR : Severity.WARNING;
    for (Entry entry : node.entries()) {
      int index = indexOf(entry.key());
      if (index < 0) {
        unknown(entry, severity);
        continue;
      }
      Entry earlier = entries[index];
      if (earlier != null) {
        duplicate(earlier, entry, path.member(entry.key()), severity);
      }
      entries[index] = entry;
    }
  }

  /** Stands for a map that is absent. */
  private Fields(Fields parent, FieldPath path, String... known) {
    this.text = parent.text;
    this.report = parent.report;
    this.validation = parent.validation;
    this.path = path;
    this.known = known;
    this.entries = new Entry[known.length];
    this.span = null;
  }

  private int indexOf(String name) {
    for (int i = 0; i < known.length; i++) {
      if (known[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private void unknown(Entry entry, Severity severity) {
    SourceSpan place = text.span(entry.keyStart(), entry.keyEnd());
    String near = report.isCrowded() ? null : Names.nearest(entry.key(), known);
    String renamed = RENAMED.get(entry.key());
    boolean isRenamed = renamed != null && fits(entry.key());
    String help =
        isRenamed
            ? renamed
            : near != null
                ? "did you mean `" + near + "`?"
                : "the members here are " + String.join(", ", known);
    FieldPath where = report.isSecret() ? path : path.member(entry.key());
    ObjectReport.Finding finding =
        report
            .about(ManifestRules.UNKNOWN_FIELD, where, place)
            .severity(severity)
            .note("there is no such member")
            .help(help);
    if (severity == Severity.ERROR && !report.isSecret()) {
      finding.unread();
    }
    finding.add("unknown member " + report.quote(entry.key()));
  }

  private boolean fits(String key) {
    return switch (key) {
      case "serviceName", "servicePort" -> indexOf("service") >= 0;
      case "backend" -> indexOf("defaultBackend") >= 0;
      default -> indexOf("http") >= 0;
    };
  }

  private void duplicate(Entry earlier, Entry later, FieldPath where, Severity severity) {
    boolean isStrict = severity == Severity.ERROR;
    report
        .about(ManifestRules.DUPLICATE_FIELD, where, text.span(later.keyStart(), later.keyEnd()))
        .severity(severity)
        .note("written again here")
        .help(isStrict ? "remove one of the two" : "the last one counts; remove the other")
        .add(
            "member "
                + report.quote(later.key())
                + " is already written in line "
                + text.lineOf(earlier.keyStart()));
  }

  FieldPath path() {
    return path;
  }

  private @Nullable Entry entry(String name) {
    int index = indexOf(name);
    return index < 0 ? null : entries[index];
  }

  /** Returns the value of a member, or {@code null} if it is absent or null. */
  @Nullable Node node(String name) {
    Entry entry = entry(name);
    return entry == null || isNull(entry.value()) ? null : entry.value();
  }

  boolean has(String name) {
    return node(name) != null;
  }

  private static boolean isNull(Node node) {
    return node instanceof Scalar scalar && scalar.kind() == Kind.NULL;
  }

  /** Returns where a member's value stands, or the map if it is absent. */
  @Nullable SourceSpan spanOf(String name) {
    Entry entry = entry(name);
    return entry == null ? span : spanOf(entry);
  }

  private SourceSpan spanOf(Entry entry) {
    Node value = entry.value();
    // Nothing behind the colon: point at the key.
    return value.start() >= value.end()
        ? text.span(entry.keyStart(), entry.keyEnd())
        : text.span(value.start(), value.end());
  }

  private SourceSpan spanOf(Node node) {
    return text.span(node.start(), node.end());
  }

  /** Returns where the map and its members stand. */
  Origin origin() {
    return new Origin(span, places());
  }

  /** Returns where the members stand, in a map that may be added to. */
  Map<String, SourceSpan> places() {
    Map<String, SourceSpan> places = new HashMap<>(entries.length * 2);
    for (Entry entry : entries) {
      if (entry != null) {
        places.put(entry.key(), spanOf(entry));
      }
    }
    return places;
  }

  @Nullable SourceSpan span() {
    return span;
  }

  /** Returns a text, empty if absent. */
  String string(String name) {
    String value = nullableString(name);
    return value == null ? "" : value;
  }

  /** Returns a text, or {@code null} if absent. */
  @Nullable String nullableString(String name) {
    Entry entry = entry(name);
    return entry == null || isNull(entry.value())
        ? null
        : text(entry.value(), path.member(name), spanOf(entry));
  }

  private String text(Node node, FieldPath where, SourceSpan place) {
    if (node instanceof Scalar scalar && scalar.kind() == Kind.STRING) {
      return scalar.text();
    }
    wrongType(node, where, place, "a string");
    return node instanceof Scalar scalar ? scalar.text() : "x";
  }

  /** Returns an integer of 32 bits, or {@code null} if absent. */
  @Nullable Integer integer(String name) {
    Entry entry = entry(name);
    if (entry == null || isNull(entry.value())) {
      return null;
    }
    FieldPath where = path.member(name);
    if (!(entry.value() instanceof Scalar scalar) || scalar.kind() != Kind.INTEGER) {
      wrongType(entry.value(), where, spanOf(entry), "an integer");
      return 1;
    }
    Long value = scalar.text().length() > Scalars.LONGEST ? null : Scalars.longOf(scalar.text());
    if (value == null || value != value.intValue()) {
      about(ManifestRules.WRONG_TYPE, where, spanOf(entry))
          .unread()
          .note("not an integer of 32 bits")
          .add("the number " + quoteNumber(scalar.text()) + " does not fit into 32 bits");
      return 1;
    }
    return value.intValue();
  }

  /** Returns an integer of 64 bits, or {@code null} if absent. */
  @Nullable Long wideInteger(String name) {
    Entry entry = entry(name);
    if (entry == null || isNull(entry.value())) {
      return null;
    }
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.INTEGER) {
      Long value = scalar.text().length() > Scalars.LONGEST ? null : Scalars.longOf(scalar.text());
      if (value != null) {
        return value;
      }
    }
    wrongType(entry.value(), path.member(name), spanOf(entry), "an integer");
    return null;
  }

  private String quoteNumber(String number) {
    String quoted = report.quote(number);
    return report.isSecret() ? quoted : quoted.substring(1, quoted.length() - 1);
  }

  /** Returns a boolean, or {@code null} if absent. */
  @Nullable Boolean bool(String name) {
    Entry entry = entry(name);
    if (entry == null || isNull(entry.value())) {
      return null;
    }
    if (entry.value() instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN) {
      return Scalars.booleanOf(scalar.text());
    }
    wrongType(entry.value(), path.member(name), spanOf(entry), "a boolean");
    return null;
  }

  /** Returns the members of a map, or {@code null} if it is absent or no map. */
  @Nullable Fields fields(String name, String... names) {
    Node node = node(name);
    if (node == null) {
      return null;
    }
    if (node instanceof Mapping mapping) {
      return new Fields(text, report, validation, path.member(name), mapping, names);
    }
    wrongType(node, path.member(name), spanOf(name), "a map");
    return null;
  }

  /** Returns the members of a map, all absent if the map is. */
  Fields fieldsOrNone(String name, String... names) {
    Fields fields = fields(name, names);
    return fields == null ? new Fields(this, path.member(name), names) : fields;
  }

  /** Returns the items of a list, or {@code null} if it is absent or no list. */
  @Nullable List<Node> list(String name) {
    Node node = node(name);
    if (node == null) {
      return null;
    }
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    wrongType(node, path.member(name), spanOf(name), "a list");
    return null;
  }

  /**
   * Returns the members of an item of a list; an item that is null has none.
   *
   * @param name the list
   * @param index the item's index
   */
  Fields item(String name, int index, Node item, String... names) {
    FieldPath where = path.member(name).item(index);
    if (item instanceof Mapping mapping) {
      return new Fields(text, report, validation, where, mapping, names);
    }
    if (!isNull(item)) {
      wrongType(item, where, spanOf(item), "a map");
    }
    Fields none = new Fields(this, where, names);
    return none;
  }

  /** Returns a list of texts; an item that is null is empty. */
  List<String> strings(String name) {
    List<Node> items = list(name);
    if (items == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      texts.add(isNull(item) ? "" : text(item, path.member(name).item(i), spanOf(item)));
    }
    return texts;
  }

  /** Returns where an item of a list stands. */
  SourceSpan spanOfItem(Node item) {
    return spanOf(item);
  }

  /** Returns a map of texts; a value that is null is empty. */
  Map<String, String> stringMap(String name, Map<String, SourceSpan> places) {
    return stringMap(name, places, new HashMap<>());
  }

  /** Returns a map of texts, and where its values and its keys stand. */
  Map<String, String> stringMap(
      String name, Map<String, SourceSpan> places, Map<String, SourceSpan> keys) {
    Fields values = this;
    Node node = node(name);
    if (node == null) {
      return Map.of();
    }
    FieldPath where = path.member(name);
    if (!(node instanceof Mapping mapping)) {
      wrongType(node, where, spanOf(name), "a map");
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>(mapping.entries().size() * 2);
    Map<String, Entry> earlier = new HashMap<>(mapping.entries().size() * 2);
    Severity severity =
        validation == ManifestParser.FieldValidation.STRICT ? Severity.ERROR : Severity.WARNING;
    for (Entry entry : mapping.entries()) {
      FieldPath key = report.isSecret() ? where : where.key(entry.key());
      Entry first = earlier.put(entry.key(), entry);
      if (first != null) {
        duplicate(first, entry, key, severity);
      }
      SourceSpan place = spanOf(entry);
      String value = isNull(entry.value()) ? "" : values.text(entry.value(), key, place);
      texts.put(entry.key(), value);
      places.put(entry.key(), place);
      keys.put(entry.key(), text.span(entry.keyStart(), entry.keyEnd()));
    }
    return texts;
  }

  /** Begins a finding. */
  ObjectReport.Finding about(Rule rule, FieldPath where, @Nullable SourceSpan place) {
    return report.about(rule, where, place);
  }

  private void wrongType(Node node, FieldPath where, @Nullable SourceSpan place, String wanted) {
    about(ManifestRules.WRONG_TYPE, where, place)
        .unread()
        .note("must be " + wanted)
        .help(typeHelp(node, wanted))
        .add("the value is " + describe(node) + ", but must be " + wanted);
  }

  private String describe(Node node) {
    if (node instanceof Mapping) {
      return "a map";
    }
    if (!(node instanceof Scalar scalar)) {
      return "a list";
    }
    boolean isShown = !report.isSecret();
    return switch (scalar.kind()) {
      case NULL -> "null";
      case BOOLEAN -> isShown ? "the boolean " + quoteNumber(scalar.text()) : "a boolean";
      case INTEGER, DECIMAL -> isShown ? "the number " + quoteNumber(scalar.text()) : "a number";
      case STRING -> isShown ? "the string " + report.quote(scalar.text()) : "a string";
    };
  }

  private @Nullable String typeHelp(Node node, String wanted) {
    if (!(node instanceof Scalar scalar)) {
      return wanted.equals("a map") && node instanceof Sequence
          ? "leave out the dashes in front of the members"
          : wanted.equals("a list") ? "begin each item with a dash" : null;
    }
    if (wanted.equals("a string")) {
      return report.isSecret()
          ? "put the value in quotes"
          : "put the value in quotes: " + report.quote(scalar.text());
    }
    boolean isQuoted = scalar.kind() == Kind.STRING && scalar.text().length() <= 20;
    Kind inside = isQuoted ? Scalars.kindOf(scalar.text()) : Kind.STRING;
    boolean isFit =
        (wanted.equals("an integer") && inside == Kind.INTEGER)
            || (wanted.equals("a boolean") && inside == Kind.BOOLEAN);
    return isFit && !report.isSecret() ? "write " + scalar.text() + " without quotes" : null;
  }
}
