package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.policy.HeaderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;

/** Heads of answers: what is wrong with them, and what they say. */
final class Replies {

  /** The interim answers before a final one that are waited out. */
  static final int MAX_INTERIM = 16;

  /** How long an idle connection is kept, unless the other side asks for less. */
  static final long KEEP_ALIVE_SECONDS = 30;

  private Replies() {}

  /** Requires a head that can be passed on. */
  static void check(ClassicHttpResponse reply) throws ProtocolException {
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

  /** Requires that nobody can be in doubt about the end of the body. */
  static void requireFraming(ClassicHttpResponse reply) throws ProtocolException {
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

  /** Returns what the router has to know of an answer. */
  static Exchange.ReplyHead head(ClassicHttpResponse reply) {
    Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Header header : reply.getHeaders()) {
      fields.computeIfAbsent(header.getName(), name -> new ArrayList<>(1)).add(value(header));
    }
    return new Exchange.ReplyHead(reply.getCode(), fields);
  }

  /** Returns the length of the body as the head says it, -1 if it does not. */
  static long length(ClassicHttpResponse reply) {
    List<String> lengths = values(reply, "Content-Length");
    return lengths.size() == 1 && FrontDoor.isNumber(lengths.get(0))
        ? Long.parseLong(lengths.get(0))
        : -1;
  }

  /** Returns how long the connection may be kept. */
  static long keepAliveSeconds(ClassicHttpResponse reply) {
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

  static List<String> values(ClassicHttpResponse reply, String name) {
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

  static String value(Header header) {
    String value = header.getValue();
    return value == null ? "" : value;
  }
}
