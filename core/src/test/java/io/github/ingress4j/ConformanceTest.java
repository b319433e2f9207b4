package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What manifests mean, one pair of files a subject: {@code NAME.yaml} holds the manifests, {@code
 * NAME.expect.yaml} cites its source and says what becomes of which request.
 *
 * <p>A request is {@code [METHOD ]URL => OUTCOME}. The outcome of a forward is the back end,
 * {@code @} and the endpoint if one is known, and the rule in parentheses, {@code default} for a
 * default back end; that of an answer is status and reason. Findings, if listed, are all there are,
 * as {@code LINE:COLUMN severity rule}.
 */
class ConformanceTest {

  private static final Path FOLDER = Path.of("src/test/resources/conformance");

  static Stream<String> subjects() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".expect.yaml"))
              .map(name -> name.substring(0, name.length() - ".expect.yaml".length()))
              .sorted()
              .toList();
      assertThat(names).isNotEmpty();
      return names.stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("subjects")
  void meansWhatItSays(String subject) {
    Map<String, Object> expected = new Yaml().load(read(subject + ".expect.yaml"));
    assertThat(expected).containsKey("source").containsKey("requests");
    assertThat(List.of("source", "settings", "requests", "findings"))
        .containsAll(expected.keySet());
    IngressRouter router = router(subject, expected);

    List<String> wanted = strings(expected.getOrDefault("requests", List.of()));
    List<String> got = new ArrayList<>();
    for (String line : wanted) {
      String request = line.split(" => ", -1)[0];
      got.add(request + " => " + outcome(router, request));
    }
    assertThat(got).as(String.valueOf(expected.get("source"))).isEqualTo(wanted);
    if (expected.containsKey("findings")) {
      TreeSet<String> findings = new TreeSet<>();
      for (Diagnostic finding : router.diagnostics()) {
        findings.add(
            place(finding.source()) + " " + finding.severity().word() + " " + finding.rule().id());
        assertThat(finding.object()).isNotNull();
        assertThat(finding.message()).doesNotEndWith(".");
      }
      assertThat(findings)
          .isEqualTo(new TreeSet<>(strings(expected.getOrDefault("findings", List.of()))));
    }
  }

  private static IngressRouter router(String subject, Map<String, Object> expected) {
    IngressRouter.Builder builder =
        IngressRouter.builder()
            .manifests(subject + ".yaml", read(subject + ".yaml"))
            .random(new Random(0));
    Object settings = expected.getOrDefault("settings", Map.of());
    for (Map.Entry<?, ?> setting : ((Map<?, ?>) settings).entrySet()) {
      String value = String.valueOf(setting.getValue());
      switch (String.valueOf(setting.getKey())) {
        case "ingress-class" -> builder.ingressClass(value);
        case "path-policy" -> builder.pathPolicy(PathPolicy.valueOf(value));
        case "endpoints" -> builder.endpoints(Translation.EndpointKnowledge.valueOf(value));
        case "default-backend" ->
            builder.defaultBackend(new Backend.ServicePort("default", value, "80", true));
        case "allow-external-names" -> builder.allowExternalNames(Boolean.parseBoolean(value));
        case "ignore-protecting-annotations" ->
            builder.ignoreProtectingAnnotations(Boolean.parseBoolean(value));
        case "trusted-proxies" -> builder.trustedProxies(List.of(Cidr.parse(value)));
        case "namespace" -> builder.namespace(value);
        default -> throw new IllegalArgumentException("unknown setting " + setting.getKey());
      }
    }
    return builder.build();
  }

  private static String outcome(IngressRouter router, String request) {
    int blank = request.indexOf(' ');
    Decision decision =
        router.route(
            SimpleRequest.builder()
                .method(blank < 0 ? "GET" : request.substring(0, blank))
                .url(request.substring(blank + 1))
                .build());
    if (decision instanceof Answer answer) {
      return answer.status() + " " + answer.reason().text();
    }
    Forward forward = (Forward) decision;
    Route.Rule rule = forward.route().rule();
    return forward.backend()
        + (forward.endpoint() == null ? "" : " @" + forward.endpoint())
        + (rule == null
            ? " (default)"
            : " (" + rule.pathType() + " " + rule.host() + rule.path() + ")");
  }

  private static String place(@Nullable SourceSpan span) {
    return span == null ? "?" : span.line() + ":" + span.column();
  }

  private static List<String> strings(Object list) {
    List<String> strings = new ArrayList<>();
    for (Object item : (List<?>) list) {
      strings.add(String.valueOf(item));
    }
    return strings;
  }

  private static String read(String name) {
    try {
      return Files.readString(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
