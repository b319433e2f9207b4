package io.github.ingress4j.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes to the header fields of a message: some set, some removed, some with lines appended. What
 * is not named stays.
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
  private final Set<String> appended;

  private HeaderEdits(Builder builder) {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(builder.edits);
    edits = Collections.unmodifiableMap(copy);
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(builder.appended);
    appended = Collections.unmodifiableSet(names);
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
   * Returns whether a field of the original message is replaced or removed. A field that lines are
   * only appended to is neither.
   *
   * @param name the field's name
   * @return {@code true} if the original lines must not be copied
   */
  public boolean covers(String name) {
    return edits.containsKey(name) && !appended.contains(name);
  }

  /**
   * Returns the fields that keep the lines of the original message and get more.
   *
   * @return names of {@link #asMap()}, in alphabetical order, found in any case
   */
  public Set<String> appended() {
    return appended;
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
    private final Set<String> appended = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

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
      HeaderValue.require(name, value);
      edits.put(name, List.of(value));
      appended.remove(name);
      return this;
    }

    /**
     * Adds a line to a field that is set here. The original lines go; see {@link #append} for the
     * other way.
     *
     * @param name the name, a token of RFC 9110
     * @param value the value
     * @return this builder
     * @throws IllegalArgumentException as {@link #set} does
     */
    public Builder add(String name, String value) {
      requireToken(name);
      HeaderValue.require(name, value);
      appended.remove(name);
      return line(name, value);
    }

    /**
     * Adds a line beside those of the original message, as for {@code Set-Cookie}. If the field is
     * set or removed here, the original lines stay away.
     *
     * @param name the name, a token of RFC 9110
     * @param value the value
     * @return this builder
     * @throws IllegalArgumentException as {@link #set} does
     */
    public Builder append(String name, String value) {
      requireToken(name);
      HeaderValue.require(name, value);
      if (!edits.containsKey(name)) {
        appended.add(name);
      }
      return line(name, value);
    }

    private Builder line(String name, String value) {
      List<String> values = new ArrayList<>(edits.getOrDefault(name, List.of()));
      values.add(value);
      edits.put(name, List.copyOf(values));
      return this;
    }

    /**
     * Makes other changes as well; where both speak of a field, theirs count. What they append is
     * appended here.
     *
     * @param other the other changes
     * @return this builder
     */
    public Builder addAll(HeaderEdits other) {
      other.edits.forEach(
          (name, values) -> {
            if (other.appended.contains(name)) {
              values.forEach(value -> append(name, value));
            } else {
              edits.put(name, values);
              appended.remove(name);
            }
          });
      return this;
    }

    /**
     * Removes a field, unless it is set here. What is appended to it stays, alone.
     *
     * @param name the name; anything a client may have sent
     * @return this builder
     */
    public Builder remove(String name) {
      edits.putIfAbsent(Objects.requireNonNull(name, "name"), List.of());
      appended.remove(name);
      return this;
    }

    /**
     * Removes a field, whatever was said of it before.
     *
     * @param name the name; anything a client may have sent
     * @return this builder
     */
    public Builder clear(String name) {
      edits.put(Objects.requireNonNull(name, "name"), List.of());
      appended.remove(name);
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
  }
}
