package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ingress v1, section 2: the longest text that is accepted, and one character more. */
class BoundariesTest {

  private static int accepted(String text) {
    return ManifestParser.create().parse("x.yaml", text).objects().size();
  }

  @ParameterizedTest(name = "{0} of {1} characters")
  @CsvSource({
    "name, 253",
    "namespace, 63",
    "label, 63",
    "class, 253",
    "host, 253",
    "service, 63",
    "port, 15",
  })
  void takesTheLongestAndRefusesOneMore(String what, int longest) {
    assertThat(accepted(ingress(what, longest))).isEqualTo(1);
    assertThat(accepted(ingress(what, longest + 1))).isZero();
  }

  private static String ingress(String what, int length) {
    String[] values = {"web", "default", "x", "nginx", "a.shop", "web", "http"};
    String[] names = {"name", "namespace", "label", "class", "host", "service", "port"};
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(what)) {
        values[i] = "a".repeat(length);
      }
    }
    return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: %s, namespace: %s, labels: {x: %s}}
        spec:
          ingressClassName: %s
          rules:
          - host: %s
            http:
              paths:
              - path: /
                pathType: Prefix
                backend: {service: {name: %s, port: {name: %s}}}
        """
        .formatted((Object[]) values);
  }

  /** Section 2.8: 250 bytes. */
  @Test
  void boundsTheNameOfAController() {
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: x.test/%s}
        """;

    assertThat(accepted(text.formatted("a".repeat(243)))).isEqualTo(1);
    assertThat(accepted(text.formatted("a".repeat(244)))).isZero();
  }

  /** Section 1.1: items of a typed list inherit what they do not say. */
  @Test
  void readsAnIngressList() {
    String list =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressList
        items:
        - metadata: {name: a}
          spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
        - metadata: {name: b}
          spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
        """;

    assertThat(ManifestParser.create().parse("x.yaml", list).ingresses())
        .extracting(ingress -> ingress.metadata().name())
        .containsExactly("a", "b");
  }

  /** SEC-11: a language whose capital I has no dot changes nothing. */
  @Test
  void readsTheSameInTurkish() {
    Locale before = Locale.getDefault();
    String text = ingress("host", 10).replace("Ingress", "INGRESS");
    String good = ingress("host", 10);
    try {
      Locale.setDefault(new Locale("tr", "TR"));
      assertThat(accepted(good)).isEqualTo(1);
      assertThat(accepted(text)).isZero();
      assertThat(ManifestParser.create().parse("x.yaml", "kind: I\nSPEC: 1\n").diagnostics())
          .isNotEmpty();
    } finally {
      Locale.setDefault(before);
    }
  }
}
