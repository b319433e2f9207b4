package io.github.ingress4j.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came back over a raw connection.
 *
 * @param trailerLines the fields after a body in chunks
 * @param isComplete whether the body came to its end as the head announced it
 * @param isClosed whether the connection was closed right after it
 */
record RawReply(
    int status,
    List<String> headerLines,
    String body,
    List<String> trailerLines,
    boolean isComplete,
    boolean isClosed) {

  /** Sends bytes on a fresh connection and reads one answer. */
  static RawReply exchange(int port, String request) throws IOException {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket, request.startsWith("HEAD "));
    }
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    return socket;
  }

  static RawReply read(Socket socket, boolean isHead) throws IOException {
    InputStream in = socket.getInputStream();
    List<String> lines = new ArrayList<>();
    int status = 100;
    while (status < 200) {
      lines.clear();
      String statusLine = line(in);
      if (!statusLine.startsWith("HTTP/")) {
        // Nothing, or an answer in the manner of HTTP/0.9.
        return new RawReply(0, List.of(), statusLine, List.of(), false, true);
      }
      status = Integer.parseInt(statusLine.split(" ", 3)[1]);
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        lines.add(line);
      }
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> trailers = new ArrayList<>();
    boolean isComplete = true;
    boolean isClosed = false;
    String length = value(lines, "content-length");
    if (isHead || status == 204 || status == 304) {
      isComplete = true;
    } else if (value(lines, "transfer-encoding").equals("chunked")) {
      isComplete = readChunks(in, body, trailers);
    } else if (!length.isEmpty()) {
      byte[] bytes = readUpTo(in, Integer.parseInt(length));
      body.writeBytes(bytes);
      isComplete = bytes.length == Integer.parseInt(length);
    } else {
      body.writeBytes(readUpTo(in, Integer.MAX_VALUE));
      isClosed = true;
    }
    if (!isComplete) {
      isClosed = true;
    } else if (!isClosed) {
      isClosed = isClosedSoon(socket);
    }
    return new RawReply(
        status,
        List.copyOf(lines),
        body.toString(StandardCharsets.ISO_8859_1),
        List.copyOf(trailers),
        isComplete,
        isClosed);
  }

  private static boolean isClosedSoon(Socket socket) throws IOException {
    socket.setSoTimeout(50);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  private static boolean readChunks(
      InputStream in, ByteArrayOutputStream body, List<String> trailers) throws IOException {
    while (true) {
      String size = line(in);
      if (size.isEmpty()) {
        return false;
      }
      int count = Integer.parseInt(size.split(";", 2)[0].trim(), 16);
      byte[] bytes = readUpTo(in, count);
      body.writeBytes(bytes);
      if (bytes.length < count) {
        return false;
      }
      if (count == 0) {
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          trailers.add(line);
        }
        return true;
      }
      line(in);
    }
  }

  private static byte[] readUpTo(InputStream in, int count) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      while (bytes.size() < count) {
        int n = in.read(buffer, 0, Math.min(buffer.length, count - bytes.size()));
        if (n < 0) {
          break;
        }
        bytes.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // A reset ends the body as a close does: too early.
    }
    return bytes.toByteArray();
  }

  /** Reads a line without its end; empty at the end of the stream. */
  static String line(InputStream in) {
    StringBuilder line = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.append((char) b);
      }
    } catch (IOException e) {
      return "";
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private static String value(List<String> lines, String name) {
    List<String> values = values(lines, name);
    return values.isEmpty() ? "" : values.get(0);
  }

  static List<String> values(List<String> lines, String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT).equals(name)) {
        values.add(line.substring(colon + 1).trim());
      }
    }
    return values;
  }

  /** Returns the values of a header, whose name is written in lower case. */
  List<String> header(String name) {
    return values(headerLines, name);
  }

  String text() {
    return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
