package io.github.ingress4j.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.Closeable;
import java.io.IOException;

/**
 * Breaks the connection to a client whose answer cannot be completed.
 *
 * <p>Tomcat and Jetty do so by themselves when a servlet throws after the response was begun.
 * Undertow ends a chunked response properly instead, which would make a truncated answer look
 * whole, and the Servlet API has no word against it. So Undertow's own connection is asked for, by
 * name, because nobody needs Undertow to use this module; and only here, where all is lost already.
 */
final class ClientConnection {

  private static final String UNDERTOW_REQUEST = "io.undertow.servlet.spec.HttpServletRequestImpl";

  private ClientConnection() {}

  /** Breaks the connection of a request, if the container does not do it by itself. */
  static void abort(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    if (!inner.getClass().getName().equals(UNDERTOW_REQUEST)) {
      return;
    }
    try {
      Object exchange = inner.getClass().getMethod("getExchange").invoke(inner);
      Object connection = exchange.getClass().getMethod("getConnection").invoke(exchange);
      if (connection instanceof Closeable closeable) {
        closeable.close();
      }
    } catch (ReflectiveOperationException | IOException | RuntimeException e) {
      System.getLogger(ClientConnection.class.getName())
          .log(System.Logger.Level.WARNING, "cannot break off a truncated answer", e);
    }
  }
}
