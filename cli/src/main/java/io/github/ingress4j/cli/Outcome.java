package io.github.ingress4j.cli;

import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.HeaderEdits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a request.
 *
 * @param decision the last decision about it
 * @param responseHeaders what the response's header fields become
 * @param assumed what was taken for granted because the question does not say it
 */
record Outcome(Decision decision, HeaderEdits responseHeaders, List<Assumption> assumed) {

  Outcome {
    assumed = List.copyOf(assumed);
  }

  /**
   * Drives an exchange to its last step. What the outside would say is taken from the question;
   * passwords are really checked.
   *
   * @param exchange an exchange that nobody has begun
   */
  static Outcome of(Exchange exchange, Question question) {
    List<Assumption> assumed = new ArrayList<>();
    int status = question.backendStatus();
    Step step = exchange.first();
    while (true) {
      if (step instanceof AskAuth) {
        if (question.auth() == null) {
          assumed.add(Assumption.EXTERNAL_AUTH);
        }
        step = exchange.authenticated(authReply(question.auth()));
      } else if (step instanceof CheckPassword check) {
        step = exchange.passwordChecked(check.verify());
      } else if (step instanceof Forward attempt) {
        Step next = exchange.replied(attempt, new Exchange.ReplyHead(status));
        exchange.closed(attempt, -1, -1, true);
        if (next instanceof Relay relay) {
          return new Outcome(attempt, relay.responseHeaders(), assumed);
        }
        step = next;
        // What is said about the back end does not hold for the one that is asked instead.
        status = Question.DEFAULT_BACKEND_STATUS;
      } else {
        Decision decision = (Decision) step;
        return new Outcome(decision, decision.responseHeaders(), assumed);
      }
    }
  }

  private static Exchange.@Nullable ReplyHead authReply(Question.@Nullable Auth auth) {
    if (auth == null) {
      return new Exchange.ReplyHead(200);
    }
    // What is not a final status is no answer.
    return auth.status() < 200 ? null : new Exchange.ReplyHead(auth.status(), auth.headers());
  }

  /** Something that a question may say and did not. */
  enum Assumption {
    /** The service that decides about clients lets them pass. */
    EXTERNAL_AUTH("external-auth", "the external auth service lets the request pass");

    private final String text;
    private final String sentence;

    Assumption(String text, String sentence) {
      this.text = text;
      this.sentence = sentence;
    }

    /** Returns the word for programs. */
    String text() {
      return text;
    }

    /** Returns the words for people. */
    String sentence() {
      return sentence;
    }
  }
}
