package io.github.ingress4j.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way to a back end.
 *
 * <p>A short body is read before a connection is taken, so that a slow client keeps no back end
 * busy. A longer one is streamed through a buffer of 16 KiB; then {@link #sent} and {@link
 * #lastProgressNanos} may be read by another thread than the one that sends.
 */
final class RequestBody extends AbstractHttpEntity {

  /** Bodies up to this size are read in advance, and this is the size of a stream's buffer. */
  static final int BUFFER = 16 * 1024;

  private final InputStream in;
  private final long length;
  private final byte @Nullable [] bytes;
  private final byte[] ahead;
  private volatile Runnable abort = () -> {};
  private volatile long sent;
  private volatile long lastProgressNanos;
  private final BodyWatch watch;
  private volatile boolean isReading;
  private volatile boolean isAtEnd;
  private volatile @Nullable IOException clientFailure;

  private RequestBody(
      InputStream in, long length, byte @Nullable [] bytes, byte[] ahead, BodyWatch watch) {
    super((String) null, null, length < 0);
    this.watch = watch;
    this.in = in;
    this.length = length;
    this.bytes = bytes;
    this.ahead = ahead;
  }

  /**
   * Takes over the body of a request.
   *
   * @param watch sees all of it
   * @return the body, or null if there is none
   * @throws ClientException if the client does not send what it announced
   */
  static @Nullable RequestBody of(
      ServletRequestView view, HttpServletRequest request, BodyWatch watch) throws ClientException {
    long length = view.bodyLength();
    if (length == 0) {
      return null;
    }
    try {
      InputStream in = request.getInputStream();
      if (length > 0 && length <= BUFFER) {
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
          throw new EOFException("the body ends early");
        }
        watch.saw(bytes, 0, bytes.length);
        watch.ended();
        return new RequestBody(InputStream.nullInputStream(), length, bytes, bytes, watch);
      }
      byte[] ahead = {};
      if (!view.httpVersion().equals("1.1") || !view.headers("Expect").isEmpty()) {
        // The first read makes the container say 100 Continue, which must not mix with the answer;
        // in HTTP/2 only reading tells whether there is a body at all.
        byte[] buffer = new byte[BUFFER];
        int count = in.read(buffer);
        if (count < 0 && length < 0) {
          watch.ended();
          return null;
        }
        ahead = Arrays.copyOf(buffer, Math.max(count, 0));
        watch.saw(ahead, 0, ahead.length);
      }
      return new RequestBody(in, length, null, ahead, watch);
    } catch (IOException e) {
      throw new ClientException(e);
    }
  }

  /**
   * Says that the body is sent from now on to another back end, if to any.
   *
   * @param breakOff breaks the connection to the back end; called before the sending of a body
   *     fails on the client's side, so that what was sent can never look complete
   */
  void begin(Runnable breakOff) {
    abort = breakOff;
  }

  /** Returns whether the whole body is here, so that it can be sent at once and again. */
  boolean isBuffered() {
    return bytes != null;
  }

  /** Returns whether nothing more is to come from the client. */
  boolean isAtEnd() {
    return isBuffered() || isAtEnd;
  }

  /** Returns how many bytes were sent. */
  long sent() {
    return sent;
  }

  /** Returns when the last bytes came from the client or were taken by the back end. */
  long lastProgressNanos() {
    return lastProgressNanos;
  }

  /** Returns whether it is the client that is waited for. */
  boolean isReading() {
    return isReading;
  }

  /** Returns what went wrong on the client's side, or null. */
  @Nullable IOException clientFailure() {
    return clientFailure;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    sent = 0;
    if (bytes != null) {
      out.write(bytes);
      sent = bytes.length;
      return;
    }
    lastProgressNanos = System.nanoTime();
    send(out, ahead, ahead.length);
    byte[] buffer = new byte[BUFFER];
    while (true) {
      int count = read(buffer);
      if (count < 0) {
        break;
      }
      saw(buffer, count);
      send(out, buffer, count);
      if (available() <= 0) {
        // Nothing more has come yet; the back end may be waiting for just this.
        out.flush();
      }
    }
    if (length >= 0 && sent != length) {
      throw failed(new EOFException("the body ends after " + sent + " of " + length + " bytes"));
    }
    isAtEnd = true;
    watch.ended();
  }

  private void saw(byte[] buffer, int count) throws IOException {
    try {
      watch.saw(buffer, 0, count);
    } catch (BodyWatch.TooLargeException e) {
      throw failed(e);
    }
  }

  private int read(byte[] buffer) throws IOException {
    isReading = true;
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw failed(e);
    } catch (RuntimeException e) {
      throw failed(new IOException(e));
    } finally {
      isReading = false;
      lastProgressNanos = System.nanoTime();
    }
  }

  private int available() throws IOException {
    try {
      return in.available();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void send(OutputStream out, byte[] buffer, int count) throws IOException {
    out.write(buffer, 0, count);
    long total = sent + count;
    sent = total;
    lastProgressNanos = System.nanoTime();
  }

  private IOException failed(IOException e) {
    clientFailure = e;
    abort.run();
    return e;
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public InputStream getContent() {
    return bytes == null ? in : new ByteArrayInputStream(bytes);
  }

  @Override
  public boolean isRepeatable() {
    return isBuffered();
  }

  @Override
  public boolean isStreaming() {
    return !isBuffered();
  }

  @Override
  public void close() {
    // The container closes what it opened.
  }

  /** The client broke off, or stopped sending. */
  static final class ClientException extends Exception {

    private static final long serialVersionUID = 1;

    ClientException(IOException cause) {
      super(cause);
    }

    /** Returns whether the body is longer than it may be. */
    boolean isTooLarge() {
      return getCause() instanceof BodyWatch.TooLargeException;
    }

    boolean isTimeout() {
      return getCause() instanceof InterruptedIOException;
    }
  }
}
