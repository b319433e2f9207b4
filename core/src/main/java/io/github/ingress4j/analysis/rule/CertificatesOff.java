package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** Without a certificate the subject is empty, and hardly any pattern matches that. */
final class CertificatesOff extends LintRule.OfHost {

  CertificatesOff() {
    super(
        "auth-tls-off",
        Severity.ERROR,
        "a name is demanded of certificates that nobody is asked for",
        "ingress-nginx v1.15.1, annotation auth-tls-match-cn");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = CertificatesOverHttp.owner(host);
    if (owner != null
        && owner.text("auth-tls-verify-client").equals("off")
        && !owner.text("auth-tls-match-cn").isEmpty()) {
      findings.annotation(
          owner,
          "auth-tls-match-cn",
          "every request for "
              + host.inWords()
              + " is answered 403, because auth-tls-verify-client is off, so nobody shows a"
              + " certificate whose name could match",
          "write auth-tls-verify-client: \"on\", or remove auth-tls-match-cn to let everybody pass");
    }
  }
}
