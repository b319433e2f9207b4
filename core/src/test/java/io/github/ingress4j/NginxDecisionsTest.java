package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.DecodedPath;
import io.github.ingress4j.routing.PathPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What a real nginx decided, whose configuration was laid out as ingress-nginx v1.15.1 lays it out:
 * sets of manifests, requests, and the answers, made by a seeded generator.
 *
 * <p>With the path policy NGINX every decision is nginx's, byte for byte. With STRICT it is the
 * same but for the form of the path, or the request is refused.
 */
class NginxDecisionsTest {

  private static final Path FOLDER = Path.of("src/test/resources/nginx-decisions");

  static Stream<String> sets() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names).hasSizeGreaterThanOrEqualTo(60);
      return names.stream();
    }
  }

  @ParameterizedTest(name = "set {0}")
  @MethodSource("sets")
  void decidesAsNginxDid(String set) throws IOException {
    IngressRouter router = router(set, PathPolicy.NGINX);
    Map<Object, Map<String, Object>> expected = byId(set, "expected.jsonl");
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (Map<String, Object> line : lines(set, "requests.jsonl")) {
      Map<String, Object> answer = Objects.requireNonNull(expected.get(line.get("id")));
      if ("config-error".equals(answer.get("class"))) {
        continue;
      }
      compared++;
      String wanted = nginx(line, answer);
      String got = ours(router.route(request(line)));
      if (!got.equals(wanted)) {
        differences.add(line + "\n  wanted " + wanted + "\n  got    " + got);
      }
    }

    if (compared == 0) {
      assertThat(router.diagnostics())
          .as("nginx refuses the configuration as a whole")
          .anyMatch(finding -> finding.severity() == Severity.ERROR);
    }
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest(name = "set {0}")
  @MethodSource("sets")
  void strictDecidesTheSameOrRefuses(String set) throws IOException {
    IngressRouter router = router(set, PathPolicy.STRICT);
    Map<Object, Map<String, Object>> expected = byId(set, "expected.jsonl");
    List<String> differences = new ArrayList<>();
    for (Map<String, Object> line : lines(set, "requests.jsonl")) {
      Map<String, Object> answer = Objects.requireNonNull(expected.get(line.get("id")));
      if ("config-error".equals(answer.get("class"))) {
        continue;
      }
      Decision decision = router.route(request(line));
      if (decision instanceof Answer refusal && refusal.status() == 400) {
        continue;
      }
      String wanted = inOneForm(nginx(line, answer));
      String got = inOneForm(ours(decision));
      if (!got.equals(wanted)) {
        differences.add(line + "\n  wanted " + wanted + "\n  got    " + got);
      }
    }

    assertThat(differences).isEmpty();
  }

  private static IngressRouter router(String set, PathPolicy policy) {
    return IngressRouter.builder()
        .dialect(Dialect.INGRESS_NGINX)
        .ingressClass("nginx")
        .pathPolicy(policy)
        .manifests(FOLDER.resolve(set).resolve("manifests.yaml"))
        .build();
  }

  /** The parts of an answer that are compared: back end, target, status, Location. */
  private static String nginx(Map<String, Object> line, Map<String, Object> answer) {
    boolean isPrefixSent =
        line.get("headers") instanceof Map<?, ?> headers
            && headers.containsKey("X-Forwarded-Prefix");
    String kind = String.valueOf(answer.get("class"));
    Object location = answer.get("redirect");
    if (location != null) {
      return answer.get("status") + " to " + latin1(location);
    }
    if (kind.equals("upstream") || kind.equals("default-route")) {
      return "forward to "
          + answer.get("service")
          + ":"
          + answer.get("port")
          + " "
          + latin1(answer.get("upstream_uri"))
          + " for "
          + latin1(answer.get("upstream_host"))
          + " prefix "
          // What the client itself sends under this name never passes (SEC-31).
          + (isPrefixSent ? "none" : latin1(answer.get("x_forwarded_prefix")));
    }
    return String.valueOf(answer.get("status"));
  }

  private static String latin1(@Nullable Object text) {
    return text == null
        ? "none"
        : new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String ours(Decision decision) {
    if (decision instanceof Redirect redirect) {
      return redirect.status() + " to " + redirect.location();
    }
    if (decision instanceof Forward forward) {
      Backend.ServicePort backend = (Backend.ServicePort) forward.backend();
      List<String> prefix = forward.requestHeaders().asMap().get("X-Forwarded-Prefix");
      return "forward to "
          + backend.service()
          + ":"
          + backend.port()
          + " "
          + forward.target()
          + " for "
          + forward.host()
          + " prefix "
          + (prefix == null || prefix.isEmpty() ? "none" : prefix.get(0));
    }
    return String.valueOf(((Answer) decision).status());
  }

  /**
   * The text without the differences that STRICT makes on purpose (docs/semantics.md): slashes are
   * merged and dot segments resolved, escapes keep what they stand for, and of a Location the slash
   * at its end counts for nothing, because one that follows a dot segment is removed by one policy
   * only.
   */
  private static String inOneForm(String text) {
    String[] words = text.split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      boolean isUrl = words[i].startsWith("http");
      int path = isUrl ? words[i].indexOf('/', words[i].indexOf("://") + 3) : 0;
      if (path < 0 || !words[i].startsWith("/", path)) {
        continue;
      }
      int query = words[i].indexOf('?', path);
      int end = query < 0 ? words[i].length() : query;
      String decoded = DecodedPath.of(words[i].substring(path, end)).text();
      String form = resolved(decoded);
      if (isUrl && form.endsWith("/")) {
        form = form.substring(0, form.length() - 1);
      }
      words[i] = words[i].substring(0, path) + form + words[i].substring(end);
    }
    return String.join(" ", words);
  }

  private static String resolved(String path) {
    List<String> segments = new ArrayList<>();
    boolean endsOpen = false;
    for (String segment : path.split("/", -1)) {
      endsOpen = segment.isEmpty() || segment.equals(".") || segment.equals("..");
      if (segment.equals("..") && !segments.isEmpty()) {
        segments.remove(segments.size() - 1);
      } else if (!endsOpen) {
        segments.add(segment);
      }
    }
    return "/" + String.join("/", segments) + (endsOpen && !segments.isEmpty() ? "/" : "");
  }

  private static SimpleRequest request(Map<String, Object> line) {
    SimpleRequest.Builder builder =
        SimpleRequest.builder()
            .method(String.valueOf(line.get("method")))
            .target(latin1(line.get("url")))
            .httpVersion((String) line.getOrDefault("http", "1.1"));
    List<String> hosts = new ArrayList<>();
    if (line.get("host") != null) {
      hosts.add(latin1(line.get("host")));
    }
    if (line.get("headers") instanceof Map<?, ?> headers) {
      headers.forEach(
          (name, value) -> {
            if ("Host".equals(name)) {
              hosts.add(latin1(value));
            } else {
              builder.header(String.valueOf(name), latin1(value));
            }
          });
    }
    return builder.hosts(hosts).build();
  }

  private static Map<Object, Map<String, Object>> byId(String set, String file) throws IOException {
    Map<Object, Map<String, Object>> byId = new HashMap<>();
    for (Map<String, Object> line : lines(set, file)) {
      byId.put(line.get("id"), line);
    }
    return byId;
  }

  private static List<Map<String, Object>> lines(String set, String file) throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve(set).resolve(file))) {
      lines.add(new Yaml().load(line));
    }
    return lines;
  }
}
