package io.github.ingress4j.servlet;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionBindingEvent;
import javax.net.ssl.SSLSessionBindingListener;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * The session of one connection, with the name that was asked for on this connection.
 *
 * <p>The Servlet API has no word for that name, but every container shows the id of the session. So
 * the id is the session's own followed by the name, the length of the name, and a mark; no table
 * has to remember which connection is which. Values are kept for the connection, too: some
 * containers keep there what they show of it.
 *
 * <p>Thread-safe.
 */
final class SniSession extends ExtendedSSLSession {

  private static final byte[] MARK = "\0i4j-sni".getBytes(StandardCharsets.US_ASCII);

  private final SSLSession session;
  private final @Nullable String serverName;
  private final Map<String, Object> values = new ConcurrentHashMap<>();

  SniSession(SSLSession session, @Nullable String serverName) {
    this.session = session;
    this.serverName = serverName;
  }

  /** Whether this is about a given session. */
  boolean isOf(SSLSession other) {
    return session == other;
  }

  /** Returns the name that was asked for, null if there was none. */
  @Nullable String serverName() {
    return serverName;
  }

  /** Returns the name that an id holds, null if it is not of this making or if there is no name. */
  static @Nullable String serverName(byte[] id) {
    int mark = id.length - MARK.length;
    if (mark < 1 || !Arrays.equals(id, mark, id.length, MARK, 0, MARK.length)) {
      return null;
    }
    int length = id[mark - 1] & 0xFF;
    int start = mark - 1 - length;
    return length == 0 || start < 0
        ? null
        : new String(id, start, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public byte[] getId() {
    byte[] id = session.getId();
    byte[] name =
        serverName == null ? new byte[0] : serverName.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(id, id.length + name.length + 1 + MARK.length);
    System.arraycopy(name, 0, all, id.length, name.length);
    all[id.length + name.length] = (byte) name.length;
    System.arraycopy(MARK, 0, all, all.length - MARK.length, MARK.length);
    return all;
  }

  @Override
  public List<SNIServerName> getRequestedServerNames() {
    if (serverName == null) {
      return List.of();
    }
    try {
      return List.of(new SNIHostName(serverName.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IllegalArgumentException e) {
      // The handshake fails for the same reason.
      return List.of();
    }
  }

  @Override
  public String[] getLocalSupportedSignatureAlgorithms() {
    return session instanceof ExtendedSSLSession extended
        ? extended.getLocalSupportedSignatureAlgorithms()
        : new String[0];
  }

  @Override
  public String[] getPeerSupportedSignatureAlgorithms() {
    return session instanceof ExtendedSSLSession extended
        ? extended.getPeerSupportedSignatureAlgorithms()
        : new String[0];
  }

  @Override
  public List<byte[]> getStatusResponses() {
    return session instanceof ExtendedSSLSession extended
        ? extended.getStatusResponses()
        : List.of();
  }

  @Override
  public void putValue(String name, Object value) {
    Object old = values.put(name, value);
    if (old instanceof SSLSessionBindingListener listener) {
      listener.valueUnbound(new SSLSessionBindingEvent(this, name));
    }
    if (value instanceof SSLSessionBindingListener listener) {
      listener.valueBound(new SSLSessionBindingEvent(this, name));
    }
  }

  @Override
  public @Nullable Object getValue(String name) {
    return values.get(name);
  }

  @Override
  public void removeValue(String name) {
    if (values.remove(name) instanceof SSLSessionBindingListener listener) {
      listener.valueUnbound(new SSLSessionBindingEvent(this, name));
    }
  }

  @Override
  public String[] getValueNames() {
    return values.keySet().toArray(new String[0]);
  }

  @Override
  public @Nullable SSLSessionContext getSessionContext() {
    return session.getSessionContext();
  }

  @Override
  public long getCreationTime() {
    return session.getCreationTime();
  }

  @Override
  public long getLastAccessedTime() {
    return session.getLastAccessedTime();
  }

  @Override
  public void invalidate() {
    session.invalidate();
  }

  @Override
  public boolean isValid() {
    return session.isValid();
  }

  @Override
  public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
    return session.getPeerCertificates();
  }

  @Override
  public Certificate @Nullable [] getLocalCertificates() {
    return session.getLocalCertificates();
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    return session.getPeerPrincipal();
  }

  @Override
  public @Nullable Principal getLocalPrincipal() {
    return session.getLocalPrincipal();
  }

  @Override
  public String getCipherSuite() {
    return session.getCipherSuite();
  }

  @Override
  public String getProtocol() {
    return session.getProtocol();
  }

  @Override
  public @Nullable String getPeerHost() {
    return session.getPeerHost();
  }

  @Override
  public int getPeerPort() {
    return session.getPeerPort();
  }

  @Override
  public int getPacketBufferSize() {
    return session.getPacketBufferSize();
  }

  @Override
  public int getApplicationBufferSize() {
    return session.getApplicationBufferSize();
  }
}
