package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The connections to everybody that requests are sent to, kept for as long as they are of use.
 * Names are resolved and addresses judged before; here only addresses are connected to.
 *
 * <p>There is room for a number of connections, in all and to one address. A few requests may wait
 * for room, for a while; the others are told at once that there is none. Connections that nobody
 * uses are closed when their time is over, and all of them when a new one needs their room.
 *
 * <p>Thread-safe.
 */
final class BackendConnections implements AutoCloseable {

  /** How often it is looked for connections whose time is over, as long as there are any. */
  private static final Duration PURGE = Duration.ofSeconds(5);

  /** A connection that was idle for longer is tested before it is used, which costs 1 ms. */
  private static final TimeValue TEST_AFTER = TimeValue.ofMilliseconds(250);

  private final PoolingHttpClientConnectionManager connections;
  private final Watchdog watchdog;
  private final Limits limits;
  private final Gate room;
  private final ConcurrentMap<InetSocketAddress, Gate> rooms = new ConcurrentHashMap<>();

  /** The connections that are in use, and the room at their address that each of them takes. */
  private final ConcurrentMap<ConnectionEndpoint, Gate> inUse = new ConcurrentHashMap<>();

  private final long purgeNanos;
  private final AtomicBoolean isPurgeNear = new AtomicBoolean();

  /**
   * Makes an empty pool.
   *
   * @param watchdog bounds handshakes
   */
  BackendConnections(Watchdog watchdog) {
    this(watchdog, Limits.DEFAULT);
  }

  /**
   * Makes an empty pool.
   *
   * @param watchdog bounds handshakes, and sees to what nobody uses
   * @param limits how many connections there may be, and for how long
   */
  BackendConnections(Watchdog watchdog, Limits limits) {
    this.watchdog = watchdog;
    this.limits = limits;
    room = gate(limits.connections());
    purgeNanos =
        Math.max(
            Math.min(PURGE.toNanos(), limits.idleTime().toNanos() / 2),
            Duration.ofMillis(50).toNanos());
    connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
            .setMaxConnPerRoute(limits.connectionsPerEndpoint())
            .setDnsResolver(new NoNames())
            .setTlsSocketStrategy(new Handshakes(watchdog))
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setValidateAfterInactivity(TEST_AFTER).build())
            .setConnectionFactory(BackendConnection::create)
            .build();
  }

  private Gate gate(int most) {
    return new Gate(most, limits.pending(), limits.pendingTime().toNanos());
  }

  /**
   * A connection that belongs to one request.
   *
   * @param endpoint the connection
   * @param isReused whether it has carried another request before
   * @param connectNanos how long connecting took, -1 if it was not done
   */
  record Opened(ConnectionEndpoint endpoint, boolean isReused, long connectNanos) {}

  /**
   * Connects to the first address that accepts, without having sent anything to any, or takes a
   * connection that was kept.
   *
   * @param tls how TLS is spoken; {@code null} for no TLS
   * @param addresses where to, the best first
   * @param connectTimeout how long connecting to one of them may take, with the handshake
   * @throws UnreachableException if none accepts
   */
  Opened open(
      @Nullable TlsClient tls,
      List<InetSocketAddress> addresses,
      Timeout connectTimeout,
      Timeout idleTimeout)
      throws UnreachableException {
    return open(tls, addresses, connectTimeout, idleTimeout, true);
  }

  /**
   * Connects to the first address that accepts, without having sent anything to any.
   *
   * @param tls how TLS is spoken; {@code null} for no TLS
   * @param addresses where to, the best first
   * @param connectTimeout how long connecting to one of them may take, with the handshake
   * @param mayReuse whether a connection that was kept is good enough
   * @throws UnreachableException if none accepts
   */
  Opened open(
      @Nullable TlsClient tls,
      List<InetSocketAddress> addresses,
      Timeout connectTimeout,
      Timeout idleTimeout,
      boolean mayReuse)
      throws UnreachableException {
    UnreachableException last =
        new UnreachableException(Exchange.Failure.NO_ENDPOINT, "no address", false);
    for (InetSocketAddress address : addresses) {
      Gate gate = rooms.computeIfAbsent(address, key -> gate(limits.connectionsPerEndpoint()));
      if (!gate.enter()) {
        last = overloaded("all connections to " + address + " are in use");
        continue;
      }
      if (!room.enter()) {
        gate.leave();
        throw overloaded("all connections are in use");
      }
      ConnectionEndpoint leased = null;
      try {
        leased = lease(tls, address, connectTimeout);
        inUse.put(leased, gate);
        if (!mayReuse && leased.isConnected()) {
          leased.close(CloseMode.IMMEDIATE);
        }
        long connectNanos = leased.isConnected() ? -1 : connect(leased, tls, connectTimeout);
        leased.setSocketTimeout(idleTimeout);
        return new Opened(leased, connectNanos < 0, connectNanos);
      } catch (UnreachableException e) {
        last = e;
        giveUp(leased, gate);
      } catch (IOException e) {
        last = unreachable(e, address);
        giveUp(leased, gate);
      } catch (RuntimeException e) {
        giveUp(leased, gate);
        throw e;
      }
    }
    throw last;
  }

  /** Takes a connection that is not in use, or the place of one that is still to be opened. */
  private ConnectionEndpoint lease(
      @Nullable TlsClient tls, InetSocketAddress address, Timeout timeout)
      throws UnreachableException {
    InetAddress ip = address.getAddress();
    HttpRoute route =
        tls == null
            ? new HttpRoute(new HttpHost("http", ip, ip.getHostAddress(), address.getPort()))
            // What the other side must show is part of the key: whoever asks for more, or for
            // something else, never gets a connection on which it was not asked for.
            : new HttpRoute(new HttpHost("https", ip, tls.id(), address.getPort()), null, true);
    try {
      return connections.lease("", route, timeout, null).get(timeout);
    } catch (TimeoutException e) {
      throw overloaded("all connections are in use");
    } catch (ExecutionException e) {
      throw new UnreachableException(
          Exchange.Failure.CONNECT, String.valueOf(e.getMessage()), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overloaded("interrupted");
    } catch (IllegalStateException e) {
      // The pool is closed.
      throw overloaded(String.valueOf(e.getMessage()));
    }
  }

  /** Opens a connection, and returns how long that took. */
  private long connect(ConnectionEndpoint leased, @Nullable TlsClient tls, Timeout timeout)
      throws IOException {
    PoolStats stats = connections.getTotalStats();
    if (stats.getLeased() + stats.getAvailable() > limits.connections()) {
      connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }
    long start = System.nanoTime();
    HttpCoreContext context = HttpCoreContext.create();
    if (tls != null) {
      context.setAttribute(Handshakes.PLAN, new Plan(tls, start, timeout.toNanoseconds()));
    }
    connections.connect(leased, timeout, context);
    return System.nanoTime() - start;
  }

  private static UnreachableException overloaded(String reason) {
    return new UnreachableException(Exchange.Failure.OVERLOADED, reason, false);
  }

  private static UnreachableException unreachable(IOException e, InetSocketAddress address) {
    boolean isTimeout =
        e instanceof ConnectTimeoutException
            || (e instanceof HandshakeException handshake && handshake.isTimeout);
    return new UnreachableException(
        isTimeout ? Exchange.Failure.CONNECT_TIMEOUT : Exchange.Failure.CONNECT,
        e.getMessage()
            + " ("
            + address.getAddress().getHostAddress()
            + ":"
            + address.getPort()
            + ")",
        e instanceof HandshakeException);
  }

  private void giveUp(@Nullable ConnectionEndpoint leased, Gate gate) {
    if (leased == null) {
      gate.leave();
      room.leave();
    } else {
      discard(leased);
    }
  }

  private void leave(ConnectionEndpoint leased) {
    Gate gate = inUse.remove(leased);
    if (gate != null) {
      gate.leave();
      room.leave();
    }
  }

  /** Takes back a connection that must not be used again. */
  void discard(ConnectionEndpoint leased) {
    leased.close(CloseMode.IMMEDIATE);
    connections.release(leased, null, TimeValue.ZERO_MILLISECONDS);
    leave(leased);
  }

  /** Takes back a connection. */
  void release(ConnectionEndpoint leased, boolean isReusable, long keepAliveSeconds) {
    long keptMillis = Math.min(keepAliveSeconds * 1_000, limits.idleTime().toMillis());
    connections.release(
        leased, null, isReusable && keptMillis > 0 ? TimeValue.ofMilliseconds(keptMillis) : null);
    leave(leased);
    if (isReusable && !isPurgeNear.get() && isPurgeNear.compareAndSet(false, true)) {
      watchdog.later(purgeNanos, this::purge);
    }
  }

  /** Closes connections that nobody has used for too long, and goes on while there are any. */
  private void purge() {
    isPurgeNear.set(false);
    connections.closeExpired();
    rooms.values().removeIf(Gate::isIdle);
    if (connections.getTotalStats().getAvailable() > 0 && isPurgeNear.compareAndSet(false, true)) {
      watchdog.later(purgeNanos, this::purge);
    }
  }

  /** Closes the connections that nobody uses. */
  void closeIdle() {
    connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
  }

  /** Returns how many connections there are. */
  int size() {
    PoolStats stats = connections.getTotalStats();
    return stats.getLeased() + stats.getAvailable();
  }

  /** Closes all connections, those in use as well. */
  @Override
  public void close() {
    connections.close(CloseMode.IMMEDIATE);
  }

  /** No address accepts a connection. */
  static final class UnreachableException extends IOException {

    private static final long serialVersionUID = 1;

    private final Exchange.Failure failure;
    private final boolean isHandshake;

    UnreachableException(Exchange.Failure failure, String reason, boolean isHandshake) {
      super(reason);
      this.failure = failure;
      this.isHandshake = isHandshake;
    }

    /** Returns whether the last address took the connection, but TLS did not come about. */
    boolean isHandshake() {
      return isHandshake;
    }

    /** Returns what went wrong with the last address. */
    Exchange.Failure failure() {
      return failure;
    }
  }

  /** Addresses are resolved and checked before; a name that came this far is a mistake. */
  private static final class NoNames implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      throw new UnknownHostException("names are not resolved here");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /** How TLS is to be spoken on a connection that is being opened, and until when. */
  private record Plan(TlsClient tls, long startNanos, long nanos) {}

  /**
   * Begins TLS on connections. A handshake is a number of reads, each of which could wait; all of
   * them together, with what connecting has taken, must end in time.
   */
  private record Handshakes(Watchdog watchdog) implements TlsSocketStrategy {

    static final String PLAN = "ingress4j.tls";

    @Override
    public SSLSocket upgrade(
        Socket raw, String target, int port, Object attachment, HttpContext context)
        throws IOException {
      if (!(context.getAttribute(PLAN) instanceof Plan plan)) {
        throw new IllegalStateException("nobody has said how TLS is spoken");
      }
      long left = plan.nanos - (System.nanoTime() - plan.startNanos);
      raw.setSoTimeout(0);
      try (Watchdog.Guard guard =
          watchdog.watch(
              left, () -> plan.startNanos + plan.nanos - left, () -> closeQuietly(raw))) {
        try {
          SSLSocket socket = plan.tls.over(raw);
          socket.startHandshake();
          return socket;
        } catch (IOException e) {
          closeQuietly(raw);
          throw guard.hasBarked()
              ? new HandshakeException("the handshake did not end in time", e, true)
              : new HandshakeException(String.valueOf(e.getMessage()), e, false);
        }
      }
    }

    private static void closeQuietly(Socket raw) {
      try {
        raw.close();
      } catch (IOException e) {
        // It is of no use in any case.
      }
    }
  }

  /** TLS did not come about. */
  private static final class HandshakeException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean isTimeout;

    HandshakeException(String reason, IOException cause, boolean isTimeout) {
      super(reason, cause);
      this.isTimeout = isTimeout;
    }
  }
}
