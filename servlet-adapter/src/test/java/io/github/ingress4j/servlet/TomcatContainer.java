package io.github.ingress4j.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat 10.1 and 11. */
final class TomcatContainer implements Container {

  private final Tomcat tomcat;
  private final Connector connector;

  private TomcatContainer(Tomcat tomcat, Connector connector) {
    this.tomcat = tomcat;
    this.connector = connector;
  }

  static Container start(Application application) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
    tomcat.setPort(0);
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
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
