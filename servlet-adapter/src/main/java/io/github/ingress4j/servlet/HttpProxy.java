package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
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
  private final ExecutorService uploads;

  HttpProxy(BackendConnections connections) {
    this.connections = connections;
    uploads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "ingress4j-upload");
              thread.setDaemon(true);
              return thread;
            });
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

  /** The threads that send long bodies. */
  ExecutorService uploads() {
    return uploads;
  }

  @Override
  public void close() {
    uploads.shutdownNow();
  }
}
