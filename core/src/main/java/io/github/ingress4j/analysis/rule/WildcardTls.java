package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** A plain host is redirected to https when its wildcard parent has a certificate. */
final class WildcardTls extends LintRule.OfHost {

  WildcardTls() {
    super(
        "tls-wildcard-redirect",
        Severity.WARNING,
        "TLS of a wildcard host redirects a host without TLS",
        "ingress-nginx v1.15.1, https redirect");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Host parent = host.tlsOwner() == null ? input.wildcardAbove(host) : null;
    NginxModel.Owner tls = parent == null ? null : parent.tlsOwner();
    if (parent == null || tls == null) {
      return;
    }
    for (NginxModel.Location location : host.writtenPaths()) {
      NginxModel.Owner owner = location.owner();
      if (owner != null && owner.flag("ssl-redirect") && !owner.flag("force-ssl-redirect")) {
        findings.host(
            owner,
            host.name(),
            "requests for "
                + host.name()
                + " are redirected to https, although it has no TLS entry: the one of "
                + parent.name()
                + " in "
                + tls.label()
                + " counts for it",
            "add a TLS entry for the host, or the annotation ssl-redirect: \"false\"");
        return;
      }
    }
  }
}
