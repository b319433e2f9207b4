package io.github.ingress4j.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.manifest.Node.Entry;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the trees of JSON values that follow one another, with or without blanks between them.
 *
 * <p>Nothing here calls itself. Numbers are kept as they are written: an integer member takes no
 * {@code 80.0} from JSON.
 */
final class JsonComposer implements AutoCloseable {

  private final ManifestParser.Limits limits;
  private final JsonParser parser;
  private final int from;
  private final int to;
  private int nodes;
  private int last;

  /** A map or a list that has begun. */
  private static final class Frame {
    final int start;
    final @Nullable List<Entry> entries;
    final List<Node> items = new ArrayList<>(4);
    String key = "";
    int keyStart;
    int keyEnd;

    Frame(int start, boolean isMapping) {
      this.start = start;
      this.entries = isMapping ? new ArrayList<>(4) : null;
    }
  }

  JsonComposer(String text, int from, int to, ManifestParser.Limits limits) throws IOException {
    this.limits = limits;
    this.from = from;
    this.to = to;
    this.last = from;
    JsonFactory factory =
        JsonFactory.builder()
            // Tables of names shared between texts could be filled with colliding ones.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.depth())
                    .maxNumberLength(limits.numberLength())
                    .maxStringLength(limits.scalarLength())
                    .maxNameLength(limits.scalarLength())
                    .build())
            .build();
    this.parser = factory.createParser(text.substring(from, to));
  }

  /** Returns the offset behind the last value that {@link #next} returned. */
  int end() {
    return last;
  }

  /** Returns the next value, or {@code null} at the end. */
  @Nullable Node next() throws UnreadableException {
    try {
      Node node = value();
      last = end(parser.currentLocation());
      return node;
    } catch (StreamConstraintsException e) {
      throw new UnreadableException(
          ruleOf(e), messageOf(e), null, offset(parser.currentLocation()), 0, null);
    } catch (JsonProcessingException e) {
      int at = offset(e.getLocation());
      String detail = PrintableText.escape(complaint(e.getOriginalMessage()));
      throw new UnreadableException(
          ManifestRules.JSON_SYNTAX, "this is no JSON", detail, at, at + 1, null);
    } catch (IOException e) {
      throw new UnreadableException(
          ManifestRules.JSON_SYNTAX, "this is no JSON", null, last, last + 1, null);
    }
  }

  /** Leaves out where the parser says that the value began: it names its own source there. */
  private static String complaint(String message) {
    int aside = message.indexOf(" (start marker at");
    return aside < 0 ? message : message.substring(0, aside);
  }

  private static Rule ruleOf(StreamConstraintsException e) {
    String text = String.valueOf(e.getOriginalMessage());
    return text.contains("nesting depth")
        ? ManifestRules.NESTING_TOO_DEEP
        : text.contains("Number") ? ManifestRules.NUMBER_TOO_LONG : ManifestRules.SCALAR_TOO_LONG;
  }

  private String messageOf(StreamConstraintsException e) {
    Rule rule = ruleOf(e);
    if (rule.equals(ManifestRules.NESTING_TOO_DEEP)) {
      return "values are nested deeper than " + limits.depth() + " levels";
    }
    return rule.equals(ManifestRules.NUMBER_TOO_LONG)
        ? "a number has more than " + limits.numberLength() + " characters"
        : "a text has more than " + limits.scalarLength() + " characters";
  }

  private @Nullable Node value() throws IOException, UnreadableException {
    ArrayDeque<Frame> open = new ArrayDeque<>();
    while (true) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        // Inside a value the parser has already complained.
        return null;
      }
      int start = offset(parser.currentTokenLocation());
      Frame parent = open.peek();
      if (token == JsonToken.FIELD_NAME && parent != null) {
        parent.key = parser.currentName();
        parent.keyStart = start;
        parent.keyEnd = Math.min(to, start + parent.key.length() + 2);
        continue;
      }
      if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
        count(start);
        open.push(new Frame(start, token == JsonToken.START_OBJECT));
        continue;
      }
      Node node;
      if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
        Frame frame = open.pop();
        int end = end(parser.currentLocation());
        node =
            frame.entries == null
                ? new Sequence(frame.start, end, frame.items)
                : new Mapping(frame.start, end, frame.entries);
      } else {
        count(start);
        String text = parser.getText();
        node = new Scalar(start, end(parser.currentLocation()), kindOf(token), text, false);
      }
      parent = open.peek();
      if (parent == null) {
        return node;
      }
      if (parent.entries != null) {
        parent.entries.add(new Entry(parent.key, parent.keyStart, parent.keyEnd, node));
      } else {
        parent.items.add(node);
      }
    }
  }

  private static Kind kindOf(JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> Kind.NULL;
      case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
      case VALUE_NUMBER_INT -> Kind.INTEGER;
      case VALUE_NUMBER_FLOAT -> Kind.DECIMAL;
      default -> Kind.STRING;
    };
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

  private int offset(@Nullable JsonLocation location) {
    long at = location == null ? -1 : location.getCharOffset();
    return at < 0 ? last : (int) Math.min(to, from + at);
  }

  private int end(JsonLocation location) {
    return offset(location);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
