package io.github.ingress4j.servlet;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is begun with a back end: what it is shown, and what it must show. Connections are shared
 * by those with the same {@link #id} only.
 *
 * <p>Immutable and thread-safe.
 */
final class TlsClient {

  private final String id;
  private final @Nullable SSLSocketFactory sockets;
  private final String peerName;
  private final @Nullable List<SNIServerName> serverNames;
  private final boolean identifiesPeer;
  private final String[] protocols;
  private final String[] cipherSuites;
  private final @Nullable String fault;

  private TlsClient(
      String id,
      @Nullable SSLSocketFactory sockets,
      String peerName,
      @Nullable List<SNIServerName> serverNames,
      boolean identifiesPeer,
      String[] protocols,
      String[] cipherSuites,
      @Nullable String fault) {
    this.id = id;
    this.sockets = sockets;
    this.peerName = peerName;
    this.serverNames = serverNames;
    this.identifiesPeer = identifiesPeer;
    this.protocols = protocols;
    this.cipherSuites = cipherSuites;
    this.fault = fault;
  }

  /** Speaks to whoever proves to have a name, as the JVM does by itself. */
  static TlsClient named(String name, SSLSocketFactory sockets) {
    return new TlsClient(name, sockets, name, null, true, new String[0], new String[0], null);
  }

  /**
   * Speaks as settings say; whom to trust is up to the factory.
   *
   * @param serverNames the names to send, which may be none
   * @param protocols the versions to offer; empty for those of the JVM
   * @param cipherSuites the suites to offer; empty for those of the JVM
   */
  static TlsClient of(
      String id,
      SSLSocketFactory sockets,
      String peerName,
      List<SNIServerName> serverNames,
      String[] protocols,
      String[] cipherSuites) {
    return new TlsClient(id, sockets, peerName, serverNames, false, protocols, cipherSuites, null);
  }

  /** Speaks to nobody, because the settings cannot be met. */
  static TlsClient impossible(String id, String fault) {
    return new TlsClient(id, null, "", null, false, new String[0], new String[0], fault);
  }

  /** Names whose connections can be shared; no blanks. */
  String id() {
    return id;
  }

  /**
   * Puts TLS on a connection, before the handshake.
   *
   * @param applications the protocols inside TLS that the other side is to choose from; none to
   *     leave it unsaid
   * @throws IOException if the settings cannot be met
   */
  SSLSocket over(Socket raw, String... applications) throws IOException {
    if (sockets == null) {
      throw new SSLException(fault);
    }
    // With the connection, so that closing it never waits for what the other side says last.
    SSLSocket socket = (SSLSocket) sockets.createSocket(raw, peerName, raw.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    if (serverNames != null) {
      parameters.setServerNames(serverNames);
    }
    if (identifiesPeer) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    if (cipherSuites.length > 0) {
      parameters.setCipherSuites(cipherSuites);
    }
    parameters.setApplicationProtocols(applications);
    socket.setSSLParameters(parameters);
    return socket;
  }
}
