package io.github.ingress4j.dialect;

import static io.github.ingress4j.diagnostic.Severity.INFO;
import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.tls.SecretIdentities;
import io.github.ingress4j.dialect.upstream.UpstreamRules;
import java.util.List;
import java.util.stream.Stream;

/** The findings that do not depend on the dialect. */
final class TranslationRules {

  static final Rule CLASS_NOT_SERVED =
      new Rule(
          "class-not-served",
          INFO,
          "the Ingress belongs to a class that is not served",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");

  static final Rule CLASS_MISSING =
      new Rule(
          "class-missing",
          WARNING,
          "the class of the Ingress is not in the input",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");

  static final Rule CLASSES_MIXED =
      new Rule(
          "classes-mixed",
          WARNING,
          "Ingresses of several classes are served as one",
          "networking.k8s.io/v1, IngressSpec.ingressClassName");

  static final Rule DEFAULT_CLASS_TIE =
      new Rule(
          "default-class-tie",
          WARNING,
          "more than one class is the default class",
          "ingressclass.kubernetes.io/is-default-class");

  static final List<Rule> ALL =
      Stream.concat(
              Stream.of(
                  CLASS_NOT_SERVED,
                  CLASS_MISSING,
                  CLASSES_MIXED,
                  DEFAULT_CLASS_TIE,
                  SecretIdentities.TLS_CERTIFICATE_UNUSABLE),
              UpstreamRules.ALL.stream())
          .toList();

  private TranslationRules() {}
}
