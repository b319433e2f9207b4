package io.github.ingress4j.examples;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.LiveRouter;
import io.github.ingress4j.servlet.IngressProxyServlet;
import io.github.ingress4j.servlet.IngressTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLContext;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/**
 * A gateway in an embedded Tomcat that speaks TLS with the certificates of Secrets.
 *
 * <p>To run it, in the root of the repository, with something that listens on port 8081:
 *
 * <pre>{@code
 * mvn -q -Pquick -pl examples -am package -Dexample=TomcatTlsExample
 *
 * curl -k --connect-to ::localhost:8443 https://abc.sample.com/pay
 * }</pre>
 */
public final class TomcatTlsExample {

  private TomcatTlsExample() {}

  /**
   * Serves on port 8443.
   *
   * @param args not used
   * @throws Exception if the server does not start
   */
  public static void main(String[] args) throws Exception {
    IngressRouter rules =
        IngressRouter.builder().manifests(Path.of("examples/manifests/hello-ingress.yaml")).build();
    Map<String, String> backends = Map.of("default/nginx-svc:9080", "127.0.0.1:8081");
    start(LiveRouter.of(rules), backends, 8443).getServer().await();
  }

  /**
   * Starts the gateway.
   *
   * @param router the rules; whoever replaces them replaces the certificates
   * @param backends the back ends that are elsewhere than the manifests say
   * @param port the port, or 0 for any that is free
   */
  static Tomcat start(LiveRouter router, Map<String, String> backends, int port)
      throws IOException, LifecycleException {
    IngressProxyServlet.Builder gateway = IngressProxyServlet.builder().router(router);
    backends.forEach(gateway::backend);

    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
    tomcat.setPort(port);
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setEncodedSolidusHandling("passthrough");
    connector.setScheme("https");
    connector.setSecure(true);
    connector.setProperty("SSLEnabled", "true");
    // One for all names: which certificate is shown is not Tomcat's to choose.
    SSLHostConfig all = new SSLHostConfig();
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(all, SSLHostConfigCertificate.Type.UNDEFINED);
    certificate.setSslContext(new TlsByRules(IngressTls.of(router).sslContext()));
    all.addCertificate(certificate);
    connector.addSslHostConfig(all);

    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "ingress", gateway.build()).addMapping("/*");
    tomcat.start();
    return tomcat;
  }

  /** The context as Tomcat wants it. Its certificates and authorities are not known in advance. */
  private record TlsByRules(javax.net.ssl.SSLContext context) implements SSLContext {

    @Override
    public void init(KeyManager[] managers, TrustManager[] trust, SecureRandom random) {}

    @Override
    public void destroy() {}

    @Override
    public SSLSessionContext getServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    public SSLEngine createSSLEngine() {
      return context.createSSLEngine();
    }

    @Override
    public SSLServerSocketFactory getServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    public SSLParameters getSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[0];
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
