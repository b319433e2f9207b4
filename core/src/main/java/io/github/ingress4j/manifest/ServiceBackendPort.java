package io.github.ingress4j.manifest;

/**
 * A port of a Service, by name or by number.
 *
 * <p>Source: networking.k8s.io/v1, ServiceBackendPort. Immutable and thread-safe.
 *
 * @param name the port's name; empty if the number is given
 * @param number the port's number; 0 if the name is given
 */
public record ServiceBackendPort(String name, int number) {

  /**
   * Returns the port as written.
   *
   * @return the name or the number
   */
  @Override
  public String toString() {
    return name.isEmpty() ? Integer.toString(number) : name;
  }
}
