package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.TlsServer;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engines of a server whose hosts ask for different client certificates.
 *
 * <p>A context of the JDK names one list of authorities and resumes every session that it has
 * begun. Hosts that ask nobody share one. A connection that has to ask gets a context of its own,
 * which costs less than the handshake by far: nobody comes in by a session of before, when the host
 * may have asked for something else, or for nothing.
 *
 * <p>Thread-safe.
 */
final class SniContext extends SSLContextSpi {

  private static final SNIMatcher NOBODY =
      new SNIMatcher(0) {
        @Override
        public boolean matches(SNIServerName name) {
          return false;
        }
      };

  /** A context that is made of parts of another kind than its provider knows. */
  private static final class Made extends SSLContext {
    Made(SniContext spi) {
      super(spi, spi.first.getProvider(), spi.first.getProtocol());
    }
  }

  private final Function<@Nullable String, TlsServer> servers;
  private final ServerKeys keys;
  private final boolean rejectsUnknownNames;
  private final SSLContext first;

  private SniContext(
      Function<@Nullable String, TlsServer> servers, ServerKeys keys, boolean rejectsUnknownNames) {
    this.servers = servers;
    this.keys = keys;
    this.rejectsUnknownNames = rejectsUnknownNames;
    this.first = context(keys, List.of());
  }

  static SSLContext make(
      Function<@Nullable String, TlsServer> servers, ServerKeys keys, boolean rejectsUnknownNames) {
    return new Made(new SniContext(servers, keys, rejectsUnknownNames));
  }

  private static SSLContext context(@Nullable ServerKeys keys, List<X509Certificate> authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? new KeyManager[0] : new KeyManager[] {keys},
          new TrustManager[] {new AnyOwner(authorities)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS, which every JVM must", e);
    }
  }

  /** The engine for a client that asks for a name. */
  private SSLEngine engine(@Nullable String serverName, SSLEngine plain) {
    TlsServer server = servers.apply(serverName);
    if (rejectsUnknownNames && !IngressTls.isNamed(server)) {
      return refusing(plain);
    }
    if (!server.asksForCertificate()) {
      return plain;
    }
    SSLEngine engine = another(context(keys, server.acceptedAuthorities()), plain);
    engine.setWantClientAuth(true);
    return engine;
  }

  /** An engine without a certificate: it tells the client that there is no such name. */
  private static SSLEngine refusing(SSLEngine plain) {
    SSLEngine engine = another(context(null, List.of()), plain);
    SSLParameters settings = engine.getSSLParameters();
    settings.setSNIMatchers(List.of(NOBODY));
    engine.setSSLParameters(settings);
    return engine;
  }

  private static SSLEngine another(SSLContext context, SSLEngine plain) {
    return context.createSSLEngine(plain.getPeerHost(), plain.getPeerPort());
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return new SniEngine(first.createSSLEngine(), this::engine);
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return new SniEngine(first.createSSLEngine(host, port), this::engine);
  }

  @Override
  protected void engineInit(
      KeyManager @Nullable [] managers,
      TrustManager @Nullable [] trust,
      @Nullable SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("this context is complete");
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    throw new UnsupportedOperationException("this context makes engines only");
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    throw new UnsupportedOperationException("this context makes engines only");
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return first.getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return first.getClientSessionContext();
  }

  @Override
  protected SSLParameters engineGetDefaultSSLParameters() {
    return first.getDefaultSSLParameters();
  }

  @Override
  protected SSLParameters engineGetSupportedSSLParameters() {
    return first.getSupportedSSLParameters();
  }
}
