package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.analysis.Linter;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.source.ManifestFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages {@code docs/rules/ID.md} say what the code does: every rule has one, and the manifests
 * on it do what the page says of them.
 */
class RulePagesTest {

  private static final Path FOLDER = Path.of("..", "docs", "rules");

  /** The rules whose pages show no manifest, and why. */
  private static final Map<String, String> WITHOUT_MANIFESTS =
      Map.ofEntries(
          Map.entry("text-too-big", "takes 64 MiB"),
          Map.entry("not-utf8", "is about bytes, and a page is UTF-8"),
          Map.entry("control-character", "needs a character that must not be in a page"),
          Map.entry("too-many-aliases", "takes more than 100 aliases"),
          Map.entry("scalar-too-long", "takes 2 MiB"),
          Map.entry("too-many-nodes", "takes 2,000,000 values"),
          Map.entry("too-many-documents", "takes 200,000 documents"),
          Map.entry("too-many-objects", "takes 200,000 objects"),
          Map.entry("too-many-findings", "takes 10,000 faults"),
          Map.entry("annotations-too-big", "takes 256 KiB"),
          Map.entry("ingress-too-big", "takes 10,000 rules"),
          Map.entry("data-too-big", "takes 1 MiB"),
          Map.entry("path-missing", "is about files"),
          Map.entry("file-unreadable", "is about files"),
          Map.entry("directory-empty", "is about files"),
          Map.entry("annotation-approximated", "concerns no annotation so far"),
          Map.entry("setting-map-missing", "is about an option"));

  /** The rules whose advice is to remove or rename something. */
  private static final Set<String> REMOVING =
      Set.of(
          "annotation-no-effect",
          "annotation-prefix",
          "annotation-removed",
          "annotation-snippet",
          "annotation-unknown",
          "canary-sticky",
          "controller-annotations",
          "cors-answers-options",
          "cors-origin-unanchored",
          "kind-skipped",
          "nginx-path-shadowed",
          "protection-not-enforced",
          "protection-unavailable",
          "raw-path-bypass",
          "redirect-before-access",
          "redirect-loop",
          "rewrite-decodes",
          "rewrite-equals-path",
          "www-redirect-port");

  private static final Pattern PART =
      Pattern.compile("^kind: \\w+|^ +nginx\\.ingress\\.kubernetes\\.io/[^:]+", Pattern.MULTILINE);

  /** The rules that need a class to be chosen. */
  private static final Set<String> WITH_CLASS = Set.of("class-not-served", "class-missing");

  /** The rules that need paths to be read as the controller does. */
  private static final Set<String> WITH_NGINX_PATHS =
      Set.of("raw-path-bypass", "forwarded-for-trusted");

  /** The rules of the dialect ingress-nginx alone. */
  private static final Set<Rule> NGINX =
      Stream.concat(
              Dialect.INGRESS_NGINX.rules().stream(), Linter.rules(Dialect.INGRESS_NGINX).stream())
          .filter(rule -> !Dialect.KUBERNETES.rules().contains(rule))
          .collect(Collectors.toSet());

  static List<Rule> rules() {
    return Stream.of(
            ManifestParser.rules(),
            ManifestFiles.rules(),
            Dialect.KUBERNETES.rules(),
            Dialect.INGRESS_NGINX.rules(),
            Linter.rules(Dialect.KUBERNETES),
            Linter.rules(Dialect.INGRESS_NGINX))
        .flatMap(List::stream)
        .distinct()
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void everyRuleHasAPageThatAgreesWithIt(Rule rule) {
    assertThat(page(rule))
        .startsWith(
            "# "
                + rule.id()
                + "\n\n| Severity | Summary |\n|---|---|\n| "
                + rule.severity().word()
                + " | "
                + rule.summary()
                + " |\n\n## What it finds\n\n")
        .contains("\n## Why it matters\n\n", "\n## What to do\n\n")
        .contains("\n## Reference\n\n" + rule.reference() + "\n");
  }

  @Test
  void noPageIsLeftOver() throws IOException {
    Set<String> wanted = new TreeSet<>(Set.of("README.md"));
    rules().forEach(rule -> wanted.add(rule.id() + ".md"));
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  void theIndexListsEveryRuleOnce() {
    List<String> rows =
        rules().stream()
            .map(
                rule ->
                    "| [%s](%s.md) | %s | %s |"
                        .formatted(rule.id(), rule.id(), rule.severity().word(), rule.summary()))
            .toList();
    assertThat(read(FOLDER.resolve("README.md")).lines().filter(line -> line.startsWith("| [")))
        .containsExactlyElementsOf(rows);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theBadManifestHasTheFindingAndTheGoodOneHasNoError(Rule rule) {
    List<String> bad = manifests(rule, "bad");
    List<String> good = manifests(rule, "good");
    if (WITHOUT_MANIFESTS.containsKey(rule.id())) {
      assertThat(bad).isEmpty();
      assertThat(good).isEmpty();
      return;
    }
    assertThat(bad).hasSize(1);
    assertThat(good).hasSize(1);
    assertThat(findings(rule, bad.get(0))).extracting(Diagnostic::rule).contains(rule);
    assertThat(findings(rule, good.get(0)))
        .noneMatch(Diagnostic::isError)
        .extracting(Diagnostic::rule)
        .doesNotContain(rule);
  }

  /**
   * The good manifest is the bad one after the advice was followed, so what the advice does not ask
   * to remove is still there.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theGoodManifestKeepsWhatTheAdviceDoesNotRemove(Rule rule) {
    if (WITHOUT_MANIFESTS.containsKey(rule.id()) || REMOVING.contains(rule.id())) {
      return;
    }
    assertThat(parts(manifests(rule, "good").get(0)))
        .containsAll(parts(manifests(rule, "bad").get(0)));
  }

  /** The kinds of the objects and the names of the annotations in a manifest. */
  private static Set<String> parts(String manifest) {
    Set<String> parts = new TreeSet<>();
    Matcher matcher = PART.matcher(manifest);
    while (matcher.find()) {
      parts.add(matcher.group().strip());
    }
    return parts;
  }

  private static List<Diagnostic> findings(Rule rule, String manifest) {
    IngressRouter.Builder builder = IngressRouter.builder().manifests("x.yaml", manifest);
    if (NGINX.contains(rule)) {
      builder.dialect(Dialect.INGRESS_NGINX);
    }
    if (rule.id().equals("annotation-prefix")) {
      builder.annotationsPrefix("other.example");
    }
    if (WITH_CLASS.contains(rule.id())) {
      builder.ingressClass("public");
    }
    if (WITH_NGINX_PATHS.contains(rule.id())) {
      builder.pathPolicy(PathPolicy.NGINX);
    }
    IngressRouter router = builder.build();
    List<Diagnostic> findings = new ArrayList<>(router.diagnostics());
    findings.addAll(Linter.lint(router.manifests(), router.translation()));
    return findings;
  }

  private static List<String> manifests(Rule rule, String kind) {
    Pattern block =
        Pattern.compile(
            "^```(?:yaml|json) " + kind + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    List<String> found = new ArrayList<>();
    Matcher matcher = block.matcher(page(rule));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static String page(Rule rule) {
    return read(FOLDER.resolve(rule.id() + ".md"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
