package io.github.ingress4j.manifest;

import java.util.List;

/**
 * A certificate and the hosts it is meant for.
 *
 * <p>Source: networking.k8s.io/v1, IngressTLS. Immutable and thread-safe.
 *
 * @param hosts the hosts, in the order written
 * @param secretName the name of the Secret; empty if absent
 * @param origin where the entry stands
 */
public record IngressTls(List<String> hosts, String secretName, Origin origin) {

  /** Copies the hosts. */
  public IngressTls {
    hosts = List.copyOf(hosts);
  }
}
