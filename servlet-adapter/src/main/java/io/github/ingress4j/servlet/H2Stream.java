package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2Error;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a connection of HTTP/2. Threads wait for it as for a socket.
 *
 * <p>What the back end sends is kept until somebody reads it, in a ring of at most 64 KiB: the back
 * end is told of room only when bytes were read, so that is all it may send ahead. Frames without
 * bytes and padding need no place in it.
 *
 * <p>Thread-safe; everything is guarded by the lock of the connection.
 */
final class H2Stream {

  /** What a back end may send ahead; the value that every connection begins with. */
  static final int WINDOW = 65_535;

  /**
   * The head of an answer.
   *
   * @param fields the fields without the status
   * @param length the length of the body, -1 if it is not known
   * @param hasBody whether a body follows, be it empty
   */
  record Head(int status, List<Header> fields, long length, boolean hasBody) {}

  private final H2Connection connection;
  private final int id;
  private final boolean isForHead;
  private final Condition changed;

  private long sendWindow;
  private boolean isSent;

  private int window = WINDOW;
  private byte[] ring = {};
  private int start;
  private int count;
  private int uncredited;

  private int interim;
  private @Nullable Head head;
  private long received;
  private List<Header> trailers = List.of();
  private boolean isReceived;
  private @Nullable H2Exception failure;

  /**
   * Begins a stream; the connection does so.
   *
   * @param isForHead whether the method is HEAD, whose answer has no body
   * @param sendWindow how much of a body the back end takes at first
   * @param isSent whether the request has no body
   */
  H2Stream(H2Connection connection, int id, boolean isForHead, long sendWindow, boolean isSent) {
    this.connection = connection;
    this.id = id;
    this.isForHead = isForHead;
    this.sendWindow = sendWindow;
    this.isSent = isSent;
    changed = connection.lock().newCondition();
  }

  int id() {
    return id;
  }

  // ---- for the thread of the connection, which holds the lock ----

  /** Takes the fields of a head, or those after a body. */
  void takeFields(List<? extends Header> fields, boolean isLast) throws ProtocolException {
    if (isReceived) {
      throw new ProtocolException("fields after the end of an answer");
    }
    Head known = head;
    if (known != null) {
      if (!isLast) {
        throw new ProtocolException("a second head");
      }
      trailers = H2Fields.plain(fields, 0);
      takeEnd(known);
      return;
    }
    int status = H2Fields.status(fields);
    List<Header> plain = H2Fields.plain(fields, 1);
    if (status < 200) {
      if (isLast || status == 101 || ++interim > Replies.MAX_INTERIM) {
        throw new ProtocolException("interim answers that no back end may send");
      }
      return;
    }
    boolean hasBody = !isForHead && status != 204 && status != 304;
    Head next = new Head(status, plain, H2Fields.length(plain), hasBody && !isLast);
    if (hasBody && isLast && next.length > 0) {
      throw new ProtocolException("an answer without the body that it announces");
    }
    head = next;
    if (isLast) {
      isReceived = true;
    }
    changed.signalAll();
  }

  /**
   * Takes bytes of a body.
   *
   * @param size how much of the window they take, with their padding
   * @return whether the back end has kept to the window
   */
  boolean takeData(@Nullable ByteBuffer data, int size, boolean isLast) throws ProtocolException {
    if (size > window) {
      return false;
    }
    window -= size;
    Head known = head;
    if (known == null || isReceived) {
      throw new ProtocolException("a body without a head, or after its end");
    }
    int length = data == null ? 0 : data.remaining();
    received += length;
    if ((length > 0 && !known.hasBody) || (known.length >= 0 && received > known.length)) {
      throw new ProtocolException("a body that is longer than announced");
    }
    if (data != null) {
      put(data);
    }
    uncredited += size - length;
    if (isLast) {
      takeEnd(known);
    }
    changed.signalAll();
    return true;
  }

  private void takeEnd(Head known) throws ProtocolException {
    if (known.hasBody && known.length >= 0 && received != known.length) {
      throw new ProtocolException("a body that is shorter than announced");
    }
    isReceived = true;
    changed.signalAll();
  }

  private void put(ByteBuffer data) {
    int length = data.remaining();
    if (count + length > ring.length) {
      byte[] larger = new byte[Math.min(WINDOW, Math.max(count + length, 2 * ring.length))];
      int first = Math.min(count, ring.length - start);
      System.arraycopy(ring, start, larger, 0, first);
      System.arraycopy(ring, 0, larger, first, count - first);
      ring = larger;
      start = 0;
    }
    int end = start + count < ring.length ? start + count : start + count - ring.length;
    int first = Math.min(length, ring.length - end);
    data.get(ring, end, first);
    data.get(ring, 0, length - first);
    count += length;
  }

  /** Takes notice of how much more of a body the back end takes; tells whether it makes sense. */
  boolean widen(long by) {
    sendWindow += by;
    changed.signalAll();
    return sendWindow <= Integer.MAX_VALUE;
  }

  /** Wakes those who wait for the connection's window. */
  void wake() {
    changed.signalAll();
  }

  /** Ends the stream, if it has not ended. */
  void fail(H2Exception why) {
    if (failure == null && !(isReceived && isSent)) {
      failure = why;
      changed.signalAll();
    }
  }

  /** Returns whether nothing more is to come from either side. */
  boolean isOver() {
    return failure != null || (isReceived && isSent);
  }

  /** Returns whether the answer is here, to its end. */
  boolean isReceived() {
    return isReceived;
  }

  /** Returns how much the back end is to be told that it may send, and counts it as told. */
  int takeCredit() {
    if (isReceived || failure != null || uncredited < WINDOW / 2) {
      return 0;
    }
    int credit = uncredited;
    uncredited = 0;
    window += credit;
    return credit;
  }

  /**
   * Waits until bytes of a body may be sent, by this window and that of the connection, and counts
   * them as sent by this one.
   *
   * @param length how many there are
   * @return how many may be sent; 0 if none in time
   */
  int awaitRoom(int length, long nanos) throws H2Exception, InterruptedException {
    long left = nanos;
    while (true) {
      requireOpen();
      long room = Math.min(length, Math.min(sendWindow, connection.sendWindow()));
      if (room > 0) {
        sendWindow -= room;
        return (int) room;
      }
      if (left <= 0) {
        return 0;
      }
      left = changed.awaitNanos(left);
    }
  }

  /** Requires that something more can be sent. */
  void requireOpen() throws H2Exception {
    if (failure != null) {
      throw failure.again();
    }
    if (isSent) {
      throw H2Exception.failed(Exchange.Failure.RESET, "the request was sent already", null);
    }
  }

  /** Takes notice that all of the request was sent. */
  void sent() {
    isSent = true;
  }

  // ---- for the threads of the request ----

  /**
   * Waits for the head of the answer.
   *
   * @return the head; {@code null} if it has not come in time
   * @throws H2Exception if it will not come
   */
  @Nullable Head awaitHead(long nanos) throws H2Exception {
    connection.lock().lock();
    try {
      long left = nanos;
      while (head == null) {
        if (failure != null) {
          throw failure.again();
        }
        if (left <= 0) {
          return null;
        }
        left = changed.awaitNanos(left);
      }
      return head;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw H2Exception.failed(Exchange.Failure.OVERLOADED, "interrupted", e);
    } finally {
      connection.lock().unlock();
    }
  }

  /** Returns whether the answer, or its beginning, is here. */
  boolean isAnswered() {
    connection.lock().lock();
    try {
      return head != null;
    } finally {
      connection.lock().unlock();
    }
  }

  /**
   * Returns where a body is written to.
   *
   * @param nanos how long the back end may take nothing
   */
  OutputStream sink(long nanos) {
    return new Sink(nanos);
  }

  /**
   * Ends the request.
   *
   * @param fields the fields after the body; may be empty
   * @param nanos how long the back end may take nothing
   */
  void end(List<? extends Header> fields, long nanos) throws IOException {
    if (fields.isEmpty()) {
      connection.send(this, new byte[0], 0, 0, true, nanos);
      return;
    }
    H2Fields.Block block = new H2Fields.Block();
    for (Header field : fields) {
      block.add(field.getName(), Replies.value(field));
    }
    connection.sendTrailers(this, block, nanos);
  }

  /**
   * Returns the body of the answer.
   *
   * @param nanos how long the back end may say nothing
   */
  Body body(long nanos) {
    return new Body(nanos);
  }

  /** Gives the stream up, if it is not over; the connection stays. */
  void reset() {
    connection.reset(this, H2Error.CANCEL);
  }

  private int read(byte[] bytes, int offset, int length, long nanos) throws IOException {
    int taken;
    connection.lock().lock();
    try {
      long left = nanos;
      while (count == 0) {
        if (isReceived) {
          return -1;
        }
        if (failure != null) {
          throw failure.again();
        }
        if (left <= 0) {
          throw new SocketTimeoutException("the back end sends nothing more of its answer");
        }
        left = changed.awaitNanos(left);
      }
      taken = Math.min(length, count);
      int first = Math.min(taken, ring.length - start);
      System.arraycopy(ring, start, bytes, offset, first);
      System.arraycopy(ring, 0, bytes, offset + first, taken - first);
      count -= taken;
      start = count == 0 ? 0 : (start + taken) % ring.length;
      uncredited += taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw H2Exception.failed(Exchange.Failure.OVERLOADED, "interrupted", e);
    } finally {
      connection.lock().unlock();
    }
    connection.credit(this);
    return taken;
  }

  /** The body of an answer; reading it makes room for more of it. */
  final class Body extends InputStream {

    private final long nanos;

    private Body(long nanos) {
      this.nanos = nanos;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : H2Stream.this.read(bytes, offset, length, nanos);
    }

    @Override
    public int available() {
      connection.lock().lock();
      try {
        return count;
      } finally {
        connection.lock().unlock();
      }
    }

    /** Returns whether more is to come, and nothing of it is here. */
    boolean isWaiting() {
      connection.lock().lock();
      try {
        return count == 0 && !isReceived;
      } finally {
        connection.lock().unlock();
      }
    }

    /** Returns the fields after the body, once it has come to its end. */
    Header[] trailers() {
      connection.lock().lock();
      try {
        return trailers.toArray(new Header[0]);
      } finally {
        connection.lock().unlock();
      }
    }
  }

  /** Takes the body of a request; each write waits until the back end takes it. */
  private final class Sink extends OutputStream {

    private final long nanos;

    Sink(long nanos) {
      this.nanos = nanos;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        connection.send(H2Stream.this, bytes, offset, length, false, nanos);
      }
    }
  }
}
