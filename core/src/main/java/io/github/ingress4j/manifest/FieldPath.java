package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.PrintableText;
import org.jspecify.annotations.Nullable;

/**
 * The path of a member, spelt as the API server spells it. Only a finding makes a text of it.
 *
 * <p>Immutable and thread-safe.
 */
final class FieldPath {

  static final FieldPath ROOT = new FieldPath(null, "", -1);

  private final @Nullable FieldPath parent;
  private final String name;
  private final int index;

  private FieldPath(@Nullable FieldPath parent, String name, int index) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  /** Returns the path of a member. */
  FieldPath member(String member) {
    return new FieldPath(this, member, -1);
  }

  /** Returns the path of an item of a list. */
  FieldPath item(int number) {
    return new FieldPath(this, "", number);
  }

  /** Returns the path of a value of a map. */
  FieldPath key(String key) {
    return new FieldPath(this, "[" + PrintableText.escape(key, 100) + "]", -1);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out);
    return out.toString();
  }

  private void append(StringBuilder out) {
    if (parent == null) {
      return;
    }
    parent.append(out);
    if (index >= 0) {
      out.append('[').append(index).append(']');
    } else if (name.startsWith("[")) {
      out.append(name);
    } else {
      if (out.length() > 0) {
        out.append('.');
      }
      out.append(PrintableText.escape(name, 100));
    }
  }
}
