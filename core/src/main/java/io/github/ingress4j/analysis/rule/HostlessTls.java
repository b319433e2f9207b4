package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.IngressRule;

/**
 * The certificate entry of a rule without a host is that of the name {@code _}, which no request
 * has.
 */
final class HostlessTls extends LintRule.OfIngress {

  HostlessTls() {
    super(
        "tls-without-host",
        Severity.WARNING,
        "TLS of a rule without a host does not redirect to https",
        "ingress-nginx v1.15.1, https redirect");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.ingress().spec().tls().isEmpty()
        || !ingress.flag("ssl-redirect")
        || ingress.flag("force-ssl-redirect")) {
      return;
    }
    for (IngressRule rule : ingress.ingress().spec().rules()) {
      if (rule.host().isEmpty()) {
        findings.spec(
            ingress,
            "tls",
            "the rule without a host is served over http as well: TLS redirects named hosts only",
            "name the host in the rule, or add the annotation force-ssl-redirect: \"true\"");
        return;
      }
    }
  }
}
