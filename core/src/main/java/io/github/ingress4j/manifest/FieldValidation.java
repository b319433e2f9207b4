package io.github.ingress4j.manifest;

/** What becomes of an object with unknown or duplicate members. */
public enum FieldValidation {
  /** The object is refused, as {@code kubectl} does by default. */
  STRICT,
  /** Unknown members are dropped with a warning, and the last of two equal ones counts. */
  IGNORE
}
