package io.github.ingress4j.servlet;

import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat's way to upgrade a connection lacks.
 *
 * <p>Tomcat reads ahead, and calls only if there is more to read from the socket: what was left of
 * the bytes that it has read itself would stay there. So it is made to call. And nothing but an end
 * of the socket wakes a thread that writes to a client who takes nothing. Both go by the names of
 * Tomcat's classes, because nobody needs Tomcat to use this module.
 *
 * <p>Thread-safe.
 */
final class TomcatConnection {

  private final Object socket;
  private final Method close;
  private final Method process;
  private final Object readable;

  private TomcatConnection(Object socket, Method close, Method process, Object readable) {
    this.socket = socket;
    this.close = close;
    this.process = process;
    this.readable = readable;
  }

  /** Finds the socket of a stream of an upgraded connection; null if it is hidden. */
  static @Nullable TomcatConnection of(OutputStream out) {
    try {
      Field field = out.getClass().getDeclaredField("socketWrapper");
      field.setAccessible(true);
      Object socket = field.get(out);
      Method process =
          Stream.of(socket.getClass().getMethods())
              .filter(method -> method.getName().equals("processSocket"))
              .findFirst()
              .orElseThrow(() -> new NoSuchMethodException("processSocket"));
      Object readable = process.getParameterTypes()[0].getField("OPEN_READ").get(null);
      return new TomcatConnection(socket, socket.getClass().getMethod("close"), process, readable);
    } catch (ReflectiveOperationException | RuntimeException e) {
      warn(e);
      return null;
    }
  }

  private static void warn(Exception e) {
    System.getLogger(TomcatConnection.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "this Tomcat is unlike the one that was looked at; a client or a back end that takes"
                + " nothing may hold threads",
            e);
  }

  /** Makes Tomcat call as if there were something to read. */
  void callAgain() {
    run(process, readable, true);
  }

  /** Closes the connection, whoever waits for it. */
  void close() {
    run(close);
  }

  private void run(Method method, Object... arguments) {
    try {
      method.invoke(socket, arguments);
    } catch (ReflectiveOperationException | RuntimeException e) {
      warn(e);
    }
  }
}
