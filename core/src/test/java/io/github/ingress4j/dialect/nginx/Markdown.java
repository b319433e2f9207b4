package io.github.ingress4j.dialect.nginx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of GitHub's Markdown in the making, from declarations whose texts are plain. */
final class Markdown {

  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

  /** What may be a name, and is no part of a URL or a path. */
  private static final Pattern NAME =
      Pattern.compile("(?<![A-Za-z0-9./:-])[a-z0-9]+(?:-[a-z0-9]+)+(?![A-Za-z0-9/-]|\\.[a-z])");

  private final String page;
  private final StringBuilder out = new StringBuilder();

  /**
   * @param page the name of the file, from which links are relative
   */
  Markdown(String page) {
    this.page = page;
  }

  Markdown heading(int level, String text) {
    return block("#".repeat(level) + " " + text);
  }

  Markdown block(String text) {
    out.append(text.stripTrailing()).append("\n\n");
    return this;
  }

  /** A table; its cells are Markdown. */
  Markdown table(List<String> head, List<List<String>> rows) {
    row(head);
    row(head.stream().map(cell -> "---").toList());
    rows.forEach(this::row);
    out.append('\n');
    return this;
  }

  /** A table of two columns without a head; rows without a second cell are left out. */
  Markdown facts(Map<String, String> facts) {
    return table(
        List.of("", ""),
        facts.entrySet().stream()
            .filter(fact -> !fact.getValue().isEmpty())
            .map(fact -> List.of(fact.getKey(), fact.getValue()))
            .toList());
  }

  private void row(List<String> cells) {
    out.append(
        cells.stream()
            .map(cell -> cell.isEmpty() ? " " : " " + cell + " ")
            .collect(Collectors.joining("|", "|", "|\n")));
  }

  /**
   * Returns a plain text as Markdown: what stands between backticks is code, and names of
   * annotations and settings become links.
   *
   * @param text a text of a declaration
   * @param self the name of what is declared, which is not linked to itself
   */
  String prose(String text, String self) {
    StringBuilder prose = new StringBuilder();
    String[] parts = text.split("`", -1);
    for (int i = 0; i < parts.length; i++) {
      prose.append(i % 2 == 1 ? code(parts[i]) : linked(parts[i], self));
    }
    return prose.toString();
  }

  /** Returns the text as a sentence of its own. */
  String sentence(String text, String self) {
    return prose(Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".", self);
  }

  private String linked(String text, String self) {
    StringBuilder linked = new StringBuilder();
    Matcher matcher = NAME.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String name = matcher.group();
      Annotation<?> annotation = Annotations.byName(name);
      Setting<?> setting = Settings.byKey(name);
      boolean wantsSetting = page.equals("configmap.md") || text.startsWith("ConfigMap ");
      if (annotation == null && setting == null) {
        continue;
      }
      linked.append(escaped(text.substring(end, matcher.start())));
      end = matcher.end();
      if (name.equals(self) && wantsSetting == page.equals("configmap.md")) {
        linked.append(code(name));
      } else if (annotation != null && (setting == null || !wantsSetting)) {
        linked.append(link(name, annotation.page()));
      } else {
        linked.append(link(name, setting == null ? "" : setting.page()));
      }
    }
    return linked.append(escaped(text.substring(end))).toString();
  }

  /** Returns a link to a page below {@code docs}. */
  String link(String text, String target) {
    String relative = target.startsWith(page + "#") ? target.substring(page.length()) : target;
    return "[" + escaped(text) + "](" + relative + ")";
  }

  /** Returns links to rules, such as {@code [annotation-idle](rules/annotation-idle.md)}. */
  static String rules(String... ids) {
    return Arrays.stream(ids)
        .map(id -> "[" + id + "](rules/" + id + ".md)")
        .collect(Collectors.joining(", "));
  }

  static String code(String text) {
    return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
  }

  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("\\*_[]<>|$~&".indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /** Returns the anchors of all headings as GitHub makes them, in order. */
  static List<String> anchors(String markdown) {
    Map<String, Integer> seen = new LinkedHashMap<>();
    return HEADING
        .matcher(markdown)
        .results()
        .map(
            heading -> {
              String anchor =
                  heading
                      .group(1)
                      .toLowerCase(Locale.ROOT)
                      .replaceAll("[^a-z0-9 _-]", "")
                      .replace(' ', '-');
              int before = seen.merge(anchor, 1, Integer::sum) - 1;
              return before == 0 ? anchor : anchor + "-" + before;
            })
        .toList();
  }

  @Override
  public String toString() {
    return out.toString().stripTrailing() + "\n";
  }
}
