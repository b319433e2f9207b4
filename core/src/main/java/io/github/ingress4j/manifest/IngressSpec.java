package io.github.ingress4j.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an Ingress asks for.
 *
 * <p>Source: networking.k8s.io/v1, IngressSpec. Immutable and thread-safe.
 *
 * @param ingressClassName the class, or {@code null} if the member is absent
 * @param defaultBackend the back end of requests that match no rule, or {@code null}
 * @param tls the TLS entries, in the order written
 * @param rules the rules, in the order written
 * @param origin where the specification stands
 */
public record IngressSpec(
    @Nullable String ingressClassName,
    @Nullable IngressBackend defaultBackend,
    List<Tls> tls,
    List<IngressRule> rules,
    Origin origin) {

  /** Copies the lists. */
  public IngressSpec {
    tls = List.copyOf(tls);
    rules = List.copyOf(rules);
  }

  /**
   * Makes a specification of rules in code.
   *
   * @param rules the rules
   * @return the specification
   */
  public static IngressSpec of(IngressRule... rules) {
    return new IngressSpec(null, null, List.of(), List.of(rules), Origin.NONE);
  }

  /**
   * Returns this specification with a class.
   *
   * @param value the class, or {@code null} for none
   * @return the changed specification
   */
  public IngressSpec withIngressClassName(@Nullable String value) {
    return new IngressSpec(value, defaultBackend, tls, rules, origin);
  }

  /**
   * Returns this specification with a default back end.
   *
   * @param value the back end, or {@code null} for none
   * @return the changed specification
   */
  public IngressSpec withDefaultBackend(@Nullable IngressBackend value) {
    return new IngressSpec(ingressClassName, value, tls, rules, origin);
  }

  /**
   * A certificate and the hosts it is meant for.
   *
   * <p>Source: networking.k8s.io/v1, IngressTLS. Immutable and thread-safe.
   *
   * @param hosts the hosts, in the order written
   * @param secretName the name of the Secret; empty if absent
   * @param origin where the entry stands
   */
  public record Tls(List<String> hosts, String secretName, Origin origin) {

    /** Copies the hosts. */
    public Tls {
      hosts = List.copyOf(hosts);
    }
  }
}
