package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.decision.TransportSettings;
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
    try (HttpAttempt attempt = new HttpAttempt(proxy, this, forward)) {
      Step step = attempt.run(addresses);
      if (step instanceof Forward next) {
        return next;
      }
      if (attempt.isClientGone() && response.isCommitted()) {
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
      body = RequestBody.of(view, request, watch);
      isBodyKnown = true;
    }
    RequestBody taken = body;
    if (taken != null && isBuffered(taken, transport)) {
      taken.buffer(proxy.buffers());
    }
    return taken;
  }

  /** In HTTP/1.0 a body needs a length, because there are no chunks. */
  private static boolean isBuffered(RequestBody body, TransportSettings transport) {
    return transport.buffersRequest()
        || (transport.version() == TransportSettings.Version.HTTP_1_0
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

  /** Takes over an upload that may still be reading from the client. */
  void keep(Upload last) {
    upload = last;
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
