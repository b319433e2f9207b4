package io.github.ingress4j.servlet;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One side of a TLS connection, the server's, that becomes what it has to be when it is known whom
 * the client wants to speak to.
 *
 * <pre>
 *   container ──configures──► first engine
 *       │ first bytes             │
 *       └────► name ──► site ──► the same engine, or one of another context with the same settings
 *                                 └──► handshake
 * </pre>
 *
 * <p>The JDK settles whether a client is asked for a certificate before it reads a byte, so the
 * name has to be found in the bytes beforehand. They are not consumed: until the whole first
 * message is there, the container is told that it is too short. What is remembered of a session by
 * the JDK is the name of the connection that began it, even if it is taken up again under another
 * one; therefore the name that was read here is the one that counts.
 *
 * <p>As thread-safe as an engine of the JDK: one thread at a time wraps, one unwraps.
 */
final class SniEngine extends SSLEngine {

  /** A client that sends so much before it has said hello does not want to say it. */
  private static final int MAX_HELLO = 16 * 1024;

  /** Chooses the engine for a name; the first one may be its own choice. */
  interface Choice {
    SSLEngine engine(@Nullable String serverName, SSLEngine first);
  }

  private final Choice choice;
  private volatile SSLEngine engine;
  private volatile boolean isChosen;
  private volatile boolean isBegun;
  private volatile boolean isEstablished;
  private volatile boolean isRenegotiationWanted;
  private volatile @Nullable String serverName;
  private volatile @Nullable SniSession session;
  private @Nullable BiFunction<SSLEngine, List<String>, String> protocolSelector;

  /** Makes an engine that nobody has said anything to. */
  SniEngine(SSLEngine first, Choice choice) {
    super(first.getPeerHost(), first.getPeerPort());
    this.engine = first;
    this.choice = choice;
    first.setUseClientMode(false);
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length)
      throws SSLException {
    if (!isChosen) {
      isBegun = true;
      ClientHello hello = ClientHello.read(src);
      if (!hello.isComplete()) {
        if (src.remaining() >= MAX_HELLO) {
          throw new SSLHandshakeException("the first message of the client is too long");
        }
        return new SSLEngineResult(Status.BUFFER_UNDERFLOW, HandshakeStatus.NEED_UNWRAP, 0, 0);
      }
      choose(hello.serverName());
    }
    return checked(engine.unwrap(src, dsts, offset, length));
  }

  private void choose(@Nullable String name) throws SSLException {
    SSLEngine first = engine;
    SSLEngine chosen = choice.engine(name, first);
    if (chosen != first) {
      SSLParameters settings = first.getSSLParameters();
      boolean isNeeded = chosen.getNeedClientAuth() || settings.getNeedClientAuth();
      boolean isWanted = chosen.getWantClientAuth() || settings.getWantClientAuth();
      chosen.setUseClientMode(false);
      if (chosen.getSSLParameters().getSNIMatchers() != null) {
        settings.setSNIMatchers(chosen.getSSLParameters().getSNIMatchers());
      }
      settings.setWantClientAuth(isWanted);
      if (isNeeded) {
        settings.setNeedClientAuth(true);
      }
      chosen.setSSLParameters(settings);
      chosen.setEnableSessionCreation(first.getEnableSessionCreation());
      chosen.setHandshakeApplicationProtocolSelector(toInner(protocolSelector));
    }
    serverName = name;
    engine = chosen;
    isChosen = true;
    chosen.beginHandshake();
  }

  /**
   * Notices the end of the handshake, and ends the connection of a client that begins another one:
   * all that is known of the connection is of the first.
   */
  private SSLEngineResult checked(SSLEngineResult result) throws SSLException {
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.FINISHED) {
      isEstablished = true;
      isRenegotiationWanted = false;
    } else if (status == HandshakeStatus.NEED_TASK && isEstablished && !isRenegotiationWanted) {
      engine.closeOutbound();
      throw new SSLHandshakeException("a client must not begin a second handshake");
    }
    return result;
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst)
      throws SSLException {
    if (!isChosen) {
      isBegun = true;
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
    }
    return checked(engine.wrap(srcs, offset, length, dst));
  }

  @Override
  public void beginHandshake() throws SSLException {
    if (isChosen) {
      isRenegotiationWanted = isEstablished;
      engine.beginHandshake();
    } else {
      isBegun = true;
    }
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    return isBegun && !isChosen ? HandshakeStatus.NEED_UNWRAP : engine.getHandshakeStatus();
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    return engine.getDelegatedTask();
  }

  @Override
  public void closeInbound() throws SSLException {
    isChosen = true;
    engine.closeInbound();
  }

  @Override
  public boolean isInboundDone() {
    return engine.isInboundDone();
  }

  @Override
  public void closeOutbound() {
    isChosen = true;
    engine.closeOutbound();
  }

  @Override
  public boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  @Override
  public SSLSession getSession() {
    SSLSession inner = engine.getSession();
    SniSession known = session;
    if (known == null || !known.isOf(inner)) {
      known = new SniSession(inner, serverName);
      session = known;
    }
    return known;
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    SSLSession inner = engine.getHandshakeSession();
    return inner == null ? null : new SniSession(inner, serverName);
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public void setUseClientMode(boolean mode) {
    if (mode) {
      throw new IllegalArgumentException("this engine is one for servers");
    }
  }

  @Override
  public boolean getUseClientMode() {
    return false;
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean flag) {
    engine.setEnableSessionCreation(flag);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters params) {
    engine.setSSLParameters(params);
  }

  @Override
  public @Nullable String getApplicationProtocol() {
    return engine.getApplicationProtocol();
  }

  @Override
  public @Nullable String getHandshakeApplicationProtocol() {
    return engine.getHandshakeApplicationProtocol();
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      @Nullable BiFunction<SSLEngine, List<String>, String> selector) {
    protocolSelector = selector;
    engine.setHandshakeApplicationProtocolSelector(toInner(selector));
  }

  private @Nullable BiFunction<SSLEngine, List<String>, String> toInner(
      @Nullable BiFunction<SSLEngine, List<String>, String> selector) {
    return selector == null ? null : (inner, protocols) -> selector.apply(this, protocols);
  }

  @Override
  public @Nullable BiFunction<SSLEngine, List<String>, String>
      getHandshakeApplicationProtocolSelector() {
    return protocolSelector;
  }
}
