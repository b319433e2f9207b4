package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.policy.RequestView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * <p>Immutable and thread-safe, but for the request, which holds what the container showed and must
 * not be asked once the request has ended.
 *
 * @param request the request as it was read
 * @param decision the last decision: the attempt that was answered, or what the client got instead;
 *     {@code null} if it failed before there was one
 * @param attempts the attempts to have a back end serve it, in order; those that an application in
 *     the same container served are among them
 * @param status the status of the response; 0 if the client never got one
 * @param started when it came in, by the system's clock
 * @param nanos how long it took, in nanoseconds
 * @param requestBytes the bytes of its body that were sent to back ends; -1 if that is not known
 * @param responseBytes the bytes of the body of the response that were written; -1 if they were
 *     somebody else's to write, such as those of an application in the same container
 * @param end how it ended
 */
public record RequestFacts(
    RequestView request,
    @Nullable Decision decision,
    List<Attempt> attempts,
    int status,
    Instant started,
    long nanos,
    long requestBytes,
    long responseBytes,
    End end) {

  /** How a request ended. */
  public enum End {
    /** The response was written to its end. */
    COMPLETE,
    /** The response broke off, or never began: the back end or the client left. */
    BROKEN,
    /** It was passed on to an application in the same container, which may still be at it. */
    PASSED_ON
  }

  /**
   * One attempt to have a back end serve the request.
   *
   * @param forward what was to be sent, and where to
   * @param status the status of its answer, 0 if none began
   * @param failure why no answer began; {@code null} if one did
   * @param connectNanos how long connecting took, -1 if it was not done or not measured
   * @param headNanos how long it took until the head of the answer was complete, -1 if it never was
   *     or was not measured
   * @param nanos how long all of it took
   * @param isClean whether the answer came to its end
   */
  public record Attempt(
      Forward forward,
      int status,
      Exchange.@Nullable Failure failure,
      long connectNanos,
      long headNanos,
      long nanos,
      boolean isClean) {}

  /**
   * Makes the facts of a request.
   *
   * @throws NullPointerException if a text or list is missing that must not be
   */
  public RequestFacts {
    attempts = List.copyOf(attempts);
  }

  /**
   * Returns the Ingress whose rule took the request.
   *
   * @return {@code namespace/name}, or {@code null} if no rule took it
   */
  public @Nullable String ingress() {
    Route route = decision == null ? null : decision.route();
    return route == null ? null : route.ingress();
  }

  /**
   * Returns the path of the rule that took the request.
   *
   * @return the path as the manifest has it, or {@code null} if there is none
   */
  public @Nullable String rulePath() {
    Route route = decision == null ? null : decision.route();
    Route.Rule rule = route == null ? null : route.rule();
    return rule == null ? null : rule.path();
  }

  /**
   * Returns the back end that the request was for in the end.
   *
   * @return the back end, or {@code null} if it came to no attempt
   */
  public @Nullable Backend backend() {
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).forward().backend();
  }

  /**
   * Returns the router's reason for an answer of its own.
   *
   * @return the reason, or {@code null} if the answer is a back end's or a redirect
   */
  public Answer.@Nullable Reason reason() {
    return decision instanceof Answer answer ? answer.reason() : null;
  }
}
