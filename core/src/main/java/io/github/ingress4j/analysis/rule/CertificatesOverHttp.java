package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import org.jspecify.annotations.Nullable;

/** Nobody can be asked for a certificate on a connection without TLS, so everybody passes. */
final class CertificatesOverHttp extends LintRule.OfHost {

  CertificatesOverHttp() {
    super(
        "auth-tls-over-http",
        Severity.ERROR,
        "client certificates are demanded, and http requests pass without one",
        "ingress-nginx v1.15.1, annotation auth-tls-secret");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = owner(host);
    if (owner == null
        || !owner.text("auth-tls-verify-client").equals("on")
        || !owner.text("auth-tls-match-cn").isEmpty()) {
      return;
    }
    for (NginxModel.Location location : host.locations()) {
      NginxModel.Owner open = location.owner();
      if (open != null && location.upstream() != null && !input.redirectsToHttps(location)) {
        findings.annotation(
            owner,
            "auth-tls-secret",
            "http requests for the path "
                + PrintableText.quote(location.path())
                + " of "
                + host.inWords()
                + " pass without a certificate, because they are not redirected to https",
            input.redirectAdvice(host, open));
        return;
      }
    }
  }

  /** The Ingress that says what certificates a host asks for; null if it asks for none. */
  static NginxModel.@Nullable Owner owner(NginxModel.Host host) {
    for (NginxModel.Owner owner : host.claimants()) {
      if (owner.isGiven("auth-tls-secret")) {
        return owner;
      }
    }
    return null;
  }
}
