package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.RequestView;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Wordings that several outputs share. All of them are printable, whatever they quote. */
final class Words {

  private Words() {}

  /** Returns a number and its noun, such as {@code 1 error} and {@code 2 errors}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /**
   * Returns a text with everything escaped that is not printable. A backslash stays as it is, so a
   * text that quotes escaped parts can pass through here once more.
   */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int start = 0;
    for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', start)) {
      out.append(escaped(text.substring(start, i))).append('\\');
      start = i + 1;
    }
    return out.append(escaped(text.substring(start))).toString();
  }

  private static String escaped(String text) {
    return PrintableText.escape(text, Math.max(1, text.length()));
  }

  /**
   * Returns the rule of a route, or why there is none: a default back end takes the request, or
   * nobody does and only what is said of the whole host applies.
   */
  static String rule(Route route) {
    Route.Rule rule = route.rule();
    if (rule != null) {
      return rule(rule);
    }
    return route.backend() == null
        ? "none: no rule names the path"
        : "none: a default back end takes it";
  }

  /** Returns whose requests a back end gets in this case, or null if they are its own. */
  static @Nullable String insteadOf(Forward forward) {
    Route route = forward.route();
    if (forward.isErrorPage()) {
      return "an answer with an error status, as its page";
    }
    if (forward.backend().equals(route.backend())) {
      return null;
    }
    return route.upstream() != null && route.upstream().unavailable() != null
        ? route.backend() + ", which has no endpoint"
        : route.backend() + ", whose canary it is";
  }

  /** Returns what is spoken to a back end, or null if it is plain HTTP. */
  static @Nullable String protocol(TransportSettings.Protocol protocol) {
    return switch (protocol) {
      case HTTP -> null;
      case HTTPS -> "HTTP over TLS";
      case H2C -> "HTTP/2 without TLS";
      case H2 -> "HTTP/2 over TLS";
    };
  }

  /** Returns a rule such as {@code Prefix /pay of abc.sample.com}. */
  static String rule(Route.Rule rule) {
    return printable(
        rule.pathType()
            + (rule.path().isEmpty() ? "" : " " + rule.path())
            + " of "
            + (rule.host().isEmpty() ? "every host" : rule.host()));
  }

  /**
   * Returns a request such as {@code GET http://abc.sample.com/pay}. What cannot be written as a
   * URL is told in its parts: {@code OPTIONS * with the Host abc.sample.com}.
   */
  static String request(RequestView request) {
    String target = text(request.target());
    List<String> hosts = request.hosts().stream().map(Words::text).toList();
    boolean isUrl = hosts.size() == 1 && !hosts.get(0).isEmpty();
    if (isUrl && (target.isEmpty() || "/?#".indexOf(target.charAt(0)) >= 0)) {
      return PrintableText.escape(
          request.method() + " " + request.scheme() + "://" + hosts.get(0) + target);
    }
    String sent =
        switch (hosts.size()) {
          case 0 -> " without a Host";
          case 1 -> " with the Host " + PrintableText.escape(hosts.get(0));
          default -> " with the Hosts " + PrintableText.escape(String.join(" and ", hosts));
        };
    return PrintableText.escape(request.method() + " " + target) + sent;
  }

  /** Returns the text that bytes stand for, or the bytes if they are no UTF-8. */
  private static String text(String bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }

  /** Returns the first of some things, such as {@code a, b and 3 more}. */
  static String list(Collection<?> things, int limit) {
    List<String> texts = things.stream().limit(limit).map(String::valueOf).toList();
    int left = things.size() - texts.size();
    return printable(String.join(", ", texts)) + (left == 0 ? "" : " and " + left + " more");
  }

  /** Returns a sentence with a small letter in front, to stand behind a colon. */
  static String lowerFirst(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }
}
