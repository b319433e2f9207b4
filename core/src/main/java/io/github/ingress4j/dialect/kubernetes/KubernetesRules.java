package io.github.ingress4j.dialect.kubernetes;

import static io.github.ingress4j.diagnostic.Severity.ERROR;
import static io.github.ingress4j.diagnostic.Severity.INFO;
import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Rule;
import java.util.List;

/** The findings of this dialect. */
public final class KubernetesRules {

  static final Rule PATH_SHADOWED =
      new Rule(
          "path-shadowed",
          WARNING,
          "another rule takes every request of this path",
          "networking.k8s.io/v1, HTTPIngressPath.path");

  /** A path that no request has. */
  public static final Rule PATH_NEVER_MATCHES =
      new Rule(
          "path-never-matches",
          WARNING,
          "no request can have a path that this one matches",
          "RFC 3986 section 3.3");

  /** A path that looks like a pattern and is none. */
  public static final Rule PATH_PATTERN_LITERAL =
      new Rule(
          "path-pattern-literal",
          WARNING,
          "the path looks like a pattern, but its characters are taken literally",
          "networking.k8s.io/v1, HTTPIngressPath.path");

  /** A host with rules of several namespaces. */
  public static final Rule HOST_SHARED =
      new Rule(
          "host-shared",
          WARNING,
          "Ingresses of several namespaces have rules for one host",
          "networking.k8s.io/v1, IngressRule.host");

  static final Rule DEFAULT_BACKEND_TIE =
      new Rule(
          "default-backend-tie",
          WARNING,
          "another default back end takes the requests of this one",
          "networking.k8s.io/v1, IngressSpec.defaultBackend");

  static final Rule RULE_WITHOUT_PATHS =
      new Rule(
          "rule-without-paths",
          INFO,
          "the rule has a host and no paths",
          "networking.k8s.io/v1, IngressRule.http");

  static final Rule RESOURCE_BACKEND =
      new Rule(
          "resource-backend",
          WARNING,
          "the back end is an object that the application has to give a meaning",
          "networking.k8s.io/v1, IngressBackend.resource");

  static final Rule CONTROLLER_ANNOTATIONS =
      new Rule(
          "controller-annotations",
          WARNING,
          "annotations of ingress-nginx have no effect in this dialect",
          "ingress-nginx v1.15.1, annotations");

  static final Rule PROTECTION_NOT_ENFORCED =
      new Rule(
          "protection-not-enforced",
          ERROR,
          "annotations ask for a protection that this dialect does not know",
          "ingress-nginx v1.15.1, annotations");

  /** A TLS entry for a host without rules. */
  public static final Rule TLS_HOST_WITHOUT_RULE =
      new Rule(
          "tls-host-without-rule",
          WARNING,
          "a TLS entry names a host that no rule of the Ingress has",
          "networking.k8s.io/v1, IngressTLS.hosts");

  /** A host without a TLS entry beside others that have one. */
  public static final Rule RULE_HOST_WITHOUT_TLS =
      new Rule(
          "rule-host-without-tls",
          WARNING,
          "the Ingress has TLS entries, and none of them names the host of a rule",
          "networking.k8s.io/v1, IngressTLS.hosts");

  /** A TLS entry whose Secret is missing. */
  public static final Rule TLS_SECRET_MISSING =
      new Rule(
          "tls-secret-missing",
          WARNING,
          "the Secret of a TLS entry is not in the input",
          "networking.k8s.io/v1, IngressTLS.secretName");

  /** All of them. */
  public static final List<Rule> ALL =
      List.of(
          PATH_SHADOWED,
          PATH_NEVER_MATCHES,
          PATH_PATTERN_LITERAL,
          HOST_SHARED,
          DEFAULT_BACKEND_TIE,
          RULE_WITHOUT_PATHS,
          RESOURCE_BACKEND,
          CONTROLLER_ANNOTATIONS,
          PROTECTION_NOT_ENFORCED,
          TLS_HOST_WITHOUT_RULE,
          RULE_HOST_WITHOUT_TLS,
          TLS_SECRET_MISSING);

  private KubernetesRules() {}
}
