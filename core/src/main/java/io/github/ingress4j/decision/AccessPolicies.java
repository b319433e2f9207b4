package io.github.ingress4j.decision;

import io.github.ingress4j.policy.AccessList;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.ClientCertificatePolicy;
import io.github.ingress4j.policy.DigestAuth;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.Limits;
import io.github.ingress4j.policy.Satisfy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who may pass on a route, in the order in which it is asked.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, authentication.
 *
 * @param clientCertificate which certificates are asked for, or {@code null}
 * @param limits how much a client may send, or {@code null}
 * @param list which addresses may pass, or {@code null} for all
 * @param basic who may pass with a password, or {@code null}
 * @param digest who may pass with a proof of a password, or {@code null}
 * @param external which service decides, or {@code null}
 * @param satisfy whether all of the last four must agree or one is enough
 */
public record AccessPolicies(
    @Nullable ClientCertificatePolicy clientCertificate,
    @Nullable Limits limits,
    @Nullable AccessList list,
    @Nullable BasicAuth basic,
    @Nullable DigestAuth digest,
    @Nullable ExternalAuth external,
    Satisfy satisfy) {

  /** Everybody may pass. */
  public static final AccessPolicies NONE =
      new AccessPolicies(null, null, null, null, null, null, Satisfy.ALL);

  /** Checks what is required. */
  public AccessPolicies {
    Objects.requireNonNull(satisfy, "satisfy");
  }

  /**
   * Returns these policies with other demands on client certificates.
   *
   * @param value which certificates are accepted, or {@code null}
   * @return the changed policies
   */
  public AccessPolicies withClientCertificate(@Nullable ClientCertificatePolicy value) {
    return Objects.equals(value, clientCertificate)
        ? this
        : new AccessPolicies(value, limits, list, basic, digest, external, satisfy);
  }
}
