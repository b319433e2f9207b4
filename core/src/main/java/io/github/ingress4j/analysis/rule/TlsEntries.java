package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.kubernetes.KubernetesRules;
import io.github.ingress4j.dialect.kubernetes.TlsReport;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** TLS entries that do not fit the rules, as in the dialect kubernetes. */
final class TlsEntries extends LintRule {

  TlsEntries() {
    super(KubernetesRules.TLS_HOST_WITHOUT_RULE);
  }

  @Override
  void check(LintInput input, Findings findings) {
    boolean hasSecrets = input.manifests().objects().stream().anyMatch(Secret.class::isInstance);
    for (Ingress ingress : input.translation().ingresses()) {
      // Any TLS section of a host counts, whatever hosts it lists, so the spelling hardly matters.
      TlsReport.report(
          ingress,
          input.manifests(),
          hasSecrets,
          otherNames(ingress, input),
          Severity.INFO,
          findings::add);
    }
  }

  /** The aliases of the hosts of an Ingress, and those that redirect to its hosts. */
  private static Set<String> otherNames(Ingress ingress, LintInput input) {
    Set<String> names = new HashSet<>();
    for (IngressRule rule : ingress.spec().rules()) {
      NginxModel.Host host = rule.host().isEmpty() ? null : input.model().host(rule.host());
      if (host != null) {
        names.addAll(host.aliases());
        if (host.siteRedirectOwner() != null && !host.isWildcard()) {
          names.add(SiteRedirectTls.sibling(host));
        }
      }
    }
    return names;
  }

  @Override
  public List<Rule> rules() {
    return List.of(
        KubernetesRules.TLS_HOST_WITHOUT_RULE,
        KubernetesRules.RULE_HOST_WITHOUT_TLS,
        KubernetesRules.TLS_SECRET_MISSING);
  }
}
