package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.servlet.IngressAttributes;
import io.github.ingress4j.servlet.IngressFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/**
 * Two applications in one embedded Tomcat, and a third one on a server elsewhere, behind the rules
 * of {@code hello-ingress.yaml}.
 *
 * <p>To run it, in the root of the repository:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=TomcatFilterExample
 *
 * curl -H 'Host: abc.sample.com' localhost:8080/pay/now
 *   # pay got /now by the rule /pay
 * curl -H 'Host: abc.sample.com' localhost:8080/greeting
 *   # hello got /greeting by the rule /
 * curl -H 'Host: xyz.sample.com' localhost:8080/pay
 *   # what listens on port 8081 says; if nothing does, 502
 * curl localhost:8080/
 *   # 404: no rule is for the host localhost
 * }</pre>
 */
public final class TomcatFilterExample {

  private TomcatFilterExample() {}

  /**
   * Serves on port 8080.
   *
   * @param args not used
   * @throws Exception if the server does not start
   */
  public static void main(String[] args) throws Exception {
    Path manifests = Path.of("examples/manifests/hello-ingress.yaml");
    start(manifests, "127.0.0.1:8081", 8080).getServer().await();
  }

  /**
   * Starts the server.
   *
   * @param manifests the rules
   * @param elsewhere where {@code java-svc} is, host and port
   * @param port the port, or 0 for any that is free
   */
  static Tomcat start(Path manifests, String elsewhere, int port)
      throws IOException, LifecycleException {
    IngressRouter router = IngressRouter.builder().manifests(manifests).build();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
    tomcat.setPort(port);
    tomcat.getConnector().setProperty("address", "127.0.0.1");

    // Tomcat chooses the application by the beginning of the path, before any filter is asked. So
    // every application has the filter: whichever is hit, the rules say who gets the request. In an
    // installed Tomcat the filter stands in conf/web.xml, which is part of all applications.
    for (String contextPath : List.of("", "/hello", "/pay")) {
      Context context = tomcat.addContext(contextPath, null);
      // Without this, Tomcat does not let one application dispatch to another.
      context.setCrossContext(true);
      Tomcat.addServlet(context, "application", new Application()).addMapping("/*");
      context.addServletContainerInitializer(
          (classes, servletContext) ->
              servletContext
                  .addFilter("ingress", filter(router, elsewhere))
                  .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*"),
          Set.of());
    }
    tomcat.start();
    return tomcat;
  }

  private static IngressFilter filter(IngressRouter router, String elsewhere) {
    return IngressFilter.builder()
        .router(router)
        .backend("default/helloworld-svc:8080", "context:/hello")
        .backend("default/nginx-svc:9080", "context:/pay")
        .backend("default/java-svc:9080", elsewhere)
        // Any other Service answers 503, and a request that no rule takes 404.
        .mode(IngressFilter.Mode.FORWARD)
        .unmatched(IngressFilter.Unmatched.NOT_FOUND)
        .build();
  }

  /** Stands for an application. It need not know of the filter; this one shows what it could. */
  private static final class Application extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/plain;charset=utf-8");
      response
          .getWriter()
          .printf(
              "%s got %s by the rule %s%n",
              getServletContext().getContextPath().replace("/", ""),
              request.getPathInfo(),
              request.getAttribute(IngressAttributes.RULE_PATH));
    }
  }
}
