package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte of a Secret is ever printed: SEC-47, SEC-49. */
class SecretsStaySecretTest {

  private static final String CANARY = "hunter2";

  private static void assertSilent(String text) {
    for (ManifestSet set : new ManifestSet[] {Reading.strict(text), Reading.lenient(text)}) {
      StringBuilder out = new StringBuilder().append(set).append(set.objects());
      for (Diagnostic d : set.diagnostics()) {
        out.append(d).append(d.excerpt()).append(d.label()).append(d.help()).append(d.field());
      }
      assertThat(out.toString()).doesNotContain(CANARY).doesNotContain("aHVudGVyMg");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stringData: {a: hunter2}",
        "stringData: {a: hunter2, a: hunter2}",
        "stringData: hunter2",
        "stringData: [hunter2]",
        "stringData: {a: {b: hunter2}}",
        "stringData: {hunter2 x: b}",
        "data: {a: hunter2}",
        "data: {a: aHVudGVyMg==, b: 5}",
        "data: {hunter2: [}",
        "data: {a: \"hunter2}",
        "data: {a: hunter2: x}",
        "data:\n\ta: hunter2",
        "data: {a: *hunter2}",
        "data: {a: !!int hunter2}",
        "data: {a: !hunter2 x}",
        "data: {a: !!binary hunter2}",
        "data: {a: !hunter2 {}}",
        "data: {a: \"\\xhunter2\"}",
        "data: {a: \"\u0001hunter2\"}",
        "hunter2: x",
        "data:\nhunter2: x",
        "type: [hunter2]",
        "immutable: hunter2",
        "a: b\n...\nhunter2: x",
        "data: {a: \"\n--- hunter2\n\"}\n",
        "data: {a: \"\n---\nhunter2: [\n",
        "data: {a: \"\n---\nhunter2\n",
        "data: {a: |\n-----BEGIN hunter2 KEY-----\nhunter2\n-----END hunter2-----\n",
      })
  void inFindingsAboutASecret(String rest) {
    assertSilent(Reading.object("v1", "Secret", "{name: a}", rest));
    assertSilent(rest + "\n" + Reading.object("v1", "Secret", "{name: a}", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\": \"hunter2\"}'}}",
        "{name: a, annotations: {hunter2 x: hunter2}}",
        "{name: a, annotations: {a: [hunter2]}}",
        "{name: a, labels: {a: hunter2 x}}",
        "{name: a, finalizers: [hunter2 x]}",
        "{name: a, creationTimestamp: hunter2}",
        "{name: a, hunter2: b}",
      })
  void inFindingsAboutItsMetadata(String metadata) {
    assertSilent(Reading.object("v1", "Secret", metadata, "stringData: {a: b}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // One line for everything.
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":\"hunter2\"}}"
            + "{\"kind\":\"Ingress\"}",
        "{\"kind\":\"Ingress\"}"
            + "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":\"hunter2\"}}",
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":\"hunter2\"}} hunter2",
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":{\"a\":hunter2}}",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, stringData: {a: hunter2}},"
            + " {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: A}}]}",
        "{apiVersion: v1, kind: SecretList, items: [{stringData: {a: hunter2}, metadata: {name: A}}]}",
        "{apiVersion: v1, kind: secret, stringData: {a: hunter2}}",
        "{apiVersion: v2, kind: Secret, stringData: {a: hunter2}}",
        "{apiVersion: v1, stringData: {a: hunter2}}",
        // The kind in disguise; twice, so that the second replaces the first.
        "{apiVersion: v1, kind: \"\\x53ecret\", metadata: {name: a}, data: {k: aHVudGVyMg==}}\n---\n"
            + "{apiVersion: v1, kind: \"\\x53ecret\", metadata: {name: a}, data: {k: !x aHVudGVyMg==}}",
        "{\"apiVersion\":\"v1\",\"kind\":\"\\u0053ecret\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"aHVudGVyMg==\"}}"
            + "{\"apiVersion\":\"v1\",\"kind\":\"\\u0053ecret\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"aHVudGVyMg==\"}}",
        "{apiVersion: v1, data: {a: hunter2}}",
        "{kind: secret, stringData: {a: hunter2}",
        "{kind: secret, data: {a: hunter2}",
        "[{apiVersion: v1, kind: Secret, stringData: {a: hunter2}}]",
        "--- {kind: Secret, stringData: {a: hunter2}}",
        "%YAML hunter2\n# kind: Secret\n---\n",
        // A value that other objects share.
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Secret, metadata: {name: a},"
            + " stringData: &x {a: hunter2}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: A,"
            + " labels: *x}}]}",
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: a}
        stringData: {a: hunter2}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: a}
        stringData: {a: hunter2}
        """,
      })
  void whereverItStands(String text) {
    assertSilent(text);
  }
}
