package io.github.ingress4j.servlet;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.ClientState;
import io.github.ingress4j.decision.Counters;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Rules that send everything to one back end, in ways that no manifest of the tests can say. */
final class OneRoute {

  private OneRoute() {}

  /** A gateway to one endpoint of the Service web. */
  static IngressProxyServlet.Builder servlet(Endpoint endpoint, TransportSettings transport) {
    return servlet(List.of(endpoint), transport, RoutePolicies.NONE);
  }

  static IngressProxyServlet.Builder servlet(
      List<Endpoint> endpoints, TransportSettings transport, RoutePolicies policies) {
    return IngressProxyServlet.builder()
        .router(IngressRouter.builder().build())
        .exchanges(exchanges(endpoints, transport, policies));
  }

  static Function<RequestView, Exchange> exchanges(
      List<Endpoint> endpoints, TransportSettings transport, RoutePolicies policies) {
    Route route =
        new Route(
            "default/web",
            null,
            null,
            new Backend.ServicePort("default", "web", "80", true),
            Upstream.of("default/web:80", EndpointPicker.roundRobin(endpoints), null, transport),
            null,
            policies);
    Exchange.Snapshot snapshot =
        new Exchange.Snapshot(
            RoutingTable.<Route>builder().build(),
            route,
            PathPolicy.STRICT,
            Exchange.Reading.kubernetes(List.of()),
            new BalancerState(new Random(0), InstantSource.system()),
            new Counters(),
            new ClientState(InstantSource.system()));
    return request -> new Exchange(snapshot, request);
  }
}
