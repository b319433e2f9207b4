package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.Setting;
import io.github.ingress4j.dialect.nginx.Settings;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;

/** Forwarded headers of everybody are believed under the nginx path policy. */
final class ForwardedForTrusted extends LintRule {

  ForwardedForTrusted() {
    super(
        "forwarded-for-trusted",
        Severity.WARNING,
        "every client can choose its own address",
        "ingress-nginx v1.15.1, ConfigMap proxy-real-ip-cidr");
  }

  @Override
  void check(LintInput input, Findings findings) {
    ControllerSettings settings = input.model().settings();
    Setting<Boolean> setting =
        settings.flag(Settings.USE_FORWARDED_HEADERS)
            ? Settings.USE_FORWARDED_HEADERS
            : Settings.ENABLE_REAL_IP;
    List<Cidr> trusted = settings.get(Settings.PROXY_REAL_IP_CIDR);
    boolean isEverybody =
        !settings.isGiven(Settings.PROXY_REAL_IP_CIDR)
            || (trusted != null && trusted.contains(Cidr.parse("0.0.0.0/0")));
    if (input.settings().pathPolicy() == PathPolicy.NGINX
        && input.settings().trustedProxies().isEmpty()
        && settings.flag(setting)
        && isEverybody) {
      findings.add(
          settings
              .finding(
                  setting,
                  findings.rule(),
                  "the setting "
                      + setting.key()
                      + " believes every peer, so a client passes address lists and limits by a"
                      + " header")
              .withHelp(
                  "name the blocks of the proxies in front by --trusted-proxy, or by"
                      + " proxy-real-ip-cidr in the ConfigMap"));
    }
  }
}
