package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import java.util.Locale;

/** Wordings that several outputs share. All of them are printable, whatever they quote. */
final class Words {

  private Words() {}

  /** Returns a number and its noun, such as {@code 1 error} and {@code 2 errors}. */
  static String count(int number, String noun) {
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

  /** Returns a rule such as {@code Prefix /pay of abc.sample.com}. */
  static String rule(Route.Rule rule) {
    return printable(
        rule.pathType()
            + (rule.path().isEmpty() ? "" : " " + rule.path())
            + " of "
            + (rule.host().isEmpty() ? "every host" : rule.host()));
  }

  /** Returns a sentence with a small letter in front, to stand behind a colon. */
  static String lowerFirst(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }
}
