package io.github.ingress4j.policy;

import org.jspecify.annotations.Nullable;

/**
 * An answer that sends the client elsewhere.
 *
 * <p>Immutable and thread-safe.
 *
 * @param status the status, 300 to 308
 * @param location the value of {@code Location}, one character a byte and without controls; {@code
 *     null} for a status that carries none
 */
public record Redirection(int status, @Nullable String location) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is none of these or {@code location} holds a
   *     control character or one above U+00FF
   */
  public Redirection {
    requireStatus(status);
    if (location != null) {
      HeaderValue.require("Location", location);
    }
  }

  static void requireStatus(int status) {
    if (status < 300 || status > 308) {
      throw new IllegalArgumentException("status " + status + " is no redirect");
    }
  }
}
