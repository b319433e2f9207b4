package io.github.ingress4j.decision;

/**
 * Watches one {@link Exchange}, for logs and measurements. It changes nothing of what becomes of
 * the request.
 *
 * <p>The calls come from whoever drives the exchange, one after the other, in the order in which
 * things happen; each attempt that was decided is closed. An observer must not throw: what it
 * throws reaches the caller of the exchange.
 */
public interface ExchangeObserver {

  /**
   * Called for each decision that the exchange comes to: an attempt, or what the client gets in
   * place of a back end's answer.
   *
   * @param decision the decision
   */
  default void decided(Decision decision) {}

  /**
   * Called when an attempt failed before its answer began.
   *
   * @param attempt the attempt
   * @param why what went wrong
   */
  default void failed(Forward attempt, Exchange.Failure why) {}

  /**
   * Called when the answer to an attempt began, before it is decided whether the client gets it.
   *
   * @param attempt the attempt
   * @param status the status of the back end
   */
  default void replied(Forward attempt, int status) {}

  /**
   * Called when an attempt is over.
   *
   * @param attempt the attempt
   * @param connectNanos how long connecting took, -1 if it was not done or not measured
   * @param headNanos how long it took until the answer's head was complete, -1 if it never was or
   *     was not measured
   * @param isClean whether the answer came to its end
   */
  default void closed(Forward attempt, long connectNanos, long headNanos, boolean isClean) {}
}
