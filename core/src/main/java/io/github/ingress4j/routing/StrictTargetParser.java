package io.github.ingress4j.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads targets under {@link PathPolicy#STRICT}.
 *
 * <p>Nearly all targets are canonical as they come, so one scan with a table of character kinds
 * looks for anything that could make a target another: an escape, a parameter, an empty or a dot
 * segment, an illegal character. Only when it meets one are the passes of {@link CanonicalPath}
 * run, from the start. The scan allocates nothing but its result.
 */
final class StrictTargetParser {

  // The kinds of characters that the first scan tells apart.
  private static final byte OTHER = 0;
  private static final byte PLAIN = 1;
  private static final byte SLASH = 2;
  private static final byte QUESTION_MARK = 3;

  private static final byte[] KINDS = kinds();

  private StrictTargetParser() {}

  private static byte[] kinds() {
    byte[] kinds = new byte[128];
    for (char c = 0; c < 128; c++) {
      kinds[c] = Octets.isPchar(c) && c != ';' ? PLAIN : OTHER;
    }
    kinds['/'] = SLASH;
    kinds['?'] = QUESTION_MARK;
    return kinds;
  }

  static RequestTarget parse(String raw) {
    if (raw.length() > RequestTarget.MAX_LENGTH) {
      return refused(raw, RequestTarget.Form.ORIGIN, TargetSyntax.tooLong(raw, PathPolicy.STRICT));
    }
    if (!raw.isEmpty() && raw.charAt(0) == '/') {
      return path(raw, 0, null);
    }
    if (raw.equals("*")) {
      return RequestTarget.asterisk(raw, PathPolicy.STRICT);
    }
    int scheme = TargetSyntax.schemeEnd(raw);
    return scheme < 0 ? withoutScheme(raw) : absolute(raw, scheme);
  }

  private static RequestTarget withoutScheme(String raw) {
    RequestHost authority = RequestHost.parse(raw, PathPolicy.STRICT);
    if (authority.refusal() == null && authority.port() >= 0) {
      return refused(
          raw,
          RequestTarget.Form.AUTHORITY,
          Refusal.malformed(
              "The request target "
                  + Octets.quote(raw)
                  + " is a host and a port, which belongs to CONNECT and its tunnels; send a path"
                  + " that begins with \"/\"."));
    }
    return refused(raw, RequestTarget.Form.ORIGIN, TargetSyntax.withoutSlash(raw));
  }

  private static RequestTarget absolute(String raw, int schemeEnd) {
    String scheme = TargetSyntax.lowerCase(raw, schemeEnd);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return refusedAbsolute(
          raw,
          // The target is not quoted: what follows may be a password.
          "The request target has the scheme "
              + Octets.quote(scheme)
              + "; send a path, or a URL that begins with http:// or https://.");
    }
    int start = schemeEnd + "://".length();
    int end = start;
    while (end < raw.length() && "/?#".indexOf(raw.charAt(end)) < 0) {
      end++;
    }
    String authority = raw.substring(start, end);
    RequestHost host = RequestHost.parse(authority, PathPolicy.STRICT);
    Refusal fault = host.refusal();
    if (fault != null) {
      return refused(raw, RequestTarget.Form.ABSOLUTE, fault);
    }
    return path(raw, end, new RequestTarget.Prefix(scheme, host, end));
  }

  /** The one pass over an ordinary target; what is not ordinary goes to {@link CanonicalPath}. */
  private static RequestTarget path(String raw, int start, RequestTarget.@Nullable Prefix prefix) {
    int length = raw.length();
    int slashes = 0;
    boolean canonical = true;
    int at = start;
    for (; at < length; at++) {
      char c = raw.charAt(at);
      byte kind = c < 128 ? KINDS[c] : OTHER;
      if (kind == PLAIN) {
        continue;
      }
      if (kind != SLASH) {
        canonical = kind == QUESTION_MARK;
        break;
      }
      slashes++;
      if (!TargetSyntax.beginsOrdinarySegment(raw, at + 1)) {
        canonical = false;
        break;
      }
    }
    if (!canonical || slashes > CanonicalPath.MAX_SEGMENTS) {
      return unusualPath(raw, start, prefix);
    }
    Refusal fault = faultOfQuery(raw, at);
    if (fault != null) {
      return refused(raw, RequestTarget.formOf(prefix), fault);
    }
    int query = at < length ? at + 1 : -1;
    return start == at
        ? accepted(raw, prefix, "/", 0, 1, query, false)
        : accepted(raw, prefix, raw, start, at, query, false);
  }

  private static RequestTarget unusualPath(
      String raw, int start, RequestTarget.@Nullable Prefix prefix) {
    RequestTarget.Form form = RequestTarget.formOf(prefix);
    if (raw.indexOf('#', start) >= 0) {
      return refused(raw, form, fragment(raw));
    }
    int mark = raw.indexOf('?', start);
    int end = mark < 0 ? raw.length() : mark;
    CanonicalPath.Result result = CanonicalPath.of(raw, start, end);
    Refusal fault = result.refusal();
    if (fault == null) {
      fault = faultOfQuery(raw, end);
    }
    if (fault != null) {
      return refused(raw, form, fault);
    }
    String canonical = Objects.requireNonNull(result.path());
    int query = mark < 0 ? -1 : mark + 1;
    boolean views = canonical.indexOf('%') >= 0 || canonical.indexOf(';') >= 0;
    // The path may have been canonical all the while; then the client's own text goes on.
    boolean same = canonical.length() == end - start && raw.startsWith(canonical, start);
    return same
        ? accepted(raw, prefix, raw, start, end, query, views)
        : accepted(raw, prefix, canonical, 0, canonical.length(), query, views);
  }

  private static Refusal fragment(String raw) {
    return Refusal.malformed(
        "The request target "
            + Octets.quote(raw)
            + " holds a \"#\": a fragment stays with the client and is never sent; a \"#\" that"
            + " belongs to the path or the query is sent as %23.");
  }

  private static @Nullable Refusal faultOfQuery(String raw, int mark) {
    for (int i = mark; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '#') {
        return fragment(raw);
      }
      if (TargetSyntax.isNoOctetOfATarget(c)) {
        return TargetSyntax.illegal("query of ", raw, c);
      }
    }
    return null;
  }

  private static RequestTarget refusedAbsolute(String raw, String explanation) {
    return refused(raw, RequestTarget.Form.ABSOLUTE, Refusal.malformed(explanation));
  }

  private static RequestTarget accepted(
      String raw,
      RequestTarget.@Nullable Prefix prefix,
      String pathText,
      int pathStart,
      int pathEnd,
      int queryStart,
      boolean views) {
    return RequestTarget.accepted(
        raw, PathPolicy.STRICT, prefix, pathText, pathStart, pathEnd, queryStart, views);
  }

  private static RequestTarget refused(String raw, RequestTarget.Form form, Refusal refusal) {
    return RequestTarget.refused(raw, PathPolicy.STRICT, form, refusal);
  }
}
