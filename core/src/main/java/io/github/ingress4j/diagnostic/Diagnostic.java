package io.github.ingress4j.diagnostic;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One finding about the input: what is wrong, where, and what to do.
 *
 * <p>Findings about user input are collected, never thrown. Made by {@link #of} and completed with
 * the {@code with} methods:
 *
 * <pre>{@code
 * Diagnostic.of(PATH_TYPE_MISSING, "pathType is required")
 *     .withSource(span)
 *     .withObject("Ingress shop/web")
 *     .withField("spec.rules[0].http.paths[1].pathType")
 *     .withHelp("add `pathType: Prefix` to match /api and everything below it");
 * }</pre>
 *
 * <p>Texts that quote the input have been through {@link PrintableText}, so every component can be
 * printed as it is, and none holds the content of a Secret.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rule the kind of finding
 * @param severity how much this occurrence matters
 * @param message one sentence without a final full stop
 * @param source where in the manifests, or {@code null} if the finding has no place there
 * @param excerpt the text of the line {@code source} points at, or {@code null} if it is not known
 *     or must not be shown
 * @param label what to say below the excerpt, or {@code null}
 * @param object the object concerned, such as {@code Ingress default/web}, or {@code null}
 * @param field the path of the member, spelt as the API server spells it, or {@code null}
 * @param help what the user can do, or {@code null}
 */
public record Diagnostic(
    Rule rule,
    Severity severity,
    String message,
    @Nullable SourceSpan source,
    @Nullable String excerpt,
    @Nullable String label,
    @Nullable String object,
    @Nullable String field,
    @Nullable String help) {

  /** Checks that rule, severity and message are there. */
  public Diagnostic {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(message, "message");
  }

  /**
   * Returns a finding with the severity of its rule and nothing else known.
   *
   * @param rule the kind of finding
   * @param message one sentence without a final full stop
   * @return the finding
   */
  public static Diagnostic of(Rule rule, String message) {
    return new Diagnostic(rule, rule.severity(), message, null, null, null, null, null, null);
  }

  /**
   * Returns this finding with another severity.
   *
   * @param value the severity
   * @return the changed finding
   */
  public Diagnostic withSeverity(Severity value) {
    return new Diagnostic(rule, value, message, source, excerpt, label, object, field, help);
  }

  /**
   * Returns this finding with its place.
   *
   * @param value the place, or {@code null}
   * @return the changed finding
   */
  public Diagnostic withSource(@Nullable SourceSpan value) {
    return new Diagnostic(rule, severity, message, value, excerpt, label, object, field, help);
  }

  /**
   * Returns this finding with the line it points at and what to say below it.
   *
   * @param line the text of the line, already printable, or {@code null}
   * @param note what to say below the marked part, or {@code null}
   * @return the changed finding
   */
  public Diagnostic withExcerpt(@Nullable String line, @Nullable String note) {
    return new Diagnostic(rule, severity, message, source, line, note, object, field, help);
  }

  /**
   * Returns this finding with the object concerned.
   *
   * @param value kind, blank, namespace, slash and name; without namespace and slash for objects
   *     that have none
   * @return the changed finding
   */
  public Diagnostic withObject(@Nullable String value) {
    return new Diagnostic(rule, severity, message, source, excerpt, label, value, field, help);
  }

  /**
   * Returns this finding with the member concerned.
   *
   * @param value the path as the API server spells it
   * @return the changed finding
   */
  public Diagnostic withField(@Nullable String value) {
    return new Diagnostic(rule, severity, message, source, excerpt, label, object, value, help);
  }

  /**
   * Returns this finding with advice.
   *
   * @param value what the user can do
   * @return the changed finding
   */
  public Diagnostic withHelp(@Nullable String value) {
    return new Diagnostic(rule, severity, message, source, excerpt, label, object, field, value);
  }

  /**
   * Returns whether this finding is an error.
   *
   * @return {@code true} if the severity is {@link Severity#ERROR}
   */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * Returns the finding on one line.
   *
   * @return {@code file:line:column: severity[rule]: message (object, field)}, without what is not
   *     known
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (source != null) {
      out.append(source).append(": ");
    }
    out.append(severity.word()).append('[').append(rule.id()).append("]: ").append(message);
    if (object != null) {
      out.append(" (").append(object);
      if (field != null) {
        out.append(", ").append(field);
      }
      out.append(')');
    } else if (field != null) {
      out.append(" (").append(field).append(')');
    }
    return out.toString();
  }
}
