package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/**
 * Without a default back end the controller's own 404 page takes the place of every listed error.
 */
final class CustomErrorsBackend extends LintRule.OfIngress {

  CustomErrorsBackend() {
    super(
        "custom-errors-without-backend",
        Severity.WARNING,
        "error pages are asked for, and nobody makes them",
        "ingress-nginx v1.15.1, annotation custom-http-errors");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.isGiven("custom-http-errors")
        && !ingress.isGiven("default-backend")
        && input.settings().defaultBackend() == null) {
      findings.annotation(
          ingress,
          "custom-http-errors",
          "the listed errors are replaced by the controller's own page with the status 404, because"
              + " there is no default back end",
          "add the annotation default-backend with a Service that answers for errors, or name one by"
              + " --default-backend");
    }
  }
}
