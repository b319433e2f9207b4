package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.Set;

/** The first location in the order of the configuration wins. */
final class AppRootTwice extends LintRule.OfHost {

  AppRootTwice() {
    super(
        "app-root-twice",
        Severity.WARNING,
        "a host has several app-roots, and one counts",
        "ingress-nginx v1.15.1, annotation app-root");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner winner = null;
    Set<NginxModel.Owner> told = new HashSet<>();
    for (NginxModel.Location location : host.locations()) {
      NginxModel.Owner owner = location.owner();
      if (owner == null || location.isPlain() || owner.text("app-root").isEmpty()) {
        continue;
      }
      if (winner == null) {
        winner = owner;
      } else if (!owner.text("app-root").equals(winner.text("app-root")) && told.add(owner)) {
        findings.annotation(
            owner,
            "app-root",
            "the path / of "
                + host.inWords()
                + " leads to "
                + PrintableText.quote(winner.text("app-root"))
                + ", which "
                + winner.label()
                + " asks for"
                + Findings.at(winner.span("app-root"))
                + ", not to "
                + PrintableText.quote(owner.text("app-root")),
            "write app-root in one Ingress of the host");
      }
    }
  }
}
