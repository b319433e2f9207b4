package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** The word {@code off} is a keyword of nginx. */
final class AuthRealmOff extends LintRule.OfIngress {

  AuthRealmOff() {
    super(
        "auth-realm-off",
        Severity.ERROR,
        "the realm switches authentication off",
        "ingress-nginx v1.15.1, annotation auth-realm");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (isOff(ingress)) {
      findings.annotation(
          ingress,
          "auth-realm",
          "the realm off switches authentication off: nobody is asked for a password",
          "write another realm; to do without authentication, remove auth-type");
    }
  }

  /** Whether the realm of an Ingress makes its demand for a password void. */
  static boolean isOff(NginxModel.Owner ingress) {
    return ingress.isGiven("auth-type") && ingress.text("auth-realm").equals("off");
  }
}
