package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.ExchangeObserver;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.diagnostic.PrintableText;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the facts of one request for those who want to know them.
 *
 * <p>For one thread at a time.
 */
final class Observed implements ExchangeObserver {

  private final List<GatewayObserver> observers;
  private final HttpServletRequest request;
  private final ServletRequestView view;
  private final RareLog log;
  private final Instant started = Instant.now();
  private final long startNanos = System.nanoTime();
  private final List<RequestFacts.Attempt> attempts = new ArrayList<>(1);
  private @Nullable Decision decision;

  /** The attempt under way. */
  private @Nullable Forward forward;

  private long attemptNanos;
  private int status;
  private Exchange.@Nullable Failure failure;
  private long requestBytes;
  private long responseBytes;
  private boolean isPassedOn;

  private Observed(
      List<GatewayObserver> observers,
      HttpServletRequest request,
      ServletRequestView view,
      RareLog log) {
    this.observers = observers;
    this.request = request;
    this.view = view;
    this.log = log;
  }

  static Observed begin(
      List<GatewayObserver> observers,
      HttpServletRequest request,
      ServletRequestView view,
      RareLog log) {
    Observed observed = new Observed(observers, request, view, log);
    observed.tell(observer -> observer.began(request));
    return observed;
  }

  @Override
  public void decided(Decision next) {
    decision = next;
    if (next instanceof Forward begun && forward == null) {
      begin(begun);
    }
  }

  private void begin(Forward begun) {
    forward = begun;
    attemptNanos = System.nanoTime();
    status = 0;
    failure = null;
  }

  @Override
  public void failed(Forward attempt, Exchange.Failure why) {
    failure = why;
  }

  @Override
  public void replied(Forward attempt, int replied) {
    status = replied;
  }

  @Override
  public void closed(Forward attempt, long connectNanos, long headNanos, boolean isClean) {
    long now = System.nanoTime();
    attempts.add(
        new RequestFacts.Attempt(
            attempt, status, failure, connectNanos, headNanos, now - attemptNanos, isClean));
    forward = null;
    if (decision instanceof Forward next && next != attempt) {
      begin(next);
    }
  }

  /** Takes notice of an answer of the gateway, which no exchange need have come to. */
  void answered(Decision answer, int bytes) {
    decision = answer;
    responseBytes = bytes;
  }

  /** Takes notice that somebody else writes the response. */
  void passedOn() {
    isPassedOn = true;
  }

  /** Takes notice of what went to back ends and came from them. */
  void carried(Delivery delivery) {
    requestBytes = delivery.requestBytes();
    responseBytes = delivery.responseBytes();
  }

  /** Whether the client never got the end of a response, although nothing was thrown. */
  boolean isBroken() {
    RequestFacts.Attempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    return last != null && decision == last.forward() && !last.isClean();
  }

  /**
   * Says that the request is over.
   *
   * @param responseStatus the status that the client got, 0 for none
   * @param isComplete whether the response was written to its end
   */
  void end(int responseStatus, boolean isComplete) {
    RequestFacts facts =
        new RequestFacts(
            view,
            decision,
            attempts,
            responseStatus,
            started,
            System.nanoTime() - startNanos,
            isPassedOn ? -1 : requestBytes,
            isPassedOn ? -1 : responseBytes,
            !isComplete
                ? RequestFacts.End.BROKEN
                : isPassedOn ? RequestFacts.End.PASSED_ON : RequestFacts.End.COMPLETE);
    tell(observer -> observer.ended(request, facts));
  }

  private void tell(Consumer<GatewayObserver> call) {
    for (GatewayObserver observer : observers) {
      try {
        call.accept(observer);
      } catch (RuntimeException e) {
        log.warn(
            RareLog.Kind.OBSERVER,
            PrintableText.escape(observer.getClass().getName() + " failed: " + e));
      }
    }
  }
}
