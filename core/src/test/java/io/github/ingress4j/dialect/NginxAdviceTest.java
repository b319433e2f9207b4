package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.RequestView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is said about the values of annotations and settings, word for word: what is wrong, what
 * happens and what to write; and that whoever follows the advice is rid of the finding.
 *
 * <p>Source: ingress-nginx.md, sections 2.5, 6, 12, 13 and 16.
 */
class NginxAdviceTest {

  private static final String HELP = "\nhelp: ";
  private static final String PREFIX = "the annotation nginx.ingress.kubernetes.io/";
  private static final String WHERE = " (Ingress default/web, metadata.annotations)";

  /** An Ingress; its first annotation stands on line 6, its value after the name and a colon. */
  private static String web(String... annotations) {
    StringBuilder out =
        new StringBuilder(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n");
    if (annotations.length > 0) {
      out.append("  annotations:\n");
      for (String annotation : annotations) {
        out.append("    nginx.ingress.kubernetes.io/").append(annotation).append('\n');
      }
    }
    return out.append(
            "spec: {rules: [{host: a.test, http: {paths: [{path: /, pathType: Prefix, backend:"
                + " {service: {name: web, port: {number: 80}}}}]}}]}\n")
        .toString();
  }

  /** The ConfigMap of the controller; its first setting stands on line 5 if it comes first. */
  private static String settings(String... lines) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx-controller, namespace:"
        + " ingress-nginx}\ndata:\n  "
        + String.join("\n  ", lines)
        + "\n";
  }

  private static IngressRouter router(String... documents) {
    return IngressRouter.builder()
        .manifests("k8s.yaml", String.join("---\n", documents))
        .dialect(Dialect.INGRESS_NGINX)
        .build();
  }

  private static List<String> findings(String... documents) {
    List<String> findings = new ArrayList<>();
    for (Diagnostic finding : router(documents).diagnostics()) {
      findings.add(finding + (finding.help() == null ? "" : HELP + finding.help()));
    }
    return findings;
  }

  private static int answer(String... documents) {
    Decision decision = router(documents).route(RequestView.get("http://a.test/"));
    return decision instanceof Answer answer ? answer.status() : 0;
  }

  /** A snippet beside any other annotation of its group is still found, and still closes. */
  @Test
  void noAnnotationHidesASnippet() {
    String settings =
        settings("annotations-risk-level: Critical", "allow-snippet-annotations: 'true'");
    String snippet =
        "annotation-snippet]: "
            + PREFIX
            + "%s holds configuration of nginx, which is never run here, so the routes of the"
            + " Ingress are closed and answer 503"
            + WHERE;
    String[][] rows = {
      {"auth-snippet: deny all;", "auth-url: http://a.test/x", "auth-cache-key: $host"},
      {"modsecurity-snippet: SecRuleEngine On", "enable-modsecurity: 'true'"},
    };
    for (String[] row : rows) {
      for (String[] annotations : List.of(row, reversed(row))) {
        String name = row[0].substring(0, row[0].indexOf(':'));
        assertThat(findings(web(annotations), settings))
            .as(String.join(", ", annotations))
            .anyMatch(finding -> finding.contains(snippet.formatted(name)));
        assertThat(answer(web(annotations), settings)).isEqualTo(503);
        assertThat(answer(web(annotations))).as("dropped").isEqualTo(404);
      }
    }
  }

  private static String[] reversed(String[] row) {
    List<String> list = new ArrayList<>(Arrays.asList(row));
    Collections.reverse(list);
    return list.toArray(String[]::new);
  }
}
