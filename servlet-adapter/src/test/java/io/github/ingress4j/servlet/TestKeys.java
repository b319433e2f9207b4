package io.github.ingress4j.servlet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ingress4j.policy.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates that are made for one run of the tests: an authority {@code root}; signed
 * by it {@code server} and {@code client}, and the authority {@code middle}; signed by that one
 * {@code deep}; and {@code stranger}, signed by nobody else.
 */
final class TestKeys {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String NAMES =
      "san=dns:back.test,dns:web.default.svc,dns:secure.default.svc,dns:localhost";

  private static @Nullable TestKeys shared;

  private final Path file;
  private final KeyStore store;
  private final Path directory;

  /** Returns the keys of this run. */
  static synchronized TestKeys shared() throws Exception {
    TestKeys keys = shared;
    if (keys == null) {
      keys = new TestKeys(Files.createTempDirectory("keys"));
      shared = keys;
    }
    return keys;
  }

  private TestKeys(Path directory) throws Exception {
    this.directory = directory;
    file = directory.resolve("keys.p12");
    make("root", null, "bc:c");
    make("server", "root", NAMES, "eku=serverAuth");
    make("client", "root", "eku=clientAuth");
    make("middle", "root", "bc:c");
    make("deep", "middle", NAMES);
    make("stranger", null, NAMES);
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
  }

  private void make(String alias, @Nullable String signer, String... extensions) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias));
    for (String extension : extensions) {
      command.addAll(List.of("-ext", extension));
    }
    if (signer != null) {
      command.addAll(List.of("-signer", signer));
    }
    keytool(command);
  }

  private void keytool(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.add("-J-XX:TieredStopAtLevel=1");
    command.addAll(arguments);
    command.addAll(List.of("-keystore", file.toString(), "-storepass", "changeit"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(said);
    }
  }

  X509Certificate certificate(String alias) throws Exception {
    return (X509Certificate) store.getCertificate(alias);
  }

  /** A list of the root that says that the certificate of an alias is revoked. */
  X509CRL revoking(String alias) throws Exception {
    Path list = directory.resolve(alias + ".crl");
    keytool(
        List.of(
            "-gencrl",
            "-alias",
            "root",
            "-id",
            certificate(alias).getSerialNumber().toString(),
            "-file",
            list.toString()));
    try (InputStream in = Files.newInputStream(list)) {
      return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
    }
  }

  TlsIdentity identity(String alias) throws Exception {
    StringBuilder chain = new StringBuilder();
    for (Certificate certificate : store.getCertificateChain(alias)) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return TlsIdentity.parse(
                chain.toString().getBytes(US_ASCII),
                pem("PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded()).getBytes(US_ASCII))
            instanceof TlsIdentity.Parsed parsed
        ? parsed.identity()
        : fail();
  }

  private static TlsIdentity fail() {
    throw new IllegalStateException("the identity cannot be read");
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

  /** A context that trusts the root and nobody else. */
  SSLContext trust() throws Exception {
    return context(null);
  }

  private SSLContext context(@Nullable KeyManager own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("root", certificate("root"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own == null ? null : new KeyManager[] {own}, trust.getTrustManagers(), null);
    return context;
  }

  /**
   * Listens with the key of an alias.
   *
   * @param sni the only name under which that key is shown, or null for every one; under others the
   *     stranger's is
   */
  SSLServerSocket listen(String alias, @Nullable String sni) throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            context(new ByName(alias, sni))
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return socket;
  }

  private final class ByName extends X509ExtendedKeyManager {

    private final String alias;
    private final @Nullable String sni;

    ByName(String alias, @Nullable String sni) {
      this.alias = alias;
      this.sni = sni;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      if (!keyType.startsWith("EC")) {
        return null;
      }
      boolean isAsked =
          socket instanceof SSLSocket tls
              && tls.getHandshakeSession() instanceof ExtendedSSLSession session
              && session.getRequestedServerNames().stream()
                  .anyMatch(
                      name -> name instanceof SNIHostName host && host.getAsciiName().equals(sni));
      return sni == null || isAsked ? alias : "stranger";
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
      try {
        Certificate[] chain = store.getCertificateChain(name);
        X509Certificate[] own = new X509Certificate[chain.length];
        System.arraycopy(chain, 0, own, 0, chain.length);
        return own;
      } catch (java.security.KeyStoreException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
      try {
        return (PrivateKey) store.getKey(name, PASSWORD);
      } catch (java.security.GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
