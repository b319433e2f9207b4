package io.github.ingress4j.diagnostic;

import java.util.Locale;

/** How much a finding matters, worst first. */
public enum Severity {
  /** Something the input asks for is refused or cannot work. */
  ERROR,
  /** The input works, but probably not as its author believes. */
  WARNING,
  /** Worth knowing; nothing to change. */
  INFO;

  /**
   * Returns the word that output formats use.
   *
   * @return {@code error}, {@code warning} or {@code info}
   */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
