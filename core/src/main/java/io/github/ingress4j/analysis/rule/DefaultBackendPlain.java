package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** The redirect and rewrite groups are not applied to the root of the default host. */
final class DefaultBackendPlain extends LintRule.OfIngress {

  DefaultBackendPlain() {
    super(
        "default-backend-plain",
        Severity.WARNING,
        "redirects and rewrites of a default back end do nothing",
        "ingress-nginx v1.15.1, from Ingress objects to the routing model");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (!ingress.ingress().spec().rules().isEmpty()
        || ingress.ingress().spec().defaultBackend() == null) {
      return;
    }
    for (String name :
        List.of(
            "rewrite-target",
            "use-regex",
            "app-root",
            "force-ssl-redirect",
            "permanent-redirect",
            "temporal-redirect",
            "from-to-www-redirect")) {
      if (ingress.isGiven(name) && !Boolean.FALSE.equals(ingress.value(name))) {
        findings.annotation(
            ingress,
            name,
            "the annotation does nothing: redirects and rewrites are not applied to the default back"
                + " end of an Ingress without rules",
            "write a rule with the path / and without a host");
      }
    }
  }
}
