package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.servlet.IngressProxyServlet;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A gateway in an embedded Jetty, by the rules of {@code shop.yaml}.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=JettyGatewayExample
 *
 * curl -H 'Host: www.shop.example' localhost:8080/sofas
 *   # what listens on port 8081 says
 * curl -H 'Host: www.shop.example' localhost:8080/cart
 *   # sent to 10.1.0.21:3000, as the EndpointSlice says; if you have no such machine, 502 or 504
 * curl -H 'Host: api.shop.example' localhost:8080/returns
 *   # 503: the only endpoint is not ready
 * curl -H 'Host: api.shop.example' localhost:8080/orders%2Farchive
 *   # 400, and why: some servers read this as /orders/archive
 * }</pre>
 *
 * <p>Where the addresses of the pods can be reached, as in a cluster, no back end needs to be
 * mapped.
 */
public final class JettyGatewayExample {

  private JettyGatewayExample() {}

  /**
   * Serves on port 8080.
   *
   * @param args not used
   * @throws Exception if the server does not start
   */
  public static void main(String[] args) throws Exception {
    Path manifests = Path.of("examples/manifests/shop.yaml");
    start(manifests, Map.of("shop/storefront:http", "127.0.0.1:8081"), 8080).join();
  }

  /**
   * Starts the gateway.
   *
   * @param manifests the rules
   * @param backends the back ends that are elsewhere than the manifests say
   * @param port the port, or 0 for any that is free
   */
  static Server start(Path manifests, Map<String, String> backends, int port) throws Exception {
    IngressRouter router =
        IngressRouter.builder().manifests(manifests).ingressClass("shop-gateway").build();
    IngressProxyServlet.Builder gateway = IngressProxyServlet.builder().router(router);
    backends.forEach(gateway::backend);

    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // By itself, Jetty answers 400 to every path that it finds ambiguous, such as /a%2Fb, and the
    // rules are not asked. Opened like this, it hands all of them to the router, which lets those
    // pass that every server would route alike, and says what is wrong with the others. Do this
    // only where all servlets are behind the router. A fragment stays refused, because Jetty would
    // cut it off before the router could see it.
    http.setUriCompliance(
        UriCompliance.UNSAFE.without("GATEWAY", UriCompliance.Violation.FRAGMENT));
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);

    ServletContextHandler context = new ServletContextHandler("/");
    // The second lock on the same door: else the Servlet API throws when asked for such a path.
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    context.addServlet(new ServletHolder("ingress", gateway.build()), "/*");
    server.setHandler(context);
    server.start();
    return server;
  }
}
