package io.github.ingress4j.routing;

import java.util.Locale;

/**
 * The text of a pattern for a message: quoted, on one line, printable ASCII only, of bounded
 * length. Patterns are texts, and their characters are shown as such; what a client sent is bytes,
 * and {@link Octets#quote} shows those.
 */
final class QuotedText {

  private static final int LIMIT = 200;

  private QuotedText() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), LIMIT) + 3).append('"');
    for (int i = 0; i < Math.min(text.length(), LIMIT); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= 0x20 && c < 0x7F) {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return out.append(text.length() > LIMIT ? "…\"" : "\"").toString();
  }
}
