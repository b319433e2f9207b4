package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends requests to back ends and brings the answers back, on the servlet's thread.
 *
 * <pre>
 *   HttpProxy       what all requests share: connections, threads
 *     Delivery      one request of a client, in one attempt or more
 *       Attempt     one request to one back end, over HTTP/1 or HTTP/2
 *         Upload    a long body, sent by a thread of its own
 *       ReplyRelay  one answer on its way to the client
 *       Tunnel      what an answer 101 begins, longer than the request
 * </pre>
 *
 * <p>Thread-safe. Sources: RFC 9110 section 7.6, RFC 9112, RFC 9113.
 */
final class HttpProxy implements AutoCloseable {

  private final BackendConnections connections;
  private final H2Connections h2;
  private final BackendTls tls;
  private final BodyBuffers buffers;
  private final Watchdog watchdog;
  private final Drain drain;
  private final Settings settings;
  private final RareLog log;
  private final Tunnels tunnels;
  private final ExecutorService uploads;

  /**
   * What is the same for all requests.
   *
   * @param marksRequests whether requests that come back are known again
   * @param idleTime how long a connection of HTTP/2 that nobody uses is kept
   * @param time what answers that are held back go by
   */
  record Settings(boolean marksRequests, Duration idleTime, Pace.Time time) {}

  HttpProxy(
      BackendConnections connections,
      BackendTls tls,
      BodyBuffers buffers,
      Watchdog watchdog,
      Tunnels tunnels,
      Drain drain,
      Settings settings,
      RareLog log) {
    this.connections = connections;
    this.tls = tls;
    this.buffers = buffers;
    this.watchdog = watchdog;
    this.drain = drain;
    this.settings = settings;
    this.log = log;
    this.tunnels = tunnels;
    uploads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "ingress4j-upload");
              thread.setDaemon(true);
              return thread;
            });
    h2 =
        new H2Connections(
            watchdog, uploads, H2Connections.Times.idle(settings.idleTime().toNanos()));
  }

  /** Begins to carry a request out, in one attempt or more. */
  Delivery delivery(
      Exchange exchange,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      BodyWatch watch) {
    return new Delivery(this, exchange, view, request, response, watch);
  }

  BackendConnections connections() {
    return connections;
  }

  /** The connections of HTTP/2. */
  H2Connections h2() {
    return h2;
  }

  BackendTls tls() {
    return tls;
  }

  BodyBuffers buffers() {
    return buffers;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  Drain drain() {
    return drain;
  }

  Settings settings() {
    return settings;
  }

  RareLog log() {
    return log;
  }

  Tunnels tunnels() {
    return tunnels;
  }

  /** The threads that send long bodies, and what connections of HTTP/2 have to say. */
  ExecutorService uploads() {
    return uploads;
  }

  @Override
  public void close() {
    h2.close();
    tunnels.close();
    uploads.shutdownNow();
    Drain.awaitQuietly(uploads);
  }
}
