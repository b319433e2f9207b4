package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.TransportSettings.Protocol;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.UpstreamTls;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx.md sections 6 and 13: how back ends are spoken to, beyond a row a name. */
class NginxTransportEffectsTest {

  private static final String CA =
      TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem"));

  private static NginxInput input(String... annotations) {
    return new NginxInput()
        .ingress("own", "a.test /x web:80", annotations)
        .backend("web", "10.0.0.1")
        .secret("ca", CA)
        .secret("empty", "other: x")
        .secret("broken", "tls.crt: 'hunter2'", "tls.key: 'hunter2'")
        .secret(
            "shown",
            TlsInput.value("tls.crt", TlsInput.file("keys/ec.crt")),
            TlsInput.value("tls.key", TlsInput.file("keys/ec-sec1.key")));
  }

  private static TransportSettings transport(IngressRouter router, String url) {
    return ((Forward) router.route(RequestView.get(url))).transport();
  }

  @ParameterizedTest(name = "{0}: {1} and {2}")
  @CsvSource({
    "HTTP,      HTTP,  HTTP",
    "HTTPS,     HTTPS, HTTPS",
    "AUTO_HTTP, HTTP,  HTTPS",
    "GRPC,      H2C,   H2C",
    "GRPCS,     H2,    H2",
  })
  void adaptersSeeAConcreteProtocol(String value, Protocol plain, Protocol secure) {
    IngressRouter router = input("backend-protocol: " + value).router();

    for (String scheme : new String[] {"http", "https"}) {
      TransportSettings settings = transport(router, scheme + "://a.test/x");
      assertThat(settings.protocol()).isEqualTo(scheme.equals("http") ? plain : secure);
      assertThat(settings.tls())
          .isEqualTo(settings.protocol().isTls() ? UpstreamTls.UNVERIFIED : null);
    }
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "backend-protocol: FCGI | - | backend-protocol is FCGI, which is not spoken here",
        "proxy-ssl-secret: default/none | - | proxy-ssl-secret names the Secret default/none, which"
            + " is missing",
        "proxy-ssl-secret: other/ca | - | proxy-ssl-secret names a Secret of another namespace",
        "proxy-ssl-secret: default/empty | - | proxy-ssl-secret names the Secret default/empty,"
            + " which has neither ca.crt nor tls.crt and tls.key",
        "proxy-ssl-secret: default/broken | - | proxy-ssl-secret names the Secret default/broken,"
            + " which cannot be read: there is no certificate in PEM",
        "proxy-ssl-secret: default/shown | proxy-ssl-verify: on | proxy-ssl-verify has no authority"
            + " to check with: the Secret default/shown has no ca.crt",
      })
  void whatCannotBeSpokenClosesTheRoutes(String annotation, String beside, String why) {
    IngressRouter router =
        (beside.equals("-") ? input(annotation) : input(annotation, beside)).router();

    Decision decision = router.route(RequestView.get("http://a.test/x"));
    assertThat(((Answer) decision).reason()).isEqualTo(Answer.Reason.ROUTE_CLOSED);
    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("annotation-denies-routes"))
        .extracting(Diagnostic::message)
        .containsExactly(why + ", so the routes answer 503");
    assertThat(router.diagnostics().toString()).doesNotContain("hunter2");
  }

  /** An Ingress without an authority is replaced by the next one, and one with it stays. */
  @ParameterizedTest(name = "proxy-ssl-location-only: {0}")
  @CsvSource({"false, 1, 1", "true, 0, 1"})
  void certificatesAreTheHostsUnlessTheyAreTheLocations(String only, int own, int late) {
    IngressRouter router =
        input("backend-protocol: HTTPS")
            .ingress(
                "late",
                "a.test /late web:80",
                "backend-protocol: HTTPS",
                "proxy-ssl-secret: default/ca")
            .ingress("last", "a.test /last web:80", "proxy-ssl-secret: default/shown")
            .settings("proxy-ssl-location-only: " + only)
            .router();

    assertThat(authorities(router, "http://a.test/x")).isEqualTo(own);
    assertThat(authorities(router, "http://a.test/late")).isEqualTo(late);
  }

  private static int authorities(IngressRouter router, String url) {
    return Objects.requireNonNull(transport(router, url).tls()).authorities().size();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "AES128-SHA:!aNULL | [TLS_RSA_WITH_AES_128_CBC_SHA]",
        "ECDHE-ECDSA-CHACHA20-POLY1305:DHE-RSA-AES256-SHA256 |"
            + " [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,"
            + " TLS_DHE_RSA_WITH_AES_256_CBC_SHA256]",
        "AES128-SHA:AES256-SHA:!AES128-SHA | [TLS_RSA_WITH_AES_256_CBC_SHA]",
        "AES128-SHA:HIGH | []",
        "DEFAULT | []",
      })
  void namesOfSuitesAreTranslated(String list, String expected) {
    IngressRouter router =
        input(
                "backend-protocol: HTTPS",
                "proxy-ssl-secret: default/ca",
                "proxy-ssl-ciphers: " + list)
            .router();

    assertThat(Objects.requireNonNull(transport(router, "http://a.test/x").tls()).cipherSuites())
        .hasToString(expected);
  }

  @Test
  void settingsHoldWhereNoAnnotationSpeaks() {
    TransportSettings settings =
        transport(
            input()
                .settings(
                    "proxy-http-version: 1.0",
                    "proxy-request-buffering: off",
                    "limit-rate: 2",
                    "limit-rate-after: 3",
                    "upstream-keepalive-connections: 0",
                    "proxy-send-timeout: 9")
                .router(),
            "http://a.test/x");

    assertThat(settings.version()).isEqualTo(TransportSettings.Version.HTTP_1_0);
    assertThat(settings.buffersRequest()).isFalse();
    assertThat(settings.rate()).isEqualTo(new TransportSettings.Rate(2048, 3072));
    assertThat(settings.connection()).isEqualTo("close");
    assertThat(settings.sendTimeout()).hasSeconds(9);
  }
}
