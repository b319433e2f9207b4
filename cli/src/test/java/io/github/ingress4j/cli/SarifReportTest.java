package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SARIF 2.1.0, checked against its schema. */
class SarifReportTest {

  private static final String CLEAN =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        defaultBackend: {service: {name: web, port: {number: 80}}}
      """;

  private static final String REWRITTEN =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
        annotations:
          nginx.ingress.kubernetes.io/rewrite-target: /
      spec:
        rules:
          - host: a.example
            http:
              paths:
                - path: /api
                  pathType: Prefix
                  backend: {service: {name: web, port: {number: 80}}}
      """;

  private static final String BROKEN = "kind: [\n---\nkind: Ingress\n---\n\u00e9: {a: *b}\n";

  private static Schema schema;

  private @TempDir Path directory;

  @BeforeAll
  static void readSchema() throws IOException {
    try (InputStream in =
        SarifReportTest.class.getResourceAsStream("/sarif/sarif-schema-2.1.0.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(text, InputFormat.JSON);
    }
  }

  private static String sarif(String manifest, String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "lint";
    arguments[1] = "--output";
    arguments[2] = "sarif";
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[more.length + 3] = "-";
    return Cli.runWith(manifest, arguments).out();
  }

  @Test
  void fitsTheSchemaWhateverWasFound() throws IOException {
    String file =
        Cli.write(directory, "my rules: \u00e9.yaml", REWRITTEN + "---\n" + BROKEN).toString();
    for (String report :
        new String[] {
          sarif(CLEAN),
          sarif(""),
          sarif(REWRITTEN, "--dialect", "ingress-nginx"),
          sarif(BROKEN, file),
          sarif(CLEAN, directory.resolve("missing").toString())
        }) {
      assertThat(schema.validate(report, InputFormat.JSON)).as(report).isEmpty();
    }
  }

  @Test
  void theSchemaRefusesWhatIsNoReport() {
    assertThat(schema.validate("{\"version\":\"2.1.0\"}", InputFormat.JSON)).isNotEmpty();
    assertThat(schema.validate(sarif(CLEAN).replace("\"text\"", "\"txt\""), InputFormat.JSON))
        .isEmpty();
    assertThat(
            schema.validate(
                sarif(REWRITTEN, "--dialect", "ingress-nginx").replace("\"text\"", "\"txt\""),
                InputFormat.JSON))
        .isNotEmpty();
  }

  /** Services refuse a run without results. */
  @Test
  void listsNoResultsIfNothingWasFound() {
    assertThat(sarif(CLEAN)).contains("\"rules\":[]").contains("\"results\":[]").endsWith("}]}\n");
  }

  @Test
  void tellsRuleRegionAndMessage() {
    assertThat(sarif(REWRITTEN, "--dialect", "ingress-nginx", "--ignore", "regex-open-end"))
        .contains(
            "{\"id\":\"rewrite-without-capture\",\"shortDescription\":{\"text\":\"A rewrite sends"
                + " every path to the same one.\"}",
            "\"helpUri\":\"https://github.com/ingress4j/ingress4j/blob/main/docs/rules/rewrite-without-capture.md\"",
            "\"defaultConfiguration\":{\"level\":\"warning\"}",
            "{\"ruleId\":\"rewrite-without-capture\",\"ruleIndex\":0,\"level\":\"warning\",",
            "\"region\":{\"startLine\":12,\"startColumn\":19,\"endColumn\":23}",
            "\"fullyQualifiedName\":\"Ingress default/web, spec.rules[0].http.paths[0].path\"");
  }

  /** The names of annotations and members are no words to begin a sentence with a capital. */
  @Test
  void spellsNamesAsTheyAre() {
    assertThat(
            sarif(
                REWRITTEN.replace(
                    "rewrite-target: /",
                    "auth-type: basic\n    " + "nginx.ingress.kubernetes.io/auth-secret: gone"),
                "--dialect",
                "ingress-nginx"))
        .contains("\"text\":\"auth-secret names the Secret default/gone, which is missing");
    assertThat(sarif(BROKEN)).doesNotContain("\"PathType");
  }

  /** A result is recognised although it has moved, and two equal ones are told apart. */
  @Test
  void keepsFingerprintsWhenLinesMove() {
    String moved =
        "# a comment\n\n" + REWRITTEN.replace("name: web\n", "name: web\n  labels: {a: b}\n");
    String other = REWRITTEN.replace("/api", "/other");

    assertThat(fingerprints(moved)).isEqualTo(fingerprints(REWRITTEN)).contains(":1");
    assertThat(fingerprints(other)).isNotEqualTo(fingerprints(REWRITTEN));
  }

  private static String fingerprints(String manifest) {
    Matcher matcher =
        Pattern.compile("\"finding/v1\":\"([^\"]*)\"")
            .matcher(sarif(manifest, "--dialect", "ingress-nginx"));
    StringBuilder all = new StringBuilder();
    while (matcher.find()) {
      all.append(matcher.group(1)).append('\n');
    }
    return all.toString();
  }

  @Test
  void writesFileNamesAsReferences() throws IOException {
    String file = Cli.write(directory, "my rules: \u00e9.yaml", BROKEN).toString();

    assertThat(Cli.run("lint", "--output", "sarif", file).out())
        .contains("\"uri\":\"file:///", "/my%20rules%3A%20%C3%A9.yaml\"");
    assertThat(sarif(BROKEN)).contains("\"uri\":\"-\"");
  }
}
