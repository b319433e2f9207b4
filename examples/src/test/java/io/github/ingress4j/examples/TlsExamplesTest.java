package io.github.ingress4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.undertow.Undertow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsExamplesTest {

  private final LiveRouter router =
      LiveRouter.of(
          IngressRouter.builder().manifests(Path.of("manifests/hello-ingress.yaml")).build());
  private HttpServer backEnd;
  private Map<String, String> backends;

  @BeforeEach
  void start() throws Exception {
    backEnd = Wire.echo("nginx-svc");
    backends = Map.of("default/nginx-svc:9080", "127.0.0.1:" + backEnd.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    backEnd.stop(0);
  }

  @Test
  void tomcatServesOverTls() throws Exception {
    Tomcat tomcat = TomcatTlsExample.start(router, backends, 0);
    try {
      servesOverTls(tomcat.getConnector().getLocalPort());
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  @Test
  void jettyServesOverTls() throws Exception {
    Server server = JettyTlsExample.start(router, backends, 0);
    try {
      servesOverTls(server.getURI().getPort());
    } finally {
      server.stop();
    }
  }

  @Test
  void undertowServesOverTls() throws Exception {
    Undertow server = UndertowTlsExample.start(router, backends, 0);
    try {
      servesOverTls(((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
    } finally {
      server.stop();
    }
  }

  private static void servesOverTls(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("abc.sample.com")));
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              "GET /pay HTTP/1.1\r\nHost: abc.sample.com\r\nConnection: close\r\n\r\n"
                  .getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith("HTTP/1.1 200")
          .contains("nginx-svc GET /pay", "X-forwarded-proto: https");
      assertThat(socket.getSession().getPeerPrincipal().getName())
          .isEqualTo("CN=ingress4j default certificate");
    }
  }

  /** Believes every server: the examples have no certificate that anybody has signed. */
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
