package io.github.ingress4j.dialect.upstream;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Where a host's compiler gets the upstreams of its back ends from. */
public interface BackendSource {

  /**
   * Returns the upstream of a Service's port.
   *
   * @param backend the port
   * @return the upstream, the same for every route that asks
   */
  Upstream upstream(Backend.ServicePort backend);

  /**
   * Returns what is wrong with a Service's port.
   *
   * @param backend the port
   * @return a finding without place and object, or {@code null} if nothing is wrong
   */
  @Nullable Diagnostic fault(Backend.ServicePort backend);
}
