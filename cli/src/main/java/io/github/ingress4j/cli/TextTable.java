package io.github.ingress4j.cli;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.PrintableText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the answers to many requests for a person, one row each. The first rows are held back
 * until the columns are as wide as they need, but no longer than somebody waits for them; a column
 * still grows when something wider comes later.
 */
final class TextTable implements AnswerPrinter {

  private static final List<String> TITLES =
      List.of("REQUEST", "OUTCOME", "GOES TO", "RULE", "SOURCE");
  private static final int MAX_WIDTH = 60;
  private static final int HELD_BACK = 200;

  /**
   * A row as it is printed.
   *
   * @param shown the cells with their colours
   * @param plain the cells without
   */
  private record Row(List<String> shown, List<String> plain) {}

  private final Writer out;
  private final Palette palette;
  private final int[] widths = new int[TITLES.size()];
  private final List<Row> held = new ArrayList<>();
  private boolean isBegun;

  TextTable(Writer out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  @Override
  public void answer(Question question, Outcome result) throws IOException {
    Decision decision = result.decision();
    String outcome;
    String destination;
    if (decision instanceof Forward forward) {
      outcome = forward.isErrorPage() ? palette.bad("error page") : palette.good("forward");
      destination =
          forward.backend() + (forward.endpoint() == null ? "" : " at " + forward.endpoint());
      String asked = question.request().target();
      if (!forward.target().equals(asked)) {
        // A rewritten path is what somebody looks for in a table of many requests.
        destination += " as " + forward.target();
      }
    } else if (decision instanceof Redirect redirect) {
      outcome = palette.bold(Integer.toString(redirect.status()));
      destination = redirect.location() == null ? "" : redirect.location();
    } else {
      Answer answer = (Answer) decision;
      String text = answer.status() + " " + answer.reason().text();
      outcome = answer.status() < 400 ? palette.bold(text) : palette.bad(text);
      Backend backend = answer.route() == null ? null : answer.route().backend();
      destination = backend == null ? "" : backend.toString();
    }
    if (!result.assumed().isEmpty()) {
      // The table has no room for the words.
      outcome += " (assumed)";
    }
    Route route = decision.route();
    Question.Id id = question.id();
    row(
        (id.isNone() ? "" : PrintableText.escape(id.text(), 20) + "  ")
            + Words.request(question.request()),
        outcome,
        destination,
        route == null ? "" : rule(route),
        route == null || route.source() == null ? "" : route.source().toString());
  }

  private static String rule(Route route) {
    Route.Rule rule = route.rule();
    if (rule != null) {
      return Words.rule(rule);
    }
    return route.backend() == null ? "no rule" : "default back end";
  }

  private void row(String... cells) throws IOException {
    List<String> shown = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      // The outcome is made here and carries the colours; everything else is text from outside.
      boolean isOurs = i == 1;
      String text = isOurs ? withoutColour(cells[i]) : Words.printable(cells[i]);
      plain.add(text);
      shown.add(isOurs ? cells[i] : text);
    }
    add(new Row(shown, plain));
  }

  private void add(Row row) throws IOException {
    for (int i = 0; i < row.plain.size() - 1; i++) {
      widths[i] = Math.max(widths[i], Math.min(DisplayWidth.of(row.plain.get(i)), MAX_WIDTH));
    }
    held.add(row);
    if (isBegun || held.size() == HELD_BACK) {
      print();
    }
  }

  /** Prints the rows that are held back, below the titles. */
  private void print() throws IOException {
    if (!isBegun && !held.isEmpty()) {
      isBegun = true;
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], TITLES.get(i).length());
      }
      cells(new Row(TITLES.stream().map(palette::bold).toList(), TITLES));
    }
    for (Row row : held) {
      cells(row);
    }
    held.clear();
  }

  private static String withoutColour(String text) {
    return text.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  private void cells(Row row) throws IOException {
    StringBuilder line = new StringBuilder();
    int last = row.plain.size() - 1;
    while (last > 0 && row.plain.get(last).isEmpty()) {
      last--;
    }
    for (int i = 0; i <= last; i++) {
      line.append(row.shown.get(i));
      if (i < last) {
        int width = DisplayWidth.of(row.plain.get(i));
        line.append(" ".repeat(Math.max(0, widths[i] - width) + 2));
      }
    }
    out.write(line.append('\n').toString());
  }

  @Override
  public void badLine(String message) throws IOException {
    String text = ": " + Words.printable(message);
    add(
        new Row(
            List.of(palette.bad("cannot be understood") + text),
            List.of("cannot be understood" + text)));
  }

  @Override
  public void flush() throws IOException {
    print();
    out.flush();
  }
}
