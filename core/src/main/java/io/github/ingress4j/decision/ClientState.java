package io.github.ingress4j.decision;

import io.github.ingress4j.policy.DigestAuth;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.LimiterState;
import io.github.ingress4j.policy.PasswordCache;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What the router remembers of clients: how much they sent, whose password was right, what another
 * service said of them. It is kept apart from the snapshots and outlives them, and bounded however
 * many clients there are.
 *
 * <p>Thread-safe.
 */
public final class ClientState {

  private final LimiterState limiter;
  private final PasswordCache passwords;
  private final ExternalAuth.Cache authentications;
  private final DigestAuth.State digests;

  /**
   * Makes an empty state.
   *
   * @param clock what limits and remembered answers are told by
   */
  public ClientState(InstantSource clock) {
    limiter = new LimiterState(clock);
    passwords = new PasswordCache(new SecureRandom());
    authentications = new ExternalAuth.Cache(clock);
    digests = new DigestAuth.State(new SecureRandom(), clock);
  }

  LimiterState limiter() {
    return limiter;
  }

  PasswordCache passwords() {
    return passwords;
  }

  DigestAuth.State digests() {
    return digests;
  }

  ExternalAuth.Cache authentications() {
    return authentications;
  }
}
