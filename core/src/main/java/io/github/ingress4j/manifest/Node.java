package io.github.ingress4j.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document, with its place in the text. Values reached through an alias are the same
 * node, so a tree may be a graph; it has no cycles, and its full expansion is within the budget.
 */
sealed interface Node {

  /** Returns the offset of the first character. */
  int start();

  /** Returns the offset behind the last character. */
  int end();

  /** What a scalar is. */
  enum Kind {
    NULL,
    BOOLEAN,
    /** A number without a fractional part. */
    INTEGER,
    /** Any other number. */
    DECIMAL,
    STRING
  }

  /**
   * A scalar.
   *
   * @param text the content; for a boolean or a number as it was written
   * @param isBlock whether it was written as a block, with {@code |} or {@code >}
   */
  record Scalar(int start, int end, Kind kind, String text, boolean isBlock) implements Node {}

  /** A list. */
  record Sequence(int start, int end, List<Node> items) implements Node {}

  /** A map; its entries are in the order written, duplicates included, merged ones at the end. */
  record Mapping(int start, int end, List<Entry> entries) implements Node {

    /** Returns the last value written for a key, or {@code null}. */
    @Nullable Node get(String key) {
      for (int i = entries.size() - 1; i >= 0; i--) {
        if (entries.get(i).key().equals(key)) {
          return entries.get(i).value();
        }
      }
      return null;
    }
  }

  /** A key and its value. */
  record Entry(String key, int keyStart, int keyEnd, Node value) {}
}
