package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.diagnostic.Severity.ERROR;
import static io.github.ingress4j.diagnostic.Severity.INFO;
import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The findings of this dialect. */
public final class NginxRules {

  private static final String ANNOTATIONS = "ingress-nginx v1.15.1, annotations";
  private static final String CONFIG_MAP = "ingress-nginx v1.15.1, ConfigMap";

  static final Rule ANNOTATION_DROPS_INGRESS =
      new Rule(
          "annotation-drops-ingress",
          ERROR,
          "an annotation has a value that makes the controller drop the Ingress",
          ANNOTATIONS);

  static final Rule ANNOTATION_DENIES_ROUTES =
      new Rule(
          "annotation-denies-routes",
          ERROR,
          "an annotation has a value that makes the routes answer 503",
          ANNOTATIONS);

  static final Rule ANNOTATION_DEFAULTED =
      new Rule(
          "annotation-defaulted",
          WARNING,
          "an annotation has a value that cannot be used",
          ANNOTATIONS);

  static final Rule ANNOTATION_VOIDS_GROUP =
      new Rule(
          "annotation-voids-group",
          WARNING,
          "an annotation has a value that voids the annotations of its group",
          ANNOTATIONS);

  static final Rule ANNOTATION_BLANK =
      new Rule("annotation-blank", WARNING, "an annotation has no value", ANNOTATIONS);

  static final Rule ANNOTATION_IDLE =
      new Rule(
          "annotation-idle",
          WARNING,
          "an annotation does nothing without something else",
          ANNOTATIONS);

  static final Rule ANNOTATION_UNKNOWN =
      new Rule(
          "annotation-unknown",
          WARNING,
          "the controller knows no annotation of this name",
          ANNOTATIONS);

  static final Rule ANNOTATION_REMOVED =
      new Rule(
          "annotation-removed",
          WARNING,
          "the controller does not know the annotation any more",
          ANNOTATIONS);

  static final Rule ANNOTATION_PREFIX =
      new Rule(
          "annotation-prefix",
          WARNING,
          "an annotation has the default prefix, and another one is in use",
          ANNOTATIONS);

  static final Rule ANNOTATION_TOO_RISKY =
      new Rule(
          "annotation-too-risky",
          ERROR,
          "an annotation is riskier than the controller allows, so the Ingress is dropped",
          "ingress-nginx v1.15.1, ConfigMap annotations-risk-level");

  static final Rule ANNOTATION_WORD_BLOCKED =
      new Rule(
          "annotation-word-blocked",
          ERROR,
          "the value of an annotation holds a blocked word, so the Ingress is dropped",
          "ingress-nginx v1.15.1, ConfigMap annotation-value-word-blocklist");

  static final Rule ANNOTATION_SNIPPET =
      new Rule(
          "annotation-snippet",
          ERROR,
          "an annotation holds configuration of nginx, which is never run here",
          ANNOTATIONS);

  static final Rule ANNOTATION_NO_EFFECT =
      new Rule("annotation-no-effect", WARNING, "an annotation has no effect here", ANNOTATIONS);

  static final Rule ANNOTATION_APPROXIMATED =
      new Rule(
          "annotation-approximated",
          INFO,
          "an annotation does here nearly what it does in the controller",
          ANNOTATIONS);

  static final Rule PROTECTION_UNAVAILABLE =
      new Rule(
          "protection-unavailable",
          ERROR,
          "an annotation or a setting asks for a protection that does not exist here",
          ANNOTATIONS);

  static final Rule CANARY_RULE_STRAY =
      new Rule(
          "canary-rule-stray",
          WARNING,
          "an Ingress has rules of a canary and is none",
          ANNOTATIONS);

  static final Rule INSPECTION_REFUSED =
      new Rule(
          "inspection-refused",
          ERROR,
          "a host, path or name looks like an attack to the controller, so the Ingress is dropped",
          "ingress-nginx v1.15.1, flag --deep-inspect");

  static final Rule PATH_TYPE_STRICT =
      new Rule(
          "path-type-strict",
          WARNING,
          "a controller refuses the path on writing, because its type takes fewer characters",
          "ingress-nginx v1.15.1, ConfigMap strict-validate-path-type");

  static final Rule SETTING_MAP_MISSING =
      new Rule(
          "setting-map-missing",
          WARNING,
          "the ConfigMap of the controller is not in the input",
          CONFIG_MAP);

  static final Rule SETTING_UNKNOWN =
      new Rule("setting-unknown", INFO, "the controller knows no setting of this key", CONFIG_MAP);

  static final Rule SETTING_INVALID =
      new Rule("setting-invalid", WARNING, "a setting has a value that cannot be used", CONFIG_MAP);

  static final Rule SETTING_NO_EFFECT =
      new Rule("setting-no-effect", INFO, "a setting has no effect here", CONFIG_MAP);

  static final Rule SETTING_APPROXIMATED =
      new Rule(
          "setting-approximated",
          INFO,
          "a setting does here nearly what it does in the controller",
          CONFIG_MAP);

  static final Rule SETTING_SNIPPET =
      new Rule(
          "setting-snippet",
          ERROR,
          "a setting holds configuration of nginx, which is never run here",
          CONFIG_MAP);

  static final Rule SETTING_TRUSTS_NOBODY =
      new Rule(
          "setting-trusts-nobody",
          WARNING,
          "a setting asks to believe forwarded headers, and nobody is trusted here",
          CONFIG_MAP);

  /** All of them. */
  public static final List<Rule> ALL =
      Stream.of(
              List.of(
                  ANNOTATION_DROPS_INGRESS,
                  ANNOTATION_DENIES_ROUTES,
                  ANNOTATION_DEFAULTED,
                  ANNOTATION_VOIDS_GROUP,
                  ANNOTATION_BLANK,
                  ANNOTATION_IDLE,
                  ANNOTATION_UNKNOWN,
                  ANNOTATION_REMOVED,
                  ANNOTATION_PREFIX,
                  ANNOTATION_TOO_RISKY,
                  ANNOTATION_WORD_BLOCKED,
                  ANNOTATION_SNIPPET,
                  ANNOTATION_NO_EFFECT,
                  ANNOTATION_APPROXIMATED,
                  PROTECTION_UNAVAILABLE,
                  CANARY_RULE_STRAY,
                  INSPECTION_REFUSED,
                  PATH_TYPE_STRICT,
                  SETTING_MAP_MISSING,
                  SETTING_UNKNOWN,
                  SETTING_INVALID,
                  SETTING_NO_EFFECT,
                  SETTING_APPROXIMATED,
                  SETTING_SNIPPET,
                  SETTING_TRUSTS_NOBODY),
              ModelRules.ALL)
          .flatMap(List::stream)
          .toList();

  private NginxRules() {}
}
