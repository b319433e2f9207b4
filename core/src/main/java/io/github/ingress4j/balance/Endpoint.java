package io.github.ingress4j.balance;

/**
 * A network address that answers for a back end.
 *
 * <p>Source: discovery.k8s.io/v1, EndpointSlice. Immutable and thread-safe.
 *
 * @param host an IPv4 address, an IPv6 address without brackets, or a DNS name
 * @param port the port, 1 to 65535
 */
public record Endpoint(String host, int port) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code host} is empty or {@code port} is out of range
   */
  public Endpoint {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("an endpoint needs a host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Returns the endpoint as an authority.
   *
   * @return host, colon and port, with brackets around an IPv6 address
   */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
