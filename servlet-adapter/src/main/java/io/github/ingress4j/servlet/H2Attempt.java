package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.HeaderName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request to one back end over HTTP/2: a stream on a connection that others share. What ends
 * the attempt ends the stream, and leaves the connection alone.
 *
 * <p>A request that the back end has never taken notice of, because its connection was being closed
 * at that moment, is sent once more on another connection, as one that met a stale connection of
 * HTTP/1 is. A stream that the back end refuses is reported to the exchange as one that has not
 * arrived.
 *
 * <p>For one thread.
 */
final class H2Attempt implements Attempt {

  /** While a body is on its way, what became of its sending is looked at so often. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final HttpProxy proxy;
  private final Delivery delivery;
  private final Exchange exchange;
  private final Forward forward;
  private final ServletRequestView view;
  private final TransportSettings transport;
  private final long sendNanos;
  private final long readNanos;

  private H2Connections.@Nullable Place place;
  private volatile @Nullable H2Stream stream;
  private @Nullable Upload upload;
  private boolean isClean;
  private long connectNanos = -1;
  private long headNanos = -1;

  H2Attempt(HttpProxy proxy, Delivery delivery, Forward forward) {
    this.proxy = proxy;
    this.delivery = delivery;
    this.forward = forward;
    exchange = delivery.exchange();
    view = delivery.view();
    transport = forward.transport();
    sendNanos = transport.sendTimeout().toNanos();
    readNanos = transport.readTimeout().toNanos();
  }

  @Override
  public @Nullable Step run(List<InetSocketAddress> addresses) throws IOException {
    RequestBody body;
    try {
      body = forward.sendsBody() ? delivery.body(transport) : null;
      if (body != null) {
        body.begin(this::abort, name -> forward.requestHeaders().covers(name));
      }
    } catch (RequestBody.ClientException e) {
      return clientFailed(e);
    } catch (BodyBuffers.NoRoomException e) {
      proxy.log().warn(RareLog.Kind.BUFFER, PrintableText.escape(String.valueOf(e.getMessage())));
      // What was read of the body is lost.
      return failed(Exchange.Failure.OVERLOADED, 1);
    }
    ClassicHttpResponse reply;
    try {
      reply = exchangeHeads(body, addresses);
      Replies.check(reply);
    } catch (H2Exception | ProtocolException e) {
      IOException clientFailure = body == null ? null : body.clientFailure();
      if (clientFailure != null) {
        return clientFailed(new RequestBody.ClientException(clientFailure));
      }
      return failed(
          e instanceof H2Exception why ? why.failure() : Exchange.Failure.BAD_RESPONSE,
          lostBytes(body));
    }
    IOException late = body == null ? null : body.clientFailure();
    if (late != null) {
      // What was answered was no answer to the whole request.
      return clientFailed(new RequestBody.ClientException(late));
    }
    Step step = exchange.replied(forward, Replies.head(reply), lostBytes(body));
    if (step instanceof Relay relay) {
      new ReplyRelay(delivery, relay, transport.rate()).pass(reply);
      isClean = true;
      delivery.answered();
      return null;
    }
    return step;
  }

  /** How much of the body was sent and is kept nowhere; at least 1 once its sending began. */
  private long lostBytes(@Nullable RequestBody body) {
    return body == null || upload == null || body.isRepeatable() ? 0 : Math.max(1, body.sent());
  }

  private ClassicHttpResponse exchangeHeads(
      @Nullable RequestBody body, List<InetSocketAddress> addresses) throws H2Exception {
    boolean isSecond = false;
    while (true) {
      H2Connections.Place taken = place(addresses);
      long start = System.nanoTime();
      try {
        H2Stream opened =
            taken
                .connection()
                .open(requestFields(body), view.method().equals("HEAD"), body == null, sendNanos);
        stream = opened;
        if (body != null) {
          send(body, opened);
        }
        ClassicHttpResponse reply = reply(opened, awaitHead(opened));
        headNanos = System.nanoTime() - start;
        return reply;
      } catch (H2Exception e) {
        if (isSecond || !e.isUnprocessed() || !taken.isReused() || lostBytes(body) > 0) {
          throw e;
        }
        isSecond = true;
        Upload last = upload;
        if (last != null) {
          // It has nothing more to send to, and what it has sent is here.
          last.stop();
          upload = null;
        }
        place = null;
        taken.connection().release();
      }
    }
  }

  private H2Connections.Place place(List<InetSocketAddress> addresses) throws H2Exception {
    try {
      H2Connections.Place taken =
          proxy
              .h2()
              .place(proxy.tls().of(forward), addresses, transport.connectTimeout().toNanos());
      place = taken;
      connectNanos = taken.connectNanos();
      return taken;
    } catch (H2Exception e) {
      RareLog.Kind kind = e.kind();
      if (kind != null) {
        proxy
            .log()
            .warn(
                kind,
                PrintableText.escape(
                    (kind == RareLog.Kind.TLS ? "no TLS with " : "no HTTP/2 with ")
                        + forward.backend()
                        + ": "
                        + e.getMessage()));
      }
      throw e;
    }
  }

  private H2Fields.Block requestFields(@Nullable RequestBody body) {
    H2Fields.Block fields =
        new H2Fields.Block()
            .add(":method", view.method())
            .add(":scheme", transport.protocol().isTls() ? "https" : "http")
            .add(":path", forward.target());
    if (forward.host() != null) {
      fields.add(":authority", forward.host());
    }
    forward.eachHeader(
        (name, value) -> {
          if (!HeaderName.isHopByHop(name)) {
            fields.add(name, value);
          }
        });
    if (Trailers.areTaken(view.headers("TE"))) {
      fields.add("te", "trailers");
    }
    if (proxy.settings().marksRequests()) {
      fields.add("via", Loops.via(view.httpVersion()));
    }
    if (body != null) {
      if (body.getContentLength() >= 0) {
        fields.add("content-length", Long.toString(body.getContentLength()));
      }
    } else if (!forward.sendsBody() || !view.headers("Content-Length").isEmpty()) {
      fields.add("content-length", "0");
    }
    return fields;
  }

  /** Sends a body that is in memory; another one is sent by a thread of its own. */
  private void send(RequestBody body, H2Stream opened) throws H2Exception {
    if (!body.isInMemory()) {
      upload = Upload.start(body, () -> write(body, opened), opened::reset, proxy.uploads());
      return;
    }
    try {
      write(body, opened);
    } catch (H2Exception e) {
      if (!opened.isAnswered()) {
        throw e;
      }
      // The back end has answered and wants no more.
    } catch (IOException e) {
      throw H2Exception.failed(Exchange.Failure.RESET, String.valueOf(e.getMessage()), e);
    }
  }

  private void write(RequestBody body, H2Stream opened) throws IOException {
    try (OutputStream out = opened.sink(sendNanos)) {
      body.writeTo(out);
    }
    Supplier<List<? extends Header>> trailers = body.getTrailers();
    opened.end(trailers == null ? List.of() : trailers.get(), sendNanos);
  }

  /**
   * Waits for the final head. While a body is on its way, its sending is what takes time, and fails
   * the stream when it takes too long.
   */
  private H2Stream.Head awaitHead(H2Stream opened) throws H2Exception {
    Upload sending = upload;
    while (sending != null && !sending.isComplete() && !sending.isFailed()) {
      H2Stream.Head head = opened.awaitHead(SLICE_NANOS);
      if (head != null) {
        return head;
      }
    }
    H2Stream.Head head = opened.awaitHead(readNanos);
    if (head == null) {
      throw H2Exception.failed(
          Exchange.Failure.RESPONSE_TIMEOUT, "the back end does not answer", null);
    }
    return head;
  }

  private ClassicHttpResponse reply(H2Stream opened, H2Stream.Head head) {
    ClassicHttpResponse reply = new BasicClassicHttpResponse(head.status());
    head.fields().forEach(reply::addHeader);
    if (head.hasBody()) {
      reply.setEntity(new InputStreamEntity(opened.body(readNanos), head.length(), null));
    }
    return reply;
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
    H2Stream opened = stream;
    if (opened != null) {
      opened.reset();
    }
  }

  @Override
  public void close() {
    // Ends what is left of the stream, if anything is.
    abort();
    if (place != null) {
      place.connection().release();
    }
    exchange.closed(forward, connectNanos, headNanos, isClean);
    if (upload != null) {
      delivery.keep(upload);
    }
  }
}
