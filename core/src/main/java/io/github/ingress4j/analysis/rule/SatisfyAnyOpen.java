package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/**
 * With {@code satisfy: any} one of list, password and service suffices, whatever the others say.
 */
final class SatisfyAnyOpen extends LintRule.OfIngress {

  SatisfyAnyOpen() {
    super(
        "satisfy-any-open",
        Severity.ERROR,
        "one of several protections suffices, and everybody passes one",
        "ingress-nginx v1.15.1, annotation satisfy");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    boolean asks =
        (ingress.isGiven("auth-type") && !AuthRealmOff.isOff(ingress))
            || ingress.isGiven("auth-url");
    if (!ingress.text("satisfy").equals("any") || !asks) {
      return;
    }
    List<String> allowed = ingress.items("allowlist-source-range");
    List<String> denied = ingress.items("denylist-source-range");
    if (allowed.stream().anyMatch(block -> block.endsWith("/0"))) {
      findings.annotation(
          ingress,
          "satisfy",
          "nobody has to say who he is, because an allowed address suffices and every address is"
              + " allowed",
          "remove satisfy, or list the addresses that need nothing else in allowlist-source-range");
    } else if (!denied.isEmpty()) {
      findings.annotation(
          ingress,
          "satisfy",
          Severity.WARNING,
          "a denied address is let in all the same once it says who it is, because one of list,"
              + " password and auth-url suffices",
          "write satisfy: all, or remove it, if denied addresses are to be turned away");
    }
  }
}
