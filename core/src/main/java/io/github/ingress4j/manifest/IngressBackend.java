package io.github.ingress4j.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Where matched requests go: a port of a Service or another object.
 *
 * <p>Source: networking.k8s.io/v1, IngressBackend. Immutable and thread-safe.
 */
public sealed interface IngressBackend {

  /**
   * Returns where the back end stands.
   *
   * @return the origin
   */
  Origin origin();

  /**
   * Returns a back end that names its port by number.
   *
   * @param name the name of the Service
   * @param port the port's number, 1 to 65535
   * @return the back end
   */
  static IngressBackend service(String name, int port) {
    return new Service(name, new Port("", port), Origin.NONE);
  }

  /**
   * Returns a back end that names its port by name.
   *
   * @param name the name of the Service
   * @param port the port's name
   * @return the back end
   */
  static IngressBackend service(String name, String port) {
    return new Service(name, new Port(port, 0), Origin.NONE);
  }

  /**
   * A port of a Service in the namespace of the Ingress.
   *
   * @param name the name of the Service
   * @param port the port
   * @param origin where the back end stands; its members are {@code name}, {@code port}
   */
  record Service(String name, Port port, Origin origin) implements IngressBackend {}

  /**
   * An object in the namespace of the Ingress that somebody else gives a meaning.
   *
   * @param apiGroup the API group, or {@code null} for the core group
   * @param kind the kind
   * @param name the name
   * @param origin where the back end stands
   */
  record Resource(@Nullable String apiGroup, String kind, String name, Origin origin)
      implements IngressBackend {}

  /**
   * A port of a Service, by name or by number.
   *
   * <p>Source: networking.k8s.io/v1, ServiceBackendPort. Immutable and thread-safe.
   *
   * @param name the port's name; empty if the number is given
   * @param number the port's number; 0 if the name is given
   */
  record Port(String name, int number) {

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
}
