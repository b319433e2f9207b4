package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import org.jspecify.annotations.Nullable;

/** A sibling with rules of its own does not redirect. */
final class SiteRedirectIdle extends LintRule.OfHost {

  SiteRedirectIdle() {
    super(
        "www-redirect-idle",
        Severity.WARNING,
        "the name that is to redirect has rules of its own",
        "ingress-nginx v1.15.1, annotation from-to-www-redirect");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Owner owner = host.siteRedirectOwner();
    NginxModel.Host sibling = owner == null ? null : sibling(host, input);
    if (owner != null && sibling != null) {
      findings.annotation(
          owner,
          "from-to-www-redirect",
          "from-to-www-redirect does nothing for "
              + host.name()
              + ", because "
              + sibling.name()
              + " has rules of its own",
          "remove the annotation, or the rules for "
              + sibling.name()
              + ", of which "
              + sibling.claimants().get(0).label()
              + " is the first");
    }
  }

  /** The host that would redirect to another one if it had no rules; null if it has none. */
  static NginxModel.@Nullable Host sibling(NginxModel.Host host, LintInput input) {
    return host.isWildcard() || host.isDefault()
        ? null
        : input.model().host(SiteRedirectTls.sibling(host));
  }
}
