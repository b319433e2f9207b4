package io.github.ingress4j.dialect.nginx;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a URL that the controller looks at, cut as its language cuts them. Only for texts of
 * {@link CharSet#URL_WITH_VARIABLES}: no user names, escapes, fragments or brackets.
 *
 * <p>Source: Go, net/url.
 *
 * @param scheme in lower case; empty if there is none
 * @param host with its port; empty if there is none
 */
record GoUrl(String scheme, String host) {

  /** Returns the parts, or {@code null} if the text is no URL. */
  static @Nullable GoUrl parse(String text) {
    int colon = schemeEnd(text);
    if (colon == 0) {
      return null;
    }
    String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = colon < 0 ? text : text.substring(colon + 1);
    int query = rest.indexOf('?');
    rest = query < 0 ? rest : rest.substring(0, query);
    if (!rest.startsWith("/")) {
      if (!scheme.isEmpty()) {
        return new GoUrl(scheme, "");
      }
      int slash = rest.indexOf('/');
      int inSegment = rest.indexOf(':');
      return inSegment >= 0 && (slash < 0 || inSegment < slash) ? null : new GoUrl("", "");
    }
    if (!rest.startsWith("//") || (scheme.isEmpty() && rest.startsWith("///"))) {
      return new GoUrl(scheme, "");
    }
    int end = rest.indexOf('/', 2);
    String host = rest.substring(2, end < 0 ? rest.length() : end);
    int port = host.lastIndexOf(':');
    for (int i = port + 1; port >= 0 && i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return null;
      }
    }
    return host.indexOf(' ') >= 0 ? null : new GoUrl(scheme, host);
  }

  /** What is wrong with the target of a temporal redirect, or {@code null}. */
  static @Nullable String redirectFault(String text) {
    GoUrl url = parse(text);
    return url != null && url.scheme().startsWith("http") ? null : "is no http or https URL";
  }

  /** What is wrong with the URL of an authentication service, or {@code null}. */
  static @Nullable String serviceFault(String text) {
    GoUrl url = parse(text);
    if (url == null) {
      return "is no URL";
    }
    if (url.scheme().isEmpty()) {
      return "has no scheme";
    }
    if (url.host().isEmpty()) {
      return "has no host";
    }
    return url.host().contains("..") ? "has two dots in its host" : null;
  }

  /** The index of the colon behind a scheme, 0 if the scheme is missing, -1 if there is none. */
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':') {
        return i;
      }
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean isOther = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!isLetter && !(isOther && i > 0)) {
        return -1;
      }
    }
    return -1;
  }
}
