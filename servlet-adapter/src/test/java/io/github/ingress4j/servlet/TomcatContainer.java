package io.github.ingress4j.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/** Tomcat 10.1 and 11. */
final class TomcatContainer implements Container {

  private final Tomcat tomcat;
  private final Connector connector;

  private TomcatContainer(Tomcat tomcat, Connector connector) {
    this.tomcat = tomcat;
    this.connector = connector;
  }

  static Container start(Application application) throws Exception {
    return start(application, null);
  }

  /** Starts it with a few threads. */
  static Container start(Application application, int threads) throws Exception {
    return start(application, null, threads);
  }

  /** Starts it with TLS, if there is a context. */
  static Container start(Application application, @Nullable SSLContext tls) throws Exception {
    return start(application, tls, 200);
  }

  private static Container start(Application application, @Nullable SSLContext tls, int threads)
      throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
    tomcat.setPort(0);
    Connector connector = tomcat.getConnector();
    if (tls != null) {
      connector.setScheme("https");
      connector.setSecure(true);
      connector.setProperty("SSLEnabled", "true");
      SSLHostConfig config = new SSLHostConfig();
      SSLHostConfigCertificate certificate =
          new SSLHostConfigCertificate(config, SSLHostConfigCertificate.Type.UNDEFINED);
      certificate.setSslContext(new TomcatTls(tls));
      config.addCertificate(certificate);
      connector.addSslHostConfig(config);
    }
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxThreads", Integer.toString(threads));
    connector.setProperty("minSpareThreads", Integer.toString(Math.min(10, threads)));
    // Without these, Tomcat answers 400 to characters and escapes that the router judges itself.
    connector.setEncodedSolidusHandling("passthrough");
    connector.setProperty("relaxedPathChars", "\"<>[\\]^`{|}");
    connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}");
    connector.setProperty("maxHttpRequestHeaderSize", "131072");
    connector.setProperty("maxParameterCount", "1000");
    // Fields after a body that are not listed are not shown to anybody.
    connector.setProperty("allowedTrailerHeaders", "x-sum,host,x_forwarded_for,content-length");
    Context context = tomcat.addContext("", null);
    context.addServletContainerInitializer(
        (classes, servletContext) -> application.accept(servletContext), Set.of());
    tomcat.start();
    if (!context.getState().isAvailable()) {
      tomcat.stop();
      throw new IllegalStateException("the application did not start");
    }
    return new TomcatContainer(tomcat, connector);
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IOException(e);
    }
  }
}
