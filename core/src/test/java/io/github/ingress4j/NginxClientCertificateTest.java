package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx.md sections 1 and 6, auth-tls-*; SEC-31, 40, 41 and 47. */
class NginxClientCertificateTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-25T00:00:00Z"));

  private static final String CA =
      TlsInput.value("ca.crt", TlsInput.file("certificates/authority.pem"));

  private static final String SECURE = "https://a.test/x";

  /** The host a.test with annotations, and beside it the host b.test without. */
  private static NginxInput input(String... annotations) {
    return new NginxInput()
        .ingress("own", "a.test /x web:80", annotations)
        .ingress("more", "a.test /more web:80")
        .ingress("other", "b.test /x web:80")
        .backend("web", "10.0.0.1")
        .secret("ca", CA)
        .secret("foreign/ca", CA)
        .secret("empty", "other: x")
        .secret("broken", "ca.crt: 'hunter2'")
        .secret(
            "garbled",
            TlsInput.value(
                "ca.crt", "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----"))
        .secret(
            "lists", CA, TlsInput.value("ca.crl", TlsInput.file("certificates/authority.crl.pem")));
  }

  private static IngressRouter router(NginxInput input) {
    return input.builder().clock(CLOCK).build();
  }

  private static String outcome(Decision decision) {
    if (decision instanceof Answer answer) {
      return answer.status() + " " + answer.reason().text();
    }
    return decision instanceof Redirect redirect
        ? redirect.status() + " " + redirect.location()
        : "forward";
  }

  private static String outcome(IngressRouter router, RequestView request) {
    return outcome(router.route(request));
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "on,             -,           400 client-certificate",
    "on,             client,      forward",
    "on,             foreign,     400 client-certificate",
    "off,            -,           forward",
    "off,            foreign,     forward",
    "optional,       -,           forward",
    "optional,       foreign,     400 client-certificate",
    "optional_no_ca, foreign,     forward",
  })
  void modesDecideWhoPasses(String mode, String certificate, String expected) {
    IngressRouter router =
        router(input("auth-tls-secret: default/ca", "auth-tls-verify-client: " + mode));
    RequestView request =
        certificate.equals("-") ? TlsInput.request(SECURE) : TlsInput.request(SECURE, certificate);

    assertThat(outcome(router, request)).isEqualTo(expected);
    assertThat(router.tlsServer("a.test").asksForCertificate()).isEqualTo(!mode.equals("off"));
    assertThat(router.tlsServer("a.test").acceptedAuthorities())
        .hasSize(mode.equals("off") ? 0 : 1);
    assertThat(router.tlsServer("b.test").asksForCertificate()).isFalse();
    // nginx lets requests without TLS pass, which the https redirect is for.
    assertThat(outcome(router, RequestView.get("http://a.test/x"))).isEqualTo("forward");
  }

  /** Section 1, row 4: the whole host, whichever Ingress its paths are of. */
  @Test
  void theHostAsksOnAllItsPaths() {
    IngressRouter router = router(input("auth-tls-secret: default/ca"));

    for (String path : List.of("/x", "/more", "/nobody", "/")) {
      assertThat(outcome(router, RequestView.get("https://a.test" + path)))
          .isEqualTo("400 client-certificate");
    }
    assertThat(outcome(router, RequestView.get("https://b.test/x"))).isEqualTo("forward");
  }

  /** SEC-41. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "default/none    | names the Secret default/none, which is missing",
        "foreign/ca      | names a Secret of another namespace",
        "default/empty   | names the Secret default/empty, which has no key ca.crt",
        "default/broken  | names the Secret default/broken, which has no certificate under ca.crt",
        "default/garbled | names the Secret default/garbled, which cannot be read: number 1 is no"
            + " certificate that can be read",
      })
  void aSecretThatCannotBeUsedClosesTheHost(String reference, String why) {
    IngressRouter router = router(input("auth-tls-secret: " + reference));

    for (String url : List.of(SECURE, "http://a.test/x", "http://a.test/more", "http://a.test/")) {
      assertThat(outcome(router, RequestView.get(url))).isEqualTo("403 client-certificate");
    }
    assertThat(outcome(router, TlsInput.request(SECURE, "client")))
        .isEqualTo("403 client-certificate");
    assertThat(outcome(router, RequestView.get("http://b.test/x"))).isEqualTo("forward");
    assertThat(router.tlsServer("a.test").asksForCertificate()).isFalse();
    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("annotation-denies-routes"))
        .extracting(Diagnostic::message)
        .containsExactly("auth-tls-secret " + why + ", so every request for the hosts answers 403");
    assertThat(router.diagnostics().toString())
        .doesNotContain("hunter2")
        .doesNotContain("aHVudGVy");
  }

  @Test
  void aLaterIngressWithAFaultClosesTheHostToo() {
    IngressRouter router =
        router(
            input("auth-tls-secret: default/ca")
                .ingress("late", "a.test /late web:80", "auth-tls-secret: default/none"));

    assertThat(outcome(router, TlsInput.request(SECURE, "client")))
        .isEqualTo("403 client-certificate");
  }

  @Test
  void theFirstIngressSaysIt() {
    IngressRouter router =
        router(
            input("auth-tls-secret: default/ca", "auth-tls-verify-client: optional")
                .ingress(
                    "late",
                    "a.test /late web:80",
                    "auth-tls-secret: default/ca",
                    "auth-tls-verify-client: on"));

    assertThat(outcome(router, RequestView.get("https://a.test/late"))).isEqualTo("forward");
  }

  @Test
  void revokedCertificatesAreRefusedAndAddressesOfErrorPagesAnswer() {
    IngressRouter router =
        router(input("auth-tls-secret: default/lists", "auth-tls-error-page: https://c.test/help"));

    assertThat(outcome(router, TlsInput.request(SECURE, "client"))).isEqualTo("forward");
    assertThat(router.route(TlsInput.request(SECURE, "revoked")))
        .isInstanceOfSatisfying(
            Answer.class,
            answer -> {
              assertThat(answer.status()).isEqualTo(302);
              assertThat(answer.responseHeaders().asMap())
                  .containsEntry("Location", List.of("https://c.test/help"));
            });
  }

  /** A path of the host does not get requests of clients who may not pass, and that is said. */
  @ParameterizedTest(name = "{0}: {1}, {2}")
  @CsvSource({
    "https://c.test/help, 302, 0",
    "c.test/help,         302, 0",
    "/more,               400, 1",
    "@named,              400, 1",
  })
  void pathsOfErrorPagesAreNotAsked(String page, int status, int findings) {
    IngressRouter router =
        router(input("auth-tls-secret: default/ca", "auth-tls-error-page: " + page));

    assertThat(router.route(TlsInput.request(SECURE)))
        .isInstanceOfSatisfying(
            Answer.class, answer -> assertThat(answer.status()).isEqualTo(status));
    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("annotation-approximated"))
        .hasSize(findings);
  }

  @ParameterizedTest
  @CsvSource({"CN=ali, forward", "CN=bob, 403 client-certificate"})
  void theSubjectDecides(String pattern, String expected) {
    IngressRouter router =
        router(input("auth-tls-secret: default/ca", "auth-tls-match-cn: " + pattern));

    assertThat(outcome(router, TlsInput.request(SECURE, "client"))).isEqualTo(expected);
  }

  /** SEC-31: what a client says of its own certificate is never believed, in either dialect. */
  @Test
  void backEndsAreToldWhatIsProved() {
    SimpleRequest request =
        SimpleRequest.builder()
            .url(SECURE)
            .header("ssl-client-verify", "SUCCESS")
            .header("SSL-Client-Subject-DN", "CN=root")
            .header("ssl_client_issuer_dn", "CN=root")
            .header("Ssl-Client-Cert", "forged")
            .clientCertificateChain(List.of(TlsInput.certificate("client")))
            .build();

    assertThat(told(router(input("auth-tls-secret: default/ca")), request))
        .containsOnly(
            Map.entry("ssl-client-verify", "SUCCESS"),
            Map.entry("ssl-client-subject-dn", "CN=alice,O=Smith\\, Sons,C=DE"),
            Map.entry("ssl-client-issuer-dn", "CN=Root,O=Example Authority,C=DE"));
    assertThat(told(router(input()), request)).isEmpty();
    assertThat(told(input().builder().dialect(Dialect.KUBERNETES).build(), request)).isEmpty();
  }

  /** Section 12: so is the service of auth-url, which may decide by it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void servicesThatDecideAreToldWhatIsProved(boolean passesCertificate) {
    IngressRouter router =
        router(
            input(
                "auth-tls-secret: default/ca",
                "auth-tls-pass-certificate-to-upstream: " + passesCertificate,
                "auth-url: http://auth.test/check"));
    SimpleRequest request =
        SimpleRequest.builder()
            .url(SECURE)
            .header("SSL-Client-Subject-DN", "CN=root")
            .header("Ssl-Client-Cert", "forged")
            .clientCertificateChain(List.of(TlsInput.certificate("client")))
            .build();

    AskAuth ask = (AskAuth) router.exchange(request).first();
    Map<String, List<String>> told = ask.requestHeaders().asMap();

    assertThat(told)
        .containsEntry("ssl-client-verify", List.of("SUCCESS"))
        .containsEntry("ssl-client-subject-dn", List.of("CN=alice,O=Smith\\, Sons,C=DE"))
        .containsEntry("ssl-client-issuer-dn", List.of("CN=Root,O=Example Authority,C=DE"));
    if (passesCertificate) {
      assertThat(told.get("ssl-client-cert"))
          .singleElement()
          .asString()
          .startsWith("-----BEGIN%20CERTIFICATE-----%0A");
    } else {
      assertThat(told).containsEntry("ssl-client-cert", List.of());
    }
  }

  private static Map<String, String> told(IngressRouter router, RequestView request) {
    Map<String, String> told = new TreeMap<>();
    ((Forward) router.route(request))
        .eachHeader(
            (name, value) -> {
              if (name.toLowerCase(Locale.ROOT).replace('_', '-').startsWith("ssl-")) {
                told.put(name.toLowerCase(Locale.ROOT), value);
              }
            });
    return told;
  }

  /** SEC-40: the matcher of requests finds the host of the handshake as well. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "a.test,    a.test,      400 client-certificate",
    "A.TEST.,   a.test,      400 client-certificate",
    "b.test,    a.test,      421 misdirected",
    "b.test,    a.test:443,  421 misdirected",
    "a.test,    b.test,      421 misdirected",
    "unknown,   a.test,      421 misdirected",
    "unknown,   b.test,      forward",
    "x.w.test,  y.w.test,    400 client-certificate",
    "x.w.test,  a.test,      400 client-certificate",
    "b.test,    y.w.test,    421 misdirected",
    ",          a.test,      400 client-certificate",
  })
  void handshakeAndHostMustAskForTheSame(String serverName, String host, String expected) {
    IngressRouter router =
        router(
            input("auth-tls-secret: default/ca")
                .ingress("wild", "*.w.test /x web:80", "auth-tls-secret: default/ca"));
    SimpleRequest request =
        SimpleRequest.builder().url("https://" + host + "/x").tlsServerName(serverName).build();

    assertThat(outcome(router, request)).isEqualTo(expected);
  }

  /** Without its Secret a rule still asks for a certificate, and takes any. */
  @Test
  void assumedSecretsAcceptAnyCertificate() {
    IngressRouter router =
        input("auth-tls-secret: default/none").builder().assumeSecrets(true).clock(CLOCK).build();

    assertThat(outcome(router, TlsInput.request(SECURE))).isEqualTo("400 client-certificate");
    assertThat(outcome(router, TlsInput.request(SECURE, "foreign"))).isEqualTo("forward");
    assertThat(
            outcome(
                input("auth-tls-secret: foreign/none")
                    .builder()
                    .assumeSecrets(true)
                    .clock(CLOCK)
                    .build(),
                TlsInput.request(SECURE, "foreign")))
        .isEqualTo("403 client-certificate");
  }

  /** A default back end without rules: the controller forgets to ask, which is not done here. */
  @Test
  void aDefaultBackEndAsksAsWell() {
    IngressRouter router =
        router(
            new NginxInput()
                .ingress("own", "default web:80", "auth-tls-secret: default/ca")
                .backend("web", "10.0.0.1")
                .secret("ca", CA));

    assertThat(outcome(router, RequestView.get("https://any.test/")))
        .isEqualTo("400 client-certificate");
    assertThat(router.tlsServer(null).asksForCertificate()).isTrue();
  }

  @Test
  void aChangedSecretChangesRoutesAsIfTheyWereMadeAnew() {
    NginxInput before =
        new NginxInput()
            .ingress(
                "own",
                "a.test /x web:80",
                "auth-tls-secret: default/ca",
                "backend-protocol: HTTPS",
                "proxy-ssl-secret: default/ca")
            .backend("web", "10.0.0.1");
    IngressRouter without = router(before);
    LiveRouter live = LiveRouter.of(without);
    String text = before.text();
    for (String secret :
        List.of("", "ca.crt: 'x'", CA, TlsInput.value("ca.crt", TlsInput.file("keys/rsa.crt")))) {
      NginxInput after =
          new NginxInput()
              .ingress(
                  "own",
                  "a.test /x web:80",
                  "auth-tls-secret: default/ca",
                  "backend-protocol: HTTPS",
                  "proxy-ssl-secret: default/ca")
              .backend("web", "10.0.0.1");
      IngressRouter anew = router(secret.isEmpty() ? after : after.secret("ca", secret));

      assertThat(after.text()).startsWith(text);
      assertThat(live.replace(anew.manifests()).isPublished()).isTrue();
      assertThat(live.current().translation().routes()).isEqualTo(anew.translation().routes());
      assertThat(live.current().diagnostics()).isEqualTo(anew.diagnostics());
      assertThat(live.tlsServer("a.test")).isEqualTo(anew.tlsServer("a.test"));
    }
  }
}
