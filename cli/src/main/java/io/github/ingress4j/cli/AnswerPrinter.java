package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.policy.HeaderEdits;
import java.io.Flushable;
import java.io.IOException;

/** Prints what becomes of requests. */
interface AnswerPrinter extends Flushable {

  /**
   * Prints the answer to a question.
   *
   * @param question the question
   * @param decision the last decision about its request
   * @param responseHeaders what the response's header fields become
   */
  void answer(Question question, Decision decision, HeaderEdits responseHeaders) throws IOException;

  /**
   * Prints that a line of requests cannot be understood.
   *
   * @param message why, as a sentence without a final full stop
   */
  void badLine(String message) throws IOException;
}
