package io.github.ingress4j.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the names of header fields say about how the fields travel.
 *
 * <p>Stateless and thread-safe.
 */
public final class HeaderName {

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "proxy");

  /** Fields that a {@code Connection} option must not take away. */
  private static final Set<String> PROTECTED =
      Set.of("host", "content-length", "cookie", "authorization", "via");

  /** What the sender of a message knows better: its host, its body, and what it has answered. */
  private static final Set<String> OF_SENDER = Set.of("host", "content-length", "expect");

  private HeaderName() {}

  /**
   * Returns whether a text is a token of RFC 9110 section 5.6.2.
   *
   * @param name any text
   * @return {@code true} if it can be the name of a field
   */
  public static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isTokenCharacter =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!isTokenCharacter) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /**
   * Returns whether a field concerns one connection only and must not be passed on: the fields of
   * RFC 9110 section 7.6.1, every {@code Proxy-} field, {@code HTTP2-Settings}, and {@code Proxy},
   * which CGI programs take for a setting of their own.
   *
   * @param name the field's name
   * @return {@code true} if the field ends here
   */
  public static boolean isHopByHop(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return HOP_BY_HOP.contains(lower) || lower.startsWith("proxy-");
  }

  /**
   * Returns whether anybody may set a field of this name on a message that is sent from here. The
   * others end at this hop, or belong to the sender, which frames and addresses what it really
   * sends; a second line of them would make two messages out of one.
   *
   * @param name any text
   * @return {@code true} for a token that is neither {@linkplain #isHopByHop of one hop} nor {@code
   *     Host}, {@code Content-Length} or {@code Expect}
   */
  public static boolean isSettable(String name) {
    return isToken(name) && !isHopByHop(name) && !OF_SENDER.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns whether a field is named as an option of {@code Connection} and so must not be passed
   * on. Options can take away neither what frames and routes a message nor the fields that say who
   * the client is.
   *
   * @param name the field's name
   * @param connection the values of the message's {@code Connection} lines
   * @return {@code true} if the field ends here
   */
  public static boolean isConnectionOption(String name, List<String> connection) {
    for (String line : connection) {
      int start = 0;
      while (start <= line.length()) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        if (line.substring(start, end).trim().equalsIgnoreCase(name)) {
          return !PROTECTED.contains(name.toLowerCase(Locale.ROOT))
              && !ForwardedHeaders.isManaged(name);
        }
        start = end + 1;
      }
    }
    return false;
  }
}
