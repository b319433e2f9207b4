package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema takes what the controller takes and flags what it does not. */
class AnnotationsSchemaTest {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";
  private static final URI ID = URI.create("https://example.test/schema");
  private static final Validator VALIDATOR = validator();

  private static Validator validator() {
    Validator validator =
        new ValidatorFactory().withJsonNodeFactory(new SnakeYamlNode.Factory()).createValidator();
    validator.registerSchema(ID, AnnotationsSchema.text());
    return validator;
  }

  private static boolean isValid(Object object) {
    return VALIDATOR.validate(ID, AnnotationsSchema.json(object)).isValid();
  }

  private static boolean takes(String name, Object value) {
    return isValid(ingress(Map.of(PREFIX + name, value)));
  }

  private static Map<String, Object> ingress(Map<String, Object> annotations) {
    return Map.of(
        "apiVersion",
        "networking.k8s.io/v1",
        "kind",
        "Ingress",
        "metadata",
        Map.of("name", "web", "annotations", annotations),
        "spec",
        Map.of());
  }

  static List<AnnotationsTest.Row> rows() {
    return AnnotationsTest.rows();
  }

  static List<AnnotationsTest.Row> rowsWithValues() {
    return AnnotationsTest.rowsWithValues();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void takesAValueThatCanBeUsed(AnnotationsTest.Row row) {
    assertThat(takes(row.name(), row.valid().trim())).isTrue();
    row.annotation().aliases().forEach(alias -> assertThat(takes(alias, row.valid())).isTrue());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsWithValues")
  void flagsAValueThatCannotBeUsed(AnnotationsTest.Row row) {
    assertThat(takes(row.name(), row.invalid())).as("invalid").isFalse();
    assertThat(takes(row.name(), "")).as("empty").isFalse();
    row.annotation().aliases().forEach(alias -> assertThat(takes(alias, row.invalid())).isFalse());
  }

  /** The API server takes texts only. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void flagsAValueThatIsNoText(AnnotationsTest.Row row) {
    assertThat(takes(row.name(), true)).isFalse();
    assertThat(takes(row.name(), 7)).isFalse();
    assertThat(takes(row.name(), List.of("a"))).isFalse();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          # name                      | value                          | taken
          ssl-redirect                | true                           | true
          ssl-redirect                | T                              | true
          ssl-redirect                | yes                            | false
          proxy-read-timeout          | 60                             | true
          proxy-read-timeout          | 60s                            | false
          load-balance                | ewma                           | true
          backend-protocol            | grpc                           | true
          backend-protocol            | Https                          | true
          session-cookie-samesite     | Lax                            | true
          session-cookie-samesite     | lax                            | false
          permanent-redirect          | https://x$request_uri          | false
          permanent-redirect-code     | 308                            | true
          permanent-redirect-code     | 309                            | false
          temporal-redirect           | /login                         | false
          temporal-redirect-code      | 308                            | false
          rewrite-target              | /$2?x=1                        | false
          app-root                    | app                            | false
          auth-url                    | auth.example/check             | false
          auth-url                    | https://a/$scheme?x=$host      | true
          auth-tls-secret             | ca                             | false
          auth-tls-secret             | shop/ca                        | true
          auth-tls-verify-depth       | 0                              | false
          auth-cache-duration         | 200 202 10m, 401 1m            | true
          auth-cache-duration         | 10m 200                        | false
          auth-response-headers       | X-User, X-Groups               | true
          auth-response-headers       | X-User X-Groups                | false
          cors-allow-origin           | https://a.example, https://*.b | true
          cors-allow-origin           | *                              | true
          custom-http-errors          | 404,503                        | true
          custom-http-errors          | 404, 503                       | false
          server-alias                | a.example, ~^b[0-9]+$          | true
          allowlist-source-range      | 10.0.0.0/8, fd00::/8,::1       | true
          allowlist-source-range      | 10.0.0.0/33                    | false
          allowlist-source-range      | 10.0.0.256                     | false
          allowlist-source-range      | 10.0.0.01                      | false
          allowlist-source-range      | fd00::/129                     | false
          allowlist-source-range      | 10.0.0.0/8,                    | false
          limit-whitelist             | 1.2.3.4                        | true
          proxy-ssl-protocols         | TLSv1.1                        | false
          mirror-request-body         | off                            | true
          mirror-request-body         | false                          | false
          """)
  void agreesWithTheController(String name, String value, boolean isTaken) {
    assertThat(takes(name, value)).isEqualTo(isTaken);
    assertThat(AnnotationsSchema.isUsable(annotation(name), value)).isEqualTo(isTaken);
  }

  /** The controller takes these values, and then can do nothing with them. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"cors-allow-origin, a.example", "load-balance, chash"})
  void flagsValuesThatAreTakenInVain(String name, String value) {
    assertThat(takes(name, value)).isFalse();
    assertThat(AnnotationsSchema.isUsable(annotation(name), value)).isTrue();
  }

  private static Annotation<?> annotation(String name) {
    return Objects.requireNonNull(Annotations.byName(name), name);
  }

  /** What no pattern tells. */
  private static final Set<String> CHECKED_FURTHER =
      Set.of(
          "auth-tls-match-cn",
          "allowlist-source-range",
          "denylist-source-range",
          "limit-allowlist");

  @Property(tries = 20_000)
  void whatItTakesCanBeUsed(@ForAll("values") Value value) {
    // A pattern of Java, unlike one of ECMAScript, may leave out a line feed at the end.
    if (!value.text().isBlank()
        && !value.text().endsWith("\n")
        && takes(value.row().name(), value.text())) {
      assertThat(AnnotationsSchema.isUsable(value.row().annotation(), value.text()))
          .as("%s: %s", value.row(), value.text())
          .isTrue();
    }
  }

  record Value(AnnotationsTest.Row row, String text) {}

  @Provide
  Arbitrary<Value> values() {
    List<AnnotationsTest.Row> rows =
        rowsWithValues().stream().filter(row -> !CHECKED_FURTHER.contains(row.name())).toList();
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            " ",
            ",",
            ":",
            "/",
            "//",
            "$",
            "*",
            ".",
            "-",
            "_",
            "a",
            "Z",
            "0",
            "7",
            "?",
            "&",
            "=",
            "@",
            "|",
            "\\",
            "%",
            "#",
            ";",
            "é",
            "\n",
            "\t",
            "http",
            "https://",
            "TLSv1.2",
            "off");
    return Combinators.combine(
            Arbitraries.of(rows),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.doubles().between(0, 1),
            pieces,
            Arbitraries.of(0, 0, 1, 2))
        .as(
            (row, from, part, piece, cut) -> {
              String text = part < 0.9 ? row.valid() : row.invalid();
              int at = (int) (from * text.length());
              int end = Math.min(text.length(), at + cut);
              return new Value(row, text.substring(0, at) + piece + text.substring(end));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewrite-targt", "secure-backends", "", "x/y", "Rewrite-Target"})
  void flagsANameThatTheControllerDoesNotKnow(String name) {
    assertThat(takes(name, "true")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubernetes.io/ingress.class",
        "nginx-ingress-kubernetes-io/x",
        "other.nginx.ingress.kubernetes.io/x",
        "cert-manager.io/cluster-issuer"
      })
  void leavesOtherNamesAlone(String name) {
    assertThat(isValid(ingress(Map.of(name, "x")))).isTrue();
  }

  @Test
  void leavesTheRestOfObjectsToTheirOwnSchemas() {
    assertThat(isValid(Map.of("kind", "Service", "spec", Map.of("ports", List.of())))).isTrue();
    assertThat(isValid(Map.of("kind", "Ingress", "metadata", Map.of("name", "x")))).isTrue();
    assertThat(isValid(Map.of())).isTrue();
  }

  @Test
  void looksIntoLists() {
    Map<String, Object> good = ingress(Map.of(PREFIX + "canary", "true"));
    Map<String, Object> bad = ingress(Map.of(PREFIX + "canary", "maybe"));
    assertThat(isValid(Map.of("kind", "List", "items", List.of(good)))).isTrue();
    assertThat(isValid(Map.of("kind", "List", "items", List.of(good, bad)))).isFalse();
  }

  @Test
  void isASchemaOfItsDraft() {
    Validator validator =
        new ValidatorFactory()
            .withJsonNodeFactory(new SnakeYamlNode.Factory())
            .withSchemaResolver(uri -> SchemaResolver.Result.empty())
            .createValidator();
    assertThat(
            validator
                .validate(
                    URI.create("http://json-schema.org/draft-07/schema"), AnnotationsSchema.text())
                .isValid())
        .isTrue();
  }

  /** Each suggestion of an editor is a value that passes. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rowsWithValues")
  void suggestsWhatItTakes(AnnotationsTest.Row row) {
    Map<?, ?> property = property(row.name());
    List<Object> suggestions = new ArrayList<>();
    suggestions.addAll((List<?>) Objects.requireNonNullElse(property.get("enum"), List.of()));
    suggestions.addAll((List<?>) Objects.requireNonNullElse(property.get("examples"), List.of()));
    Object standard = property.get("default");
    if (standard != null) {
      suggestions.add(standard);
    }
    assertThat(suggestions).allMatch(value -> takes(row.name(), value));
    assertThat(String.valueOf(property.get("markdownDescription")))
        .endsWith("/docs/annotations.md#" + row.name() + ")");
  }

  private static Map<?, ?> property(String name) {
    Map<?, ?> schema = new org.yaml.snakeyaml.Yaml().load(AnnotationsSchema.text());
    Object node = schema;
    for (String key :
        List.of(
            "properties", "metadata", "properties", "annotations", "properties", PREFIX + name)) {
      node = Objects.requireNonNull(((Map<?, ?>) node).get(key), key);
    }
    return (Map<?, ?>) node;
  }

  /** RE2, which validators in Go use, knows no looking around, going back and holding on. */
  @Test
  void hasOnlyPatternsThatEveryEngineReads() {
    Pattern set = Pattern.compile("\\[(?:\\\\.|[^\\]\\\\])*\\]");
    List<String> patterns =
        Annotations.ALL.stream()
            .map(annotation -> annotation.allowed().pattern())
            .filter(Objects::nonNull)
            .map(pattern -> set.matcher(pattern).replaceAll("_"))
            .toList();
    assertThat(patterns)
        .hasSizeGreaterThan(100)
        .noneMatch(Pattern.compile("\\(\\?|\\\\[0-9A-Za-z]|[*+?}][*+?]").asPredicate());
  }

  /** A pattern that tries every way to part a text would stop an editor. */
  @Test
  void hasOnlyPatternsThatAreQuick() {
    for (Annotation<?> annotation : Annotations.ALL) {
      String pattern = annotation.allowed().pattern();
      if (pattern != null) {
        for (String piece :
            List.of("a", "7", "a,", "a, ", "a.", ":", "1.2.3.4,", "off ", "200 5m,")) {
          assertThat(piece.repeat(200) + "\u0000")
              .as("%s %s", annotation, piece)
              .doesNotMatch(Pattern.compile(pattern));
        }
      }
    }
  }
}
