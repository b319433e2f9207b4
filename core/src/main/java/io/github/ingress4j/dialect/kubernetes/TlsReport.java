package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the TLS entries of an Ingress with its rules. They never take part in routing; a
 * mismatch shows only when somebody connects.
 *
 * <p>Source: networking.k8s.io/v1, IngressTLS.
 */
public final class TlsReport {

  /** The annotations by which cert-manager is asked to write the Secrets of the TLS entries. */
  private static final List<String> ISSUED =
      List.of(
          "cert-manager.io/issuer",
          "cert-manager.io/cluster-issuer",
          "certmanager.k8s.io/issuer",
          "certmanager.k8s.io/cluster-issuer",
          "kubernetes.io/tls-acme");

  private TlsReport() {}

  /**
   * Reports what does not fit together.
   *
   * @param ingress the Ingress
   * @param manifests the input it comes from
   * @param hasSecrets whether the input holds any Secret; without any they are kept elsewhere
   * @param otherNames the names that the Ingress answers to without a rule for them
   * @param spelling how much it matters that a wildcard stands for the host of a rule
   * @param findings takes the findings
   */
  public static void report(
      Ingress ingress,
      ManifestSet manifests,
      boolean hasSecrets,
      Set<String> otherNames,
      Severity spelling,
      Consumer<Diagnostic> findings) {
    List<IngressSpec.Tls> entries = ingress.spec().tls();
    if (entries.isEmpty()) {
      return;
    }
    Set<String> ruleHosts = new LinkedHashSet<>();
    for (IngressRule rule : ingress.spec().rules()) {
      ruleHosts.add(rule.host());
    }
    Set<String> names = new LinkedHashSet<>(ruleHosts);
    names.addAll(otherNames);
    Set<String> tlsHosts = new LinkedHashSet<>();
    boolean takesEveryHost = false;
    for (IngressSpec.Tls entry : entries) {
      takesEveryHost |= entry.hosts().isEmpty();
      tlsHosts.addAll(entry.hosts());
    }
    for (int i = 0; i < entries.size(); i++) {
      IngressSpec.Tls entry = entries.get(i);
      for (int j = 0; j < entry.hosts().size(); j++) {
        String host = entry.hosts().get(j);
        if (!names.contains(host) && !names.contains("")) {
          Diagnostic finding = mismatch(host, names, tlsHosts, spelling);
          if (finding != null) {
            findings.accept(
                finding
                    .withSource(entry.origin().of("hosts"))
                    .withObject(ingress.label())
                    .withField("spec.tls[" + i + "].hosts[" + j + "]"));
          }
        }
      }
      if (hasSecrets
          && !entry.secretName().isEmpty()
          && !isIssued(ingress)
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
      if (!host.isEmpty() && !tlsHosts.contains(host) && !isCovered(host, tlsHosts)) {
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

  /** Whether something in the cluster makes the Secrets of the TLS entries. */
  private static boolean isIssued(Ingress ingress) {
    return ISSUED.stream().anyMatch(ingress.metadata().annotations()::containsKey);
  }

  /**
   * What is wrong with a host of a TLS entry that is no name of the Ingress; null if nothing is.
   */
  private static @Nullable Diagnostic mismatch(
      String host, Set<String> names, Set<String> tlsHosts, Severity spelling) {
    List<String> covered = names.stream().filter(name -> isCovered(name, Set.of(host))).toList();
    if (covered.isEmpty()) {
      return Diagnostic.of(
              KubernetesRules.TLS_HOST_WITHOUT_RULE,
              "the TLS entry names " + PrintableText.quote(host) + ", which no rule has")
          .withHelp("correct the host, add a rule for it, or take it out of the entry");
    }
    List<String> missing = covered.stream().filter(name -> !tlsHosts.contains(name)).toList();
    if (missing.isEmpty()) {
      return null;
    }
    int others = missing.size() - 1;
    return Diagnostic.of(
            KubernetesRules.TLS_HOST_WITHOUT_RULE,
            "the TLS entry names "
                + PrintableText.quote(host)
                + ", which stands for "
                + PrintableText.quote(missing.get(0))
                + (others == 0
                    ? ""
                    : others == 1 ? " and another host" : " and " + others + " more")
                + " and is spelt otherwise")
        .withSeverity(spelling)
        .withHelp(
            "add the hosts of the rules to the entry, for controllers that compare the spelling");
  }

  /** Whether the wildcard above a name is among some hosts. */
  private static boolean isCovered(String name, Set<String> hosts) {
    int dot = name.indexOf('.');
    return dot > 0 && !name.startsWith("*") && hosts.contains("*" + name.substring(dot));
  }
}
