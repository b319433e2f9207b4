package io.github.ingress4j.dialect.upstream;

import static io.github.ingress4j.diagnostic.Severity.ERROR;
import static io.github.ingress4j.diagnostic.Severity.WARNING;

import io.github.ingress4j.diagnostic.Rule;
import java.util.List;

/** The findings about Services and endpoints. */
public final class UpstreamRules {

  static final Rule SERVICE_MISSING =
      new Rule(
          "service-missing",
          ERROR,
          "the Service of a back end is not in the input",
          "networking.k8s.io/v1, IngressServiceBackend.name");

  static final Rule SERVICE_PORT_MISSING =
      new Rule(
          "service-port-missing",
          ERROR,
          "the Service has no such port",
          "networking.k8s.io/v1, ServiceBackendPort");

  static final Rule NO_READY_ENDPOINTS =
      new Rule(
          "no-ready-endpoints",
          WARNING,
          "the Service has no endpoint that takes traffic",
          "discovery.k8s.io/v1, EndpointConditions");

  static final Rule EXTERNAL_NAME_REFUSED =
      new Rule(
          "external-name-refused",
          ERROR,
          "the Service is an alias of a DNS name, which must be allowed by name",
          "core/v1, ServiceSpec.externalName");

  static final Rule ENDPOINT_ADDRESS_REFUSED =
      new Rule(
          "endpoint-address-refused",
          ERROR,
          "an endpoint has an address that requests must not be sent to",
          "discovery.k8s.io/v1, Endpoint.addresses");

  static final Rule ENDPOINT_NAME_SKIPPED =
      new Rule(
          "endpoint-name-skipped",
          WARNING,
          "endpoints of the address type FQDN are left out",
          "discovery.k8s.io/v1, EndpointSlice.addressType");

  static final Rule SESSION_AFFINITY_IGNORED =
      new Rule(
          "session-affinity-ignored",
          WARNING,
          "the Service asks for an affinity that only its virtual address gives",
          "core/v1, ServiceSpec.sessionAffinity");

  /** All of them. */
  public static final List<Rule> ALL =
      List.of(
          SERVICE_MISSING,
          SERVICE_PORT_MISSING,
          NO_READY_ENDPOINTS,
          EXTERNAL_NAME_REFUSED,
          ENDPOINT_ADDRESS_REFUSED,
          ENDPOINT_NAME_SKIPPED,
          SESSION_AFFINITY_IGNORED);

  private UpstreamRules() {}
}
