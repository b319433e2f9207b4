package io.github.ingress4j.policy;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken to a back end: what it is shown, and what it must show.
 *
 * <p>Immutable and thread-safe. Equal by content, so that connections can be shared by routes that
 * ask for the same. Source: ingress-nginx, the annotations {@code proxy-ssl-*}.
 *
 * @param identity the certificate that the back end is shown if it asks for one, or {@code null}
 * @param isVerified whether the certificate of the back end is checked against the authorities and
 *     the name
 * @param authorities the certificates of the authorities
 * @param revocations the lists of revoked certificates; empty to ask for none
 * @param depth how many authorities may stand between the back end and the last one, 0 or more
 * @param name the name that the certificate must have and that is sent, or {@code null} for the
 *     name of the upstream, which is none that a certificate has
 * @param sendsName whether the name is sent in the handshake
 * @param protocols the versions, such as {@code TLSv1.2}; at least one
 * @param cipherSuites the suites by their IANA names, best first; empty for those of the JVM
 */
public record UpstreamTls(
    @Nullable TlsIdentity identity,
    boolean isVerified,
    List<X509Certificate> authorities,
    List<X509CRL> revocations,
    int depth,
    @Nullable String name,
    boolean sendsName,
    List<String> protocols,
    List<String> cipherSuites) {

  /**
   * What is spoken where nothing is said: the back end shows any certificate, and no name is sent.
   */
  public static final UpstreamTls UNVERIFIED =
      new UpstreamTls(
          null,
          false,
          List.of(),
          List.of(),
          1,
          null,
          false,
          List.of("TLSv1.2", "TLSv1.3"),
          List.of());

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the depth is negative or there is no version
   */
  public UpstreamTls {
    authorities = List.copyOf(authorities);
    revocations = List.copyOf(revocations);
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
    if (depth < 0) {
      throw new IllegalArgumentException("depth " + depth + " must be 0 or more");
    }
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("protocols must not be empty");
    }
  }
}
