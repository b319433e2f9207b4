package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.policy.HeaderName;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;

/**
 * Passes the answer of a back end on to the client, as it comes.
 *
 * <p>An answer that breaks off breaks the client's connection, because nothing else can tell a
 * client that the body is not complete.
 *
 * <p>For one answer, on one thread.
 */
final class ReplyRelay {

  private final Delivery delivery;
  private final Relay relay;
  private final TransportSettings.Rate rate;
  private final HttpServletResponse response;

  /**
   * Prepares to pass an answer on.
   *
   * @param rate how fast its body may pass
   */
  ReplyRelay(Delivery delivery, Relay relay, TransportSettings.Rate rate) {
    this.delivery = delivery;
    this.relay = relay;
    this.rate = rate;
    response = delivery.response();
  }

  /**
   * Passes all of an answer on.
   *
   * @throws IOException if the back end broke it off, or the client has gone
   */
  void pass(ClassicHttpResponse reply) throws IOException {
    passHead(reply);
    HttpEntity entity = reply.getEntity();
    long length = Replies.length(reply);
    if (length >= 0 && relay.status() != 204 && relay.status() != 304) {
      response.setContentLengthLong(length);
    }
    if (delivery.closesConnection()) {
      Answers.closeConnection(delivery.view(), response);
    }
    if (entity != null) {
      InputStream in = entity.getContent();
      if (in instanceof ChunkedInputStream chunks && canTrail()) {
        // Asked for when the body has come to its end.
        response.setTrailerFields(
            () -> Trailers.ofReply(chunks.getFooters(), relay.responseHeaders()::covers));
      }
      copy(in, length);
    }
  }

  /** Whether the client can be sent fields after the body, and has said that it takes them. */
  private boolean canTrail() {
    ServletRequestView view = delivery.view();
    return !view.httpVersion().equals("1.0") && Trailers.areTaken(view.headers("TE"));
  }

  private void passHead(ClassicHttpResponse reply) {
    response.setStatus(relay.status());
    List<String> options = Replies.values(reply, "Connection");
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
        response.setHeader(name, Replies.value(header));
      } else {
        response.addHeader(name, Replies.value(header));
      }
    }
    Answers.apply(relay.responseHeaders(), response);
  }

  private void copy(InputStream in, long length) throws IOException {
    OutputStream out = response.getOutputStream();
    byte[] buffer = new byte[RequestBody.BUFFER];
    Pace pace =
        rate.bytesPerSecond() == 0 ? null : new Pace(rate, delivery.proxy().settings().time());
    long copied = 0;
    while (true) {
      int count;
      try {
        count = in.read(buffer);
      } catch (IOException e) {
        // A head that is still here must go out, or the container would make up an answer.
        response.flushBuffer();
        ClientConnection.abort(delivery.request());
        throw new IOException("the back end's answer broke off after " + copied + " bytes", e);
      }
      if (count < 0) {
        return;
      }
      if (pace == null) {
        out.write(buffer, 0, count);
      } else {
        write(out, buffer, count, pace);
      }
      copied += count;
      delivery.passed(copied);
      if (copied != length && in.available() <= 0) {
        out.flush();
      }
    }
  }

  private static void write(OutputStream out, byte[] buffer, int count, Pace pace)
      throws IOException {
    int written = 0;
    while (written < count) {
      int next = pace.take(count - written);
      if (next == 0) {
        // What has passed must not wait as well.
        out.flush();
        pace.pause(count - written);
        continue;
      }
      out.write(buffer, written, next);
      written += next;
    }
  }
}
