package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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
 * <p>A request is {@code [METHOD ]URL[ | NAME: VALUE ...] => OUTCOME}. The names are those of
 * header fields, {@code Host} in place of that of the URL, and {@code :target}, {@code :version}
 * and {@code :host} (if empty, there is no Host) for what no URL can say. The outcome of a forward
 * is the back end, {@code @} and the endpoint if one is known, and the rule in parentheses, {@code
 * default} for a default back end; then {@code ->} and the target and {@code as} and the Host if
 * they are not those of the request, and what stands in the fields of a stand-in. That of a
 * redirect is status and Location, that of an answer status and reason. Findings, if listed, are
 * all there are, as {@code LINE:COLUMN severity rule}.
 *
 * <p>A subject of the dialect ingress-nginx is asked under both path policies, unless it names one;
 * {@code strict} and {@code nginx} list the requests that they decide differently.
 */
class ConformanceTest {

  private static final Path FOLDER = Path.of("src/test/resources/conformance");

  /** The fields that tell a stand-in what it stands in for. */
  private static final Set<String> STAND_IN =
      Set.of("X-Code", "X-Namespace", "X-Ingress-Name", "X-Service-Name", "X-Service-Port");

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
    assertThat(List.of("source", "settings", "requests", "strict", "nginx", "findings"))
        .containsAll(expected.keySet());
    Map<?, ?> settings = (Map<?, ?>) expected.getOrDefault("settings", Map.of());
    boolean isOfNginx = "INGRESS_NGINX".equals(settings.get("dialect"));
    if (isOfNginx && !settings.containsKey("path-policy")) {
      decides(subject, expected, PathPolicy.NGINX);
      decides(subject, expected, PathPolicy.STRICT);
    } else {
      assertThat(expected).doesNotContainKeys("strict", "nginx");
      decides(subject, expected, null);
    }
  }

  private static void decides(
      String subject, Map<String, Object> expected, @Nullable PathPolicy policy) {
    IngressRouter router = router(subject, expected, policy);
    List<String> wanted = new ArrayList<>(strings(expected.getOrDefault("requests", List.of())));
    if (policy != null) {
      String own = policy.name().toLowerCase(Locale.ROOT);
      wanted.addAll(strings(expected.getOrDefault(own, List.of())));
    }
    List<String> got = new ArrayList<>();
    for (String line : wanted) {
      String request = line.split(" => ", -1)[0];
      got.add(request + " => " + outcome(router, request));
    }
    assertThat(got).as("%s, %s", expected.get("source"), policy).isEqualTo(wanted);
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

  private static IngressRouter router(
      String subject, Map<String, Object> expected, @Nullable PathPolicy policy) {
    IngressRouter.Builder builder =
        IngressRouter.builder()
            .manifests(subject + ".yaml", read(subject + ".yaml"))
            .random(new Random(0));
    if (policy != null) {
      builder.pathPolicy(policy);
    }
    Object settings = expected.getOrDefault("settings", Map.of());
    for (Map.Entry<?, ?> setting : ((Map<?, ?>) settings).entrySet()) {
      String value = String.valueOf(setting.getValue());
      switch (String.valueOf(setting.getKey())) {
        case "dialect" -> builder.dialect(Dialect.valueOf(value));
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

  private static SimpleRequest request(String text) {
    String[] parts = text.split(" \\| ", -1);
    int blank = parts[0].indexOf(' ');
    SimpleRequest.Builder builder =
        SimpleRequest.builder()
            .method(blank < 0 ? "GET" : parts[0].substring(0, blank))
            .url(parts[0].substring(blank + 1));
    List<String> hosts = new ArrayList<>();
    for (String part : List.of(parts).subList(1, parts.length)) {
      int colon = part.indexOf(':', 1);
      String name = part.substring(0, colon);
      String value = part.substring(colon + 1).strip();
      switch (name) {
        case ":version" -> builder.httpVersion(value);
        case ":target" -> builder.target(value);
        case ":host" -> builder.hosts(value.isEmpty() ? List.of() : List.of(value));
        case "Host" -> {
          hosts.add(value);
          builder.hosts(List.copyOf(hosts));
        }
        default -> builder.header(name, value);
      }
    }
    return builder.build();
  }

  private static String outcome(IngressRouter router, String text) {
    SimpleRequest request = request(text);
    Decision decision = router.route(request);
    if (decision instanceof Answer answer) {
      return answer.status() + " " + answer.reason().text();
    }
    if (decision instanceof Redirect redirect) {
      return redirect.status() + " " + redirect.location();
    }
    Forward forward = (Forward) decision;
    Route.Rule rule = forward.route().rule();
    StringBuilder out = new StringBuilder(forward.backend().toString());
    if (forward.endpoint() != null) {
      out.append(" @").append(forward.endpoint());
    }
    out.append(
        rule == null
            ? " (default)"
            : " (" + rule.pathType() + " " + rule.host() + rule.path() + ")");
    // What the specification says is about the rule only.
    if (router.translation().reading().matchesDecodedPaths()) {
      if (!forward.target().equals(request.target())) {
        out.append(" -> ").append(forward.target());
      }
      if (forward.host() != null && !request.hosts().contains(forward.host())) {
        out.append(" as ").append(forward.host());
      }
      forward
          .requestHeaders()
          .asMap()
          .forEach(
              (name, values) -> {
                if (STAND_IN.contains(name)) {
                  out.append(' ').append(name).append('=').append(String.join(",", values));
                }
              });
    }
    return out.toString();
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
