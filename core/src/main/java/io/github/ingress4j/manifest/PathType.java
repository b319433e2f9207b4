package io.github.ingress4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * How the path of a rule is compared with that of a request.
 *
 * <p>Source: networking.k8s.io/v1, PathType.
 */
public enum PathType {
  /** The same string, case and trailing slash included. */
  EXACT("Exact"),
  /** The first elements, split at {@code /} and compared whole. */
  PREFIX("Prefix"),
  /** Left to the dialect. */
  IMPLEMENTATION_SPECIFIC("ImplementationSpecific");

  private final String text;

  PathType(String text) {
    this.text = text;
  }

  /**
   * Returns the type as manifests write it.
   *
   * @return such as {@code Prefix}
   */
  public String text() {
    return text;
  }

  /**
   * Returns the type that a manifest names.
   *
   * @param text the value of {@code pathType}; case matters
   * @return the type, or {@code null} if there is none of that name
   */
  public static @Nullable PathType of(String text) {
    for (PathType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return null;
  }
}
