package io.github.ingress4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A class of Ingresses and the controller that serves it.
 *
 * <p>Source: networking.k8s.io/v1, IngressClass. Immutable and thread-safe.
 *
 * @param metadata the metadata; the namespace is empty
 * @param controller the controller's name, a domain-prefixed path
 * @param parameters the object with the controller's settings, or {@code null}
 * @param origin where the object stands
 */
public record IngressClass(
    ObjectMeta metadata, String controller, @Nullable Parameters parameters, Origin origin)
    implements ManifestObject {

  /** The annotation that makes a class the default one if its value is {@code true}. */
  public static final String DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class";

  /**
   * Makes a class in code.
   *
   * @param metadata the metadata
   * @param controller the controller's name
   */
  public IngressClass(ObjectMeta metadata, String controller) {
    this(metadata, controller, null, Origin.NONE);
  }

  /**
   * Returns whether Ingresses without a class belong to this one.
   *
   * @return {@code true} if the annotation {@value #DEFAULT_ANNOTATION} is exactly {@code true}
   */
  public boolean isDefault() {
    return "true".equals(metadata.annotations().get(DEFAULT_ANNOTATION));
  }

  /**
   * A reference to the object with a controller's settings.
   *
   * <p>Source: networking.k8s.io/v1, IngressClassParametersReference.
   *
   * @param apiGroup the API group, or {@code null} for the core group
   * @param kind the kind
   * @param name the name
   * @param scope {@code Cluster} or {@code Namespace}
   * @param namespace the namespace; empty with scope {@code Cluster}
   */
  public record Parameters(
      @Nullable String apiGroup, String kind, String name, String scope, String namespace) {}
}
