package io.github.ingress4j.servlet;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a tunnel: a connection of the container, read when it calls and written to
 * by whoever likes to wait.
 *
 * <table>
 *   <caption>What containers do in ways of their own</caption>
 *   <tr><th></th><th>Tomcat</th><th>Undertow</th><th>Jetty</th></tr>
 *   <tr><td>bytes that were left unread</td><td>called for again and again, and read in calls
 *       only</td><td>never: a thread waits for bytes, because its flags are no other thread's
 *       to use beside its calls</td><td>read by anybody, once there is room</td></tr>
 *   <tr><td>the client's end</td><td>an error, again and again</td><td colspan="2">said
 *       once</td></tr>
 *   <tr><td>the end of one direction</td><td>cannot be said</td><td colspan="2">closing the
 *       stream</td></tr>
 *   <tr><td>closing</td><td>in a call only</td><td colspan="2">at any time</td></tr>
 *   <tr><td>a client that takes nothing</td><td colspan="3">waited for without an end; broken off
 *       by names of classes</td></tr>
 * </table>
 *
 * <p>Thread-safe as far as each method says.
 */
final class ClientEnd {

  private static final String TOMCAT = "org.apache.coyote.";

  private final ServletRequest request;
  private final WebConnection connection;
  private final ServletInputStream in;
  private final ServletOutputStream out;
  private final boolean isTomcat;
  private final @Nullable TomcatConnection tomcat;
  private final @Nullable JettyConnection jetty;

  /**
   * Takes a connection over.
   *
   * @param jetty what is needed besides, if it is one of Jetty's
   */
  ClientEnd(ServletRequest request, @Nullable JettyConnection jetty, WebConnection connection)
      throws IOException {
    this.request = request;
    this.jetty = jetty;
    this.connection = connection;
    if (jetty != null) {
      jetty.begin();
    }
    in = connection.getInputStream();
    out = connection.getOutputStream();
    isTomcat = connection.getClass().getName().startsWith(TOMCAT);
    tomcat = isTomcat ? TomcatConnection.of(out) : null;
  }

  /** Reads without waiting, once the container has called; for one thread at a time. */
  ServletInputStream in() {
    return in;
  }

  /**
   * Whether bytes are read in calls of the container only, which calls as long as there are any.
   */
  boolean isReadInCalls() {
    return isTomcat;
  }

  /** Whether bytes are waited for, since nobody may read beside the container's calls. */
  boolean isWaitedFor() {
    return !isTomcat && jetty == null;
  }

  /** Whether the container can be made to call. */
  boolean canCallAgain() {
    return tomcat != null;
  }

  /** Makes the container call, because there is room for what was left unread. */
  void callAgain() {
    if (tomcat != null) {
      tomcat.callAgain();
    }
  }

  /** Whether an error just means that nothing more will come. */
  boolean isEnd(Throwable error) {
    return isTomcat && error instanceof EOFException;
  }

  /** Whether one direction can end without the other. */
  boolean endsByHalves() {
    return !isTomcat;
  }

  /** Waits until all bytes are on their way; for one thread at a time. */
  void write(byte[] bytes, int from, int to) throws IOException {
    out.write(bytes, from, to - from);
    out.flush();
  }

  /** Says that nothing more will be sent. */
  void endOutput() throws IOException {
    if (jetty == null) {
      out.close();
    } else {
      // Its stream would end the exchange and keep the connection.
      jetty.endOutput();
    }
  }

  /** Closes the connection; for the thread that writes. */
  void close() {
    try {
      if (isTomcat) {
        // Tomcat looks at what was closed when it comes back from a call. So it is made to call.
        out.setWriteListener(new Closing());
      } else {
        connection.close();
        if (jetty != null) {
          jetty.close();
        }
      }
    } catch (Exception e) {
      // It was closed before.
      abort();
    }
  }

  /** Breaks the connection off, whoever is writing to it. */
  void abort() {
    if (jetty != null) {
      jetty.close();
      return;
    }
    if (tomcat != null) {
      tomcat.close();
    } else if (!isTomcat) {
      ClientConnection.abort(request);
    }
  }

  /** Closes both streams in the call of the container. */
  private final class Closing implements WriteListener {

    @Override
    public void onWritePossible() throws IOException {
      in.close();
      out.close();
    }

    @Override
    public void onError(Throwable t) {
      // Tomcat closes the connection by itself.
    }
  }
}
