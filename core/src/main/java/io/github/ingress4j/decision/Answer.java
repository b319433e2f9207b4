package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The router answers by itself.
 *
 * <p>Immutable and thread-safe.
 *
 * @param route the route that was chosen, or {@code null} if the request did not get that far
 * @param status the status, 200 to 599
 * @param reason why
 * @param explanation why, in words for a person; printable, and without anything a client must not
 *     learn about the inside
 * @param responseHeaders the response's header fields
 */
public record Answer(
    @Nullable Route route,
    int status,
    Reason reason,
    String explanation,
    HeaderEdits responseHeaders)
    implements Decision {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if {@code status} is not a final status
   */
  public Answer {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(explanation, "explanation");
    Objects.requireNonNull(responseHeaders, "responseHeaders");
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status " + status + " is not between 200 and 599");
    }
  }
}
