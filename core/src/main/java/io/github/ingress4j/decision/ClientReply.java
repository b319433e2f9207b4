package io.github.ingress4j.decision;

import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.Cors;
import io.github.ingress4j.policy.ErrorPages;
import io.github.ingress4j.policy.HeaderEdits;
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

  private final RegexBudget budget;

  /** The request as it was validated, once it was. */
  private @Nullable CanonicalRequest request;

  /** Whether the request has got past the point where preflights are answered. */
  private boolean isPastCors;

  /** Who may pass, once that is asked. */
  private @Nullable Admission admission;

  /**
   * @param budget what rewriting the fields of a back end may cost
   */
  ClientReply(RegexBudget budget) {
    this.budget = budget;
  }

  /** Says that the request has a route. */
  void begin(CanonicalRequest validated) {
    request = validated;
  }

  /** Says that the request got past the point where preflights are answered. */
  void passCors() {
    isPastCors = true;
  }

  /** Says that it is asked who may pass. */
  void admit(Admission asked) {
    admission = asked;
  }

  /** The answer with what its route adds. */
  Answer dressed(Answer answer) {
    HeaderEdits edits = additions(answer.route(), answer.status(), answer.responseHeaders());
    return edits == answer.responseHeaders()
        ? answer
        : new Answer(answer.route(), answer.status(), answer.reason(), answer.explanation(), edits);
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

  /** The back end's answer with what its route adds and removes. */
  Relay relayed(Forward forward, Exchange.ReplyHead head) {
    return new Relay(head.status(), edits(forward, head));
  }

  private HeaderEdits edits(Forward forward, Exchange.ReplyHead head) {
    RoutePolicies policies = forward.route().policies();
    ReplyPolicies reply = policies.reply();
    CanonicalRequest current = forward.plan().request();
    boolean changesNothing =
        reply.equals(ReplyPolicies.NONE) && policies.cors() == null && admission == null;
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

  /**
   * Returns how to ask for the page in place of an answer of the router.
   *
   * @param sendsBody whether the body of the request can still be sent
   * @return null if the answer stays
   */
  Forward.@Nullable Plan page(Answer answer, boolean sendsBody) {
    Route route = answer.route();
    CanonicalRequest current = request;
    if (route == null || current == null) {
      return null;
    }
    RoutePolicies.ErrorBackend instead = errorBackend(route);
    if (instead == null || !instead.pages().replaces(answer.status(), false)) {
      return null;
    }
    List<String> challenges =
        answer.responseHeaders().asMap().getOrDefault("WWW-Authenticate", List.of());
    HeaderEdits.Builder kept = HeaderEdits.builder();
    challenges.forEach(challenge -> kept.append("WWW-Authenticate", challenge));
    return page(route, current, instead, answer.status(), kept.build(), sendsBody);
  }

  /**
   * Returns how to ask for the page in place of a back end's answer.
   *
   * @param sendsBody whether the body of the request can still be sent
   * @return null if the answer stays, as one that is a page already does
   */
  Forward.@Nullable Plan page(Forward forward, Exchange.ReplyHead head, boolean sendsBody) {
    RoutePolicies.ErrorBackend instead = errorBackend(forward.route());
    if (forward.plan().isErrorPage()
        || instead == null
        || !instead.pages().replaces(head.status(), true)) {
      return null;
    }
    return page(
        forward.route(),
        forward.plan().request(),
        instead,
        head.status(),
        ErrorPages.kept(head),
        sendsBody);
  }

  private static RoutePolicies.@Nullable ErrorBackend errorBackend(Route route) {
    RoutePolicies.ErrorBackend instead = route.policies().errorBackend();
    return instead == null || instead.upstream().unavailable() != null ? null : instead;
  }

  private static Forward.Plan page(
      Route route,
      CanonicalRequest request,
      RoutePolicies.ErrorBackend instead,
      int status,
      HeaderEdits kept,
      boolean sendsBody) {
    ErrorPages.Question question = instead.pages().question(request, status);
    return new Forward.Plan(
        route,
        instead.backend(),
        instead.upstream(),
        request,
        question.target(),
        question.host(),
        question.host(),
        null,
        false,
        null,
        question.requestHeaders(),
        HeaderEdits.NONE,
        kept,
        sendsBody);
  }
}
