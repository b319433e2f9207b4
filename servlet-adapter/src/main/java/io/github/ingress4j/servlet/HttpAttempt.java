package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.Upgrade;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request to one back end over HTTP/1.
 *
 * <p>The client library is used below its request pipeline: a pooled connection, one request
 * written, one answer read. So nothing is added to a request, no redirect is followed, nothing is
 * decoded, and nothing is sent again but when the exchange asks for another attempt.
 *
 * <p>Bodies are streamed both ways, each through 16 KiB. Framing is derived from the body that is
 * really there.
 *
 * <p>For one thread, but for {@link #abort}.
 */
final class HttpAttempt implements Attempt {

  /**
   * What a socket that holds nothing takes at once, by the defaults of every system: writing it
   * cannot block.
   */
  static final int UNWATCHED = 8 * 1024;

  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

  private final HttpProxy proxy;
  private final Delivery delivery;
  private final Exchange exchange;
  private final Forward forward;
  private final ServletRequestView view;
  private final TransportSettings transport;
  private final Timeout readTimeout;

  /** What the client asks for instead of HTTP, and a place for it. */
  private final @Nullable Upgrade upgrade;

  private Tunnels.@Nullable Seat seat;
  private boolean isTunnel;
  private @Nullable ConnectionEndpoint endpoint;
  private volatile @Nullable HttpClientConnection connection;
  private @Nullable Upload upload;
  private long headBytes;
  private boolean isReused;
  private boolean needsFresh;
  private boolean isReusable;
  private boolean isClean;
  private long keepAliveSeconds = Replies.KEEP_ALIVE_SECONDS;
  private long connectNanos = -1;
  private long headNanos = -1;

  HttpAttempt(HttpProxy proxy, Delivery delivery, Forward forward) {
    this.proxy = proxy;
    this.delivery = delivery;
    this.forward = forward;
    exchange = delivery.exchange();
    view = delivery.view();
    transport = forward.transport();
    readTimeout = Timeout.of(transport.readTimeout());
    upgrade = proxy.tunnels().wanted(forward, delivery.request());
  }

  @Override
  public @Nullable Step run(List<InetSocketAddress> addresses) throws IOException {
    if (upgrade != null) {
      seat = proxy.tunnels().take();
      if (seat == null) {
        return failed(Exchange.Failure.OVERLOADED, 0);
      }
    }
    RequestBody body;
    try {
      body = forward.sendsBody() ? delivery.body(transport) : null;
      if (body != null) {
        // What the headers become is worked out only if there is a field after the body.
        body.begin(this::abort, name -> forward.requestHeaders().covers(name));
      }
    } catch (RequestBody.ClientException e) {
      return clientFailed(e);
    } catch (BodyBuffers.NoRoomException e) {
      proxy.log().warn(RareLog.Kind.BUFFER, PrintableText.escape(String.valueOf(e.getMessage())));
      // What was read of the body is lost.
      return failed(Exchange.Failure.OVERLOADED, 1);
    }
    ClassicHttpResponse reply = null;
    while (reply == null) {
      try {
        connect(addresses);
      } catch (BackendConnections.UnreachableException e) {
        if (e.isHandshake()) {
          warnOfTls(e);
        }
        return failed(e.failure(), 0);
      }
      long start = System.nanoTime();
      try {
        reply = exchangeHeads(body);
        Replies.check(reply);
        if (reply.getCode() == 101 && protocolOf(reply) == null) {
          throw new ProtocolException("101 to something else than what was asked for");
        }
        headNanos = System.nanoTime() - start;
      } catch (NotQuietException e) {
        // Nothing was sent. In the end a new connection is taken, which cannot be of this kind.
        discardEndpoint();
      } catch (IOException | HttpException e) {
        if (isStale(e, body)) {
          needsFresh = true;
          discardEndpoint();
          continue;
        }
        if (e instanceof SSLException) {
          // Such as a certificate that was asked for and not shown, of which one hears this late.
          warnOfTls(e);
        }
        IOException clientFailure = body == null ? null : body.clientFailure();
        return clientFailure != null
            ? clientFailed(new RequestBody.ClientException(clientFailure))
            : failed(failureOf(e), lostBytes(body));
      }
    }
    IOException late = body == null ? null : body.clientFailure();
    if (late != null) {
      // What was answered was no answer to the whole request.
      return clientFailed(new RequestBody.ClientException(late));
    }
    Step step = exchange.replied(forward, Replies.head(reply), lostBytes(body));
    if (step instanceof Relay relay) {
      if (relay.status() == 101) {
        switchProtocols(reply, relay);
        return null;
      }
      keepAliveSeconds = Replies.keepAliveSeconds(reply);
      new ReplyRelay(delivery, relay, transport.rate()).pass(reply);
      isClean = true;
      delivery.answered();
      return null;
    }
    drop(reply);
    return step;
  }

  /** The protocol that an answer switches to; null if it is no proper 101. */
  private @Nullable String protocolOf(ClassicHttpResponse reply) {
    return upgrade == null ? null : upgrade.chosenBy(Replies.head(reply));
  }

  /** Makes a tunnel of both connections; the container begins it once the servlet is through. */
  private void switchProtocols(ClassicHttpResponse reply, Relay relay) throws IOException {
    String protocol = protocolOf(reply);
    Tunnels.Seat taken = seat;
    ConnectionEndpoint leased = endpoint;
    if (protocol == null
        || taken == null
        || leased == null
        || !(connection instanceof BackendConnection own)) {
      throw new IllegalStateException("nothing to switch to");
    }
    TunnelHandler handler =
        new ReplyRelay(delivery, relay, transport.rate()).upgrade(reply, protocol);
    BackendStream stream = own.detach();
    proxy.connections().discard(leased);
    endpoint = null;
    connection = null;
    isTunnel = true;
    delivery.tunnelled();
    handler.leadTo(
        new Tunnel(
            proxy.tunnels(),
            taken,
            new Tunnel.Origin(exchange, forward, connectNanos, headNanos, protocol),
            delivery.request(),
            stream));
  }

  /**
   * Whether a connection that was kept was closed by the back end while the request was on its way,
   * as it may be at any time. A request that can do nothing twice is then sent once more, on a new
   * connection (RFC 9112 section 9.3.1).
   */
  private boolean isStale(Exception e, @Nullable RequestBody body) {
    boolean isClosed =
        e instanceof NoHttpResponseException
            || e instanceof ConnectionClosedException
            || e instanceof SocketException;
    return isClosed
        && isReused
        && !needsFresh
        && IDEMPOTENT.contains(view.method())
        && upload == null
        && (body == null || body.clientFailure() == null);
  }

  /** How much of the body was sent and is kept nowhere; at least 1 once its sending began. */
  private long lostBytes(@Nullable RequestBody body) {
    return body == null || upload == null || body.isRepeatable() ? 0 : Math.max(1, body.sent());
  }

  /**
   * Lets go of an answer that the client does not get. If all of it has come already, its
   * connection is as good as new; waiting for the rest is worth no connection.
   */
  private void drop(ClassicHttpResponse reply) {
    keepAliveSeconds = Replies.keepAliveSeconds(reply);
    HttpEntity entity = reply.getEntity();
    long left = entity == null ? 0 : Replies.length(reply);
    try {
      byte[] buffer = new byte[RequestBody.BUFFER];
      while (entity != null && left > 0 && entity.getContent().available() > 0) {
        left -= Math.max(0, entity.getContent().read(buffer));
      }
      isClean = left == 0;
    } catch (IOException e) {
      isClean = false;
    }
  }

  private void warnOfTls(Exception e) {
    proxy
        .log()
        .warn(
            RareLog.Kind.TLS,
            PrintableText.escape("no TLS with " + forward.backend() + ": " + e.getMessage()));
  }

  private void connect(List<InetSocketAddress> addresses)
      throws BackendConnections.UnreachableException {
    BackendConnections.Opened opened =
        proxy
            .connections()
            .open(
                proxy.tls().of(forward),
                addresses,
                Timeout.of(transport.connectTimeout()),
                readTimeout,
                !needsFresh);
    endpoint = opened.endpoint();
    isReused = opened.isReused();
    if (opened.connectNanos() >= 0) {
      connectNanos = opened.connectNanos();
    }
  }

  private void discardEndpoint() {
    ConnectionEndpoint leased = endpoint;
    endpoint = null;
    connection = null;
    if (leased != null) {
      proxy.connections().discard(leased);
    }
  }

  private ClassicHttpResponse exchangeHeads(@Nullable RequestBody body)
      throws IOException, HttpException {
    BasicClassicHttpRequest message = requestHead(body);
    ConnectionEndpoint leased = endpoint;
    if (leased == null) {
      throw new IllegalStateException("not connected");
    }
    return leased.execute(
        "",
        message,
        (ignored, opened, context) -> exchangeHeads(message, body, opened, context),
        HttpCoreContext.create());
  }

  private ClassicHttpResponse exchangeHeads(
      BasicClassicHttpRequest message,
      @Nullable RequestBody body,
      HttpClientConnection opened,
      HttpContext context)
      throws IOException, HttpException {
    if (isReused && opened instanceof BackendConnection used && !used.isQuiet()) {
      throw new NotQuietException();
    }
    connection = opened;
    send(message, body, opened);
    if (body != null && !body.isInMemory()) {
      upload =
          Upload.start(
              body,
              () -> {
                opened.sendRequestEntity(message);
                opened.flush();
              },
              () -> opened.close(CloseMode.IMMEDIATE),
              proxy.uploads());
    }
    ClassicHttpResponse reply = receiveHead(opened);
    int status = reply.getCode();
    if (!message.getMethod().equals("HEAD") && status != 101 && status != 204 && status != 304) {
      Replies.requireFraming(reply);
      opened.receiveResponseEntity(reply);
    }
    isReusable =
        transport.version() != TransportSettings.Version.HTTP_1_0
            && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(message, reply, context);
    return reply;
  }

  /** Sends the head, and the body if it is in memory. */
  private void send(
      BasicClassicHttpRequest message, @Nullable RequestBody body, HttpClientConnection opened)
      throws IOException, HttpException {
    boolean isWhole = body != null && body.isInMemory();
    if (headBytes + (isWhole && body != null ? body.getContentLength() : 0) <= UNWATCHED) {
      write(message, isWhole, opened);
      return;
    }
    long start = System.nanoTime();
    try (Watchdog.Guard guard =
        proxy.watchdog().watch(transport.sendTimeout().toNanos(), () -> start, this::abort)) {
      try {
        write(message, isWhole, opened);
      } catch (IOException e) {
        if (guard.hasBarked()) {
          throw (IOException)
              new SocketTimeoutException("the back end takes nothing of the request").initCause(e);
        }
        throw e;
      }
    }
  }

  private static void write(
      BasicClassicHttpRequest message, boolean isWhole, HttpClientConnection opened)
      throws IOException, HttpException {
    opened.sendRequestHeader(message);
    if (isWhole) {
      opened.sendRequestEntity(message);
    }
    opened.flush();
  }

  private BasicClassicHttpRequest requestHead(@Nullable RequestBody body) {
    BasicClassicHttpRequest message =
        new BasicClassicHttpRequest(view.method(), (HttpHost) null, forward.target());
    if (transport.version() == TransportSettings.Version.HTTP_1_0) {
      message.setVersion(HttpVersion.HTTP_1_0);
    }
    headBytes = forward.target().length();
    if (forward.host() != null) {
      message.addHeader("Host", forward.host());
    }
    forward.eachHeader(
        (name, value) -> {
          headBytes += name.length() + value.length() + 4;
          message.addHeader(name, value);
        });
    if (proxy.settings().marksRequests()) {
      message.addHeader("Via", Loops.via(view.httpVersion()));
    }
    if (transport.connection() != null) {
      message.addHeader("Connection", transport.connection());
    } else if (upgrade != null) {
      message.addHeader("Connection", "upgrade");
      message.addHeader("Upgrade", String.join(", ", upgrade.protocols()));
    }
    if (body != null) {
      if (body.getContentLength() >= 0) {
        message.addHeader("Content-Length", Long.toString(body.getContentLength()));
      } else {
        message.addHeader("Transfer-Encoding", "chunked");
      }
      message.setEntity(body);
    } else if (!forward.sendsBody() || !view.headers("Content-Length").isEmpty()) {
      message.addHeader("Content-Length", "0");
    }
    return message;
  }

  /** Waits for the final head; 1xx heads are of no use to a client of the Servlet API. */
  private ClassicHttpResponse receiveHead(HttpClientConnection opened)
      throws IOException, HttpException {
    for (int interim = 0; interim <= Replies.MAX_INTERIM; interim++) {
      awaitHead(opened);
      ClassicHttpResponse reply = opened.receiveResponseHeader();
      int status = reply.getCode();
      if (status >= 200 || (status == 101 && upgrade != null)) {
        return reply;
      }
      if (status == 101) {
        throw new ProtocolException("101 without having been asked to switch");
      }
    }
    throw new ProtocolException("more than " + Replies.MAX_INTERIM + " interim answers");
  }

  /** While a body is on its way, silence counts from its last progress. */
  private void awaitHead(HttpClientConnection opened) throws IOException {
    Upload sending = upload;
    while (sending != null && !sending.isComplete()) {
      long slice = Math.min(transport.sendTimeout().toMillis(), 1_000);
      long start = System.nanoTime();
      if (opened.isDataAvailable(Timeout.ofMilliseconds(slice)) || sending.isFailed()) {
        return;
      }
      long now = System.nanoTime();
      if (now - start < slice * 500_000) {
        // Not time but the end of the stream has ended the wait; reading says so properly.
        return;
      }
      RequestBody body = sending.body();
      if (now - body.lastProgressNanos() > transport.sendTimeout().toNanos() && !body.isReading()) {
        throw new SocketTimeoutException("the back end takes nothing more of the body");
      }
    }
  }

  private Step failed(Exchange.Failure failure, long bodyBytesSent) {
    abort();
    return exchange.failed(forward, failure, bodyBytesSent);
  }

  private Step clientFailed(RequestBody.ClientException e) {
    abort();
    return delivery.clientFailed(forward, e);
  }

  private void abort() {
    isReusable = false;
    HttpClientConnection opened = connection;
    if (opened != null) {
      opened.close(CloseMode.IMMEDIATE);
    }
  }

  @Override
  public void close() {
    if (isTunnel) {
      return;
    }
    if (seat != null) {
      seat.close();
    }
    if (!isClean || (upload != null && !upload.isComplete())) {
      abort();
    }
    if (endpoint != null) {
      proxy.connections().release(endpoint, isReusable, keepAliveSeconds);
    }
    exchange.closed(forward, connectNanos, headNanos, isClean);
    if (upload != null) {
      delivery.keep(upload);
    }
  }

  private static Exchange.Failure failureOf(Exception e) {
    if (e instanceof SocketTimeoutException) {
      return Exchange.Failure.RESPONSE_TIMEOUT;
    }
    return e instanceof HttpException || e instanceof BackendConnection.HeadTooLongException
        ? Exchange.Failure.BAD_RESPONSE
        : Exchange.Failure.RESET;
  }

  /** A connection that was kept holds something that no request has asked for. */
  private static final class NotQuietException extends IOException {

    private static final long serialVersionUID = 1;

    NotQuietException() {
      super("the back end said more than it was asked for");
    }
  }
}
