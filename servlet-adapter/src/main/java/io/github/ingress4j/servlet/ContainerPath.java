package io.github.ingress4j.servlet;

import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Upstream;
import java.util.Locale;

/** Paths as a request dispatcher reads them. */
final class ContainerPath {

  private ContainerPath() {}

  /**
   * Returns the path that an application sees in place of the back end: what follows the rule's
   * path, or, if the rule rewrites paths, the path that the back end would be sent.
   *
   * @return empty, or a path that begins with {@code /} unless the rewrite makes another
   */
  static String inside(Forward forward) {
    Route route = forward.route();
    String target = forward.target();
    Upstream upstream = route.upstream();
    // Whoever stands in for a back end without endpoints gets the path as it was.
    boolean isStandIn = upstream != null && upstream.unavailable() != null;
    if (forward.isErrorPage() || (route.policies().rewrite() != null && !isStandIn)) {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
    Route.Rule rule = route.rule();
    return inside(target, rule == null ? "" : rule.path());
  }

  /**
   * Returns what follows the first segments of a path.
   *
   * @param target an encoded path, with or without a query
   * @param rulePath the rule's path, whose segments are left out
   * @return empty, or a path that begins with {@code /}
   */
  static String inside(String target, String rulePath) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    int segments = 0;
    for (int i = 0; i < rulePath.length(); i++) {
      if (rulePath.charAt(i) != '/' && (i == 0 || rulePath.charAt(i - 1) == '/')) {
        segments++;
      }
    }
    // Segments are counted rather than compared: the rule may spell one differently.
    int i = 0;
    while (segments > 0 && i < path.length()) {
      while (i < path.length() && path.charAt(i) == '/') {
        i++;
      }
      while (i < path.length() && path.charAt(i) != '/') {
        i++;
      }
      segments--;
    }
    return path.substring(i);
  }

  /**
   * Returns whether a path could lead a dispatcher out of where it points to, or into the private
   * directories of an application, which containers hide from clients but not from dispatchers.
   *
   * @param path an encoded path
   */
  static boolean isUnsafe(String path) {
    StringBuilder segment = new StringBuilder();
    for (int i = 0; i <= path.length(); i++) {
      char c = i == path.length() ? '/' : path.charAt(i);
      if (c == '%') {
        int value =
            i + 2 < path.length() ? hex(path.charAt(i + 1)) * 16 + hex(path.charAt(i + 2)) : -1;
        // An escape of anything but an ordinary byte is left to nobody's interpretation here.
        if (value < 0x20 || value == 0x7F || value == '%' || value == '/' || value == '\\') {
          return true;
        }
        c = (char) value;
        i += 2;
        segment.append(c);
      } else if (c == '/') {
        if (isPrivate(segment)) {
          return true;
        }
        segment.setLength(0);
      } else if (c == '\\' || c == '#') {
        return true;
      } else {
        segment.append(c);
      }
    }
    return false;
  }

  private static boolean isPrivate(StringBuilder segment) {
    int semicolon = segment.indexOf(";");
    String name =
        (semicolon < 0 ? segment.toString() : segment.substring(0, semicolon))
            .toUpperCase(Locale.ROOT);
    return name.equals(".")
        || name.equals("..")
        || name.equals("WEB-INF")
        || name.equals("META-INF")
        || (semicolon == 0);
  }

  private static int hex(char c) {
    int digit = Character.digit(c, 16);
    return digit < 0 || c > 'f' ? -0x1000 : digit;
  }
}
