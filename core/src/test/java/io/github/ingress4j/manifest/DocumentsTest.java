package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a text becomes documents and a document becomes objects. */
class DocumentsTest {

  private static final String A = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
  private static final String B = "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}";
  private static final String JSON =
      "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"j\"}}";

  private static String names(ManifestSet set) {
    return set.objects().stream().map(o -> o.metadata().name()).collect(Collectors.joining(" "));
  }

  // Each text has A, B and J in place of an object in flow style or JSON.
  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # text,                              objects | findings
          A\\n---\\nB                          | a b | ok
          ---\\nA\\n---\\nB\\n---\\n           | a b | ok
          ---   \\nA\\n--- # next\\nB          | a b | ok
          ---\\n\\n---\\n# none\\n---\\n       | ``  | ok
          ``                                   | ``  | ok
          # nothing but a comment              | ``  | ok
          A\\n--- foo\\nB                      | a   | separator-invalid
          A\\n--- {}\\nB                       | a   | separator-invalid
          A\\n----\\nB                         | a   | separator-invalid
          A\\n--- foo\\nB\\n---\\nB            | a b | separator-invalid
          A\\n...\\nB                          | a   | text-after-document-end
          A\\n...\\n# fine\\n---\\nB           | a b | ok
          %YAML 1.1\\n---\\nA                  | a   | yaml-directive
          \\uFEFFA\\n---\\n\\uFEFFB            | a b | ok
          \\uFEFF---\\nA                       | a   | ok
          A\\r\\n---\\r\\nB\\r\\n              | a b | ok
          J                                    | j   | ok
          JJ\\nJ                               | j   | object-replaced, object-replaced
          J\\n---\\nA                          | j a | ok
          ---\\nJ                              | j   | ok
          \\t\\n J                             | j   | ok
          [J]                                  | ``  | root-not-object
          - a                                  | ``  | root-not-object
          just text                            | ``  | root-not-object
          42                                   | ``  | root-not-object
          ~                                    | ``  | ok
          {kind: Ingress}                      | ``  | api-version-missing
          {apiVersion: v1}                     | ``  | kind-missing
          {apiVersion: v1, kind: }             | ``  | kind-missing
          {apiVersion: v1, kind: ""}           | ``  | kind-missing
          {apiVersion: v1, kind: 5}            | ``  | wrong-type kind
          {apiVersion: v1, kind: Pod}          | ``  | kind-skipped
          a: [\\n---\\nB                       | b   | yaml-syntax
          {"a": 1\\n---\\nB                    | b   | json-syntax
          a: *foo\\n---\\nB                    | b   | yaml-alias
          a: \\0\\n---\\nB                     | b   | control-character
          """)
  void cutsAndReadsEachDocumentAlone(String text, String objects, String findings) {
    // ingress-v1 1.1
    ManifestSet set =
        Reading.strict(
            Reading.unescape(text)
                .replaceAll("\\bJ(?=J)", JSON)
                .replaceAll("J\\b", JSON)
                .replaceAll("(?<![\\w\"])A(?!\\w)", A)
                .replaceAll("(?<![\\w\"])B(?!\\w)", B));
    assertThat(Reading.found(set)).isEqualTo(findings);
    assertThat(names(set)).isEqualTo(objects == null ? "" : objects);
  }

  @Test
  void saysInItsOwnWordsWhereJsonEnds() {
    assertThat(ManifestParser.create().parse("x.json", "{").diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly(
            "this is no JSON (Unexpected end-of-input: expected close marker for Object)");
  }

  @Test
  void takesTabsInJsonButNotAsYamlIndentation() {
    // ingress-v1 1.1 and parts 1.2
    String json =
        "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"t\"}\n}";
    assertThat(names(Reading.strict(json))).isEqualTo("t");
    ManifestSet yaml = Reading.strict("apiVersion: v1\nmetadata:\n\tname: t\n");
    assertThat(Reading.only(yaml))
        .hasToString(
            "t.yaml:3:1: error[yaml-syntax]: a tab stands where only blanks may (while scanning for"
                + " the next token: found character '\\\\t(TAB)' that cannot start any token. (Do not use"
                + " \\\\t(TAB) for indentation))");
    assertThat(Reading.only(yaml).help()).isEqualTo("indent with blanks");
  }

  @Test
  void dropsWhatFollowsALoneCarriageReturnAndDashes() {
    // The cutter counts line feeds only, YAML every line break.
    ManifestSet set = Reading.strict(A + "\r---\r" + B);
    assertThat(Reading.found(set)).isEqualTo("text-after-document-end");
    assertThat(names(set)).isEqualTo("a");
  }

  @ParameterizedTest(name = "[{index}] {0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "'items: {a: b}'; wrong-type items",
        "'items: 5';      wrong-type items",
        "'item: []';      unknown-field item",
        "'items: []';     ok",
        "'items: null';   ok",
        "'metadata: {}';  ok",
      })
  void reportsAListWhoseItemsCannotBeRead(String rest, String findings) {
    // ingress-v1 1.1: else all objects of the list vanished without a word.
    ManifestSet set = Reading.strict("apiVersion: v1\nkind: List\n" + rest);
    assertThat(Reading.found(set)).isEqualTo(findings);
  }

  @Test
  void readsListsAndTypedLists() {
    // ingress-v1 1.1, kind List; items of a typed list inherit kind and version
    String list =
        """
        apiVersion: v1
        kind: List
        items:
        - %s
        - {apiVersion: v1, kind: ConfigMapList, items: [{metadata: {name: c}}, %s]}
        - {apiVersion: apps/v1, kind: DeploymentList, items: [{metadata: {name: d}}]}
        - null
        - 5
        """
            .formatted(A, B);
    ManifestSet set = Reading.strict(list);
    assertThat(names(set)).isEqualTo("a c b");
    assertThat(Reading.found(set)).isEqualTo("kind-skipped, root-not-object, root-not-object");
    assertThat(set.diagnostics().get(0))
        .hasToString(
            "t.yaml:6:55: info[kind-skipped]: the kind Deployment of apps/v1 has no meaning here"
                + " (Deployment d)");
  }

  /** It may be an object of the whole cluster. */
  @Test
  void namesTheNamespaceOfASkippedObjectOnlyIfItIsWritten() {
    ManifestSet set =
        Reading.strict(
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: pay, namespace: shop}}
            ---
            {apiVersion: apps/v1, kind: Deployment}
            """);

    assertThat(set.diagnostics())
        .extracting(Diagnostic::object)
        .containsExactly("Namespace shop", "Deployment shop/pay", "Deployment");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          # data                                    ; x
          x: &a one\\n  y: *a                       ; one
          x: !!str 123                              ; 123
          x: !!binary aGVsbG8=                      ; hello
          x: /app#x                                 ; /app#x
          x: "2024"                                 ; 2024
          x: 2024-01-01                             ; 2024-01-01
          x: 12:30:45                               ; 12:30:45
          x: NaN                                    ; NaN
          x:                                        ; ``
          x: ~                                      ; ``
          x: |\\n    one\\n    two                  ; one\\ntwo
          x: >-\\n    one\\n    two                 ; one two
          <<: {x: merged}                           ; merged
          x: own\\n  <<: {x: merged}                ; own
          <<: {x: merged}\\n  x: own                ; own
          <<: [{x: first}, {x: second}]             ; first
          y: &m\\n  <<: {x: 'true'}                 ; true
          """)
  void resolvesAliasesMergesTagsAndBlocks(String data, String value) {
    // ingress-v1 1.1 and 1.2, parts 1.2
    String text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  ";
    ManifestSet set = Reading.strict(text + Reading.unescape(data));
    assertThat(Reading.found(set)).isEqualTo("ok");
    ConfigMap map = (ConfigMap) set.objects().get(0);
    assertThat(map.data()).containsEntry("x", Reading.unescape(value == null ? "" : value));
  }

  @Test
  void mergesMapsThatAreReachedThroughAnchors() {
    // SEC-53: a key that overrides a merged one is no duplicate
    ManifestSet set =
        Reading.strict(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              labels: &base {app: x, tier: web}
              annotations: {<<: *base, app: z}
            """);
    assertThat(Reading.found(set)).isEqualTo("ok");
    assertThat(set.objects().get(0).metadata().annotations())
        .containsEntry("app", "z")
        .containsEntry("tier", "web")
        .hasSize(2);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # value,            rule,      message
          x: *nothing        | yaml-alias | an alias has no anchor before it in this document ("*nothing")
          x: &a [*a]         | yaml-alias | an alias stands inside its own anchor ("*a")
          x: {<<: 5}         | yaml-merge | the merge key << has a value that is neither a map nor a list of maps
          x: {<<: [{}, 5]}   | yaml-merge | the merge key << has a value that is neither a map nor a list of maps
          x: {[a]: b}        | yaml-key   | a key is a map, a list or null
          x: {~: b}          | yaml-key   | a key is a map, a list or null
          x: !!int foo       | yaml-value | a value has the tag of an integer, but is none ("foo")
          x: !!bool 5        | yaml-value | a value has the tag of a boolean, but is none ("5")
          x: !!null 5        | yaml-value | a value has the tag of null, but is none ("5")
          x: !!float x       | yaml-value | a value has the tag of a number, but is none ("x")
          x: !!binary "%"    | yaml-value | a value has the tag !!binary, but is no base64 ("%")
          x: .nan            | yaml-value | a value is no number that JSON can hold (".nan")
          x: -.INF           | yaml-value | a value is no number that JSON can hold ("-.INF")
          x: !!java.net.URL [a] | yaml-tag | a tag makes something else of a list ("tag:yaml.org,2002:java.net.URL")
          x: !foo {a: b}     | yaml-tag   | a tag makes something else of a map ("!foo")
          """)
  void refusesWhatKubectlCannotTurnIntoJson(String data, String rule, String message) {
    // ingress-v1 1.1 and parts 1.2
    ManifestSet set = Reading.strict(data);
    assertThat(Reading.only(set).rule().id()).isEqualTo(rule);
    assertThat(Reading.only(set).message()).isEqualTo(message);
    assertThat(Reading.only(set).isError()).isTrue();
    assertThat(set.isReadable()).isFalse();
  }

  @Test
  void warnsOfATagThatHasNoEffect() {
    ManifestSet set = Reading.strict("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: !foo a}\n");
    assertThat(Reading.only(set))
        .hasToString("t.yaml:3:18: warning[yaml-tag]: the tag \"!foo\" has no effect");
    assertThat(names(set)).isEqualTo("a");
  }

  @Test
  void turnsKeysThatAreNoTextIntoText() {
    // ingress-v1 1.2, last paragraph
    ManifestSet set =
        Reading.strict(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
                + "data: {1: a, yes: b, 0x10: c, 1.5: d, off: e}");
    assertThat(Reading.found(set)).isEqualTo("ok");
    assertThat(((ConfigMap) set.objects().get(0)).data().keySet())
        .containsExactly("1", "true", "16", "1.5", "false");
  }

  @Test
  void quotesTheStarOfAWildcardHostInItsAdvice() {
    // ingress-v1 1.1, last row
    ManifestSet set = Reading.strict("host: *.foo.com\n");
    assertThat(Reading.only(set))
        .hasToString(
            "t.yaml:1:7: error[yaml-syntax]: a value begins with a star, which makes an alias of it (while"
                + " scanning an alias: unexpected character found .(46))");
    assertThat(Reading.only(set).help())
        .isEqualTo("write a value that begins with a star in quotes");
  }

  @Test
  void saysWhereBytesAreNoUtf8() {
    byte[] bytes = (A + "\n# caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
    ManifestSet set = ManifestParser.create().parse("l.yaml", bytes);
    assertThat(Reading.only(set))
        .hasToString("l.yaml:2:6: error[not-utf8]: the text is not encoded in UTF-8");
    assertThat(set.isReadable()).isFalse();
    byte[] good = (A + "\n# caf\u00e9\n").getBytes(StandardCharsets.UTF_8);
    assertThat(names(ManifestParser.create().parse("l.yaml", good))).isEqualTo("a");
  }

  @Test
  void saysThatALaterObjectReplacesAnEarlierOne() {
    // ingress-v1 11.11
    ManifestSet set =
        ManifestParser.create()
            .parseAll(
                List.of(
                    new ManifestParser.NamedText("a.yaml", A),
                    new ManifestParser.NamedText("b.yaml", "\n" + A)));
    assertThat(set.objects()).hasSize(1);
    assertThat(Reading.only(set))
        .hasToString(
            "b.yaml:2:1: warning[object-replaced]: this object replaces the one at a.yaml:1:1"
                + " (ConfigMap default/a)");
    assertThat(Reading.only(set).excerpt()).isEqualTo(A);
  }

  @Test
  void keepsTheEarlierObjectIfTheLaterIsRefused() {
    ManifestSet set =
        Reading.strict(A + "\n---\n" + A.replace("metadata", "data: {x: 5}, metadata"));
    assertThat(Reading.found(set)).isEqualTo("wrong-type data[x]");
    assertThat(set.objects()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# none", "a: [", "- x", "{kind: X}"})
  void saysThatNothingCouldBeRead(String text) {
    // Decision 8: input in which nothing is readable stops a start
    ManifestSet set =
        ManifestParser.create().parseAll(List.of(new ManifestParser.NamedText("a.yaml", text)));
    assertThat(set.isReadable()).isFalse();
    assertThat(set.diagnostics().get(set.diagnostics().size() - 1))
        .hasToString("error[nothing-readable]: the input holds no object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{apiVersion: v1, kind: Pod}",
        "{apiVersion: v1, kind: Service}",
        "x: [\n---\n" + A
      })
  void countsRefusedAndSkippedObjectsAsReadable(String text) {
    ManifestSet set =
        ManifestParser.create().parseAll(List.of(new ManifestParser.NamedText("a.yaml", text)));
    assertThat(set.isReadable()).isTrue();
    assertThat(set.diagnostics()).noneMatch(d -> d.rule().id().equals("nothing-readable"));
  }

  @Test
  void givesObjectsWithoutNamespaceTheOneOfTheParser() {
    // ingress-v1 1.5
    ManifestSet set = ManifestParser.create().withNamespace("shop").parse("a.yaml", A);
    assertThat(set.configMap("shop", "a")).isNotNull();
    assertThat(set.toString()).isEqualTo("1 object, 0 findings");
  }
}
