package io.github.ingress4j.manifest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A Secret, the only type that holds secret bytes. It has no printable form of them: {@link
 * #toString} names the object and the keys, and equality is identity.
 *
 * <p>Source: core/v1, Secret; {@code stringData} is already merged into {@code data}. Thread-safe:
 * its bytes never change, callers get copies.
 */
public final class Secret implements ManifestObject {

  private final ObjectMeta metadata;
  private final String type;
  private final Map<String, byte[]> data;
  private final Origin origin;

  /**
   * Makes a Secret.
   *
   * @param metadata the metadata
   * @param type the type, such as {@code kubernetes.io/tls}; {@code Opaque} if absent
   * @param data the decoded bytes by key; copied
   * @param origin where the object stands
   */
  public Secret(ObjectMeta metadata, String type, Map<String, byte[]> data, Origin origin) {
    this.metadata = metadata;
    this.type = type;
    Map<String, byte[]> copy = new LinkedHashMap<>();
    data.forEach((key, bytes) -> copy.put(key, bytes.clone()));
    this.data = Collections.unmodifiableMap(copy);
    this.origin = origin;
  }

  @Override
  public ObjectMeta metadata() {
    return metadata;
  }

  @Override
  public Origin origin() {
    return origin;
  }

  /**
   * Returns the type.
   *
   * @return such as {@code kubernetes.io/tls}
   */
  public String type() {
    return type;
  }

  /**
   * Returns the names of the values.
   *
   * @return the keys
   */
  public Set<String> keys() {
    return data.keySet();
  }

  /** Returns the bytes that a value has. */
  int size(String key) {
    byte[] bytes = data.get(key);
    return bytes == null ? 0 : bytes.length;
  }

  /**
   * Returns a copy of a value. The caller clears it after use.
   *
   * @param key the name of the value
   * @return the bytes, or {@code null} if there is no such value
   */
  public byte @Nullable [] copyOf(String key) {
    byte[] bytes = data.get(key);
    return bytes == null ? null : bytes.clone();
  }

  /**
   * Names the object and nothing it holds.
   *
   * @return such as {@code Secret default/tls [tls.crt, tls.key]}
   */
  @Override
  public String toString() {
    return label() + " " + new TreeSet<>(data.keySet());
  }
}
