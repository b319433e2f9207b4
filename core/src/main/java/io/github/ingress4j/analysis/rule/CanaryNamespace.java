package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** SEC-33: a canary hangs itself on the paths of any namespace. */
final class CanaryNamespace extends LintRule.OfCanary {

  CanaryNamespace() {
    super(
        "canary-namespace",
        Severity.WARNING,
        "a canary takes requests of another namespace",
        "ingress-nginx v1.15.1, annotation canary");
  }

  @Override
  void check(NginxModel.Owner canary, LintInput input, Findings findings) {
    String namespace = canary.ingress().metadata().namespace();
    for (NginxModel.Location main : CanaryPaths.mainsOf(canary, input)) {
      NginxModel.Owner owner = main.owner();
      if (owner != null && !owner.ingress().metadata().namespace().equals(namespace)) {
        findings.annotation(
            canary,
            "canary",
            "the canary takes requests that "
                + owner.label()
                + " has the path for"
                + Findings.at(main.span())
                + ", which is in another namespace",
            "keep a canary in the namespace of the Ingress whose requests it shares");
        return;
      }
    }
  }
}
