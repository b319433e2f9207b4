package io.github.ingress4j.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A ConfigMap.
 *
 * <p>Source: core/v1, ConfigMap; {@code binaryData} is checked and left out. Immutable and
 * thread-safe.
 *
 * @param metadata the metadata
 * @param data the values by key, in the order written
 * @param dataOrigin where the values stand, by key
 * @param origin where the object stands
 */
public record ConfigMap(
    ObjectMeta metadata, Map<String, String> data, Origin dataOrigin, Origin origin)
    implements ManifestObject {

  /** Copies the data. */
  public ConfigMap {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }
}
