package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** The answer of an error page replaces 401 and 403, its status included. */
final class AuthErrorsReplaced extends LintRule.OfIngress {

  AuthErrorsReplaced() {
    super(
        "auth-errors-replaced",
        Severity.WARNING,
        "an error page takes the place of the demand for credentials",
        "ingress-nginx v1.15.1, annotation custom-http-errors");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (LintInput.protections(ingress).isEmpty() || !ingress.isGiven("custom-http-errors")) {
      return;
    }
    List<String> codes = ingress.items("custom-http-errors");
    for (String code : List.of("401", "403")) {
      if (codes.contains(code)) {
        findings.annotation(
            ingress,
            "custom-http-errors",
            "the status "
                + code
                + " of the protection is replaced by the answer of the error page, its status"
                + " included; clients may take it for a success"
                + (code.equals("401") ? ", and browsers never ask for a password" : ""),
            "take "
                + code
                + " off the list, or let the error page answer with the status in X-Code");
        return;
      }
    }
  }
}
