package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found in the manifests is what the comments in them say, and nothing else. */
class ManifestsTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      textBlock =
          """
          # file,                 findings
          hello-ingress.yaml,     class-annotation controller-annotations
          two-applications.yaml,  ''
          shop.yaml,              no-ready-endpoints
          """)
  void onlyWhatTheirCommentsExplainIsFound(String file, String findings) {
    IngressRouter router = IngressRouter.builder().manifests(Path.of("manifests", file)).build();

    assertThat(router.diagnostics())
        .extracting(diagnostic -> diagnostic.rule().id())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(findings.split(" ")).filter(id -> !id.isEmpty()).toList());
  }
}
