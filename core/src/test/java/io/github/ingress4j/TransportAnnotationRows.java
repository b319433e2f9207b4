package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DENIED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.URL;
import static io.github.ingress4j.AnnotationRow.row;
import static io.github.ingress4j.Observation.place;
import static io.github.ingress4j.Observation.transport;

import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.UpstreamTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Connections: to back ends, to the service that is asked, and from clients with certificates. */
final class TransportAnnotationRows {

  /** From the time of the tests to one at which all certificates are valid. */
  private static final long ONE_YEAR = Duration.ofDays(365).toMillis();

  private TransportAnnotationRows() {}

  static List<AnnotationRow> all() {
    List<AnnotationRow> all = new ArrayList<>();
    all.addAll(backends());
    all.addAll(keptConnections());
    all.addAll(clientCertificates());
    all.addAll(backendCertificates());
    return all;
  }

  private static List<AnnotationRow> backends() {
    return List.of(
        row("backend-protocol", "https")
            .changes(transport(forward -> forward.transport().protocol()), "HTTP", "HTTPS")
            .unusable("AJP", DEFAULTED),
        row("backend-protocol", "GRPC")
            .changes(transport(forward -> forward.transport().protocol()), "HTTP", "H2C")
            .unusable("SPDY", DEFAULTED),
        row("proxy-read-timeout", "7")
            .changes(transport(forward -> forward.transport().readTimeout()), "PT1M", "PT7S")
            .unusable("7s", DEFAULTED),
        row("proxy-send-timeout", "7")
            .changes(transport(forward -> forward.transport().sendTimeout()), "PT1M", "PT7S")
            .unusable("7s", DEFAULTED),
        row("proxy-http-version", "1.0")
            .changes(transport(forward -> forward.transport().version()), "HTTP_1_1", "HTTP_1_0")
            .unusable("2", DEFAULTED),
        row("proxy-request-buffering", "off")
            .changes(transport(forward -> forward.transport().buffersRequest()), "true", "false")
            .unusable("false", DEFAULTED),
        // The decision says it; the declaration says that adapters pass answers on as they come.
        row("proxy-buffering", "on")
            .changes(transport(forward -> forward.transport().buffersResponse()), "false", "true")
            .says("annotation-no-effect")
            .unusable("true", DEFAULTED),
        row("connection-proxy-header", "close")
            .changes(
                transport(forward -> String.valueOf(forward.transport().connection())),
                "null",
                "close")
            .unusable("Close", DROPPED),
        row("limit-rate", "7")
            .changes(transport(forward -> forward.transport().rate()), rate(0, 0), rate(7168, 0))
            .unusable("7k", DEFAULTED),
        row("limit-rate-after", "7")
            .beside("limit-rate: 1")
            .changes(
                transport(forward -> forward.transport().rate()), rate(1024, 0), rate(1024, 7168))
            .unusable("7k", DEFAULTED));
  }

  private static String rate(int rate, int free) {
    return "Rate[bytesPerSecond=" + rate + ", freeBytes=" + free + "]";
  }

  private static List<AnnotationRow> keptConnections() {
    return List.of(
        asking("auth-keepalive", "7").unusable("7s", DEFAULTED),
        asking("auth-keepalive-share-vars", "true").unusable("yes", DEFAULTED),
        asking("auth-keepalive-requests", "7").unusable("7s", DEFAULTED),
        asking("auth-keepalive-timeout", "7").unusable("7s", DEFAULTED));
  }

  private static AnnotationRow asking(String name, String value) {
    return idle(name, value).beside("auth-url: http://auth.test/");
  }

  private static List<AnnotationRow> clientCertificates() {
    String secure = "https://a.test/x";
    return List.of(
        asked(row("auth-tls-secret", "default/ca"))
            .changes(client(secure), "web", "400 client-certificate")
            .changes(client(secure, "foreign"), "web", "400 client-certificate")
            .unusable("default/ca;", DROPPED)
            .unusable("ca", "annotation-denies-routes", place(URL), "403 client-certificate")
            .unusable(
                "default/none", "annotation-denies-routes", place(URL), "403 client-certificate"),
        mutual("auth-tls-verify-client", "optional")
            .changes(client(secure), "400 client-certificate", "web")
            .unusable("maybe", DEFAULTED),
        mutual("auth-tls-verify-depth", "7")
            .changes(
                (router, clock) ->
                    String.valueOf(
                        Objects.requireNonNull(router.tlsServer("a.test").clientCertificates())
                            .depth()),
                "1",
                "7")
            .unusable("7s", DEFAULTED)
            .unusable("0", DEFAULTED),
        mutual("auth-tls-error-page", "https://c.test/help")
            .changes(client(secure), "400 client-certificate", "302 client-certificate")
            .unusable("https://c.test/ ?", DROPPED),
        mutual("auth-tls-pass-certificate-to-upstream", "true")
            .changes(told("ssl-client-cert"), "", "-----BEGIN")
            .unusable("yes", DROPPED),
        mutual("auth-tls-match-cn", "CN=alice")
            .changes(client(secure), "400 client-certificate", "403 client-certificate")
            .unusable("O=ann", DROPPED));
  }

  private static AnnotationRow mutual(String name, String value) {
    return asked(row(name, value)).beside("auth-tls-secret: default/ca");
  }

  private static AnnotationRow asked(AnnotationRow row) {
    return row.others(
        input ->
            input.secret(
                "ca", TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem"))));
  }

  /** Where a request with certificates is led, at a time when they are valid. */
  private static Observation client(String url, String... certificates) {
    return (router, clock) -> {
      clock.advance(ONE_YEAR);
      return place(TlsInput.request(url, certificates)).look(router, clock);
    };
  }

  /** The begin of what the back end is told about the client. */
  private static Observation told(String header) {
    return (router, clock) -> {
      clock.advance(ONE_YEAR);
      Forward forward = (Forward) router.route(TlsInput.request("https://a.test/x", "client"));
      StringBuilder value = new StringBuilder();
      forward.eachHeader((name, text) -> value.append(name.equals(header) ? text : ""));
      return value.substring(0, Math.min(10, value.length()));
    };
  }

  private static List<AnnotationRow> backendCertificates() {
    return List.of(
        secret(row("proxy-ssl-secret", "default/cert"))
            .beside("backend-protocol: HTTPS")
            .changes(tls(tls -> tls.identity()), "null", "TLS identity of CN=pay.example")
            .changes(tls(tls -> tls.authorities().size()), "0", "1")
            .changes(tls(tls -> tls.protocols()), "[TLSv1.2, TLSv1.3]", "[TLSv1.2]")
            .says("annotation-approximated")
            .unusable("default/cert;", DROPPED)
            .unusable("default/none", DENIED)
            .unusable("cert", DENIED),
        verified("proxy-ssl-ciphers", "ECDHE-RSA-AES128-GCM-SHA256:!aNULL")
            .changes(
                tls(tls -> tls.cipherSuites()), "[]", "[TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]")
            .says("annotation-approximated")
            .unusable("HIGH@X", DEFAULTED),
        verified("proxy-ssl-protocols", "TLSv1.2 TLSv1.3")
            .changes(tls(tls -> tls.protocols()), "[TLSv1.2]", "[TLSv1.2, TLSv1.3]")
            .unusable("TLSv1.1", DEFAULTED),
        verified("proxy-ssl-name", "web.test")
            .changes(tls(tls -> tls.name()), "null", "web.test")
            .unusable("web test", DEFAULTED)
            .unusable("$host", DENIED),
        verified("proxy-ssl-verify", "on")
            .changes(tls(tls -> tls.isVerified()), "false", "true")
            .unusable("true", DEFAULTED),
        verified("proxy-ssl-verify-depth", "7")
            .changes(tls(tls -> tls.depth()), "1", "7")
            .unusable("7s", DEFAULTED)
            .unusable("0", DEFAULTED),
        verified("proxy-ssl-server-name", "on")
            .changes(tls(tls -> tls.sendsName()), "false", "true")
            .unusable("true", DEFAULTED));
  }

  private static AnnotationRow verified(String name, String value) {
    return secret(row(name, value))
        .beside("backend-protocol: HTTPS", "proxy-ssl-secret: default/cert");
  }

  private static AnnotationRow secret(AnnotationRow row) {
    return row.others(
        input ->
            input.secret(
                "cert",
                TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem")),
                TlsInput.value("tls.crt", TlsInput.file("keys/ec.crt")),
                TlsInput.value("tls.key", TlsInput.file("keys/ec-sec1.key"))));
  }

  private static Observation tls(Function<UpstreamTls, @Nullable Object> part) {
    return transport(
        forward -> String.valueOf(part.apply(Objects.requireNonNull(forward.transport().tls()))));
  }

  private static AnnotationRow idle(String name, String value) {
    return row(name, value).changesNothing().says("annotation-no-effect");
  }
}
