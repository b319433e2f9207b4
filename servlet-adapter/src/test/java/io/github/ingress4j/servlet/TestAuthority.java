package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Signs certificates for tests. */
final class TestAuthority {

  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 2));

  private final X500Principal name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  TestAuthority(String commonName) throws GeneralSecurityException {
    name = new X500Principal("CN=" + commonName);
    keys = ecKeys();
    Instant now = Instant.now();
    certificate =
        certificate(
            name,
            keys,
            now.minus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(1)),
            Der.sequence(
                Der.identifier(2, 5, 29, 19),
                Der.isTrue(),
                Der.octetString(Der.sequence(Der.isTrue()))));
  }

  private static KeyPair ecKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** The certificate of the authority as it stands in {@code ca.crt}. */
  String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  /** A certificate for names of servers. */
  Signed server(String... names) throws GeneralSecurityException {
    return server(ecKeys(), names);
  }

  /** A certificate with an RSA key. */
  Signed rsaServer(String... names) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return server(generator.generateKeyPair(), names);
  }

  private Signed server(KeyPair own, String... names) throws GeneralSecurityException {
    List<byte[]> encoded = new ArrayList<>();
    for (String dns : names) {
      encoded.add(Der.of(0x82, dns.getBytes(StandardCharsets.US_ASCII)));
    }
    Instant now = Instant.now();
    return new Signed(
        own,
        certificate(
            new X500Principal("CN=" + names[0]),
            own,
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofHours(23)),
            Der.sequence(
                Der.identifier(2, 5, 29, 17),
                Der.octetString(Der.sequence(encoded.toArray(new byte[0][]))))));
  }

  /** A certificate for a client. */
  Signed client(String commonName) throws GeneralSecurityException {
    Instant now = Instant.now();
    return client(commonName, now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(23)));
  }

  /** A certificate for a client whose time is over. */
  Signed expiredClient(String commonName) throws GeneralSecurityException {
    Instant now = Instant.now();
    return client(commonName, now.minus(Duration.ofHours(3)), now.minus(Duration.ofHours(2)));
  }

  private Signed client(String commonName, Instant from, Instant until)
      throws GeneralSecurityException {
    KeyPair own = ecKeys();
    return new Signed(
        own,
        certificate(
            new X500Principal("CN=" + commonName),
            own,
            from,
            until,
            Der.sequence(
                Der.identifier(2, 5, 29, 37),
                Der.octetString(Der.sequence(Der.identifier(1, 3, 6, 1, 5, 5, 7, 3, 2))))));
  }

  private X509Certificate certificate(
      X500Principal subject, KeyPair own, Instant from, Instant until, byte[] extension)
      throws GeneralSecurityException {
    byte[] body =
        Der.sequence(
            Der.of(0xA0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(120, new SecureRandom())),
            ECDSA_WITH_SHA256,
            name.getEncoded(),
            Der.sequence(Der.time(from), Der.time(until)),
            subject.getEncoded(),
            own.getPublic().getEncoded(),
            Der.of(0xA3, Der.sequence(extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] encoded = Der.sequence(body, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A Secret with the certificates of this authority, for those who check clients. */
  String secret(String secretName) {
    return "apiVersion: v1\nkind: Secret\nmetadata: {name: "
        + secretName
        + ", namespace: default}\ndata: {ca.crt: "
        + base64(pem())
        + "}\n---\n";
  }

  /**
   * A certificate with its key.
   *
   * @param keys the keys
   * @param certificate the certificate
   */
  record Signed(KeyPair keys, X509Certificate certificate) {

    /** A Secret of the type {@code kubernetes.io/tls}. */
    String secret(String secretName) {
      return "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: "
          + secretName
          + ", namespace: default}\ndata: {tls.crt: "
          + base64(certificatePem())
          + ", tls.key: "
          + base64(keyPem())
          + "}\n---\n";
    }

    String certificatePem() {
      return pem("CERTIFICATE", encoded(certificate));
    }

    private String keyPem() {
      return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    TlsIdentity identity() {
      return ((TlsIdentity.Parsed)
              TlsIdentity.parse(
                  certificatePem().getBytes(StandardCharsets.US_ASCII),
                  keyPem().getBytes(StandardCharsets.US_ASCII)))
          .identity();
    }
  }
}
