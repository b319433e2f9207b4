package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** A canary hangs on the Service, so it takes effect wherever the Service is used. */
final class CanaryWide extends LintRule.OfCanary {

  CanaryWide() {
    super(
        "canary-wide",
        Severity.WARNING,
        "a canary takes requests of paths that it does not name",
        "ingress-nginx v1.15.1, annotation canary");
  }

  @Override
  void check(NginxModel.Owner canary, LintInput input, Findings findings) {
    Set<Backend.ServicePort> told = new HashSet<>();
    for (NginxModel.Location main : CanaryPaths.mainsOf(canary, input)) {
      NginxModel.Upstream upstream = Objects.requireNonNull(main.upstream());
      if (!told.add(upstream.port())) {
        continue;
      }
      for (NginxModel.Location location :
          input.locationsByPort().getOrDefault(upstream.port(), Set.of())) {
        if (!CanaryPaths.names(canary, location)) {
          findings.annotation(
              canary,
              "canary",
              "the canary also takes requests for "
                  + PrintableText.quote(location.path())
                  + " of "
                  + location.host().inWords()
                  + Findings.at(location.span())
                  + ", because they go to the same Service "
                  + upstream.port(),
              "use a Service of its own for the paths that have a canary; two Services can select the"
                  + " same pods");
          break;
        }
      }
    }
  }
}
