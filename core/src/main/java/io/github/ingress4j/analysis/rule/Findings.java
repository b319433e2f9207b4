package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.IngressRule;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the findings of one rule: each says where, what, and what to do. */
final class Findings {

  private final Rule rule;
  private final Consumer<Diagnostic> out;

  Findings(Rule rule, Consumer<Diagnostic> out) {
    this.rule = rule;
    this.out = out;
  }

  Rule rule() {
    return rule;
  }

  void add(Diagnostic finding) {
    out.accept(finding);
  }

  /** At an annotation of an Ingress, or at the Ingress if a setting gives the value. */
  void annotation(NginxModel.Owner ingress, String name, String message, String help) {
    annotation(ingress, name, rule.severity(), message, help);
  }

  void annotation(
      NginxModel.Owner ingress, String name, Severity severity, String message, String help) {
    out.accept(
        Diagnostic.of(rule, message)
            .withSeverity(severity)
            .withSource(ingress.span(name))
            .withObject(ingress.label())
            .withField("metadata.annotations")
            .withHelp(help));
  }

  /** At the text of a path. */
  void path(WrittenPath path, String message, String help) {
    out.accept(
        Diagnostic.of(rule, message)
            .withSource(path.location().span())
            .withObject(path.owner().label())
            .withField(path.location().field() + ".path")
            .withHelp(help));
  }

  /** At the first rule of an Ingress with a host; empty for a rule without one. */
  void host(NginxModel.Owner ingress, String host, String message, String help) {
    List<IngressRule> rules = ingress.ingress().spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).host().equals(host)) {
        SourceSpan span = rules.get(i).origin().of("host");
        out.accept(
            Diagnostic.of(rule, message)
                .withSource(span == null ? ingress.ingress().origin().span() : span)
                .withObject(ingress.label())
                .withField("spec.rules[" + i + "].host")
                .withHelp(help));
        return;
      }
    }
  }

  /** At a member of the specification. */
  void spec(NginxModel.Owner ingress, String member, String message, String help) {
    out.accept(
        Diagnostic.of(rule, message)
            .withSource(ingress.ingress().spec().origin().of(member))
            .withObject(ingress.label())
            .withField("spec." + member)
            .withHelp(help));
  }

  /** The place of a thing in words, with a blank before it; empty if it is not known. */
  static String at(@Nullable SourceSpan span) {
    return span == null ? "" : " at " + span;
  }
}
