package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client is sent elsewhere.
 *
 * <p>Immutable and thread-safe.
 *
 * @param route the route that says so
 * @param status the status, 300 to 308
 * @param location the value of {@code Location}; {@code null} if the rule asks for a status that
 *     goes without, which is 300, 304, 305 or 306
 * @param responseHeaders what the response's other header fields become
 */
public record Redirect(
    Route route, int status, @Nullable String location, HeaderEdits responseHeaders)
    implements Decision {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is no redirect, or one that needs a location
   */
  public Redirect {
    Objects.requireNonNull(route, "route");
    if (status < 300 || status > 308) {
      throw new IllegalArgumentException("status " + status + " is no redirect");
    }
    if (location == null && (status == 307 || status == 308 || (status > 300 && status < 304))) {
      throw new IllegalArgumentException("a redirect with status " + status + " needs a location");
    }
  }
}
