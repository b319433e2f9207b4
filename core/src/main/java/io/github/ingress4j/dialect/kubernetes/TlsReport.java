package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares the TLS entries of an Ingress with its rules. They never take part in routing; a
 * mismatch shows only when somebody connects.
 *
 * <p>Source: networking.k8s.io/v1, IngressTLS.
 */
public final class TlsReport {

  private TlsReport() {}

  /**
   * Reports what does not fit together.
   *
   * @param ingress the Ingress
   * @param manifests the input it comes from
   * @param hasSecrets whether the input holds any Secret; without any they are kept elsewhere
   * @param findings takes the findings
   */
  public static void report(
      Ingress ingress, ManifestSet manifests, boolean hasSecrets, Consumer<Diagnostic> findings) {
    List<IngressSpec.Tls> entries = ingress.spec().tls();
    if (entries.isEmpty()) {
      return;
    }
    Set<String> ruleHosts = new LinkedHashSet<>();
    for (IngressRule rule : ingress.spec().rules()) {
      ruleHosts.add(rule.host());
    }
    Set<String> tlsHosts = new LinkedHashSet<>();
    boolean takesEveryHost = false;
    for (int i = 0; i < entries.size(); i++) {
      IngressSpec.Tls entry = entries.get(i);
      takesEveryHost |= entry.hosts().isEmpty();
      tlsHosts.addAll(entry.hosts());
      for (int j = 0; j < entry.hosts().size(); j++) {
        String host = entry.hosts().get(j);
        if (!ruleHosts.contains(host) && !ruleHosts.contains("")) {
          findings.accept(
              Diagnostic.of(
                      KubernetesRules.TLS_HOST_WITHOUT_RULE,
                      "the TLS entry names " + PrintableText.quote(host) + ", which no rule has")
                  .withSource(entry.origin().of("hosts"))
                  .withObject(ingress.label())
                  .withField("spec.tls[" + i + "].hosts[" + j + "]")
                  .withHelp("TLS hosts must be spelt like the hosts of the rules"));
        }
      }
      if (hasSecrets
          && !entry.secretName().isEmpty()
          && manifests.secret(ingress.metadata().namespace(), entry.secretName()) == null) {
        findings.accept(
            Diagnostic.of(
                    KubernetesRules.TLS_SECRET_MISSING,
                    "there is no Secret "
                        + entry.secretName()
                        + " in the namespace "
                        + ingress.metadata().namespace())
                .withSource(entry.origin().of("secretName"))
                .withObject(ingress.label())
                .withField("spec.tls[" + i + "].secretName")
                .withHelp("add the Secret, or correct the name"));
      }
    }
    if (takesEveryHost) {
      return;
    }
    List<IngressRule> rules = ingress.spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      String host = rules.get(i).host();
      if (!host.isEmpty() && !tlsHosts.contains(host)) {
        findings.accept(
            Diagnostic.of(
                    KubernetesRules.RULE_HOST_WITHOUT_TLS,
                    "no TLS entry names " + PrintableText.quote(host))
                .withSource(rules.get(i).origin().of("host"))
                .withObject(ingress.label())
                .withField("spec.rules[" + i + "].host")
                .withHelp("add the host to the TLS entry whose certificate covers it"));
      }
    }
  }
}
