package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import org.jspecify.annotations.Nullable;

/**
 * Knows requests again that come back: each one that is sent on carries a {@code Via} with the name
 * of this gateway, and one that carries it too often goes round in a circle.
 *
 * <p>All gateways have the same name, so that a circle through several of them is found as well; a
 * chain of them may have {@value #MAX_PASSES} links.
 *
 * <p>Stateless and thread-safe. Source: RFC 9110 section 7.6.3.
 */
final class Loops {

  /** What gateways call themselves. */
  static final String PSEUDONYM = "ingress4j";

  /** How often a request may have passed before. */
  static final int MAX_PASSES = 5;

  private Loops() {}

  /** Returns the refusal of a request that has passed too often, or null. */
  static @Nullable Answer refusal(RequestView request) {
    int passes = 0;
    for (String line : request.headers("Via")) {
      passes += passes(line);
    }
    return passes <= MAX_PASSES
        ? null
        : new Answer(
            null,
            508,
            Answer.Reason.LOOP,
            "This request has come back to the gateway again and again.",
            HeaderEdits.NONE);
  }

  /** Counts the elements {@code protocol PSEUDONYM comment} of a line. */
  private static int passes(String line) {
    int passes = 0;
    int start = 0;
    while (start <= line.length()) {
      int comma = line.indexOf(',', start);
      int end = comma < 0 ? line.length() : comma;
      String[] words = line.substring(start, end).trim().split("[ \t]+", 3);
      if (words.length > 1 && words[1].equals(PSEUDONYM)) {
        passes++;
      }
      start = end + 1;
    }
    return passes;
  }

  /** Returns the line to add to what a request becomes. */
  static String via(String httpVersion) {
    return switch (httpVersion) {
      case "1.1" -> "1.1 " + PSEUDONYM;
      case "2" -> "2 " + PSEUDONYM;
      default -> httpVersion + " " + PSEUDONYM;
    };
  }
}
