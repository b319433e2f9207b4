package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages that are made from the declarations of annotations and settings are up to date, and
 * each declaration has the place there that it says it has.
 *
 * <p>The makers are among the tests, because nothing of them belongs into an artifact. With {@code
 * -Dpages=write} this test writes the pages instead of comparing them.
 */
class GeneratedPagesTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");

  record Page(String file, Supplier<String> text) {

    Path path() {
      return DOCS.resolve(file);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  private static final Page ANNOTATIONS = new Page("annotations.md", AnnotationsPage::text);
  private static final Page CONFIG_MAP = new Page("configmap.md", ConfigMapPage::text);
  private static final Page SCHEMA =
      new Page("schema/ingress-nginx-annotations.schema.json", AnnotationsSchema::text);

  static List<Page> pages() {
    return List.of(ANNOTATIONS, CONFIG_MAP, SCHEMA);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void isWhatTheDeclarationsSay(Page page) throws IOException {
    if ("write".equals(System.getProperty("pages"))) {
      Files.createDirectories(page.path().getParent());
      Files.writeString(page.path(), page.text().get());
    }
    String stored = Files.exists(page.path()) ? Files.readString(page.path()) : "";
    assertThat(stored)
        .as(
            "docs/%s is out of date; write it anew by"
                + " `mvn -q -pl core test -Dtest=GeneratedPagesTest -Dpages=write`",
            page)
        .isEqualTo(page.text().get());
  }

  @Test
  void eachDeclarationIsWhereItSaysItIs() {
    List<String> ofAnnotations = anchors(ANNOTATIONS);
    List<String> ofSettings = anchors(CONFIG_MAP);

    assertThat(Annotations.ALL)
        .extracting(Annotation::page)
        .allMatch(ofAnnotations::contains)
        .hasSize(136);
    assertThat(Settings.ALL).extracting(Setting::page).allMatch(ofSettings::contains);
    assertThat(ofAnnotations).doesNotHaveDuplicates();
    assertThat(ofSettings).doesNotHaveDuplicates();
  }

  private static List<String> anchors(Page page) {
    return Markdown.anchors(page.text().get()).stream()
        .map(anchor -> page.file() + "#" + anchor)
        .toList();
  }

  static Stream<Page> texts() {
    return Stream.of(ANNOTATIONS, CONFIG_MAP);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void eachLinkLeadsSomewhere(Page page) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher matcher = LINK.matcher(page.text().get());
    int links = 0;
    while (matcher.find()) {
      links++;
      Path target =
          matcher.group(1).isEmpty() ? page.path() : DOCS.resolve(matcher.group(1)).normalize();
      String anchor = matcher.group(2);
      if (!Files.exists(target)
          || (anchor != null && !Markdown.anchors(Files.readString(target)).contains(anchor))) {
        broken.add(matcher.group());
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(100);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void tablesHaveAsManyCellsAsTheirHeads(Page page) {
    int columns = 0;
    for (String line : page.text().get().split("\n", -1)) {
      if (!line.startsWith("|")) {
        columns = 0;
        continue;
      }
      int cells = line.replace("\\\\", "").replace("\\|", "").split("\\|", -1).length;
      columns = columns == 0 ? cells : columns;
      assertThat(cells).as(line).isEqualTo(columns);
    }
  }

  @Test
  void statesWhatBecomesOfAnAnnotation() {
    String page = AnnotationsPage.text();
    long enforced =
        Annotations.ALL.stream()
            .filter(annotation -> annotation.effect().status() == Effect.Status.ENFORCED)
            .count();

    assertThat(page)
        .contains("| **enforced** | " + enforced + " |")
        .contains("\n### rewrite-target\n\nReplaces the whole path ")
        .contains("as \\$1 to \\$9 or \\$name;")
        .contains("| Default | ConfigMap [ssl-redirect](configmap.md#ssl-redirect) (true) |")
        .contains("| Needs | [canary-by-header](#canary-by-header), else ")
        .contains("| Older name | `whitelist-source-range`, read if")
        .contains("| Default | ConfigMap [proxy-buffering](configmap.md#proxy-buffering) (off) |")
        .contains("`false` holds, whatever the ConfigMap says");
    assertThat(ConfigMapPage.text())
        .contains("\n### annotations-risk-level\n\nDrops an Ingress")
        .contains("| Default | `High` |")
        .contains("| Annotation | [ssl-redirect](annotations.md#ssl-redirect) |");
  }
}
