package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Of two Ingresses of one age the one with the greater name comes first; in a cluster it may be the
 * other.
 */
final class CreationTie extends LintRule.OfHost {

  CreationTie() {
    super(
        "creation-time-tie",
        Severity.INFO,
        "names decide between Ingresses, because their ages are not known",
        "ingress-nginx v1.15.1, order of Ingresses");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    List<NginxModel.Owner> owners = List.copyOf(host.owners());
    NginxModel.Owner first = host.first();
    if (first == null || owners.size() < 2) {
      return;
    }
    for (NginxModel.Location root : host.locations()) {
      if (!root.isImplicit()) {
        continue;
      }
      for (NginxModel.Owner other : owners) {
        if (other != first && isTie(first, other) && !weight(first).equals(weight(other))) {
          findings.host(
              first,
              host.name(),
              "the annotations of this Ingress cover the paths of "
                  + host.inWords()
                  + " that no rule has, and not those of "
                  + other.label()
                  + ", only because its name is greater; in a cluster the older one counts",
              "write a rule for the path /, so that the order does not matter");
          return;
        }
      }
    }
  }

  private static boolean isTie(NginxModel.Owner one, NginxModel.Owner other) {
    return Objects.equals(
        one.ingress().metadata().creationTimestamp(),
        other.ingress().metadata().creationTimestamp());
  }

  /** What of an Ingress changes the answer on paths that nobody wrote. */
  private static List<String> weight(NginxModel.Owner ingress) {
    List<String> names = new ArrayList<>(LintInput.protections(ingress));
    names.addAll(LintInput.redirects(ingress));
    if (ingress.isGiven("rewrite-target")) {
      names.add("rewrite-target");
    }
    return names;
  }
}
