package io.github.ingress4j.policy;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.routing.PcrePattern;
import io.github.ingress4j.routing.RegexBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule by which nginx changes a value in an answer: what is compared, and what it becomes.
 *
 * <pre>
 *   PREFIX   the value begins with the text, which is replaced       /a    in /a/b   ->  /x/b
 *   DOMAIN   the value is the text in any letter case; a dot in      a.b   in .A.B   ->  .x
 *            front of the value stays
 *   PATTERN  the pattern is found, and the whole value is replaced   ^/a   in /a/b   ->  /x
 * </pre>
 *
 * <p>Immutable and thread-safe. Source: nginx, ngx_http_proxy_module, {@code proxy_redirect} and
 * {@code proxy_cookie_domain}.
 */
record ValueRewrite(Kind kind, String from, @Nullable PcrePattern pattern, String to) {

  enum Kind {
    PREFIX,
    DOMAIN,
    PATTERN
  }

  sealed interface Result {}

  record Parsed(ValueRewrite rule) implements Result {}

  record Fault(String message) implements Result {}

  ValueRewrite {
    from = UrlText.octets(from);
    to = UrlText.octets(to);
    HeaderValue.require("Location", to);
  }

  static ValueRewrite prefix(String from, String to) {
    return new ValueRewrite(Kind.PREFIX, from, null, to);
  }

  static ValueRewrite domain(String from, String to) {
    return new ValueRewrite(Kind.DOMAIN, withoutDot(from), null, withoutDot(to));
  }

  private static String withoutDot(String text) {
    return text.startsWith(".") ? text.substring(1) : text;
  }

  interface Literal {
    ValueRewrite of(String from, String to);
  }

  /** Reads a rule; what begins with a tilde is a pattern, with a star behind it in any case. */
  static Result parse(String from, String to, Literal literal) {
    return parse(from, to, literal, false);
  }

  static Result parse(String from, String to, Literal literal, boolean ignoresCase) {
    if (HeaderValue.faultIn(UrlText.octets(to)) >= 0) {
      return new Fault(PrintableText.quote(to) + " holds a character that no header may hold.");
    }
    if (!from.startsWith("~")) {
      return new Parsed(literal.of(from, to));
    }
    boolean hasStar = from.startsWith("~*");
    PcrePattern.Result result =
        PcrePattern.compile(from.substring(hasStar ? 2 : 1), hasStar || ignoresCase, false);
    if (result instanceof PcrePattern.Compiled compiled) {
      return new Parsed(new ValueRewrite(Kind.PATTERN, "", compiled.pattern(), to));
    }
    return new Fault(((PcrePattern.Fault) result).message());
  }

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) <= ' ') {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  /** Replaces the lines of a field, unless one of them could not be sent. */
  static void replace(HeaderEdits.Builder edits, String name, List<String> lines) {
    for (String line : lines) {
      if (!HeaderValue.isLegal(line)) {
        return;
      }
    }
    for (String line : lines) {
      edits.add(name, line);
    }
  }

  /** The value as it becomes, or null if the rule does not concern it. */
  @Nullable String apply(String value, RegexBudget budget) {
    return switch (kind) {
      case PREFIX -> value.startsWith(from) ? to + value.substring(from.length()) : null;
      case DOMAIN -> {
        int start = value.startsWith(".") ? 1 : 0;
        boolean isSame =
            value.length() - start == from.length()
                && Template.lowerCase(value).startsWith(Template.lowerCase(from), start);
        yield isSame ? value.substring(0, start) + to : null;
      }
      case PATTERN ->
          pattern != null && pattern.find(value, 0, value.length(), budget) != null ? to : null;
    };
  }

  @Override
  public String toString() {
    return (pattern == null ? from : "~" + pattern.text()) + " -> " + to;
  }
}
