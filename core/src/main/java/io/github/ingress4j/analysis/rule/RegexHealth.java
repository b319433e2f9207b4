package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.NginxModel;

/** On the default host a regular expression removes the controller's own {@code /healthz}. */
final class RegexHealth extends LintRule.OfHost {

  RegexHealth() {
    super(
        "regex-healthz",
        Severity.WARNING,
        "a regular expression without a host takes /healthz away",
        "ingress-nginx v1.15.1, default host");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    NginxModel.Location cause = host.isDefault() ? RegexHost.cause(host) : null;
    NginxModel.Owner owner = cause == null ? null : cause.owner();
    if (cause != null && owner != null) {
      findings.annotation(
          owner,
          cause.usesRegex() ? "use-regex" : "rewrite-target",
          "the rule without a host turns the paths of all unknown hosts into regular expressions, so"
              + " /healthz and /nginx_status no longer answer there",
          "name the hosts of the rule");
    }
  }
}
