package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where every host is taken, the host of a request is whatever its client writes. */
final class AuthUrlOfClient extends LintRule.OfHost {

  /** The variables that hold what the client calls the host. */
  private static final Set<String> NAMES = Set.of("host", "http_host", "best_http_host");

  AuthUrlOfClient() {
    super(
        "auth-url-of-client",
        Severity.ERROR,
        "the client chooses who decides whether it may pass",
        "ingress-nginx v1.15.1, annotation auth-url");
  }

  @Override
  void check(NginxModel.Host host, LintInput input, Findings findings) {
    String open = openName(host);
    if (open == null) {
      return;
    }
    ControllerSettings settings = input.model().settings();
    String global = settings.get(Settings.GLOBAL_AUTH_URL);
    Optional<String> ofSettings = nameIn(global == null ? "" : global);
    Set<NginxModel.Owner> told = new HashSet<>();
    boolean isSettingTold = false;
    for (NginxModel.Location location : host.locations()) {
      NginxModel.Owner owner = location.owner();
      if (owner == null || !told.add(owner)) {
        continue;
      }
      Optional<String> own = nameIn(owner.text("auth-url"));
      if (own.isPresent()) {
        findings.annotation(
            owner,
            "auth-url",
            "auth-url asks the host that $"
                + own.get()
                + " names, and "
                + open
                + ": a client that sends the name of its own host decides itself that it may pass",
            "write the name of the service in place of $" + own.get());
      } else if (ofSettings.isPresent()
          && !isSettingTold
          && owner.text("auth-url").isEmpty()
          && owner.flag("enable-global-auth")) {
        isSettingTold = true;
        findings.add(
            settings
                .finding(
                    Settings.GLOBAL_AUTH_URL,
                    findings.rule(),
                    "global-auth-url asks the host that $"
                        + ofSettings.get()
                        + " names, and "
                        + open
                        + " in "
                        + owner.label()
                        + ": a client that sends the name of its own host decides itself that it"
                        + " may pass")
                .withHelp("write the name of the service in place of $" + ofSettings.get()));
      }
    }
  }

  /** How a client can name a host that nobody wrote; null if it cannot. */
  private static @Nullable String openName(NginxModel.Host host) {
    if (host.isDefault()) {
      return "the rule is for every host";
    }
    return host.aliases().stream().anyMatch(alias -> alias.startsWith("~"))
        ? "an alias of the host is a regular expression"
        : null;
  }

  /** The variable that names the host of a URL, if there is one. */
  private static Optional<String> nameIn(String url) {
    int start = url.indexOf("://");
    if (start < 0) {
      return Optional.empty();
    }
    int end = start + 3;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return Variables.of(url.substring(start + 3, end)).stream().filter(NAMES::contains).findFirst();
  }
}
