package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** Redirects come before address lists and authentication. */
final class RedirectBeforeAccess extends LintRule.OfIngress {

  RedirectBeforeAccess() {
    super(
        "redirect-before-access",
        Severity.WARNING,
        "a redirect is answered before anybody is asked who he is",
        "ingress-nginx v1.15.1, order of evaluation");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    List<String> guards = LintInput.protections(ingress);
    for (String name : LintInput.redirects(ingress)) {
      if (!guards.isEmpty()) {
        findings.annotation(
            ingress,
            name,
            "everybody gets the answer of "
                + name
                + ", because it comes before "
                + String.join(", ", guards)
                + ", which so protects nothing",
            "remove the protection, or let the back end redirect");
      }
    }
  }
}
