package io.github.ingress4j.decision;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.StickySessions;
import io.github.ingress4j.policy.CanaryPolicy;
import io.github.ingress4j.policy.CanonicalRequest;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SessionCookie;
import io.github.ingress4j.policy.Template;
import io.github.ingress4j.routing.RegexBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint takes one request, attempt by attempt: the canary or the main upstream, the one of
 * the session, or one that did not fail before.
 *
 * <p>Not thread-safe. Source: ingress-nginx, order of evaluation, steps 13 and 17.
 */
final class EndpointChoice {

  private final Exchange.Snapshot snapshot;
  private final RequestView request;
  private final RegexBudget budget;

  /** The endpoints of the attempts that failed. */
  private List<Endpoint> failed = List.of();

  /** Whether the route stands where no rule names the host. */
  private boolean isEveryHost;

  EndpointChoice(Exchange.Snapshot snapshot, RequestView request, RegexBudget budget) {
    this.snapshot = snapshot;
    this.request = request;
    this.budget = budget;
  }

  /** Says that no rule names the host. */
  void forEveryHost() {
    isEveryHost = true;
  }

  /** Says that an attempt failed; where there are others, its endpoint is not chosen again. */
  void failed(Endpoint endpoint) {
    List<Endpoint> more = new ArrayList<>(failed);
    more.add(endpoint);
    failed = more;
  }

  /** Chooses the endpoint for an error page, of which the attempts before say nothing. */
  Forward errorPage(Forward.Plan page) {
    failed = List.of();
    return attempt(page, 1);
  }

  /** What the cookie of the request says about its endpoint, or null. */
  StickySessions.@Nullable CookieValue session(Upstream upstream) {
    SessionAffinity affinity = upstream.affinity();
    if (affinity == null) {
      return null;
    }
    String value = affinity.cookie().read(request);
    return value == null ? null : StickySessions.CookieValue.parse(value);
  }

  /** Whether the request goes to the canary of an upstream. */
  boolean prefersCanary(
      Upstream main,
      CanaryAlternative canary,
      StickySessions.@Nullable CookieValue session,
      CanonicalRequest canonical) {
    if (isBound(main, session)) {
      return false;
    }
    if (canary.upstream().unavailable() != null) {
      return false;
    }
    if (isBound(canary.upstream(), session(canary.upstream()))) {
      return true;
    }
    return canary.policy().decide(canonical, snapshot.balancer().random(), budget)
        == CanaryPolicy.Verdict.CANARY;
  }

  /** Whether the session was begun by the upstream. */
  private static boolean isBound(Upstream upstream, StickySessions.@Nullable CookieValue session) {
    SessionAffinity affinity = upstream.affinity();
    String tag = session == null ? null : session.backendTag();
    return tag != null && affinity != null && tag.equals(affinity.sessions().backendTag());
  }

  /** Chooses an endpoint and makes the attempt. */
  Forward attempt(Forward.Plan plan, int number) {
    Upstream upstream = plan.upstream();
    if (upstream == null || upstream.endpoints().isEmpty()) {
      return new Forward(plan, null, number, HeaderEdits.NONE);
    }
    SessionAffinity affinity = upstream.affinity();
    if (affinity == null) {
      Template hashKey = upstream.hashKey();
      String key = hashKey == null ? "" : hashKey.expand(plan.request());
      Endpoint endpoint = upstream.picker().pick(upstream.key(), key, failed, snapshot.balancer());
      return new Forward(plan, endpoint, number, HeaderEdits.NONE);
    }
    StickySessions sessions = affinity.sessions();
    StickySessions.Choice choice =
        sessions.choose(plan.sessionKey(), failed, affinity.movesOnFailure(), snapshot.balancer());
    String newKey = choice.newKey();
    HeaderEdits edits = HeaderEdits.NONE;
    if (newKey != null && affinity.setsCookie(cookieHost(plan), path(plan.route()))) {
      edits =
          HeaderEdits.builder()
              .append(
                  "Set-Cookie",
                  cookie(affinity.cookie(), path(plan.route()))
                      .render(
                          newKey,
                          sessions.backendTag(),
                          snapshot.balancer().clock().instant(),
                          plan.request()))
              .build();
    }
    return new Forward(plan, choice.endpoint(), number, edits);
  }

  private static SessionCookie cookie(SessionCookie cookie, String path) {
    if (!cookie.path().isEmpty()) {
      return cookie;
    }
    return cookie.withPath(SessionCookie.isAttributeValue(path) ? path : "/");
  }

  /** The host under which the paths of the cookie stand: {@code _} where no rule names the host. */
  private String cookieHost(Forward.Plan plan) {
    return isEveryHost ? "_" : plan.request().selectedName();
  }

  private static String path(Route route) {
    Route.Rule rule = route.rule();
    return rule == null || rule.path().isEmpty() ? "/" : rule.path();
  }
}
