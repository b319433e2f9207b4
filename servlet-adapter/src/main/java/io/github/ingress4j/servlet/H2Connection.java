package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.config.H2Param;
import org.apache.hc.core5.http2.config.H2Setting;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.frame.FrameFactory;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.apache.hc.core5.http2.impl.io.FrameInputBuffer;
import org.apache.hc.core5.http2.impl.io.FrameOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 to a back end, which many requests share.
 *
 * <pre>
 *   thread of the connection   reads frames, hands them to streams; never writes, so it never waits
 *   threads of requests        write frames, one thread at a time, and wait for room to send
 *   a thread of the pool       writes what the first one has to say: acknowledgements and resets
 * </pre>
 *
 * <p>The library takes frames and compressed fields apart; who may send what and when is settled
 * here, because a back end may be hostile, and because it decides which requests may be sent again.
 *
 * <p>What a back end can make this side keep is bounded: 64 KiB of each answer (the window of its
 * stream; the window of the connection is opened again as bytes come in, so that nobody waits for
 * an answer that somebody else does not read), 64 KiB of a head, and as many acknowledgements.
 *
 * <p>Thread-safe. Source: RFC 9113.
 */
final class H2Connection {

  /** The requests that share a connection at most. */
  static final int MAX_STREAMS = 100;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final FrameFactory FRAMES = DefaultFrameFactory.INSTANCE;

  /** The longest frame that either side must take, and the longest that this side takes. */
  private static final int FRAME = 16 * 1024;

  private static final int WINDOW = 16 * 1024 * 1024;
  private static final int MAX_CONTINUATIONS = 64;
  private static final int MAX_CONTROLS = 1024;

  /**
   * The frames in a row that bring nothing forward; such as a back end may send to keep us busy.
   */
  private static final int MAX_IDLE_FRAMES = 10_000;

  private static final long CONTROL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Socket raw;
  private final InputStream in;
  private final OutputStream out;
  private final Executor threads;
  private final Runnable whenChanged;

  // What the thread of the connection uses.
  private final FrameInputBuffer input = new FrameInputBuffer(FRAME);
  private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.ISO_8859_1);
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private int blockStream;
  private int continuations;
  private boolean isBlockLast;
  private boolean isBegun;

  /** Held by whoever writes. Fair, so that no long body holds up the others. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private final FrameOutputBuffer output = new FrameOutputBuffer(FRAME);
  private boolean hasSentFields;
  private volatile long writingUntil;

  /** Guards what follows, and the streams. Whoever holds it does not wait for the other one. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition answered = lock.newCondition();
  private final Map<Integer, H2Stream> streams = new HashMap<>();
  private final Queue<RawFrame> controls = new ArrayDeque<>();
  private boolean isControlling;
  private int nextId = 1;
  private int reserved;
  private long maxStreams = MAX_STREAMS;
  private long sendWindow = H2Stream.WINDOW;
  private int firstSendWindow = H2Stream.WINDOW;
  private int received;
  private int idleFrames;
  private boolean hasSettings;
  private boolean hasChanged;
  private boolean isTested;
  private long lastInputNanos = System.nanoTime();
  private long idleSinceNanos = System.nanoTime();
  private boolean isLeaving;
  private @Nullable H2Exception end;

  /**
   * Takes over a connection on which nothing was said.
   *
   * @param socket what is read from and written to
   * @param raw what lies under it, which can be closed without waiting
   * @param threads what writes what the connection has to say by itself
   * @param whenChanged told when there may be room for another stream
   */
  H2Connection(Socket socket, Socket raw, Executor threads, Runnable whenChanged)
      throws IOException {
    this.raw = raw;
    in = socket.getInputStream();
    out = new BufferedOutputStream(socket.getOutputStream(), FRAME + 512);
    this.threads = threads;
    this.whenChanged = whenChanged;
    decoder.setMaxListSize(BackendConnection.MAX_HEAD);
  }

  ReentrantLock lock() {
    return lock;
  }

  // ---- the beginning and the end ----

  /**
   * Says what this side takes, and waits until the back end has done the same: so it is known to
   * speak HTTP/2 before it gets a request.
   *
   * @throws H2Exception if it does not
   */
  void begin(long nanos) throws IOException {
    writing.lock();
    try {
      writingUntil(nanos);
      out.write(PREFACE);
      output.write(
          FRAMES.createSettings(
              new H2Setting(H2Param.ENABLE_PUSH, 0),
              new H2Setting(H2Param.MAX_CONCURRENT_STREAMS, 0),
              new H2Setting(H2Param.MAX_HEADER_LIST_SIZE, BackendConnection.MAX_HEAD)),
          out);
      output.write(FRAMES.createWindowUpdate(0, WINDOW - H2Stream.WINDOW), out);
      out.flush();
    } finally {
      writingUntil = 0;
      writing.unlock();
    }
    Thread reader = new Thread(this::read, "ingress4j-h2");
    reader.setDaemon(true);
    reader.start();
    lock.lock();
    try {
      long left = nanos;
      while (!hasSettings && end == null && left > 0) {
        left = answered.awaitNanos(left);
      }
      if (end != null) {
        throw end.again();
      }
      if (!hasSettings) {
        throw new SocketTimeoutException("the back end does not begin to speak HTTP/2");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw H2Exception.failed(Exchange.Failure.OVERLOADED, "interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection and everything on it. */
  private void fail(H2Exception why) {
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      end = why;
      for (H2Stream stream : streams.values()) {
        stream.fail(why);
      }
      streams.clear();
      controls.clear();
      answered.signalAll();
    } finally {
      lock.unlock();
    }
    close();
    whenChanged.run();
  }

  private void close() {
    try {
      raw.close();
    } catch (IOException e) {
      // It is of no use in any case.
    }
  }

  /** Ends the connection and everything on it, and says so as far as that can be done at once. */
  void shutdown() {
    lock.lock();
    try {
      isLeaving = true;
    } finally {
      lock.unlock();
    }
    sayGoodbye(H2Error.NO_ERROR);
    fail(H2Exception.failed(Exchange.Failure.RESET, "the connection was closed here", null));
  }

  private void sayGoodbye(H2Error error) {
    if (!writing.tryLock()) {
      return;
    }
    try {
      writingUntil(CONTROL_NANOS);
      output.write(FRAMES.createGoAway(0, error, ""), out);
      out.flush();
    } catch (IOException e) {
      // The other side has gone first.
    } finally {
      writingUntil = 0;
      writing.unlock();
    }
  }

  /**
   * Looks after the connection; must be called now and then.
   *
   * @param idleNanos how long it is kept without a request
   * @return whether it has ended, or is to be shut down now, and takes no more requests
   */
  boolean retire(long idleNanos) {
    long now = System.nanoTime();
    long until = writingUntil;
    if (until != 0 && now - until > 0) {
      fail(tooSlow(null));
      return true;
    }
    lock.lock();
    try {
      if (reserved == 0 && now - idleSinceNanos > idleNanos) {
        isLeaving = true;
      }
      return end != null || (isLeaving && reserved == 0);
    } finally {
      lock.unlock();
    }
  }

  // ---- places for requests ----

  /** Takes a place for a request, if there is one. */
  boolean reserve() {
    lock.lock();
    try {
      if (!isUsable() || reserved >= Math.min(MAX_STREAMS, maxStreams)) {
        return false;
      }
      reserved++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the place of a request back. */
  void release() {
    lock.lock();
    try {
      reserved--;
      idleSinceNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
    whenChanged.run();
  }

  /** Returns whether it takes requests, now or later. */
  boolean isOpen() {
    lock.lock();
    try {
      return isUsable();
    } finally {
      lock.unlock();
    }
  }

  private boolean isUsable() {
    return end == null && !isLeaving;
  }

  /**
   * Makes sure that there is still somebody on the other side, if it was silent for a while.
   *
   * @param silenceNanos how long it may have been silent
   * @param nanos how long it may take to say so
   * @return whether there is
   */
  boolean isAlive(long silenceNanos, long nanos) {
    boolean asks = false;
    lock.lock();
    try {
      if (System.nanoTime() - lastInputNanos < silenceNanos) {
        return end == null;
      }
      if (!isTested) {
        isTested = true;
        asks = true;
        controls.add(FRAMES.createPing(ByteBuffer.allocate(8)));
      }
    } finally {
      lock.unlock();
    }
    if (asks) {
      try {
        writeControls();
      } catch (IOException e) {
        return false;
      }
    }
    boolean isAlive;
    lock.lock();
    try {
      long left = nanos;
      while (isTested && end == null && left > 0) {
        left = answered.awaitNanos(left);
      }
      isAlive = !isTested && end == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
    if (!isAlive) {
      fail(
          H2Exception.failed(
              Exchange.Failure.RESPONSE_TIMEOUT, "the back end is not there any more", null));
    }
    return isAlive;
  }

  // ---- writing, by the threads of requests ----

  private void writingUntil(long nanos) {
    long until = System.nanoTime() + nanos;
    writingUntil = until == 0 ? 1 : until;
  }

  private static H2Exception tooSlow(@Nullable Throwable cause) {
    return H2Exception.failed(
        Exchange.Failure.RESPONSE_TIMEOUT, "the back end takes nothing of the request", cause);
  }

  /** Ends the connection because it cannot be written to; returns why, for one of its streams. */
  private H2Exception unwritable(IOException e) {
    fail(H2Exception.failed(Exchange.Failure.RESET, "the connection broke: " + e.getMessage(), e));
    lock.lock();
    try {
      H2Exception why = end;
      return why == null ? H2Exception.failed(Exchange.Failure.RESET, "it broke", e) : why.again();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends the head of a request.
   *
   * @param isForHead whether its method is HEAD
   * @param isLast whether it has no body
   * @param nanos how long the back end may take nothing
   * @throws H2Exception if it was not sent, or has failed already
   */
  H2Stream open(H2Fields.Block fields, boolean isForHead, boolean isLast, long nanos)
      throws H2Exception {
    writing.lock();
    try {
      H2Stream stream;
      lock.lock();
      try {
        if (!isUsable()) {
          throw H2Exception.unprocessed("the connection was closed before it was used");
        }
        stream = new H2Stream(this, nextId, isForHead, firstSendWindow, isLast);
        streams.put(nextId, stream);
        nextId += 2;
        if (nextId >= Integer.MAX_VALUE - 2) {
          // There are no more numbers for streams.
          isLeaving = true;
        }
      } finally {
        lock.unlock();
      }
      writingUntil(nanos);
      writeFields(stream, fields, isLast);
      out.flush();
      return stream;
    } catch (H2Exception e) {
      throw e;
    } catch (IOException e) {
      throw unwritable(e);
    } finally {
      writingUntil = 0;
      writing.unlock();
    }
  }

  /** Writes a block of fields, in as many frames as it needs; nothing may come between them. */
  private void writeFields(H2Stream stream, H2Fields.Block fields, boolean isLast)
      throws IOException {
    byte[] bytes = fields.bytes(!hasSentFields);
    hasSentFields = true;
    int first = Math.min(bytes.length, FRAME);
    output.write(
        FRAMES.createHeaders(
            stream.id(), ByteBuffer.wrap(bytes, 0, first), first == bytes.length, isLast),
        out);
    for (int at = first; at < bytes.length; at += FRAME) {
      int next = Math.min(bytes.length - at, FRAME);
      output.write(
          FRAMES.createContinuation(
              stream.id(), ByteBuffer.wrap(bytes, at, next), at + next == bytes.length),
          out);
    }
  }

  /** Sends bytes of a body as the back end takes them, and its end if these are the last ones. */
  void send(H2Stream stream, byte[] bytes, int offset, int length, boolean isLast, long nanos)
      throws IOException {
    int at = offset;
    int left = length;
    do {
      int room = left == 0 ? 0 : awaitRoom(stream, Math.min(left, FRAME), nanos);
      boolean isEnd = isLast && room == left;
      writing.lock();
      try {
        requireOpen(stream, room);
        writingUntil(nanos);
        output.write(FRAMES.createData(stream.id(), ByteBuffer.wrap(bytes, at, room), isEnd), out);
        out.flush();
        if (isEnd) {
          sent(stream);
        }
      } catch (H2Exception e) {
        throw e;
      } catch (IOException e) {
        throw unwritable(e);
      } finally {
        writingUntil = 0;
        writing.unlock();
      }
      at += room;
      left -= room;
    } while (left > 0);
  }

  /** Ends a request with fields after its body. */
  void sendTrailers(H2Stream stream, H2Fields.Block fields, long nanos) throws IOException {
    writing.lock();
    try {
      requireOpen(stream, 0);
      writingUntil(nanos);
      writeFields(stream, fields, true);
      out.flush();
      sent(stream);
    } catch (H2Exception e) {
      throw e;
    } catch (IOException e) {
      throw unwritable(e);
    } finally {
      writingUntil = 0;
      writing.unlock();
    }
  }

  /**
   * Requires that a stream can be written to, by a thread that holds the right to write: what ends
   * a stream is written after that, so that nothing follows it.
   *
   * @param room what was counted as sent and goes back if it is not
   */
  private void requireOpen(H2Stream stream, int room) throws H2Exception {
    lock.lock();
    try {
      stream.requireOpen();
      idleFrames = 0;
    } catch (H2Exception e) {
      sendWindow += room;
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void sent(H2Stream stream) {
    lock.lock();
    try {
      stream.sent();
      settle(stream);
    } finally {
      lock.unlock();
    }
  }

  private int awaitRoom(H2Stream stream, int length, long nanos) throws IOException {
    lock.lock();
    try {
      int room = stream.awaitRoom(length, nanos);
      if (room == 0) {
        H2Exception why = tooSlow(null);
        end(stream, why, H2Error.CANCEL);
        throw why;
      }
      sendWindow -= room;
      return room;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw H2Exception.failed(Exchange.Failure.OVERLOADED, "interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how much may be sent on all streams together; the caller holds the lock. */
  long sendWindow() {
    return sendWindow;
  }

  /** Tells the back end that it may send more of an answer, once that is worth a frame. */
  void credit(H2Stream stream) {
    lock.lock();
    try {
      int credit = stream.takeCredit();
      if (credit == 0 || end != null) {
        return;
      }
      control(FRAMES.createWindowUpdate(stream.id(), credit));
    } finally {
      lock.unlock();
    }
    try {
      writeControls();
    } catch (IOException e) {
      // What has come already can still be read.
    }
  }

  /** Gives a stream up, if it is not over. */
  void reset(H2Stream stream, H2Error error) {
    lock.lock();
    try {
      if (!stream.isOver()) {
        end(
            stream,
            H2Exception.failed(Exchange.Failure.RESET, "the request was given up here", null),
            error);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- what this side says by itself ----

  /** Ends a stream; the caller holds the lock. */
  private void end(H2Stream stream, H2Exception why, H2Error error) {
    if (streams.remove(stream.id()) == null || end != null) {
      return;
    }
    stream.fail(why);
    control(FRAMES.createResetStream(stream.id(), error));
  }

  /** Has a frame written by a thread that may wait; the caller holds the lock. */
  private void control(RawFrame frame) {
    controls.add(frame);
    if (isControlling) {
      return;
    }
    isControlling = true;
    try {
      threads.execute(
          () -> {
            try {
              writeControls();
            } catch (IOException e) {
              // The connection is over, and its streams know it.
            }
          });
    } catch (RejectedExecutionException e) {
      // The gateway is closing, and so is the connection.
      isControlling = false;
    }
  }

  private void writeControls() throws IOException {
    writing.lock();
    try {
      writingUntil(CONTROL_NANOS);
      while (true) {
        RawFrame next;
        lock.lock();
        try {
          next = controls.poll();
          if (next == null) {
            isControlling = false;
          }
        } finally {
          lock.unlock();
        }
        if (next == null) {
          break;
        }
        output.write(next, out);
      }
      out.flush();
    } catch (IOException e) {
      throw unwritable(e);
    } finally {
      writingUntil = 0;
      writing.unlock();
    }
  }

  /** Forgets a stream that is over; the caller holds the lock. */
  private void settle(H2Stream stream) {
    if (stream.isOver()) {
      streams.remove(stream.id());
    }
  }

  // ---- reading, by the thread of the connection ----

  private void read() {
    try {
      while (true) {
        take(input.read(in));
      }
    } catch (H2ConnectionException e) {
      H2Error error = H2Error.getByCode(e.getCode());
      violated(error == null ? H2Error.PROTOCOL_ERROR : error, e);
    } catch (IOException e) {
      fail(
          isBegun
              ? H2Exception.failed(
                  Exchange.Failure.RESET, "the connection broke: " + e.getMessage(), e)
              : H2Exception.unreachable(
                  Exchange.Failure.CONNECT,
                  RareLog.Kind.PROTOCOL,
                  "the connection ends before HTTP/2 begins",
                  e));
    } catch (RuntimeException | Error e) {
      violated(H2Error.INTERNAL_ERROR, e);
      if (e instanceof Error) {
        throw e;
      }
    }
  }

  private void violated(H2Error error, Throwable e) {
    H2Exception why =
        isBegun
            ? H2Exception.failed(
                Exchange.Failure.BAD_RESPONSE, "not proper HTTP/2: " + e.getMessage(), e)
            : H2Exception.unreachable(
                Exchange.Failure.CONNECT,
                RareLog.Kind.PROTOCOL,
                "what it says does not begin as HTTP/2 does",
                e);
    lock.lock();
    try {
      // Nobody waits for the goodbye.
      for (H2Stream stream : List.copyOf(streams.values())) {
        stream.fail(why);
      }
      streams.clear();
      isLeaving = true;
    } finally {
      lock.unlock();
    }
    sayGoodbye(error);
    fail(why);
  }

  private void take(RawFrame frame) throws IOException {
    FrameType type = FrameType.valueOf(frame.getType());
    int id = frame.getStreamId() & Integer.MAX_VALUE;
    if (!isBegun) {
      require(type == FrameType.SETTINGS && !frame.isFlagSet(FrameFlag.ACK), "no settings first");
      isBegun = true;
    }
    require(
        blockStream == 0 || (type == FrameType.CONTINUATION && id == blockStream),
        "something between the fields of a head");
    boolean isToBeTold;
    lock.lock();
    try {
      lastInputNanos = System.nanoTime();
      require(++idleFrames <= MAX_IDLE_FRAMES, H2Error.ENHANCE_YOUR_CALM, "frames for nothing");
      require(controls.size() <= MAX_CONTROLS, H2Error.ENHANCE_YOUR_CALM, "too much to answer");
      if (type != null) {
        take(type, frame, id);
      }
      isToBeTold = hasChanged;
      hasChanged = false;
    } finally {
      lock.unlock();
    }
    if (isToBeTold) {
      whenChanged.run();
    }
  }

  private void take(FrameType type, RawFrame frame, int id) throws IOException {
    switch (type) {
      case DATA -> takeData(frame, id);
      case HEADERS -> takeHeaders(frame, id);
      case CONTINUATION -> takeContinuation(frame);
      case RST_STREAM -> takeReset(frame, id);
      case SETTINGS -> takeSettings(frame, id);
      case PING -> takePing(frame, id);
      case GOAWAY -> takeGoAway(frame, id);
      case WINDOW_UPDATE -> takeWindowUpdate(frame, id);
      case PUSH_PROMISE -> throw violation(H2Error.PROTOCOL_ERROR, "a push");
      default -> {
        // Priorities are of no interest, and what is not known is to be passed over.
      }
    }
  }

  private static H2ConnectionException violation(H2Error error, String what) {
    return new H2ConnectionException(error, what);
  }

  private static void require(boolean isTrue, H2Error error, String what)
      throws H2ConnectionException {
    if (!isTrue) {
      throw violation(error, what);
    }
  }

  private static void require(boolean isTrue, String what) throws H2ConnectionException {
    require(isTrue, H2Error.PROTOCOL_ERROR, what);
  }

  /** Returns the stream of a frame, {@code null} if it is over. */
  private @Nullable H2Stream stream(int id) throws H2ConnectionException {
    require(id % 2 == 1 && id < nextId, "a stream that nobody has begun");
    return streams.get(id);
  }

  private static ByteBuffer payload(RawFrame frame, int length) throws H2ConnectionException {
    ByteBuffer payload = frame.getPayload();
    if (payload == null || payload.remaining() != length) {
      throw violation(H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
    }
    return payload;
  }

  private void takeData(RawFrame frame, int id) throws IOException {
    int size = frame.getLength();
    received += size;
    if (received >= WINDOW / 2) {
      control(FRAMES.createWindowUpdate(0, received));
      received = 0;
    }
    H2Stream stream = stream(id);
    if (stream == null) {
      return;
    }
    ByteBuffer data = frame.getPayloadContent();
    if (data != null && data.hasRemaining()) {
      idleFrames = 0;
    }
    try {
      if (!stream.takeData(data, size, frame.isFlagSet(FrameFlag.END_STREAM))) {
        end(stream, malformed("more than its window"), H2Error.FLOW_CONTROL_ERROR);
        return;
      }
    } catch (ProtocolException e) {
      end(stream, malformed(e.getMessage()), H2Error.PROTOCOL_ERROR);
      return;
    }
    int credit = stream.takeCredit();
    if (credit > 0) {
      control(FRAMES.createWindowUpdate(id, credit));
    }
    settle(stream);
  }

  private static H2Exception malformed(@Nullable String what) {
    return H2Exception.failed(Exchange.Failure.BAD_RESPONSE, String.valueOf(what), null);
  }

  private void takeHeaders(RawFrame frame, int id) throws IOException {
    stream(id);
    ByteBuffer payload = frame.getPayloadContent();
    ByteBuffer fields = payload == null ? ByteBuffer.allocate(0) : payload;
    if (frame.isFlagSet(FrameFlag.PRIORITY)) {
      require(fields.remaining() >= 5, H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
      fields.position(fields.position() + 5);
    }
    block.reset();
    continuations = 0;
    blockStream = id;
    isBlockLast = frame.isFlagSet(FrameFlag.END_STREAM);
    takeBlock(frame, fields);
  }

  private void takeContinuation(RawFrame frame) throws IOException {
    require(blockStream != 0, "more fields of no head");
    require(++continuations <= MAX_CONTINUATIONS, H2Error.ENHANCE_YOUR_CALM, "endless fields");
    ByteBuffer payload = frame.getPayload();
    takeBlock(frame, payload == null ? ByteBuffer.allocate(0) : payload);
  }

  private void takeBlock(RawFrame frame, ByteBuffer fields) throws IOException {
    require(
        block.size() + fields.remaining() <= BackendConnection.MAX_HEAD,
        H2Error.ENHANCE_YOUR_CALM,
        "endless fields");
    byte[] bytes = new byte[fields.remaining()];
    fields.get(bytes);
    block.write(bytes, 0, bytes.length);
    if (!frame.isFlagSet(FrameFlag.END_HEADERS)) {
      return;
    }
    int id = blockStream;
    blockStream = 0;
    // Whoever they are for: the next ones may refer to them.
    List<Header> list;
    try {
      list = decoder.decodeHeaders(ByteBuffer.wrap(block.toByteArray()));
    } catch (HPackException e) {
      throw violation(H2Error.COMPRESSION_ERROR, "fields that cannot be read, or too many");
    }
    block.reset();
    H2Stream stream = streams.get(id);
    if (stream == null) {
      return;
    }
    idleFrames = 0;
    try {
      stream.takeFields(list, isBlockLast);
      settle(stream);
    } catch (ProtocolException e) {
      end(stream, malformed(e.getMessage()), H2Error.PROTOCOL_ERROR);
    }
  }

  private void takeReset(RawFrame frame, int id) throws IOException {
    H2Stream stream = stream(id);
    int code = payload(frame, 4).getInt();
    if (stream == null) {
      return;
    }
    streams.remove(id);
    if (stream.isReceived()) {
      // All of the answer is here; the back end wants no more of the request.
      stream.sent();
    }
    stream.fail(
        code == H2Error.REFUSED_STREAM.getCode()
            ? H2Exception.refused("the back end refuses the request")
            : H2Exception.failed(
                Exchange.Failure.RESET, "the back end broke the request off, code " + code, null));
    stream.wake();
  }

  private void takeSettings(RawFrame frame, int id) throws IOException {
    require(id == 0, "settings of a stream");
    ByteBuffer payload = frame.getPayload();
    int size = payload == null ? 0 : payload.remaining();
    if (frame.isFlagSet(FrameFlag.ACK)) {
      require(size == 0, H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
      return;
    }
    require(size % 6 == 0, H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
    while (payload != null && payload.hasRemaining()) {
      H2Param name = H2Param.valueOf(payload.getShort() & 0xFFFF);
      long value = payload.getInt() & 0xFFFFFFFFL;
      if (name != null) {
        takeSetting(name, value);
      }
    }
    control(FRAMES.createSettingsAck());
    hasSettings = true;
    hasChanged = true;
    answered.signalAll();
  }

  private void takeSetting(H2Param name, long value) throws IOException {
    switch (name) {
      case MAX_CONCURRENT_STREAMS -> maxStreams = value;
      case ENABLE_PUSH -> require(value == 0, "a back end that takes pushes");
      case MAX_FRAME_SIZE ->
          require(value >= FRAME && value < 1 << 24, "frames that are too small");
      case INITIAL_WINDOW_SIZE -> {
        require(value <= Integer.MAX_VALUE, H2Error.FLOW_CONTROL_ERROR, "a window too large");
        long by = value - firstSendWindow;
        firstSendWindow = (int) value;
        for (H2Stream stream : streams.values()) {
          require(stream.widen(by), H2Error.FLOW_CONTROL_ERROR, "a window too large");
        }
      }
      default -> {
        // The table of compressed fields is not used; the others are of no interest.
      }
    }
  }

  private void takePing(RawFrame frame, int id) throws IOException {
    require(id == 0, "a ping of a stream");
    ByteBuffer payload = payload(frame, 8);
    if (frame.isFlagSet(FrameFlag.ACK)) {
      isTested = false;
      answered.signalAll();
      return;
    }
    ByteBuffer same = ByteBuffer.allocate(8).put(payload).flip();
    control(FRAMES.createPingAck(same));
  }

  private void takeGoAway(RawFrame frame, int id) throws IOException {
    require(id == 0, "the end of a stream as that of the connection");
    ByteBuffer payload = frame.getPayload();
    if (payload == null || payload.remaining() < 8) {
      throw violation(H2Error.FRAME_SIZE_ERROR, "a frame of the wrong size");
    }
    int last = payload.getInt() & Integer.MAX_VALUE;
    isLeaving = true;
    for (H2Stream stream : new ArrayList<>(streams.values())) {
      if (stream.id() > last) {
        streams.remove(stream.id());
        stream.fail(H2Exception.unprocessed("the back end has closed the connection"));
      }
    }
    hasChanged = true;
  }

  private void takeWindowUpdate(RawFrame frame, int id) throws IOException {
    int by = payload(frame, 4).getInt() & Integer.MAX_VALUE;
    if (id == 0) {
      sendWindow += by;
      require(by > 0, "a window that does not change");
      require(sendWindow <= Integer.MAX_VALUE, H2Error.FLOW_CONTROL_ERROR, "a window too large");
      for (H2Stream stream : streams.values()) {
        stream.wake();
      }
      return;
    }
    H2Stream stream = stream(id);
    if (stream == null) {
      return;
    }
    if (by == 0) {
      end(stream, malformed("a window that does not change"), H2Error.PROTOCOL_ERROR);
    } else if (!stream.widen(by)) {
      end(stream, malformed("a window too large"), H2Error.FLOW_CONTROL_ERROR);
    }
  }
}
