package io.github.ingress4j.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Changes to the header fields of a message: some set, some removed. What is not named stays.
 *
 * <p>Names are compared without regard to case. Values hold no control characters and nothing above
 * U+00FF: {@link Builder#set} refuses them, so an adapter can send them as they are.
 *
 * <p>Immutable and thread-safe. Source: RFC 9110 section 5.
 */
public final class HeaderEdits {

  /** Changes nothing. */
  public static final HeaderEdits NONE = new HeaderEdits(new Builder());

  private final Map<String, List<String>> edits;

  private HeaderEdits(Builder builder) {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(builder.edits);
    edits = Collections.unmodifiableMap(copy);
  }

  /**
   * Returns a builder that changes nothing yet.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the changes by name.
   *
   * @return for each name the values to send, one a line; an empty list if the field is removed; in
   *     alphabetical order, found in any case
   */
  public Map<String, List<String>> asMap() {
    return edits;
  }

  /**
   * Returns whether a field of the original message is replaced or removed.
   *
   * @param name the field's name
   * @return {@code true} if the original lines must not be copied
   */
  public boolean covers(String name) {
    return edits.containsKey(name);
  }

  /**
   * Returns the changes in the order of their names.
   *
   * @return such as {@code {X-Forwarded-For=[10.0.0.1], X-Real-IP=[]}}
   */
  @Override
  public String toString() {
    return edits.toString();
  }

  /** Collects changes. Not thread-safe. */
  public static final class Builder {

    private final Map<String, List<String>> edits = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Builder() {}

    /**
     * Replaces a field by one line, whatever was said of it before.
     *
     * @param name the name, a token of RFC 9110
     * @param value the value
     * @return this builder
     * @throws IllegalArgumentException if {@code name} is no token, or {@code value} holds a
     *     control character other than a tab, or a character above U+00FF
     */
    public Builder set(String name, String value) {
      requireToken(name);
      requireFieldValue(name, value);
      edits.put(name, List.of(value));
      return this;
    }

    /**
     * Adds a line to a field that is set here.
     *
     * @param name the name, a token of RFC 9110
     * @param value the value
     * @return this builder
     * @throws IllegalArgumentException as {@link #set} does
     */
    public Builder add(String name, String value) {
      requireToken(name);
      requireFieldValue(name, value);
      List<String> values = new ArrayList<>(edits.getOrDefault(name, List.of()));
      values.add(value);
      edits.put(name, List.copyOf(values));
      return this;
    }

    /**
     * Removes a field, unless it is set here.
     *
     * @param name the name; anything a client may have sent
     * @return this builder
     */
    public Builder remove(String name) {
      edits.putIfAbsent(Objects.requireNonNull(name, "name"), List.of());
      return this;
    }

    /**
     * Makes the changes.
     *
     * @return the changes
     */
    public HeaderEdits build() {
      return new HeaderEdits(this);
    }

    private static void requireToken(String name) {
      if (!HeaderName.isToken(name)) {
        throw new IllegalArgumentException("a header name must be a token of RFC 9110");
      }
    }

    private static void requireFieldValue(String name, String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
          throw new IllegalArgumentException(
              "the value of header "
                  + name
                  + " holds a character that no header may hold, at index "
                  + i);
        }
      }
    }
  }
}
