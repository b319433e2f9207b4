package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.TlsIdentity;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the certificate that belongs to the name which a client asks for.
 *
 * <p>The one who shakes hands asks for an alias first, and then for its key and its chain. Rules
 * may change in between, so an alias stands for one choice, and what was chosen is kept as long as
 * somebody holds the alias.
 *
 * <p>Thread-safe.
 */
final class ServerKeys extends X509ExtendedKeyManager {

  /** What is shown. */
  private record Chosen(PrivateKey key, List<X509Certificate> chain) {}

  private final Function<@Nullable String, @Nullable TlsIdentity> identities;
  private final DefaultCertificate otherwise;
  private final AtomicLong choices = new AtomicLong();
  private final Map<String, Chosen> chosen = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Makes a key manager.
   *
   * @param identities what is shown for a name, null for a client that has none
   * @param otherwise what is shown where that is nothing
   */
  ServerKeys(
      Function<@Nullable String, @Nullable TlsIdentity> identities, DefaultCertificate otherwise) {
    this.identities = identities;
    this.otherwise = otherwise;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType, engine.getHandshakeSession());
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
  }

  private @Nullable String choose(String keyType, @Nullable SSLSession session) {
    TlsIdentity identity = identities.apply(serverName(session));
    Chosen shown =
        identity == null
            ? new Chosen(otherwise.key(), List.of(otherwise.certificate()))
            : new Chosen(identity.privateKey(), identity.chain());
    // A type may name the algorithm of the signature as well: EC_RSA.
    int end = keyType.indexOf('_');
    String algorithm = end < 0 ? keyType : keyType.substring(0, end);
    if (!shown.chain.get(0).getPublicKey().getAlgorithm().equals(algorithm)) {
      return null;
    }
    // A string of its own, so that nobody else keeps it.
    String alias = "ingress-" + choices.incrementAndGet();
    chosen.put(alias, shown);
    return alias;
  }

  /** Returns the name that a client has asked for, null if it has not. */
  static @Nullable String serverName(@Nullable SSLSession session) {
    if (session instanceof SniSession known) {
      return known.serverName();
    }
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName || name.getType() == 0) {
          return new String(name.getEncoded(), StandardCharsets.ISO_8859_1);
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Chosen shown = chosen.get(alias);
    return shown == null ? null : shown.key;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Chosen shown = chosen.get(alias);
    return shown == null ? null : shown.chain.toArray(new X509Certificate[0]);
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
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
