package io.github.ingress4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Tells whoever watches the process how it is: {@code /healthz} whether it runs, {@code /readyz}
 * whether it takes requests. It has threads and a port of its own, so that it answers when the
 * gateway is busy.
 */
final class HealthServer implements AutoCloseable {

  private final ServerConnector connector;
  private volatile boolean isReady;

  private HealthServer(String host, int port) {
    connector = JettyServers.connector(new Health(), 8);
    connector.setHost(host);
    connector.setPort(port);
  }

  /**
   * Starts the server; the gateway is not ready yet.
   *
   * @param host the address to listen on
   * @param port the port, 0 to pick one
   * @return the running server
   * @throws IOException if the port cannot be had
   */
  static HealthServer start(String host, int port) throws IOException {
    HealthServer server = new HealthServer(host, port);
    JettyServers.start(server.connector.getServer());
    return server;
  }

  /** Returns the port it listens on. */
  int port() {
    return connector.getLocalPort();
  }

  /** Says whether the gateway takes requests. */
  void ready(boolean value) {
    isReady = value;
  }

  @Override
  public void close() {
    JettyServers.stop(connector.getServer());
  }

  private final class Health extends Handler.Abstract.NonBlocking {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String target = request.getHttpURI().getPathQuery();
      boolean isHealth = "/healthz".equals(target);
      boolean isReadiness = "/readyz".equals(target);
      boolean isGood = isHealth || (isReadiness && isReady);
      response.setStatus(isGood ? 200 : isReadiness ? 503 : 404);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
      String text = isGood ? "ok\n" : isReadiness ? "not ready\n" : "not found\n";
      response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }
}
