package io.github.ingress4j.servlet;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes every certificate that a client proves to own. Who signed it, until when, and for whom is
 * decided for each request by the rules of its host, which answer in HTTP.
 *
 * <p>For servers only: no server is trusted. Immutable and thread-safe.
 */
final class AnyOwner extends X509ExtendedTrustManager {

  private final List<X509Certificate> named;

  /** Names some authorities, so that a client can choose among its certificates. */
  AnyOwner(List<X509Certificate> named) {
    this.named = List.copyOf(named);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return named.toArray(new X509Certificate[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is the server's side");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }
}
