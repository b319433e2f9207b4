package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** The Location of from-to-www always carries the port of the listener. */
final class SiteRedirectPort extends LintRule.OfHost {

  SiteRedirectPort() {
    super(
        "www-redirect-port",
        Severity.INFO,
        "the redirect between names with and without www shows a port",
        "ingress-nginx v1.15.1, annotation from-to-www-redirect");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = host.siteRedirectOwner();
    if (owner != null && !host.isWildcard() && SiteRedirectIdle.sibling(host, input) == null) {
      findings.annotation(
          owner,
          "from-to-www-redirect",
          "the redirect to "
              + host.name()
              + " always names a port, as in http://"
              + host.name()
              + ":80/; behind a load balancer it is the port of the router",
          "nothing to do, if clients reach the router on 80 and 443");
    }
  }
}
