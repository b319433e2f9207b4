package io.github.ingress4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.analysis.Linter;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.ManifestSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ingress4j lint}: what is wrong with the manifests. */
@Command(
    name = "lint",
    description = {
      "Say what is wrong with the manifests, where, and what to do: faults, and what works but hardly"
          + " as meant."
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  ingress4j lint k8s/",
      "  ingress4j lint --fail-on warning --ignore 'path-shadowed@Ingress shop/web' k8s/",
      "  ingress4j lint --dialect ingress-nginx --output sarif k8s/ > lint.sarif"
    })
final class LintCommand implements Callable<Integer> {

  /** By file, line and column; what has no place comes last. */
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(
          Diagnostic::source,
          Comparator.nullsLast(
              Comparator.comparing(SourceSpan::file)
                  .thenComparingInt(SourceSpan::line)
                  .thenComparingInt(SourceSpan::column)));

  private final Streams streams;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--output",
      paramLabel = "text|json|sarif",
      converter = Converters.OfReport.class,
      description =
          "For people, for programs, or for services that show findings beside the code (SARIF"
              + " 2.1.0). Default: text.")
  private OutputFormat output = OutputFormat.TEXT;

  @Option(
      names = "--fail-on",
      paramLabel = "error|warning",
      converter = Converters.OfFailOn.class,
      description = "The least severity that makes the exit code 1. Default: error.")
  private Severity failOn = Severity.ERROR;

  @Option(
      names = "--ignore",
      paramLabel = "RULE[@OBJECT]",
      description =
          "Leave out the findings of a rule, or those about one object such as"
              + " 'Ingress default/web'. May be repeated.")
  private List<String> ignored = new ArrayList<>();

  @Mixin private RulesOptions rules = new RulesOptions();

  LintCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (spec == null) {
      throw new IllegalStateException("the command has not been set up");
    }
    rules.check(spec);
    IgnoredFindings ignoredFindings;
    try {
      ignoredFindings = new IgnoredFindings(ignored);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--ignore: " + e.getMessage());
    }
    // Kept, because the lines that findings point at cannot be read from a pipe a second time.
    byte[] standardInput = rules.readsStandardInput() ? Input.standardInput(streams) : new byte[0];
    ManifestSet manifests =
        rules.manifests(streams.withIn(new ByteArrayInputStream(standardInput)));
    List<Diagnostic> findings = new ArrayList<>();
    IngressRouter router = rules.router(manifests, new Random(0));
    findings.addAll(router.diagnostics());
    findings.addAll(Linter.lint(manifests, router.translation()));
    findings.removeIf(ignoredFindings::covers);
    for (String text : ignoredFindings.unused()) {
      streams
          .errPrinter()
          .println(
              "ingress4j lint: --ignore: there is no finding "
                  + PrintableText.quote(text)
                  + " to ignore");
    }
    findings.sort(BY_PLACE);
    switch (output) {
      case TEXT -> printText(findings, new String(standardInput, StandardCharsets.UTF_8));
      case JSON -> printJson(findings);
      case SARIF -> SarifReport.print(findings, streams.out());
    }
    for (Diagnostic finding : findings) {
      if (finding.severity().compareTo(failOn) <= 0) {
        return ExitCode.FINDINGS;
      }
    }
    return ExitCode.OK;
  }

  private void printText(List<Diagnostic> findings, String standardInput) throws IOException {
    Palette palette = Palette.of(streams);
    try (Writer out = streams.outWriter()) {
      FindingText text =
          new FindingText(out, palette, new Excerpts(rules.dialect(), standardInput));
      for (Diagnostic finding : findings) {
        text.print(finding);
      }
      out.write(palette.bold(summary(findings)) + "\n");
    }
  }

  /** Returns the last line, such as {@code 3 errors, 1 warning in 2 files}. */
  private static String summary(List<Diagnostic> findings) {
    if (findings.isEmpty()) {
      return "no findings";
    }
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      int count = (int) findings.stream().filter(f -> f.severity() == severity).count();
      if (count > 0) {
        counts.add(Words.count(count, severity == Severity.INFO ? "note" : severity.word()));
      }
    }
    int files =
        (int)
            findings.stream()
                .map(Diagnostic::source)
                .filter(source -> source != null)
                .map(SourceSpan::file)
                .distinct()
                .count();
    return String.join(", ", counts) + (files == 0 ? "" : " in " + Words.count(files, "file"));
  }

  private void printJson(List<Diagnostic> findings) throws IOException {
    try (JsonGenerator json = JsonOutput.to(streams.out())) {
      json.writeStartArray();
      for (Diagnostic finding : findings) {
        json.writeStartObject();
        json.writeStringField("rule", finding.rule().id());
        json.writeStringField("severity", finding.severity().word());
        json.writeStringField("message", finding.message());
        SourceSpan source = finding.source();
        string(json, "file", source == null ? null : source.file());
        number(json, "line", source == null ? 0 : source.line());
        number(json, "column", source == null ? 0 : source.column());
        string(json, "object", finding.object());
        string(json, "field", finding.field());
        string(json, "help", finding.help());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  private static void string(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private static void number(JsonGenerator json, String name, int value) throws IOException {
    if (value == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }
}
