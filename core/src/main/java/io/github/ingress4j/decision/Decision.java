package io.github.ingress4j.decision;

import io.github.ingress4j.policy.HeaderEdits;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request, and which rule says so.
 *
 * <p>Implementations are immutable and thread-safe.
 */
public sealed interface Decision extends Step permits Forward, Redirect, Answer {

  /**
   * Returns the route that was chosen.
   *
   * @return the route, or {@code null} if the request did not get that far
   */
  @Nullable Route route();

  /**
   * Returns what the response's header fields become, whoever answers.
   *
   * @return the edits
   */
  HeaderEdits responseHeaders();
}
