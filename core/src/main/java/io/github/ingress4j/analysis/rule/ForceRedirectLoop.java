package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Settings;

/** Without TLS of its own and without forwarded headers, the router sees http for ever. */
final class ForceRedirectLoop extends LintRule.OfIngress {

  ForceRedirectLoop() {
    super(
        "force-ssl-redirect-loop",
        Severity.WARNING,
        "a redirect to https does not end if TLS ends before the router",
        "ingress-nginx v1.15.1, https redirect");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    boolean believes =
        input.model().settings().flag(Settings.USE_FORWARDED_HEADERS)
            || input.model().settings().flag(Settings.USE_PROXY_PROTOCOL)
            || !input.settings().trustedProxies().isEmpty();
    if (believes
        || !Boolean.TRUE.equals(ingress.value("force-ssl-redirect"))
        || !ingress.isGiven("force-ssl-redirect")
        || !ingress.ingress().spec().tls().isEmpty()) {
      return;
    }
    findings.annotation(
        ingress,
        "force-ssl-redirect",
        "the Ingress has no TLS entry: if a load balancer in front ends TLS, every request still comes"
            + " as http and is redirected again, without end",
        "name the load balancer by --trusted-proxy, with use-forwarded-headers: \"true\" in the"
            + " ConfigMap of the controller; or add a TLS entry");
  }
}
