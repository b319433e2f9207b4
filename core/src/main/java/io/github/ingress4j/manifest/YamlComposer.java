package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.manifest.Node.Entry;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.parser.ParserImpl;

/**
 * Makes the tree of one YAML document from the events of the parser.
 *
 * <p>Nothing here calls itself, so nesting costs no stack, and every limit holds before the memory
 * that it protects is used. Aliases share nodes. The nodes that the full expansion of all aliases
 * would have are counted as the aliases are met: each alias adds the expanded size of its anchor,
 * which is known because an anchor ends before its first alias.
 */
final class YamlComposer {

  /** Marks an anchor whose value has not ended. */
  private static final Node OPEN = new Sequence(0, 0, List.of());

  private final char[] text;
  private final int from;
  private final int to;
  private final ManifestParser.Limits limits;
  private final CharReader reader;
  private final ParserImpl parser;
  private final Map<String, Node> anchors = new HashMap<>();
  private final IdentityHashMap<Node, Long> anchoredSizes = new IdentityHashMap<>();
  private final List<IgnoredTag> ignoredTags = new ArrayList<>();
  private int aliases;
  private long aliasedNodes;
  private int nodes;

  /** A tag that has no effect. */
  record IgnoredTag(String tag, int start, int end) {}

  /**
   * What a document holds.
   *
   * @param root the root, or {@code null} if the document is empty
   * @param dropped the offset of text behind the end of the document, or -1
   * @param hasAliases whether any value is an alias
   */
  record Composed(
      @Nullable Node root, int dropped, boolean hasAliases, List<IgnoredTag> ignoredTags) {}

  /** A map or a list that has begun. */
  private static final class Frame {
    final int start;
    final boolean isMapping;
    final @Nullable String anchor;
    final List<Entry> entries;
    final List<Node> items;
    final List<Node> merges = new ArrayList<>(0);
    @Nullable Scalar key;
    String keyText = "";
    boolean isMergeKey;
    long size = 1;

    Frame(int start, boolean isMapping, @Nullable String anchor) {
      this.start = start;
      this.isMapping = isMapping;
      this.anchor = anchor;
      this.entries = isMapping ? new ArrayList<>(4) : List.of();
      this.items = isMapping ? List.of() : new ArrayList<>(4);
    }
  }

  private YamlComposer(char[] text, int from, int to, ManifestParser.Limits limits) {
    this.text = text;
    this.from = from;
    this.to = to;
    this.limits = limits;
    this.reader = new CharReader(text, from, to, limits.scalarLength());
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setNestingDepthLimit(Integer.MAX_VALUE);
    this.parser = new ParserImpl(reader, options);
  }

  /** Makes the tree of a part of a text that has no document border in it. */
  static Composed compose(char[] text, int from, int to, ManifestParser.Limits limits)
      throws UnreadableException {
    return new YamlComposer(text, from, to, limits).compose();
  }

  private Composed compose() throws UnreadableException {
    next(); // the start of the stream
    if (next() instanceof StreamEndEvent) {
      return new Composed(null, -1, false, List.of());
    }
    Node root = root();
    DocumentEndEvent end = (DocumentEndEvent) next();
    int dropped = -1;
    if (end.getExplicit()) {
      dropped = firstContent(offset(end.getEndMark()));
    } else {
      int before = Math.max(from, offset(end.getEndMark()));
      if (!(next() instanceof StreamEndEvent)) {
        // A second document without a border: a lone carriage return ended the line before.
        dropped = firstContent(before);
      }
    }
    return new Composed(root, dropped, aliases > 0, ignoredTags);
  }

  private int firstContent(int start) {
    boolean isComment = false;
    for (int i = start; i < to; i++) {
      char c = text[i];
      if (c == '\n' || c == '\r') {
        isComment = false;
      } else if (c == '#') {
        isComment = true;
      } else if (!isComment && c != ' ' && c != '\t' && c != '\uFEFF') {
        return i;
      }
    }
    return -1;
  }

  private Node root() throws UnreadableException {
    ArrayDeque<Frame> open = new ArrayDeque<>();
    while (true) {
      Event event = next();
      Node node;
      long size = 1;
      if (event instanceof MappingStartEvent || event instanceof SequenceStartEvent) {
        open.push(begin(event, open));
        continue;
      } else if (event instanceof ScalarEvent scalar) {
        node = scalar(scalar);
        register(scalar.getAnchor(), node, 1);
      } else if (event instanceof AliasEvent alias) {
        node = alias(alias);
        size = anchoredSizes.getOrDefault(node, 1L);
      } else if (event instanceof MappingEndEvent || event instanceof SequenceEndEvent) {
        Frame frame = open.pop();
        node = end(frame, offset(event.getEndMark()));
        size = frame.size;
        register(frame.anchor, node, size);
      } else {
        throw syntax("the document has no value", null, offset(event.getStartMark()));
      }
      Frame parent = open.peek();
      if (parent == null) {
        return node;
      }
      parent.size = Math.min(parent.size + size, Integer.MAX_VALUE);
      add(parent, node, event);
    }
  }

  private void register(@Nullable String anchor, Node node, long size) {
    if (anchor != null) {
      anchors.put(anchor, node);
      anchoredSizes.put(node, size);
    }
  }

  private Frame begin(Event event, ArrayDeque<Frame> open) throws UnreadableException {
    int start = offset(event.getStartMark());
    count(start);
    if (open.size() >= limits.depth()) {
      throw new UnreadableException(
          ManifestRules.NESTING_TOO_DEEP,
          "values are nested deeper than " + limits.depth() + " levels",
          null,
          start,
          start + 1,
          null);
    }
    boolean isMapping = event instanceof MappingStartEvent;
    Frame parent = open.peek();
    if (parent != null && parent.isMapping && parent.key == null) {
      throw unscalarKey(start);
    }
    String tag =
        isMapping ? ((MappingStartEvent) event).getTag() : ((SequenceStartEvent) event).getTag();
    String core = isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq";
    if (tag != null && !tag.equals("!") && !tag.equals(core)) {
      throw new UnreadableException(
          ManifestRules.YAML_TAG,
          "a tag makes something else of a " + (isMapping ? "map" : "list"),
          PrintableText.quote(tag),
          start,
          start + 1,
          "leave the tag out");
    }
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, OPEN);
    }
    return new Frame(start, isMapping, anchor);
  }

  private UnreadableException unscalarKey(int start) {
    return new UnreadableException(
        ManifestRules.YAML_KEY,
        "a key is a map, a list or null",
        null,
        start,
        start + 1,
        "write a text in double quotes if this is meant to be one");
  }

  private void count(int start) throws UnreadableException {
    if (++nodes > limits.nodes()) {
      throw new UnreadableException(
          ManifestRules.TOO_MANY_NODES,
          "the document has more than " + limits.nodes() + " values",
          null,
          start,
          start + 1,
          "divide it into several documents");
    }
  }

  // OPEN is a mark, not a value that another node could equal.
  @SuppressWarnings("ReferenceEquality")
  private Node alias(AliasEvent alias) throws UnreadableException {
    int start = offset(alias.getStartMark());
    int end = offset(alias.getEndMark());
    count(start);
    Node target = anchors.get(alias.getAnchor());
    if (target == null || target == OPEN) {
      throw new UnreadableException(
          ManifestRules.YAML_ALIAS,
          target == null
              ? "an alias has no anchor before it in this document"
              : "an alias stands inside its own anchor",
          PrintableText.quote("*" + alias.getAnchor()),
          start,
          end,
          target == null ? "write the value in quotes if it is meant to begin with a star" : null);
    }
    if (++aliases > limits.aliases()) {
      throw new UnreadableException(
          ManifestRules.TOO_MANY_ALIASES,
          "the document has more than " + limits.aliases() + " aliases",
          null,
          start,
          end,
          null);
    }
    aliasedNodes += anchoredSizes.getOrDefault(target, 1L);
    if (aliasedNodes > limits.aliasedNodes()) {
      throw new UnreadableException(
          ManifestRules.ALIAS_EXPANSION,
          "the aliases of the document stand for more than " + limits.aliasedNodes() + " values",
          null,
          start,
          end,
          null);
    }
    return target;
  }

  private Scalar scalar(ScalarEvent event) throws UnreadableException {
    int start = offset(event.getStartMark());
    int end = offset(event.getEndMark());
    count(start);
    String value = event.getValue();
    if (value.length() > limits.scalarLength()) {
      throw tooLong(start, end);
    }
    String tag = event.getTag();
    boolean isBlock = event.isLiteral() || event.isFolded();
    if (tag == null || tag.equals("!")) {
      boolean isPlain = tag != null || event.isPlain();
      Kind kind = isPlain ? Scalars.kindOf(value) : Kind.STRING;
      if (kind == Kind.DECIMAL && Scalars.isUnrepresentable(value)) {
        throw badValue("is no number that JSON can hold", value, start, end);
      }
      return new Scalar(start, end, kind, value, isBlock);
    }
    return switch (tag) {
      case "tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp" ->
          new Scalar(start, end, Kind.STRING, value, isBlock);
      case "tag:yaml.org,2002:binary" ->
          new Scalar(start, end, Kind.STRING, binary(value, start, end), isBlock);
      case "tag:yaml.org,2002:int" -> tagged(value, Kind.INTEGER, "an integer", start, end);
      case "tag:yaml.org,2002:float" -> tagged(value, Kind.DECIMAL, "a number", start, end);
      case "tag:yaml.org,2002:bool" -> tagged(value, Kind.BOOLEAN, "a boolean", start, end);
      case "tag:yaml.org,2002:null" -> tagged(value, Kind.NULL, "null", start, end);
      default -> {
        // A merge key may carry its tag; every other tag of a scalar has no effect.
        if (!tag.equals("tag:yaml.org,2002:merge") && ignoredTags.size() < 100) {
          ignoredTags.add(new IgnoredTag(tag, start, end));
        }
        yield new Scalar(start, end, Kind.STRING, value, isBlock);
      }
    };
  }

  private Scalar tagged(String value, Kind wanted, String what, int start, int end)
      throws UnreadableException {
    Kind kind = Scalars.kindOf(value);
    boolean isNumber = kind == Kind.INTEGER || kind == Kind.DECIMAL;
    boolean fits = kind == wanted || (wanted == Kind.DECIMAL && isNumber);
    if (!fits || Scalars.isUnrepresentable(value)) {
      throw badValue("has the tag of " + what + ", but is none", value, start, end);
    }
    return new Scalar(start, end, kind, value, false);
  }

  private static UnreadableException badValue(String fault, String value, int start, int end) {
    return new UnreadableException(
        ManifestRules.YAML_VALUE,
        "a value " + fault,
        PrintableText.quote(value),
        start,
        end,
        "write it in quotes if it is meant to be a text");
  }

  private static String binary(String value, int start, int end) throws UnreadableException {
    StringBuilder digits = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) != '\n' && value.charAt(i) != '\r') {
        digits.append(value.charAt(i));
      }
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(digits.toString());
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw badValue("has the tag !!binary, but is no base64", value, start, end);
    }
  }

  private UnreadableException tooLong(int start, int end) {
    return new UnreadableException(
        ManifestRules.SCALAR_TOO_LONG,
        "a text has more than " + limits.scalarLength() + " characters",
        null,
        start,
        end,
        null);
  }

  private void add(Frame parent, Node node, Event event) throws UnreadableException {
    if (!parent.isMapping) {
      parent.items.add(node);
      return;
    }
    Scalar key = parent.key;
    if (key == null) {
      if (!(node instanceof Scalar scalar)) {
        throw unscalarKey(offset(event.getStartMark()));
      }
      // An alias as a key is the key it stands for, at the place of the alias.
      int start = offset(event.getStartMark());
      int end = offset(event.getEndMark());
      parent.key = new Scalar(start, end, scalar.kind(), scalar.text(), false);
      parent.isMergeKey =
          event instanceof ScalarEvent written
              && scalar.text().equals("<<")
              && (written.isPlain() || "tag:yaml.org,2002:merge".equals(written.getTag()));
      parent.keyText = keyText(scalar, start);
      return;
    }
    if (parent.isMergeKey) {
      merge(parent, node, key);
    } else {
      parent.entries.add(new Entry(parent.keyText, key.start(), key.end(), node));
    }
    parent.key = null;
  }

  /** Returns the text that a key becomes in JSON. */
  private String keyText(Scalar key, int start) throws UnreadableException {
    return switch (key.kind()) {
      case STRING -> key.text();
      case BOOLEAN -> Boolean.toString(Scalars.booleanOf(key.text()));
      case INTEGER -> {
        Long value = Scalars.longOf(key.text());
        yield value == null ? key.text() : Long.toString(value);
      }
      case DECIMAL -> Scalars.decimalKey(key.text());
      case NULL -> throw unscalarKey(start);
    };
  }

  private static void merge(Frame parent, Node node, Scalar key) throws UnreadableException {
    if (node instanceof Mapping) {
      parent.merges.add(node);
      return;
    }
    boolean isList =
        node instanceof Sequence list && list.items().stream().allMatch(i -> i instanceof Mapping);
    if (!isList) {
      throw new UnreadableException(
          ManifestRules.YAML_MERGE,
          "the merge key << has a value that is neither a map nor a list of maps",
          null,
          key.start(),
          key.end(),
          null);
    }
    parent.merges.addAll(((Sequence) node).items());
  }

  private Node end(Frame frame, int end) {
    if (!frame.isMapping) {
      return new Sequence(frame.start, Math.max(end, frame.start), frame.items);
    }
    List<Entry> entries = frame.entries;
    if (!frame.merges.isEmpty()) {
      Set<String> keys = new HashSet<>();
      for (Entry entry : entries) {
        keys.add(entry.key());
      }
      // What is written wins over what is merged, and the earlier of two merged maps wins.
      for (Node merged : frame.merges) {
        List<Entry> added = new ArrayList<>();
        List<Entry> candidates = ((Mapping) merged).entries();
        for (int i = candidates.size() - 1; i >= 0; i--) {
          if (keys.add(candidates.get(i).key())) {
            added.add(candidates.get(i));
          }
        }
        Collections.reverse(added);
        entries.addAll(added);
      }
    }
    return new Mapping(frame.start, Math.max(end, frame.start), entries);
  }

  private int offset(@Nullable Mark mark) {
    return mark == null ? reader.offset() : Math.min(mark.getIndex(), to);
  }

  private Event next() throws UnreadableException {
    try {
      return parser.getEvent();
    } catch (CharReader.WordTooLongException e) {
      throw tooLong(reader.offset(), reader.offset() + 1);
    } catch (MarkedYAMLException e) {
      int at = offset(e.getProblemMark());
      if (e.getContextMark() != null && "while scanning an alias".equals(e.getContext())) {
        at = offset(e.getContextMark());
      }
      String problem = e.getProblem() == null ? "" : e.getProblem();
      throw syntax(hintOf(problem, at), detailOf(e), at);
    } catch (RuntimeException e) {
      // The scanner has faults of its own on some malformed escapes.
      throw syntax("a malformed value", null, reader.offset());
    }
  }

  private static @Nullable String detailOf(MarkedYAMLException e) {
    String problem = e.getProblem();
    if (problem == null) {
      return null;
    }
    String context = e.getContext();
    return PrintableText.escape(context == null ? problem : context + ": " + problem);
  }

  private String hintOf(String problem, int at) {
    if (problem.contains("\\t(TAB)")) {
      return "a tab stands where only blanks may";
    }
    if (at < to && text[at] == '*') {
      return "a value begins with a star, which makes an alias of it";
    }
    if (problem.contains("mapping values are not allowed")) {
      return "a colon with a blank behind it stands inside a value, or a line is indented wrongly";
    }
    if (problem.contains("unexpected end of stream") || at >= to) {
      return "the document ends too early";
    }
    return "this is no YAML";
  }

  private UnreadableException syntax(String message, @Nullable String detail, int at) {
    Rule rule = ManifestRules.YAML_SYNTAX;
    String help =
        message.startsWith("a tab")
            ? "indent with blanks"
            : at < to && text[at] == '*' ? "write a value that begins with a star in quotes" : null;
    return new UnreadableException(rule, message, detail, at, at + 1, help);
  }
}
