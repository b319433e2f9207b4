package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code use-regex} or effective {@code rewrite-target} changes every path of its host, those
 * of other Ingresses too.
 */
final class RegexHost extends LintRule.OfHost {

  RegexHost() {
    super(
        "regex-host",
        Severity.WARNING,
        "an annotation of another Ingress makes paths regular expressions",
        "ingress-nginx v1.15.1, annotations use-regex and rewrite-target");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Location cause = cause(host);
    NginxModel.Owner owner = cause == null ? null : cause.owner();
    if (cause == null || owner == null) {
      return;
    }
    String annotation = cause.usesRegex() ? "use-regex" : "rewrite-target";
    Set<NginxModel.Owner> told = new HashSet<>();
    for (NginxModel.Location location : host.writtenPaths()) {
      WrittenPath path = WrittenPath.of(location);
      if (path == null
          || path.owner().flag("use-regex")
          || path.owner().isGiven("rewrite-target")
          || !told.add(path.owner())) {
        continue;
      }
      findings.path(
          path,
          "the paths of "
              + path.owner().label()
              + " on "
              + host.inWords()
              + " are regular expressions that ignore case and are open at their end, because "
              + owner.label()
              + " has the annotation "
              + annotation
              + " on the same host"
              + Findings.at(owner.span(annotation)),
          "give the paths of "
              + owner.label()
              + " a host of their own; if these paths are to be expressions, too, write them as such"
              + " and add use-regex: \"true\" to "
              + path.owner().label());
    }
  }

  /** Returns the first location that makes a host a regex host, or {@code null} if it is none. */
  static NginxModel.@Nullable Location cause(NginxModel.Host host) {
    if (!host.isRegex()) {
      return null;
    }
    for (NginxModel.Location location : host.locations()) {
      if (location.usesRegex() || location.rewriteTarget() != null) {
        return location;
      }
    }
    return null;
  }
}
