package io.github.ingress4j.cli;

import io.github.ingress4j.diagnostic.Severity;

/** The colours of text, or none. */
enum Palette {
  /** Plain text. */
  PLAIN(false),
  /** The colour codes of terminals (ECMA-48, SGR). */
  COLOURED(true);

  private final boolean isColoured;

  Palette(boolean isColoured) {
    this.isColoured = isColoured;
  }

  static Palette of(Streams streams) {
    return streams.isColoured() ? COLOURED : PLAIN;
  }

  String bold(String text) {
    return coded("1", text);
  }

  String dim(String text) {
    return coded("2", text);
  }

  String good(String text) {
    return coded("1;32", text);
  }

  String bad(String text) {
    return coded("1;31", text);
  }

  /** Returns a text in the colour of a severity. */
  String severity(Severity severity, String text) {
    return switch (severity) {
      case ERROR -> bad(text);
      case WARNING -> coded("1;33", text);
      case INFO -> coded("1;36", text);
    };
  }

  private String coded(String code, String text) {
    return isColoured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
