package io.github.ingress4j.manifest;

/**
 * A Kubernetes object that has a meaning here.
 *
 * <p>Implementations are records: immutable and thread-safe.
 */
public sealed interface ManifestObject
    permits Ingress, IngressClass, Service, EndpointSlice, Secret, ConfigMap {

  /**
   * Returns the object's metadata.
   *
   * @return the metadata
   */
  ObjectMeta metadata();

  /**
   * Returns where the object stands.
   *
   * @return the origin; {@link Origin#NONE} for an object made in code
   */
  Origin origin();

  /**
   * Returns the kind as manifests write it.
   *
   * @return such as {@code Ingress}
   */
  default String kind() {
    return getClass().getSimpleName();
  }

  /**
   * Returns how messages name the object.
   *
   * @return kind, namespace and name, such as {@code Ingress default/web}; kind and name for an
   *     object without namespace
   */
  default String label() {
    return kind() + " " + metadata().key();
  }
}
