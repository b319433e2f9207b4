package io.github.ingress4j.decision;

import io.github.ingress4j.policy.ClientCertificatePolicy;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.policy.TlsIdentity;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.RequestHost;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server does in the handshake with a client that asks for a name: what it shows, and
 * whether it asks for a certificate.
 *
 * <table>
 *   <caption>What the parts mean</caption>
 *   <tr><th>If</th><th>then the server</th></tr>
 *   <tr><td>{@link #identity} is there</td><td>shows it, else its own certificate</td></tr>
 *   <tr><td>{@link #asksForCertificate} is true</td><td>asks the client for a certificate and takes
 *       any that the client can prove to own, or none</td></tr>
 * </table>
 *
 * <p>A handshake never fails for want of a certificate, nor because of who signed it: what becomes
 * of the request is the business of an {@link Exchange}, which answers in HTTP. It also answers 421
 * if the host of a request asks for other certificates than the host that the client named in the
 * handshake. So an adapter has to do no more than fill in {@code tlsServerName} and {@code
 * clientCertificateChain} of its requests.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, the annotations {@code auth-tls-*};
 * networking.k8s.io/v1, IngressTLS.
 *
 * @param host the host that rules name and that the name leads to, as requests for it would be led;
 *     {@code null} if no rule takes it
 * @param identity what the server shows, or {@code null} for its own certificate
 * @param clientCertificates which certificates of clients the host accepts, or {@code null} if it
 *     accepts everybody
 */
public record TlsServer(
    @Nullable HostPattern host,
    @Nullable TlsIdentity identity,
    @Nullable ClientCertificatePolicy clientCertificates) {

  /**
   * Finds what a server does for a name.
   *
   * @param snapshot what requests are decided by
   * @param identities the certificates
   * @param serverName the name as the client sends it; {@code null} if it sends none
   * @return what the server does; never {@code null}, for a name that nobody knows is served as
   *     well
   */
  public static TlsServer of(
      Exchange.Snapshot snapshot, TlsIdentities identities, @Nullable String serverName) {
    Match<Route> match = rootOf(snapshot, serverName);
    return new TlsServer(
        match == null ? null : match.host(),
        serverName == null ? identities.otherwise() : identities.of(serverName),
        match == null ? null : match.target().policies().access().clientCertificate());
  }

  /** The route of the root of a host: certificates are asked for by hosts, never by paths. */
  static @Nullable Match<Route> rootOf(Exchange.Snapshot snapshot, @Nullable String serverName) {
    RequestHost host =
        serverName == null
            ? RequestHost.absent()
            : RequestHost.parse(serverName, snapshot.pathPolicy());
    return RouteSearch.lookUp(snapshot, host.refusal() == null ? host : RequestHost.absent(), "/");
  }

  /**
   * Returns whether the server asks the client for a certificate.
   *
   * @return {@code true} to ask for one without insisting on it
   */
  public boolean asksForCertificate() {
    return clientCertificates != null && clientCertificates.asksForCertificate();
  }

  /**
   * Returns the authorities that the server names when it asks, so that clients can choose among
   * their certificates.
   *
   * @return the certificates of the authorities; empty to name none
   */
  public List<X509Certificate> acceptedAuthorities() {
    return clientCertificates == null || !asksForCertificate()
        ? List.of()
        : clientCertificates.authorities();
  }
}
