package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.List;

/** {@code no-auth-locations} exempts every path that begins with one of its entries. */
final class AuthExempt extends LintRule.OfPath {

  AuthExempt() {
    super(
        "auth-exempt-path",
        Severity.WARNING,
        "a path is exempt from authentication by a setting",
        "ingress-nginx v1.15.1, ConfigMap no-auth-locations");
  }

  @Override
  void check(WrittenPath path, LintInput input, Findings findings) {
    ControllerSettings settings = input.model().settings();
    List<String> exempt = settings.get(Settings.NO_AUTH_LOCATIONS);
    if (exempt == null
        || !settings.isGiven(Settings.NO_AUTH_LOCATIONS)
        || !(path.owner().isGiven("auth-type") || path.owner().isGiven("auth-url"))) {
      return;
    }
    for (String entry : exempt) {
      if (!entry.isEmpty() && path.text().startsWith(entry)) {
        findings.path(
            path,
            "nobody is asked who he is on the path "
                + path.quoted()
                + ", because the setting no-auth-locations exempts what begins with "
                + PrintableText.quote(entry),
            "take the entry out of no-auth-locations, or make it longer");
        return;
      }
    }
  }
}
