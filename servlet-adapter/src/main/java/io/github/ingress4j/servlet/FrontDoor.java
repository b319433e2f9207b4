package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.HeaderName;
import io.github.ingress4j.policy.RequestView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what containers let through although it must not be routed: framing that two servers
 * could read differently, header fields that are none, expectations that nobody fulfils, and more
 * header bytes than a back end should have to take.
 *
 * <p>Versions, methods, targets and hosts are the router's to judge.
 *
 * <p>Stateless and thread-safe. Sources: RFC 9112 sections 5 and 6, RFC 9110 section 10.1.1.
 */
final class FrontDoor {

  private static final int MAX_LINES = 100;
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_BYTES = 64 * 1024;

  private FrontDoor() {}

  /** Returns the refusal, or null if the request may go to the router. */
  static @Nullable Answer refusal(RequestView request) {
    Answer refusal = headersRefusal(request);
    if (refusal == null) {
      refusal = framingRefusal(request);
    }
    return refusal == null ? expectationRefusal(request) : refusal;
  }

  private static @Nullable Answer headersRefusal(RequestView request) {
    int lines = 0;
    int bytes = 0;
    for (String name : request.headerNames()) {
      if (!HeaderName.isToken(name)) {
        return malformed("The request has a header whose name is no token of RFC 9110.");
      }
      for (String value : request.headers(name)) {
        int size = name.length() + value.length() + 4;
        lines++;
        bytes += size;
        if (size > MAX_LINE || lines > MAX_LINES || bytes > MAX_BYTES) {
          return new Answer(
              null,
              431,
              Answer.Reason.HEADERS_TOO_LARGE,
              "The request has more than 100 header lines, a line of more than 16 KiB, or more than"
                  + " 64 KiB of headers.",
              HeaderEdits.NONE);
        }
        if (!isFieldValue(value)) {
          return malformed(
              "The header " + name + " holds a control character, which no header may hold.");
        }
      }
    }
    return null;
  }

  private static @Nullable Answer framingRefusal(RequestView request) {
    List<String> codings = request.headers("Transfer-Encoding");
    List<String> lengths = request.headers("Content-Length");
    if (!codings.isEmpty()) {
      if (!request.httpVersion().equals("1.1")) {
        return malformed("Transfer-Encoding belongs to HTTP/1.1 only.");
      }
      if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
        return malformed("The only Transfer-Encoding that is understood is chunked, once.");
      }
      if (!lengths.isEmpty()) {
        return malformed("The request has both Content-Length and Transfer-Encoding.");
      }
    }
    if (lengths.size() > 1 || (lengths.size() == 1 && !isNumber(lengths.get(0)))) {
      return malformed("Content-Length must be one number.");
    }
    return null;
  }

  private static @Nullable Answer expectationRefusal(RequestView request) {
    for (String value : request.headers("Expect")) {
      if (!value.equalsIgnoreCase("100-continue")) {
        return new Answer(
            null,
            417,
            Answer.Reason.EXPECTATION_FAILED,
            "The only expectation that is fulfilled is 100-continue.",
            HeaderEdits.NONE);
      }
    }
    return null;
  }

  /** Returns whether a text can be the value of a header field. */
  static boolean isFieldValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a text is a length: 1 to 18 digits and nothing else. */
  static boolean isNumber(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return !value.isEmpty() && value.length() <= 18;
  }

  private static Answer malformed(String explanation) {
    return new Answer(null, 400, Answer.Reason.MALFORMED_REQUEST, explanation, HeaderEdits.NONE);
  }
}
