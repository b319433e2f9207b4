package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.ClientCertificatePolicy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a host asks of every request, before any of its paths and whichever Ingress they are of.
 *
 * <p>Every Ingress with rules for the host has a say, because the controller gives the host what
 * any of them asks for. Of certificates the first one with a usable Secret says all. What cannot be
 * carried out closes the host: a Secret that cannot be used, for nothing tells whom it should let
 * in, and whatever asks for a protection of the host that does not exist here, such as a snippet.
 *
 * <p>Source: ingress-nginx, order of evaluation, 4; every annotation, those whose scope is the
 * host.
 *
 * @param certificates which certificates clients are asked for, or {@code null}
 * @param answer what every request is answered, or {@code null} if the host is open
 * @param closed why the host is closed; {@code null} if it is open
 */
record HostAccess(
    @Nullable ClientCertificatePolicy certificates,
    RoutePolicies.@Nullable LocalAnswer answer,
    @Nullable String closed) {

  private static final RoutePolicies.LocalAnswer FORBIDDEN =
      new RoutePolicies.LocalAnswer(
          403,
          Answer.Reason.CLIENT_CERTIFICATE,
          "This host asks for a client certificate, and there is none that it accepts.");

  private static final RoutePolicies.LocalAnswer CLOSED =
      new RoutePolicies.LocalAnswer(
          503,
          Answer.Reason.ROUTE_CLOSED,
          "This host is closed, because it cannot be protected as its rules ask.");

  /**
   * Compiles what a host asks.
   *
   * @param ingresses the Ingresses with rules for the host, the oldest first
   * @param references where Secrets come from
   * @param findings takes findings
   */
  static HostAccess compile(
      Iterable<ServedIngress> ingresses, References references, Consumer<Diagnostic> findings) {
    Set<String> forbidden = new LinkedHashSet<>();
    Set<String> closed = new LinkedHashSet<>();
    ClientCertificates compiler =
        new ClientCertificates(
            references, findings, (owner, fault) -> forbidden.add(reason(owner, fault)));
    ClientCertificatePolicy certificates = null;
    for (ServedIngress ingress : ingresses) {
      AnnotationValues values = ingress.annotations();
      // The reader has reported both.
      String unusable = values.forbidden();
      if (unusable != null) {
        forbidden.add(reason(ingress, unusable));
      }
      String unavailable = values.hostsClosed();
      if (unavailable != null) {
        closed.add(reason(ingress, unavailable));
      }
      ClientCertificatePolicy policy = compiler.policy(ingress);
      certificates = certificates == null ? policy : certificates;
    }
    String reasons = reasons(forbidden, closed);
    if (!forbidden.isEmpty()) {
      return new HostAccess(null, FORBIDDEN, reasons);
    }
    return new HostAccess(certificates, closed.isEmpty() ? null : CLOSED, reasons);
  }

  private static String reason(ServedIngress ingress, String text) {
    return text + " (" + ingress.ingress().label() + ")";
  }

  private static @Nullable String reasons(Set<String> forbidden, Set<String> closed) {
    Set<String> all = new LinkedHashSet<>(forbidden);
    all.addAll(closed);
    return all.isEmpty() ? null : String.join("; ", all);
  }
}
