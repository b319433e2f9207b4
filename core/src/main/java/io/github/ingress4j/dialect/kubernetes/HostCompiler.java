package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.upstream.BackendSource;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.PathType;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what all Ingresses together say about one host.
 *
 * <p>Among the rules of a host an Exact path beats every other; of the others the longest path
 * wins, and a trailing slash counts for its length but not for what it matches; then Prefix beats
 * ImplementationSpecific; then the older Ingress. Whatever can never win is reported.
 *
 * <p>Source: networking.k8s.io/v1, HTTPIngressPath; the choices are in {@code docs/semantics.md}.
 */
public final class HostCompiler {

  /**
   * What was compiled for a host.
   *
   * @param routes the routes by their pattern
   * @param findings what was found
   * @param backends the ports of Services that the routes refer to
   */
  public record Result(
      Map<PathPattern, Route> routes,
      List<Diagnostic> findings,
      List<Backend.ServicePort> backends) {}

  /**
   * An Ingress that has rules for the host.
   *
   * @param ingress the Ingress
   * @param rules the indexes of these rules, at least one, in order
   */
  public record Claim(Ingress ingress, List<Integer> rules) {}

  /** One path of one rule, on its way to becoming a route. */
  private record Candidate(
      Ingress ingress, HttpIngressPath item, String form, int rule, int path, String host) {

    String field() {
      return "spec.rules[" + rule + "].http.paths[" + path + "]";
    }

    @Nullable SourceSpan span() {
      SourceSpan span = item.origin().span();
      return span == null ? ingress.origin().span() : span;
    }

    /** Everything that matches the same requests has the same key. */
    String key() {
      if (item.pathType() == PathType.EXACT) {
        return "=" + form;
      }
      // The root loses its slash too: else "//", which no request has, would stand for it.
      return form.endsWith("/") ? form.substring(0, form.length() - 1) : form;
    }

    boolean beats(Candidate other) {
      if (form.length() != other.form.length()) {
        return form.length() > other.form.length();
      }
      return item.pathType() == PathType.PREFIX
          && other.item.pathType() == PathType.IMPLEMENTATION_SPECIFIC;
    }

    String named() {
      return PrintableText.quote(item.path())
          + " ("
          + item.pathType().text()
          + ") of "
          + ingress.label();
    }
  }

  private final String host;
  private final PathPolicy policy;
  private final Backends backends;
  private final List<Diagnostic> findings = new ArrayList<>();
  private final Map<String, Candidate> winners = new LinkedHashMap<>();

  private HostCompiler(String host, PathPolicy policy, Backends backends) {
    this.host = host;
    this.policy = policy;
    this.backends = backends;
  }

  /**
   * Compiles a host.
   *
   * @param host the host as rules write it; empty for every host
   * @param claims the Ingresses that have a rule for the host, most important first
   * @param policy how paths are read
   * @param source where upstreams come from
   * @param protection which Ingresses are closed
   * @return the routes and the findings
   */
  public static Result compile(
      String host,
      List<Claim> claims,
      PathPolicy policy,
      BackendSource source,
      Protection protection) {
    Claim closing = null;
    String closed = null;
    for (Claim claim : claims) {
      if (closed == null) {
        closed = protection.closesHosts(claim.ingress());
        closing = claim;
      }
    }
    HostCompiler compiler =
        new HostCompiler(host, policy, new Backends(source, protection, closed));
    compiler.reportSharing(claims);
    for (Claim claim : claims) {
      compiler.collect(claim);
    }
    Map<PathPattern, Route> routes = compiler.routes(claims);
    if (closed != null && closing != null) {
      // What no path takes must not go around the closed host to a default back end.
      routes.putIfAbsent(
          PathPattern.rest(),
          new Route(
              closing.ingress().metadata().key(),
              null,
              ruleSpan(closing.ingress(), closing.rules().get(0)),
              null,
              null,
              closed,
              RoutePolicies.NONE));
    }
    return new Result(routes, compiler.findings, compiler.backends.used());
  }

  private void reportSharing(List<Claim> claims) {
    Ingress first = claims.get(0).ingress();
    int firstRule = claims.get(0).rules().get(0);
    String owner = first.metadata().namespace();
    for (Claim claim : claims) {
      Ingress ingress = claim.ingress();
      if (ingress.metadata().namespace().equals(owner)) {
        continue;
      }
      int index = claim.rules().get(0);
      findings.add(
          Diagnostic.of(
                  KubernetesRules.HOST_SHARED,
                  (host.isEmpty() ? "rules for every host" : "rules for " + host)
                      + " are also in "
                      + first.label()
                      + at(ruleSpan(first, firstRule)))
              .withSource(ruleSpan(ingress, index))
              .withObject(ingress.label())
              .withField("spec.rules[" + index + "].host")
              .withHelp(
                  "whoever writes Ingresses in one namespace takes requests from the other; keep"
                      + " a host in one namespace unless that is meant"));
    }
  }

  private static @Nullable SourceSpan ruleSpan(Ingress ingress, int rule) {
    SourceSpan span = ingress.spec().rules().get(rule).origin().of("host");
    return span == null ? ingress.origin().span() : span;
  }

  private void collect(Claim claim) {
    Ingress ingress = claim.ingress();
    for (int i : claim.rules()) {
      List<HttpIngressPath> paths = ingress.spec().rules().get(i).paths();
      if (paths == null) {
        findings.add(
            Diagnostic.of(
                    KubernetesRules.RULE_WITHOUT_PATHS,
                    "the rule has no paths, so a default back end takes "
                        + (host.isEmpty() ? "what no other rule takes" : "all of " + host))
                .withSource(ruleSpan(ingress, i))
                .withObject(ingress.label())
                .withField("spec.rules[" + i + "]"));
        continue;
      }
      for (int j = 0; j < paths.size(); j++) {
        collect(ingress, paths.get(j), i, j);
      }
    }
  }

  private void collect(Ingress ingress, HttpIngressPath item, int rule, int path) {
    String text = item.path().isEmpty() ? "/" : item.path();
    String form = RequestTarget.ruleForm(text, policy);
    if (form == null) {
      findings.add(
          Diagnostic.of(
                  KubernetesRules.PATH_NEVER_MATCHES,
                  "no request can have the path " + PrintableText.quote(item.path()))
              .withSource(item.origin().of("path"))
              .withObject(ingress.label())
              .withField("spec.rules[" + rule + "].http.paths[" + path + "].path")
              .withHelp(
                  "write the characters themselves, or escapes of two hex digits that a request"
                      + " may carry"));
      return;
    }
    Candidate candidate = new Candidate(ingress, item, form, rule, path, host);
    reportPattern(candidate);
    Candidate other = winners.get(candidate.key());
    if (other == null) {
      winners.put(candidate.key(), candidate);
    } else if (candidate.beats(other)) {
      winners.put(candidate.key(), candidate);
      reportShadow(other, candidate);
    } else {
      reportShadow(candidate, other);
    }
  }

  private void reportPattern(Candidate candidate) {
    String text = candidate.item.path();
    boolean looksLikePattern =
        text.indexOf('*') >= 0
            || text.contains("(")
            || text.contains("{")
            || text.contains("/:")
            || text.endsWith("$")
            || text.contains("[");
    if (looksLikePattern) {
      findings.add(
          Diagnostic.of(
                  KubernetesRules.PATH_PATTERN_LITERAL,
                  "the path "
                      + PrintableText.quote(text)
                      + " looks like a pattern, but every character of it stands for itself")
              .withSource(candidate.item.origin().of("path"))
              .withObject(candidate.ingress.label())
              .withField(candidate.field() + ".path")
              .withHelp(
                  "a path of type Prefix already takes everything below it; there are no"
                      + " wildcards and no regular expressions in this dialect"));
    }
  }

  private void reportShadow(Candidate loser, Candidate winner) {
    findings.add(
        Diagnostic.of(
                KubernetesRules.PATH_SHADOWED,
                "the path "
                    + loser.named()
                    + " takes no request: "
                    + winner.named()
                    + at(winner.span())
                    + " takes them all, because "
                    + why(loser, winner))
            .withSource(loser.item.origin().of("path"))
            .withObject(loser.ingress.label())
            .withField(loser.field() + ".path")
            .withHelp("remove one of the two, or give them different paths"));
  }

  private static String why(Candidate loser, Candidate winner) {
    if (winner.form.length() > loser.form.length()) {
      return "the longer path wins";
    }
    if (winner.item.pathType() != loser.item.pathType()) {
      return winner.item.pathType().text() + " beats " + loser.item.pathType().text();
    }
    return winner.ingress.equals(loser.ingress)
        ? "it comes first in the Ingress"
        : "its Ingress comes first";
  }

  private static String at(@Nullable SourceSpan span) {
    return span == null ? "" : " at " + span;
  }

  private Map<PathPattern, Route> routes(List<Claim> claims) {
    Map<PathPattern, Route> routes = new LinkedHashMap<>();
    for (Candidate winner : winners.values()) {
      HttpIngressPath item = winner.item;
      Route.Rule rule = new Route.Rule(host, item.path(), item.pathType().text());
      Route route =
          backends.route(
              winner.ingress,
              rule,
              winner.span(),
              item.backend(),
              winner.field() + ".backend",
              findings::add);
      routes.put(
          item.pathType() == PathType.EXACT
              ? PathPattern.exact(winner.form)
              : PathPattern.prefix(winner.form),
          route);
    }
    Ingress owner = null;
    for (Claim claim : claims) {
      Ingress ingress = claim.ingress();
      IngressBackend backend = ingress.spec().defaultBackend();
      if (backend == null) {
        continue;
      }
      if (owner == null) {
        owner = ingress;
        routes.put(PathPattern.rest(), defaultRoute(ingress, backend));
      } else {
        findings.add(
            Diagnostic.of(
                    KubernetesRules.DEFAULT_BACKEND_TIE,
                    "requests of "
                        + (host.isEmpty() ? "every host" : host)
                        + " that match no path go to the default back end of "
                        + owner.label()
                        + at(backendSpan(owner))
                        + ", not to this one")
                .withSource(backendSpan(ingress))
                .withObject(ingress.label())
                .withField("spec.defaultBackend")
                .withHelp("keep one default back end for a host"));
      }
    }
    return routes;
  }

  private Route defaultRoute(Ingress ingress, IngressBackend backend) {
    return backends.route(
        ingress, null, backendSpan(ingress), backend, "spec.defaultBackend", findings::add);
  }

  private static @Nullable SourceSpan backendSpan(Ingress ingress) {
    return Objects.requireNonNullElse(ingress.spec().origin(), ingress.origin())
        .of("defaultBackend");
  }
}
