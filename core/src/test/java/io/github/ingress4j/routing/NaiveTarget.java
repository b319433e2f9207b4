package io.github.ingress4j.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The canonicalisation as its nine steps are written, one pass and one copy for each. */
@NullMarked
final class NaiveTarget {

  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/%]*");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F]");

  private NaiveTarget() {}

  /** Steps 2 to 8 for an origin form; null: refused. */
  static @Nullable String canonicalPath(String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    if (!path.startsWith("/") || target.contains("#") || !LEGAL.matcher(path).matches()) {
      return null;
    }
    if (!query.matches("[\\x21-\\x7E\\x80-\\xFF]*")) {
      return null;
    }
    if (BROKEN_ESCAPE.matcher(path).find()) {
      return null;
    }
    String decoded = decode(path);
    if (CONTROL.matcher(decoded).find() || !isUtf8(decoded)) {
      return null;
    }
    List<String> segments = List.of(path.substring(1).split("/", -1));
    for (String segment : segments) {
      int semicolon = segment.indexOf(';');
      String name = semicolon < 0 ? segment : segment.substring(0, semicolon);
      if (hidesDots(segment) || hidesDots(name)) {
        return null;
      }
      if (semicolon >= 0 && (name.isEmpty() || name.equals(".") || name.equals(".."))) {
        return null;
      }
    }
    return resolve(replaceEscapes(path, NaiveTarget::normalEscape));
  }

  /** Step 5. */
  private static String normalEscape(String escape) {
    String one = decode(escape);
    return one.matches("[A-Za-z0-9\\-._~]") ? one : escape.toUpperCase(Locale.ROOT);
  }

  /** Step 9. */
  static Set<String> views(String canonical) {
    Set<String> views = new LinkedHashSet<>();
    for (boolean before : new boolean[] {false, true}) {
      String text = before ? strip(canonical) : canonical;
      for (int round = 0; round <= 3; round++) {
        for (String cut : List.of(text, text.split("\0", -1)[0])) {
          for (String reading :
              List.of(
                  cut,
                  strip(cut),
                  cut.replace('\\', '/'),
                  strip(cut.replace('\\', '/')),
                  strip(cut).replace('\\', '/'))) {
            views.add(orNowhere(resolve(encode(reading, true))));
            if (round > 0) {
              views.add(orNowhere(resolve(encode(reading, false))));
            }
          }
        }
        text = decode(text);
      }
    }
    views.remove(canonical);
    return views;
  }

  /** The path of nginx: decode, then resolve; null: refused. */
  static @Nullable String nginxPath(String target) {
    String path = target.split("[?#]", 2)[0];
    if (!path.startsWith("/") || CONTROL.matcher(target).find() || target.contains(" ")) {
      return null;
    }
    if (BROKEN_ESCAPE.matcher(path).find() || path.contains("%00")) {
      return null;
    }
    return resolve(decode(path));
  }

  private static String orNowhere(@Nullable String path) {
    return path == null ? RequestTarget.NOWHERE : path;
  }

  private static boolean hidesDots(String segment) {
    String text = segment;
    for (int round = 1; segment.contains("%") && round <= 4; round++) {
      text = decode(text);
      for (String piece : text.split("[/\\\\]", -1)) {
        if (piece.equals(".") || piece.equals("..")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String replaceEscapes(String text, UnaryOperator<String> replacement) {
    return ESCAPE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(replacement.apply(match.group())));
  }

  static String decode(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 16))));
  }

  private static String encode(String text, boolean keepEscapes) {
    return Pattern.compile(keepEscapes ? "%[0-9A-Fa-f]{2}|." : ".", Pattern.DOTALL)
        .matcher(text)
        .replaceAll(
            match -> {
              String one = match.group();
              if (one.length() > 1) {
                return Matcher.quoteReplacement(normalEscape(one));
              }
              return LEGAL.matcher(one).matches() && !one.equals("%")
                  ? Matcher.quoteReplacement(one)
                  : String.format("%%%02X", (int) one.charAt(0));
            });
  }

  private static String strip(String path) {
    return path.replaceAll(";[^/]*", "");
  }

  private static boolean isUtf8(String octets) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Step 7. */
  private static @Nullable String resolve(String path) {
    List<String> received = List.of(path.substring(1).split("/", -1));
    List<String> kept = new ArrayList<>();
    for (String segment : received) {
      if (segment.equals("..")) {
        if (kept.isEmpty()) {
          return null;
        }
        kept.remove(kept.size() - 1);
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.add(segment);
      }
    }
    String last = received.get(received.size() - 1);
    boolean slash = last.isEmpty() || last.equals(".") || last.equals("..");
    return "/" + String.join("/", kept) + (slash && !kept.isEmpty() ? "/" : "");
  }
}
