package io.github.ingress4j.servlet;

import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** Jetty 12.1, Jakarta EE 10. */
final class JettyContainer implements Container {

  private final Server server;
  private final ServerConnector connector;

  private JettyContainer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static Container start(Application application) throws Exception {
    return start(application, null);
  }

  /** Starts it so that it takes HTTP/2 from clients that know it. */
  static Container startHttp2(Application application) throws Exception {
    return start(application, null, true);
  }

  /** Starts it with TLS, if there is a context. */
  static Container start(Application application, @Nullable SSLContext tls) throws Exception {
    return start(application, tls, false);
  }

  private static Container start(
      Application application, @Nullable SSLContext tls, boolean speaksHttp2) throws Exception {
    Server server = new Server();
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Without this, Jetty answers 400 to every path that it calls ambiguous. A fragment would be
    // cut
    // off rather than handed over.
    http.setUriCompliance(
        UriCompliance.UNSAFE.without("GATEWAY", UriCompliance.Violation.FRAGMENT));
    http.setRequestHeaderSize(131_072);
    http.setResponseHeaderSize(131_072);
    ServerConnector connector;
    if (speaksHttp2) {
      connector =
          new ServerConnector(
              server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    } else if (tls == null) {
      connector = new ServerConnector(server, new HttpConnectionFactory(http));
    } else {
      SecureRequestCustomizer secure = new SecureRequestCustomizer();
      // The router knows which hosts may come over which connection.
      secure.setSniHostCheck(false);
      http.addCustomizer(secure);
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setSslContext(tls);
      connector = new ServerConnector(server, factory, new HttpConnectionFactory(http));
    }
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    // And without this, the Servlet API throws when somebody asks for the decoded path.
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addServletContainerInitializer(
        (classes, servletContext) -> application.accept(servletContext));
    server.setHandler(context);
    server.start();
    return new JettyContainer(server, connector);
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
