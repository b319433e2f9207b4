package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.IngressSpec;
import java.util.HashSet;
import java.util.Set;

/** The sibling of from-to-www needs a certificate for https, too. */
final class SiteRedirectTls extends LintRule.OfHost {

  SiteRedirectTls() {
    super(
        "www-redirect-tls",
        Severity.WARNING,
        "no TLS entry covers the name that only redirects",
        "ingress-nginx v1.15.1, annotation from-to-www-redirect");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = host.siteRedirectOwner();
    NginxModel.Owner tls = host.tlsOwner();
    if (owner == null
        || tls == null
        || host.isWildcard()
        || SiteRedirectIdle.sibling(host, input) != null) {
      return;
    }
    String sibling = sibling(host);
    Set<String> covered = new HashSet<>();
    for (IngressSpec.Tls entry : tls.ingress().spec().tls()) {
      covered.addAll(entry.hosts());
    }
    if (covered.isEmpty()
        || covered.contains(sibling)
        || covered.contains("*" + sibling.substring(sibling.indexOf('.')))) {
      return;
    }
    findings.annotation(
        owner,
        "from-to-www-redirect",
        "https://"
            + sibling
            + " cannot redirect to "
            + host.name()
            + ", because no TLS entry names it and clients refuse the certificate",
        "add "
            + sibling
            + " to the hosts of the TLS entry of "
            + tls.label()
            + ", with a certificate for both");
  }

  /** The name that redirects to a host. */
  static String sibling(NginxModel.Host host) {
    return host.name().startsWith("www.") ? host.name().substring(4) : "www." + host.name();
  }
}
