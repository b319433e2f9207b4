package io.github.ingress4j.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Clients and back ends on the loopback interface, without any manners of their own. */
final class Wire {

  private Wire() {}

  /** What came back: all of it, until the server closed the connection. */
  record Reply(int status, String head, String body) {}

  /** Sends a GET and reads until the end. */
  static Reply get(int port, String host, String target, String... fields) throws IOException {
    return send(port, "GET " + target + " HTTP/1.1\r\nHost: " + host, fields);
  }

  /** Sends a request, given by its first lines and more header lines, and reads until the end. */
  static Reply send(int port, String start, String... fields) throws IOException {
    StringBuilder request = new StringBuilder(start).append("\r\nConnection: close\r\n");
    for (String field : fields) {
      request.append(field).append("\r\n");
    }
    return exchange(port, request.append("\r\n"));
  }

  /** Sends a POST with a body and reads until the end. */
  static Reply post(int port, String host, String target, String body) throws IOException {
    return exchange(
        port,
        "POST "
            + target
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static Reply exchange(int port, CharSequence request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
      String text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return new Reply(0, text, "");
      }
      return new Reply(
          Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }
  }

  /** Starts a back end that answers with its name and the request that it got, line by line. */
  static HttpServer echo(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        http -> {
          StringBuilder text = new StringBuilder();
          text.append(name).append(' ').append(http.getRequestMethod());
          text.append(' ').append(http.getRequestURI()).append('\n');
          http.getRequestHeaders()
              .forEach(
                  (field, values) -> text.append(field + ": " + String.join("|", values) + "\n"));
          text.append(new String(http.getRequestBody().readAllBytes(), ISO_8859_1));
          http.sendResponseHeaders(200, text.length());
          http.getResponseBody().write(text.toString().getBytes(ISO_8859_1));
          http.close();
        });
    server.start();
    return server;
  }

  /** Starts a back end that sends the same bytes to whoever asks once, and closes. */
  static ServerSocket once(String answer) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                socket.setSoTimeout(20_000);
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                  head.append((char) socket.getInputStream().read());
                }
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
              } catch (IOException e) {
                // The test that waits for the answer sees that none comes.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  /** Returns a port on which nothing listens. */
  static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
