package io.github.ingress4j.manifest;

import io.github.ingress4j.manifest.Node.Entry;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tree of a YAML document that is written as most manifests are: block style, every value
 * on one line.
 *
 * <pre>
 *   metadata:                    a plain key of letters, digits and . _ / -
 *     labels: {}                 an empty map or list
 *     annotations:
 *       x/enabled: "true"        a text in quotes, without escapes
 *   rules:
 *   - host: a.shop  # comment    a plain value
 *     http:
 * </pre>
 *
 * <p>Most of a short run is spent before its code is compiled, and then on compiling it; the
 * scanner of the library is long and is entered for every token. Reading what is common in one pass
 * took a seventh off the processor time of {@code lint} over 1,000 Ingresses. This knows no fault:
 * at the first character of anything else, be it wrong, rare or beyond a limit, it gives up, and
 * {@link YamlComposer} reads the document from its start. What it does make equals what {@code
 * YamlComposer} makes of the same text, to the last offset, which a property test holds.
 *
 * <p>Nothing here calls itself, so nesting costs no stack.
 */
final class BlockComposer {

  private final char[] text;
  private final int to;
  private final ManifestParser.Limits limits;
  private final ArrayDeque<Frame> open = new ArrayDeque<>();
  private @Nullable Node root;
  private int at;
  private int lineStart;
  private int nodes;

  /** A map or a list that has begun. */
  private static final class Frame {
    final int start;
    final int indent;
    final boolean isMapping;

    /** Whether it is a list whose dashes stand below the key it belongs to. */
    final boolean isIndentless;

    final List<Entry> entries;
    final List<Node> items;

    /** The key whose value comes next, or {@code null}. */
    @Nullable String key;

    int keyStart;

    Frame(int start, int indent, boolean isMapping, boolean isIndentless) {
      this.start = start;
      this.indent = indent;
      this.isMapping = isMapping;
      this.isIndentless = isIndentless;
      this.entries = isMapping ? new ArrayList<>(4) : List.of();
      this.items = isMapping ? List.of() : new ArrayList<>(4);
    }
  }

  private BlockComposer(char[] text, int from, int to, ManifestParser.Limits limits) {
    this.text = text;
    this.at = from;
    this.to = to;
    this.limits = limits;
  }

  /**
   * Makes the tree of a part of a text that has no document border in it.
   *
   * @return the root, or {@code null} if the part has to be read by {@link YamlComposer}
   */
  static @Nullable Node compose(char[] text, int from, int to, ManifestParser.Limits limits) {
    // So no value of the part is too long.
    return to - from > limits.scalarLength()
        ? null
        : new BlockComposer(text, from, to, limits).compose();
  }

  private @Nullable Node compose() {
    while (toContent()) {
      if (!line()) {
        return null;
      }
    }
    if (at != to) {
      return null;
    }
    while (!open.isEmpty()) {
      close(to);
    }
    return nodes > limits.nodes() ? null : root;
  }

  /** Goes to the first character of the next line that has content; stops where there is none. */
  private boolean toContent() {
    while (at < to) {
      lineStart = at;
      skipBlanks();
      if (at == to) {
        return false;
      }
      if (text[at] != '\n' && text[at] != '#') {
        return true;
      }
      if (!endLine()) {
        return false;
      }
    }
    return false;
  }

  private void skipBlanks() {
    while (at < to && text[at] == ' ') {
      at++;
    }
  }

  /** Passes the end of a line that has nothing but a comment left. */
  private boolean endLine() {
    if (at < to && text[at] == '#') {
      while (at < to && isPrintable(text[at])) {
        at++;
      }
    }
    if (at < to && text[at] != '\n') {
      return false;
    }
    at = Math.min(to, at + 1);
    return true;
  }

  private static boolean isPrintable(char c) {
    // Line separators and the byte order mark, which YAML treats apart, are beyond.
    return (c >= ' ' && c < 0x7F) || (c >= 0xA0 && c < 0x2000);
  }

  private boolean line() {
    int indent = at - lineStart;
    boolean isItem = isItem();
    Frame top = open.peek();
    if (top == null) {
      return root == null && indent == 0 && !isItem && begin(true, false) && entry();
    }
    if (indent > top.indent) {
      // Deeper is the value of a key; else the line would go on with the value before it.
      return top.key != null && begin(!isItem, false) && (isItem ? item() : entry());
    }
    while (top.indent > indent) {
      top = closeFor(at);
    }
    if (top.indent < indent) {
      return false;
    }
    if (isItem) {
      if (top.isMapping) {
        return top.key != null && begin(false, true) && item();
      }
      return item();
    }
    if (!top.isMapping) {
      return top.isIndentless && closeFor(at).isMapping && entry();
    }
    if (top.key != null) {
      addNull(top);
    }
    return entry();
  }

  /**
   * Closes the innermost frame and returns the one around it; there is one, since one has indent 0.
   */
  private Frame closeFor(int end) {
    close(end);
    return open.element();
  }

  private void close(int end) {
    Frame frame = open.pop();
    if (frame.key != null) {
      addNull(frame);
    }
    Node node =
        frame.isMapping
            ? new Mapping(frame.start, end, frame.entries)
            : new Sequence(frame.start, end, frame.items);
    Frame parent = open.peek();
    if (parent == null) {
      root = node;
    } else {
      add(parent, node);
    }
  }

  private boolean begin(boolean isMapping, boolean isIndentless) {
    if (open.size() >= limits.depth()) {
      return false;
    }
    nodes++;
    open.push(new Frame(at, at - lineStart, isMapping, isIndentless));
    return true;
  }

  private void addNull(Frame frame) {
    nodes++;
    int end = frame.keyStart + (frame.key == null ? 0 : frame.key.length()) + 1;
    add(frame, new Scalar(end, end, Kind.NULL, "", false));
  }

  private static void add(Frame parent, Node node) {
    String key = parent.key;
    if (key == null) {
      parent.items.add(node);
    } else {
      parent.entries.add(new Entry(key, parent.keyStart, parent.keyStart + key.length(), node));
      parent.key = null;
    }
  }

  private boolean isItem() {
    return text[at] == '-' && at + 1 < to && text[at + 1] == ' ';
  }

  /** Reads an item of the innermost list, from its dash on. */
  private boolean item() {
    while (true) {
      at++;
      skipBlanks();
      if (at == to) {
        return false;
      }
      if (isItem()) {
        if (!begin(false, false)) {
          return false;
        }
      } else {
        return keyEnd() >= 0 ? begin(true, false) && entry() : value();
      }
    }
  }

  /** Returns where a key ends that begins here, or -1 if there is none. */
  private int keyEnd() {
    int i = at;
    while (i < to && isKeyPart(text[i])) {
      i++;
    }
    boolean isKey =
        i > at
            && i < to
            && text[i] == ':'
            && (i + 1 == to || text[i + 1] == ' ' || text[i + 1] == '\n')
            && i - at <= 512
            && text[at] != '-'
            && text[at] != '.';
    return isKey ? i : -1;
  }

  private static boolean isKeyPart(char c) {
    return isWordPart(c) || c == '.' || c == '/' || c == '-';
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** Reads a key of the innermost map and its value, if that is on the same line. */
  private boolean entry() {
    int end = keyEnd();
    if (end < 0) {
      return false;
    }
    String key = new String(text, at, end - at);
    if (Scalars.kindOf(key) != Kind.STRING) {
      return false;
    }
    Frame top = open.element();
    top.key = key;
    top.keyStart = at;
    nodes++;
    at = end + 1;
    skipBlanks();
    if (at == to || text[at] == '\n' || text[at] == '#') {
      return endLine();
    }
    return value();
  }

  /** Reads a value that ends on this line, for the innermost map or list. */
  private boolean value() {
    int start = at;
    char first = text[at];
    Node node;
    if (first == '\'' || first == '"') {
      node = quoted(first);
    } else if (first == '{' || first == '[') {
      node = empty(first);
    } else {
      node = isPlainStart(first) ? plain() : null;
    }
    if (node == null) {
      return false;
    }
    nodes++;
    add(open.element(), node);
    at = node.end();
    skipBlanks();
    boolean isGlued = at < to && text[at] == '#' && text[at - 1] != ' ';
    return at > start && !isGlued && endLine();
  }

  private @Nullable Node quoted(char quote) {
    int i = at + 1;
    while (i < to && isPrintable(text[i]) && text[i] != quote && text[i] != '\\') {
      i++;
    }
    // A backslash means itself between single quotes, but who writes one means an escape.
    if (i == to || text[i] != quote || (i + 1 < to && text[i + 1] == quote)) {
      return null;
    }
    return new Scalar(at, i + 1, Kind.STRING, new String(text, at + 1, i - at - 1), false);
  }

  private @Nullable Node empty(char bracket) {
    if (at + 1 == to || open.size() >= limits.depth()) {
      return null;
    }
    if (bracket == '{') {
      return text[at + 1] == '}' ? new Mapping(at, at + 2, List.of()) : null;
    }
    return text[at + 1] == ']' ? new Sequence(at, at + 2, List.of()) : null;
  }

  private boolean isPlainStart(char c) {
    return isWordPart(c)
        || c >= 0xA0
        || "/.$^(+~\\".indexOf(c) >= 0
        || (c == '-' && at + 1 < to && isWordPart(text[at + 1]));
  }

  private @Nullable Node plain() {
    int end = at;
    int i = at;
    for (; i < to && text[i] != '\n'; i++) {
      char c = text[i];
      if (c == ' ') {
        continue;
      }
      if (c == '#' && text[i - 1] == ' ') {
        break;
      }
      boolean isKey = c == ':' && (i + 1 == to || text[i + 1] == ' ' || text[i + 1] == '\n');
      if (isKey || !isPrintable(c)) {
        return null;
      }
      end = i + 1;
    }
    String value = new String(text, at, end - at);
    Kind kind = Scalars.kindOf(value);
    boolean isFit = kind != Kind.DECIMAL || !Scalars.isUnrepresentable(value);
    return isFit ? new Scalar(at, end, kind, value, false) : null;
  }
}
