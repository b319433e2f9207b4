package io.github.ingress4j.policy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Certificates, revocation lists and private keys as PEM writes them: base 64 between two lines of
 * dashes. What stands outside the lines is a comment.
 *
 * <p>Messages of exceptions quote nothing of the text. Stateless. Sources: RFC 7468, RFC 5958, RFC
 * 8017 appendix A.1.2, RFC 5915.
 */
public final class Pem {

  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  /** What a key's algorithm is called in PKCS #8: SEQUENCE of the identifier and NULL. */
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  /** The object identifier of keys on elliptic curves. */
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int PARAMETERS = 0xA0;

  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");

  /** What stands between two lines of dashes. The bytes of a key are cleared after use. */
  private static final class Block {

    final String label;
    final byte[] der;

    Block(String label, byte[] der) {
      this.label = label;
      this.der = der;
    }
  }

  private Pem() {}

  /**
   * Reads certificates.
   *
   * @param text PEM
   * @return the certificates in their order; empty if there is none
   * @throws GeneralSecurityException if one cannot be read
   */
  public static List<X509Certificate> certificates(byte[] text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label.equals("CERTIFICATE")
          || block.label.equals("X509 CERTIFICATE")
          || block.label.equals("TRUSTED CERTIFICATE")) {
        try {
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
        } catch (CertificateException e) {
          throw new CertificateException(
              "number " + (certificates.size() + 1) + " is no certificate that can be read", e);
        }
      }
    }
    return certificates;
  }

  /**
   * Reads lists of revoked certificates.
   *
   * @param text PEM
   * @return the lists in their order; empty if there is none
   * @throws GeneralSecurityException if one cannot be read
   */
  public static List<X509CRL> revocations(byte[] text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509CRL> lists = new ArrayList<>();
    for (Block block : blocks(text)) {
      if (block.label.equals("X509 CRL")) {
        try {
          lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block.der)));
        } catch (CRLException e) {
          throw new CRLException(
              "number " + (lists.size() + 1) + " is no list that can be read", e);
        }
      }
    }
    return lists;
  }

  /**
   * Reads the first private key.
   *
   * @param text PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted; the caller clears it after use
   * @return the key
   * @throws GeneralSecurityException if there is none, or it cannot be read
   */
  public static PrivateKey privateKey(byte[] text) throws GeneralSecurityException {
    for (Block block : blocks(text)) {
      byte[] pkcs8 =
          switch (block.label) {
            case "PRIVATE KEY" -> block.der;
            case "RSA PRIVATE KEY" -> wrapped(RSA, block.der);
            case "EC PRIVATE KEY" -> wrapped(curve(block.der), block.der);
            case "ENCRYPTED PRIVATE KEY" ->
                throw new InvalidKeySpecException("it is encrypted; store it without a password");
            default -> null;
          };
      if (pkcs8 != null) {
        try {
          return read(pkcs8);
        } finally {
          Arrays.fill(pkcs8, (byte) 0);
          Arrays.fill(block.der, (byte) 0);
        }
      }
    }
    throw new InvalidKeySpecException("there is no key in PEM");
  }

  private static PrivateKey read(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // Of another algorithm, or of none. The exception might quote the key.
      }
    }
    throw new InvalidKeySpecException("it is of no algorithm that is known here, or broken");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
  }

  /** The algorithm of a SEC 1 key: the curve is a part of it, which PKCS #8 puts outside. */
  private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
    Der key = new Der(sec1).into(SEQUENCE);
    key.skip();
    key.skip();
    while (key.hasMore()) {
      if (key.tag() == PARAMETERS) {
        return element(SEQUENCE, EC, key.content());
      }
      key.skip();
    }
    throw new InvalidKeySpecException("it does not name its curve");
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    for (byte[] part : parts) {
      out.write(part, 0, part.length);
    }
    return out.toByteArray();
  }

  private static List<Block> blocks(byte[] text) throws GeneralSecurityException {
    // One character a byte: base 64 and dashes are ASCII, and the rest is comment.
    String pem = new String(text, StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while ((at = pem.indexOf(BEGIN, at)) >= 0) {
      int labelStart = at + BEGIN.length();
      int labelEnd = pem.indexOf(DASHES, labelStart);
      String label = labelEnd < 0 ? null : pem.substring(labelStart, labelEnd);
      String endLine = "-----END " + label + DASHES;
      int end = label == null ? -1 : pem.indexOf(endLine, labelEnd);
      if (label == null || end < 0) {
        throw new InvalidKeySpecException("a block has no end");
      }
      blocks.add(new Block(label, decode(pem, labelEnd + DASHES.length(), end)));
      at = end + endLine.length();
    }
    return blocks;
  }

  private static byte[] decode(String pem, int start, int end) throws InvalidKeySpecException {
    int headers = pem.indexOf("Proc-Type:", start);
    if (headers >= 0 && headers < end) {
      throw new InvalidKeySpecException("it is encrypted; store it without a password");
    }
    try {
      return Base64.getMimeDecoder().decode(pem.substring(start, end));
    } catch (IllegalArgumentException e) {
      // The exception might quote the text.
      throw new InvalidKeySpecException("a block is not in base 64");
    }
  }

  /** Reads elements of DER one after the other. */
  private static final class Der {

    private final byte[] bytes;
    private int at;
    private final int end;

    Der(byte[] bytes) {
      this(bytes, 0, bytes.length);
    }

    private Der(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.at = start;
      this.end = end;
    }

    boolean hasMore() {
      return at < end;
    }

    int tag() {
      return bytes[at] & 0xFF;
    }

    Der into(int tag) throws InvalidKeySpecException {
      if (!hasMore() || tag() != tag) {
        throw broken();
      }
      int[] span = span();
      return new Der(bytes, span[0], span[1]);
    }

    byte[] content() throws InvalidKeySpecException {
      int[] span = span();
      at = span[1];
      return Arrays.copyOfRange(bytes, span[0], span[1]);
    }

    void skip() throws InvalidKeySpecException {
      at = span()[1];
    }

    /** Where the content of the element begins and ends. */
    private int[] span() throws InvalidKeySpecException {
      if (end - at < 2) {
        throw broken();
      }
      int length = bytes[at + 1] & 0xFF;
      int start = at + 2;
      if (length >= 0x80) {
        int count = length & 0x7F;
        if (count == 0 || count > 3 || end - start < count) {
          throw broken();
        }
        length = 0;
        for (int i = 0; i < count; i++) {
          length = (length << 8) | (bytes[start++] & 0xFF);
        }
      }
      if (length > end - start) {
        throw broken();
      }
      return new int[] {start, start + length};
    }

    private static InvalidKeySpecException broken() {
      return new InvalidKeySpecException("its encoding is broken");
    }
  }
}
