package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.HeaderEdits;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has something in this container answer a request: an application, or the handler of a resource.
 *
 * <p>For one request, on one thread.
 */
final class LocalDelivery {

  /** Something that answers. */
  interface Action {
    void run(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException;
  }

  private final Exchange exchange;
  private final ServletRequestView view;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final BodyWatch watch;
  private final Predicate<Forward> canServe;
  private @Nullable Step next;

  /**
   * Prepares for a request.
   *
   * @param canServe whether a back end that is asked instead of this one can be reached
   */
  LocalDelivery(
      Exchange exchange,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      BodyWatch watch,
      Predicate<Forward> canServe) {
    this.exchange = exchange;
    this.view = view;
    this.request = request;
    this.response = response;
    this.watch = watch;
    this.canServe = canServe;
  }

  /**
   * Runs the action, once: what it did inside cannot be taken back.
   *
   * @return what to do instead of letting its answer out; {@code null} if the client has it
   */
  @Nullable Step run(Forward forward, Action action) throws IOException, ServletException {
    LocalResponse judged = new LocalResponse(response, status -> mayLeave(forward, status));
    boolean isClean = false;
    try {
      action.run(new LocalRequest(request, forward.requestHeaders(), watchOrNull()), judged);
      judged.finish();
      isClean = next == null;
    } catch (IOException | ServletException | RuntimeException e) {
      if (judged.isJudged()) {
        if (next == null) {
          throw e;
        }
      } else if (watch.isTooLarge() && !response.isCommitted()) {
        next = exchange.failed(forward, Exchange.Failure.BODY_TOO_LARGE, 1);
      } else {
        exchange.failed(forward, Exchange.Failure.RESET, 1);
        throw e;
      }
    } finally {
      exchange.closed(forward, -1, -1, isClean);
    }
    if (next != null) {
      judged.discard();
    }
    return next;
  }

  /** Reading of a body whose length is known and that nobody copies needs no watch. */
  private @Nullable BodyWatch watchOrNull() {
    return watch.isNeeded(view.bodyLength()) ? watch : null;
  }

  /** Whether an answer goes to the client; its head is not out yet, if everybody behaves. */
  private boolean mayLeave(Forward forward, int status) {
    boolean isOut = response.isCommitted() || request.isAsyncStarted();
    if (watch.isTooLarge() && !isOut) {
      // Whatever it answers, it has not seen the whole request.
      next = exchange.failed(forward, Exchange.Failure.BODY_TOO_LARGE, 1);
      return false;
    }
    Step step =
        exchange.replied(
            forward,
            new Exchange.ReplyHead(
                status == 101 || (status >= 200 && status <= 599) ? status : 500,
                Answers.fields(response)),
            1);
    if (step instanceof Relay relay) {
      if (!response.isCommitted()) {
        applyTo(relay.responseHeaders());
      }
      return true;
    }
    if (isOut || (step instanceof Forward instead && !canServe.test(instead))) {
      return true;
    }
    next = step;
    return false;
  }

  private void applyTo(HeaderEdits edits) {
    Answers.apply(edits, response);
    edits
        .asMap()
        .forEach(
            (name, values) -> {
              if (values.isEmpty() && response.containsHeader(name)) {
                // Since Servlet 6.1 this is how a field is removed; Jetty and Undertow always did.
                response.setHeader(name, null);
              }
            });
  }
}
