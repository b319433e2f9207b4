package io.github.ingress4j.policy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that keeps a session at one endpoint.
 *
 * <pre>{@code
 * INGRESSCOOKIE=KEY|BACKEND; Expires=Thu, 01-Jan-26 00:00:10 GMT; Max-Age=10; Domain=a.shop;
 *     Path=/cart; Secure; HttpOnly; SameSite=Lax
 * }</pre>
 *
 * <p>It is a hint and never trusted. {@code HttpOnly} is always there, {@code Secure} on TLS
 * whatever is configured.
 *
 * <p>Immutable and thread-safe. Sources: the {@code session-cookie} annotations of ingress-nginx;
 * RFC 6265 section 4.1.
 *
 * @param name the name, compared with regard to case
 * @param path the attribute Path, one character a byte from construction on; empty for that of the
 *     rule, which {@link #withPath} sets
 * @param domain the attribute Domain, or {@code null}
 * @param expiresSeconds how long from now until it expires, or {@code null}
 * @param maxAgeSeconds the attribute Max-Age, or {@code null}
 * @param isSecure whether Secure is set without TLS too
 * @param sameSite the attribute SameSite, or {@code null}
 * @param sparesOldBrowsers whether {@code SameSite=None} is left out for browsers that misread it
 */
public record SessionCookie(
    String name,
    String path,
    @Nullable String domain,
    @Nullable Long expiresSeconds,
    @Nullable Long maxAgeSeconds,
    boolean isSecure,
    @Nullable SameSite sameSite,
    boolean sparesOldBrowsers) {

  /** Who may make a browser send the cookie. */
  public enum SameSite {
    /** Every site. */
    NONE("None"),
    /** Other sites by links only. */
    LAX("Lax"),
    /** The site itself. */
    STRICT("Strict");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }

    /**
     * Finds a value by its exact spelling, for in another spelling ingress-nginx leaves it out.
     *
     * @param text such as {@code Lax}
     * @return the value, or {@code null}
     */
    public static @Nullable SameSite of(String text) {
      for (SameSite value : values()) {
        if (value.text.equals(text)) {
          return value;
        }
      }
      return null;
    }
  }

  private static final List<String> MISREADING_BROWSERS =
      List.of("Chrome/4", "Chrome/5", "Chrome/6", "CPU iPhone OS 12", "iPad; CPU OS 12");

  private static final String DAYS = "MonTueWedThuFriSatSun";
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

  /**
   * Encodes the path in UTF-8.
   *
   * @throws IllegalArgumentException if name, path or domain could change the cookie's meaning; see
   *     {@link #isName} and {@link #isAttributeValue}
   */
  public SessionCookie {
    if (!isName(name)) {
      throw new IllegalArgumentException("a cookie's name must be visible ASCII without = ; , \"");
    }
    path = UrlText.octets(path);
    if (!isAttributeValue(path) || (domain != null && !isAttributeValue(domain))) {
      throw new IllegalArgumentException(
          "an attribute of a cookie must hold neither control characters nor a semicolon");
    }
  }

  /**
   * Returns this cookie with another path.
   *
   * @param value the attribute Path
   * @return the changed cookie
   * @throws IllegalArgumentException if {@code value} cannot be an attribute
   */
  public SessionCookie withPath(String value) {
    return new SessionCookie(
        name, value, domain, expiresSeconds, maxAgeSeconds, isSecure, sameSite, sparesOldBrowsers);
  }

  /**
   * Returns whether a text can be the name of a cookie.
   *
   * @param text any text
   * @return {@code true} for visible ASCII without {@code = ; ,} and quotes
   */
  public static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || "=;,\"".indexOf(c) >= 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /**
   * Returns whether a text can be the value of an attribute without adding another one.
   *
   * @param text any text
   * @return {@code true} if it holds neither control characters nor a semicolon
   */
  public static boolean isAttributeValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7F || c == ';') {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the value that a request carries.
   *
   * @param request the request
   * @return the value of the last cookie of this name, whatever it holds, or {@code null}
   */
  public @Nullable String read(RequestView request) {
    return Cookies.last(request.headers("Cookie"), name);
  }

  /**
   * Returns the value of {@code Set-Cookie} that binds a client.
   *
   * @param key what finds the endpoint
   * @param backendTag what tells the upstream
   * @param now the time from which {@code Expires} counts
   * @param request the request that is answered
   * @return the text, one character a byte and without controls
   * @throws IllegalArgumentException if key or tag could change the cookie's meaning
   */
  public String render(String key, String backendTag, Instant now, CanonicalRequest request) {
    Objects.requireNonNull(now, "now");
    if (!isValue(key) || !isValue(backendTag)) {
      throw new IllegalArgumentException(
          "key and backend tag of a cookie must be visible ASCII without a semicolon");
    }
    StringBuilder out = new StringBuilder(160);
    out.append(name).append('=').append(key).append('|').append(backendTag);
    if (expiresSeconds != null) {
      out.append("; Expires=").append(date(now, expiresSeconds));
    }
    if (maxAgeSeconds != null) {
      out.append("; Max-Age=").append((long) maxAgeSeconds);
    }
    if (domain != null && !domain.isEmpty()) {
      out.append("; Domain=").append(domain);
    }
    out.append("; Path=").append(path);
    if (isSecure || request.view().scheme().equals("https")) {
      out.append("; Secure");
    }
    out.append("; HttpOnly");
    if (sameSite != null && !isSpared(request)) {
      out.append("; SameSite=").append(sameSite.text);
    }
    String cookie = out.toString();
    HeaderValue.require("Set-Cookie", cookie);
    return cookie;
  }

  private static boolean isValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == ';') {
        return false;
      }
    }
    return true;
  }

  private boolean isSpared(CanonicalRequest request) {
    if (sameSite != SameSite.NONE || !sparesOldBrowsers) {
      return false;
    }
    String agent = request.header("user_agent");
    for (String browser : MISREADING_BROWSERS) {
      if (agent.contains(browser)) {
        return true;
      }
    }
    return agent.contains("Intel Mac OS X 10_14")
        && agent.contains("Safari")
        && !agent.contains("Chrome");
  }

  /** As nginx writes the dates of cookies: two digits of the year up to 2037, then four. */
  private static String date(Instant now, long seconds) {
    // Far beyond every browser's horizon, and within what a date can hold.
    long limit = 253_402_300_799L;
    long at = Math.max(0, Math.min(limit, now.getEpochSecond() + Math.min(seconds, limit)));
    ZonedDateTime time = Instant.ofEpochSecond(at).atZone(ZoneOffset.UTC);
    int day = 3 * (time.getDayOfWeek().getValue() - 1);
    int month = 3 * (time.getMonthValue() - 1);
    StringBuilder out = new StringBuilder(30).append(DAYS, day, day + 3).append(", ");
    two(out, time.getDayOfMonth()).append('-').append(MONTHS, month, month + 3).append('-');
    if (time.getYear() > 2037) {
      out.append(time.getYear());
    } else {
      two(out, time.getYear() % 100);
    }
    two(out.append(' '), time.getHour());
    two(out.append(':'), time.getMinute());
    return two(out.append(':'), time.getSecond()).append(" GMT").toString();
  }

  private static StringBuilder two(StringBuilder out, int number) {
    return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
