package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.List;
import java.util.stream.Collectors;

/** Short forms for reading manifests in tests. */
final class Reading {

  /** The rest of an item whose path is under test. */
  static final String BACKEND = "backend: {service: {name: s, port: {number: 80}}}";

  private Reading() {}

  static ManifestSet strict(String text) {
    return ManifestParser.create().parse("t.yaml", text);
  }

  static ManifestSet lenient(String text) {
    return ManifestParser.create()
        .withFieldValidation(ManifestParser.FieldValidation.IGNORE)
        .parse("t.yaml", text);
  }

  /** An Ingress of the given specification, in flow style. */
  static String ingress(String spec) {
    return object("networking.k8s.io/v1", "Ingress", "{name: web}", "spec: " + spec);
  }

  static String object(String version, String kind, String metadata, String rest) {
    return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: " + metadata + "\n" + rest;
  }

  /** The findings as {@code rule field}, joined by blank-comma; {@code ok} if there is none. */
  static String found(ManifestSet set) {
    return set.diagnostics().isEmpty()
        ? "ok"
        : set.diagnostics().stream()
            .map(d -> d.field() == null ? d.rule().id() : d.rule().id() + " " + d.field())
            .collect(Collectors.joining(", "));
  }

  static Diagnostic only(ManifestSet set) {
    List<Diagnostic> all = set.diagnostics();
    if (all.size() != 1) {
      throw new AssertionError("one finding expected, but there are " + all);
    }
    return all.get(0);
  }

  /** Undoes the escapes that tables use for characters that they cannot hold. */
  static String unescape(String text) {
    return text.replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\r", "\r")
        .replace("\\uFEFF", "\uFEFF")
        .replace("\\0", "\0");
  }
}
