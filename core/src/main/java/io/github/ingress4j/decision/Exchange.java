package io.github.ingress4j.decision;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.ForwardedHeaders;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.Refusal;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestMethod;
import io.github.ingress4j.routing.RequestTarget;
import io.github.ingress4j.routing.RoutingTable;
import java.util.List;
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
   * <p>Immutable but for the balancer's state; thread-safe.
   *
   * @param table the routes
   * @param fallback the route of requests that none of the table takes, or {@code null}
   * @param pathPolicy how paths are read
   * @param trustedProxies who may speak for a client
   * @param balancer what choosing an endpoint depends on
   */
  public record Snapshot(
      RoutingTable<Route> table,
      @Nullable Route fallback,
      PathPolicy pathPolicy,
      List<Cidr> trustedProxies,
      BalancerState balancer) {

    /** Copies the blocks. */
    public Snapshot {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  private enum State {
    NEW,
    DECIDED,
    SENT,
    FINISHED,
    ENDED
  }

  private static final HeaderEdits ALLOW =
      HeaderEdits.builder().set("Allow", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS").build();

  private static final Answer NO_ROUTE =
      new Answer(
          null,
          404,
          Answer.Reason.NO_ROUTE,
          "No rule takes this host and path, and there is no default back end.",
          HeaderEdits.NONE);

  private static final Answer OPTIONS_ASTERISK =
      new Answer(null, 204, Answer.Reason.HEALTH, "OPTIONS * asks about the server itself.", ALLOW);

  private final Snapshot snapshot;
  private final RequestView request;
  private State state = State.NEW;
  private @Nullable Forward attempt;

  /**
   * Begins an exchange.
   *
   * @param snapshot what the request is decided by, to the end
   * @param request the request
   */
  public Exchange(Snapshot snapshot, RequestView request) {
    this.snapshot = snapshot;
    this.request = request;
  }

  /**
   * Decides what becomes of the request.
   *
   * @return the decision
   * @throws IllegalStateException if it was asked before
   */
  public Decision first() {
    require(State.NEW, "first");
    Decision decision = decide();
    state = State.DECIDED;
    if (decision instanceof Forward forward) {
      attempt = forward;
      state = State.SENT;
    }
    return decision;
  }

  /**
   * Says that an attempt failed before the back end's answer began.
   *
   * @param forward the attempt
   * @param why what went wrong
   * @param bodyBytesSent the bytes of the request's body that were sent, 0 or more
   * @return what to do instead
   * @throws IllegalStateException if this is not the attempt under way, or it was answered already
   */
  public Step failed(Forward forward, Failure why, long bodyBytesSent) {
    requireAttempt(forward, State.SENT, "failed");
    if (bodyBytesSent < 0) {
      throw new IllegalArgumentException("bodyBytesSent is " + bodyBytesSent);
    }
    state = State.FINISHED;
    return new Answer(
        forward.route(), why.status(), why.reason(), why.explanation(), HeaderEdits.NONE);
  }

  /**
   * Says that the back end's answer began.
   *
   * @param forward the attempt
   * @param head the head of the answer
   * @return what to do with it
   * @throws IllegalStateException if this is not the attempt under way, or it was answered already
   */
  public Step replied(Forward forward, ReplyHead head) {
    requireAttempt(forward, State.SENT, "replied");
    state = State.FINISHED;
    return new Relay(head.status(), forward.responseHeaders());
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
   * @throws IllegalStateException if this is not the attempt under way, or it was closed already
   */
  public void closed(Forward forward, long connectNanos, long headNanos, boolean isClean) {
    if (state != State.SENT) {
      require(State.FINISHED, "closed");
    }
    requireAttempt(forward, state, "closed");
    attempt = null;
    state = State.FINISHED;
  }

  /** Ends the exchange. A second call has no effect. */
  public void end() {
    state = State.ENDED;
    attempt = null;
  }

  private void requireAttempt(Forward forward, State expected, String call) {
    require(expected, call);
    if (forward != attempt) {
      throw new IllegalStateException(call + "() is about another attempt than the one under way");
    }
  }

  private void require(State expected, String call) {
    if (state != expected) {
      throw new IllegalStateException(call + "() must not be called in state " + state);
    }
  }

  private Decision decide() {
    PathPolicy policy = snapshot.pathPolicy();
    if (!isKnownVersion(request.httpVersion())) {
      return new Answer(
          null,
          505,
          Answer.Reason.MALFORMED_REQUEST,
          "Only HTTP/1.0, HTTP/1.1, HTTP/2 and HTTP/3 are spoken here.",
          HeaderEdits.NONE);
    }
    Refusal methodRefusal = RequestMethod.refusal(request.method(), policy);
    // nginx looks at a well-formed method that it never serves only after target and Host.
    boolean isJudgedLast =
        policy == PathPolicy.NGINX
            && methodRefusal != null
            && methodRefusal.kind() == Refusal.Kind.METHOD_NOT_ALLOWED;
    if (methodRefusal != null && !isJudgedLast) {
      return refuse(methodRefusal);
    }
    RequestTarget target = RequestTarget.parse(request.target(), policy);
    Refusal refusal = target.refusalFor(request.method());
    if (refusal != null) {
      return refuse(refusal);
    }
    List<String> hosts = request.hosts();
    if (hosts.size() > 1) {
      return malformed("The request has " + hosts.size() + " Host lines; send exactly one.");
    }
    RequestHost sent = null;
    if (!hosts.isEmpty()) {
      sent = RequestHost.parse(hosts.get(0), policy);
      refusal = sent.refusal() == null ? target.refusalFor(sent) : sent.refusal();
      if (refusal != null) {
        return refuse(refusal);
      }
    } else if (!request.httpVersion().equals("1.0")) {
      return malformed("The request has no Host; HTTP/1.1 and later require one.");
    }
    if (methodRefusal != null) {
      return refuse(methodRefusal);
    }
    if (target.form() == RequestTarget.Form.ASTERISK) {
      return OPTIONS_ASTERISK;
    }
    RequestHost named = target.authorityHost();
    RequestHost selecting = named != null ? named : sent != null ? sent : RequestHost.absent();
    return route(target, selecting, sent == null ? named : sent);
  }

  private Decision route(RequestTarget target, RequestHost selecting, @Nullable RequestHost sent) {
    Match<Route> match = lookUp(selecting, target.pathText(), target.pathStart(), target.pathEnd());
    Route route = match == null ? snapshot.fallback() : match.target();
    if (route == null) {
      return NO_ROUTE;
    }
    if (target.hasViews()) {
      for (String view : target.views()) {
        // Nothing takes a path above the root, not even the route that takes everything.
        if (view.equals(RequestTarget.NOWHERE)
            || lookUp(selecting, view, 0, view.length()) != match) {
          return ambiguous(route, view);
        }
      }
    }
    if (route.closed() != null) {
      return new Answer(
          route,
          503,
          Answer.Reason.ROUTE_CLOSED,
          "This route is closed, because it cannot be protected as its rules ask.",
          HeaderEdits.NONE);
    }
    Upstream upstream = route.upstream();
    Endpoint endpoint = null;
    if (upstream != null) {
      if (upstream.unavailable() != null) {
        return new Answer(
            route,
            Failure.NO_ENDPOINT.status(),
            Failure.NO_ENDPOINT.reason(),
            Failure.NO_ENDPOINT.explanation(),
            HeaderEdits.NONE);
      }
      if (!upstream.endpoints().isEmpty()) {
        endpoint = upstream.picker().pick(upstream.key(), "", List.of(), snapshot.balancer());
      }
    }
    return new Forward(
        route,
        endpoint,
        target.forwardTarget(),
        sent == null ? null : sent.text(),
        ForwardedHeaders.of(request, snapshot.trustedProxies()));
  }

  private @Nullable Match<Route> lookUp(RequestHost host, String path, int start, int end) {
    // No rule can name an address, so only rules for every host are left for one.
    return host.isAddress()
        ? snapshot.table().match("", 0, 0, path, start, end)
        : snapshot.table().match(host.text(), host.start(), host.end(), path, start, end);
  }

  private static Answer ambiguous(Route route, String view) {
    return new Answer(
        route,
        400,
        Answer.Reason.AMBIGUOUS_PATH,
        view.equals(RequestTarget.NOWHERE)
            ? "Some servers read this path as one above the root. Send the path without encoded or"
                + " special separators."
            : "Some servers read this path as "
                + PrintableText.quote(view)
                + ", which another rule takes or none. Send the path without encoded or special"
                + " separators.",
        HeaderEdits.NONE);
  }

  private static boolean isKnownVersion(String version) {
    return switch (version) {
      case "1.0", "1.1", "2", "3" -> true;
      default -> false;
    };
  }

  private static Answer malformed(String explanation) {
    return new Answer(null, 400, Answer.Reason.MALFORMED_REQUEST, explanation, HeaderEdits.NONE);
  }

  private static Answer refuse(Refusal refusal) {
    Answer.Reason reason =
        switch (refusal.kind()) {
          case MALFORMED, VERSION_NOT_SUPPORTED -> Answer.Reason.MALFORMED_REQUEST;
          case AMBIGUOUS_PATH -> Answer.Reason.AMBIGUOUS_PATH;
          case METHOD_NOT_ALLOWED, NOT_IMPLEMENTED -> Answer.Reason.METHOD_NOT_ALLOWED;
          case URI_TOO_LONG -> Answer.Reason.URI_TOO_LONG;
        };
    int status = refusal.kind().status();
    return new Answer(
        null, status, reason, refusal.explanation(), status == 405 ? ALLOW : HeaderEdits.NONE);
  }

  /**
   * The head of a back end's answer, as far as it takes part in decisions.
   *
   * <p>Immutable and thread-safe.
   *
   * @param status the status, 200 to 599
   */
  public record ReplyHead(int status) {

    /**
     * Checks the status.
     *
     * @throws IllegalArgumentException if {@code status} is not a final status
     */
    public ReplyHead {
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("status " + status + " is not between 200 and 599");
      }
    }
  }

  /** How an attempt to reach a back end went wrong before an answer came. */
  public enum Failure {
    /** The connection was refused, or the name could not be resolved. */
    CONNECT(502, Answer.Reason.UPSTREAM_FAILED, "The back end could not be reached."),
    /** No connection within the time allowed. */
    CONNECT_TIMEOUT(
        504, Answer.Reason.UPSTREAM_TIMEOUT, "The back end could not be reached in time."),
    /** The connection broke before the answer's head was complete. */
    RESET(502, Answer.Reason.UPSTREAM_FAILED, "The back end broke off the connection."),
    /** No answer within the time allowed. */
    RESPONSE_TIMEOUT(504, Answer.Reason.UPSTREAM_TIMEOUT, "The back end did not answer in time."),
    /** The answer was not HTTP as it should be. */
    BAD_RESPONSE(
        502,
        Answer.Reason.UPSTREAM_FAILED,
        "The back end answered with something that is not HTTP."),
    /** The client broke off its request, or sent it too slowly; the back end is not to blame. */
    CLIENT_ABORT(400, Answer.Reason.MALFORMED_REQUEST, "The request broke off before its end."),
    /** The adapter knows no address to send to. */
    NO_ENDPOINT(503, Answer.Reason.NO_ENDPOINTS, "The back end has no usable endpoint."),
    /** The adapter has no room for another request. */
    OVERLOADED(503, Answer.Reason.OVERLOADED, "The gateway is busy; try again later.");

    private final int status;
    private final Answer.Reason reason;
    private final String explanation;

    Failure(int status, Answer.Reason reason, String explanation) {
      this.status = status;
      this.reason = reason;
      this.explanation = explanation;
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
