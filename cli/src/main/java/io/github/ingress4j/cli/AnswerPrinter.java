package io.github.ingress4j.cli;

import java.io.Flushable;
import java.io.IOException;

/** Prints what becomes of requests. */
interface AnswerPrinter extends Flushable {

  /**
   * Prints the answer to a question.
   *
   * @param question the question
   * @param outcome what becomes of its request
   */
  void answer(Question question, Outcome outcome) throws IOException;

  /**
   * Prints that a line of requests cannot be understood.
   *
   * @param message why, as a sentence without a final full stop
   */
  void badLine(String message) throws IOException;
}
