package io.github.ingress4j.manifest;

/**
 * An Ingress: rules that map hosts and paths to back ends.
 *
 * <p>Source: networking.k8s.io/v1, Ingress. Immutable and thread-safe.
 *
 * @param metadata the metadata
 * @param spec the specification
 * @param origin where the object stands
 */
public record Ingress(ObjectMeta metadata, IngressSpec spec, Origin origin)
    implements ManifestObject {

  /**
   * Makes an Ingress in code.
   *
   * @param metadata the metadata
   * @param spec the specification
   */
  public Ingress(ObjectMeta metadata, IngressSpec spec) {
    this(metadata, spec, Origin.NONE);
  }
}
