package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.kubernetes.KubernetesRules;
import io.github.ingress4j.dialect.kubernetes.TlsReport;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.Secret;
import java.util.List;

/** TLS entries that do not fit the rules, as in the dialect kubernetes. */
final class TlsEntries extends LintRule {

  TlsEntries() {
    super(KubernetesRules.TLS_HOST_WITHOUT_RULE);
  }

  @Override
  void check(LintInput input, Findings findings) {
    boolean hasSecrets = input.manifests().objects().stream().anyMatch(Secret.class::isInstance);
    for (Ingress ingress : input.translation().ingresses()) {
      TlsReport.report(ingress, input.manifests(), hasSecrets, findings::add);
    }
  }

  @Override
  public List<Rule> rules() {
    return List.of(
        KubernetesRules.TLS_HOST_WITHOUT_RULE,
        KubernetesRules.RULE_HOST_WITHOUT_TLS,
        KubernetesRules.TLS_SECRET_MISSING);
  }
}
