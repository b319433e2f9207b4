package io.github.ingress4j.decision;

import io.github.ingress4j.policy.Credentials;
import io.github.ingress4j.policy.PasswordCache;
import io.github.ingress4j.policy.Passwords;

/**
 * A password has to be checked, which is slow on purpose. The adapter calls {@link #verify} on a
 * thread that may be busy for a while, never on many at once, and hands the result to {@link
 * Exchange#passwordChecked}.
 *
 * <p>Immutable and thread-safe. It has no printable form of the password.
 */
public final class CheckPassword implements Step {

  private final Route route;
  private final Passwords passwords;
  private final Credentials credentials;
  private final PasswordCache cache;

  CheckPassword(Route route, Passwords passwords, Credentials credentials, PasswordCache cache) {
    this.route = route;
    this.passwords = passwords;
    this.credentials = credentials;
    this.cache = cache;
  }

  /**
   * Returns the route that asks.
   *
   * @return the route
   */
  public Route route() {
    return route;
  }

  /**
   * Does the work: up to some hundred milliseconds of computing. What the client sent is forgotten
   * as soon as the exchange is told the result or ends, so ask once, and before that.
   *
   * @return whether the password is right
   */
  public boolean verify() {
    return cache.verify(passwords, credentials);
  }
}
