package io.github.ingress4j.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the endpoints of a Service.
 *
 * <p>Source: discovery.k8s.io/v1, EndpointSlice. Immutable and thread-safe.
 *
 * @param metadata the metadata
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 * @param endpoints the endpoints, in the order written
 * @param ports the ports of every endpoint; {@code null} or empty if none is defined
 * @param origin where the object stands
 */
public record EndpointSlice(
    ObjectMeta metadata,
    String addressType,
    List<Endpoint> endpoints,
    @Nullable List<Port> ports,
    Origin origin)
    implements ManifestObject {

  /** The label that names the Service. */
  public static final String SERVICE_LABEL = "kubernetes.io/service-name";

  /** Copies the lists. */
  public EndpointSlice {
    endpoints = List.copyOf(endpoints);
    ports = ports == null ? null : List.copyOf(ports);
  }

  /**
   * Returns the Service the slice belongs to.
   *
   * @return the value of the label {@value #SERVICE_LABEL}; empty if there is none
   */
  public String serviceName() {
    return metadata.labels().getOrDefault(SERVICE_LABEL, "");
  }

  /**
   * An endpoint and its state. A state that is {@code null} was not written.
   *
   * <p>Source: discovery.k8s.io/v1, Endpoint and EndpointConditions.
   *
   * @param addresses 1 to 100 interchangeable addresses
   * @param ready whether the endpoint takes traffic; {@code null} counts as true
   * @param serving as {@code ready}, but without regard to termination; {@code null} counts as
   *     {@code ready}
   * @param terminating whether the endpoint is going away; {@code null} counts as false
   * @param origin where the endpoint stands
   */
  public record Endpoint(
      List<String> addresses,
      @Nullable Boolean ready,
      @Nullable Boolean serving,
      @Nullable Boolean terminating,
      Origin origin) {

    /** Copies the addresses. */
    public Endpoint {
      addresses = List.copyOf(addresses);
    }

    /**
     * Makes a ready endpoint in code.
     *
     * @param address the address
     * @return the endpoint
     */
    public static Endpoint of(String address) {
      return new Endpoint(List.of(address), null, null, null, Origin.NONE);
    }

    /**
     * Returns whether the endpoint takes traffic.
     *
     * @return {@code true} unless {@code ready} is false
     */
    public boolean isReady() {
      return ready == null || ready;
    }

    /**
     * Returns whether the endpoint still answers while it goes away.
     *
     * @return {@code true} if it is serving and terminating
     */
    public boolean isServingWhileTerminating() {
      boolean isServing = serving == null ? isReady() : serving;
      return isServing && terminating != null && terminating;
    }
  }

  /**
   * A port of the endpoints of a slice.
   *
   * <p>Source: discovery.k8s.io/v1, EndpointPort.
   *
   * @param name the name of the Service's port it belongs to; empty for an unnamed one
   * @param port the number, 1 to 65535; {@code null} means all ports
   * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
   * @param appProtocol what is spoken on the port; empty if absent
   * @param origin where the port stands
   */
  public record Port(
      String name, @Nullable Integer port, String protocol, String appProtocol, Origin origin) {}
}
