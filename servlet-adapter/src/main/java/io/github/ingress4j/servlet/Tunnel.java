package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.policy.Upgrade;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client and a back end that speak another protocol than HTTP with each other, from the moment in
 * which the back end agreed until both connections are closed.
 *
 * <pre>
 *   client ─► container's call ─► 16 KiB ─► 16 KiB ─► a thread while there is something ─► back end
 *   client ◄──────────────────── the tunnel's own thread, 16 KiB ◄─────────────────────── back end
 * </pre>
 *
 * <p>In Undertow, beside whose calls nobody can read safely, a thread of the tunnel waits for the
 * client's bytes and sends them on.
 *
 * <p>A thread of the container never waits here for longer than {@value #CALL_MILLIS} ms: a back
 * end that takes nothing, or a client that does not, holds threads of the tunnel alone. What is not
 * taken is not read from the other side.
 *
 * <p>It ends when both sides have said all, when one of them breaks off, when no byte has passed
 * for the route's read timeout, when one of them takes nothing for its send timeout, and when the
 * gateway closes. Whatever ends it, the exchange ends with it, exactly once.
 *
 * <p>Thread-safe.
 */
final class Tunnel {

  private static final int CALL_MILLIS = 50;

  /** FIN and opcode 8, two bytes, status 1001: going away. */
  private static final byte[] FAREWELL = {(byte) 0x88, 2, 0x03, (byte) 0xE9};

  /**
   * What it begins with.
   *
   * @param exchange the exchange, which ends with the tunnel
   * @param forward the attempt that was answered
   * @param connectNanos how long connecting took, as exchanges are told
   * @param headNanos how long the answer took, as exchanges are told
   * @param protocol what is spoken
   */
  record Origin(
      Exchange exchange, Forward forward, long connectNanos, long headNanos, String protocol) {}

  private enum State {
    AGREED,
    OPEN,
    ENDED
  }

  private final Tunnels tunnels;
  private final Tunnels.Seat seat;
  private final Origin origin;
  private final ServletRequest request;
  private final @Nullable JettyConnection jetty;
  private final BackendStream backEnd;
  private final Watchdog.Guard silence;
  private final Watchdog.Guard standstill;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private State state = State.AGREED;
  private byte[] filling = new byte[RequestBody.BUFFER];
  private byte[] spare = new byte[RequestBody.BUFFER];
  private int filled;
  private boolean isSending;
  private boolean isLeftUnread;
  private boolean isPausing;
  private boolean isClientAtEnd;
  private boolean isClientGone;
  private boolean isBackEndTold;

  /** Held while something is written to the client. */
  private final ReentrantLock writing = new ReentrantLock();

  private final @Nullable WebSocketFrames frames;
  private boolean isLeaving;
  private boolean hasLeft;

  private volatile @Nullable ClientEnd client;
  private volatile @Nullable Thread own;

  /** Who waits for bytes of the client, if anybody does. */
  private volatile @Nullable Thread reader;

  private volatile boolean isOver;
  private volatile long lastByteNanos = System.nanoTime();
  private final Stopwatch toClient = new Stopwatch();
  private final Stopwatch toBackEnd = new Stopwatch();

  Tunnel(
      Tunnels tunnels,
      Tunnels.Seat seat,
      Origin origin,
      ServletRequest request,
      BackendStream backEnd) {
    this.tunnels = tunnels;
    this.seat = seat;
    this.origin = origin;
    this.request = request;
    jetty = JettyConnection.of(request);
    this.backEnd = backEnd;
    frames = Upgrade.isWebSocket(origin.protocol()) ? new WebSocketFrames() : null;
    Watchdog watchdog = tunnels.watchdog();
    silence =
        watchdog.watch(
            origin.forward().transport().readTimeout().toNanos(), () -> lastByteNanos, this::abort);
    standstill =
        watchdog.watch(
            origin.forward().transport().sendTimeout().toNanos(),
            () -> earlier(toClient.sinceNanos(), toBackEnd.sinceNanos()),
            this::abort);
    tunnels.opened(this);
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** Begins, with the connection that the container hands over. */
  void begin(WebConnection connection) {
    lock.lock();
    try {
      if (state != State.AGREED) {
        close(connection);
        return;
      }
      state = State.OPEN;
    } finally {
      lock.unlock();
    }
    try {
      ClientEnd current = new ClientEnd(request, jetty, connection);
      client = current;
      tunnels.execute(this::run);
      if (current.isWaitedFor()) {
        tunnels.execute(() -> waitForBytes(current));
      } else {
        current.in().setReadListener(new Calls(current));
      }
    } catch (RejectedExecutionException e) {
      end(false);
    } catch (IOException | RuntimeException e) {
      abort();
    }
  }

  private static void close(WebConnection connection) {
    try {
      connection.close();
    } catch (Exception e) {
      // Nobody needs it any more.
    }
  }

  /** The tunnel's own thread: from the back end to the client. */
  private void run() {
    own = Thread.currentThread();
    boolean isClean = false;
    ClientEnd current = client;
    try {
      byte[] buffer = new byte[RequestBody.BUFFER];
      for (int count = backEnd.read(buffer);
          count >= 0 && current != null;
          count = backEnd.read(buffer)) {
        lastByteNanos = System.nanoTime();
        passOn(current, buffer, count);
        lastByteNanos = System.nanoTime();
      }
      isClean = !isOver;
      if (isClean && current != null && current.endsByHalves()) {
        current.endOutput();
        awaitClient();
      }
    } catch (IOException | RuntimeException e) {
      // One of them has broken off, or it is over. Neither needs to be told why.
    } finally {
      own = null;
      end(isClean);
    }
  }

  /** From the client to the back end, on a thread that waits. */
  private void waitForBytes(ClientEnd current) {
    reader = Thread.currentThread();
    try {
      byte[] buffer = new byte[RequestBody.BUFFER];
      for (int count = current.in().read(buffer); count >= 0; count = current.in().read(buffer)) {
        lastByteNanos = System.nanoTime();
        toBackEnd.start();
        try {
          backEnd.write(buffer, count);
        } finally {
          toBackEnd.stop();
        }
        lastByteNanos = System.nanoTime();
      }
      clientAtEnd();
    } catch (IOException | RuntimeException e) {
      if (!isGone()) {
        abort();
      }
    } finally {
      reader = null;
    }
  }

  private void passOn(ClientEnd current, byte[] bytes, int count) throws IOException {
    writing.lock();
    try {
      if (hasLeft) {
        return;
      }
      int end = count;
      if (frames != null) {
        end = isLeaving && frames.isBetween() ? 0 : frames.next(bytes, 0, count);
        while (end < count && !isLeaving) {
          end = frames.next(bytes, end, count);
        }
      }
      write(current, bytes, end);
      leaveBetweenFrames(current);
    } finally {
      writing.unlock();
    }
  }

  private void write(ClientEnd current, byte[] bytes, int count) throws IOException {
    if (isOver) {
      throw new IOException("the tunnel has ended");
    }
    toClient.start();
    try {
      current.write(bytes, 0, count);
    } finally {
      toClient.stop();
    }
  }

  /** Says goodbye to a client of a WebSocket, whose answer makes the back end close. */
  private void leaveBetweenFrames(ClientEnd current) throws IOException {
    if (isLeaving && !hasLeft && frames != null && frames.isBetween() && !frames.isClosing()) {
      hasLeft = true;
      write(current, FAREWELL, FAREWELL.length);
    }
  }

  /** Waits until the client has ended, too, and the back end knows. */
  private void awaitClient() {
    lock.lock();
    try {
      while (!isOver && !isBackEndTold) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what the client has sent, as far as there is room.
   *
   * @return whether nothing was left for lack of room
   */
  private boolean takeFrom(ClientEnd current) throws IOException {
    lock.lock();
    try {
      isLeftUnread = false;
      while (state == State.OPEN && !isClientAtEnd && current.in().isReady()) {
        if (filled == filling.length) {
          isLeftUnread = true;
          break;
        }
        int count = current.in().read(filling, filled, filling.length - filled);
        if (count < 0) {
          isClientAtEnd = true;
        } else {
          filled += count;
          lastByteNanos = System.nanoTime();
        }
      }
      isClientAtEnd |= current.in().isFinished();
      send();
      return !isLeftUnread;
    } finally {
      lock.unlock();
    }
  }

  /** Begins to send to the back end if there is something to send. The lock is held. */
  private void send() {
    boolean isNeeded = filled > 0 || (isClientAtEnd && !isBackEndTold);
    if (isNeeded && !isSending && state == State.OPEN) {
      isSending = true;
      try {
        tunnels.execute(this::sendAll);
      } catch (RejectedExecutionException e) {
        // Everything is being closed.
        isOver = true;
      }
    }
  }

  /** On a thread of its own: from the client to the back end, until there is nothing left. */
  private void sendAll() {
    try {
      ClientEnd current = client;
      for (int count = swap(); count > 0; count = swap()) {
        toBackEnd.start();
        try {
          backEnd.write(spare, count);
        } finally {
          toBackEnd.stop();
        }
        lastByteNanos = System.nanoTime();
        if (current != null) {
          resume(current);
        }
      }
    } catch (IOException | RuntimeException e) {
      abort();
    }
  }

  /** Takes what there is to send; 0 if there is nothing any more, and the back end knows an end. */
  private int swap() throws IOException {
    lock.lock();
    try {
      int count = state == State.OPEN ? filled : 0;
      byte[] full = filling;
      filling = spare;
      spare = full;
      filled = 0;
      if (count == 0) {
        isSending = false;
        if (isClientAtEnd && !isBackEndTold && state == State.OPEN) {
          backEnd.endOutput();
          isBackEndTold = true;
          endIfClientIsGone();
        }
      }
      changed.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Reads on where a call of the container had to stop. */
  private void resume(ClientEnd current) throws IOException {
    lock.lock();
    try {
      if (isLeftUnread && current.isReadInCalls()) {
        // A call that waits for room sees it by itself; one more would wait behind it.
        if (!isPausing) {
          isLeftUnread = false;
          current.callAgain();
        }
      } else if (isLeftUnread) {
        takeFrom(current);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps a container that calls again and again from doing so at once.
   *
   * @param isShort whether it calls again however little there is to read
   * @return whether there is room now
   */
  private boolean pause(boolean isShort) {
    lock.lock();
    isPausing = true;
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(isShort ? CALL_MILLIS : Integer.MAX_VALUE);
      while (left > 0 && state == State.OPEN && (filled == filling.length || isClientAtEnd)) {
        left = changed.awaitNanos(left);
      }
      return state == State.OPEN && filled < filling.length;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      isPausing = false;
      lock.unlock();
    }
  }

  private void clientAtEnd() {
    lock.lock();
    try {
      isClientAtEnd = true;
      send();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes notice that the client's connection is closed. What it has said still reaches the back
   * end, as it would without anybody between.
   */
  void clientClosed() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        isClientGone = true;
        isClientAtEnd = true;
        send();
        endIfClientIsGone();
        return;
      }
    } finally {
      lock.unlock();
    }
    abort();
  }

  /** Ends it if there is nobody for whom the back end could say anything. The lock is held. */
  private void endIfClientIsGone() {
    if (isClientGone && isBackEndTold) {
      isOver = true;
      changed.signalAll();
      backEnd.cut();
    }
  }

  /** Ends it in the best way that the protocol knows; soon, but not at once. */
  void leave() {
    ClientEnd current = client;
    if (frames == null || current == null) {
      if (current == null) {
        abort();
        return;
      }
      lock.lock();
      try {
        isOver = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      backEnd.cut();
      return;
    }
    try {
      tunnels.execute(() -> sayGoodbye(current));
    } catch (RejectedExecutionException e) {
      abort();
    }
  }

  private void sayGoodbye(ClientEnd current) {
    writing.lock();
    try {
      isLeaving = true;
      leaveBetweenFrames(current);
    } catch (IOException | RuntimeException e) {
      abort();
    } finally {
      writing.unlock();
    }
  }

  /** Ends it at once. Does not wait. */
  void abort() {
    boolean isBegun;
    lock.lock();
    try {
      if (state == State.ENDED) {
        return;
      }
      isOver = true;
      isBegun = state == State.OPEN;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    backEnd.reset();
    if (!isBegun) {
      end(false);
      return;
    }
    ClientEnd current = client;
    if (current != null && toClient.isRunning()) {
      current.abort();
      Thread waiting = own;
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  private void end(boolean isClean) {
    lock.lock();
    try {
      if (state == State.ENDED) {
        return;
      }
      state = State.ENDED;
      isOver = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    silence.close();
    standstill.close();
    try {
      if (isClean) {
        backEnd.close();
      } else {
        backEnd.reset();
      }
      ClientEnd current = client;
      if (current != null) {
        current.close();
      }
      Thread waiting = reader;
      if (waiting != null) {
        waiting.interrupt();
      }
    } finally {
      seat.close();
      try {
        Exchange exchange = origin.exchange();
        exchange.closed(origin.forward(), origin.connectNanos(), origin.headNanos(), isClean);
        exchange.end();
      } finally {
        tunnels.ended(this);
      }
    }
  }

  /** What the container calls. */
  private final class Calls implements ReadListener {

    private final ClientEnd current;

    Calls(ClientEnd current) {
      this.current = current;
    }

    @Override
    public void onDataAvailable() throws IOException {
      boolean isTaken = takeFrom(current);
      while (!isTaken && current.isReadInCalls() && pause(current.canCallAgain())) {
        isTaken = takeFrom(current);
      }
    }

    @Override
    public void onAllDataRead() {
      clientAtEnd();
    }

    @Override
    public void onError(Throwable error) {
      if (current.isEnd(error)) {
        clientAtEnd();
        pause(true);
      } else if (!isGone()) {
        abort();
      }
    }
  }

  /** Whether the container has closed the client's connection, and calls whatever follows. */
  private boolean isGone() {
    lock.lock();
    try {
      return isClientGone;
    } finally {
      lock.unlock();
    }
  }

  /** Since when somebody waits, if anybody does. */
  private static final class Stopwatch {

    private volatile long since;
    private volatile boolean isRunning;

    void start() {
      since = System.nanoTime();
      isRunning = true;
    }

    void stop() {
      isRunning = false;
    }

    boolean isRunning() {
      return isRunning;
    }

    /** When it was started; now, if nobody waits. */
    long sinceNanos() {
      long started = since;
      return isRunning ? started : System.nanoTime();
    }
  }
}
