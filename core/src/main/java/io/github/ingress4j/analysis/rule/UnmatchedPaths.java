package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.List;

/** The first Ingress of a host lends its annotations to the root that every host has. */
final class UnmatchedPaths extends LintRule.OfHost {

  UnmatchedPaths() {
    super(
        "unmatched-paths-inherit",
        Severity.WARNING,
        "annotations take effect on paths that nobody wrote",
        "ingress-nginx v1.15.1, from Ingress objects to the routing model");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    for (NginxModel.Location root : host.locations()) {
      NginxModel.Owner owner = root.owner();
      if (!root.isImplicit() || owner == null) {
        continue;
      }
      String target = root.rewriteTarget();
      String redirect =
          !LintInput.redirects(owner).isEmpty()
              ? LintInput.redirects(owner).get(0)
              : target != null && PathText.isAbsolute(target) ? "rewrite-target" : null;
      List<String> guards = LintInput.protections(owner);
      if (redirect != null) {
        findings.annotation(
            owner,
            redirect,
            "every path of "
                + host.inWords()
                + " that no rule has is redirected, too, because this Ingress is the first one of the"
                + " host and nothing has the path /",
            "write a rule for the path / of "
                + host.inWords()
                + " in an Ingress without the redirect");
      } else if (!guards.isEmpty() && host.owners().size() > 1) {
        findings.annotation(
            owner,
            guards.get(0),
            Severity.INFO,
            "the paths of "
                + host.inWords()
                + " that no rule has are under "
                + String.join(", ", guards)
                + ", too, because this Ingress is the first one of the host and nothing has the path"
                + " /",
            "write a rule for the path / if these paths are to be answered otherwise");
      }
    }
  }
}
