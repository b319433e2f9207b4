package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.HeaderEdits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, which may go to several back ends until one of them answers. Closing it
 * waits until nobody reads the body any more.
 *
 * <p>For one thread.
 */
final class Delivery implements AutoCloseable {

  private final HttpProxy proxy;
  private final Exchange exchange;
  private final ServletRequestView view;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final BodyWatch watch;
  private @Nullable RequestBody body;
  private boolean isBodyTaken;
  private boolean isBodyKnown;
  private @Nullable Upload upload;
  private boolean isAnswerOut;

  /** Whether the client broke off, or stopped sending. */
  private boolean isClientGone;

  private boolean isTunnel;
  private long responseBytes;

  Delivery(
      HttpProxy proxy,
      Exchange exchange,
      ServletRequestView view,
      HttpServletRequest request,
      HttpServletResponse response,
      BodyWatch watch) {
    this.proxy = proxy;
    this.exchange = exchange;
    this.view = view;
    this.request = request;
    this.response = response;
    this.watch = watch;
  }

  /**
   * Sends the request and brings an answer back, be it the back end's or that of the exchange.
   *
   * @param addresses where to, the best first; not empty
   * @return another attempt to make; null if the client has its answer
   * @throws IOException if the client's connection must be broken
   */
  @Nullable Forward send(Forward forward, List<InetSocketAddress> addresses) throws IOException {
    try (Attempt attempt = attempt(forward)) {
      Step step = attempt.run(addresses);
      if (step instanceof Forward next) {
        return next;
      }
      if (isClientGone && response.isCommitted()) {
        // The container has noticed, and answers nothing any more.
        return null;
      }
      if (step instanceof Decision decision) {
        responseBytes = Answers.write(decision, view, response, closesConnection());
        isAnswerOut = true;
      }
      return null;
    }
  }

  private Attempt attempt(Forward forward) {
    return isHttp2(forward.transport())
        ? new H2Attempt(proxy, this, forward)
        : new HttpAttempt(proxy, this, forward);
  }

  HttpProxy proxy() {
    return proxy;
  }

  Exchange exchange() {
    return exchange;
  }

  ServletRequestView view() {
    return view;
  }

  HttpServletRequest request() {
    return request;
  }

  HttpServletResponse response() {
    return response;
  }

  /**
   * The body, which can be taken from the client only once.
   *
   * @param transport says whether all of it is read before any of it is sent
   */
  @Nullable RequestBody body(TransportSettings transport)
      throws RequestBody.ClientException, BodyBuffers.NoRoomException {
    if (!isBodyTaken) {
      isBodyTaken = true;
      body = RequestBody.of(view, request, watch, isStreamed(transport));
      isBodyKnown = true;
    }
    RequestBody taken = body;
    if (taken != null && isBuffered(taken, transport)) {
      taken.buffer(proxy.buffers());
    }
    return taken;
  }

  /**
   * Whether a back end can be sent a head before anybody knows whether there is a body: in HTTP/2
   * both sides can speak at the same time, and a client may wait for the answer's head, or for more
   * of it, before it sends anything.
   */
  private static boolean isStreamed(TransportSettings transport) {
    return isHttp2(transport) && !transport.buffersRequest();
  }

  private static boolean isHttp2(TransportSettings transport) {
    return switch (transport.protocol()) {
      case HTTP, HTTPS -> false;
      case H2C, H2 -> true;
    };
  }

  /** In HTTP/1.0 a body needs a length, because there are no chunks. */
  private static boolean isBuffered(RequestBody body, TransportSettings transport) {
    return transport.buffersRequest()
        || (transport.version() == TransportSettings.Version.HTTP_1_0
            && !isHttp2(transport)
            && body.getContentLength() < 0);
  }

  /** Whether the client has sent something that nobody has read, or is about to. */
  boolean isBodyUnread() {
    RequestBody taken = body;
    return view.bodyLength() != 0 && (taken == null ? !isBodyKnown : !taken.isAtEnd());
  }

  /** Takes notice of how much of an answer's body was passed on. */
  void passed(long bytes) {
    responseBytes = bytes;
  }

  /** Returns the bytes of the response's body that the client was sent. */
  long responseBytes() {
    return responseBytes;
  }

  /** Returns the bytes of the request's body that the last back end was sent. */
  long requestBytes() {
    return body == null ? 0 : body.sent();
  }

  /**
   * Whether the client's connection ends with this answer: the rest of a body may never be read, or
   * the gateway is about to end.
   */
  boolean closesConnection() {
    return proxy.drain().isBegun() || isBodyUnread();
  }

  /** Takes notice that the client has the whole answer of a back end. */
  void answered() {
    isAnswerOut = true;
  }

  /** Takes notice that the exchange goes on in a tunnel, and ends with it. */
  void tunnelled() {
    isTunnel = true;
  }

  /** Whether the exchange outlives the request. */
  boolean isTunnel() {
    return isTunnel;
  }

  /**
   * Gives up an attempt because the client's body did not come as it should. What was sent of the
   * request is broken off already.
   */
  Step clientFailed(Forward forward, RequestBody.ClientException e) {
    if (e.isTooLarge()) {
      // What there was of the body is lost, wherever it went.
      return exchange.failed(forward, Exchange.Failure.BODY_TOO_LARGE, 1);
    }
    isClientGone = true;
    Step step = exchange.failed(forward, Exchange.Failure.CLIENT_ABORT, 1);
    HeaderEdits edits =
        step instanceof Decision decision ? decision.responseHeaders() : HeaderEdits.NONE;
    return Answers.clientFailed(forward, e.isTimeout(), edits);
  }

  /** Takes over an upload that may still be reading from the client. */
  void keep(Upload last) {
    upload = last;
    if (!last.isComplete() && last.body().isRepeatable()) {
      // It reads from nobody who could keep it waiting, and the next attempt begins anew.
      last.stop();
    }
  }

  @Override
  public void close() throws IOException {
    Upload last = upload;
    try {
      if (last != null && isAnswerOut && !last.isComplete()) {
        // The client gets all of the answer before anybody waits for the rest of its body.
        response.getOutputStream().close();
      }
    } finally {
      if (last != null) {
        last.stop();
      }
      if (body != null) {
        body.close();
      }
    }
  }
}
