package io.github.ingress4j.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The protocols that a client asks to go on in on its connection, instead of HTTP.
 *
 * <table>
 *   <caption>What of {@code Upgrade} counts, if {@code Connection} names it</caption>
 *   <tr><th>Request</th><th>Asked for</th></tr>
 *   <tr><td>{@code websocket}, with {@code GET}, one {@code Sec-WebSocket-Key} of 16 bytes and
 *       {@code Sec-WebSocket-Version: 13}</td><td>{@code websocket}</td></tr>
 *   <tr><td>{@code websocket} without one of them</td><td>nothing</td></tr>
 *   <tr><td>{@code spdy/3.1, tcp}</td><td>{@code spdy/3.1}, {@code tcp}</td></tr>
 *   <tr><td>{@code h2c}, {@code h2c, tcp}</td><td>nothing; {@code tcp}</td></tr>
 *   <tr><td>anything, over HTTP/1.0 or HTTP/2, with a body, in several lines, or not made of
 *       tokens</td><td>nothing</td></tr>
 * </table>
 *
 * <p>Protocols that carry HTTP themselves ({@code h2c}, {@code HTTP/2.0}, {@code TLS/1.0} and kin)
 * never count: requests inside such a connection would reach the back end without having passed any
 * rule.
 *
 * <p>Immutable and thread-safe. Sources: RFC 9110 section 7.8, RFC 6455 section 4.2.
 *
 * @param protocols names, each with its version if it has one, as the client spelt them, the one it
 *     likes best first; at least one
 */
public record Upgrade(List<String> protocols) {

  /** The name of the protocol of RFC 6455. */
  public static final String WEBSOCKET = "websocket";

  private static final Set<String> HTTP_CARRIERS = Set.of("http", "h2", "h2c", "h3", "tls");

  private static final int KEY_LENGTH = 24;

  /**
   * Copies the protocols.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Upgrade {
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("an upgrade needs a protocol");
    }
  }

  /**
   * Reads what a request asks for.
   *
   * @param request the request
   * @return the protocols that count; {@code null} if there is none
   */
  public static @Nullable Upgrade of(RequestView request) {
    List<String> lines = request.headers("Upgrade");
    if (lines.size() != 1
        || !request.httpVersion().equals("1.1")
        || request.bodyLength() != 0
        || !request.headers("Transfer-Encoding").isEmpty()) {
      return null;
    }
    List<String> connection = request.headers("Connection");
    if (!names(connection, "upgrade")) {
      return null;
    }
    List<String> protocols = new ArrayList<>();
    for (String protocol : elements(lines.get(0))) {
      if (!isProtocol(protocol)) {
        return null;
      }
      String name = nameOf(protocol);
      if (!carriesHttp(name)
          && (!name.equals(WEBSOCKET)
              || (protocol.length() == name.length() && isHandshake(request, connection)))) {
        protocols.add(protocol);
      }
    }
    return protocols.isEmpty() ? null : new Upgrade(protocols);
  }

  /** Whether everything is there that a WebSocket server needs. */
  private static boolean isHandshake(RequestView request, List<String> connection) {
    List<String> keys = request.headers("Sec-WebSocket-Key");
    List<String> versions = request.headers("Sec-WebSocket-Version");
    return request.method().equals("GET")
        && keys.size() == 1
        && isKey(keys.get(0).trim())
        && versions.size() == 1
        && versions.get(0).trim().equals("13")
        && !HeaderName.isConnectionOption("Sec-WebSocket-Key", connection)
        && !HeaderName.isConnectionOption("Sec-WebSocket-Version", connection);
  }

  /** Whether a text is 16 bytes in base64. */
  private static boolean isKey(String key) {
    if (key.length() != KEY_LENGTH || !key.endsWith("==")) {
      return false;
    }
    for (int i = 0; i < KEY_LENGTH - 2; i++) {
      char c = key.charAt(i);
      boolean isDigit =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!isDigit) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether a protocol carries HTTP, so that it is never switched to.
   *
   * @param name the protocol's name without a version
   * @return {@code true} for {@code h2c}, {@code HTTP}, {@code TLS} and kin
   */
  public static boolean carriesHttp(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return HTTP_CARRIERS.contains(lower) || lower.startsWith("h2c-") || lower.startsWith("h2-");
  }

  /**
   * Returns what is left if only some protocols may be switched to.
   *
   * @param names the names of those protocols, in lower case, without versions
   * @return the rest; {@code null} if there is none
   */
  public @Nullable Upgrade among(Set<String> names) {
    List<String> rest = new ArrayList<>(protocols);
    rest.removeIf(protocol -> !names.contains(nameOf(protocol)));
    return rest.isEmpty() ? null : rest.size() == protocols.size() ? this : new Upgrade(rest);
  }

  /**
   * Returns the protocol that an answer switches to.
   *
   * @param reply the head of an answer
   * @return one of {@link #protocols}, as the back end spells it; {@code null} if this is not a
   *     proper answer 101 to what was asked: {@code Connection} does not name {@code Upgrade}, the
   *     protocol is another one or not exactly one, there is a body, or a WebSocket has no {@code
   *     Sec-WebSocket-Accept}
   */
  public @Nullable String chosenBy(ReplyView reply) {
    List<String> lines = reply.headers("Upgrade");
    if (reply.status() != 101
        || lines.size() != 1
        || !names(reply.headers("Connection"), "upgrade")
        || !reply.headers("Content-Length").isEmpty()
        || !reply.headers("Transfer-Encoding").isEmpty()) {
      return null;
    }
    String chosen = lines.get(0).trim();
    if (protocols.stream().noneMatch(chosen::equalsIgnoreCase)) {
      return null;
    }
    List<String> proof = reply.headers("Sec-WebSocket-Accept");
    return isWebSocket(chosen) && (proof.size() != 1 || proof.get(0).isBlank()) ? null : chosen;
  }

  /**
   * Returns whether a protocol is that of RFC 6455.
   *
   * @param protocol the protocol, as either side spells it
   * @return whether it is
   */
  public static boolean isWebSocket(String protocol) {
    return protocol.equalsIgnoreCase(WEBSOCKET);
  }

  private static String nameOf(String protocol) {
    int slash = protocol.indexOf('/');
    return (slash < 0 ? protocol : protocol.substring(0, slash)).toLowerCase(Locale.ROOT);
  }

  private static boolean isProtocol(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? HeaderName.isToken(text)
        : HeaderName.isToken(text.substring(0, slash))
            && HeaderName.isToken(text.substring(slash + 1));
  }

  private static boolean names(List<String> lines, String option) {
    for (String line : lines) {
      if (elements(line).stream().anyMatch(option::equalsIgnoreCase)) {
        return true;
      }
    }
    return false;
  }

  /** The elements of a list; empty ones count for nothing. */
  private static List<String> elements(String line) {
    List<String> elements = new ArrayList<>();
    for (String element : line.split(",", -1)) {
      String trimmed = element.trim();
      if (!trimmed.isEmpty()) {
        elements.add(trimmed);
      }
    }
    return elements;
  }
}
