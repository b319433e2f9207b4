package io.github.ingress4j.decision;

import io.github.ingress4j.balance.BalancerState;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointHealth;
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
import java.util.Set;
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

  /** The last attempt, until something can be said of its endpoint. */
  private @Nullable Forward watched;

  /** The mark of that attempt. */
  private long mark;

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
    StickySessions.Choice choice = choose(plan, upstream);
    SessionAffinity affinity = upstream.affinity();
    String newKey = choice.newKey();
    HeaderEdits edits = HeaderEdits.NONE;
    if (newKey != null
        && affinity != null
        && affinity.setsCookie(cookieHost(plan), path(plan.route()))) {
      edits =
          HeaderEdits.builder()
              .append(
                  "Set-Cookie",
                  cookie(affinity.cookie(), path(plan.route()))
                      .render(
                          newKey,
                          affinity.sessions().backendTag(),
                          snapshot.balancer().clock().instant(),
                          plan.request()))
              .build();
    }
    Forward forward = new Forward(plan, choice.endpoint(), number, edits);
    watched = forward;
    return forward;
  }

  /** Chooses an endpoint, but none that only one request is to find out about, unless it is it. */
  private StickySessions.Choice choose(Forward.Plan plan, Upstream upstream) {
    BalancerState balancer = snapshot.balancer();
    EndpointHealth health = balancer.health();
    Template template = upstream.hashKey();
    String hashKey =
        template == null || upstream.affinity() != null ? "" : template.expand(plan.request());
    while (true) {
      Set<Endpoint> avoided = health.avoided(upstream.key(), upstream.endpoints().size());
      SessionAffinity affinity = upstream.affinity();
      StickySessions.Choice choice =
          affinity == null
              ? new StickySessions.Choice(
                  upstream.picker().pick(upstream.key(), hashKey, failed, avoided, balancer), null)
              : affinity
                  .sessions()
                  .choose(plan.sessionKey(), failed, avoided, affinity.movesOnFailure(), balancer);
      mark = health.enter(upstream.key(), choice.endpoint());
      if (mark != EndpointHealth.TAKEN) {
        return choice;
      }
    }
  }

  /** Says that the endpoint of the last attempt has answered as it should. */
  void succeeded(Forward forward) {
    Upstream upstream = settle(forward);
    Endpoint endpoint = forward.endpoint();
    if (upstream != null && endpoint != null) {
      EndpointHealth health = snapshot.balancer().health();
      health.succeeded(upstream.key(), upstream.endpoints().size(), endpoint, mark);
    }
  }

  /** Says that the endpoint of the last attempt has failed. */
  void blamed(Forward forward) {
    Upstream upstream = settle(forward);
    Endpoint endpoint = forward.endpoint();
    if (upstream != null && endpoint != null) {
      EndpointHealth health = snapshot.balancer().health();
      health.failed(upstream.key(), upstream.endpoints().size(), endpoint, mark);
    }
  }

  /** Says that nothing will be known of the endpoint of the last attempt, unless it is known. */
  void abandoned() {
    Forward last = watched;
    Upstream upstream = last == null ? null : settle(last);
    Endpoint endpoint = last == null ? null : last.endpoint();
    if (upstream != null && endpoint != null) {
      snapshot.balancer().health().abandoned(upstream.key(), endpoint, mark);
    }
  }

  /** The upstream of an attempt of which nothing was said yet, or null. */
  private @Nullable Upstream settle(Forward forward) {
    if (forward != watched) {
      return null;
    }
    watched = null;
    return forward.plan().upstream();
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
