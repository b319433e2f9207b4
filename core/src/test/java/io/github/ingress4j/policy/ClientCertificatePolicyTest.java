package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.policy.ClientCertificatePolicy.Kind;
import io.github.ingress4j.policy.ClientCertificatePolicy.Mode;
import io.github.ingress4j.policy.ClientCertificatePolicy.Verdict;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 6, auth-tls-*; SEC-41. */
class ClientCertificatePolicyTest {

  /** A time at which all certificates of the test are valid. */
  private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

  private static InputStream resource(String name) {
    InputStream stream =
        ClientCertificatePolicyTest.class.getResourceAsStream("/certificates/" + name + ".pem");
    assertThat(stream).as(name).isNotNull();
    return stream;
  }

  private static X509Certificate certificate(String name) throws Exception {
    try (InputStream stream = resource(name)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private static List<X509Certificate> chain(@Nullable String names) throws Exception {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String name : names == null ? new String[0] : names.split(" ")) {
      certificates.add(certificate(name));
    }
    return certificates;
  }

  /** A request over TLS with certificates. */
  private record WithCertificates(RequestView request, List<X509Certificate> certificates)
      implements RequestView {

    static CanonicalRequest of(String url, @Nullable String names) throws Exception {
      return AccessRequests.canonical(new WithCertificates(RequestView.get(url), chain(names)));
    }

    @Override
    public List<X509Certificate> clientCertificateChain() {
      return certificates;
    }

    @Override
    public String httpVersion() {
      return request.httpVersion();
    }

    @Override
    public String method() {
      return request.method();
    }

    @Override
    public String scheme() {
      return request.scheme();
    }

    @Override
    public int localPort() {
      return request.localPort();
    }

    @Override
    public List<String> hosts() {
      return request.hosts();
    }

    @Override
    public String target() {
      return request.target();
    }

    @Override
    public List<String> headerNames() {
      return request.headerNames();
    }

    @Override
    public List<String> headers(String name) {
      return request.headers(name);
    }

    @Override
    public long bodyLength() {
      return request.bodyLength();
    }

    @Override
    public String clientAddress() {
      return request.clientAddress();
    }
  }

  private static Verdict decide(
      ClientCertificatePolicy policy, String scheme, @Nullable String names) throws Exception {
    return policy.decide(WithCertificates.of(scheme + "://a.shop/", names), NOW, new RegexBudget());
  }

  @ParameterizedTest(name = "{0}, {1}, certificate {2}: {3}, told {4}")
  @CsvSource(
      nullValues = "-",
      value = {
        // mode,         scheme, certificates, kind,            ssl-client-verify
        "ON,             https,  client,       PASSED,          SUCCESS",
        "ON,             https,  plain,        PASSED,          SUCCESS",
        "ON,             https,  -,            NO_CERTIFICATE,  -",
        "ON,             https,  foreign,      BAD_CERTIFICATE, -",
        "ON,             https,  stranger,     BAD_CERTIFICATE, -",
        "ON,             https,  server-only,  BAD_CERTIFICATE, -",
        "ON,             https,  short,        BAD_CERTIFICATE, -",
        "ON,             https,  deep,         BAD_CERTIFICATE, -",
        "ON,             https,  deep middle,  PASSED,          SUCCESS",
        "ON,             http,   -,            NO_TLS,          -",
        "ON,             http,   client,       NO_TLS,          -",
        "OFF,            https,  -,            PASSED,          NONE",
        "OFF,            https,  foreign,      PASSED,          NONE",
        "OPTIONAL,       https,  -,            PASSED,          NONE",
        "OPTIONAL,       https,  client,       PASSED,          SUCCESS",
        "OPTIONAL,       https,  foreign,      BAD_CERTIFICATE, -",
        "OPTIONAL_NO_CA, https,  -,            PASSED,          NONE",
        "OPTIONAL_NO_CA, https,  client,       PASSED,          SUCCESS",
        "OPTIONAL_NO_CA, https,  foreign,      PASSED,"
            + " FAILED:unable to get local issuer certificate",
        "OPTIONAL_NO_CA, https,  stranger,     PASSED,          FAILED:self-signed certificate",
        "OPTIONAL_NO_CA, https,  short,        BAD_CERTIFICATE, -",
        "OPTIONAL_NO_CA, https,  server-only,  BAD_CERTIFICATE, -",
      })
  void acceptsWhatTheModeAllows(
      Mode mode, String scheme, @Nullable String names, Kind kind, @Nullable String verify)
      throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("authority")).mode(mode).build();
    Instant now = NOW.plusSeconds(names != null && names.equals("short") ? 100_000 : 0);
    Verdict verdict =
        policy.decide(WithCertificates.of(scheme + "://a.shop/", names), now, new RegexBudget());

    assertThat(policy.mode()).isEqualTo(mode);
    assertThat(verdict.kind()).isEqualTo(kind);
    assertThat(verdict.status()).isEqualTo(kind == Kind.PASSED || kind == Kind.NO_TLS ? 0 : 400);
    assertThat(verdict.requestHeaders().asMap().getOrDefault("ssl-client-verify", List.of()))
        .isEqualTo(verify == null ? List.of() : List.of(verify));
  }

  @ParameterizedTest(name = "depth {0}, authorities {1}, sent {2}: {3}")
  @CsvSource({
    "1, authority,        deep middle, PASSED",
    "0, authority,        deep middle, BAD_CERTIFICATE",
    "0, authority,        client,      PASSED",
    "1, authority middle, deep,        PASSED",
    "1, middle,           deep,        BAD_CERTIFICATE",
    "1, stranger,         client,      BAD_CERTIFICATE",
  })
  void buildsThePathToAnAuthority(int depth, String authorities, String sent, Kind kind)
      throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain(authorities)).depth(depth).build();

    assertThat(decide(policy, "https", sent).kind()).isEqualTo(kind);
  }

  @Test
  void believesNobodyWithoutAuthorities() throws Exception {
    ClientCertificatePolicy policy = ClientCertificatePolicy.builder(List.of()).build();

    assertThat(decide(policy, "https", "client").kind()).isEqualTo(Kind.BAD_CERTIFICATE);
  }

  @Test
  void looksAtTheDatesEachTime() throws Exception {
    ClientCertificatePolicy policy = ClientCertificatePolicy.builder(chain("authority")).build();
    CanonicalRequest request = WithCertificates.of("https://a.shop/", "short");
    RegexBudget budget = new RegexBudget();

    assertThat(policy.decide(request, NOW, budget).kind()).isEqualTo(Kind.PASSED);
    assertThat(policy.decide(request, NOW, budget).kind()).isEqualTo(Kind.PASSED);
    assertThat(policy.decide(request, NOW.plusSeconds(86_400), budget).kind())
        .isEqualTo(Kind.BAD_CERTIFICATE);
    assertThat(policy.decide(request, NOW.minusSeconds(86_400), budget).kind())
        .isEqualTo(Kind.BAD_CERTIFICATE);
    assertThat(policy.decide(request, NOW, budget).kind()).isEqualTo(Kind.PASSED);
  }

  /** A list may hold what is not valid yet or any more beside what is. */
  @Test
  void believesNoAuthorityOutsideOfItsDates() throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("short")).mode(Mode.OPTIONAL_NO_CA).build();
    ClientCertificatePolicy strict = ClientCertificatePolicy.builder(chain("authority")).build();
    CanonicalRequest request = WithCertificates.of("https://a.shop/", "client");
    Instant afterAll = certificate("authority").getNotAfter().toInstant().plusSeconds(1);

    assertThat(policy.decide(request, NOW, new RegexBudget()).requestHeaders().asMap())
        .containsEntry(
            "ssl-client-verify", List.of("FAILED:unable to get local issuer certificate"));
    assertThat(strict.decide(request, afterAll, new RegexBudget()).kind())
        .isEqualTo(Kind.BAD_CERTIFICATE);
  }

  @Test
  void refusesRevokedCertificates() throws Exception {
    X509CRL list;
    try (InputStream stream = resource("authority.crl")) {
      list = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(stream);
    }
    ClientCertificatePolicy careless = ClientCertificatePolicy.builder(chain("authority")).build();
    ClientCertificatePolicy careful =
        ClientCertificatePolicy.builder(chain("authority")).revocations(List.of(list)).build();

    assertThat(decide(careless, "https", "revoked").kind()).isEqualTo(Kind.PASSED);
    assertThat(decide(careful, "https", "revoked").kind()).isEqualTo(Kind.BAD_CERTIFICATE);
    assertThat(decide(careful, "https", "client").kind()).isEqualTo(Kind.PASSED);
    // The authority in the middle has no list.
    assertThat(decide(careful, "https", "deep middle").kind()).isEqualTo(Kind.BAD_CERTIFICATE);
  }

  @ParameterizedTest(name = "{0}, {1} over {2}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "CN=alice,      client, https, PASSED",
        "CN=al.*,       client, https, PASSED",
        "CN=bob,        client, https, SUBJECT",
        "CN=Alice,      client, https, SUBJECT",
        "CN=alice,      -,      https, SUBJECT",
        "CN=alice,      client, http,  SUBJECT",
      })
  void searchesTheSubject(String pattern, @Nullable String names, String scheme, Kind kind)
      throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("authority"))
            .subject(((PcrePattern.Compiled) PcrePattern.compile(pattern, false, false)).pattern())
            .build();
    Verdict verdict = decide(policy, scheme, names);

    assertThat(verdict.kind()).isEqualTo(kind);
    assertThat(verdict.status()).isEqualTo(kind == Kind.SUBJECT ? 403 : 0);
  }

  @ParameterizedTest(name = "{0}: {1}, to {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-,                       400, -",
        "'',                      400, -",
        "@page,                   400, -",
        "/page,                   400, -",
        "https://help.shop/certs, 302, https://help.shop/certs",
        "help.shop/certs,         302, help.shop/certs",
      })
  void leadsToTheErrorPage(@Nullable String page, int status, @Nullable String location)
      throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("authority")).errorPage(page).build();

    for (String names : new String[] {null, "foreign"}) {
      Verdict verdict = decide(policy, "https", names);
      assertThat(verdict.status()).isEqualTo(status);
      assertThat(verdict.location()).isEqualTo(location);
    }
  }

  @Test
  void tellsTheBackEndWhoTheClientIs() throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("authority")).passesCertificate(true).build();
    String pem = new String(resource("client").readAllBytes(), StandardCharsets.US_ASCII);
    String escaped =
        pem.replace("+", "%2B")
            .replace("/", "%2F")
            .replace("=", "%3D")
            .replace(" ", "%20")
            .replace("\n", "%0A");

    assertThat(decide(policy, "https", "client").requestHeaders().asMap())
        .containsOnly(
            Map.entry("ssl-client-verify", List.of("SUCCESS")),
            Map.entry("ssl-client-subject-dn", List.of("CN=alice,O=Smith\\, Sons,C=DE")),
            Map.entry("ssl-client-issuer-dn", List.of("CN=Root,O=Example Authority,C=DE")),
            Map.entry("ssl-client-cert", List.of(escaped)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"ON, http", "OPTIONAL, https"})
  void removesWhatAClientSaysOfItself(Mode mode, String scheme) throws Exception {
    ClientCertificatePolicy policy =
        ClientCertificatePolicy.builder(chain("authority")).mode(mode).build();
    HeaderEdits edits = decide(policy, scheme, null).requestHeaders();

    assertThat(edits.covers("ssl-client-verify")).isTrue();
    assertThat(edits.asMap())
        .containsEntry("ssl-client-subject-dn", List.of())
        .containsEntry("ssl-client-issuer-dn", List.of())
        .containsEntry("ssl-client-cert", List.of());
  }

  /** The texts are those that "openssl x509 -subject -nameopt RFC2253" prints. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "client | CN=alice,O=Smith\\, Sons,C=DE",
        "pair   | UID=b+L=c+CN=a,O=x",
        "odd    | CN=Ana \\C3\\A9,OU=\\ y\\\\z,O=\\#x\\ ,emailAddress=a@b.c,street=A=1\\;\\\"\\<\\>,"
            + "GN=Ana,SN=Doe,serialNumber=7,UID=u1,DC=shop,C=US",
      })
  void writesNamesAsOpenSslDoes(String name, String text) throws Exception {
    byte[] der = certificate(name).getSubjectX500Principal().getEncoded();

    assertThat(DistinguishedName.write(der)).isEqualTo(text);
  }

  @Test
  void writesUnknownAttributesAsBytes() {
    assertThat(DistinguishedName.write(new X500Principal("OID.1.2.3.400=x,CN=a").getEncoded()))
        .isEqualTo("1.2.3.400=#130178,CN=a");
    assertThat(DistinguishedName.write(new X500Principal("CN=#040161").getEncoded()))
        .isEqualTo("CN=#040161");
    assertThat(DistinguishedName.write(new X500Principal("").getEncoded())).isEmpty();
    assertThat(
            DistinguishedName.write(
                new X500Principal("CN=" + "x".repeat(300) + ",O=\u0007").getEncoded()))
        .isEqualTo("CN=" + "x".repeat(300) + ",O=\\07");
  }

  @Test
  void refusesSettingsOutOfRange() {
    ClientCertificatePolicy.Builder builder = ClientCertificatePolicy.builder(List.of());

    assertThatThrownBy(() -> builder.depth(-1)).hasMessage("depth -1 must be 0 or more");
    assertThatThrownBy(() -> builder.errorPage("https://a/\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
