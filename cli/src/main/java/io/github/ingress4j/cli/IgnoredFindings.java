package io.github.ingress4j.cli;

import io.github.ingress4j.analysis.Linter;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.source.ManifestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The findings that somebody does not want to see: {@code RULE} everywhere, or {@code RULE@OBJECT}
 * about one object, written {@code Ingress default/web} or {@code default/web}.
 */
final class IgnoredFindings {

  private record Entry(String rule, @Nullable String object, AtomicBoolean isUsed) {

    boolean covers(Diagnostic finding) {
      if (!rule.equals(finding.rule().id())) {
        return false;
      }
      if (object == null) {
        return true;
      }
      String label = finding.object();
      return label != null && (label.equals(object) || label.endsWith(" " + object));
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /**
   * Reads what is to be ignored.
   *
   * @param texts the values of the option
   * @throws IllegalArgumentException if there is no such rule; the message names the nearest one
   */
  IgnoredFindings(List<String> texts) {
    List<Rule> rules = new ArrayList<>(ManifestParser.rules());
    rules.addAll(ManifestFiles.rules());
    // One list has to serve runs in every dialect.
    for (Dialect dialect : Dialect.values()) {
      rules.addAll(dialect.rules());
      rules.addAll(Linter.rules(dialect));
    }
    TreeSet<String> known = new TreeSet<>();
    rules.forEach(rule -> known.add(rule.id()));
    for (String text : texts) {
      int at = text.indexOf('@');
      String rule = at < 0 ? text : text.substring(0, at);
      if (!known.contains(rule)) {
        String nearest = NearestWord.of(rule, known);
        throw new IllegalArgumentException(
            "there is no rule "
                + PrintableText.quote(rule)
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
      if (at == text.length() - 1) {
        throw new IllegalArgumentException(
            PrintableText.quote(text) + " names no object after the @");
      }
      entries.add(new Entry(rule, at < 0 ? null : text.substring(at + 1), new AtomicBoolean()));
    }
  }

  /** Returns what was to be ignored about one object and has covered nothing so far. */
  List<String> unused() {
    return entries.stream()
        .filter(entry -> entry.object() != null && !entry.isUsed().get())
        .map(entry -> entry.rule() + "@" + entry.object())
        .toList();
  }

  /** Returns whether a finding is not to be shown. */
  boolean covers(Diagnostic finding) {
    for (Entry entry : entries) {
      if (entry.covers(finding)) {
        entry.isUsed().set(true);
        return true;
      }
    }
    return false;
  }
}
