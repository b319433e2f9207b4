package io.github.ingress4j.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way to a back end.
 *
 * <p>A short body is read before a connection is taken, so that a slow client keeps no back end
 * busy. A longer one is streamed through a buffer of 16 KiB, unless it is to be {@linkplain #buffer
 * read whole} before; in both cases {@link #sent} and {@link #lastProgressNanos} may be read by
 * another thread than the one that sends.
 */
final class RequestBody extends AbstractHttpEntity {

  /** Bodies up to this size are read in advance, and this is the size of a stream's buffer. */
  static final int BUFFER = 16 * 1024;

  private final InputStream in;
  private final Supplier<Map<String, String>> trailerFields;
  private long length;
  private byte @Nullable [] bytes;
  private BodyBuffers.@Nullable Spool spool;
  private final byte[] ahead;
  private Predicate<String> isTaken = name -> false;
  private volatile Runnable abort = () -> {};
  private volatile long sent;
  private volatile long lastProgressNanos;
  private final BodyWatch watch;
  private volatile boolean isReading;
  private volatile boolean isAtEnd;
  private volatile @Nullable IOException clientFailure;

  private RequestBody(
      HttpServletRequest request,
      InputStream in,
      long length,
      byte @Nullable [] bytes,
      byte[] ahead,
      BodyWatch watch) {
    super((String) null, null, length < 0);
    trailerFields = () -> request.isTrailerFieldsReady() ? request.getTrailerFields() : Map.of();
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
   * @param isStreamed whether a body of a method that has one as a rule may turn out to be empty
   * @return the body, or null if there is none
   * @throws ClientException if the client does not send what it announced
   */
  static @Nullable RequestBody of(
      ServletRequestView view, HttpServletRequest request, BodyWatch watch, boolean isStreamed)
      throws ClientException {
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
        return new RequestBody(request, InputStream.nullInputStream(), length, bytes, bytes, watch);
      }
      byte[] ahead = {};
      boolean isUnsaid = !view.httpVersion().equals("1.1") && !(isStreamed && hasBody(view));
      if (isUnsaid || !view.headers("Expect").isEmpty()) {
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
      return new RequestBody(request, in, length, null, ahead, watch);
    } catch (IOException e) {
      throw new ClientException(e);
    }
  }

  private static boolean hasBody(ServletRequestView view) {
    return switch (view.method()) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }

  /**
   * Reads all of the body before any of it is sent: up to 16 KiB into memory, and what is longer
   * into a file.
   *
   * @throws ClientException if the client does not send what it announced, or sends too much
   * @throws BodyBuffers.NoRoomException if there is no room for it
   */
  void buffer(BodyBuffers buffers) throws ClientException, BodyBuffers.NoRoomException {
    if (isRepeatable()) {
      return;
    }
    try {
      byte[] first = new byte[BUFFER];
      int count = ahead.length;
      System.arraycopy(ahead, 0, first, 0, count);
      boolean isShort = false;
      while (count < BUFFER && !isShort) {
        int more = in.read(first, count, BUFFER - count);
        isShort = more < 0;
        if (!isShort) {
          watch.saw(first, count, more);
          count += more;
        }
      }
      if (isShort) {
        bytes = Arrays.copyOf(first, count);
        ended(count);
      } else {
        BodyBuffers.Spool file = buffers.open(length);
        spool = file;
        file.write(first, 0, count);
        for (int next = in.read(first); next >= 0; next = in.read(first)) {
          watch.saw(first, 0, next);
          file.write(first, 0, next);
        }
        ended(file.length());
      }
    } catch (IOException e) {
      throw new ClientException(e);
    }
  }

  private void ended(long count) throws EOFException {
    if (length >= 0 && count != length) {
      throw new EOFException("the body ends after " + count + " of " + length + " bytes");
    }
    length = count;
    isAtEnd = true;
    watch.ended();
  }

  /**
   * Says that the body is sent from now on to another back end, if to any.
   *
   * @param breakOff breaks the connection to the back end; called before the sending of a body
   *     fails on the client's side, so that what was sent can never look complete
   * @param taken the names of fields that a client cannot set
   */
  void begin(Runnable breakOff, Predicate<String> taken) {
    abort = breakOff;
    isTaken = taken;
  }

  /** Returns whether the whole body is in memory, so that it can be sent at once. */
  boolean isInMemory() {
    return bytes != null;
  }

  /** Returns whether nothing more is to come from the client. */
  boolean isAtEnd() {
    return bytes != null || isAtEnd;
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
    byte[] all = bytes;
    if (all != null) {
      out.write(all);
      sent = all.length;
      return;
    }
    lastProgressNanos = System.nanoTime();
    byte[] buffer = new byte[BUFFER];
    BodyBuffers.Spool file = spool;
    if (file != null) {
      for (int count = file.read(0, buffer); count >= 0; count = file.read(sent, buffer)) {
        send(out, buffer, count);
      }
      return;
    }
    send(out, ahead, ahead.length);
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
    byte[] all = bytes;
    return all == null ? in : new ByteArrayInputStream(all);
  }

  /** Returns whether the whole body is here, so that it can be sent again. */
  @Override
  public boolean isRepeatable() {
    return bytes != null || (spool != null && isAtEnd);
  }

  @Override
  public boolean isStreaming() {
    return !isRepeatable();
  }

  @Override
  public @Nullable Supplier<List<? extends Header>> getTrailers() {
    return isRepeatable() || length >= 0
        ? null
        : () -> Trailers.ofRequest(trailerFields.get(), isTaken);
  }

  /** Lets go of what was read; the container closes what it opened. */
  @Override
  public void close() {
    BodyBuffers.Spool file = spool;
    if (file != null) {
      file.close();
    }
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
