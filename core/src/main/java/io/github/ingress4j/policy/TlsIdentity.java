package io.github.ingress4j.policy;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate with its chain and its private key: what one side of TLS shows to the other. It has
 * no printable form of the key.
 *
 * <p>Immutable and thread-safe; equal if the chain and the key are. Source: core/v1, Secret of the
 * type {@code kubernetes.io/tls}.
 */
public final class TlsIdentity {

  /** What became of the text of a certificate and a key. */
  public sealed interface Result permits Parsed, Fault {}

  /**
   * A certificate and its key.
   *
   * @param identity both
   */
  public record Parsed(TlsIdentity identity) implements Result {}

  /**
   * Why there is none.
   *
   * @param message a sentence that quotes nothing of the text
   */
  public record Fault(String message) implements Result {}

  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    this.chain = List.copyOf(chain);
    this.key = key;
  }

  /**
   * Reads a certificate and its key, and checks that they belong to each other.
   *
   * @param certificates the certificate and those that it is signed by, in PEM, the own one first
   * @param key the key in PEM: PKCS #8, or the older forms for RSA and elliptic curves; not
   *     encrypted. The caller clears it after use
   * @return the identity, or why there is none
   */
  public static Result parse(byte[] certificates, byte[] key) {
    List<X509Certificate> chain;
    try {
      chain = Pem.certificates(certificates);
    } catch (GeneralSecurityException e) {
      return new Fault("The certificate cannot be read: " + e.getMessage());
    }
    if (chain.isEmpty()) {
      return new Fault("There is no certificate in PEM.");
    }
    PrivateKey read;
    try {
      read = Pem.privateKey(key);
    } catch (GeneralSecurityException e) {
      return new Fault("The private key cannot be read: " + e.getMessage());
    }
    if (!belongTogether(chain.get(0), read)) {
      return new Fault("The private key is not that of the first certificate.");
    }
    return new Parsed(new TlsIdentity(chain, read));
  }

  /** Whether what the key signs is verified by the certificate. */
  private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "RSASSA-PSS" -> "RSASSA-PSS";
          case "DSA" -> "SHA256withDSA";
          default -> key.getAlgorithm();
        };
    byte[] sample = {1, 2, 3, 4};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(sample);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(sample);
      return verifying.verify(signature);
    } catch (GeneralSecurityException e) {
      // Of different algorithms, or of one that is not known here.
      return false;
    }
  }

  /**
   * Returns the certificate and those that it is signed by.
   *
   * @return the own certificate first; not empty
   */
  public List<X509Certificate> chain() {
    return chain;
  }

  /**
   * Returns the private key.
   *
   * @return the key
   */
  public PrivateKey privateKey() {
    return key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TlsIdentity that
        && chain.equals(that.chain)
        && Arrays.equals(key.getEncoded(), that.key.getEncoded());
  }

  @Override
  public int hashCode() {
    return chain.hashCode();
  }

  /** Names whom the certificate is for, and nothing of the key. */
  @Override
  public String toString() {
    return "TLS identity of " + chain.get(0).getSubjectX500Principal().getName();
  }
}
