package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SEC-47 and SEC-48: keys in all forms that are stored in Secrets, and nothing of them in words.
 */
class TlsIdentityTest {

  private static byte[] file(String name) {
    try (InputStream in = TlsIdentityTest.class.getResourceAsStream("/keys/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static TlsIdentity identity(String certificate, String key) {
    return ((TlsIdentity.Parsed) TlsIdentity.parse(file(certificate), file(key))).identity();
  }

  private static String fault(byte[] certificate, byte[] key) {
    return ((TlsIdentity.Fault) TlsIdentity.parse(certificate, key)).message();
  }

  @ParameterizedTest
  @CsvSource({
    "rsa.crt,                rsa-pkcs8.key,          RSA,   CN=shop.example",
    "rsa.crt,                rsa-pkcs1.key,          RSA,   CN=shop.example",
    "ec.crt,                 ec-pkcs8.key,           EC,    CN=pay.example",
    "ec.crt,                 ec-sec1.key,            EC,    CN=pay.example",
    "ec-with-parameters.crt, ec-with-parameters.key, EC,    CN=big.example",
    "ed25519.crt,            ed25519.key,            EdDSA, CN=ed.example"
  })
  void readsTheFormsThatToolsWrite(String certificate, String key, String algorithm, String name) {
    TlsIdentity identity = identity(certificate, key);

    assertThat(identity.privateKey().getAlgorithm()).isEqualTo(algorithm);
    assertThat(identity.chain()).hasSize(1);
    assertThat(identity).hasToString("TLS identity of " + name);
  }

  @Test
  void isEqualWhateverFormTheKeyIsStoredIn() {
    assertThat(identity("rsa.crt", "rsa-pkcs1.key"))
        .isEqualTo(identity("rsa.crt", "rsa-pkcs8.key"))
        .hasSameHashCodeAs(identity("rsa.crt", "rsa-pkcs8.key"))
        .isNotEqualTo(identity("ec.crt", "ec-sec1.key"));
  }

  @Test
  void readsTheFirstKeyBehindCommentsAndOtherBlocks() throws GeneralSecurityException {
    byte[] bundle =
        text(
            "subject=shop\r\n"
                + new String(file("rsa.crt"), StandardCharsets.US_ASCII)
                + "Bag Attributes\n"
                + new String(file("rsa-pkcs1.key"), StandardCharsets.US_ASCII));

    PrivateKey key = Pem.privateKey(bundle);

    assertThat(key.getAlgorithm()).isEqualTo("RSA");
    assertThat(Pem.certificates(bundle)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"rsa.crt, ec-sec1.key", "ec.crt, rsa-pkcs8.key", "ec.crt, ec-with-parameters.key"})
  void refusesAKeyOfAnotherCertificate(String certificate, String key) {
    assertThat(fault(file(certificate), file(key)))
        .isEqualTo("The private key is not that of the first certificate.");
  }

  @ParameterizedTest
  @CsvSource({"rsa-pkcs1-encrypted.key", "rsa-pkcs8-encrypted.key"})
  void saysThatAKeyIsEncrypted(String key) {
    assertThat(fault(file("rsa.crt"), file(key)))
        .isEqualTo("The private key cannot be read: it is encrypted; store it without a password");
  }

  @Test
  void quotesNothingOfWhatItCannotRead() {
    String begin = "-----BEGIN PRIVATE KEY-----\n";
    String end = "\n-----END PRIVATE KEY-----\n";
    byte[] certificate = file("rsa.crt");

    assertThat(
            List.of(
                fault(certificate, text(begin + "hunter2hunter2abc" + end)),
                fault(certificate, text(begin + "aHVudGVyMg==" + end)),
                fault(certificate, text(begin + "hunter2")),
                fault(
                    certificate,
                    text(
                        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n" + "-----END EC PRIVATE KEY-----")),
                fault(
                    certificate,
                    text(
                        "-----BEGIN EC PRIVATE KEY-----\nMAMCAQA=\n"
                            + "-----END EC PRIVATE KEY-----")),
                fault(certificate, text("hunter2")),
                fault(text("hunter2"), file("rsa-pkcs8.key")),
                fault(
                    text("-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----"),
                    file("rsa-pkcs8.key"))))
        .containsExactly(
            "The private key cannot be read: a block is not in base 64",
            "The private key cannot be read: it is of no algorithm that is known here, or broken",
            "The private key cannot be read: a block has no end",
            "The private key cannot be read: its encoding is broken",
            "The private key cannot be read: its encoding is broken",
            "The private key cannot be read: there is no key in PEM",
            "There is no certificate in PEM.",
            "The certificate cannot be read: number 1 is no certificate that can be read");
  }

  @Test
  void readsRevocationLists() throws Exception {
    try (InputStream in =
        TlsIdentityTest.class.getResourceAsStream("/certificates/authority.crl.pem")) {
      assertThat(Pem.revocations(Objects.requireNonNull(in).readAllBytes())).hasSize(1);
    }
    byte[] broken = text("-----BEGIN X509 CRL-----\naHVudGVyMg==\n-----END X509 CRL-----");
    assertThatThrownBy(() -> Pem.revocations(broken))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessage("number 1 is no list that can be read");
    assertThat(Pem.revocations(file("rsa.crt"))).isEmpty();
  }

  @Test
  void upstreamTlsChecksItsParts() {
    UpstreamTls none = UpstreamTls.UNVERIFIED;

    assertThatThrownBy(
            () ->
                new UpstreamTls(
                    null, false, List.of(), List.of(), -1, null, false, List.of("T"), List.of()))
        .hasMessage("depth -1 must be 0 or more");
    assertThatThrownBy(
            () ->
                new UpstreamTls(
                    null, false, List.of(), List.of(), 1, null, false, List.of(), List.of()))
        .hasMessage("protocols must not be empty");
    assertThat(none.isVerified()).isFalse();
  }
}
