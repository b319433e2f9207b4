package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** SEC-45: {@code *} together with credentials, which browsers refuse. */
final class CorsAnyOrigin extends LintRule.OfIngress {

  CorsAnyOrigin() {
    super(
        "cors-credentials-any-origin",
        Severity.WARNING,
        "credentials are allowed for every origin",
        "Fetch standard, CORS protocol and credentials");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.flag("enable-cors")
        && ingress.flag("cors-allow-credentials")
        && ingress.items("cors-allow-origin").contains("*")) {
      boolean isWritten = ingress.isGiven("cors-allow-origin");
      if (!isWritten && ingress.isWritten("cors-allow-origin")) {
        // The reader says what is wrong with the list, and that every origin is accepted.
        return;
      }
      findings.annotation(
          ingress,
          isWritten ? "cors-allow-origin" : "enable-cors",
          "every origin is allowed together with credentials, and browsers refuse that combination"
              + (isWritten ? "" : "; without cors-allow-origin every origin is allowed"),
          "list the origins in cors-allow-origin, such as https://app.example, or add"
              + " cors-allow-credentials: \"false\"");
    }
  }
}
