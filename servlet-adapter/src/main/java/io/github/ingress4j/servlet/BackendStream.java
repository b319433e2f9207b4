package io.github.ingress4j.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a connection to a back end that has switched to another protocol: bytes, both
 * ways.
 *
 * <p>One thread may read while another one writes; closing and resetting are for every thread.
 */
final class BackendStream {

  private final Socket socket;
  private final Socket under;

  /** What came together with the head. */
  private final @Nullable SessionInputBuffer ahead;

  private final InputStream in;

  /**
   * Takes a connection over.
   *
   * @param socket what is read from and written to
   * @param under what lies under it if it is one of TLS, else the same
   * @param ahead what was read from it already, or {@code null} for nothing
   */
  BackendStream(Socket socket, Socket under, @Nullable SessionInputBuffer ahead)
      throws IOException {
    this.socket = socket;
    this.under = under;
    this.ahead = ahead;
    in = socket.getInputStream();
    // Silence is measured over both directions, and not by the socket.
    socket.setSoTimeout(0);
  }

  /** Waits for bytes; -1 at the end. */
  int read(byte[] bytes) throws IOException {
    return ahead != null && ahead.length() > 0
        ? ahead.read(bytes, 0, Math.min(bytes.length, ahead.length()), in)
        : in.read(bytes);
  }

  void write(byte[] bytes, int count) throws IOException {
    socket.getOutputStream().write(bytes, 0, count);
  }

  /** Says that nothing more will be sent. */
  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends both directions as it is done between those who have said everything. */
  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      reset();
    }
  }

  /** Ends both directions without a word over TLS; whoever waits for bytes is woken. */
  void cut() {
    try {
      under.close();
    } catch (IOException e) {
      // It is closed, in one way or the other.
    }
  }

  /** Breaks the connection off, so that the back end cannot take it for a proper end. */
  void reset() {
    try {
      under.setSoLinger(true, 0);
    } catch (IOException e) {
      // It was broken off by somebody else.
    }
    cut();
  }
}
