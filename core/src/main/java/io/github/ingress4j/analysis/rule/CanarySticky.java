package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.Objects;

/** A session cookie of the main back end beats header and cookie of the canary. */
final class CanarySticky extends LintRule.OfCanary {

  CanarySticky() {
    super(
        "canary-sticky",
        Severity.WARNING,
        "sessions of the main back end ignore the rules of the canary",
        "ingress-nginx v1.15.1, annotation canary");
  }

  @Override
  void check(NginxModel.Owner canary, LintInput input, Findings findings) {
    String rule =
        canary.isGiven("canary-by-header")
            ? "canary-by-header"
            : canary.isGiven("canary-by-cookie") ? "canary-by-cookie" : "";
    for (NginxModel.Location main : CanaryPaths.mainsOf(canary, input)) {
      NginxModel.Upstream upstream = Objects.requireNonNull(main.upstream());
      if (!rule.isEmpty() && upstream.isSticky()) {
        findings.annotation(
            canary,
            rule,
            "whoever has a session cookie of the Service "
                + upstream.port()
                + " stays there, whatever "
                + rule
                + " says",
            "clear the session cookie when testing, or do without affinity on the main Ingress");
        return;
      }
    }
  }
}
