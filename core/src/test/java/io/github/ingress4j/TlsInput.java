package io.github.ingress4j;

import io.github.ingress4j.policy.SimpleRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.stream.Stream;

/** Certificates and keys for manifests of tests. */
final class TlsInput {

  private TlsInput() {}

  /** A file below the resources. */
  static String file(String name) {
    try (InputStream in = TlsInput.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A certificate of {@code certificates}. */
  static X509Certificate certificate(String name) {
    try (InputStream in = TlsInput.class.getResourceAsStream("/certificates/" + name + ".pem")) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A value of several lines, as {@link NginxInput#secret} takes it. */
  static String value(String key, String text) {
    return key + ": |\n    " + text.strip().replace("\n", "\n    ");
  }

  /** A request over TLS with certificates of {@code certificates}, the client's own first. */
  static SimpleRequest request(String url, String... certificates) {
    return SimpleRequest.builder()
        .url(url)
        .clientCertificateChain(Stream.of(certificates).map(TlsInput::certificate).toList())
        .build();
  }

  /**
   * A Secret.
   *
   * @param name the name, with a namespace and a slash in front unless it is {@code default}
   * @param keysAndTexts a key and its text, and so on
   */
  static String secret(String name, String... keysAndTexts) {
    int slash = name.indexOf('/');
    StringBuilder yaml = new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata:\n  name: ");
    yaml.append(name.substring(slash + 1)).append("\n  namespace: ");
    yaml.append(slash < 0 ? "default" : name.substring(0, slash)).append("\nstringData:\n");
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      yaml.append("  ").append(keysAndTexts[i]).append(": |\n    ");
      yaml.append(keysAndTexts[i + 1].strip().replace("\n", "\n    ")).append('\n');
    }
    return yaml.toString();
  }

  /** A Secret with a certificate and a key, which are files of that folder. */
  static String identity(String name, String certificate, String key) {
    return secret(name, "tls.crt", file("keys/" + certificate), "tls.key", file("keys/" + key));
  }
}
