package io.github.ingress4j.servlet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks for any name, believes every server, and shows one certificate or none. It
 * remembers whether it was asked for one, and resumes sessions as the JDK does.
 */
final class RawTlsClient {

  private final SSLContext context;
  final List<List<String>> askedFor = new CopyOnWriteArrayList<>();
  String[] protocols = {"TLSv1.3", "TLSv1.2"};

  RawTlsClient(TestAuthority.@Nullable Signed own) throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new OneCertificate(own)}, new TrustManager[] {new Credulous()}, null);
  }

  /** A client without a certificate. */
  static RawTlsClient anonymous() throws GeneralSecurityException {
    return new RawTlsClient(null);
  }

  /** What it believes and shows, for other clients. */
  SSLContext context() {
    return context;
  }

  RawTlsClient speaking(String protocol) {
    protocols = new String[] {protocol};
    return this;
  }

  /** Opens a connection and shakes hands. */
  SSLSocket connect(int port, @Nullable String name) throws IOException {
    Socket plain = RawReply.connect(port);
    // The JDK keeps sessions by the host that is named here, and asks again for the name of before.
    String host = name == null ? "gateway.test" : name;
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(protocols);
    parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  /** The certificate that is shown for a name. */
  X509Certificate shown(int port, @Nullable String name) throws IOException {
    try (SSLSocket socket = connect(port, name)) {
      return certificate(socket);
    }
  }

  static X509Certificate certificate(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** Asks for a page of a host on a fresh connection for a name. */
  RawReply get(int port, @Nullable String name, String host, String... headerLines)
      throws IOException {
    try (SSLSocket socket = connect(port, name)) {
      return get(socket, host, headerLines);
    }
  }

  static RawReply get(SSLSocket socket, String host, String... headerLines) throws IOException {
    StringBuilder request = new StringBuilder("GET /page HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String line : headerLines) {
      request.append(line).append("\r\n");
    }
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return RawReply.read(socket, false);
  }

  private final class OneCertificate extends X509ExtendedKeyManager {

    private final TestAuthority.@Nullable Signed own;

    OneCertificate(TestAuthority.@Nullable Signed own) {
      this.own = own;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      askedFor.add(
          issuers == null ? List.of() : List.of(issuers).stream().map(Principal::getName).toList());
      return own == null ? null : "own";
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return own == null ? null : new X509Certificate[] {own.certificate()};
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return own == null ? null : own.keys().getPrivate();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  private static final class Credulous extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
