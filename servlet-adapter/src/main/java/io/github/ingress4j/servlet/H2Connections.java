package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connections of HTTP/2 to everybody that requests are sent to. The requests for one address
 * share a connection as long as it has places; then there is another one, up to a number.
 *
 * <p>Names are resolved and addresses judged before; here only addresses are connected to.
 *
 * <p>Thread-safe.
 */
final class H2Connections implements AutoCloseable {

  /** So many connections to one address, with the same TLS, take new requests at a time. */
  private static final int MAX_CONNECTIONS = 8;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long TEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String PROTOCOL = "h2";

  private final Watchdog watchdog;
  private final Executor threads;
  private final Times times;
  private final Map<Key, Shared> all = new ConcurrentHashMap<>();
  private Watchdog.@Nullable Rounds rounds;
  private volatile boolean isClosed;

  /**
   * How long connections are trusted.
   *
   * @param idleNanos how long one is kept without a request
   * @param silenceNanos how long one may have been silent before it is tested
   */
  record Times(long idleNanos, long silenceNanos) {

    /** A connection may be silent for 5 seconds. */
    static Times idle(long idleNanos) {
      return new Times(idleNanos, TimeUnit.SECONDS.toNanos(5));
    }
  }

  /**
   * Whom a connection leads to.
   *
   * @param tls what the other side was asked to show; empty for no TLS
   */
  private record Key(InetSocketAddress address, String tls) {}

  /**
   * A place for one request.
   *
   * @param isReused whether the connection was there before
   * @param connectNanos how long connecting took, -1 if it was not done
   */
  record Place(H2Connection connection, boolean isReused, long connectNanos) {}

  /**
   * Makes an empty pool.
   *
   * @param watchdog bounds handshakes and writes
   * @param threads what writes what connections have to say by themselves
   */
  H2Connections(Watchdog watchdog, Executor threads, Times times) {
    this.watchdog = watchdog;
    this.threads = threads;
    this.times = times;
  }

  /**
   * Finds a place on a connection to the first address that has one, or accepts another connection.
   * Nothing of a request is sent to anybody.
   *
   * @param tls how TLS is spoken; {@code null} for no TLS
   * @param addresses where to, the best first
   * @param nanos how long it may take for one of them
   * @throws H2Exception if there is none; it says what went wrong with the last address
   */
  Place place(@Nullable TlsClient tls, List<InetSocketAddress> addresses, long nanos)
      throws H2Exception {
    H2Exception last =
        H2Exception.unreachable(Exchange.Failure.NO_ENDPOINT, null, "no address", null);
    for (InetSocketAddress address : addresses) {
      Key key = new Key(address, tls == null ? "" : tls.id());
      try {
        while (true) {
          Shared shared = all.computeIfAbsent(key, ignored -> new Shared());
          Place place = shared.place(address, tls, nanos);
          if (place != null) {
            return place;
          }
          // It was given up in this moment.
          all.remove(key, shared);
        }
      } catch (H2Exception e) {
        last = e;
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw last;
  }

  private H2Connection open(
      InetSocketAddress address, @Nullable TlsClient tls, long nanos, Runnable whenChanged)
      throws H2Exception {
    String where = " (" + address.getAddress().getHostAddress() + ":" + address.getPort() + ")";
    long start = System.nanoTime();
    Socket raw = new Socket();
    boolean isConnected = false;
    boolean isOpen = false;
    try (Watchdog.Guard guard = watchdog.watch(nanos, () -> start, () -> close(raw))) {
      try {
        raw.setTcpNoDelay(true);
        raw.connect(address, (int) Math.min(Integer.MAX_VALUE, Math.max(1, nanos / 1_000_000)));
        isConnected = true;
        Socket socket = tls == null ? raw : handshake(tls, raw);
        H2Connection connection = new H2Connection(socket, raw, threads, whenChanged);
        connection.begin(nanos - (System.nanoTime() - start));
        isOpen = true;
        return connection;
      } catch (IOException e) {
        boolean isLate = guard.hasBarked() || e instanceof SocketTimeoutException;
        if (!isLate && e instanceof H2Exception known && known.kind() != null) {
          throw H2Exception.unreachable(
              known.failure(), known.kind(), known.getMessage() + where, e);
        }
        throw H2Exception.unreachable(
            isLate ? Exchange.Failure.CONNECT_TIMEOUT : Exchange.Failure.CONNECT,
            isConnected && tls != null && !(e instanceof H2Exception) ? RareLog.Kind.TLS : null,
            (isLate ? "it does not answer in time" : e.getMessage()) + where,
            e);
      }
    } finally {
      if (!isOpen) {
        close(raw);
      }
    }
  }

  private static SSLSocket handshake(TlsClient tls, Socket raw) throws IOException {
    SSLSocket socket = tls.over(raw, PROTOCOL);
    socket.startHandshake();
    String chosen = socket.getApplicationProtocol();
    if (!PROTOCOL.equals(chosen)) {
      throw H2Exception.unreachable(
          Exchange.Failure.CONNECT,
          RareLog.Kind.PROTOCOL,
          "it was offered h2 in the handshake (ALPN) and chooses "
              + (chosen == null || chosen.isEmpty() ? "nothing" : chosen),
          null);
    }
    return socket;
  }

  private static void close(Socket raw) {
    try {
      raw.close();
    } catch (IOException e) {
      // It is of no use in any case.
    }
  }

  // ---- the watch, as long as there is a connection ----

  private synchronized void watch() {
    if (rounds == null && !isClosed) {
      rounds = watchdog.rounds(LOOK_NANOS, this::look);
    }
  }

  /** Closes the connections that have no request. */
  void closeIdle() {
    look(0);
  }

  private void look() {
    look(times.idleNanos);
  }

  private void look(long idleNanos) {
    List<H2Connection> over = new ArrayList<>();
    all.values().removeIf(shared -> shared.look(over, idleNanos));
    over.forEach(connection -> execute(connection::shutdown));
    synchronized (this) {
      if (all.isEmpty() && rounds != null) {
        rounds.close();
        rounds = null;
      }
    }
    if (!all.isEmpty()) {
      watch();
    }
  }

  private void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      // Everything is being closed.
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      if (rounds != null) {
        rounds.close();
        rounds = null;
      }
    }
    for (Shared shared : all.values()) {
      shared.close();
    }
    all.clear();
  }

  /** One attempt to open a connection, which others may wait for. */
  private static final class Opening {
    boolean isOver;
    @Nullable H2Exception failure;
  }

  /** The connections to one address. */
  private final class Shared {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<H2Connection> connections = new ArrayList<>();
    private @Nullable Opening opening;
    private int waiting;
    private boolean isGone;

    /** Finds a place; {@code null} if these connections were given up. */
    @Nullable Place place(InetSocketAddress address, @Nullable TlsClient tls, long nanos)
        throws H2Exception {
      long start = System.nanoTime();
      while (true) {
        H2Connection found = null;
        lock.lock();
        try {
          waiting++;
          try {
            long left = nanos - (System.nanoTime() - start);
            while (found == null) {
              if (isGone) {
                return null;
              }
              found = reserve();
              if (found == null) {
                Opening other = opening;
                if (other == null && usable() < MAX_CONNECTIONS) {
                  opening = new Opening();
                  break;
                }
                if (left <= 0) {
                  throw H2Exception.unreachable(
                      Exchange.Failure.OVERLOADED, null, "all connections are in use", null);
                }
                left = changed.awaitNanos(left);
                if (other != null && other.isOver && other.failure != null) {
                  // It would be the same again.
                  throw other.failure.again();
                }
              }
            }
          } finally {
            waiting--;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw H2Exception.unreachable(Exchange.Failure.OVERLOADED, null, "interrupted", e);
        } finally {
          lock.unlock();
        }
        if (found == null) {
          return open(address, tls, nanos);
        }
        if (found.isAlive(times.silenceNanos, Math.min(TEST_NANOS, nanos))) {
          return new Place(found, true, -1);
        }
        found.release();
        if (Thread.currentThread().isInterrupted()) {
          throw H2Exception.unreachable(Exchange.Failure.OVERLOADED, null, "interrupted", null);
        }
      }
    }

    private @Nullable H2Connection reserve() {
      for (H2Connection connection : connections) {
        if (connection.reserve()) {
          return connection;
        }
      }
      return null;
    }

    private int usable() {
      int usable = 0;
      for (H2Connection connection : connections) {
        usable += connection.isOpen() ? 1 : 0;
      }
      return usable;
    }

    private Place open(InetSocketAddress address, @Nullable TlsClient tls, long nanos)
        throws H2Exception {
      long start = System.nanoTime();
      H2Connection connection = null;
      H2Exception failure = null;
      try {
        connection = H2Connections.this.open(address, tls, nanos, this::changed);
        if (isClosed || !connection.reserve()) {
          connection.shutdown();
          throw H2Exception.unreachable(
              Exchange.Failure.CONNECT, null, "it takes no request on a new connection", null);
        }
        return new Place(connection, false, System.nanoTime() - start);
      } catch (H2Exception e) {
        connection = null;
        failure = e;
        throw e;
      } finally {
        lock.lock();
        try {
          Opening own = opening;
          opening = null;
          if (own != null) {
            own.isOver = true;
            own.failure = failure;
          }
          if (connection != null) {
            connections.add(connection);
          }
          changed.signalAll();
        } finally {
          lock.unlock();
        }
        watch();
      }
    }

    private void changed() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Collects the connections that are to be shut down; tells whether there are no others. */
    boolean look(List<H2Connection> over, long idleNanos) {
      List<H2Connection> known;
      lock.lock();
      try {
        known = List.copyOf(connections);
      } finally {
        lock.unlock();
      }
      // Ending a connection tells this object about it, so its lock must not be held.
      List<H2Connection> ended =
          known.stream().filter(connection -> connection.retire(idleNanos)).toList();
      lock.lock();
      try {
        connections.removeAll(ended);
        over.addAll(ended);
        isGone = connections.isEmpty() && opening == null && waiting == 0;
        return isGone;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      List<H2Connection> known;
      lock.lock();
      try {
        isGone = true;
        known = List.copyOf(connections);
        connections.clear();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      known.forEach(H2Connection::shutdown);
    }
  }
}
