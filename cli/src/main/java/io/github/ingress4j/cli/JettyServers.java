package io.github.ingress4j.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Sets up Jetty so that it judges framing only and leaves every other refusal to the router. */
final class JettyServers {

  /** Room for the 64 KiB of headers and the 8 KiB of target that the router allows. */
  private static final int REQUEST_HEAD_BYTES = 80 * 1024;

  /** As many requests as a client may have under way on a connection of HTTP/2. */
  private static final int MAX_STREAMS = 100;

  private JettyServers() {}

  /**
   * Makes a server with one connector.
   *
   * @param handler what answers
   * @param maxThreads how many threads there can be at most
   * @return the connector; its host and port are still to be set
   */
  static ServerConnector connector(Handler handler, int maxThreads) {
    return plain(server(handler, maxThreads));
  }

  /**
   * Makes a server that listens nowhere.
   *
   * @param handler what answers
   * @param maxThreads how many threads there can be at most
   * @return the server
   */
  static Server server(Handler handler, int maxThreads) {
    QueuedThreadPool threads = new QueuedThreadPool(maxThreads, Math.min(8, maxThreads));
    threads.setName("ingress4j");
    threads.setDaemon(true);
    if (VirtualThreads.areSupported()) {
      threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    }
    Server server = new Server(threads);
    server.setHandler(handler);
    server.setErrorHandler((request, response, callback) -> error(request, response, callback, ""));
    return server;
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(REQUEST_HEAD_BYTES);
    // A Host and a target reach the router as they came, be they ever so wrong. What is wrong with
    // the framing of a message is refused here: nobody behind could repair it.
    // A fragment and a user name would be taken off, so that nobody could refuse them later.
    http.setUriCompliance(
        UriCompliance.UNSAFE.without(
            "ingress4j", UriCompliance.Violation.FRAGMENT, UriCompliance.Violation.USER_INFO));
    http.setHttpCompliance(
        HttpCompliance.RFC9110.with(
            "ingress4j",
            HttpCompliance.Violation.DUPLICATE_HOST_HEADERS,
            HttpCompliance.Violation.UNSAFE_HOST_HEADER));
    return http;
  }

  /**
   * Adds a connector that speaks HTTP/1, and HTTP/2 with clients that know it; its host and port
   * are still to be set.
   */
  static ServerConnector plain(Server server) {
    HttpConfiguration http = http();
    HTTP2CServerConnectionFactory http2 = new PriorKnowledge(http);
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    return add(server, new HttpConnectionFactory(http), http2);
  }

  /** Adds a connector that speaks HTTP/2 and HTTP/1 over TLS, as the client prefers. */
  static ServerConnector secure(Server server, SSLContext tls) {
    HttpConfiguration http = http();
    SecureRequestCustomizer secure = new SecureRequestCustomizer();
    // The router knows which hosts may come over which connection, and says so with 421.
    secure.setSniHostCheck(false);
    http.addCustomizer(secure);
    HttpConnectionFactory http1 = new HttpConnectionFactory(http);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    // For clients that do not say what they speak.
    alpn.setDefaultProtocol(http1.getProtocol());
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(tls);
    return add(server, new SslConnectionFactory(factory, alpn.getProtocol()), alpn, http2, http1);
  }

  /**
   * HTTP/2 without TLS for clients that speak it from the first byte. Whoever asks for it with
   * {@code Upgrade} may be behind a proxy that passes the word on without knowing what it means,
   * and would get a connection on which that proxy sees nothing any more; he is answered over
   * HTTP/1.
   */
  private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {

    PriorKnowledge(HttpConfiguration http) {
      super(http);
    }

    @Override
    public @Nullable Connection upgradeConnection(
        Connector connector,
        EndPoint endPoint,
        MetaData.Request request,
        HttpFields.Mutable response) {
      return HttpMethod.PRI.is(request.getMethod())
          ? super.upgradeConnection(connector, endPoint, request, response)
          : null;
    }
  }

  private static ServerConnector add(Server server, ConnectionFactory... factories) {
    ServerConnector connector = new ServerConnector(server, 1, 1, factories);
    server.addConnector(connector);
    return connector;
  }

  /** What Jetty refuses is answered by a line that tells nothing of the inside. */
  static boolean error(Request request, Response response, Callback callback, String explanation) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
    String text =
        explanation.isEmpty()
            ? response.getStatus() + " " + HttpStatus.getMessage(response.getStatus())
            : explanation;
    ByteBuffer body = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    response.write(true, HttpMethod.HEAD.is(request.getMethod()) ? null : body, callback);
    return true;
  }

  /**
   * Starts a server.
   *
   * @throws IOException if a port cannot be had
   */
  static void start(Server server) throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /** Stops a server; it finishes what it has begun, as long as its stop timeout allows. */
  static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      System.getLogger("io.github.ingress4j.cli")
          .log(System.Logger.Level.WARNING, "requests were cut off while the server stopped");
    }
  }

  /** Closes what is not needed any more. */
  static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      System.getLogger("io.github.ingress4j.cli")
          .log(System.Logger.Level.DEBUG, "a socket could not be closed");
    }
  }
}
