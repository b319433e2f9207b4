package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;
import java.util.Objects;

/** The first Ingress of a host with client certificates says all of it, for every path. */
final class CertificatesTwice extends LintRule.OfHost {

  /** What an Ingress can say of the certificates of clients. */
  private static final List<String> ANNOTATIONS =
      List.of(
          "auth-tls-secret",
          "auth-tls-verify-client",
          "auth-tls-verify-depth",
          "auth-tls-match-cn",
          "auth-tls-error-page",
          "auth-tls-pass-certificate-to-upstream");

  CertificatesTwice() {
    super(
        "auth-tls-twice",
        Severity.ERROR,
        "a host is asked for client certificates in several ways, and one counts",
        "ingress-nginx v1.15.1, annotation auth-tls-secret");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner winner = CertificatesOverHttp.owner(host);
    if (winner == null) {
      return;
    }
    for (NginxModel.Owner other : host.claimants()) {
      if (other == winner || !other.isGiven("auth-tls-secret")) {
        continue;
      }
      for (String name : ANNOTATIONS) {
        if (!Objects.equals(other.value(name), winner.value(name))) {
          findings.annotation(
              other,
              other.isGiven(name) ? name : "auth-tls-secret",
              "the client certificates of "
                  + host.inWords()
                  + " are those that "
                  + winner.label()
                  + " asks for"
                  + Findings.at(winner.span("auth-tls-secret"))
                  + ", because it comes first, and "
                  + name
                  + " differs there, so what "
                  + other.label()
                  + " asks for does not count, not even on its own paths",
              "write the same annotations auth-tls-* in both, or give the paths of "
                  + other.label()
                  + " a host of their own");
          break;
        }
      }
    }
  }
}
