package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** The target of a redirect is taken by the same Ingress, which redirects again. */
final class RedirectLoop extends LintRule.OfIngress {

  RedirectLoop() {
    super(
        "redirect-loop",
        Severity.WARNING,
        "a redirect leads to itself",
        "ingress-nginx v1.15.1, annotations permanent-redirect and temporal-redirect");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    for (String name : LintInput.redirects(ingress)) {
      String target = ingress.text(name);
      int start = target.indexOf("://");
      if (start < 0) {
        continue;
      }
      int slash = start + 3;
      while (slash < target.length() && "/?#".indexOf(target.charAt(slash)) < 0) {
        slash++;
      }
      String host = PathText.lower(target.substring(start + 3, slash));
      int colon = host.indexOf(':');
      int end = slash;
      while (end < target.length() && "?#".indexOf(target.charAt(end)) < 0) {
        end++;
      }
      Route route =
          input.route(
              colon < 0 ? host : host.substring(0, colon),
              end == slash ? "/" : target.substring(slash, end));
      if (route != null && ingress.ingress().metadata().key().equals(route.ingress())) {
        findings.annotation(
            ingress,
            name,
            "the redirect leads to "
                + PrintableText.quote(target)
                + ", which this Ingress takes and redirects again, without end",
            name.startsWith("permanent")
                ? "to redirect http to https use ssl-redirect or force-ssl-redirect; else lead to a"
                    + " host or a path that another Ingress takes"
                : "lead to a host or a path that another Ingress takes");
      }
    }
  }
}
