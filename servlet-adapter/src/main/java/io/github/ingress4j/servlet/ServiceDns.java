package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds Services by the names that a cluster's DNS gives them, and keeps to the addresses that the
 * policy allows. Thread-safe; how long answers are kept is up to the JVM.
 */
final class ServiceDns implements EndpointResolver {

  private final Supplier<IngressRouter> router;
  private final AddressPolicy policy;
  private final RareLog log;

  ServiceDns(Supplier<IngressRouter> router, AddressPolicy policy, RareLog log) {
    this.router = router;
    this.policy = policy;
    this.log = log;
  }

  @Override
  public List<InetSocketAddress> resolve(Forward forward) throws UnknownHostException {
    if (!(forward.backend() instanceof Backend.ServicePort backend)) {
      return List.of();
    }
    int port = port(backend);
    if (port < 0) {
      log.warn(
          RareLog.Kind.RESOLVER,
          "the port of " + backend + " has a name, and the manifests do not say its number");
      return List.of();
    }
    return allowed(backend.service() + "." + backend.namespace() + ".svc", port);
  }

  /** Returns the addresses of a known endpoint; a literal address was judged by the router. */
  List<InetSocketAddress> resolve(Endpoint endpoint, boolean isAddress)
      throws UnknownHostException {
    return isAddress
        ? List.of(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()))
        : allowed(endpoint.host(), endpoint.port());
  }

  /**
   * Returns the addresses of a service that a URL names, in the cluster or elsewhere.
   *
   * @param host a name or an address, which nobody has judged yet
   */
  List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    return allowed(host, port);
  }

  private List<InetSocketAddress> allowed(String name, int port) throws UnknownHostException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(name)) {
      String refusal = policy.refusal(address);
      if (refusal == null) {
        addresses.add(new InetSocketAddress(address, port));
      } else {
        log.warn(
            RareLog.Kind.ADDRESS,
            name + " resolves to " + address.getHostAddress() + ", which is " + refusal);
      }
    }
    return addresses;
  }

  private int port(Backend.ServicePort backend) {
    if (backend.isPortNumber()) {
      return Integer.parseInt(backend.port());
    }
    Service service = router.get().manifests().service(backend.namespace(), backend.service());
    Service.Port port =
        service == null ? null : service.port(new IngressBackend.Port(backend.port(), 0));
    return port == null ? -1 : port.port();
  }
}
