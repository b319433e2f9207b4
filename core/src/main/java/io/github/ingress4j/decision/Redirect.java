package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;
import java.util.Objects;

/**
 * The client is sent elsewhere.
 *
 * <p>Immutable and thread-safe.
 *
 * @param route the route that says so
 * @param status the status, 301, 302, 303, 307 or 308
 * @param location the value of {@code Location}
 * @param responseHeaders what the response's other header fields become
 */
public record Redirect(Route route, int status, String location, HeaderEdits responseHeaders)
    implements Decision {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is no redirect
   */
  public Redirect {
    Objects.requireNonNull(route, "route");
    Objects.requireNonNull(location, "location");
    if (status < 301 || status > 308 || (status > 303 && status < 307)) {
      throw new IllegalArgumentException("status " + status + " is no redirect");
    }
  }
}
