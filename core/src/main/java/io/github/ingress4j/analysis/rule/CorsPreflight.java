package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** Every OPTIONS request of an accepted origin is answered here, preflight or not. */
final class CorsPreflight extends LintRule.OfIngress {

  CorsPreflight() {
    super(
        "cors-answers-options",
        Severity.INFO,
        "OPTIONS requests do not reach the back end",
        "ingress-nginx v1.15.1, CORS");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    if (ingress.flag("enable-cors")) {
      boolean isAny = ingress.items("cors-allow-origin").contains("*");
      findings.annotation(
          ingress,
          "enable-cors",
          "every OPTIONS request "
              + (isAny ? "" : "from an allowed origin ")
              + "is answered with 204 here, before redirects, address lists and authentication; the"
              + " back end never sees it",
          "nothing to do, unless the back end answers OPTIONS for another reason, such as WebDAV");
    }
  }
}
