package io.github.ingress4j.manifest;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of {@code metadata} that have a meaning here.
 *
 * <p>Source: meta/v1, ObjectMeta. Immutable and thread-safe.
 *
 * @param name the name
 * @param namespace the namespace; empty for an object of the whole cluster
 * @param creationTimestamp when the object was created, or {@code null} if that is not known
 * @param labels the labels, in the order written
 * @param annotations the annotations, in the order written
 * @param annotationsOrigin where the annotations stand, by their keys
 * @param origin where the metadata stand
 */
public record ObjectMeta(
    String name,
    String namespace,
    @Nullable Instant creationTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    Origin annotationsOrigin,
    Origin origin) {

  /** Copies labels and annotations. */
  public ObjectMeta {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
  }

  /**
   * Returns metadata with name and namespace only.
   *
   * @param namespace the namespace; empty for an object of the whole cluster
   * @param name the name
   * @return the metadata
   */
  public static ObjectMeta of(String namespace, String name) {
    return new ObjectMeta(name, namespace, null, Map.of(), Map.of(), Origin.NONE, Origin.NONE);
  }

  /**
   * Returns these metadata with other annotations.
   *
   * @param values the annotations
   * @return the changed metadata
   */
  public ObjectMeta withAnnotations(Map<String, String> values) {
    return new ObjectMeta(
        name, namespace, creationTimestamp, labels, values, annotationsOrigin, origin);
  }

  /**
   * Returns these metadata with other labels.
   *
   * @param values the labels
   * @return the changed metadata
   */
  public ObjectMeta withLabels(Map<String, String> values) {
    return new ObjectMeta(
        name, namespace, creationTimestamp, values, annotations, annotationsOrigin, origin);
  }

  /**
   * Returns these metadata with a time of creation.
   *
   * @param value the time
   * @return the changed metadata
   */
  public ObjectMeta withCreationTimestamp(@Nullable Instant value) {
    return new ObjectMeta(name, namespace, value, labels, annotations, annotationsOrigin, origin);
  }

  /**
   * Returns what tells the object from others of its kind.
   *
   * @return {@code namespace/name}, or the name alone for an object of the whole cluster
   */
  public String key() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
