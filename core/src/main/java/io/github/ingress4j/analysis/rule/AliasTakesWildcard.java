package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** An alias {@code *.suffix} beats every wildcard host, a longer one too. */
final class AliasTakesWildcard extends LintRule.OfHost {

  AliasTakesWildcard() {
    super(
        "alias-takes-wildcard",
        Severity.WARNING,
        "a wildcard alias takes the requests of wildcard hosts",
        "ingress-nginx v1.15.1, host selection");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = host.aliasOwner();
    if (owner == null) {
      return;
    }
    for (String alias : host.aliases()) {
      String suffix =
          alias.startsWith("*.") ? alias.substring(1) : alias.startsWith(".") ? alias : "";
      for (NginxModel.Host other : input.model().hosts()) {
        if (!suffix.isEmpty()
            && other.isWildcard()
            && !other.name().equals(host.name())
            && other.name().endsWith(suffix)) {
          findings.annotation(
              owner,
              "server-alias",
              "the alias "
                  + PrintableText.quote(alias)
                  + " takes every request for "
                  + other.name()
                  + ": an alias with a star comes before wildcard hosts and stands for any number of"
                  + " labels",
              "list the names that are meant");
        }
      }
    }
  }
}
