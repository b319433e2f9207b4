package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS by the rules, in every container, with a client that is really there. */
abstract class TlsContract {

  /** How a container is started. */
  interface Starter {
    Container start(Container.Application application, SSLContext tls) throws Exception;
  }

  private final Starter starter;
  private final TestAuthority authority;
  private final TestAuthority clients;
  private final TestAuthority.Signed exact;
  private final TestAuthority.Signed wildcard;
  private RecordingUpstream upstream;
  private LiveRouter router;
  private Container container;

  TlsContract(Starter starter) throws Exception {
    this.starter = starter;
    authority = new TestAuthority("servers");
    clients = new TestAuthority("clients");
    exact = authority.server("a.shop.test");
    wildcard = authority.server("*.shop.test");
  }

  private static String ingress(String name, String host, String secret, String... annotations) {
    StringBuilder text =
        new StringBuilder("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ");
    text.append(name).append("\n  annotations:\n    nginx.ingress.kubernetes.io/x-unused: a\n");
    for (String annotation : annotations) {
      text.append("    nginx.ingress.kubernetes.io/").append(annotation).append('\n');
    }
    return text.append("spec:\n")
        .append(
            secret.isEmpty()
                ? ""
                : "  tls: [{hosts: ['" + host + "'], secretName: " + secret + "}]\n")
        .append("  rules:\n  - host: '")
        .append(host)
        .append("'\n    http: {paths: [{path: /, pathType: Prefix, backend: ")
        .append("{service: {name: web, port: {number: 80}}}}]}\n---\n")
        .toString();
  }

  private String manifests(TestAuthority.Signed exactOne) {
    return exactOne.secret("exact")
        + wildcard.secret("wildcard")
        + clients.secret("clients")
        + ingress("a", "a.shop.test", "exact")
        + ingress("w", "*.shop.test", "wildcard")
        + ingress(
            "m",
            "mutual.shop.test",
            "wildcard",
            "auth-tls-secret: default/clients",
            "auth-tls-pass-certificate-to-upstream: 'true'")
        + ingress(
            "o",
            "optional.shop.test",
            "wildcard",
            "auth-tls-secret: default/clients",
            "auth-tls-verify-client: optional")
        + ingress("club", "*.club.test", "", "auth-tls-secret: default/clients");
  }

  private static ManifestSet parse(String text) {
    return ManifestParser.create().parse("tls.yaml", text);
  }

  @BeforeEach
  void start() throws Exception {
    upstream = new RecordingUpstream();
    router =
        LiveRouter.of(
            IngressRouter.builder()
                .dialect(Dialect.INGRESS_NGINX)
                .manifests(parse(manifests(exact)))
                .build());
    container = starter.start(this::deploy, IngressTls.of(router).sslContext());
  }

  private void deploy(ServletContext context) {
    ServletRegistration.Dynamic registration =
        context.addServlet(
            "ingress",
            IngressProxyServlet.builder()
                .router(router)
                .backend("default/web:80", "127.0.0.1:" + upstream.port())
                .build());
    registration.addMapping("/*");
    registration.setAsyncSupported(true);
    registration.setLoadOnStartup(0);
  }

  @AfterEach
  void stop() throws Exception {
    container.close();
    upstream.close();
  }

  @ParameterizedTest(name = "{0} is shown {1}")
  @CsvSource({
    "a.shop.test, a.shop.test",
    "A.Shop.Test, a.shop.test",
    "b.shop.test, *.shop.test",
    "mutual.shop.test, *.shop.test",
    "x.b.shop.test, ingress4j default certificate",
    "elsewhere.test, ingress4j default certificate",
    ", ingress4j default certificate",
  })
  void choosesTheCertificateByTheNameThatIsAskedFor(String name, String subject) throws Exception {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      assertThat(
              RawTlsClient.anonymous()
                  .speaking(protocol)
                  .shown(container.port(), name)
                  .getSubjectX500Principal()
                  .getName())
          .isEqualTo("CN=" + subject);
    }
  }

  @Test
  void tellsBackEndsThatTheConnectionHasTls() throws Exception {
    RawReply reply = RawTlsClient.anonymous().get(container.port(), "a.shop.test", "a.shop.test");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(sent().header("x-forwarded-proto")).containsExactly("https");
    assertThat(sent().header("x-forwarded-scheme")).containsExactly("https");
    assertThat(reply.header("strict-transport-security"))
        .containsExactly("max-age=31536000; includeSubDomains");
  }

  /** The last request that went to the back end. */
  private RecordingUpstream.Received sent() {
    return upstream.received.get(upstream.received.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void followsTheRulesWithoutDroppingConnections(String protocol) throws Exception {
    RawTlsClient client = RawTlsClient.anonymous().speaking(protocol);
    try (SSLSocket open = client.connect(container.port(), "a.shop.test")) {
      assertThat(RawTlsClient.get(open, "a.shop.test").status()).isEqualTo(200);
      TestAuthority.Signed renewed = authority.rsaServer("a.shop.test");
      assertThat(router.replace(parse(manifests(renewed))).isPublished()).isTrue();

      // A client of its own: one that knows the server would take up its session.
      assertThat(RawTlsClient.anonymous().speaking(protocol).shown(container.port(), "a.shop.test"))
          .isEqualTo(renewed.certificate());
      assertThat(RawTlsClient.get(open, "a.shop.test").status()).isEqualTo(200);
      assertThat(RawTlsClient.certificate(open)).isEqualTo(exact.certificate());
    }
  }

  @ParameterizedTest(name = "{0}: hardening.md SEC-40, SEC-41")
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void asksForCertificatesWhereTheHostWantsThem(String protocol) throws Exception {
    TestAuthority.Signed own = clients.client("jane");
    RawTlsClient jane = new RawTlsClient(own).speaking(protocol);
    assertThat(jane.get(container.port(), "a.shop.test", "a.shop.test").status()).isEqualTo(200);
    assertThat(jane.askedFor).isEmpty();
    assertThat(sent().header("ssl-client-verify")).isEmpty();

    RawReply reply = jane.get(container.port(), "mutual.shop.test", "mutual.shop.test");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(jane.askedFor).containsExactly(List.of("CN=clients"));
    assertThat(sent().header("ssl-client-verify")).containsExactly("SUCCESS");
    assertThat(sent().header("ssl-client-subject-dn")).containsExactly("CN=jane");
    assertThat(sent().header("ssl-client-issuer-dn")).containsExactly("CN=clients");
    assertThat(
            URLDecoder.decode(sent().header("ssl-client-cert").get(0), StandardCharsets.US_ASCII))
        .isEqualTo(own.certificatePem());

    // And again with each connection.
    assertThat(jane.get(container.port(), "mutual.shop.test", "mutual.shop.test").status())
        .isEqualTo(200);
    assertThat(jane.askedFor).hasSize(2);
  }

  @Test
  void answersInHttpWhereACertificateIsMissingOrNotAccepted() throws Exception {
    RawTlsClient anonymous = RawTlsClient.anonymous();
    for (RawTlsClient client :
        List.of(
            anonymous,
            new RawTlsClient(authority.client("jane")),
            new RawTlsClient(clients.expiredClient("jane")))) {
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        client.speaking(protocol);
        assertThat(client.get(container.port(), "mutual.shop.test", "mutual.shop.test").status())
            .isEqualTo(400);
      }
    }
    // Without a name in the handshake nobody was asked, so nobody passes.
    assertThat(anonymous.get(container.port(), null, "mutual.shop.test").status()).isEqualTo(400);
    assertThat(upstream.received).isEmpty();
  }

  @Test
  void letsClientsWithoutCertificatePassWhereItIsOptional() throws Exception {
    int port = container.port();
    assertThat(
            RawTlsClient.anonymous().get(port, "optional.shop.test", "optional.shop.test").status())
        .isEqualTo(200);
    assertThat(sent().header("ssl-client-verify")).containsExactly("NONE");
    RawTlsClient jane = new RawTlsClient(clients.client("jane"));
    assertThat(jane.get(port, "optional.shop.test", "optional.shop.test").status()).isEqualTo(200);
    assertThat(sent().header("ssl-client-verify")).containsExactly("SUCCESS");
    assertThat(sent().header("ssl-client-cert")).isEmpty();
    RawTlsClient stranger = new RawTlsClient(authority.client("jane"));
    assertThat(stranger.get(port, "optional.shop.test", "optional.shop.test").status())
        .isEqualTo(400);
  }

  @ParameterizedTest(name = "named {0} in the handshake, host {1}: hardening.md 4.9, SEC-40")
  @CsvSource({
    "a.shop.test,        mutual.shop.test",
    "a.shop.test,        MUTUAL.Shop.Test.",
    "a.shop.test,        mutual.shop.test:8443",
    "b.shop.test,        mutual.shop.test",
    "optional.shop.test, mutual.shop.test",
    "a.shop.test,        optional.shop.test",
    "elsewhere.test,     mutual.shop.test",
    // A wildcard host is found as the router finds it (CVE-2026-48491).
    "a.shop.test,        x.club.test",
    "mutual.shop.test,   a.shop.test",
  })
  void sendsRequestsAwayWhoseHandshakeWasForOtherCertificates(String name, String host)
      throws Exception {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      RawTlsClient jane = new RawTlsClient(clients.client("jane")).speaking(protocol);
      assertThat(jane.get(container.port(), name, host).status()).isEqualTo(421);
    }
    assertThat(upstream.received).isEmpty();
  }

  @ParameterizedTest(name = "named {0} in the handshake, host {1}")
  @CsvSource({
    "a.shop.test,  b.shop.test",
    "A.SHOP.TEST,  a.shop.test",
    "b.shop.test,  a.shop.test:8443",
    "x.club.test,  y.club.test",
  })
  void takesRequestsOfAnotherHostThatAsksForTheSame(String name, String host) throws Exception {
    RawTlsClient jane = new RawTlsClient(clients.client("jane"));
    assertThat(jane.get(container.port(), name, host).status()).isEqualTo(200);
  }

  @Test
  void asksClientsThatHaveBeenHereBeforeTheHostWantedCertificates() throws Exception {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      router.replace(parse(manifests(exact)));
      RawTlsClient jane = new RawTlsClient(clients.client("jane")).speaking(protocol);
      assertThat(jane.get(container.port(), "b.shop.test", "b.shop.test").status()).isEqualTo(200);
      assertThat(jane.get(container.port(), "b.shop.test", "b.shop.test").status()).isEqualTo(200);
      router.replace(
          parse(
              manifests(exact)
                  + ingress("b", "b.shop.test", "wildcard", "auth-tls-secret: default/clients")));
      assertThat(jane.get(container.port(), "b.shop.test", "b.shop.test").status()).isEqualTo(200);
      assertThat(jane.askedFor).hasSize(1);
      assertThat(sent().header("ssl-client-verify")).containsExactly("SUCCESS");
    }
  }

  @ParameterizedTest(name = "{0}: hardening.md SEC-31")
  @ValueSource(
      strings = {
        "ssl-client-verify",
        "Ssl-Client-Subject-Dn",
        "SSL_CLIENT_CERT",
        "ssl_client-issuer-dn",
        "X-Forwarded-Client-Cert",
        "X-Forwarded-Tls-Client-Cert"
      })
  void removesWhatClientsSayOfTheirCertificates(String name) throws Exception {
    for (String host : List.of("a.shop.test", "optional.shop.test")) {
      RawReply reply =
          RawTlsClient.anonymous()
              .get(container.port(), host, host, name + ": forged", "X-Kept: 1");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(sent().headerLines()).noneMatch(line -> line.contains("forged"));
      assertThat(sent().header("x-kept")).containsExactly("1");
    }
  }

  @Test
  void refusesBytesThatAreNoTls() throws Exception {
    RawReply reply =
        RawReply.exchange(container.port(), "GET / HTTP/1.1\r\nHost: a.shop.test\r\n\r\n");
    assertThat(reply.status()).isNotEqualTo(200);
    assertThat(upstream.received).isEmpty();
  }
}
