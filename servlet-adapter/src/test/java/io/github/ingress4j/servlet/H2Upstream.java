package io.github.ingress4j.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A back end that speaks HTTP/2 as it is told, however badly. */
final class H2Upstream implements AutoCloseable {

  /** What to do with a connection. */
  interface Script {
    void run(H2Wire wire) throws Exception;
  }

  /** What to do with a request on a connection that is all right. */
  interface Answer {
    void to(H2Wire wire, H2Wire.Fields head) throws Exception;
  }

  private final ServerSocket server;
  private final Thread acceptor;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<H2Wire.Message> received = new LinkedBlockingQueue<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger heads = new AtomicInteger();

  /** What went wrong on this side, which a test may or may not expect. */
  final LinkedBlockingQueue<Exception> failures = new LinkedBlockingQueue<>();

  private volatile Script script = each(text("ok"));

  H2Upstream() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** Listens on a socket, which may be one of TLS. */
  H2Upstream(ServerSocket server) {
    this.server = server;
    acceptor = new Thread(this::listen, "h2-upstream");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int port() {
    return server.getLocalPort();
  }

  void script(Script value) {
    script = value;
  }

  /** Answers each request in turn. */
  Script each(Answer answer, int... settings) {
    return wire -> {
      wire.accept(settings);
      while (true) {
        H2Wire.Fields head = wire.head();
        heads.incrementAndGet();
        answer.to(wire, head);
      }
    };
  }

  Answer text(String text, String... fields) {
    return (wire, head) -> {
      receive(wire, head);
      String[] lines = new String[fields.length + 1];
      lines[0] = ":status: 200";
      System.arraycopy(fields, 0, lines, 1, fields.length);
      wire.headers(head.id(), false, lines);
      wire.data(head.id(), true, text);
    };
  }

  /** Reads a request to its end, and keeps it. */
  H2Wire.Message receive(H2Wire wire, H2Wire.Fields head) throws IOException {
    H2Wire.Message message = wire.rest(head);
    received.add(message);
    return message;
  }

  H2Wire.Message next() throws InterruptedException {
    H2Wire.Message next = received.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was received");
    }
    return next;
  }

  private void listen() {
    while (true) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread thread = new Thread(() -> serve(socket), "h2-upstream-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      script.run(new H2Wire(socket));
    } catch (Exception e) {
      failures.add(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      // Until then it may still accept what comes.
      acceptor.join(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
