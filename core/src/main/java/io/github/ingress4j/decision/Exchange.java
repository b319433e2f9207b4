package io.github.ingress4j.decision;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.StickySessions;
import io.github.ingress4j.policy.BlockList;
import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.ClientCertificatePolicy;
import io.github.ingress4j.policy.ForwardingRules;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.Redirection;
import io.github.ingress4j.policy.ReplyView;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.ResponseHeaders;
import io.github.ingress4j.policy.RetryPolicy;
import io.github.ingress4j.policy.Rewrite;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RegexBudget;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestTarget;
import io.github.ingress4j.routing.RoutingTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through one snapshot: a small state machine that an adapter drives.
 *
 * <pre>{@code
 * Exchange exchange = router.exchange(request);
 * Decision decision = exchange.first();
 * if (decision instanceof Forward forward) {
 *   // send it; then either
 *   Step step = exchange.failed(forward, Failure.CONNECT, 0);
 *   // or
 *   Step step = exchange.replied(forward, new ReplyHead(200));
 *   // and when nothing more will be sent or received for this attempt
 *   exchange.closed(forward, connectNanos, headNanos, true);
 * }
 * exchange.end();
 * }</pre>
 *
 * <p>Calls out of order are programming errors and throw {@link IllegalStateException}. Not
 * thread-safe; an exchange may move from thread to thread if its calls happen one after the other.
 */
public final class Exchange {

  /**
   * What a request is decided by.
   *
   * <p>Immutable but for balancer and counters; thread-safe.
   *
   * @param table the routes
   * @param fallback the route of requests that none of the table takes, or {@code null}
   * @param pathPolicy how paths are read
   * @param reading what else the reading of a request depends on
   * @param balancer what choosing an endpoint depends on, with chance and the clock
   * @param counters what is counted
   * @param clients what is remembered of clients
   */
  public record Snapshot(
      RoutingTable<Route> table,
      @Nullable Route fallback,
      PathPolicy pathPolicy,
      Reading reading,
      BalancerState balancer,
      Counters counters,
      ClientState clients) {}

  /**
   * How a dialect reads requests.
   *
   * <p>Immutable and thread-safe.
   *
   * @param matchesDecodedPaths whether rules are written for paths whose escapes are decoded; else
   *     for the canonical path
   * @param matchesAddresses whether a host that is an address is compared with the hosts of rules;
   *     else only rules for every host take it
   * @param takesUpperCaseMethodsOnly whether a method is malformed unless it consists of upper-case
   *     letters, {@code -} and {@code _}
   * @param hostOfNone the Host that back ends are sent when a request names none, or {@code null}
   *     for none
   * @param forwarding who may speak for a client, and what back ends are told
   * @param certificateHosts the hosts with a certificate: names, wildcards, and {@code _}
   * @param blocked which requests are refused on every host, or {@code null}
   * @param headers the fields of answers to requests that get no route
   */
  public record Reading(
      boolean matchesDecodedPaths,
      boolean matchesAddresses,
      boolean takesUpperCaseMethodsOnly,
      @Nullable String hostOfNone,
      ForwardingRules forwarding,
      Set<String> certificateHosts,
      @Nullable BlockList blocked,
      ResponseHeaders headers) {

    /** Copies the hosts. */
    public Reading {
      certificateHosts = Collections.unmodifiableSet(new LinkedHashSet<>(certificateHosts));
    }

    /**
     * Returns how the specification is read.
     *
     * @param trustedProxies who may speak for a client
     * @return the reading
     */
    public static Reading kubernetes(List<Cidr> trustedProxies) {
      return new Reading(
          false,
          false,
          false,
          null,
          ForwardingRules.kubernetes(trustedProxies),
          Set.of(),
          null,
          ResponseHeaders.NONE);
    }

    /** Whether a host has a certificate: under its own name, or under that of its wildcard. */
    boolean hasCertificate(String host) {
      if (certificateHosts.contains(host)) {
        return true;
      }
      int dot = certificateHosts.isEmpty() ? -1 : host.indexOf('.');
      return dot > 0 && certificateHosts.contains("*" + host.substring(dot));
    }
  }

  private enum State {
    NEW,
    ASKING,
    CHECKING,
    DECIDED,
    SENT,
    FINISHED,
    ENDED
  }

  private final Snapshot snapshot;
  private final RequestView request;
  private final RegexBudget budget = new RegexBudget();
  private final EndpointChoice choice;
  private final ClientReply reply;
  private State state = State.NEW;
  private @Nullable Forward attempt;

  /** The attempt before, if it was given up for another one and not closed yet. */
  private @Nullable Forward unclosed;

  /** What the back end is told of the client's certificate. */
  private HeaderEdits certificateHeaders = HeaderEdits.NONE;

  /** Who may pass, once that is asked. */
  private @Nullable Admission admission;

  /** When the first attempt began, by the clock of the balancer. */
  private @Nullable Instant firstAttempt;

  private @Nullable ExchangeObserver observer;

  /** Whether the request counts as one that is in another attempt. */
  private boolean isRetrying;

  /**
   * Begins an exchange.
   *
   * @param snapshot what the request is decided by, to the end
   * @param request the request
   */
  public Exchange(Snapshot snapshot, RequestView request) {
    this.snapshot = snapshot;
    this.request = request;
    this.choice = new EndpointChoice(snapshot, request, budget);
    this.reply = new ClientReply(budget, choice);
  }

  /**
   * Sets who watches the exchange.
   *
   * @param value the observer
   * @throws IllegalStateException if the exchange has begun
   */
  public void observe(ExchangeObserver value) {
    require(State.NEW, "observe");
    observer = Objects.requireNonNull(value, "observer");
  }

  private Step observed(Step step) {
    if (observer != null && step instanceof Decision decision) {
      observer.decided(decision);
    }
    return step;
  }

  /**
   * Decides what becomes of the request.
   *
   * @return the decision, or what has to be found out before it
   * @throws IllegalStateException if it was asked before
   */
  public Step first() {
    require(State.NEW, "first");
    return settle(decide());
  }

  /**
   * Says what the service answered that decides about the request.
   *
   * @param reply the head of its answer; {@code null} if none came
   * @return the decision, or what else has to be found out before it
   * @throws IllegalStateException if it was not asked
   */
  public Step authenticated(@Nullable ReplyHead reply) {
    require(State.ASKING, "authenticated");
    return settle(admission().authenticated(reply));
  }

  /**
   * Says whether the password is right.
   *
   * @param isRight the result of {@link CheckPassword#verify}
   * @return the decision, or what else has to be found out before it
   * @throws IllegalStateException if it was not asked
   */
  public Step passwordChecked(boolean isRight) {
    require(State.CHECKING, "passwordChecked");
    return settle(admission().passwordChecked(isRight));
  }

  /**
   * Says that there is no room to find out what was asked for.
   *
   * @return what the client gets instead
   * @throws IllegalStateException if nothing was asked for
   */
  public Step overloaded() {
    if (state != State.ASKING) {
      require(State.CHECKING, "overloaded");
    }
    return settle(
        new Answer(
            admission().route(),
            Failure.OVERLOADED.status(),
            Failure.OVERLOADED.reason(),
            Failure.OVERLOADED.explanation(),
            HeaderEdits.NONE));
  }

  private Admission admission() {
    Admission current = admission;
    if (current == null) {
      throw new IllegalStateException("nobody was asked");
    }
    return current;
  }

  /** Gives a step what its route adds to it, and enters the state it belongs to. */
  private Step settle(Step step) {
    Step next = step;
    if (step instanceof Answer answer) {
      next = reply.answer(answer, true);
    } else if (step instanceof Redirect redirect) {
      next = reply.dressed(redirect);
    }
    if (next instanceof Forward forward) {
      attempt = forward;
      state = State.SENT;
    } else if (next instanceof AskAuth) {
      state = State.ASKING;
    } else if (next instanceof CheckPassword) {
      state = State.CHECKING;
    } else {
      state = State.DECIDED;
    }
    return observed(next);
  }

  /** Ends an attempt with what the client gets, or with the next attempt for that. */
  private Step conclude(Forward forward, Step step) {
    if (step instanceof Forward next) {
      unclosed = forward;
      attempt = next;
    } else {
      state = State.FINISHED;
    }
    return step;
  }

  /**
   * Says that an attempt failed before the back end's answer began.
   *
   * @param forward the attempt
   * @param why what went wrong
   * @param bodyBytesSent the bytes of the request's body that were sent and cannot be sent again, 0
   *     or more
   * @return what to do instead: another attempt, which is sent while this one is still to be
   *     closed, or an answer
   * @throws IllegalStateException if this is not the attempt under way, or it was answered already
   */
  public Step failed(Forward forward, Failure why, long bodyBytesSent) {
    requireAttempt(forward, State.SENT, "failed");
    requireCount(bodyBytesSent);
    if (observer != null) {
      observer.failed(forward, why);
    }
    return observed(afterFailure(forward, why, bodyBytesSent));
  }

  private Step afterFailure(Forward forward, Failure why, long bodyBytesSent) {
    RetryPolicy.Condition condition = why.condition();
    if (condition == null) {
      choice.abandoned();
    } else {
      choice.blamed(forward);
    }
    if (condition != null && bodyBytesSent == 0) {
      Forward next = retry(forward, condition, why.mayHaveArrived());
      if (next != null) {
        return next;
      }
    }
    Answer answer =
        new Answer(
            forward.route(), why.status(), why.reason(), why.explanation(), HeaderEdits.NONE);
    boolean isFinal = forward.plan().isErrorPage() || why == Failure.CLIENT_ABORT;
    return conclude(
        forward, isFinal ? reply.dressed(answer) : reply.answer(answer, bodyBytesSent == 0));
  }

  /**
   * Says that the back end's answer began, and that the whole request could be sent again.
   *
   * @param forward the attempt
   * @param head the head of the answer
   * @return what to do with it: pass it on, or drop it and either make another attempt, which is
   *     sent while this one is still to be closed, or give another answer
   * @throws IllegalStateException if this is not the attempt under way, or it was answered already
   */
  public Step replied(Forward forward, ReplyHead head) {
    return replied(forward, head, 0);
  }

  /**
   * Says that the back end's answer began.
   *
   * @param forward the attempt
   * @param head the head of the answer
   * @param bodyBytesSent the bytes of the request's body that were sent and cannot be sent again, 0
   *     or more; with any, the answer is passed on
   * @return what to do with it: pass it on, or drop it and either make another attempt, which is
   *     sent while this one is still to be closed, or give another answer
   * @throws IllegalStateException if this is not the attempt under way, or it was answered already
   */
  public Step replied(Forward forward, ReplyHead head, long bodyBytesSent) {
    requireAttempt(forward, State.SENT, "replied");
    requireCount(bodyBytesSent);
    if (observer != null) {
      observer.replied(forward, head.status());
    }
    return observed(afterReply(forward, head, bodyBytesSent));
  }

  private Step afterReply(Forward forward, ReplyHead head, long bodyBytesSent) {
    RetryPolicy.Condition condition = RetryPolicy.ofStatus(head.status());
    if (condition != null
        && forward.route().policies().retries().conditions().contains(condition)
        && condition.isOfServer()) {
      choice.blamed(forward);
    } else {
      choice.succeeded(forward);
    }
    if (condition != null && bodyBytesSent == 0) {
      Forward next = retry(forward, condition, true);
      if (next != null) {
        return next;
      }
    }
    return conclude(forward, reply.reply(forward, head, bodyBytesSent == 0));
  }

  /** The next attempt, or null if this was the last. */
  private @Nullable Forward retry(
      Forward forward, RetryPolicy.Condition condition, boolean mayHaveArrived) {
    Instant start = firstAttempt;
    Duration elapsed =
        start == null
            ? Duration.ZERO
            : Duration.between(start, snapshot.balancer().clock().instant());
    RetryPolicy retries = forward.route().policies().retries();
    if (!retries.allows(condition, request.method(), mayHaveArrived, forward.attempt(), elapsed)) {
      return null;
    }
    if (!isRetrying && !snapshot.balancer().retries().take()) {
      snapshot.counters().countRetryRefusal();
      return null;
    }
    isRetrying = true;
    Endpoint endpoint = forward.endpoint();
    if (endpoint != null) {
      choice.failed(endpoint);
    }
    unclosed = forward;
    Forward next = choice.attempt(forward.plan(), forward.attempt() + 1);
    attempt = next;
    return next;
  }

  /**
   * Says that nothing more will be sent or received for an attempt. Call it exactly once for each,
   * in whatever way the attempt ended: one that was neither failed nor answered counts as broken
   * off.
   *
   * @param forward the attempt
   * @param connectNanos how long connecting took, -1 if it was not done or not measured
   * @param headNanos how long it took until the answer's head was complete, -1 if it never was or
   *     was not measured
   * @param isClean whether the answer came to its end
   * @throws IllegalStateException if this is not the attempt under way or the one before, or it was
   *     closed already
   */
  public void closed(Forward forward, long connectNanos, long headNanos, boolean isClean) {
    boolean isDropped = forward == unclosed;
    if (isDropped) {
      unclosed = null;
    } else {
      if (state != State.SENT) {
        require(State.FINISHED, "closed");
      }
      requireAttempt(forward, state, "closed");
      attempt = null;
      state = State.FINISHED;
    }
    if (observer != null) {
      observer.closed(forward, connectNanos, headNanos, isClean);
    }
    // An answer that was dropped for another attempt says little: errors come fast.
    if (!isDropped) {
      choice.abandoned();
      learn(forward, connectNanos, headNanos);
    }
  }

  private void learn(Forward forward, long connectNanos, long headNanos) {
    Upstream upstream = forward.plan().upstream();
    Endpoint endpoint = forward.endpoint();
    if (upstream != null && endpoint != null && upstream.picker().learnsFromResponses()) {
      snapshot.balancer().responded(endpoint, connectNanos, headNanos);
    }
  }

  /** Ends the exchange. A second call has no effect. */
  public void end() {
    if (state != State.ENDED) {
      choice.abandoned();
      if (firstAttempt != null) {
        snapshot.balancer().retries().end(isRetrying);
      }
    }
    state = State.ENDED;
    attempt = null;
    unclosed = null;
    if (admission != null) {
      admission.release();
    }
  }

  private void requireAttempt(Forward forward, State expected, String call) {
    require(expected, call);
    if (forward != attempt) {
      throw new IllegalStateException(call + "() is about another attempt than the one under way");
    }
  }

  private static void requireCount(long bodyBytesSent) {
    if (bodyBytesSent < 0) {
      throw new IllegalArgumentException("bodyBytesSent is " + bodyBytesSent);
    }
  }

  private void require(State expected, String call) {
    if (state != expected) {
      throw new IllegalStateException(call + "() must not be called in state " + state);
    }
  }

  private Step decide() {
    RouteSearch search = new RouteSearch(snapshot, request, budget);
    Answer refusal = search.run();
    if (refusal != null) {
      return ClientReply.refusal(refusal, snapshot.reading().headers(), request, search.readable());
    }
    if (search.isEveryHost()) {
      choice.forEveryHost();
    }
    reply.begin(search.accepted());
    return treat(search.route(), search.accepted());
  }

  /** Everything that happens to the request of a route, in the order of the pipeline. */
  private Step treat(Route route, CanonicalRequest canonical) {
    RoutePolicies policies = route.policies();
    if (isMisdirected(route, canonical)) {
      return new Answer(
          route,
          421,
          Answer.Reason.MISDIRECTED,
          "The host asks for other client certificates than the one named in the TLS handshake."
              + " Open a connection for this host.",
          HeaderEdits.NONE);
    }
    Answer refusal = refusalOfHost(route, canonical);
    if (refusal != null) {
      return refusal;
    }
    reply.passHost();
    Redirection redirection = null;
    if (policies.siteRedirect() != null) {
      redirection = policies.siteRedirect().apply(canonical);
    } else if (policies.appRoot() != null) {
      redirection = policies.appRoot().apply(canonical);
    }
    if (redirection == null && !policies.bodyLimit().allows(request.bodyLength())) {
      return tooLarge(route);
    }
    if (redirection == null && policies.slashRedirect() != null) {
      redirection = policies.slashRedirect().apply(canonical);
    }
    if (redirection != null) {
      return redirect(route, redirection);
    }
    if (route.closed() != null) {
      return closed(route);
    }
    reply.passCors();
    HeaderEdits preflight = policies.cors() == null ? null : policies.cors().preflight(canonical);
    if (preflight != null) {
      return new Answer(
          route, 204, Answer.Reason.PREFLIGHT, "Scripts of this origin may ask.", preflight);
    }
    RoutePolicies.LocalAnswer local = policies.localAnswer();
    if (local != null) {
      return answer(route, local);
    }
    if (policies.redirect() != null) {
      return redirect(route, policies.redirect().apply(canonical));
    }
    String sentTarget = null;
    String prefix = null;
    if (policies.rewrite() != null) {
      Rewrite.Outcome outcome = policies.rewrite().apply(canonical, budget);
      if (budget.isSpent()) {
        return RouteSearch.overBudget(snapshot.counters(), route);
      }
      if (outcome instanceof Rewrite.Moved moved) {
        return redirect(route, new Redirection(moved.status(), moved.location()));
      }
      if (outcome instanceof Rewrite.Refused refused) {
        return new Answer(
            route,
            refused.status(),
            Answer.Reason.BAD_REWRITE,
            refused.explanation(),
            HeaderEdits.NONE);
      }
      Rewrite.Rewritten rewritten = (Rewrite.Rewritten) outcome;
      sentTarget = rewritten.target();
      prefix = rewritten.forwardedPrefix();
    }
    if (policies.httpsRedirect() != null) {
      redirection =
          policies
              .httpsRedirect()
              .apply(canonical, snapshot.reading().hasCertificate(canonical.selectedName()));
      if (redirection != null) {
        return redirect(route, redirection);
      }
    }
    return forward(route, canonical, sentTarget, prefix);
  }

  /** Whether the handshake was made for a host that asks for other certificates: SEC-40. */
  private boolean isMisdirected(Route route, CanonicalRequest canonical) {
    String named = request.tlsServerName();
    if (named == null || named.equalsIgnoreCase(canonical.selectedName())) {
      return false;
    }
    Match<Route> match = TlsServer.rootOf(snapshot, named);
    return !Objects.equals(
        route.policies().access().clientCertificate(),
        match == null ? null : match.target().policies().access().clientCertificate());
  }

  /** What is decided about a host before any of its paths. */
  private @Nullable Answer refusalOfHost(Route route, CanonicalRequest canonical) {
    BlockList blocked = snapshot.reading().blocked();
    if (blocked != null && blocked.blocks(canonical, budget)) {
      return denied(route, "Requests of this kind are not served here.");
    }
    if (blocked != null && blocked.isIncomplete()) {
      return closed(route);
    }
    Answer refusal = budget.isSpent() ? null : refusalOfCertificate(route, canonical);
    if (budget.isSpent()) {
      return RouteSearch.overBudget(snapshot.counters(), route);
    }
    RoutePolicies.LocalAnswer own = route.policies().hostAnswer();
    return refusal == null && own != null ? answer(route, own) : refusal;
  }

  private @Nullable Answer refusalOfCertificate(Route route, CanonicalRequest canonical) {
    ClientCertificatePolicy certificates = route.policies().access().clientCertificate();
    if (certificates == null) {
      return null;
    }
    ClientCertificatePolicy.Verdict verdict =
        certificates.decide(canonical, snapshot.balancer().clock().instant(), budget);
    if (verdict.status() == 0) {
      certificateHeaders = verdict.requestHeaders();
      return null;
    }
    HeaderEdits location =
        verdict.location() == null
            ? HeaderEdits.NONE
            : HeaderEdits.builder().set("Location", verdict.location()).build();
    return new Answer(
        route,
        verdict.status(),
        Answer.Reason.CLIENT_CERTIFICATE,
        "This host asks for a client certificate, and there is none that it accepts.",
        location);
  }

  private static Answer answer(Route route, RoutePolicies.LocalAnswer own) {
    return new Answer(route, own.status(), own.reason(), own.explanation(), HeaderEdits.NONE);
  }

  private static Answer closed(Route route) {
    return new Answer(
        route,
        503,
        Answer.Reason.ROUTE_CLOSED,
        "This route is closed, because it cannot be protected as its rules ask.",
        HeaderEdits.NONE);
  }

  private static Answer denied(Route route, String explanation) {
    return new Answer(route, 403, Answer.Reason.DENIED, explanation, HeaderEdits.NONE);
  }

  private static Answer tooLarge(Route route) {
    return new Answer(
        route,
        413,
        Answer.Reason.BODY_TOO_LARGE,
        "The body is larger than this route takes.",
        HeaderEdits.NONE);
  }

  private Step forward(
      Route route,
      CanonicalRequest canonical,
      @Nullable String rewritten,
      @Nullable String forwardedPrefix) {
    Backend backend = route.backend();
    Upstream upstream = route.upstream();
    if (backend == null) {
      // The controller's own default back end is one: it is asked last.
      return admit(
          route,
          canonical,
          access ->
              new Answer(
                  route,
                  404,
                  Answer.Reason.NO_ROUTE,
                  RouteSearch.NO_ROUTE.explanation(),
                  HeaderEdits.NONE));
    }
    boolean isStandIn = false;
    StickySessions.CookieValue session = null;
    if (upstream != null) {
      RoutePolicies.StandIn standIn = route.policies().standIn();
      if (upstream.unavailable() != null && standIn != null) {
        backend = standIn.backend();
        upstream = standIn.upstream();
        isStandIn = true;
      }
      if (upstream.unavailable() != null) {
        return new Answer(
            route,
            Failure.NO_ENDPOINT.status(),
            Failure.NO_ENDPOINT.reason(),
            Failure.NO_ENDPOINT.explanation(),
            HeaderEdits.NONE);
      }
      session = choice.session(upstream);
      CanaryAlternative canary = upstream.canary();
      if (canary != null
          && !isStandIn
          && choice.prefersCanary(upstream, canary, session, canonical)) {
        backend = canary.backend();
        upstream = canary.upstream();
        session = choice.session(upstream);
      }
      if (budget.isSpent()) {
        return RouteSearch.overBudget(snapshot.counters(), route);
      }
    }
    RequestTarget target = canonical.target();
    String clientHost = clientHost(canonical);
    Template upstreamHost = route.policies().upstreamHost();
    String host = upstreamHost == null ? clientHost : upstreamHost.expand(canonical);
    // What is made of the request must be a host; the client's own has been read already.
    boolean isHost =
        host == null
            || (upstreamHost == null
                ? isSendable(host)
                : RequestHost.parse(host, canonical.policy()).refusal() == null);
    if (!isHost) {
      return new Answer(
          route,
          400,
          Answer.Reason.MALFORMED_REQUEST,
          "The Host that this route sends is made of the request, and would be none.",
          HeaderEdits.NONE);
    }
    Forward.Plan plan =
        new Forward.Plan(
            route,
            backend,
            upstream,
            canonical,
            isStandIn || rewritten == null ? target.forwardTarget() : rewritten,
            host,
            clientHost,
            isStandIn ? null : forwardedPrefix,
            isStandIn,
            session == null ? null : session.key(),
            null,
            HeaderEdits.NONE,
            HeaderEdits.NONE,
            true);
    return admit(
        route,
        canonical,
        access -> {
          firstAttempt = snapshot.balancer().clock().instant();
          snapshot.balancer().retries().begin();
          return choice.attempt(plan.withAccessHeaders(access), 1);
        });
  }

  /**
   * Asks who may pass, and goes on if nobody objects.
   *
   * @param onward what follows, given what the back end is told of the client
   */
  private Step admit(
      Route route, CanonicalRequest canonical, Function<HeaderEdits, Decision> onward) {
    AccessPolicies access = route.policies().access();
    if (access.equals(AccessPolicies.NONE)) {
      return onward.apply(HeaderEdits.NONE);
    }
    Admission asked =
        new Admission(route, canonical, snapshot.clients(), certificateHeaders, onward);
    admission = asked;
    reply.admit(asked);
    return asked.begin();
  }

  /** The Host that the client asked for, which a route may replace. */
  private @Nullable String clientHost(CanonicalRequest canonical) {
    RequestHost sent = canonical.sent();
    String host = sent == null ? snapshot.reading().hostOfNone() : sent.text();
    return snapshot.reading().forwarding().family() == ForwardingRules.Family.NGINX
        ? canonical.client().bestHost(host)
        : host;
  }

  private static boolean isSendable(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c == 0x7F || c > 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static Redirect redirect(Route route, Redirection redirection) {
    return new Redirect(route, redirection.status(), redirection.location(), HeaderEdits.NONE);
  }

  /**
   * The head of an answer, of a back end or of a service that decides who may pass.
   *
   * <p>Immutable and thread-safe.
   *
   * @param status the status, 200 to 599, or 101 if the other side switches to another protocol
   * @param fields the values of the header fields by name, found in any case, one value a line; one
   *     character is one byte
   */
  public record ReplyHead(int status, Map<String, List<String>> fields) implements ReplyView {

    /**
     * Checks the status and copies the fields.
     *
     * @throws IllegalArgumentException if {@code status} is not a final status
     */
    public ReplyHead {
      if (status != 101 && (status < 200 || status > 599)) {
        throw new IllegalArgumentException(
            "status " + status + " is neither 101 nor between 200 and 599");
      }
      Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      fields.forEach((name, values) -> copy.put(name, List.copyOf(values)));
      fields = Collections.unmodifiableMap(copy);
    }

    /**
     * Makes a head without fields.
     *
     * @param status the status, 200 to 599, or 101
     */
    public ReplyHead(int status) {
      this(status, Map.of());
    }

    @Override
    public List<String> headers(String name) {
      return fields.getOrDefault(name, List.of());
    }
  }

  /** How an attempt to reach a back end went wrong before an answer came. */
  public enum Failure {
    /** The connection was refused, or the name could not be resolved. */
    CONNECT(
        502,
        Answer.Reason.UPSTREAM_FAILED,
        "The back end could not be reached.",
        RetryPolicy.Condition.ERROR,
        false),
    /** No connection within the time allowed. */
    CONNECT_TIMEOUT(
        504,
        Answer.Reason.UPSTREAM_TIMEOUT,
        "The back end could not be reached in time.",
        RetryPolicy.Condition.TIMEOUT,
        false),
    /** The connection broke before the answer's head was complete. */
    RESET(
        502,
        Answer.Reason.UPSTREAM_FAILED,
        "The back end broke off the connection.",
        RetryPolicy.Condition.ERROR,
        true),
    /** No answer within the time allowed. */
    RESPONSE_TIMEOUT(
        504,
        Answer.Reason.UPSTREAM_TIMEOUT,
        "The back end did not answer in time.",
        RetryPolicy.Condition.TIMEOUT,
        true),
    /** The answer was not HTTP as it should be. */
    BAD_RESPONSE(
        502,
        Answer.Reason.UPSTREAM_FAILED,
        "The back end answered with something that is not HTTP.",
        RetryPolicy.Condition.INVALID_HEADER,
        true),
    /** The client broke off its request, or sent it too slowly; the back end is not to blame. */
    CLIENT_ABORT(
        400, Answer.Reason.MALFORMED_REQUEST, "The request broke off before its end.", null, true),
    /** The body turned out to be longer than the route takes; the back end is not to blame. */
    BODY_TOO_LARGE(
        413, Answer.Reason.BODY_TOO_LARGE, "The body is larger than this route takes.", null, true),
    /** The adapter knows no address to send to. */
    NO_ENDPOINT(
        503, Answer.Reason.NO_ENDPOINTS, "The back end has no usable endpoint.", null, false),
    /** The adapter has no room for another request. */
    OVERLOADED(503, Answer.Reason.OVERLOADED, "The gateway is busy; try again later.", null, false);

    private final int status;
    private final Answer.Reason reason;
    private final String explanation;
    private final RetryPolicy.@Nullable Condition condition;
    private final boolean mayHaveArrived;

    Failure(
        int status,
        Answer.Reason reason,
        String explanation,
        RetryPolicy.@Nullable Condition condition,
        boolean mayHaveArrived) {
      this.status = status;
      this.reason = reason;
      this.explanation = explanation;
      this.condition = condition;
      this.mayHaveArrived = mayHaveArrived;
    }

    RetryPolicy.@Nullable Condition condition() {
      return condition;
    }

    /** Whether the back end may have seen the request. */
    boolean mayHaveArrived() {
      return mayHaveArrived;
    }

    int status() {
      return status;
    }

    Answer.Reason reason() {
      return reason;
    }

    String explanation() {
      return explanation;
    }
  }
}
