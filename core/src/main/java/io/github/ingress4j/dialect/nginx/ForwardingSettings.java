package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.ForwardingRules;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who may speak for a client, by the controller's settings and by those of the router.
 *
 * <p>The blocks of the router's own settings take the place of {@code use-forwarded-headers} and
 * {@code proxy-real-ip-cidr}. Without them, the setting alone makes the controller believe
 * everybody: so does the router if it is to be exact, and otherwise it believes nobody.
 */
final class ForwardingSettings {

  private static final List<Cidr> EVERYBODY = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

  private ForwardingSettings() {}

  static ForwardingRules rules(
      ControllerSettings settings,
      List<Cidr> trustedProxies,
      PathPolicy policy,
      Map<String, String> setHeaders) {
    boolean usesForwarded = settings.flag(Settings.USE_FORWARDED_HEADERS);
    boolean usesRealIp = usesForwarded || settings.flag(Settings.ENABLE_REAL_IP);
    List<Cidr> trusted = trustedProxies;
    if (!trustedProxies.isEmpty()) {
      usesForwarded = true;
      usesRealIp = true;
    } else if (usesRealIp && policy == PathPolicy.NGINX) {
      List<Cidr> blocks = settings.get(Settings.PROXY_REAL_IP_CIDR);
      boolean isListed = settings.isGiven(Settings.PROXY_REAL_IP_CIDR);
      trusted = isListed && blocks != null ? blocks : EVERYBODY;
    } else if (usesRealIp && settings.isGiven(Settings.PROXY_REAL_IP_CIDR)) {
      trusted = listed(settings);
    }
    String header = settings.get(Settings.FORWARDED_FOR_HEADER);
    return new ForwardingRules(
        trusted,
        ForwardingRules.Family.NGINX,
        usesForwarded,
        usesRealIp,
        settings.flag(Settings.COMPUTE_FULL_FORWARDED_FOR),
        header == null || !HeaderName.isToken(header) ? "X-Forwarded-For" : header,
        settings.flag(Settings.GENERATE_REQUEST_ID),
        settings.flag(Settings.PROXY_ADD_ORIGINAL_URI_HEADER),
        settings.flag(Settings.ENABLE_UNDERSCORES_IN_HEADERS),
        setHeaders);
  }

  /** Reports that the settings ask to believe forwarded headers, and the router believes nobody. */
  static void report(
      ControllerSettings settings,
      List<Cidr> trustedProxies,
      PathPolicy policy,
      Consumer<Diagnostic> findings) {
    boolean usesForwarded = settings.flag(Settings.USE_FORWARDED_HEADERS);
    if (!(usesForwarded || settings.flag(Settings.ENABLE_REAL_IP))
        || !trustedProxies.isEmpty()
        || policy == PathPolicy.NGINX
        || !listed(settings).isEmpty()) {
      return;
    }
    Setting<Boolean> setting =
        usesForwarded ? Settings.USE_FORWARDED_HEADERS : Settings.ENABLE_REAL_IP;
    findings.accept(
        settings
            .finding(
                setting,
                NginxRules.SETTING_TRUSTS_NOBODY,
                "the setting "
                    + setting.key()
                    + " makes the controller believe every peer; here no peer is believed, because "
                    + (settings.isGiven(Settings.PROXY_REAL_IP_CIDR)
                        ? "proxy-real-ip-cidr names everybody, which counts as nobody under the path"
                            + " policy strict"
                        : "none is named"))
            .withHelp(
                "name the blocks of the proxies in front by --trusted-proxy, or by"
                    + " proxy-real-ip-cidr in the ConfigMap"));
  }

  /** The blocks that the settings list, without those that hold every address. */
  private static List<Cidr> listed(ControllerSettings settings) {
    List<Cidr> blocks = settings.get(Settings.PROXY_REAL_IP_CIDR);
    if (blocks == null || !settings.isGiven(Settings.PROXY_REAL_IP_CIDR)) {
      return List.of();
    }
    return blocks.stream().filter(block -> !EVERYBODY.contains(block)).toList();
  }
}
