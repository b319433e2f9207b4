package io.github.ingress4j.cli;

import io.github.ingress4j.analysis.Linter;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.Dialect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines that findings point at.
 *
 * <p>A finding of the parser brings its line, or leaves it out because it belongs to a Secret.
 * Findings of the translation know a place only; for those the line is read from its file. A line
 * that may hold a part of a Secret is never shown: neither for a finding about a Secret, nor if
 * anything in the same document, be it in JSON or in a list, might be one.
 *
 * <p>Not thread-safe.
 */
final class Excerpts {

  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final int MAX_LINE = 10_000;

  private final Set<String> translationRules = new HashSet<>();
  private final Map<String, List<@Nullable String>> files = new HashMap<>();

  /**
   * Makes a reader of lines.
   *
   * @param dialect whose findings bring no lines
   * @param standardInput what was read from standard input, which cannot be read again
   */
  Excerpts(Dialect dialect, String standardInput) {
    dialect.rules().forEach(rule -> translationRules.add(rule.id()));
    Linter.rules(dialect).forEach(rule -> translationRules.add(rule.id()));
    files.put(Input.STANDARD_INPUT, lines(standardInput));
  }

  /**
   * Returns the line of a finding.
   *
   * @param finding the finding
   * @return the line in the form of {@link PrintableText}, or {@code null}
   */
  @Nullable String of(Diagnostic finding) {
    SourceSpan source = finding.source();
    if (finding.excerpt() != null || source == null) {
      return finding.excerpt();
    }
    String object = finding.object();
    if (!translationRules.contains(finding.rule().id())
        || object == null
        || object.startsWith("Secret ")) {
      return null;
    }
    List<@Nullable String> lines = files.computeIfAbsent(source.file(), Excerpts::read);
    if (source.line() > lines.size()) {
      return null;
    }
    @Nullable String line = lines.get(source.line() - 1);
    if (line == null || line.length() > MAX_LINE) {
      return null;
    }
    return PrintableText.escape(line, Math.max(1, line.length()));
  }

  /** Returns the lines of a text, null for those of documents that may hold a Secret. */
  private static List<@Nullable String> lines(String text) {
    List<@Nullable String> lines = split(text);
    int start = 0;
    for (int i = 1; i <= lines.size(); i++) {
      if (i == lines.size() || String.valueOf(lines.get(i)).startsWith("---")) {
        List<@Nullable String> document = lines.subList(start, i);
        String joined = String.join("\n", document);
        if (mayHoldSecret(joined)) {
          Collections.fill(document, null);
        }
        start = i;
      }
    }
    return lines;
  }

  // By hand: an expression that reads every file once more cost a twentieth of a run.
  private static List<@Nullable String> split(String text) {
    List<@Nullable String> lines = new ArrayList<>();
    char[] chars = text.toCharArray();
    int start = 0;
    for (int i = 0; i < chars.length; i++) {
      char c = chars[i];
      if (c == '\n' || c == '\r') {
        lines.add(text.substring(start, i));
        i += c == '\r' && i + 1 < chars.length && chars[i + 1] == '\n' ? 1 : 0;
        start = i + 1;
      }
    }
    lines.add(text.substring(start));
    return lines;
  }

  /** Returns whether a document has what a Secret has, or an escape that could spell it. */
  private static boolean mayHoldSecret(String document) {
    if (document.contains("Secret") || document.contains("stringData")) {
      return true;
    }
    for (int at = document.indexOf('\\'); at >= 0; at = document.indexOf('\\', at + 1)) {
      if (at + 1 < document.length() && "xuU\n".indexOf(document.charAt(at + 1)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static List<@Nullable String> read(String file) {
    try {
      Path path = Path.of(file);
      if (Files.isRegularFile(path) && Files.size(path) <= MAX_FILE_BYTES) {
        return lines(Files.readString(path, StandardCharsets.UTF_8));
      }
    } catch (IOException | InvalidPathException e) {
      // The file has gone since it was read: the finding does without its line.
    }
    return List.of();
  }
}
