package io.github.ingress4j.decision;

import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.routing.RegexBudget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one exchange gets in the end: the answer of the router or of the back end with
 * the fields that its route adds and removes, or the page of another back end in its place.
 *
 * <p>It learns how far the request came, for what was not reached adds nothing. Not thread-safe.
 * Source: ingress-nginx, order of evaluation, step 18.
 */
final class ClientReply {

  /** What the router's own default back end answers, whatever it is asked for. */
  private static final int OWN_PAGE = 404;

  private final RegexBudget budget;
  private final EndpointChoice choice;

  /** The request as it was validated, once it was. */
  private @Nullable CanonicalRequest request;

  /** Whether the request has got past what is decided about its host. */
  private boolean isPastHost;

  /** Whether the request has got past the point where preflights are answered. */
  private boolean isPastCors;

  /** Who may pass, once that is asked. */
  private @Nullable Admission admission;

  /**
   * @param budget what rewriting the fields of a back end may cost
   * @param choice who is asked for error pages
   */
  ClientReply(RegexBudget budget, EndpointChoice choice) {
    this.budget = budget;
    this.choice = choice;
  }

  /**
   * Returns what the client gets if its request is refused before it has a route.
   *
   * @param headers what such answers carry
   * @param received the request as received
   * @param readable the request as it was read, or null if it cannot be
   */
  static Answer refusal(
      Answer answer,
      ResponseHeaders headers,
      RequestView received,
      @Nullable CanonicalRequest readable) {
    if (headers.equals(ResponseHeaders.NONE)) {
      return answer;
    }
    HeaderEdits.Builder edits = HeaderEdits.builder();
    if (readable == null) {
      headers.addUnreadTo(edits, received);
    } else {
      headers.addOwnTo(edits, readable, false);
    }
    return with(answer, edits.addAll(answer.responseHeaders()).build());
  }

  private static Answer with(Answer answer, HeaderEdits edits) {
    return new Answer(
        answer.route(), answer.status(), answer.reason(), answer.explanation(), edits);
  }

  /** Says that the request has a route. */
  void begin(CanonicalRequest validated) {
    request = validated;
  }

  /** Says that the host has nothing against the request, so that its path decides. */
  void passHost() {
    isPastHost = true;
  }

  /** Says that the request got past the point where preflights are answered. */
  void passCors() {
    isPastCors = true;
  }

  /** Says that it is asked who may pass. */
  void admit(Admission asked) {
    admission = asked;
  }

  /**
   * Returns what the client gets for an answer of the router: a page in its place, or the answer.
   *
   * <p>Pages belong to a path. A request that its host refuses has none yet, one that costs too
   * much to be read is let go of, and a closed route hands nothing to anybody: who makes its pages
   * may be the very Service that it keeps clients away from.
   *
   * @param sendsBody whether the body of the request can still be sent
   */
  Step answer(Answer answer, boolean sendsBody) {
    Route route = answer.route();
    CanonicalRequest current = request;
    RoutePolicies.ErrorBackend instead = route == null ? null : errorBackend(route);
    if (route == null
        || current == null
        || instead == null
        || !isPastHost
        || route.closed() != null
        || answer.reason() == Answer.Reason.REGEX_BUDGET
        || !instead.pages().replaces(answer.status(), false)) {
      return dressed(answer);
    }
    HeaderEdits.Builder kept = HeaderEdits.builder();
    answer
        .responseHeaders()
        .asMap()
        .getOrDefault("WWW-Authenticate", List.of())
        .forEach(challenge -> kept.append("WWW-Authenticate", challenge));
    // A body that is too large for the route is too large for its error page.
    boolean sendsAll = sendsBody && answer.reason() != Answer.Reason.BODY_TOO_LARGE;
    Forward.Plan page = page(route, current, instead, answer.status(), kept.build(), sendsAll);
    return page == null
        ? ownPage(route, answer.reason(), answer.explanation(), kept.build())
        : choice.errorPage(page);
  }

  /**
   * Returns what the client gets for a back end's answer: a page in its place, or the answer.
   *
   * @param sendsBody whether the body of the request can still be sent
   */
  Step reply(Forward forward, Exchange.ReplyHead head, boolean sendsBody) {
    Route route = forward.route();
    RoutePolicies.ErrorBackend instead = errorBackend(route);
    if (forward.plan().isErrorPage()
        || instead == null
        || !instead.pages().replaces(head.status(), true)) {
      return new Relay(head.status(), edits(forward, head));
    }
    HeaderEdits kept = ErrorPages.kept(head);
    Forward.Plan page =
        page(route, forward.plan().request(), instead, head.status(), kept, sendsBody);
    return page == null
        ? ownPage(
            route,
            Answer.Reason.UPSTREAM_FAILED,
            "The back end answered with an error, for which there is no page.",
            kept)
        : choice.errorPage(page);
  }

  /** The answer with what its route adds. */
  Answer dressed(Answer answer) {
    HeaderEdits edits = additions(answer.route(), answer.status(), answer.responseHeaders());
    return edits == answer.responseHeaders() ? answer : with(answer, edits);
  }

  /** The redirect with what its route adds. */
  Redirect dressed(Redirect redirect) {
    HeaderEdits edits = additions(redirect.route(), redirect.status(), redirect.responseHeaders());
    return edits == redirect.responseHeaders()
        ? redirect
        : new Redirect(redirect.route(), redirect.status(), redirect.location(), edits);
  }

  /** What an answer of the router gets besides its own fields. */
  private HeaderEdits additions(@Nullable Route route, int status, HeaderEdits own) {
    CanonicalRequest current = request;
    if (route == null || current == null) {
      return own;
    }
    RoutePolicies policies = route.policies();
    ResponseHeaders headers = policies.reply().headers();
    // What comes before CORS in the pipeline does not know of it.
    boolean isEarly = admission == null && !isPastCors;
    Cors cors = isEarly ? null : policies.cors();
    if (cors == null && headers.equals(ResponseHeaders.NONE) && admission == null) {
      return own;
    }
    HeaderEdits.Builder edits = HeaderEdits.builder();
    headers.addOwnTo(edits, current, route.closed() != null);
    if (cors != null) {
      cors.addTo(edits, current);
    }
    if (admission != null) {
      edits.addAll(admission.responseHeaders(status));
    }
    return edits.addAll(own).build();
  }

  private HeaderEdits edits(Forward forward, Exchange.ReplyHead head) {
    RoutePolicies policies = forward.route().policies();
    ReplyPolicies reply = policies.reply();
    CanonicalRequest current = forward.plan().request();
    boolean changesNothing =
        reply.equals(ReplyPolicies.NONE)
            && policies.cors() == null
            && admission == null
            && forward.plan().kept().asMap().isEmpty();
    if (changesNothing) {
      return forward.responseHeaders();
    }
    HeaderEdits.Builder edits = HeaderEdits.builder();
    if (reply.locations() != null) {
      reply.locations().addTo(edits, current, head, budget);
    }
    if (reply.cookies() != null) {
      reply.cookies().addTo(edits, head, budget);
    }
    reply.headers().addTo(edits, current);
    if (policies.cors() != null) {
      policies.cors().addTo(edits, current);
    }
    edits.addAll(forward.plan().kept());
    if (admission != null) {
      edits.addAll(admission.responseHeaders(head.status()));
    }
    return edits.addAll(forward.responseHeaders()).build();
  }

  private static RoutePolicies.@Nullable ErrorBackend errorBackend(Route route) {
    RoutePolicies.ErrorBackend instead = route.policies().errorBackend();
    Upstream upstream = instead == null ? null : instead.upstream();
    return upstream == null || upstream.unavailable() == null ? instead : null;
  }

  /** How to ask for a page; null if nobody but the router makes it. */
  private static Forward.@Nullable Plan page(
      Route route,
      CanonicalRequest request,
      RoutePolicies.ErrorBackend instead,
      int status,
      HeaderEdits kept,
      boolean sendsBody) {
    Backend.ServicePort backend = instead.backend();
    if (backend == null) {
      return null;
    }
    ErrorPages.Question question = instead.pages().question(request, status);
    ExternalAuth external = route.policies().access().external();
    HeaderEdits asked =
        external == null
            ? question.requestHeaders()
            : HeaderEdits.builder()
                .addAll(external.unasked(request))
                .addAll(question.requestHeaders())
                .build();
    return new Forward.Plan(
        route,
        backend,
        instead.upstream(),
        request,
        question.target(),
        question.host(),
        question.host(),
        null,
        false,
        null,
        asked,
        HeaderEdits.NONE,
        kept,
        sendsBody);
  }

  /** The page of the router itself, which knows only one. */
  private Answer ownPage(Route route, Answer.Reason reason, String explanation, HeaderEdits kept) {
    return dressed(new Answer(route, OWN_PAGE, reason, explanation, kept));
  }
}
