package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filter that makes the controller drop an Ingress whose hosts, paths or names look like an
 * attack on its configuration. It looks for bare substrings, so innocent paths are dropped, too.
 *
 * <p>Stateless and thread-safe. Source: ingress-nginx v1.15.1, internal/ingress/inspector.
 */
public final class DeepInspection {

  private static final List<String> FORBIDDEN =
      List.of(
          "/etc/passwd",
          "/etc/shadow",
          "/etc/group",
          "/etc/nginx",
          "/etc/ingress-controller",
          "/var/run/secrets",
          "_by_lua");

  private DeepInspection() {}

  /**
   * Inspects an Ingress.
   *
   * @param ingress the Ingress
   * @return a finding that says why it is dropped, or {@code null} if it is not
   */
  public static @Nullable Diagnostic inspect(Ingress ingress) {
    List<IngressRule> rules = ingress.spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      IngressRule rule = rules.get(i);
      String field = "spec.rules[" + i + "]";
      String found = find(rule.host());
      if (found != null) {
        return finding(ingress, rule.origin().of("host"), field + ".host", rule.host(), found);
      }
      List<HttpIngressPath> paths = rule.paths();
      for (int j = 0; paths != null && j < paths.size(); j++) {
        HttpIngressPath path = paths.get(j);
        found = find(path.path());
        if (found != null) {
          return finding(
              ingress,
              path.origin().of("path"),
              field + ".http.paths[" + j + "].path",
              path.path(),
              found);
        }
      }
    }
    List<IngressSpec.Tls> entries = ingress.spec().tls();
    for (int i = 0; i < entries.size(); i++) {
      IngressSpec.Tls entry = entries.get(i);
      String field = "spec.tls[" + i + "]";
      String found = find(entry.secretName());
      if (found != null) {
        return finding(
            ingress,
            entry.origin().of("secretName"),
            field + ".secretName",
            entry.secretName(),
            found);
      }
      for (int j = 0; j < entry.hosts().size(); j++) {
        String host = entry.hosts().get(j);
        found = find(host);
        if (found != null) {
          return finding(
              ingress, entry.origin().of("hosts"), field + ".hosts[" + j + "]", host, found);
        }
      }
    }
    return null;
  }

  /** Returns what a text holds that it must not, or {@code null}. */
  private static @Nullable String find(String text) {
    for (String forbidden : FORBIDDEN) {
      if (text.contains(forbidden)) {
        return quoted(forbidden);
      }
    }
    int semicolon = text.lastIndexOf(';');
    for (String directive : List.of("alias", "root")) {
      int start = text.indexOf(directive);
      if (start >= 0 && start < semicolon) {
        return quoted(directive) + " and a semicolon behind it";
      }
    }
    return null;
  }

  private static Diagnostic finding(
      Ingress ingress, @Nullable SourceSpan source, String field, String text, String found) {
    return Diagnostic.of(
            NginxRules.INSPECTION_REFUSED,
            quoted(text) + " contains " + found + ", so the controller drops the Ingress")
        .withSource(source)
        .withObject(ingress.label())
        .withField(field)
        .withHelp("choose another text, or run the controller with --deep-inspect=false");
  }

  private static String quoted(String text) {
    return PrintableText.quote(text);
  }
}
