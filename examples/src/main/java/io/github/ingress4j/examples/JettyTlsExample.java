package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.servlet.IngressProxyServlet;
import io.github.ingress4j.servlet.IngressTls;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A gateway in an embedded Jetty that speaks TLS with the certificates of Secrets.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=JettyTlsExample
 *
 * curl -k --connect-to ::localhost:8443 https://abc.sample.com/pay
 * }</pre>
 *
 * <p>The manifest names no Secret, so the certificate is one that is signed by itself; with a
 * {@code tls} section and its Secret in the input it is that of the Secret.
 */
public final class JettyTlsExample {

  private JettyTlsExample() {}

  /**
   * Serves on port 8443.
   *
   * @param args not used
   * @throws Exception if the server does not start
   */
  public static void main(String[] args) throws Exception {
    IngressRouter rules =
        IngressRouter.builder().manifests(Path.of("examples/manifests/hello-ingress.yaml")).build();
    start(LiveRouter.of(rules), Map.of("default/nginx-svc:9080", "127.0.0.1:8081"), 8443).join();
  }

  /**
   * Starts the gateway.
   *
   * @param router the rules; whoever replaces them replaces the certificates
   * @param backends the back ends that are elsewhere than the manifests say
   * @param port the port, or 0 for any that is free
   */
  static Server start(LiveRouter router, Map<String, String> backends, int port) throws Exception {
    IngressProxyServlet.Builder gateway = IngressProxyServlet.builder().router(router);
    backends.forEach(gateway::backend);

    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setUriCompliance(
        UriCompliance.UNSAFE.without("GATEWAY", UriCompliance.Violation.FRAGMENT));
    SecureRequestCustomizer secure = new SecureRequestCustomizer();
    // Jetty would answer 400 to every Host that the certificate does not name. The router knows
    // which hosts may come over which connection, and answers 421 to the others.
    secure.setSniHostCheck(false);
    http.addCustomizer(secure);

    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(IngressTls.of(router).sslContext());
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, tls, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);

    ServletContextHandler context = new ServletContextHandler("/");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addServlet(new ServletHolder("ingress", gateway.build()), "/*");
    server.setHandler(context);
    server.start();
    return server;
  }
}
