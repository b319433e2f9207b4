package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import io.github.ingress4j.routing.RequestHost;
import io.github.ingress4j.routing.RequestTarget;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validated requests, as an exchange makes them, and the parts that rules are made of. */
final class Requests {

  private Requests() {}

  static CanonicalRequest canonical(SimpleRequest view, PathPolicy policy) {
    return canonical(view, policy, ForwardingRules.nginx(), "");
  }

  static CanonicalRequest canonical(
      SimpleRequest view, PathPolicy policy, ForwardingRules rules, String subdomain) {
    CanonicalRequest request = canonicalOrNull(view, policy, rules, subdomain);
    assertThat(request).as(view.toString()).isNotNull();
    return request;
  }

  /** Null if the request is refused before it is routed. */
  static @Nullable CanonicalRequest canonicalOrNull(
      SimpleRequest view, PathPolicy policy, ForwardingRules rules, String subdomain) {
    RequestTarget target = RequestTarget.parse(view.target(), policy);
    RequestHost sent =
        view.hosts().isEmpty() ? null : RequestHost.parse(view.hosts().get(0), policy);
    if (target.refusal() != null || (sent != null && sent.refusal() != null)) {
      return null;
    }
    RequestHost named = target.authorityHost();
    RequestHost selected = named != null ? named : sent != null ? sent : RequestHost.absent();
    return new CanonicalRequest(
        view,
        policy,
        target,
        selected,
        sent == null ? named : sent,
        ForwardedHeaders.of(view, rules, () -> 0x0123456789abcdefL),
        subdomain);
  }

  /** A request for a target at a host; {@code null} for HTTP/1.0 without one. */
  static CanonicalRequest get(@Nullable String host, String target, PathPolicy policy) {
    return canonical(view(host, target).build(), policy);
  }

  static SimpleRequest.Builder view(@Nullable String host, String target) {
    return SimpleRequest.builder()
        .httpVersion(host == null ? "1.0" : "1.1")
        .hosts(host == null ? List.of() : List.of(host))
        .target(target);
  }

  static Template template(String text, String... groupNames) {
    Template.Result result = Template.parse(text, Set.of(groupNames));
    assertThat(result).isInstanceOf(Template.Parsed.class);
    return ((Template.Parsed) result).template();
  }

  static PcrePattern pattern(String text, boolean ignoresCase) {
    PcrePattern.Result result = PcrePattern.compile(text, ignoresCase, false);
    assertThat(result).isInstanceOf(PcrePattern.Compiled.class);
    return ((PcrePattern.Compiled) result).pattern();
  }

  static Rewrite rewrite(String pattern, String target, PathPolicy policy, String... groupNames) {
    return new Rewrite(pattern(pattern, true), template(target, groupNames), null, policy);
  }

  /** The new target, the Location, or the status. */
  static String outcome(Rewrite rewrite, CanonicalRequest request) {
    Rewrite.Outcome outcome = rewrite.apply(request, new RegexBudget());
    if (outcome instanceof Rewrite.Rewritten rewritten) {
      return rewritten.target();
    }
    if (outcome instanceof Rewrite.Moved moved) {
      return moved.status() + " " + moved.location();
    }
    return Integer.toString(((Rewrite.Refused) outcome).status());
  }
}
