package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.dialect.nginx.Settings;
import java.util.Set;

/** What one client is allowed, every client with the same key is. */
final class AuthCacheShared extends LintRule {

  /** The variables that say what is asked for, but nothing of who asks. */
  private static final Set<String> IMPERSONAL =
      Set.of(
          "best_http_host",
          "connection_upgrade",
          "content_length",
          "content_type",
          "document_uri",
          "host",
          "http_host",
          "https",
          "ingress_name",
          "is_args",
          "literal_dollar",
          "location_path",
          "namespace",
          "pass_access_scheme",
          "pass_port",
          "pass_server_port",
          "request_method",
          "scheme",
          "server_name",
          "server_port",
          "server_protocol",
          "service_name",
          "service_port",
          "ssl_server_name",
          "subdomain",
          "uri");

  private static final String HELP =
      "add what tells clients apart, such as $http_authorization or $cookie_ and the name of the"
          + " session cookie";

  AuthCacheShared() {
    super(
        "auth-cache-shared",
        Severity.ERROR,
        "what a service answers one client counts for all clients",
        "ingress-nginx v1.15.1, annotation auth-cache-key");
  }

  @Override
  void check(LintInput input, Findings findings) {
    for (NginxModel.Owner ingress : input.model().ingresses()) {
      String key = ingress.text("auth-cache-key");
      if (!ingress.isCanary() && ingress.isGiven("auth-url") && isShared(key)) {
        findings.annotation(ingress, "auth-cache-key", message("auth-cache-key", key), HELP);
      }
    }
    ControllerSettings settings = input.model().settings();
    String key = settings.get(Settings.GLOBAL_AUTH_CACHE_KEY);
    String url = settings.get(Settings.GLOBAL_AUTH_URL);
    if (key != null && url != null && !url.isEmpty() && isShared(key)) {
      findings.add(
          settings
              .finding(
                  Settings.GLOBAL_AUTH_CACHE_KEY,
                  findings.rule(),
                  message("global-auth-cache-key", key))
              .withHelp(HELP));
    }
  }

  private static boolean isShared(String key) {
    return !key.isEmpty()
        && Variables.of(key).stream()
            .allMatch(
                name ->
                    IMPERSONAL.contains(name)
                        || name.startsWith("sent_")
                        || name.startsWith("upstream_"));
  }

  private static String message(String name, String key) {
    return name
        + " is "
        + PrintableText.quote(key)
        + ", which is the same for all clients: once one of them may pass, everybody may, as long"
        + " as the answer is remembered";
  }
}
