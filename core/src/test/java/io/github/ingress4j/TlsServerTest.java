package io.github.ingress4j;

import static io.github.ingress4j.TlsInput.identity;
import static io.github.ingress4j.TlsInput.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.TlsServer;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.TlsIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers show under which name: ingress-v1.md section 8, ingress-nginx.md section 9.1. */
class TlsServerTest {

  private static final String SHOP = identity("shop", "rsa.crt", "rsa-pkcs8.key");
  private static final String PAY = identity("pay", "ec.crt", "ec-sec1.key");

  private static String ingress(String name, String age, String spec) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: %s, namespace: default, creationTimestamp: "2020-01-01T00:00:0%sZ"}
        spec: %s
        """
        .formatted(name, age, spec);
  }

  private static String rule(String host) {
    return "{host: '"
        + host
        + "', http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: a, port:"
        + " {number: 80}}}}]}}";
  }

  private static IngressRouter router(Dialect dialect, String... documents) {
    return IngressRouter.builder()
        .dialect(dialect)
        .manifests("test.yaml", String.join("\n---\n", documents))
        .build();
  }

  private static String shown(IngressRouter router, @Nullable String name) {
    TlsIdentity identity = router.tlsServer(name).identity();
    return identity == null
        ? "own"
        : identity.chain().get(0).getSubjectX500Principal().getName().substring(3);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "shop.example,   shop.example",
    "SHOP.example,   shop.example",
    "shop.example.,  shop.example",
    "a.wild.example, shop.example",
    "b.a.wild.example, pay.example",
    "wild.example,   pay.example",
    "known.example,  shop.example",
    "other,          pay.example",
    ",               pay.example",
  })
  void kubernetesShowsWhatEntriesSay(@Nullable String name, String expected) {
    IngressRouter router =
        router(
            Dialect.KUBERNETES,
            SHOP,
            PAY,
            ingress(
                "b",
                "1",
                "{rules: ["
                    + rule("shop.example")
                    + "], tls: [{hosts: [shop.example, '*.wild.example', known.example],"
                    + " secretName: shop}]}"),
            ingress(
                "a",
                "2",
                "{rules: ["
                    + rule("shop.example")
                    + "], tls: [{hosts: [shop.example], secretName: pay}, {secretName: pay}]}"));

    assertThat(shown(router, name)).isEqualTo(expected);
    assertThat(router.tlsServer(name).asksForCertificate()).isFalse();
    assertThat(router.tlsServer(name).acceptedAuthorities()).isEmpty();
  }

  @Test
  void anEntryWhoseSecretCannotBeUsedDoesNotCount() {
    IngressRouter router =
        router(
            Dialect.KUBERNETES,
            secret("broken", "tls.crt", TlsInput.file("keys/ec.crt"), "tls.key", "hunter2"),
            SHOP,
            ingress(
                "a",
                "1",
                "{rules: ["
                    + rule("shop.example")
                    + "], tls: [{hosts: [shop.example], secretName: broken}, {hosts:"
                    + " [shop.example, pay.example], secretName: shop}]}"));

    assertThat(shown(router, "shop.example")).isEqualTo("shop.example");
    List<Diagnostic> found =
        router.diagnostics().stream()
            .filter(one -> one.rule().id().equals("tls-certificate-unusable"))
            .toList();
    assertThat(found)
        .extracting(Diagnostic::message)
        .containsExactly(
            "the Secret default/broken gives no certificate: the private key cannot be read:"
                + " there is no key in PEM; the server's own is shown",
            "the certificate of the Secret default/shop does not name \"pay.example\"");
    assertThat(found.toString()).doesNotContain("hunter2");
  }

  /**
   * Section 9.1: the literal entry, else one that covers the host, else the default certificate.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "shop.example, shop.example",
    "pay.example,  pay.example",
    "bare.example, own",
    "other,        own",
    ",             own",
  })
  void nginxShowsWhatCoversTheHost(@Nullable String name, String expected) {
    IngressRouter router =
        router(
            Dialect.INGRESS_NGINX,
            SHOP,
            PAY,
            ingress(
                "a",
                "1",
                "{rules: ["
                    + rule("shop.example")
                    + ", "
                    + rule("pay.example")
                    + ", "
                    + rule("bare.example")
                    + "], tls: [{hosts: [shop.example], secretName: shop}, {hosts: [bare.example],"
                    + " secretName: shop}, {secretName: pay}]}"));

    assertThat(shown(router, name)).isEqualTo(expected);
  }

  @Test
  void namesTheHostThatRequestsAreLedTo() {
    IngressRouter router =
        router(
            Dialect.INGRESS_NGINX,
            ingress("a", "1", "{rules: [" + rule("*.shop") + ", " + rule("b.shop") + "]}"));

    assertThat(host(router, "a.SHOP.")).isEqualTo("*.shop");
    assertThat(host(router, "b.shop")).isEqualTo("b.shop");
    assertThat(host(router, "c.b.shop")).isEmpty();
    assertThat(host(router, null)).isEmpty();
    assertThat(host(router, "no host")).isEmpty();
  }

  private static String host(IngressRouter router, @Nullable String name) {
    TlsServer server = router.tlsServer(name);
    return server.host() == null ? "none" : server.host().text();
  }

  @Test
  void aLiveRouterShowsWhatIsInForce() {
    String[] documents = {
      SHOP,
      ingress(
          "a",
          "1",
          "{rules: ["
              + rule("shop.example")
              + "], tls: [{hosts: [shop.example], secretName: shop}]}")
    };
    LiveRouter live = LiveRouter.of(router(Dialect.KUBERNETES, documents));
    IngressRouter without = router(Dialect.KUBERNETES, documents[1]);

    assertThat(live.tlsServer("shop.example").identity()).isNotNull();
    live.replace(without.manifests());
    assertThat(live.tlsServer("shop.example").identity()).isNull();
  }
}
