package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.UpstreamTls;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Compiles how the back end of a location is spoken to.
 *
 * <p>Source: ingress-nginx, the annotations {@code proxy-*}, {@code backend-protocol}, {@code
 * connection-proxy-header} and {@code limit-rate}.
 */
final class TransportCompiler {

  private static final int UNIT = 1024;

  private TransportCompiler() {}

  /** How back ends are spoken to where no Ingress has a say. */
  static TransportSettings ofSettings(ControllerSettings settings) {
    Integer kept = settings.get(Settings.UPSTREAM_KEEPALIVE_CONNECTIONS);
    TransportSettings defaults = TransportSettings.DEFAULT;
    return new TransportSettings(
        TransportSettings.Protocol.HTTP,
        version(settings.get(Settings.PROXY_HTTP_VERSION)),
        seconds(settings.get(Settings.PROXY_CONNECT_TIMEOUT), defaults.connectTimeout()),
        seconds(settings.get(Settings.PROXY_SEND_TIMEOUT), defaults.sendTimeout()),
        seconds(settings.get(Settings.PROXY_READ_TIMEOUT), defaults.readTimeout()),
        kept != null && kept == 0 ? "close" : null,
        settings.flag(Settings.PROXY_REQUEST_BUFFERING),
        settings.flag(Settings.PROXY_BUFFERING),
        rate(settings.get(Settings.LIMIT_RATE), settings.get(Settings.LIMIT_RATE_AFTER)),
        null);
  }

  /**
   * Compiles the settings of a location into the policies of its route.
   *
   * @param tls how TLS is spoken on the host
   * @param of how the upstream is spoken to
   */
  static void compile(
      LocationCompiler location,
      RoutePolicies.Builder policies,
      BackEndTls tls,
      TransportSettings of) {
    AnnotationValues values = location.values();
    BackEndTls.Fault fault = tls.fault(location.owner());
    if (fault != null) {
      location.deny(fault.annotation(), fault.message(), fault.help());
    }
    UpstreamTls secure = tls.of(location.owner());
    String protocol = values.text(ProxyAnnotations.BACKEND_PROTOCOL).toUpperCase(Locale.ROOT);
    TransportSettings plain = settings(values, of);
    switch (protocol) {
      case "HTTPS" -> policies.transport(with(plain, TransportSettings.Protocol.HTTPS, secure));
      case "GRPC" -> policies.transport(with(plain, TransportSettings.Protocol.H2C, null));
      case "GRPCS" -> policies.transport(with(plain, TransportSettings.Protocol.H2, secure));
      case "AUTO_HTTP" ->
          policies
              .transport(plain.equals(of) ? null : plain)
              .secureTransport(with(plain, TransportSettings.Protocol.HTTPS, secure));
      case "FCGI" ->
          location.deny(
              ProxyAnnotations.BACKEND_PROTOCOL,
              "is FCGI, which is not spoken here",
              "put a server in front of the application that speaks HTTP");
      default -> policies.transport(plain.equals(of) ? null : plain);
    }
  }

  private static TransportSettings settings(AnnotationValues values, TransportSettings of) {
    String connection = values.text(ProxyAnnotations.CONNECTION_PROXY_HEADER);
    return new TransportSettings(
        of.protocol(),
        version(values.get(ProxyAnnotations.HTTP_VERSION)),
        seconds(values.get(ProxyAnnotations.CONNECT_TIMEOUT), of.connectTimeout()),
        seconds(values.get(ProxyAnnotations.SEND_TIMEOUT), of.sendTimeout()),
        seconds(values.get(ProxyAnnotations.READ_TIMEOUT), of.readTimeout()),
        connection.isEmpty() ? of.connection() : connection,
        values.flag(ProxyAnnotations.REQUEST_BUFFERING),
        values.flag(ProxyAnnotations.BUFFERING),
        rate(values.get(LimitAnnotations.RATE), values.get(LimitAnnotations.RATE_AFTER)),
        of.tls());
  }

  private static TransportSettings with(
      TransportSettings settings, TransportSettings.Protocol protocol, @Nullable UpstreamTls tls) {
    return settings.withProtocol(protocol).withTls(tls);
  }

  private static TransportSettings.Version version(@Nullable String text) {
    return "1.0".equals(text)
        ? TransportSettings.Version.HTTP_1_0
        : TransportSettings.Version.HTTP_1_1;
  }

  private static TransportSettings.Rate rate(@Nullable Integer rate, @Nullable Integer after) {
    return rate == null || rate <= 0
        ? TransportSettings.Rate.UNLIMITED
        : new TransportSettings.Rate(
            (long) rate * UNIT, after == null ? 0 : (long) Math.max(0, after) * UNIT);
  }

  private static Duration seconds(@Nullable Integer value, Duration otherwise) {
    return value == null || value <= 0 ? otherwise : Duration.ofSeconds(value);
  }
}
