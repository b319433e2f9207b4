package io.github.ingress4j.decision;

import io.github.ingress4j.policy.AccessList;
import io.github.ingress4j.policy.BasicAuth;
import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.Credentials;
import io.github.ingress4j.policy.DigestAuth;
import io.github.ingress4j.policy.ExternalAuth;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.Limits;
import io.github.ingress4j.policy.Redirection;
import io.github.ingress4j.policy.ReplyView;
import io.github.ingress4j.policy.Satisfy;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request at the door of its route: limits first, then the list of addresses, the password, and
 * the service that is asked, until the outcome is settled.
 *
 * <p>Not thread-safe. Source: ingress-nginx, order of evaluation, steps 14 and 15.
 */
final class Admission {

  private final Route route;
  private final AccessPolicies access;
  private final CanonicalRequest request;
  private final ClientState clients;
  private final Function<HeaderEdits, Decision> onward;
  private final HeaderEdits certificateHeaders;
  private final Satisfy.Tally tally;

  private @Nullable String countedConnection;

  /** The credentials that are with the caller to be checked. */
  private @Nullable Credentials pending;

  private HeaderEdits challenge = HeaderEdits.NONE;
  private HeaderEdits digestHeaders = HeaderEdits.NONE;
  private @Nullable HeaderEdits authHeaders;
  private ExternalAuth.@Nullable Verdict verdict;

  Admission(
      Route route,
      CanonicalRequest request,
      ClientState clients,
      HeaderEdits certificateHeaders,
      Function<HeaderEdits, Decision> onward) {
    this.route = route;
    this.access = route.policies().access();
    this.request = request;
    this.clients = clients;
    this.certificateHeaders = certificateHeaders;
    this.onward = onward;
    this.tally = access.satisfy().begin();
  }

  Route route() {
    return route;
  }

  Step begin() {
    Limits limits = access.limits();
    if (limits != null) {
      String client = limits.client(request);
      if (!clients.limiter().tryRequest(limits, client)) {
        return limited(limits.requestStatus());
      }
      if (!clients.limiter().tryConnection(limits, client)) {
        return limited(limits.connectionStatus());
      }
      countedConnection = client;
    }
    AccessList list = access.list();
    if (list != null && tally.add(list.vote(request.client().clientAddress()))) {
      return outcome();
    }
    DigestAuth digest = access.digest();
    if (digest != null && digest.isEnabled()) {
      DigestAuth.Verdict checked = digest.check(request, clients.digests());
      if (checked.passes()) {
        digestHeaders = checked.responseHeaders();
      } else {
        challenge = checked.responseHeaders();
      }
      if (tally.add(checked.passes() ? Satisfy.Vote.PASS : Satisfy.Vote.UNAUTHORIZED)) {
        return outcome();
      }
    }
    BasicAuth basic = access.basic();
    if (basic == null || !basic.isEnabled()) {
      return askExternal();
    }
    challenge = basic.challenge();
    Credentials credentials = basic.credentials(request);
    if (credentials == null) {
      return passwordVote(false);
    }
    pending = credentials;
    if (clients.passwords().knows(basic.passwords(), credentials)) {
      return passwordVote(true);
    }
    return new CheckPassword(route, basic.passwords(), credentials, clients.passwords());
  }

  private Answer limited(int status) {
    return new Answer(
        route,
        status,
        Answer.Reason.RATE_LIMITED,
        "This client sends more than the route takes; try again later.",
        HeaderEdits.NONE);
  }

  Step passwordChecked(boolean isRight) {
    return passwordVote(isRight);
  }

  private Step passwordVote(boolean isRight) {
    forgetCredentials();
    if (isRight) {
      // Whoever refuses the request from here on does not ask for this password.
      challenge = HeaderEdits.NONE;
    }
    return tally.add(isRight ? Satisfy.Vote.PASS : Satisfy.Vote.UNAUTHORIZED)
        ? outcome()
        : askExternal();
  }

  private Step askExternal() {
    ExternalAuth external = access.external();
    if (external == null) {
      return outcome();
    }
    ReplyView remembered = external.cached(request, clients.authentications());
    if (remembered != null) {
      return judged(external, remembered);
    }
    ExternalAuth.Ask ask = external.ask(request, Map.of());
    return ask == null ? judged(external, null) : new AskAuth(route, request, ask);
  }

  Step authenticated(@Nullable ReplyView reply) {
    ExternalAuth external = access.external();
    if (external == null) {
      throw new IllegalStateException("no service was asked");
    }
    external.remember(request, reply, clients.authentications());
    return judged(external, reply);
  }

  private Step judged(ExternalAuth external, @Nullable ReplyView reply) {
    ExternalAuth.Verdict judgement = external.judge(request, reply);
    verdict = judgement;
    if (judgement instanceof ExternalAuth.Allowed allowed) {
      authHeaders = allowed.requestHeaders();
      tally.add(Satisfy.Vote.PASS);
      return outcome();
    }
    if (judgement instanceof ExternalAuth.Refused refused) {
      if (refused.status() != 401 && refused.status() != 403) {
        return new Answer(
            route,
            refused.status(),
            Answer.Reason.AUTH_UNAVAILABLE,
            "The service that decides about clients gives no answer that can be used.",
            HeaderEdits.NONE);
      }
      tally.add(refused.status() == 401 ? Satisfy.Vote.UNAUTHORIZED : Satisfy.Vote.FORBIDDEN);
    } else {
      tally.add(Satisfy.Vote.UNAUTHORIZED);
    }
    return outcome();
  }

  private Decision outcome() {
    return switch (tally.outcome()) {
      case PASSED -> onward.apply(upstreamHeaders());
      case FORBIDDEN ->
          new Answer(
              route, 403, Answer.Reason.DENIED, "This client may not pass.", HeaderEdits.NONE);
      case UNAUTHORIZED -> unauthorized();
    };
  }

  private Decision unauthorized() {
    ExternalAuth external = access.external();
    Redirection signIn = external == null ? null : external.signIn(request);
    if (signIn != null) {
      return new Redirect(route, signIn.status(), signIn.location(), HeaderEdits.NONE);
    }
    return new Answer(
        route, 401, Answer.Reason.UNAUTHORIZED, "The client has to prove who it is.", challenges());
  }

  /** What the client can prove itself by, one line for each of those who would let it pass. */
  private HeaderEdits challenges() {
    HeaderEdits.Builder edits = HeaderEdits.builder().addAll(challenge);
    if (verdict instanceof ExternalAuth.Refused refused) {
      refused.challenges().forEach(line -> edits.add("WWW-Authenticate", line));
    }
    return edits.build();
  }

  /** What the back end is told, and what it must not see. */
  private HeaderEdits upstreamHeaders() {
    HeaderEdits.Builder edits = HeaderEdits.builder().addAll(certificateHeaders);
    // A realm that is off checks nothing, and passwords still end here.
    if (access.basic() != null) {
      edits.addAll(access.basic().requestHeaders());
    }
    if (access.digest() != null) {
      edits.clear("Authorization");
    }
    ExternalAuth external = access.external();
    if (authHeaders != null) {
      edits.addAll(authHeaders);
    } else if (external != null) {
      edits.addAll(external.unasked(request));
    }
    return edits.build();
  }

  /** What the answer to the client gets from those who were asked. */
  HeaderEdits responseHeaders(int status) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    if (verdict != null) {
      edits.addAll(verdict.responseHeaders(status));
    }
    return edits.addAll(digestHeaders).build();
  }

  private void forgetCredentials() {
    Credentials credentials = pending;
    pending = null;
    if (credentials != null) {
      credentials.clear();
    }
  }

  /** Gives back the place of a connection, if one was taken, and forgets what the client sent. */
  void release() {
    forgetCredentials();
    Limits limits = access.limits();
    String client = countedConnection;
    if (limits != null && client != null) {
      countedConnection = null;
      clients.limiter().releaseConnection(limits, client);
    }
  }
}
