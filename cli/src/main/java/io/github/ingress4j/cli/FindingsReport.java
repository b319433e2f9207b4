package io.github.ingress4j.cli;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import java.io.PrintWriter;
import java.util.List;

/** The short form of findings, for commands whose output is something else. */
final class FindingsReport {

  private static final int MAX_LINES = 20;

  private FindingsReport() {}

  /**
   * Prints the errors, a line each, and how many findings there are.
   *
   * @param findings the findings
   * @param err where to
   * @return whether one of them is an error
   */
  static boolean print(List<Diagnostic> findings, PrintWriter err) {
    int errors = 0;
    int warnings = 0;
    for (Diagnostic finding : findings) {
      if (finding.severity() == Severity.ERROR) {
        if (errors++ < MAX_LINES) {
          err.println(finding);
        }
      } else if (finding.severity() == Severity.WARNING) {
        warnings++;
      }
    }
    if (errors > MAX_LINES) {
      err.println("and " + Words.count(errors - MAX_LINES, "more error"));
    }
    if (errors + warnings > 0) {
      err.println(
          "ingress4j: "
              + (errors == 0 ? "" : Words.count(errors, "error"))
              + (errors > 0 && warnings > 0 ? ", " : "")
              + (warnings == 0 ? "" : Words.count(warnings, "warning"))
              + " in the manifests; 'ingress4j lint' shows everything");
    }
    return errors > 0;
  }
}
