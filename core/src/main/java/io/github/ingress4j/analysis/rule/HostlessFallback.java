package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.PathType;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RequestTarget;
import java.util.ArrayList;
import java.util.List;

/** There is no fall-through from a named host to the rules without one. */
final class HostlessFallback extends LintRule.OfIngress {

  HostlessFallback() {
    super(
        "hostless-no-fallback",
        Severity.INFO,
        "a rule without a host is for unknown hosts only",
        "ingress-nginx v1.15.1, host selection");
  }

  @Override
  void check(NginxModel.Owner ingress, LintInput input, Findings findings) {
    IngressSpec spec = ingress.ingress().spec();
    if (spec.rules().isEmpty()) {
      List<String> hosts = hostsWithout(REST, input);
      if (spec.defaultBackend() != null && !hosts.isEmpty()) {
        findings.spec(
            ingress,
            "defaultBackend",
            "the default back end takes requests for unknown hosts only: " + rest(hosts),
            "write a path / for each host that is to have a fallback");
      }
      return;
    }
    for (IngressRule rule : spec.rules()) {
      List<HttpIngressPath> paths = rule.paths();
      if (!rule.host().isEmpty() || paths == null) {
        continue;
      }
      for (HttpIngressPath path : paths) {
        boolean isRoot = path.path().isEmpty() || path.path().equals("/");
        String sample = isRoot && path.pathType() != PathType.EXACT ? REST : path.path();
        List<String> hosts = PathText.isPlain(sample) ? hostsWithout(sample, input) : List.of();
        if (!hosts.isEmpty()) {
          findings.host(
              ingress,
              "",
              "the rule takes requests for unknown hosts only: "
                  + (sample.equals(REST)
                      ? rest(hosts)
                      : PrintableText.quote(path.path()) + " is answered 404 on " + words(hosts)),
              "write the rule for each host that is to have it");
          return;
        }
      }
    }
  }

  /** A path that no rule names, so that it is taken by those that take everything. */
  private static final String REST = "/!/~";

  /** The named hosts of which no path, and no default back end, takes a path. */
  private static List<String> hostsWithout(String path, LintInput input) {
    List<String> hosts = new ArrayList<>();
    String octets = RequestTarget.ruleForm(path, PathPolicy.NGINX);
    for (NginxModel.Host host : input.model().hosts()) {
      if (!host.isDefault() && octets != null && !isTaken(host, octets, input)) {
        hosts.add(host.name());
      }
    }
    return hosts;
  }

  private static boolean isTaken(NginxModel.Host host, String octets, LintInput input) {
    for (NginxModel.Location location : host.locations()) {
      if (location.isImplicit() && location.upstream() != null) {
        return true;
      }
    }
    Route route = input.route(LintInput.example(host), octets);
    return route != null && route.rule() != null;
  }

  private static String rest(List<String> hosts) {
    return "paths of " + words(hosts) + " that no rule has are answered 404";
  }

  private static String words(List<String> hosts) {
    int others = hosts.size() - 1;
    return hosts.get(0)
        + (others == 0
            ? ""
            : others == 1 ? " and of another host" : " and of " + others + " others");
  }
}
