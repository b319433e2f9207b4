package io.github.ingress4j.servlet;

import io.github.ingress4j.policy.ForwardedHeaders;
import io.github.ingress4j.policy.HeaderName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Fields that come after a body. They are passed on only if nobody could take them for more than
 * that: nothing that frames or routes a message, says who somebody is, or says how the body is to
 * be read or kept, because whoever merges them into the head would believe them (RFC 9110, section
 * 6.5.1). What must not pass is left out; the message is whole without it.
 *
 * <p>Stateless and thread-safe.
 */
final class Trailers {

  private static final int MAX_LINES = 100;
  private static final int MAX_BYTES = 16 * 1024;

  /** Fields of the head, whatever they are about. */
  private static final Set<String> HEAD_ONLY =
      Set.of(
          "host",
          "authorization",
          "cookie",
          "set-cookie",
          "www-authenticate",
          "authentication-info",
          "expect",
          "max-forwards",
          "pragma",
          "cache-control",
          "range",
          "accept-ranges",
          "location",
          "retry-after",
          "vary",
          "age",
          "date",
          "expires",
          "last-modified",
          "via",
          "forwarded",
          "strict-transport-security",
          "x-request-id",
          "x-http-method-override");

  private static final List<String> HEAD_ONLY_PREFIXES =
      List.of("content-", "if-", "access-control-", "x-original-", "x-accel-");

  private Trailers() {}

  private static boolean mayPass(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    return HeaderName.isToken(name)
        && name.indexOf('_') < 0
        && FrontDoor.isFieldValue(value)
        && !HeaderName.isHopByHop(name)
        && !ForwardedHeaders.isManaged(name)
        && !HEAD_ONLY.contains(lower)
        && HEAD_ONLY_PREFIXES.stream().noneMatch(lower::startsWith);
  }

  /**
   * Returns the fields after a request's body that a back end gets.
   *
   * @param isTaken the names that the router sets or removes
   */
  static List<Header> ofRequest(Map<String, String> fields, Predicate<String> isTaken) {
    if (fields.isEmpty()) {
      return List.of();
    }
    List<Header> passed = new ArrayList<>();
    int bytes = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String name = field.getKey();
      String value = ServletRequestView.bytes(field.getValue());
      bytes += name.length() + value.length() + 4;
      if (passed.size() >= MAX_LINES || bytes > MAX_BYTES) {
        break;
      }
      if (mayPass(name, value) && !isTaken.test(name)) {
        passed.add(new BasicHeader(name, value));
      }
    }
    return passed;
  }

  /**
   * Returns the fields after an answer's body that a client gets; of several lines with one name,
   * all in one.
   *
   * @param isTaken the names that the router sets or removes
   */
  static Map<String, String> ofReply(Header[] fields, Predicate<String> isTaken) {
    Map<String, String> passed = new LinkedHashMap<>();
    int bytes = 0;
    for (Header field : fields) {
      String name = field.getName();
      String value = Replies.value(field);
      bytes += name.length() + value.length() + 4;
      if (passed.size() >= MAX_LINES || bytes > MAX_BYTES) {
        break;
      }
      if (mayPass(name, value) && !isTaken.test(name)) {
        passed.merge(name.toLowerCase(Locale.ROOT), value, (one, other) -> one + ", " + other);
      }
    }
    return passed;
  }

  /** Returns whether a client has said that it takes fields after a body. */
  static boolean areTaken(List<String> te) {
    for (String line : te) {
      for (String element : line.split(",", -1)) {
        if (element.trim().equalsIgnoreCase("trailers")) {
          return true;
        }
      }
    }
    return false;
  }
}
