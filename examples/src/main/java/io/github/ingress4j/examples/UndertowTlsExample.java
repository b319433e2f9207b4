package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.servlet.IngressProxyServlet;
import io.github.ingress4j.servlet.IngressTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A gateway in an embedded Undertow that speaks TLS with the certificates of Secrets.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=UndertowTlsExample
 *
 * curl -k --connect-to ::localhost:8443 https://abc.sample.com/pay
 * }</pre>
 */
public final class UndertowTlsExample {

  private UndertowTlsExample() {}

  /**
   * Serves on port 8443.
   *
   * @param args not used
   * @throws Exception if the server does not start
   */
  public static void main(String[] args) throws Exception {
    IngressRouter rules =
        IngressRouter.builder().manifests(Path.of("examples/manifests/hello-ingress.yaml")).build();
    start(LiveRouter.of(rules), Map.of("default/nginx-svc:9080", "127.0.0.1:8081"), 8443);
  }

  /**
   * Starts the gateway.
   *
   * @param router the rules; whoever replaces them replaces the certificates
   * @param backends the back ends that are elsewhere than the manifests say
   * @param port the port, or 0 for any that is free
   */
  static Undertow start(LiveRouter router, Map<String, String> backends, int port)
      throws ServletException {
    IngressProxyServlet.Builder gateway = IngressProxyServlet.builder().router(router);
    backends.forEach(gateway::backend);

    DeploymentInfo application =
        Servlets.deployment()
            .setClassLoader(UndertowTlsExample.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("ingress")
            .addServlet(
                Servlets.servlet(
                        "ingress",
                        IngressProxyServlet.class,
                        new ImmediateInstanceFactory<>(gateway.build()))
                    .addMapping("/*")
                    .setAsyncSupported(true)
                    .setLoadOnStartup(0));
    DeploymentManager deployment = Servlets.newContainer().addDeployment(application);
    deployment.deploy();
    Undertow server =
        Undertow.builder()
            .addHttpsListener(port, "127.0.0.1", IngressTls.of(router).sslContext())
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, 30_000)
            .setHandler(deployment.start())
            .build();
    server.start();
    return server;
  }
}
