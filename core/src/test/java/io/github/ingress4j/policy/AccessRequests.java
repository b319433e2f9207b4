package io.github.ingress4j.policy;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestTarget;
import java.util.List;

/** Requests as policies see them. */
final class AccessRequests {

  private AccessRequests() {}

  static CanonicalRequest canonical(RequestView view) {
    PathPolicy policy = PathPolicy.STRICT;
    RequestHost host =
        view.hosts().isEmpty()
            ? RequestHost.absent()
            : RequestHost.parse(view.hosts().get(0), policy);
    return new CanonicalRequest(
        view,
        policy,
        RequestTarget.parse(view.target(), policy),
        host,
        host,
        ForwardedHeaders.of(view, List.of()),
        "");
  }

  static CanonicalRequest with(String name, String... values) {
    SimpleRequest.Builder builder = SimpleRequest.builder().url("http://a.shop/");
    for (String value : values) {
      builder.header(name, value);
    }
    return canonical(builder.build());
  }

  static CanonicalRequest from(String address) {
    return canonical(SimpleRequest.builder().url("http://a.shop/").clientAddress(address).build());
  }
}
