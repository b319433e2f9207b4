package io.github.ingress4j.servlet;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A back end made of a bare socket: it keeps what it receives and does as it is told. */
final class RecordingUpstream implements AutoCloseable {

  /** What was received, one character a byte. */
  record Received(
      String requestLine, List<String> headerLines, String body, List<String> trailerLines) {

    List<String> header(String name) {
      return RawReply.values(headerLines, name);
    }

    String target() {
      return requestLine.substring(requestLine.indexOf(' ') + 1, requestLine.lastIndexOf(' '));
    }
  }

  /** What to do with a request whose head has been read. */
  interface Script {
    void run(Exchange exchange) throws IOException;
  }

  /** One request on one connection. */
  final class Exchange {

    final Socket socket;
    final InputStream in;
    final OutputStream out;
    final String requestLine;
    final List<String> headerLines;

    private Exchange(Socket socket, InputStream in, String requestLine, List<String> headerLines)
        throws IOException {
      this.socket = socket;
      this.in = in;
      this.out = socket.getOutputStream();
      this.requestLine = requestLine;
      this.headerLines = headerLines;
    }

    /** Reads the body by its framing and keeps the request. */
    Received receive() throws IOException {
      List<String> trailers = new ArrayList<>();
      String body = readBody(in, headerLines, trailers);
      Received result = new Received(requestLine, headerLines, body, trailers);
      received.add(result);
      queue.add(result);
      return result;
    }

    void send(String bytes) throws IOException {
      out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket server;
  final List<Received> received = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Received> queue = new LinkedBlockingQueue<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger heads = new AtomicInteger();
  private volatile Script script = text("ok");

  RecordingUpstream() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** Listens on a socket, which may be one of TLS. */
  RecordingUpstream(ServerSocket server) {
    this.server = server;
    Thread acceptor = new Thread(this::accept, "upstream");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  void script(Script value) {
    script = value;
    received.clear();
    queue.clear();
    heads.set(0);
  }

  Received next() throws InterruptedException {
    Received next = queue.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was received");
    }
    return next;
  }

  static Script text(String text) {
    return reply("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
  }

  static Script reply(String bytes) {
    return exchange -> {
      exchange.receive();
      exchange.send(bytes);
    };
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread thread = new Thread(() -> serve(socket), "upstream-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!socket.isClosed()) {
        String requestLine = RawReply.line(in);
        if (requestLine.isEmpty()) {
          return;
        }
        List<String> lines = new ArrayList<>();
        for (String line = RawReply.line(in); !line.isEmpty(); line = RawReply.line(in)) {
          lines.add(line);
        }
        heads.incrementAndGet();
        script.run(new Exchange(socket, in, requestLine, lines));
      }
    } catch (IOException e) {
      // The other side has gone, which some tests are about.
    }
  }

  private static String readBody(InputStream in, List<String> lines, List<String> trailers)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> lengths = RawReply.values(lines, "content-length");
    if (!lengths.isEmpty()) {
      body.writeBytes(readFully(in, Integer.parseInt(lengths.get(0))));
    } else if (!RawReply.values(lines, "transfer-encoding").isEmpty()) {
      while (true) {
        String size = RawReply.line(in);
        if (size.isEmpty()) {
          throw new IOException("no chunk");
        }
        int count = Integer.parseInt(size, 16);
        if (count == 0) {
          for (String line = RawReply.line(in); !line.isEmpty(); line = RawReply.line(in)) {
            trailers.add(line);
          }
          break;
        }
        body.writeBytes(readFully(in, count));
        if (!RawReply.line(in).isEmpty()) {
          throw new IOException("no end of chunk");
        }
      }
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] readFully(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("the body ends early");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
