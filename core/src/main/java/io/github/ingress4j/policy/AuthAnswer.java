package io.github.ingress4j.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of a service that decides about requests, kept for the next request that would ask the
 * same.
 *
 * <p>Immutable and thread-safe. Source: nginx, ngx_http_upstream and proxy_cache_valid; RFC 9111.
 *
 * @param status the status
 * @param lines the fields that are needed again, by name in lower case
 * @param varying the fields of the request that the answer depends on, with what they were
 * @param until when it is too old
 */
record AuthAnswer(
    int status, Map<String, List<String>> lines, Map<String, String> varying, Instant until)
    implements ReplyView {

  private static final int WEIGHT_OF_ENTRY = 400;

  AuthAnswer {
    lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
    varying = Collections.unmodifiableMap(new LinkedHashMap<>(varying));
  }

  static AuthAnswer of(
      CanonicalRequest request, ReplyView reply, Map<String, List<String>> lines, Instant until) {
    Map<String, String> varying = new LinkedHashMap<>();
    for (String line : reply.headers("Vary")) {
      for (String name : line.split(",", -1)) {
        varying.put(name.trim(), request.header(name.trim()));
      }
    }
    return new AuthAnswer(reply.status(), lines, varying, until);
  }

  /** Whether the answer would be the same for another request. */
  boolean isFor(CanonicalRequest request) {
    for (Map.Entry<String, String> field : varying.entrySet()) {
      if (!request.header(field.getKey()).equals(field.getValue())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns how long an answer may be remembered, which it says itself, or else its status. One
   * that sets cookies is never remembered, nor is one that forbids it.
   *
   * @return the time, or null if it may not be remembered
   */
  static @Nullable Instant expiry(
      ReplyView reply, List<ExternalAuth.CacheTime> cacheTimes, Instant now) {
    if (!reply.headers("Set-Cookie").isEmpty() || variesByAll(reply)) {
      return null;
    }
    for (String line : reply.headers("X-Accel-Expires")) {
      boolean isAbsolute = line.startsWith("@");
      long seconds = seconds(isAbsolute ? line.substring(1) : line);
      if (seconds >= 0) {
        return isAbsolute ? Instant.ofEpochSecond(seconds) : now.plusSeconds(seconds);
      }
    }
    String control = Template.lowerCase(String.join(",", reply.headers("Cache-Control")));
    if (control.contains("no-cache")
        || control.contains("no-store")
        || control.contains("private")) {
      return null;
    }
    for (String directive : List.of("s-maxage=", "max-age=")) {
      int at = control.indexOf(directive);
      if (at >= 0) {
        long seconds = seconds(digits(control, at + directive.length()));
        return seconds <= 0 ? null : now.plusSeconds(seconds);
      }
    }
    List<String> expires = reply.headers("Expires");
    if (!expires.isEmpty()) {
      try {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(expires.get(0)));
      } catch (DateTimeException e) {
        // A date that cannot be read lies in the past, RFC 9111 section 5.3.
        return null;
      }
    }
    for (ExternalAuth.CacheTime time : cacheTimes) {
      if (time.statuses().isEmpty() || time.statuses().contains(reply.status())) {
        return now.plus(time.duration());
      }
    }
    return null;
  }

  private static boolean variesByAll(ReplyView reply) {
    return reply.headers("Vary").stream().anyMatch(line -> line.indexOf('*') >= 0);
  }

  /** The digits that a text has from a position on. */
  static String digits(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return text.substring(start, end);
  }

  /** The number, -1 if it is none; what is longer than a human life counts as one. */
  private static long seconds(String text) {
    if (text.isEmpty() || digits(text, 0).length() != text.length()) {
      return -1;
    }
    return text.length() > 10 ? 9_999_999_999L : Long.parseLong(text);
  }

  @Override
  public List<String> headers(String name) {
    return lines.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** About the bytes that it takes. */
  int weight() {
    int weight = WEIGHT_OF_ENTRY;
    for (List<String> values : lines.values()) {
      for (String value : values) {
        weight += 60 + value.length();
      }
    }
    for (String value : varying.values()) {
      weight += 120 + value.length();
    }
    return weight;
  }

  /** What is remembered are credentials. */
  @Override
  public String toString() {
    return "answer " + status + " until " + until;
  }
}
