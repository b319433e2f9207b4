package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.Set;

/** Basic authentication sends the password with every request. */
final class AuthOverHttp extends LintRule.OfHost {

  AuthOverHttp() {
    super(
        "auth-over-http",
        Severity.WARNING,
        "passwords are asked for on connections without TLS",
        "RFC 7617, section 4");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    Set<NginxModel.Owner> told = new HashSet<>();
    for (NginxModel.Location location : host.writtenPaths()) {
      NginxModel.Owner owner = location.owner();
      if (owner != null
          && owner.text("auth-type").contains("basic")
          && !AuthRealmOff.isOff(owner)
          && !input.redirectsToHttps(location)
          && told.add(owner)) {
        findings.annotation(
            owner,
            "auth-type",
            "passwords for "
                + host.inWords()
                + " can travel without encryption, because http requests are not redirected to https",
            input.redirectAdvice(host, owner));
      }
    }
  }
}
