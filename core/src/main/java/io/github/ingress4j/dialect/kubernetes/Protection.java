package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.Ingress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of ingress-nginx do in this dialect: nothing, except that those which ask
 * for protection close the routes of their Ingress, because serving them without it would open what
 * somebody has locked. Those which ask it for whole hosts close the hosts, with the routes of all
 * Ingresses that have rules for them.
 */
public final class Protection {

  private static final Set<String> NAMES =
      Set.of(
          "allowlist-source-range",
          "whitelist-source-range",
          "denylist-source-range",
          "satisfy",
          "enable-modsecurity",
          "enable-owasp-core-rules");

  /** What ingress-nginx does on every path of the hosts of an Ingress. */
  private static final Set<String> OF_HOSTS = Set.of("auth-tls-secret", "server-snippet");

  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private final String prefix;
  private final boolean isIgnored;

  /**
   * Makes the rule for one prefix.
   *
   * @param annotationsPrefix the prefix of the annotations, without the slash
   * @param isIgnored whether routes stay open all the same
   */
  public Protection(String annotationsPrefix, boolean isIgnored) {
    this.prefix = annotationsPrefix + "/";
    this.isIgnored = isIgnored;
  }

  /** Returns why the routes of an Ingress are closed, or {@code null} if they are not. */
  @Nullable String closes(Ingress ingress) {
    return isIgnored ? null : notEnforced(protecting(ingress));
  }

  /** Returns why the hosts of an Ingress are closed, or {@code null} if they are not. */
  @Nullable String closesHosts(Ingress ingress) {
    if (isIgnored) {
      return null;
    }
    List<String> names = protecting(ingress);
    names.retainAll(OF_HOSTS);
    String reason = notEnforced(names);
    return reason == null ? null : reason + " (" + ingress.label() + ")";
  }

  private static @Nullable String notEnforced(List<String> names) {
    return names.isEmpty() ? null : "not enforced: " + String.join(", ", names);
  }

  private List<String> protecting(Ingress ingress) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, String> annotation : ingress.metadata().annotations().entrySet()) {
      String key = annotation.getKey();
      if (key.startsWith(prefix) && isProtecting(key.substring(prefix.length()), annotation)) {
        names.add(key.substring(prefix.length()));
      }
    }
    return names;
  }

  private static boolean isProtecting(String name, Map.Entry<String, String> annotation) {
    if (name.startsWith("enable-") && FALSE.contains(annotation.getValue())) {
      return false;
    }
    return NAMES.contains(name)
        || name.startsWith("auth-")
        || name.startsWith("limit-")
        || name.startsWith("modsecurity-")
        || name.endsWith("-snippet");
  }

  /**
   * Reports what becomes of an Ingress's annotations.
   *
   * @param ingress the Ingress
   * @param findings takes the findings
   */
  public void report(Ingress ingress, Consumer<Diagnostic> findings) {
    String first = null;
    int count = 0;
    for (String key : ingress.metadata().annotations().keySet()) {
      if (key.startsWith(prefix)) {
        first = first == null ? key : first;
        count++;
      }
    }
    if (first == null) {
      return;
    }
    findings.accept(
        Diagnostic.of(
                KubernetesRules.CONTROLLER_ANNOTATIONS,
                (count == 1
                        ? "the annotation " + PrintableText.escape(first) + " has"
                        : count + " annotations of ingress-nginx have")
                    + " no effect in the dialect kubernetes")
            .withSource(ingress.metadata().annotationsOrigin().of(first))
            .withObject(ingress.label())
            .withField("metadata.annotations")
            .withHelp(
                "rules written for ingress-nginx mean what they say in the dialect"
                    + " ingress-nginx; otherwise remove the annotations"));
    for (String name : protecting(ingress)) {
      findings.accept(
          Diagnostic.of(
                  KubernetesRules.PROTECTION_NOT_ENFORCED,
                  "the annotation "
                      + PrintableText.escape(prefix + name)
                      + " asks for a protection that the dialect kubernetes does not know, so "
                      + (OF_HOSTS.contains(name) ? "the hosts" : "the routes")
                      + " of the Ingress are "
                      + (isIgnored ? "open without it" : "closed and answer 503"))
              .withSource(ingress.metadata().annotationsOrigin().of(prefix + name))
              .withObject(ingress.label())
              .withField("metadata.annotations")
              .withHelp(
                  isIgnored
                      ? "make sure that something else protects these routes"
                      : "remove the annotation if something else protects these routes"));
    }
  }
}
