package io.github.ingress4j.decision;

import io.github.ingress4j.policy.CanaryPolicy;
import java.util.Objects;

/**
 * A second back end that takes some of the requests of a first.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx, annotation canary.
 *
 * @param backend the Service's port
 * @param upstream its endpoints
 * @param policy which requests it takes
 */
public record CanaryAlternative(
    Backend.ServicePort backend, Upstream upstream, CanaryPolicy policy) {

  /** Checks that everything is there. */
  public CanaryAlternative {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(policy, "policy");
  }
}
