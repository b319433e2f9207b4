package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The connections to everybody that requests are sent to, kept for as long as they are of use.
 * Names are resolved and addresses judged before; here only addresses are connected to.
 *
 * <p>Thread-safe.
 */
final class BackendConnections implements AutoCloseable {

  private static final int MAX_CONNECTIONS_PER_ADDRESS = 512;
  private static final long PURGE_NANOS = 5_000_000_000L;

  /** A connection that was idle for longer is tested before it is used, which costs 1 ms. */
  private static final TimeValue TEST_AFTER = TimeValue.ofMilliseconds(250);

  private final PoolingHttpClientConnectionManager connections;
  private final AtomicLong lastPurgeNanos = new AtomicLong(System.nanoTime());

  /**
   * Makes an empty pool.
   *
   * @param watchdog bounds handshakes
   */
  BackendConnections(Watchdog watchdog) {
    connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
            .setMaxConnPerRoute(MAX_CONNECTIONS_PER_ADDRESS)
            .setDnsResolver(new NoNames())
            .setTlsSocketStrategy(new Handshakes(watchdog))
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setValidateAfterInactivity(TEST_AFTER).build())
            .setConnectionFactory(BackendConnection::create)
            .build();
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
   * Connects to the first address that accepts, without having sent anything to any.
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
    Exchange.Failure failure = Exchange.Failure.NO_ENDPOINT;
    String reason = "no address";
    boolean isHandshake = false;
    for (InetSocketAddress address : addresses) {
      InetAddress ip = address.getAddress();
      HttpRoute route =
          tls == null
              ? new HttpRoute(new HttpHost("http", ip, ip.getHostAddress(), address.getPort()))
              // What the other side must show is part of the key: whoever asks for more, or for
              // something else, never gets a connection on which it was not asked for.
              : new HttpRoute(new HttpHost("https", ip, tls.id(), address.getPort()), null, true);
      ConnectionEndpoint leased;
      try {
        leased = connections.lease("", route, connectTimeout, null).get(connectTimeout);
      } catch (TimeoutException e) {
        failure = Exchange.Failure.OVERLOADED;
        reason = "all connections are in use";
        continue;
      } catch (ExecutionException e) {
        failure = Exchange.Failure.CONNECT;
        reason = String.valueOf(e.getMessage());
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UnreachableException(Exchange.Failure.OVERLOADED, "interrupted", false);
      }
      try {
        boolean isReused = leased.isConnected();
        long connectNanos = -1;
        if (!isReused) {
          long start = System.nanoTime();
          HttpCoreContext context = HttpCoreContext.create();
          if (tls != null) {
            context.setAttribute(
                Handshakes.PLAN, new Plan(tls, start, connectTimeout.toNanoseconds()));
          }
          connections.connect(leased, connectTimeout, context);
          connectNanos = System.nanoTime() - start;
        }
        leased.setSocketTimeout(idleTimeout);
        return new Opened(leased, isReused, connectNanos);
      } catch (IOException e) {
        isHandshake = e instanceof HandshakeException;
        failure =
            e instanceof ConnectTimeoutException
                    || (e instanceof HandshakeException handshake && handshake.isTimeout)
                ? Exchange.Failure.CONNECT_TIMEOUT
                : Exchange.Failure.CONNECT;
        reason = e.getMessage() + " (" + ip.getHostAddress() + ":" + address.getPort() + ")";
        discard(leased);
      } catch (RuntimeException e) {
        discard(leased);
        throw e;
      }
    }
    throw new UnreachableException(failure, reason, isHandshake);
  }

  /** Takes back a connection that must not be used again. */
  void discard(ConnectionEndpoint leased) {
    leased.close(CloseMode.IMMEDIATE);
    connections.release(leased, null, TimeValue.ZERO_MILLISECONDS);
  }

  /** Takes back a connection. */
  void release(ConnectionEndpoint leased, boolean isReusable, long keepAliveSeconds) {
    connections.release(leased, null, isReusable ? TimeValue.ofSeconds(keepAliveSeconds) : null);
    long now = System.nanoTime();
    long last = lastPurgeNanos.get();
    if (now - last > PURGE_NANOS && lastPurgeNanos.compareAndSet(last, now)) {
      connections.closeExpired();
    }
  }

  @Override
  public void close() {
    connections.close(CloseMode.GRACEFUL);
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
