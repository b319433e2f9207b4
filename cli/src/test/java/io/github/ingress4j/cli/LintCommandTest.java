package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LintCommandTest {

  private static final String CLEAN =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        defaultBackend: {service: {name: web, port: {number: 80}}}
      """;

  private static final String NO_PATH_TYPE =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        rules:
          - host: a.example
            http:
              paths:
                - path: /api
                  backend: {service: {name: web, port: {number: 80}}}
      """;

  private static final String SHADOWED =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: twice}
      spec:
        rules:
          - host: a.example
            http:
              paths:
                - {path: /a, pathType: Prefix, backend: {service: {name: one, port: {number: 80}}}}
                - {path: /a, pathType: Prefix, backend: {service: {name: two, port: {number: 80}}}}
      """;

  private @TempDir Path directory;

  @Test
  void showsTheLineOfEveryFindingFromAPipeToo() {
    Cli.Run run = Cli.runWith(SHADOWED, "lint", "-");

    assertThat(run.out())
        .contains("10 |           - {path: /a, pathType: Prefix, backend: {service: {name: two,")
        .contains("   |                    ^^\n");
  }

  @Test
  void saysThatNothingWasFound() {
    assertThat(Cli.runWith(CLEAN, "lint", "-")).isEqualTo(new Cli.Run(0, "no findings\n", ""));
    assertThat(Cli.runWith(CLEAN, "lint", "--output", "json", "-"))
        .isEqualTo(new Cli.Run(0, "[]\n", ""));
  }

  @Test
  void showsAFindingWithItsLine() {
    Cli.Run run = Cli.runWith(NO_PATH_TYPE, "lint", "-");

    assertThat(run.out())
        .isEqualTo(
            """
            error[path-type-missing]: pathType is required
              --> -:9:19  Ingress default/web, spec.rules[0].http.paths[0].pathType
              |
            9 |           - path: /api
              |                   ^^^^ this path has no pathType
              |
            help: add `pathType: Prefix` to match /api and everything below it
            spec: networking.k8s.io/v1, HTTPIngressPath.pathType

            1 error in 1 file
            """);
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void printsFindingsAsJson() {
    Cli.Run run = Cli.runWith(NO_PATH_TYPE, "lint", "--output", "json", "-");

    assertThat(run.out())
        .isEqualTo(
            "[{\"rule\":\"path-type-missing\",\"severity\":\"error\","
                + "\"message\":\"pathType is required\",\"file\":\"-\",\"line\":9,\"column\":19,"
                + "\"object\":\"Ingress default/web\","
                + "\"field\":\"spec.rules[0].http.paths[0].pathType\","
                + "\"help\":\"add `pathType: Prefix` to match /api and everything below it\"}]\n");
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void readsTheLineOfAFindingOfTheTranslationFromItsFile() throws IOException {
    Path file = Cli.write(directory, "twice.yaml", SHADOWED);

    Cli.Run run = Cli.run("lint", file.toString());

    assertThat(run.out().replace(file.toString(), "twice.yaml"))
        .isEqualTo(
            """
            warning[path-shadowed]: the path "/a" (Prefix) of Ingress default/twice takes no \
            request: "/a" (Prefix) of Ingress default/twice at twice.yaml:9:13 takes them all, \
            because it comes first in the Ingress
              --> twice.yaml:10:20  Ingress default/twice, spec.rules[0].http.paths[1].path
               |
            10 |           - {path: /a, pathType: Prefix, backend: {service: {name: two, port: \
            {number: 80}}}}
               |                    ^^
               |
            help: remove one of the two, or give them different paths
            spec: networking.k8s.io/v1, HTTPIngressPath.path

            1 warning in 1 file
            """);
    assertThat(run.code()).isZero();
  }

  @Test
  void failsOnWarningsIfAsked() {
    assertThat(Cli.runWith(SHADOWED, "lint", "-").code()).isZero();
    assertThat(Cli.runWith(SHADOWED, "lint", "--fail-on", "error", "-").code()).isZero();
    assertThat(Cli.runWith(SHADOWED, "lint", "--fail-on", "warning", "-").code()).isEqualTo(1);
    assertThat(Cli.runWith(CLEAN, "lint", "--fail-on", "warning", "-").code()).isZero();
  }

  @Test
  void leavesOutWhatIsIgnored() {
    String clean = "no findings\n";

    assertThat(lint("path-shadowed")).isEqualTo(clean);
    assertThat(lint("path-shadowed@Ingress default/twice")).isEqualTo(clean);
    assertThat(lint("path-shadowed@default/twice")).isEqualTo(clean);
    assertThat(lint("path-shadowed@default/other")).isNotEqualTo(clean);
    assertThat(lint("path-shadowed@twice")).isNotEqualTo(clean);
    assertThat(lint("path-never-matches")).isNotEqualTo(clean);
    assertThat(
            Cli.runWith(SHADOWED, "lint", "--fail-on", "warning", "--ignore", "path-shadowed", "-"))
        .isEqualTo(new Cli.Run(0, clean, ""));
  }

  /** What is to be ignored about one object is a slip, or out of date, if there is nothing. */
  @Test
  void saysThatThereIsNothingToIgnore() {
    Cli.Run run = Cli.runWith(SHADOWED, "lint", "--ignore", "path-shadowed@else", "-");
    assertThat(run.err())
        .isEqualTo(
            "ingress4j lint: --ignore: there is no finding \"path-shadowed@else\" to ignore\n");
    assertThat(Cli.runWith(SHADOWED, "lint", "--ignore", "host-invalid", "-").err()).isEmpty();
    // One list serves both dialects.
    String[] other = {"lint", "--dialect", "ingress-nginx", "--ignore", "path-shadowed", "-"};
    assertThat(Cli.runWith(SHADOWED, other).err()).isEmpty();
    assertThat(Cli.runWith(SHADOWED, "lint", "--ignore", "regex-host", "-").err()).isEmpty();
    assertThat(Cli.runWith(SHADOWED, "lint", "--ignore", "path-shadowed@default/twice", "-").err())
        .isEmpty();
  }

  private static String lint(String ignored) {
    return Cli.runWith(SHADOWED, "lint", "--ignore", "path-never-matches", "--ignore", ignored, "-")
        .out();
  }

  @Test
  void sortsFindingsByFileLineAndColumn() throws IOException {
    Cli.write(directory, "b.yaml", NO_PATH_TYPE);
    Cli.write(directory, "a.yaml", NO_PATH_TYPE.replace("name: web}", "name: Web}"));

    Cli.Run run = Cli.run("lint", "--output", "json", directory.toString());

    assertThat(run.out().replaceAll("\"file\":\"[^\"]*/", "\"file\":\""))
        .containsSubsequence(
            "\"file\":\"a.yaml\",\"line\":3",
            "\"file\":\"a.yaml\",\"line\":9",
            "\"file\":\"b.yaml\",\"line\":9");
    assertThat(Cli.run("lint", directory.toString()).out()).endsWith("\n3 errors in 2 files\n");
  }

  @Test
  void reportsInputThatCannotBeRead() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    Cli.Run nothing = Cli.runWith("", "lint", "-");
    Cli.Run missing = Cli.run("lint", directory.resolve("missing.yaml").toString());
    Cli.Run noFile = Cli.run("lint", empty.toString());
    Cli.Run broken = Cli.runWith("a: [", "lint", "-");

    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.out()).contains("error[", "the input holds no object", "1 error\n");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.out()).contains("error[path-missing]");
    assertThat(noFile.code()).isEqualTo(1);
    assertThat(noFile.out()).contains("warning[directory-empty]", "the input holds no object");
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out()).contains("error[");
  }

  @Test
  void printsNullForWhatIsNotKnown() {
    Cli.Run run = Cli.runWith("", "lint", "--output", "json", "-");

    assertThat(run.out())
        .endsWith(
            "\"file\":null,\"line\":null,\"column\":null,\"object\":null,\"field\":null,\"help\":\"name"
                + " a file or directory with at least one Kubernetes manifest\"}]\n");
  }

  @Test
  void joinsStandardInputWithFiles() throws IOException {
    String file = Cli.write(directory, "twice.yaml", SHADOWED).toString();

    Cli.Run run = Cli.runWith(CLEAN, "lint", "--ignore", "path-shadowed", file, "-", file);

    assertThat(run.code()).isZero();
  }

  @Test
  void acceptsUnknownMembersIfAsked() {
    String manifest = CLEAN.replace("spec:\n", "spec:\n  oops: 1\n");

    assertThat(Cli.runWith(manifest, "lint", "-").code()).isEqualTo(1);
    assertThat(Cli.runWith(manifest, "lint", "--field-validation", "ignore", "-").code()).isZero();
  }

  @Test
  void coloursOnlyWhatATerminalShows() throws IOException {
    String file = Cli.write(directory, "x.yaml", NO_PATH_TYPE).toString();
    Cli.Run plain = Cli.run("lint", file);
    Cli.Run coloured = Cli.runColoured("lint", file);

    assertThat(plain.out()).doesNotContain("\u001b");
    assertThat(coloured.out()).contains("\u001b[1;31merror[").contains("\u001b[1;31m^^^^");
    assertThat(coloured.out().replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain.out());
  }

  @Test
  void neverShowsASecretOrAControlCharacter() throws IOException {
    String secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: s\u00e9}
        data: {key: "hunter2 is not base64"}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: s}
        stringData: {a: b, a: hunter2, : }
        ---
        {"apiVersion":"v1","kind":"List","items":[{"kind":"Secret","apiVersion":"v1","metadata":{"name":"q"},"stringData":{"a":"hunter2"}},{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"w","annotations":{"nginx.ingress.kubernetes.io/auth-url":"x"}},"spec":{"defaultBackend":{"service":{"name":"w","port":{"number":1}}}}}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: "\\e[31m\\u009b"}
        """;
    String file = Cli.write(directory, "secret.yaml", secret).toString();

    for (String output : new String[] {"text", "json"}) {
      Cli.Run run = Cli.run("lint", "--output", output, file);
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out()).doesNotContain("hunter2");
      assertThat(run.out().chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7F) || c > 0x9F);
    }
    assertThat(Cli.run("lint", file).out()).contains("protection-not-enforced");
  }

  /** A Secret that is spelt by escapes, or that stands on several lines, one of them shared. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INGRESS{\"apiVersion\":\"v1\",\"data\":{\"p\":\"hunter2=\"},\n\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}",
        "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"apiVersion\":\"v1\",\"data\":{\n\"p\":\"hunter2=\"}}INGRESS",
        "INGRESS{\"kind\":\"\\u0053ecret\",\"metadata\":{\"name\":\"s\"},\"data\":{\"p\":\"hunter2=\"},\"apiVersion\":\"v1\"}"
      })
  void showsNoLineThatASecretShares(String form) throws IOException {
    String ingress =
        "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"spec\":{\"defaultBackend\":"
            + "{\"resource\":{\"kind\":\"B\",\"name\":\"x\"}}},"
            + "\"metadata\":{\"annotations\":{\"nginx.ingress.kubernetes.io/auth-url\":\"x\"},"
            + "\"name\":\"w\"}}";
    String file = Cli.write(directory, "shared.json", form.replace("INGRESS", ingress)).toString();

    assertThat(Cli.run("lint", file).out())
        .contains("protection-not-enforced")
        .doesNotContain("hunter2");
  }
}
