package io.github.ingress4j.dialect;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.kubernetes.KubernetesRules;
import io.github.ingress4j.dialect.nginx.NginxRules;
import java.util.List;
import java.util.stream.Stream;

/** What an Ingress means. */
public enum Dialect {
  /**
   * The specification, networking.k8s.io/v1. Annotations of controllers have no effect, except that
   * an annotation that asks for protection closes its routes.
   */
  KUBERNETES("kubernetes", "networking.k8s.io/v1"),
  /**
   * The controller ingress-nginx in its last release: its model of hosts and locations, its
   * annotations and the settings of its ConfigMap.
   */
  INGRESS_NGINX("ingress-nginx", "ingress-nginx v1.15.1");

  private final String text;
  private final String version;

  Dialect(String text, String version) {
    this.text = text;
    this.version = version;
  }

  /**
   * Returns the name as settings write it.
   *
   * @return such as {@code kubernetes}
   */
  public String text() {
    return text;
  }

  /**
   * Returns what exactly the dialect follows.
   *
   * @return such as {@code networking.k8s.io/v1}
   */
  public String version() {
    return version;
  }

  /**
   * Returns the rules whose findings a translation can report.
   *
   * @return the rules
   */
  public List<Rule> rules() {
    List<Rule> own =
        switch (this) {
          case KUBERNETES -> KubernetesRules.ALL;
          case INGRESS_NGINX -> NginxRules.ALL;
        };
    return Stream.concat(TranslationRules.ALL.stream(), own.stream()).toList();
  }
}
