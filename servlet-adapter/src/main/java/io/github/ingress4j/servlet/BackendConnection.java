package io.github.ingress4j.servlet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriter;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicLineFormatter;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a back end that knows whether anything is left on it that nobody asked for, and
 * that reads no more of an answer's head than an answer may have.
 *
 * <p>A back end that sends more than one answer, or a body where there is none, leaves bytes behind
 * that would pass for the answer to the next request, which may be another client's. The library
 * neither looks for such bytes nor stops at them: its own parser skips what is no status line.
 *
 * <p>As thread-safe as the library's connections.
 */
final class BackendConnection extends DefaultManagedHttpClientConnection {

  /** The bytes of a head that are read at most, but for what a buffer reads ahead. */
  static final int MAX_HEAD = 64 * 1024;

  private static final int BUFFER = 8 * 1024;

  private static final Http1Config CONFIG =
      Http1Config.custom()
          .setBufferSize(BUFFER)
          .setMaxLineLength(MAX_HEAD)
          .setMaxHeaderCount(512)
          .setMaxEmptyLineCount(1)
          .build();

  private final HeadParser parser;

  /** What lies under TLS, if there is any. */
  private @Nullable Socket carrier;

  /** Whether it belongs to somebody else now, and is closed for the library. */
  private volatile boolean isDetached;

  private BackendConnection(HeadParser parser) {
    super(
        "back end",
        StandardCharsets.ISO_8859_1.newDecoder(),
        StandardCharsets.ISO_8859_1.newEncoder(),
        CONFIG,
        null,
        null,
        RequestWriter::new,
        config -> parser);
    this.parser = parser;
  }

  /** Opens a connection on a socket, if there is one already. */
  static BackendConnection create(@Nullable Socket socket) throws IOException {
    BackendConnection connection = new BackendConnection(new HeadParser());
    if (socket != null) {
      connection.bind(socket);
    }
    return connection;
  }

  @Override
  public void bind(SSLSocket socket, Socket under) throws IOException {
    carrier = under;
    super.bind(socket, under);
  }

  /**
   * Returns whether the back end has said nothing since its last answer. Does not wait, and costs
   * one system call.
   *
   * <p>Under TLS a record that was not read yet may hold anything: an answer that nobody has asked
   * for, the end of the connection, or something harmless such as a ticket for the next one. Nobody
   * can tell without reading it, and a new connection is always right.
   */
  boolean isQuiet() throws IOException {
    Socket socket = getSocket();
    Socket under = carrier;
    return parser.buffered() == 0
        && (socket == null || socket.getInputStream().available() == 0)
        && (under == null || under.getInputStream().available() == 0);
  }

  /** Takes the connection out of the library's hands, which must discard it then. */
  BackendStream detach() throws IOException {
    Socket socket = getSocket();
    if (socket == null) {
      throw new IOException("the connection is closed");
    }
    Socket under = carrier;
    BackendStream stream =
        new BackendStream(socket, under == null ? socket : under, parser.buffer());
    isDetached = true;
    return stream;
  }

  @Override
  public boolean isOpen() {
    return !isDetached && super.isOpen();
  }

  @Override
  public void setSocketTimeout(Timeout timeout) {
    // The library gives whatever it closes a last second.
    if (!isDetached) {
      super.setSocketTimeout(timeout);
    }
  }

  @Override
  public void close(CloseMode mode) {
    if (!isDetached) {
      super.close(mode);
    }
  }

  @Override
  public void close() throws IOException {
    if (!isDetached) {
      super.close();
    }
  }

  /** Writes the version that a request has; the library's own knows only one. */
  private static final class RequestWriter extends DefaultHttpRequestWriter {

    RequestWriter() {
      super(CONFIG, BasicLineFormatter.INSTANCE);
    }

    @Override
    protected HttpVersion protocolVersion(HttpRequest request) {
      return HttpVersion.HTTP_1_0.equals(request.getVersion())
          ? HttpVersion.HTTP_1_0
          : HttpVersion.HTTP_1_1;
    }
  }

  /** Reads heads as strictly as RFC 9112 puts it, and remembers the buffer that it reads from. */
  private static final class HeadParser implements HttpMessageParser<ClassicHttpResponse> {

    private final HttpMessageParser<ClassicHttpResponse> strict =
        new DefaultHttpResponseParserFactory(CONFIG, BasicLineParser.INSTANCE, null).create();
    private @Nullable SessionInputBuffer buffer;

    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
        throws IOException, HttpException {
      this.buffer = buffer;
      return strict.parse(buffer, new HeadStream(in));
    }

    @Nullable SessionInputBuffer buffer() {
      return buffer;
    }

    int buffered() {
      SessionInputBuffer last = buffer;
      return last == null ? 0 : last.length();
    }
  }

  /** The bytes of one head. */
  private static final class HeadStream extends FilterInputStream {

    private int left = MAX_HEAD;

    HeadStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      requireMore();
      int next = super.read();
      left--;
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      requireMore();
      int count = super.read(bytes, offset, length);
      left -= Math.max(0, count);
      return count;
    }

    private void requireMore() throws HeadTooLongException {
      if (left <= 0) {
        throw new HeadTooLongException();
      }
    }
  }

  /** A head that does not end. */
  static final class HeadTooLongException extends IOException {

    private static final long serialVersionUID = 1;

    HeadTooLongException() {
      super("the head of the answer has more than " + MAX_HEAD + " bytes");
    }
  }
}
