package io.github.ingress4j.routing;

import org.jspecify.annotations.Nullable;

/**
 * Reads targets under {@link PathPolicy#NGINX}, as nginx 1.27 reads them: escapes are decoded
 * first, then segments are resolved, and a fragment is cut off.
 */
final class NginxTargetParser {

  /** What a request line holds besides method and target: blanks, version, line end. */
  static final int LINE_REST = " ".length() + " HTTP/1.1\r\n".length();

  private NginxTargetParser() {}

  static RequestTarget parse(String raw) {
    if (raw.length() > RequestTarget.MAX_LENGTH - LINE_REST) {
      return refused(raw, RequestTarget.Form.ORIGIN, TargetSyntax.tooLong(raw, PathPolicy.NGINX));
    }
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (TargetSyntax.isNoOctetOfATarget(c)) {
        return refused(
            raw, RequestTarget.Form.ORIGIN, TargetSyntax.illegal("request target ", raw, c));
      }
    }
    if (!raw.isEmpty() && raw.charAt(0) == '/') {
      return path(raw, 0, null);
    }
    int scheme = TargetSyntax.schemeEnd(raw);
    return scheme < 0
        ? refused(raw, RequestTarget.Form.ORIGIN, TargetSyntax.withoutSlash(raw))
        : absolute(raw, scheme);
  }

  private static RequestTarget absolute(String raw, int schemeEnd) {
    int start = schemeEnd + "://".length();
    int end = authorityEnd(raw, start);
    RequestHost host = RequestHost.parse(raw.substring(start, end), PathPolicy.NGINX);
    Refusal fault = host.refusal();
    if (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
      fault =
          Refusal.malformed(
              // The target is not quoted: there may be a password in it.
              "The authority of the request target holds "
                  + Octets.describe(raw.charAt(end))
                  + " where nginx takes a name of letters, digits, \"-\" and \".\" or an address"
                  + " in brackets, then a port; send a path such as /index.html.");
    }
    return fault == null
        ? path(
            raw, end, new RequestTarget.Prefix(TargetSyntax.lowerCase(raw, schemeEnd), host, end))
        : refused(raw, RequestTarget.Form.ABSOLUTE, fault);
  }

  /** Where the name and the port end that nginx recognises. */
  private static int authorityEnd(String raw, int start) {
    int length = raw.length();
    int at = start;
    if (at < length && raw.charAt(at) == '[') {
      at++;
      while (at < length && isLiteralCharacter(raw.charAt(at))) {
        at++;
      }
      if (at == length || raw.charAt(at) != ']') {
        return start; // The bracket that nothing closes.
      }
      at++;
    } else {
      while (at < length && isNameCharacter(raw.charAt(at))) {
        at++;
      }
    }
    if (at < length && raw.charAt(at) == ':') {
      at++;
      while (at < length && Octets.isDigit(raw.charAt(at))) {
        at++;
      }
    }
    return at;
  }

  private static boolean isNameCharacter(char c) {
    return Octets.isLetter(c) || Octets.isDigit(c) || c == '.' || c == '-';
  }

  private static boolean isLiteralCharacter(char c) {
    return Octets.isPchar(c) && c != '@';
  }

  private static RequestTarget path(String raw, int start, RequestTarget.@Nullable Prefix prefix) {
    RequestTarget.Form form = RequestTarget.formOf(prefix);
    int length = raw.length();
    int end = start;
    boolean normal = true;
    for (; end < length; end++) {
      char c = raw.charAt(end);
      if (c == '?' || c == '#') {
        break;
      }
      normal &= c != '%' && (c != '/' || TargetSyntax.beginsOrdinarySegment(raw, end + 1));
    }
    int query = end < length && raw.charAt(end) == '?' ? end + 1 : -1;
    if (start == end) {
      return accepted(raw, prefix, "/", 0, 1, query);
    }
    if (normal) {
      return accepted(raw, prefix, raw, start, end, query);
    }
    Refusal fault = escapeFault(raw, start, end);
    if (fault != null) {
      return refused(raw, form, fault);
    }
    String received = raw.substring(start, end);
    String resolved = CanonicalPath.resolve(CanonicalPath.decode(received));
    return resolved == null
        ? refused(raw, form, CanonicalPath.aboveRoot(received))
        : accepted(raw, prefix, resolved, 0, resolved.length(), query);
  }

  private static @Nullable Refusal escapeFault(String raw, int start, int end) {
    for (int i = raw.indexOf('%', start); i >= 0 && i < end; i = raw.indexOf('%', i + 1)) {
      int octet = Octets.escapeAt(raw, i, end);
      if (octet < 0) {
        return CanonicalPath.malformedEscape(raw, start, end, i);
      }
      if (octet == 0) {
        return Refusal.malformed(
            "The path "
                + Octets.quote(raw.substring(start, end))
                + " holds the control character %00, which ends a text for many back ends; leave"
                + " it out.");
      }
    }
    return null;
  }

  private static RequestTarget accepted(
      String raw,
      RequestTarget.@Nullable Prefix prefix,
      String pathText,
      int pathStart,
      int pathEnd,
      int queryStart) {
    return RequestTarget.accepted(
        raw, PathPolicy.NGINX, prefix, pathText, pathStart, pathEnd, queryStart, false);
  }

  private static RequestTarget refused(String raw, RequestTarget.Form form, Refusal refusal) {
    return RequestTarget.refused(raw, PathPolicy.NGINX, form, refusal);
  }
}
