package io.github.ingress4j.routing;

import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a path that is not plainly canonical, or the reason why it has none.
 *
 * <pre>
 *   /a/%7Euser//x%2fy/../b%20c
 *     every byte legal, every escape whole, decoded text UTF-8 without controls   else malformed
 *     no segment is a dot segment in disguise ("%2e", "..;", "%252e", "x%2f..")  else ambiguous
 *   /a/~user//x%2Fy/../b%20c        escapes of unreserved characters decoded, the rest upper-case
 *   /a/~user/b%20c                  empty segments merged, dot segments resolved
 * </pre>
 *
 * <p>Disguises are looked for in the segments as received, because decoding unreserved characters
 * first would turn {@code %2e%2e} into an honest-looking {@code ..}. All passes are linear, and a
 * decoding round is run only where an escape yields a dot, a slash, a backslash or a percent sign:
 * without one of these no round can bring a dot segment to light.
 */
final class CanonicalPath {

  /** The rounds of decoding through which a dot segment may hide. */
  private static final int ROUNDS = 4;

  /** The segments of a path that are accepted at most. */
  static final int MAX_SEGMENTS = 256;

  private final String raw;
  private final int start;
  private final int end;

  private CanonicalPath(String raw, int start, int end) {
    this.raw = raw;
    this.start = start;
    this.end = end;
  }

  /**
   * What became of a path: exactly one component is there.
   *
   * @param path the canonical path
   * @param refusal why there is none
   */
  record Result(@Nullable String path, @Nullable Refusal refusal) {}

  /** Canonicalises {@code raw} from {@code start}, where a slash is, to {@code end}. */
  static Result of(String raw, int start, int end) {
    CanonicalPath path = new CanonicalPath(raw, start, end);
    Refusal refusal = path.illegalCharacter();
    if (refusal == null) {
      refusal = path.illegalEscape();
    }
    if (refusal == null) {
      refusal = path.disguisedSegment();
    }
    if (refusal != null) {
      return new Result(null, refusal);
    }
    String resolved = resolve(path.withoutNeedlessEscapes());
    return resolved == null
        ? new Result(null, aboveRoot(raw.substring(start, end)))
        : new Result(resolved, null);
  }

  private String quoted() {
    return Octets.quote(raw.substring(start, end));
  }

  private @Nullable Refusal illegalCharacter() {
    int slashes = 0;
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '/') {
        slashes++;
      } else if (c != '%' && !Octets.isPchar(c)) {
        return Refusal.malformed(
            "The path "
                + quoted()
                + " holds "
                + Octets.describe(c)
                + ", which is not allowed in the path of a URL; "
                + Octets.remedy(c)
                + ".");
      }
    }
    if (slashes > MAX_SEGMENTS + (raw.charAt(end - 1) == '/' ? 1 : 0)) {
      return Refusal.malformed(
          "The path "
              + quoted()
              + " has more than "
              + MAX_SEGMENTS
              + " segments; send a shorter path.");
    }
    return null;
  }

  private @Nullable Refusal illegalEscape() {
    for (int i = start; i < end; ) {
      if (raw.charAt(i) != '%') {
        i++;
        continue;
      }
      int first = i;
      int octet = Octets.escapeAt(raw, i, end);
      if (octet < 0) {
        return malformedEscape(raw, start, end, i);
      }
      if (octet < 0x20 || octet == 0x7F) {
        return Refusal.malformed(
            "The path "
                + quoted()
                + " holds the control character "
                + raw.substring(i, i + 3)
                + ", which is not allowed in a path, escaped or not; leave it out.");
      }
      i += 3;
      int more = octet < 0x80 ? 0 : octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
      boolean valid = octet < 0x80 || (octet >= 0xC2 && octet <= 0xF4);
      // RFC 3629 section 4: the second byte tells overlong forms, surrogates and what lies above
      // U+10FFFF.
      int low = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
      int high = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
      for (; valid && more > 0; more--) {
        int next = Octets.escapeAt(raw, i, end);
        valid = next >= low && next <= high;
        low = 0x80;
        high = 0xBF;
        i += valid ? 3 : 0;
      }
      if (!valid) {
        return Refusal.malformed(
            "The path "
                + quoted()
                + " holds escapes that are not UTF-8, from "
                + Octets.quote(raw.substring(first, first + 3))
                + " on; send text as percent-encoded UTF-8.");
      }
    }
    return null;
  }

  static Refusal malformedEscape(String raw, int start, int end, int at) {
    return Refusal.malformed(
        "The path "
            + Octets.quote(raw.substring(start, end))
            + " holds the broken escape "
            + Octets.quote(raw.substring(at, Math.min(at + 3, end)))
            + "; behind \"%\" come two hex digits, and a plain percent sign is sent as %25.");
  }

  static Refusal aboveRoot(String path) {
    return Refusal.malformed(
        "The path "
            + Octets.quote(path)
            + " climbs above the root with \"..\"; send the path that is meant, without dot"
            + " segments.");
  }

  private @Nullable Refusal disguisedSegment() {
    for (int from = start + 1; from <= end; ) {
      int to = raw.indexOf('/', from);
      to = to < 0 || to > end ? end : to;
      int name = raw.indexOf(';', from);
      name = name < 0 || name > to ? to : name;
      boolean parameters = name < to;
      boolean empty = parameters && from == name;
      if (empty
          || (parameters && isDots(raw, from, name))
          || hidesDots(from, to)
          || (parameters && hidesDots(from, name))) {
        return Refusal.ambiguous(
            "The path "
                + quoted()
                + " holds the segment "
                + Octets.quote(raw.substring(from, to))
                + ", which some back ends read as "
                + (empty ? "an empty one" : "a dot segment")
                + "; send the path that is meant, without it.");
      }
      from = to + 1;
    }
    return null;
  }

  private static boolean isDots(CharSequence text, int from, int to) {
    int length = to - from;
    return length >= 1 && length <= 2 && text.charAt(from) == '.' && text.charAt(to - 1) == '.';
  }

  /** Whether the text, decoded one to four times, has dots alone between separators. */
  private boolean hidesDots(int from, int to) {
    boolean suspect = false;
    for (int i = from; i < to && !suspect; i++) {
      int octet = Octets.escapeAt(raw, i, to);
      suspect = octet == '.' || octet == '/' || octet == '\\' || octet == '%';
    }
    String text = suspect ? raw.substring(from, to) : "";
    for (int round = 0; suspect && round < ROUNDS; round++) {
      String decoded = decode(text);
      suspect = !decoded.equals(text);
      text = decoded;
      for (int piece = 0, i = 0; i <= text.length(); i++) {
        if (i == text.length() || text.charAt(i) == '/' || text.charAt(i) == '\\') {
          if (isDots(text, piece, i)) {
            return true;
          }
          piece = i + 1;
        }
      }
    }
    return false;
  }

  /** Decodes whole escapes once; a percent sign that begins none stays. */
  static String decode(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text;
    }
    int length = text.length();
    StringBuilder out = new StringBuilder(length).append(text, 0, percent);
    for (int i = percent; i < length; ) {
      int octet = Octets.escapeAt(text, i, length);
      out.append(octet < 0 ? text.charAt(i) : (char) octet);
      i += octet < 0 ? 1 : 3;
    }
    return out.toString();
  }

  /** Decodes escapes of unreserved characters and writes the others in upper case. */
  private String withoutNeedlessEscapes() {
    return reencode(raw, start, end, true);
  }

  /**
   * Writes a path in legal characters: what is not allowed in a path becomes an escape. If {@code
   * escaped}, the path holds escapes already, and they are normalised; else a percent sign is a
   * character like others.
   */
  static String reencode(String text, int from, int to, boolean escaped) {
    StringBuilder out = new StringBuilder(to - from + 16);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '/' || Octets.isPchar(c)) {
        out.append(c);
        continue;
      }
      int octet = escaped ? Octets.escapeAt(text, i, to) : -1;
      if (octet < 0) {
        Octets.appendEscape(out, c);
        continue;
      }
      if (Octets.isUnreserved(octet)) {
        out.append((char) octet);
      } else {
        Octets.appendEscape(out, octet);
      }
      i += 2;
    }
    return out.toString();
  }

  /**
   * Merges empty segments, then resolves dot segments; a slash at the end stays.
   *
   * @param path begins with a slash
   * @return null if the path climbs above its root
   */
  static @Nullable String resolve(String path) {
    int length = path.length();
    StringBuilder out = new StringBuilder(length);
    for (int at = 0; at < length; ) {
      int from = at + 1;
      int to = path.indexOf('/', from);
      boolean last = to < 0;
      to = last ? length : to;
      boolean dots = isDots(path, from, to);
      if (dots && to - from == 2) {
        if (out.length() == 0) {
          return null;
        }
        out.setLength(out.lastIndexOf("/"));
      }
      if (dots || from == to) {
        if (last) {
          out.append('/');
        }
      } else {
        out.append('/').append(path, from, to);
      }
      at = to;
    }
    return out.toString();
  }
}
