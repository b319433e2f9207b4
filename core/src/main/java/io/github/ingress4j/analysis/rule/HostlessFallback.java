package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** There is no fall-through from a named host to the rules without one. */
final class HostlessFallback extends LintRule.OfIngress {

  HostlessFallback() {
    super(
        "hostless-no-fallback",
        Severity.INFO,
        "a rule without a host is for unknown hosts only",
        "ingress-nginx v1.15.1, host selection");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    for (NginxModel.Host host : input.model().hosts()) {
      if (host.isDefault()) {
        continue;
      }
      boolean isFallback =
          ingress.ingress().spec().rules().isEmpty()
              && ingress.ingress().spec().defaultBackend() != null;
      if (isFallback) {
        findings.spec(
            ingress,
            "defaultBackend",
            "the default back end takes requests for unknown hosts only: paths of "
                + host.name()
                + " that no rule has are answered 404",
            "write a path / for each host that is to have a fallback");
      } else {
        findings.host(
            ingress,
            "",
            "the rule takes requests for unknown hosts only: paths of "
                + host.name()
                + " that no rule has are answered 404",
            "write the rule for each host that is to have it");
      }
      return;
    }
  }
}
