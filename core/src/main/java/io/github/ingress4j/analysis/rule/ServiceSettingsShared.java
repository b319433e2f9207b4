package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;
import java.util.Objects;

/** Algorithm, hash and virtual address of a Service come from the first Ingress that names it. */
final class ServiceSettingsShared extends LintRule.OfPath {

  ServiceSettingsShared() {
    super(
        "service-settings-shared",
        Severity.WARNING,
        "an annotation about a Service does not count, because another Ingress has it",
        "ingress-nginx v1.15.1, upstreams");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    NginxModel.Upstream upstream = path.location().upstream();
    NginxModel.Owner owner = path.owner();
    if (upstream == null || upstream.first() == owner) {
      return;
    }
    for (String name : List.of("load-balance", "upstream-hash-by", "service-upstream")) {
      if (owner.isGiven(name) && !Objects.equals(owner.value(name), upstream.first().value(name))) {
        findings.annotation(
            owner,
            name,
            "the annotation does not count for the Service "
                + upstream.port()
                + ", because "
                + upstream.first().label()
                + Findings.at(upstream.first().ingress().origin().span())
                + " comes first and decides for all",
            "write the annotation in every Ingress of the Service");
      }
    }
  }
}
