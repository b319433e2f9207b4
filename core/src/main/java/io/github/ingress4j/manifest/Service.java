package io.github.ingress4j.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Service: a name for a set of endpoints.
 *
 * <p>Source: core/v1, Service. Immutable and thread-safe.
 *
 * @param metadata the metadata
 * @param type {@code ClusterIP}, {@code NodePort}, {@code LoadBalancer} or {@code ExternalName}
 * @param clusterIp the virtual address, {@code None} for a headless Service, empty if not known
 * @param externalName the DNS name of a Service of type {@code ExternalName}, else empty
 * @param sessionAffinity {@code None} or {@code ClientIP}
 * @param ports the ports, in the order written
 * @param origin where the object stands
 */
public record Service(
    ObjectMeta metadata,
    String type,
    String clusterIp,
    String externalName,
    String sessionAffinity,
    List<Port> ports,
    Origin origin)
    implements ManifestObject {

  /** Copies the ports. */
  public Service {
    ports = List.copyOf(ports);
  }

  /**
   * Makes a Service of type {@code ClusterIP} in code.
   *
   * @param metadata the metadata
   * @param ports the ports
   * @return the Service
   */
  public static Service of(ObjectMeta metadata, Port... ports) {
    return new Service(metadata, "ClusterIP", "", "", "None", List.of(ports), Origin.NONE);
  }

  /**
   * Returns whether the Service is only an alias of a DNS name.
   *
   * @return {@code true} for the type {@code ExternalName}
   */
  public boolean isExternalName() {
    return type.equals("ExternalName");
  }

  /**
   * Returns the port that a back end refers to. Of two ports with one number, such as those of
   * HTTP/3 and HTTPS, it is the one of TCP.
   *
   * @param reference the port by name or number; the number is that of the Service, not the target
   *     port
   * @return the port, or {@code null} if the Service has none like it
   */
  public @Nullable Port port(IngressBackend.Port reference) {
    Port found = null;
    for (Port port : ports) {
      boolean isNamed =
          reference.name().isEmpty()
              ? port.port() == reference.number()
              : port.name().equals(reference.name());
      if (isNamed && (found == null || port.protocol().equals("TCP"))) {
        found = port;
      }
    }
    return found;
  }

  /**
   * A port of a Service.
   *
   * <p>Source: core/v1, ServicePort.
   *
   * @param name the name; empty for a single unnamed port
   * @param port the port of the Service, 1 to 65535
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param targetPort the port of the pods, a number or the name of a container's port, as written;
   *     the same as {@code port} if absent
   * @param appProtocol what is spoken on the port; empty if absent
   * @param origin where the port stands
   */
  public record Port(
      String name,
      int port,
      String protocol,
      String targetPort,
      String appProtocol,
      Origin origin) {

    /**
     * Makes a TCP port in code whose target port is the same.
     *
     * @param name the name; empty for a single unnamed port
     * @param port the port, 1 to 65535
     * @return the port
     */
    public static Port of(String name, int port) {
      return new Port(name, port, "TCP", Integer.toString(port), "", Origin.NONE);
    }
  }
}
