package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an object or a part of it stands in its manifest, down to the single member.
 *
 * <p>A record made in code has {@link #NONE}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param span where the part begins, or {@code null} if it was made in code
 * @param members where each member's value stands, by the member's name; for a map such as the
 *     annotations, by its keys
 * @param keys where the names themselves stand, for a map of texts; empty for everything else
 */
public record Origin(
    @Nullable SourceSpan span, Map<String, SourceSpan> members, Map<String, SourceSpan> keys) {

  /** The origin of what was made in code. */
  public static final Origin NONE = new Origin(null, Map.of(), Map.of());

  /** Copies the maps. */
  public Origin {
    members = copy(members);
    keys = copy(keys);
  }

  /** Unlike {@link Map#copyOf}, takes linear time if the hashes of all names collide. */
  private static Map<String, SourceSpan> copy(Map<String, SourceSpan> places) {
    return places.isEmpty() ? Map.of() : Collections.unmodifiableMap(new HashMap<>(places));
  }

  /**
   * Makes an origin of a part whose names are not free.
   *
   * @param span where the part begins, or {@code null} if it was made in code
   * @param members where each member's value stands, by the member's name
   */
  public Origin(@Nullable SourceSpan span, Map<String, SourceSpan> members) {
    this(span, members, Map.of());
  }

  /**
   * Returns where the value of a member stands, or the part itself if the member is not written.
   *
   * @param member a member's name, such as {@code ingressClassName}
   * @return the place, or {@code null} if this part was made in code
   */
  public @Nullable SourceSpan of(String member) {
    return members.getOrDefault(member, span);
  }

  /**
   * Returns where the name of a member stands, for findings that are about the name and not the
   * value.
   *
   * @param member a member's name, such as the key of an annotation
   * @return the place; that of the value if the names of this part are not kept
   */
  public @Nullable SourceSpan ofKey(String member) {
    SourceSpan key = keys.get(member);
    return key == null ? of(member) : key;
  }
}
