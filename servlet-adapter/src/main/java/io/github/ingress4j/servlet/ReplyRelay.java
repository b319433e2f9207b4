package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Relay;
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
  private final HttpServletResponse response;

  ReplyRelay(Delivery delivery, Relay relay) {
    this.delivery = delivery;
    this.relay = relay;
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
    if (delivery.isBodyUnread()) {
      // The rest of the body may never be read.
      Answers.closeConnection(delivery.view(), response);
    }
    if (entity != null) {
      copy(entity.getContent(), length);
    }
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
      out.write(buffer, 0, count);
      copied += count;
      if (copied != length && in.available() <= 0) {
        out.flush();
      }
    }
  }
}
