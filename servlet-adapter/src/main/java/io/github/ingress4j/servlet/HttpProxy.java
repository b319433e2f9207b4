package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.HeaderName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to back ends over HTTP/1.1 and brings the answers back, on the servlet's thread.
 *
 * <p>The client library is used below its request pipeline: a pooled connection, one request
 * written, one answer read. So nothing is added to a request, no redirect is followed, nothing is
 * decoded, and nothing is sent again but when the exchange asks for another attempt.
 *
 * <p>Bodies are streamed both ways, each through 16 KiB. Framing is derived from the body that is
 * really there. An answer that breaks off breaks the client's connection, because nothing else can
 * tell a client that the body is not complete.
 *
 * <p>Thread-safe. Sources: RFC 9110 section 7.6, RFC 9112.
 */
final class HttpProxy implements AutoCloseable {

  private static final int MAX_CONNECTIONS_PER_ADDRESS = 512;
  private static final int MAX_INTERIM = 16;

  /** How long an idle connection is kept, unless the back end asks for less. */
  private static final long KEEP_ALIVE_SECONDS = 30;

  /** A connection that was idle for longer is tested before it is used, which costs 1 ms. */
  private static final TimeValue TEST_AFTER = TimeValue.ofMilliseconds(250);

  private final PoolingHttpClientConnectionManager connections;
  private final ExecutorService uploads;
  private final AtomicLong lastPurgeNanos = new AtomicLong(System.nanoTime());

  HttpProxy() {
    connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
            .setMaxConnPerRoute(MAX_CONNECTIONS_PER_ADDRESS)
            .setDnsResolver(new NoNames())
            .setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom().setValidateAfterInactivity(TEST_AFTER).build())
            .setConnectionFactory(BackendConnection::create)
            .build();
    uploads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "ingress4j-upload");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins to carry a request out, in one attempt or more. */
  Delivery delivery(
      Exchange exchange,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response) {
    return new Delivery(exchange, view, request, response);
  }

  /** One request, which may go to several back ends until one of them answers. */
  final class Delivery {

    private final Exchange exchange;
    private final ServletRequestView view;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private @Nullable RequestBody body;
    private boolean isBodyTaken;

    private Delivery(
        Exchange exchange,
        ServletRequestView view,
        HttpServletRequest request,
        HttpServletResponse response) {
      this.exchange = exchange;
      this.view = view;
      this.request = request;
      this.response = response;
    }

    /**
     * Sends the request and brings an answer back, be it the back end's or that of the exchange.
     *
     * @param addresses where to, the best first; not empty
     * @return another attempt to make; null if the client has its answer
     * @throws IOException if the client's connection must be broken
     */
    @Nullable Forward send(Forward forward, List<InetSocketAddress> addresses) throws IOException {
      try (Attempt attempt = new Attempt(this, forward)) {
        Step step = attempt.run(addresses);
        if (step instanceof Forward next) {
          return next;
        }
        if (attempt.isClientGone && response.isCommitted()) {
          // The container has noticed, and answers nothing any more.
          return null;
        }
        if (step instanceof Decision decision) {
          Answers.write(decision, view, response, attempt.isBodyUnread());
          attempt.isAnswerOut = true;
        }
        return null;
      }
    }

    /** The body, which can be taken from the client only once. */
    private @Nullable RequestBody body() throws RequestBody.ClientException {
      if (!isBodyTaken) {
        isBodyTaken = true;
        body = RequestBody.of(view, request);
      }
      return body;
    }
  }

  @Override
  public void close() {
    connections.close(CloseMode.GRACEFUL);
    uploads.shutdownNow();
  }

  private void purge() {
    long now = System.nanoTime();
    long last = lastPurgeNanos.get();
    if (now - last > 5_000_000_000L && lastPurgeNanos.compareAndSet(last, now)) {
      connections.closeExpired();
    }
  }

  /** One request to one back end. */
  private final class Attempt implements AutoCloseable {

    private final Delivery delivery;
    private final Exchange exchange;
    private final Forward forward;
    private final ServletRequestView view;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final TransportSettings transport;
    private final Timeout idleTimeout;

    private @Nullable ConnectionEndpoint endpoint;
    private volatile @Nullable HttpClientConnection connection;
    private @Nullable Upload upload;
    private boolean isReused;
    private boolean isReusable;
    private boolean isClean;
    private boolean isAnswerOut;
    private boolean isBodyRead;
    private boolean isClientGone;
    private long keepAliveSeconds = KEEP_ALIVE_SECONDS;
    private long connectNanos = -1;
    private long headNanos = -1;

    Attempt(Delivery delivery, Forward forward) {
      this.delivery = delivery;
      this.forward = forward;
      exchange = delivery.exchange;
      view = delivery.view;
      request = delivery.request;
      response = delivery.response;
      transport = forward.transport();
      idleTimeout = Timeout.of(transport.idleTimeout());
    }

    @Nullable Step run(List<InetSocketAddress> addresses) throws IOException {
      RequestBody body;
      try {
        body = delivery.body();
        isBodyRead = body == null || body.isBuffered();
        if (body != null) {
          body.begin(this::abort);
        }
      } catch (RequestBody.ClientException e) {
        return clientFailed(e);
      }
      ClassicHttpResponse reply = null;
      while (reply == null) {
        Exchange.Failure failure = connect(addresses);
        if (failure != null) {
          return failed(failure, 0);
        }
        long start = System.nanoTime();
        try {
          reply = exchangeHeads(body);
          checkHead(reply);
          headNanos = System.nanoTime() - start;
        } catch (NotQuietException e) {
          // Nothing was sent. In the end a new connection is taken, which cannot be of this kind.
          discardEndpoint();
        } catch (IOException | HttpException e) {
          IOException clientFailure = body == null ? null : body.clientFailure();
          return clientFailure != null
              ? clientFailed(new RequestBody.ClientException(clientFailure))
              : failed(failureOf(e), lostBytes(body));
        }
      }
      Exchange.ReplyHead head = new Exchange.ReplyHead(reply.getCode());
      Step step = exchange.replied(forward, head, lostBytes(body));
      if (step instanceof Relay relay) {
        relay(reply, relay);
        isAnswerOut = true;
        return null;
      }
      drop(reply);
      return step;
    }

    /** How much of the body was sent and is kept nowhere; at least 1 once its sending began. */
    private long lostBytes(@Nullable RequestBody body) {
      return body == null || upload == null ? 0 : Math.max(1, body.sent());
    }

    /**
     * Lets go of an answer that the client does not get. If all of it has come already, its
     * connection is as good as new; waiting for the rest is worth no connection.
     */
    private void drop(ClassicHttpResponse reply) {
      keepAliveSeconds = keepAliveSeconds(reply);
      HttpEntity entity = reply.getEntity();
      long left = entity == null ? 0 : length(reply);
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

    /** Connects to the first address that accepts, without having sent anything to any. */
    private Exchange.@Nullable Failure connect(List<InetSocketAddress> addresses) {
      Exchange.Failure failure = Exchange.Failure.NO_ENDPOINT;
      Timeout timeout = Timeout.of(transport.connectTimeout());
      for (InetSocketAddress address : addresses) {
        HttpRoute route =
            new HttpRoute(
                new HttpHost(
                    "http",
                    address.getAddress(),
                    address.getAddress().getHostAddress(),
                    address.getPort()));
        ConnectionEndpoint leased;
        try {
          leased = connections.lease("", route, timeout, null).get(timeout);
        } catch (TimeoutException e) {
          failure = Exchange.Failure.OVERLOADED;
          continue;
        } catch (ExecutionException e) {
          failure = Exchange.Failure.CONNECT;
          continue;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Exchange.Failure.OVERLOADED;
        }
        try {
          isReused = leased.isConnected();
          if (!isReused) {
            long start = System.nanoTime();
            connections.connect(leased, timeout, HttpCoreContext.create());
            connectNanos = System.nanoTime() - start;
          }
          leased.setSocketTimeout(idleTimeout);
          endpoint = leased;
          return null;
        } catch (IOException e) {
          failure =
              e instanceof ConnectTimeoutException
                  ? Exchange.Failure.CONNECT_TIMEOUT
                  : Exchange.Failure.CONNECT;
          discard(leased);
        } catch (RuntimeException e) {
          discard(leased);
          throw e;
        }
      }
      return failure;
    }

    private void discard(ConnectionEndpoint leased) {
      leased.close(CloseMode.IMMEDIATE);
      connections.release(leased, null, TimeValue.ZERO_MILLISECONDS);
    }

    private void discardEndpoint() {
      ConnectionEndpoint leased = endpoint;
      endpoint = null;
      connection = null;
      if (leased != null) {
        discard(leased);
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
      opened.sendRequestHeader(message);
      if (body != null && body.isBuffered()) {
        opened.sendRequestEntity(message);
      }
      opened.flush();
      if (body != null && !body.isBuffered()) {
        upload = Upload.start(body, message, opened, uploads);
      }
      ClassicHttpResponse reply = receiveHead(opened);
      int status = reply.getCode();
      if (!message.getMethod().equals("HEAD") && status != 204 && status != 304) {
        requireFraming(reply);
        opened.receiveResponseEntity(reply);
      }
      isReusable = DefaultConnectionReuseStrategy.INSTANCE.keepAlive(message, reply, context);
      return reply;
    }

    private BasicClassicHttpRequest requestHead(@Nullable RequestBody body) {
      BasicClassicHttpRequest message =
          new BasicClassicHttpRequest(view.method(), (HttpHost) null, forward.target());
      if (forward.host() != null) {
        message.addHeader("Host", forward.host());
      }
      forward.eachHeader(message::addHeader);
      if (body != null) {
        if (body.getContentLength() >= 0) {
          message.addHeader("Content-Length", Long.toString(body.getContentLength()));
        } else {
          message.addHeader("Transfer-Encoding", "chunked");
        }
        message.setEntity(body);
      } else if (!view.headers("Content-Length").isEmpty()) {
        message.addHeader("Content-Length", "0");
      }
      return message;
    }

    /** Waits for the final head; 1xx heads are of no use to a client of the Servlet API. */
    private ClassicHttpResponse receiveHead(HttpClientConnection opened)
        throws IOException, HttpException {
      for (int interim = 0; interim <= MAX_INTERIM; interim++) {
        awaitHead(opened);
        ClassicHttpResponse reply = opened.receiveResponseHeader();
        int status = reply.getCode();
        if (status >= 200) {
          return reply;
        }
        if (status == 101) {
          throw new ProtocolException("101 without having been asked to switch");
        }
      }
      throw new ProtocolException("more than " + MAX_INTERIM + " interim answers");
    }

    /** While a body is on its way, silence counts from its last progress. */
    private void awaitHead(HttpClientConnection opened) throws IOException {
      Upload sending = upload;
      while (sending != null && !sending.isComplete()) {
        long slice = Math.min(idleTimeout.toMilliseconds(), 1_000);
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
        if (now - body.lastProgressNanos() > idleTimeout.toNanoseconds() && !body.isReading()) {
          throw new SocketTimeoutException("the back end takes nothing more of the body");
        }
      }
    }

    private void relay(ClassicHttpResponse reply, Relay relay) throws IOException {
      response.setStatus(relay.status());
      List<String> options = values(reply, "Connection");
      Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      for (Header header : reply.getHeaders()) {
        String name = header.getName();
        if (HeaderName.isHopByHop(name)
            || HeaderName.isConnectionOption(name, options)
            || relay.responseHeaders().covers(name)
            || name.equalsIgnoreCase("Content-Length")) {
          continue;
        }
        // The first line replaces what the container may have put there, such as its own Date.
        if (seen.add(name)) {
          response.setHeader(name, value(header));
        } else {
          response.addHeader(name, value(header));
        }
      }
      Answers.apply(relay.responseHeaders(), response);
      keepAliveSeconds = keepAliveSeconds(reply);
      HttpEntity entity = reply.getEntity();
      long length = length(reply);
      if (length >= 0 && relay.status() != 204 && relay.status() != 304) {
        response.setContentLengthLong(length);
      }
      if (upload != null && !upload.isComplete()) {
        // The rest of the body may never be read.
        Answers.closeConnection(view, response);
      }
      if (entity == null) {
        isClean = true;
        return;
      }
      copy(entity.getContent(), length);
      isClean = true;
    }

    private void copy(InputStream in, long length) throws IOException {
      OutputStream out = response.getOutputStream();
      byte[] buffer = new byte[RequestBody.BUFFER];
      long copied = 0;
      while (true) {
        int count;
        try {
          count = in.read(buffer);
        } catch (IOException e) {
          isReusable = false;
          // A head that is still here must go out, or the container would make up an answer.
          response.flushBuffer();
          ClientConnection.abort(request);
          throw new IOException("the back end's answer broke off after " + copied + " bytes", e);
        }
        if (count < 0) {
          return;
        }
        out.write(buffer, 0, count);
        copied += count;
        if (copied != length && in.available() <= 0) {
          out.flush();
        }
      }
    }

    private Step failed(Exchange.Failure failure, long bodyBytesSent) {
      abort();
      return exchange.failed(forward, failure, bodyBytesSent);
    }

    private Step clientFailed(RequestBody.ClientException e) {
      isClientGone = true;
      abort();
      exchange.failed(forward, Exchange.Failure.CLIENT_ABORT, 0);
      return Answers.clientFailed(forward, e.isTimeout());
    }

    private void abort() {
      isReusable = false;
      HttpClientConnection opened = connection;
      if (opened != null) {
        opened.close(CloseMode.IMMEDIATE);
      }
    }

    boolean isBodyUnread() {
      return view.bodyLength() != 0 && (upload == null ? !isBodyRead : !upload.isComplete());
    }

    @Override
    public void close() throws IOException {
      if (!isClean || (upload != null && !upload.isComplete())) {
        abort();
      }
      if (endpoint != null) {
        connections.release(
            endpoint, null, isReusable ? TimeValue.ofSeconds(keepAliveSeconds) : null);
        purge();
      }
      exchange.closed(forward, connectNanos, headNanos, isClean);
      if (upload != null) {
        try {
          if (isAnswerOut && !upload.isComplete()) {
            // The client gets all of the answer before anybody waits for the rest of its body.
            response.getOutputStream().close();
          }
        } finally {
          upload.stop();
        }
      }
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

  private static void requireFraming(ClassicHttpResponse reply) throws ProtocolException {
    List<String> lengths = values(reply, "Content-Length");
    List<String> codings = values(reply, "Transfer-Encoding");
    if (lengths.size() > 1 || (lengths.size() == 1 && !FrontDoor.isNumber(lengths.get(0)))) {
      throw new ProtocolException("Content-Length is not one number");
    }
    if (!codings.isEmpty()
        && (codings.size() > 1
            || !codings.get(0).equalsIgnoreCase("chunked")
            || !lengths.isEmpty()
            || reply.getVersion().lessEquals(HttpVersion.HTTP_1_0))) {
      throw new ProtocolException("Transfer-Encoding is not just chunked");
    }
  }

  private static void checkHead(ClassicHttpResponse reply) throws ProtocolException {
    if (reply.getCode() > 599) {
      throw new ProtocolException("status " + reply.getCode());
    }
    int size = 0;
    for (Header header : reply.getHeaders()) {
      String value = value(header);
      size += header.getName().length() + value.length() + 4;
      if (!HeaderName.isToken(header.getName())
          || !FrontDoor.isFieldValue(value)
          || size > BackendConnection.MAX_HEAD) {
        throw new ProtocolException("a header that no answer may have");
      }
    }
  }

  private static long length(ClassicHttpResponse reply) {
    List<String> lengths = values(reply, "Content-Length");
    return lengths.size() == 1 && FrontDoor.isNumber(lengths.get(0))
        ? Long.parseLong(lengths.get(0))
        : -1;
  }

  private static long keepAliveSeconds(ClassicHttpResponse reply) {
    for (String line : values(reply, "Keep-Alive")) {
      for (String parameter : line.split(",", -1)) {
        String text = parameter.trim().toLowerCase(Locale.ROOT);
        if (text.startsWith("timeout=") && text.length() < 13) {
          String seconds = text.substring("timeout=".length());
          if (FrontDoor.isNumber(seconds)) {
            // One second less, so that the back end does not close first.
            return Math.min(KEEP_ALIVE_SECONDS, Math.max(1, Long.parseLong(seconds) - 1));
          }
        }
      }
    }
    return KEEP_ALIVE_SECONDS;
  }

  private static List<String> values(ClassicHttpResponse reply, String name) {
    Header[] headers = reply.getHeaders(name);
    if (headers.length == 0) {
      return List.of();
    }
    List<String> values = new ArrayList<>(headers.length);
    for (Header header : headers) {
      values.add(value(header));
    }
    return values;
  }

  private static String value(Header header) {
    String value = header.getValue();
    return value == null ? "" : value;
  }

  /** A connection that was kept holds something that no request has asked for. */
  private static final class NotQuietException extends IOException {

    private static final long serialVersionUID = 1;

    NotQuietException() {
      super("the back end said more than it was asked for");
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
}
