package io.github.ingress4j.cli;

/** What the process says when it ends. The numbers are part of the product's contract. */
final class ExitCode {

  /** Everything is as it should be. */
  static final int OK = 0;

  /** The manifests have error findings, or the gateway could not start. */
  static final int FINDINGS = 1;

  /** The command line or a line of requests cannot be understood. */
  static final int USAGE = 2;

  /** A defect of this program, or its output could not be written. */
  static final int INTERNAL = 3;

  private ExitCode() {}
}
