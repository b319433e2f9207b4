package io.github.ingress4j.diagnostic;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A kind of finding. Rules are constants; a {@link Diagnostic} is one occurrence.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the stable name that users suppress by and pages are named after: lower-case words
 *     joined by {@code -}, such as {@code path-type-missing}
 * @param severity how much an occurrence matters unless the occurrence says otherwise
 * @param summary one line without a final full stop that says what is wrong in general
 * @param reference the text the rule enforces, such as {@code networking.k8s.io/v1,
 *     HTTPIngressPath.pathType}
 */
public record Rule(String id, Severity severity, String summary, String reference) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code id} is not lower-case words joined by {@code -}, or
   *     {@code summary} is blank
   */
  public Rule {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "rule id " + PrintableText.quote(id) + " is not lower-case words joined by '-'");
    }
    if (summary.isBlank()) {
      throw new IllegalArgumentException("rule " + id + " has no summary");
    }
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(reference, "reference");
  }
}
