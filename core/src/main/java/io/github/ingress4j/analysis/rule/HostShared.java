package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.dialect.kubernetes.KubernetesRules;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.Set;

/** Whoever may write an Ingress in one namespace takes requests of the other. */
final class HostShared extends LintRule.OfHost {

  HostShared() {
    super(KubernetesRules.HOST_SHARED);
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner first = null;
    Set<String> told = new HashSet<>();
    for (NginxModel.Owner owner : host.owners()) {
      String namespace = owner.ingress().metadata().namespace();
      if (first == null) {
        first = owner;
        told.add(namespace);
      } else if (told.add(namespace)) {
        findings.host(
            owner,
            host.name(),
            (host.isDefault() ? "rules for every host" : "rules for " + host.name())
                + " are also in "
                + first.label()
                + Findings.at(first.ingress().origin().span()),
            "whoever writes Ingresses in one namespace takes requests from the other; keep a host in"
                + " one namespace unless that is meant");
      }
    }
  }
}
