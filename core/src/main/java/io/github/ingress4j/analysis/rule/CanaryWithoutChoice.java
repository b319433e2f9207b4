package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** Without a weight, a header and a cookie, no request goes to the canary. */
final class CanaryWithoutChoice extends LintRule.OfCanary {

  CanaryWithoutChoice() {
    super(
        "canary-without-choice",
        Severity.WARNING,
        "nothing ever chooses the canary",
        "ingress-nginx v1.15.1, annotation canary");
  }

  @Override
  void check(NginxModel.Owner canary, LintInput input, Findings findings) {
    if (canary.number("canary-weight") <= 0
        && !canary.isGiven("canary-by-header")
        && !canary.isGiven("canary-by-cookie")) {
      findings.annotation(
          canary,
          canary.isGiven("canary-weight") ? "canary-weight" : "canary",
          "no request goes to the canary: its weight is 0, and neither a header nor a cookie chooses"
              + " it",
          "add canary-weight, canary-by-header or canary-by-cookie");
    }
  }
}
