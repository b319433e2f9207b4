package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Rule;
import org.jspecify.annotations.Nullable;

/**
 * A document cannot be read. Becomes a finding and never leaves the package.
 *
 * <p>The message never quotes the text, the detail may: it is left out of a document that might
 * hold a Secret.
 */
final class UnreadableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Rule rule;
  private final transient @Nullable String detail;
  private final transient @Nullable String help;
  private final int start;
  private final int end;

  UnreadableException(
      Rule rule,
      String message,
      @Nullable String detail,
      int start,
      int end,
      @Nullable String help) {
    // It is thrown at most once a document and caught close by: no trace is ever read.
    super(message, null, false, false);
    this.rule = rule;
    this.detail = detail;
    this.help = help;
    this.start = start;
    this.end = end;
  }

  Rule rule() {
    return rule;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  @Nullable String detail() {
    return detail;
  }

  @Nullable String help() {
    return help;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }
}
