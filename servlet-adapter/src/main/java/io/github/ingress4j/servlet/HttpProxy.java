package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.TransportSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Sends requests to back ends and brings the answers back, on the servlet's thread.
 *
 * <pre>
 *   HttpProxy       what all requests share: connections, threads
 *     Delivery      one request of a client, in one attempt or more
 *       HttpAttempt one request to one back end, over HTTP/1
 *         Upload    a long body, sent by a thread of its own
 *       ReplyRelay  one answer on its way to the client
 * </pre>
 *
 * <p>Thread-safe. Sources: RFC 9110 section 7.6, RFC 9112.
 */
final class HttpProxy implements AutoCloseable {

  private final BackendConnections connections;
  private final BackendTls tls;
  private final BodyBuffers buffers;
  private final Watchdog watchdog;
  private final Drain drain;
  private final Settings settings;
  private final RareLog log;
  private final ExecutorService uploads;

  /**
   * What is the same for all requests.
   *
   * @param marksRequests whether requests that come back are known again
   * @param time what answers that are held back go by
   */
  record Settings(boolean marksRequests, Pace.Time time) {}

  HttpProxy(
      BackendConnections connections,
      BackendTls tls,
      BodyBuffers buffers,
      Watchdog watchdog,
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
    uploads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "ingress4j-upload");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns whether a protocol is one that an attempt can be made in. */
  static boolean speaks(TransportSettings.Protocol protocol) {
    return switch (protocol) {
      case HTTP, HTTPS -> true;
      case H2C, H2 -> false;
    };
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

  /** The threads that send long bodies. */
  ExecutorService uploads() {
    return uploads;
  }

  @Override
  public void close() {
    uploads.shutdownNow();
    Drain.awaitQuietly(uploads);
  }
}
