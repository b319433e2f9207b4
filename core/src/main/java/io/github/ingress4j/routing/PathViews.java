package io.github.ingress4j.routing;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The other paths that a back end could read in a canonical path.
 *
 * <pre>
 *   /shop/a%252Fb;v=1
 *     parameters dropped, or not                    /shop/a%252Fb
 *     decoded once, twice, three times              /shop/a%2Fb;v=1    /shop/a/b;v=1   ...
 *     cut at NUL, or not
 *     backslash as slash, or not
 *     parameters dropped now, or not                /shop/a%2Fb        /shop/a/b
 *     encoded again, empty and dot segments resolved
 * </pre>
 *
 * <p>A decoded text is encoded again in two ways, because its percent signs can be read in two
 * ways: as characters, by a back end that stops here ({@code 100%} is {@code 100%25}), and as
 * escapes, by one that hands the text on as a URL.
 */
final class PathViews {

  private static final int ROUNDS = 3;

  private final String path;
  private final Set<String> views = new LinkedHashSet<>();

  private PathViews(String path) {
    this.path = path;
  }

  /** Returns the views of a canonical path without the path itself, each once. */
  static List<String> of(String path) {
    if (readsOneWay(path)) {
      return List.of();
    }
    PathViews views = new PathViews(path);
    views.decode(path);
    String bare = withoutParameters(path);
    if (!bare.equals(path)) {
      views.decode(bare);
    }
    return List.copyOf(views.views);
  }

  /**
   * Whether the path has no parameters and only escapes of characters that are illegal in a path:
   * decoded and encoded again, blanks and accented letters are what they were.
   */
  private static boolean readsOneWay(String path) {
    int length = path.length();
    for (int i = 0; i < length; i++) {
      char c = path.charAt(i);
      int octet = c == '%' ? Octets.escapeAt(path, i, length) : 0x80;
      if (c == ';' || octet == '/' || octet == '\\' || octet == '%' || Octets.isPchar(octet)) {
        return false;
      }
    }
    return true;
  }

  private void decode(String text) {
    read(text, false);
    String current = text;
    for (int round = 0; round < ROUNDS; round++) {
      String decoded = CanonicalPath.decode(current);
      if (decoded.equals(current)) {
        return;
      }
      read(decoded, true);
      current = decoded;
    }
  }

  private void read(String text, boolean decoded) {
    readToNul(text, decoded);
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      readToNul(text.substring(0, nul), decoded);
    }
  }

  private void readToNul(String text, boolean decoded) {
    String bare = withoutParameters(text);
    add(text, decoded);
    if (!bare.equals(text)) {
      add(bare, decoded);
    }
    if (text.indexOf('\\') >= 0) {
      String slashes = text.replace('\\', '/');
      add(slashes, decoded);
      add(withoutParameters(slashes), decoded);
      add(bare.replace('\\', '/'), decoded);
    }
  }

  private void add(String text, boolean decoded) {
    addForm(CanonicalPath.reencode(text, 0, text.length(), true));
    if (decoded) {
      addForm(CanonicalPath.reencode(text, 0, text.length(), false));
    }
  }

  private void addForm(String text) {
    String view = CanonicalPath.resolve(text);
    if (view == null) {
      views.add(RequestTarget.NOWHERE);
    } else if (!view.equals(path)) {
      views.add(view);
    }
  }

  /** Cuts every segment at its first semicolon. */
  private static String withoutParameters(String text) {
    int semicolon = text.indexOf(';');
    if (semicolon < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    while (semicolon >= 0) {
      out.append(text, from, semicolon);
      int slash = text.indexOf('/', semicolon);
      from = slash < 0 ? text.length() : slash;
      semicolon = text.indexOf(';', from);
    }
    return out.append(text, from, text.length()).toString();
  }
}
