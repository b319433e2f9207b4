package io.github.ingress4j.cli;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Prints findings for a person, each with the line it points at.
 *
 * <pre>
 * error[path-type-missing]: pathType is required
 *   --> k8s/shop.yaml:14:11  Ingress shop/web, spec.rules[0].http.paths[1]
 *    |
 * 14 |         - path: /api
 *    |           ^^^^ this path has no pathType
 *    |
 * help: add `pathType: Prefix` to match /api and everything below it
 * spec: networking.k8s.io/v1, HTTPIngressPath.pathType
 * </pre>
 */
final class FindingText {

  private final Writer out;
  private final Palette palette;
  private final Excerpts excerpts;

  FindingText(Writer out, Palette palette, Excerpts excerpts) {
    this.out = out;
    this.palette = palette;
    this.excerpts = excerpts;
  }

  void print(Diagnostic finding) throws IOException {
    String head = finding.severity().word() + "[" + finding.rule().id() + "]";
    out.write(palette.severity(finding.severity(), head) + ": ");
    out.write(palette.bold(finding.message()) + "\n");
    place(finding);
    String excerpt = excerpts.of(finding);
    SourceSpan source = finding.source();
    if (excerpt != null && source != null) {
      frame(finding, excerpt, source);
    }
    if (finding.help() != null) {
      out.write(palette.bold("help") + ": " + finding.help() + "\n");
    }
    out.write(palette.bold("spec") + ": " + finding.rule().reference() + "\n\n");
  }

  private void place(Diagnostic finding) throws IOException {
    String subject = subject(finding);
    if (finding.source() != null) {
      out.write(palette.dim("  -->") + " " + finding.source());
      out.write(subject == null ? "\n" : "  " + subject + "\n");
    } else if (subject != null) {
      out.write(palette.dim("  -->") + " " + subject + "\n");
    }
  }

  private static @Nullable String subject(Diagnostic finding) {
    if (finding.object() == null) {
      return finding.field();
    }
    return finding.field() == null ? finding.object() : finding.object() + ", " + finding.field();
  }

  private void frame(Diagnostic finding, String excerpt, SourceSpan source) throws IOException {
    ExcerptLine line = ExcerptLine.of(excerpt, source.column(), source.length());
    String number = Integer.toString(source.line());
    String margin = " ".repeat(number.length()) + palette.dim(" |");
    out.write(margin + "\n");
    out.write(palette.dim(number + " |") + " " + line.text() + "\n");
    if (line.markWidth() > 0) {
      String mark = "^".repeat(line.markWidth());
      String label = finding.label() == null ? "" : " " + finding.label();
      out.write(margin + " " + " ".repeat(line.markStart()));
      out.write(palette.severity(finding.severity(), mark + label) + "\n");
    } else if (finding.label() != null) {
      out.write(margin + " " + finding.label() + "\n");
    }
    out.write(margin + "\n");
  }
}
