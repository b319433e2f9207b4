package io.github.ingress4j.decision;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.ForwardedHeaders;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.DecodedPath;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.Refusal;
import io.github.ingress4j.routing.RegexBudget;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestMethod;
import io.github.ingress4j.routing.RequestTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request from its lines to its route: what is refused on sight, and whose rule
 * takes the rest.
 *
 * <p>Not thread-safe. Source: ingress-nginx, order of evaluation, steps 1 to 5.
 */
final class RouteSearch {

  private static final HeaderEdits ALLOW =
      HeaderEdits.builder().set("Allow", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS").build();

  static final Answer NO_ROUTE =
      new Answer(
          null,
          404,
          Answer.Reason.NO_ROUTE,
          "No rule takes this host and path, and there is no default back end.",
          HeaderEdits.NONE);

  private static final Answer OPTIONS_ASTERISK =
      new Answer(null, 204, Answer.Reason.HEALTH, "OPTIONS * asks about the server itself.", ALLOW);

  private final Exchange.Snapshot snapshot;
  private final RequestView request;
  private final RegexBudget budget;
  private @Nullable RequestTarget target;
  private RequestHost selecting = RequestHost.absent();
  private @Nullable RequestHost sent;
  private @Nullable Route route;
  private @Nullable CanonicalRequest accepted;
  private boolean isEveryHost;

  RouteSearch(Exchange.Snapshot snapshot, RequestView request, RegexBudget budget) {
    this.snapshot = snapshot;
    this.request = request;
    this.budget = budget;
  }

  /** The route; only if the request was not refused. */
  Route route() {
    return found(route);
  }

  /** The request as it was validated; only if it was not refused. */
  CanonicalRequest accepted() {
    return found(accepted);
  }

  /** The request, refused or not; null if its target or its host cannot be read. */
  @Nullable CanonicalRequest readable() {
    RequestTarget read = target;
    return accepted != null || read == null ? accepted : validated(read, "");
  }

  private CanonicalRequest validated(RequestTarget read, String subdomain) {
    return new CanonicalRequest(
        request,
        snapshot.pathPolicy(),
        read,
        selecting,
        sent,
        ForwardedHeaders.of(request, snapshot.reading().forwarding(), snapshot.balancer().random()),
        subdomain);
  }

  /** Whether the route stands where no rule names the host. */
  boolean isEveryHost() {
    return isEveryHost;
  }

  private static <T> T found(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the request has no route");
    }
    return value;
  }

  /**
   * Looks for the route.
   *
   * @return why the request is refused; {@code null} if it has a route
   */
  @Nullable Answer run() {
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
    if (methodRefusal == null && snapshot.reading().takesUpperCaseMethodsOnly()) {
      methodRefusal = RequestMethod.refusal(request.method(), PathPolicy.NGINX);
    }
    if (methodRefusal != null && !isJudgedLast) {
      return refuse(methodRefusal);
    }
    RequestTarget parsed = RequestTarget.parse(request.target(), policy);
    Refusal refusal = parsed.refusalFor(request.method());
    if (refusal != null) {
      return refuse(refusal);
    }
    List<String> hosts = request.hosts();
    if (hosts.size() > 1) {
      return malformed("The request has " + hosts.size() + " Host lines; send exactly one.");
    }
    RequestHost named = parsed.authorityHost();
    if (!hosts.isEmpty()) {
      RequestHost host = RequestHost.parse(hosts.get(0), policy);
      refusal = host.refusal() == null ? parsed.refusalFor(host) : host.refusal();
      if (refusal != null) {
        return refuse(refusal);
      }
      sent = host;
      selecting = named == null ? host : named;
    } else if (!request.httpVersion().equals("1.0")) {
      return malformed("The request has no Host; HTTP/1.1 and later require one.");
    } else if (named != null) {
      sent = named;
      selecting = named;
    }
    target = parsed;
    if (methodRefusal != null) {
      return refuse(methodRefusal);
    }
    if (parsed.form() == RequestTarget.Form.ASTERISK) {
      return OPTIONS_ASTERISK;
    }
    return find(parsed);
  }

  private @Nullable Answer find(RequestTarget parsed) {
    Match<Route> match;
    if (snapshot.reading().matchesDecodedPaths()) {
      DecodedPath decoded = parsed.decoded();
      if (!decoded.isNormal()) {
        return new Answer(
            null,
            400,
            Answer.Reason.AMBIGUOUS_PATH,
            "Decoded, this path has empty or dot segments, which servers read differently. Send"
                + " the path without encoded separators.",
            HeaderEdits.NONE);
      }
      String text = decoded.text();
      match = lookUp(text, 0, text.length());
    } else {
      match = lookUp(parsed.pathText(), parsed.pathStart(), parsed.pathEnd());
    }
    if (budget.isSpent()) {
      return overBudget(snapshot.counters(), null);
    }
    isEveryHost = match == null || match.host() instanceof HostPattern.Any;
    Route found = match == null ? snapshot.fallback() : match.target();
    if (found == null) {
      return NO_ROUTE;
    }
    if (parsed.hasViews()) {
      for (String view : parsed.views()) {
        if (!leadsTo(found, view)) {
          return budget.isSpent() ? overBudget(snapshot.counters(), found) : ambiguous(found, view);
        }
      }
    }
    route = found;
    accepted = validated(parsed, match == null ? "" : subdomain(match.host(), selecting));
    return null;
  }

  private static String subdomain(HostPattern pattern, RequestHost host) {
    String name = host.name();
    // A request for an alias is no request for the wildcard.
    if (!(pattern instanceof HostPattern.Wildcard) || !pattern.matches(name)) {
      return "";
    }
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  private boolean leadsTo(Route found, String view) {
    if (view.equals(RequestTarget.NOWHERE)) {
      // Nothing takes a path above the root, not even the route that takes everything.
      return false;
    }
    String text = view;
    if (snapshot.reading().matchesDecodedPaths()) {
      DecodedPath decoded = DecodedPath.of(view);
      if (!decoded.isNormal()) {
        return false;
      }
      text = decoded.text();
    }
    Match<Route> match = lookUp(text, 0, text.length());
    return match != null && found.equals(match.target());
  }

  /** The refusal of a request whose comparison takes too long, which is counted. */
  static Answer overBudget(Counters counters, @Nullable Route route) {
    counters.countRegexBudgetRefusal();
    return new Answer(
        route,
        400,
        Answer.Reason.REGEX_BUDGET,
        "Comparing this request with the patterns of its host takes too long.",
        HeaderEdits.NONE);
  }

  private @Nullable Match<Route> lookUp(String path, int start, int end) {
    return lookUp(snapshot, selecting, path, start, end, budget);
  }

  /** The rule that takes a path of a host, for those who have no request yet. */
  static @Nullable Match<Route> lookUp(Exchange.Snapshot snapshot, RequestHost host, String path) {
    return lookUp(snapshot, host, path, 0, path.length(), new RegexBudget());
  }

  private static @Nullable Match<Route> lookUp(
      Exchange.Snapshot snapshot,
      RequestHost host,
      String path,
      int start,
      int end,
      RegexBudget budget) {
    // In the specification no rule can name an address, so only rules for every host are left.
    return host.isAddress() && !snapshot.reading().matchesAddresses()
        ? snapshot.table().match("", 0, 0, path, start, end, budget)
        : snapshot.table().match(host.text(), host.start(), host.end(), path, start, end, budget);
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
}
