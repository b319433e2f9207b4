package io.github.ingress4j.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty's way to upgrade a connection lacks.
 *
 * <p>A request without a body is at its end when its head is, and Jetty 12.1 remembers that for the
 * connection that it hands over, which then seems to be at its end, too. So it is made to forget.
 * When the tunnel has ended, Jetty would read the next request from the connection; and its idle
 * timeout would end a tunnel that is allowed to be silent for longer. All of this goes by the names
 * of Jetty's classes, because nobody needs Jetty to use this module.
 */
final class JettyConnection {

  private static final String REQUEST = "org.eclipse.jetty.";

  private final Object endPoint;
  private final Object stream;
  private final Field chunk;

  private JettyConnection(Object endPoint, Object stream, Field chunk) {
    this.endPoint = endPoint;
    this.stream = stream;
    this.chunk = chunk;
  }

  /** Returns whether a request is one of Jetty's. */
  static boolean isJetty(ServletRequest request) {
    return innermost(request).getClass().getName().startsWith(REQUEST);
  }

  /** Finds the connection of a request; null if it is none of Jetty's, or hidden. */
  static @Nullable JettyConnection of(ServletRequest request) {
    ServletRequest inner = innermost(request);
    if (!inner.getClass().getName().startsWith(REQUEST)) {
      return null;
    }
    try {
      Object own = call(inner, "getRequest");
      Object connection = call(call(own, "getConnectionMetaData"), "getConnection");
      Object current = field(connection, "_stream").get(connection);
      Object stream = current instanceof AtomicReference<?> reference ? reference.get() : null;
      return stream == null
          ? null
          : new JettyConnection(call(connection, "getEndPoint"), stream, field(stream, "_chunk"));
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger(JettyConnection.class.getName())
          .log(System.Logger.Level.WARNING, "connections of this Jetty cannot be upgraded", e);
      return null;
    }
  }

  private static ServletRequest innermost(ServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }

  private static Object call(Object target, String method) throws ReflectiveOperationException {
    Object result = target.getClass().getMethod(method).invoke(target);
    if (result == null) {
      throw new NoSuchMethodException(method + " returns nothing");
    }
    return result;
  }

  private static Field field(Object target, String name) throws ReflectiveOperationException {
    Field field = target.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** Makes the connection one that begins; before anything is read from it. */
  void begin() {
    try {
      chunk.set(stream, null);
      endPoint.getClass().getMethod("setIdleTimeout", long.class).invoke(endPoint, 0L);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException("this Jetty is unlike the one that was looked at", e);
    }
  }

  /** Says that nothing more will be sent. */
  void endOutput() {
    run("shutdownOutput");
  }

  /** Closes the connection, whoever waits for it. */
  void close() {
    run("close");
  }

  private void run(String method) {
    try {
      endPoint.getClass().getMethod(method).invoke(endPoint);
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.getLogger(JettyConnection.class.getName())
          .log(System.Logger.Level.WARNING, "cannot end the connection of a client", e);
    }
  }
}
