package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Forward;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Finds the addresses of a back end when neither a mapping nor the manifests name one.
 *
 * <p>By default names are asked for: {@code service.namespace.svc}, with the Service's port, and
 * addresses that {@link io.github.ingress4j.balance.AddressPolicy} refuses are left out. An
 * implementation that is set instead is the operator's own word: what it returns is connected to
 * without further checks.
 *
 * <p>Implementations must be thread-safe, and may block.
 */
@FunctionalInterface
public interface EndpointResolver {

  /**
   * Finds the addresses of a back end.
   *
   * @param forward the decision, whose back end is a Service
   * @return resolved addresses, the best first; empty if there is none, which answers 503
   * @throws IOException if the addresses cannot be found out now, which answers 502
   */
  List<InetSocketAddress> resolve(Forward forward) throws IOException;
}
