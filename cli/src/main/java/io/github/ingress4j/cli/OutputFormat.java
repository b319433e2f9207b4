package io.github.ingress4j.cli;

/** Who reads what a command prints. */
enum OutputFormat {
  /** A person. */
  TEXT,
  /** A program. */
  JSON,
  /** A program that shows findings of any tool beside the code. */
  SARIF
}
