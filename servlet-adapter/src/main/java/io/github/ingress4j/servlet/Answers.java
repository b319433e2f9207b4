package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the answers that the router gives by itself: a status, a reason in words, no page. */
final class Answers {

  private Answers() {}

  /**
   * Writes an answer.
   *
   * @param isBodyUnread whether the request has a body that nobody has read to its end; then the
   *     connection is closed, because what is left of it must not be taken for another request
   * @return the bytes of the body
   */
  static int write(
      Decision decision, RequestView request, HttpServletResponse response, boolean isBodyUnread)
      throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the response was begun by somebody else");
    }
    // Whoever came before may have begun a page of his own.
    response.resetBuffer();
    if (decision instanceof Answer answer) {
      response.setStatus(answer.status());
    } else if (decision instanceof Redirect redirect) {
      response.setStatus(redirect.status());
      if (redirect.location() != null) {
        response.setHeader("Location", redirect.location());
      }
    }
    apply(decision.responseHeaders(), response);
    if (isBodyUnread) {
      closeConnection(request, response);
    }
    int status = response.getStatus();
    if (status == 204 || status == 304) {
      return 0;
    }
    byte[] text = new byte[0];
    if (decision instanceof Answer answer) {
      text = (answer.explanation() + "\n").getBytes(StandardCharsets.UTF_8);
      response.setHeader("Content-Type", "text/plain;charset=utf-8");
      response.setHeader("X-Content-Type-Options", "nosniff");
    }
    response.setContentLength(text.length);
    if (request.method().equals("HEAD")) {
      return 0;
    }
    response.getOutputStream().write(text);
    return text.length;
  }

  /** Makes the header fields of a response what edits say. */
  static void apply(HeaderEdits edits, HttpServletResponse response) {
    for (Map.Entry<String, List<String>> edit : edits.asMap().entrySet()) {
      // What is appended stands beside the lines that the other side sent.
      boolean isFirst = !edits.appended().contains(edit.getKey());
      for (String value : edit.getValue()) {
        if (isFirst) {
          response.setHeader(edit.getKey(), value);
          isFirst = false;
        } else {
          response.addHeader(edit.getKey(), value);
        }
      }
    }
  }

  /** Returns the header fields of a response as they are now. */
  static Map<String, List<String>> fields(HttpServletResponse response) {
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : response.getHeaderNames()) {
      fields.put(name, List.copyOf(response.getHeaders(name)));
    }
    return fields;
  }

  /** Makes the container close the connection after the response. */
  static void closeConnection(RequestView request, HttpServletResponse response) {
    if (request.httpVersion().startsWith("1.")) {
      response.setHeader("Connection", "close");
    }
  }

  /**
   * Returns the answer to a client whose body does not come.
   *
   * @param edits what every answer of the route gets
   */
  static Answer clientFailed(Forward forward, boolean isTimeout, HeaderEdits edits) {
    return new Answer(
        forward.route(),
        isTimeout ? 408 : 400,
        Answer.Reason.MALFORMED_REQUEST,
        isTimeout
            ? "The body of the request did not come in time."
            : "The body of the request ended early or was malformed.",
        edits);
  }
}
