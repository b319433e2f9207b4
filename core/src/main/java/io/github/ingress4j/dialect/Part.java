package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.RoutingTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one dialect makes of an input. A part is never changed: a changed input gives another part,
 * which shares what did not change.
 */
interface Part {

  /**
   * Returns the part of another input.
   *
   * @param manifests the other input, complete
   * @param ingresses its Ingresses that count, in no particular order
   * @return the other part, equal to one made from nothing
   */
  Part update(ManifestSet manifests, List<Ingress> ingresses);

  /** Returns the Ingresses that are served, most important first. */
  List<Ingress> ingresses();

  RoutingTable<Route> table();

  @Nullable Route fallback();

  /** Returns the routes by host and path; the empty host stands for every host. */
  Map<String, Map<PathPattern, Route>> routes();

  /** Returns the hosts that were compiled to make this part. */
  Set<String> changedHosts();

  /** Returns the ports of Services that a request can go to. */
  Set<Backend.ServicePort> servicePorts();

  /** Returns the endpoints of the upstreams in use by the upstreams' keys. */
  Map<String, List<Endpoint>> endpoints();

  /** Returns how requests are read, beside the path policy. */
  Exchange.Reading reading();

  /** Returns what is shown in TLS under which name. */
  TlsIdentities identities();

  List<Diagnostic> diagnostics();
}
