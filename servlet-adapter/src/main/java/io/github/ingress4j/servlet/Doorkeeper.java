package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.RequestView;
import java.io.IOException;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whatever a router has to know before it decides about a request: what a service says of
 * it, and whether its password is right. Nobody passes for want of an answer.
 *
 * <p>Thread-safe.
 */
final class Doorkeeper {

  private final ServiceClient client;
  private final PasswordChecks passwords;
  private final boolean marksRequests;
  private final Bulkheads bulkheads;
  private final RareLog log;

  Doorkeeper(
      ServiceClient client,
      PasswordChecks passwords,
      Bulkheads bulkheads,
      boolean marksRequests,
      RareLog log) {
    this.client = client;
    this.passwords = passwords;
    this.bulkheads = bulkheads;
    this.marksRequests = marksRequests;
    this.log = log;
  }

  /** Begins an exchange and drives it to its first decision. */
  Decision decide(Exchange exchange, RequestView request) {
    Step step = exchange.first();
    while (!(step instanceof Decision)) {
      if (step instanceof AskAuth ask) {
        step = ask(exchange, ask, request);
      } else if (step instanceof CheckPassword check) {
        PasswordChecks.Result result = passwords.check(check::verify);
        step =
            result == PasswordChecks.Result.BUSY
                ? exchange.overloaded()
                : exchange.passwordChecked(result == PasswordChecks.Result.RIGHT);
      } else {
        throw new IllegalStateException("nothing was sent that could be answered by " + step);
      }
    }
    return (Decision) step;
  }

  private Step ask(Exchange exchange, AskAuth ask, RequestView request) {
    ServiceCall call = ServiceCall.of(ask, marksRequests ? Loops.via(request.httpVersion()) : null);
    try (Bulkheads.Place place = bulkheads.enter(call.toString())) {
      if (place == null) {
        log.warn(
            RareLog.Kind.OVERLOAD,
            PrintableText.escape(call + " is asked by as many requests as may be at a time"));
        return exchange.overloaded();
      }
      return exchange.authenticated(send(call));
    }
  }

  private Exchange.@Nullable ReplyHead send(ServiceCall call) {
    try {
      return client.send(call, null);
    } catch (IOException | HttpException e) {
      log.warn(
          RareLog.Kind.AUTH,
          PrintableText.escape(
              "the service that decides about clients, "
                  + call
                  + ", gives no answer: "
                  + e.getMessage()));
      return null;
    }
  }
}
