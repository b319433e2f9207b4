package io.github.ingress4j;

import static io.github.ingress4j.AnnotationRow.Fate.DEFAULTED;
import static io.github.ingress4j.AnnotationRow.Fate.DENIED;
import static io.github.ingress4j.AnnotationRow.Fate.DROPPED;
import static io.github.ingress4j.AnnotationRow.URL;
import static io.github.ingress4j.AnnotationRow.row;
import static io.github.ingress4j.Observation.place;
import static io.github.ingress4j.Observation.transport;

import java.util.ArrayList;
import java.util.List;

/** Connections: to back ends, to the service that is asked, and from clients with certificates. */
final class TransportAnnotationRows {

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
            .says("annotation-approximated")
            .unusable("AJP", DEFAULTED),
        row("backend-protocol", "GRPC")
            .changes(transport(forward -> forward.transport().protocol()), "HTTP", "H2C")
            .says("annotation-approximated")
            .unusable("SPDY", DEFAULTED),
        row("proxy-read-timeout", "7")
            .changes(transport(forward -> forward.transport().readTimeout()), "PT1M", "PT7S")
            .says("annotation-approximated")
            .unusable("7s", DEFAULTED),
        // The decision says it, and the annotation does not promise it yet.
        row("proxy-send-timeout", "7")
            .changes(transport(forward -> forward.transport().sendTimeout()), "PT1M", "PT7S")
            .says("annotation-no-effect")
            .unusable("7s", DEFAULTED),
        idle("proxy-http-version", "1.0").unusable("2", DEFAULTED),
        idle("proxy-request-buffering", "off").unusable("false", DEFAULTED),
        idle("proxy-buffering", "on").unusable("true", DEFAULTED),
        idle("connection-proxy-header", "close").unusable("Close", DROPPED),
        idle("limit-rate", "7").unusable("7k", DEFAULTED),
        idle("limit-rate-after", "7").unusable("7k", DEFAULTED));
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
    return List.of(
        row("auth-tls-secret", "default/ca")
            .others(input -> input.secret("ca", "ca.crt: x"))
            .changes(place(URL), "web", "503 route-closed")
            .says("protection-unavailable")
            .unusable("default/ca;", DROPPED)
            .unusable("ca", DENIED),
        mutual("auth-tls-verify-client", "optional").unusable("maybe", DEFAULTED),
        mutual("auth-tls-verify-depth", "7").unusable("7s", DEFAULTED).unusable("0", DEFAULTED),
        mutual("auth-tls-error-page", "https://c.test/help").unusable("https://c.test/ ?", DROPPED),
        mutual("auth-tls-pass-certificate-to-upstream", "true").unusable("yes", DROPPED),
        mutual("auth-tls-match-cn", "CN=ann").unusable("O=ann", DROPPED));
  }

  private static AnnotationRow mutual(String name, String value) {
    return idle(name, value).beside("auth-tls-secret: default/ca");
  }

  private static List<AnnotationRow> backendCertificates() {
    return List.of(
        idle("proxy-ssl-secret", "default/cert")
            .unusable("default/cert;", DROPPED)
            .unusable("cert", DENIED),
        verified("proxy-ssl-ciphers", "HIGH:!aNULL").unusable("HIGH@X", DEFAULTED),
        verified("proxy-ssl-protocols", "TLSv1.2 TLSv1.3").unusable("TLSv1.1", DEFAULTED),
        verified("proxy-ssl-name", "web.test").unusable("web test", DEFAULTED),
        verified("proxy-ssl-verify", "on").unusable("true", DEFAULTED),
        verified("proxy-ssl-verify-depth", "7").unusable("7s", DEFAULTED).unusable("0", DEFAULTED),
        verified("proxy-ssl-server-name", "on").unusable("true", DEFAULTED));
  }

  private static AnnotationRow verified(String name, String value) {
    return idle(name, value).beside("proxy-ssl-secret: default/cert");
  }

  private static AnnotationRow idle(String name, String value) {
    return row(name, value).changesNothing().says("annotation-no-effect");
  }
}
