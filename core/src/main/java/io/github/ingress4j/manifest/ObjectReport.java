package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The findings about one object. One fault is one finding: what follows from a value that could not
 * be read is left out.
 *
 * <p>In the report on a Secret no value and no key is quoted, and no line is shown.
 */
final class ObjectReport {

  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(
          Diagnostic::source,
          Comparator.nullsFirst(
              Comparator.comparingInt(SourceSpan::line).thenComparingInt(SourceSpan::column)));

  /** The findings from which on no names are compared for advice. */
  private static final int CROWD = 1000;

  private final @Nullable SourceText text;
  private final boolean isSecret;
  private final List<Diagnostic> findings = new ArrayList<>(0);
  private final Set<String> unread = new HashSet<>(0);

  /** What holds a member that could not be read, at any depth. */
  private final Set<String> unreadAbove = new HashSet<>(0);

  private String label;
  private boolean isRefused;

  /**
   * Begins a report.
   *
   * @param text what the object was read from, or {@code null} if it was made in code
   * @param label how the object is named until more is known
   * @param isSecret whether nothing may be quoted
   */
  ObjectReport(@Nullable SourceText text, String label, boolean isSecret) {
    this.text = text;
    this.label = label;
    this.isSecret = isSecret;
  }

  void name(String objectLabel) {
    this.label = objectLabel;
  }

  /** Returns a text from the input in quotes, or words in its place. */
  String quote(String value) {
    return isSecret ? "(not shown)" : PrintableText.quote(value);
  }

  boolean isSecret() {
    return isSecret;
  }

  /** Returns whether the API server would refuse the object. */
  boolean isRefused() {
    return isRefused;
  }

  /** Returns whether there are so many findings already that advice is not worth its cost. */
  boolean isCrowded() {
    return findings.size() >= CROWD;
  }

  /** Begins a finding about a member. Nothing happens until {@link Finding#add}. */
  Finding about(Rule rule, FieldPath path, @Nullable SourceSpan span) {
    return new Finding(rule, path, span);
  }

  /** Hands the findings on, in the order of their places. */
  void flush(Findings target) {
    findings.sort(BY_PLACE);
    for (Diagnostic finding : findings) {
      String name = PrintableText.escape(label);
      target.add(finding.withObject(name));
    }
    findings.clear();
  }

  private boolean isUnread(String path) {
    if (unread.isEmpty()) {
      return false;
    }
    for (int end = path.length(); end > 0; end--) {
      boolean isEdge = end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[';
      if (isEdge && unread.contains(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  private void markUnread(String path) {
    unread.add(path);
    for (int end = path.length() - 1; end > 0; end--) {
      boolean isEdge = path.charAt(end) == '.' || path.charAt(end) == '[';
      // What is above a path that is known already is known too.
      if (isEdge && !unreadAbove.add(path.substring(0, end))) {
        return;
      }
    }
  }

  /** A finding in the making. */
  final class Finding {
    private final Rule rule;
    private final FieldPath path;
    private final @Nullable SourceSpan span;
    private Severity severity;
    private @Nullable String note;
    private @Nullable String help;
    private boolean isConsequence;
    private boolean isUnreadable;

    private Finding(Rule rule, FieldPath path, @Nullable SourceSpan span) {
      this.rule = rule;
      this.path = path;
      this.span = span;
      this.severity = rule.severity();
    }

    /** Sets what to say below the marked part of the line. */
    Finding note(@Nullable String value) {
      note = value;
      return this;
    }

    Finding help(@Nullable String value) {
      help = value;
      return this;
    }

    Finding severity(Severity value) {
      severity = value;
      return this;
    }

    /** Leaves the finding out if something below the member could not be read. */
    Finding unlessBelowIsUnread() {
      isConsequence = true;
      return this;
    }

    /** Says that the member could not be read, so that nothing more is said about it. */
    Finding unread() {
      isUnreadable = true;
      return this;
    }

    void add(String message) {
      String field = path.toString();
      if (severity == Severity.ERROR) {
        isRefused = true;
      }
      if (isUnreadable) {
        markUnread(field);
      } else if (isUnread(field) || (isConsequence && unreadAbove.contains(field))) {
        return;
      }
      String excerpt = text == null || span == null || isSecret ? null : text.excerpt(span.line());
      findings.add(
          new Diagnostic(
              rule,
              severity,
              message,
              span,
              excerpt,
              excerpt == null ? null : note,
              null,
              field.isEmpty() ? null : field,
              help));
    }
  }
}
