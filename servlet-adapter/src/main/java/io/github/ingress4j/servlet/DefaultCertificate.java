package io.github.ingress4j.servlet;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;

/**
 * The certificate that is shown where no other one fits: signed by itself, so that a client that
 * checks anything is told that it has come to the wrong place.
 *
 * @param key the key, which is in memory only
 * @param certificate the certificate
 */
record DefaultCertificate(PrivateKey key, X509Certificate certificate) {

  /** A name that no public authority signs for and no rule is likely to have. */
  static final String NAME = "ingress.local";

  private static final Duration AGE = Duration.ofDays(1);
  private static final Duration LIFE = Duration.ofDays(3650);

  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 2));

  /**
   * Makes a key and a certificate.
   *
   * @param now the time of making
   * @return both; no two calls return the same
   */
  static DefaultCertificate make(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      byte[] name = new X500Principal("CN=ingress4j default certificate").getEncoded();
      byte[] body =
          Der.sequence(
              Der.of(0xA0, Der.integer(BigInteger.TWO)),
              Der.integer(new BigInteger(120, new SecureRandom())),
              ECDSA_WITH_SHA256,
              name,
              // A client whose clock is late would complain of the time instead of the signer.
              Der.sequence(Der.time(now.minus(AGE)), Der.time(now.plus(LIFE))),
              name,
              keys.getPublic().getEncoded(),
              Der.of(0xA3, Der.sequence(subjectAltName(), serverAuthOnly())));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] encoded = Der.sequence(body, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
      return new DefaultCertificate(
          keys.getPrivate(),
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(encoded)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM makes no EC keys, which every JVM must", e);
    }
  }

  private static byte[] subjectAltName() {
    byte[] name = Der.of(0x82, NAME.getBytes(StandardCharsets.US_ASCII));
    return Der.sequence(Der.identifier(2, 5, 29, 17), Der.octetString(Der.sequence(name)));
  }

  private static byte[] serverAuthOnly() {
    return Der.sequence(
        Der.identifier(2, 5, 29, 37),
        Der.octetString(Der.sequence(Der.identifier(1, 3, 6, 1, 5, 5, 7, 3, 1))));
  }
}
