package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.policy.HeaderEdits;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;

/**
 * Prints the answers to many requests for a person, one row each. A column grows when something
 * wider comes, because a row is printed as soon as it is known.
 */
final class TextTable implements AnswerPrinter {

  private static final String[] TITLES = {"REQUEST", "OUTCOME", "GOES TO", "RULE", "SOURCE"};
  private static final int MAX_WIDTH = 60;

  private final Writer out;
  private final Palette palette;
  private final int[] widths = {32, 14, 26, 30, 0};
  private boolean isBegun;

  TextTable(Writer out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  @Override
  public void answer(Question question, Decision decision, HeaderEdits responseHeaders)
      throws IOException {
    String outcome;
    String destination;
    if (decision instanceof Forward forward) {
      outcome = palette.good("forward");
      destination =
          forward.backend() + (forward.endpoint() == null ? "" : " at " + forward.endpoint());
    } else if (decision instanceof Redirect redirect) {
      outcome = palette.bold(Integer.toString(redirect.status()));
      destination = redirect.location();
    } else {
      Answer answer = (Answer) decision;
      outcome = palette.bad(answer.status() + " " + answer.reason().text());
      destination = answer.route() == null ? "" : answer.route().backend().toString();
    }
    Route route = decision.route();
    Question.Id id = question.id();
    row(
        (id.isNone() ? "" : PrintableText.escape(id.text(), 20) + "  ") + question.request(),
        outcome,
        destination,
        route == null ? "" : route.rule() == null ? "default back end" : Words.rule(route.rule()),
        route == null || route.source() == null ? "" : route.source().toString());
  }

  private void row(String... cells) throws IOException {
    if (!isBegun) {
      isBegun = true;
      String[] titles = Arrays.copyOf(TITLES, TITLES.length);
      for (int i = 0; i < titles.length; i++) {
        titles[i] = palette.bold(titles[i]);
      }
      cells(titles, TITLES);
    }
    String[] plain = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      // The outcome is made here and carries the colours; everything else is text from outside.
      plain[i] = i == 1 ? withoutColour(cells[i]) : Words.printable(cells[i]);
    }
    String[] shown = Arrays.copyOf(plain, plain.length);
    shown[1] = cells[1];
    cells(shown, plain);
  }

  private static String withoutColour(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  private void cells(String[] shown, String[] plain) throws IOException {
    StringBuilder line = new StringBuilder();
    int last = shown.length - 1;
    while (last > 0 && plain[last].isEmpty()) {
      last--;
    }
    for (int i = 0; i <= last; i++) {
      line.append(shown[i]);
      if (i < last) {
        int width = DisplayWidth.of(plain[i]);
        widths[i] = Math.max(widths[i], Math.min(width, MAX_WIDTH));
        line.append(" ".repeat(Math.max(0, widths[i] - width) + 2));
      }
    }
    out.write(line.append('\n').toString());
  }

  @Override
  public void badLine(String message) throws IOException {
    out.write(palette.bad("cannot be understood") + ": " + Words.printable(message) + "\n");
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
