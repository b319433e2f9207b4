package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** With {@code non_idempotent} a POST is repeated after a failure. */
final class RetryWrites extends LintRule.OfIngress {

  RetryWrites() {
    super(
        "retry-writes",
        Severity.WARNING,
        "requests that change something can be sent twice",
        "RFC 9110, section 9.2.2");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.isGiven("proxy-next-upstream")
        && ingress.items("proxy-next-upstream").contains("non_idempotent")) {
      findings.annotation(
          ingress,
          "proxy-next-upstream",
          "a POST or PATCH that failed is sent to another endpoint, although the first one may have"
              + " carried it out",
          "remove non_idempotent, unless the back end recognises repeated requests");
    }
  }
}
