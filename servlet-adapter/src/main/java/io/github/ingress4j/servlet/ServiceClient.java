package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests of the router's own, over HTTP/1.1 with or without TLS, and brings back the heads
 * of the answers. Names are resolved as those of back ends are, and the same addresses are refused.
 * Redirects are not followed.
 *
 * <p>Thread-safe.
 */
final class ServiceClient {

  /** What is read of a body that nobody wants, so that its connection can be used again. */
  private static final int MAX_DRAINED = 16 * 1024;

  /** How long such a body is waited for: most come in the same packet as their head. */
  private static final Timeout DRAIN = Timeout.ofMilliseconds(20);

  private static final int MAX_STALE = 3;

  private final BackendConnections connections;
  private final BackendTls tls;
  private final ServiceDns dns;
  private final Watchdog watchdog;

  /**
   * Makes a client.
   *
   * @param watchdog bounds writing to a service that takes nothing
   */
  ServiceClient(BackendConnections connections, BackendTls tls, ServiceDns dns, Watchdog watchdog) {
    this.connections = connections;
    this.tls = tls;
    this.dns = dns;
    this.watchdog = watchdog;
  }

  /**
   * Sends a request.
   *
   * @param body the body, or {@code null} for none
   * @return the head of the answer
   * @throws IOException if no answer comes
   * @throws HttpException if it is not HTTP as it should be
   */
  Exchange.ReplyHead send(ServiceCall call, byte @Nullable [] body)
      throws IOException, HttpException {
    List<InetSocketAddress> addresses = dns.resolve(call.name(), call.port());
    if (addresses.isEmpty()) {
      throw new UnknownHostException("it has no address that may be connected to");
    }
    Timeout idleTimeout = Timeout.of(call.idleTimeout());
    for (int stale = 0; ; stale++) {
      BackendConnections.Opened opened =
          connections.open(
              call.isTls() ? tls.named(call.name()) : null,
              addresses,
              Timeout.of(call.connectTimeout()),
              idleTimeout);
      Attempt attempt = new Attempt(call, body, opened);
      try {
        return attempt.run();
      } catch (NotAnsweredException e) {
        // A connection that was kept may be closed by the other side at any time; a question that
        // changes nothing can be asked again.
        if (stale == MAX_STALE || !opened.isReused() || body != null) {
          throw e;
        }
      } finally {
        attempt.release();
      }
    }
  }

  private final class Attempt {

    private final ServiceCall call;
    private final BackendConnections.Opened opened;
    private final byte @Nullable [] body;
    private boolean isReusable;
    private long keepAliveSeconds = Replies.KEEP_ALIVE_SECONDS;

    Attempt(ServiceCall call, byte @Nullable [] body, BackendConnections.Opened opened) {
      this.call = call;
      this.body = body;
      this.opened = opened;
    }

    Exchange.ReplyHead run() throws IOException, HttpException {
      BasicClassicHttpRequest message = message();
      ConnectionEndpoint endpoint = opened.endpoint();
      ClassicHttpResponse reply =
          endpoint.execute(
              "",
              message,
              (ignored, connection, context) -> exchangeHeads(message, connection, context),
              HttpCoreContext.create());
      Replies.check(reply);
      Exchange.ReplyHead head = Replies.head(reply);
      keepAliveSeconds = Replies.keepAliveSeconds(reply);
      isReusable &= drain(reply.getEntity());
      return head;
    }

    private BasicClassicHttpRequest message() {
      BasicClassicHttpRequest message =
          new BasicClassicHttpRequest(call.method(), (HttpHost) null, call.target());
      message.addHeader("Host", call.host());
      for (ServiceCall.Line line : call.headers()) {
        message.addHeader(line.name(), line.value());
      }
      if (body != null) {
        message.addHeader("Content-Length", Integer.toString(body.length));
        message.setEntity(new ByteArrayEntity(body, null));
      } else if (hasBodyAsARule(call.method())) {
        message.addHeader("Content-Length", "0");
      }
      return message;
    }

    private ClassicHttpResponse exchangeHeads(
        BasicClassicHttpRequest message, HttpClientConnection connection, HttpContext context)
        throws IOException, HttpException {
      if (opened.isReused() && connection instanceof BackendConnection used && !used.isQuiet()) {
        throw new NotAnsweredException(new ProtocolException("more was said than asked for"));
      }
      ClassicHttpResponse reply;
      try {
        send(message, connection);
        reply = connection.receiveResponseHeader();
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        throw new NotAnsweredException(e);
      }
      for (int interim = 0; reply.getCode() < 200; interim++) {
        if (reply.getCode() == 101 || interim == Replies.MAX_INTERIM) {
          throw new ProtocolException("no final answer");
        }
        reply = connection.receiveResponseHeader();
      }
      int status = reply.getCode();
      if (!message.getMethod().equals("HEAD") && status != 204 && status != 304) {
        Replies.requireFraming(reply);
        connection.receiveResponseEntity(reply);
      }
      // After CONNECT the connection would be a tunnel.
      isReusable =
          !message.getMethod().equals("CONNECT")
              && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(message, reply, context);
      return reply;
    }

    /** Writes the request, for no longer than the service may be silent. */
    private void send(BasicClassicHttpRequest message, HttpClientConnection connection)
        throws IOException, HttpException {
      if (call.length() + (body == null ? 0 : body.length) <= HttpAttempt.UNWATCHED) {
        write(message, connection);
        return;
      }
      long start = System.nanoTime();
      Runnable abort = () -> connection.close(CloseMode.IMMEDIATE);
      try (Watchdog.Guard guard =
          watchdog.watch(call.idleTimeout().toNanos(), () -> start, abort)) {
        try {
          write(message, connection);
        } catch (IOException e) {
          if (guard.hasBarked()) {
            throw (IOException)
                new SocketTimeoutException("it takes nothing of the request").initCause(e);
          }
          throw e;
        }
      }
    }

    private void write(BasicClassicHttpRequest message, HttpClientConnection connection)
        throws IOException, HttpException {
      connection.sendRequestHeader(message);
      if (message.getEntity() != null) {
        connection.sendRequestEntity(message);
      }
      connection.flush();
    }

    /** Reads the body if it is short and here, and returns whether it was. */
    private boolean drain(@Nullable HttpEntity entity) {
      if (entity == null || !isReusable) {
        return true;
      }
      if (entity.getContentLength() > MAX_DRAINED) {
        return false;
      }
      try {
        opened.endpoint().setSocketTimeout(DRAIN);
        InputStream in = entity.getContent();
        byte[] buffer = new byte[MAX_DRAINED];
        long end = System.nanoTime() + DRAIN.toNanoseconds();
        int count = 0;
        while (count >= 0 && System.nanoTime() - end < 0) {
          count = in.read(buffer);
        }
        return count < 0;
      } catch (IOException e) {
        return false;
      }
    }

    void release() {
      if (isReusable) {
        connections.release(opened.endpoint(), true, keepAliveSeconds);
      } else {
        connections.discard(opened.endpoint());
      }
    }
  }

  private static boolean hasBodyAsARule(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
  }

  /** The other side has said nothing at all. */
  private static final class NotAnsweredException extends IOException {

    private static final long serialVersionUID = 1;

    NotAnsweredException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}
