package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of {@code docs/semantics.md} say what the router does. */
class SemanticsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "semantics.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern RULE =
      Pattern.compile("(Exact|Prefix|ImplementationSpecific) `([^`]+)`");

  static Stream<Arguments> paths() {
    return rows("Rule", "Request", "Result");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @MethodSource("paths")
  void aPathMatchesAsThePageSays(String rule, String requests, String result) {
    String pathType = rule.substring(0, rule.indexOf(' '));
    IngressRouter router = router(List.of(pathType, codes(rule).get(0)));
    List<String> targets = requests.equals("any") ? List.of("/", "/x/y") : codes(requests);
    assertThat(targets).isNotEmpty();
    for (String target : targets) {
      Decision decision = route(router, target);
      assertThat(decision)
          .as(target)
          .isInstanceOf(result.startsWith("no match") ? Answer.class : Forward.class);
    }
  }

  static Stream<Arguments> precedence() {
    return rows("Paths of one host", "Request", "Winner");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @MethodSource("precedence")
  void thePathWinsThatThePageNames(String paths, String request, String winner) {
    List<String> rules = new ArrayList<>();
    Matcher matcher = RULE.matcher(paths);
    while (matcher.find()) {
      rules.add(matcher.group(1));
      rules.add(matcher.group(2));
    }
    String took = took(route(router(rules), codes(request).get(0)));
    if (codes(winner).isEmpty()) {
      assertThat(took).isEqualTo("404 no-route");
    } else {
      assertThat(took).endsWith(" " + codes(winner).get(0));
      assertThat(winner.startsWith("`") || winner.startsWith(took.split(" ", 2)[0])).isTrue();
    }
  }

  static Stream<Arguments> canonicalPaths() {
    return rows("Target", "Matched and forwarded");
  }

  @ParameterizedTest(name = "{0} | {1}")
  @MethodSource("canonicalPaths")
  void aTargetIsForwardedAsThePageSays(String targets, String result) {
    IngressRouter router = router(List.of("Prefix", "/"));
    assertThat(codes(targets)).isNotEmpty();
    for (String target : codes(targets)) {
      Decision decision = route(router, target);
      if (decision instanceof Forward forward) {
        assertThat(forward.target().split("\\?", 2)[0]).isEqualTo(codes(result).get(0));
      } else {
        assertThat(took(decision)).as(target).isEqualTo(result.replace("`", ""));
      }
    }
  }

  static Stream<Arguments> readings() {
    return rows("Target", "A reading of it", "Result");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @MethodSource("readings")
  void aTargetWithSeveralReadingsEndsAsThePageSays(String target, String reading, String result) {
    IngressRouter router = router(List.of("Prefix", "/", "Prefix", "/a", "Prefix", "/admin"));
    Decision decision = route(router, codes(target).get(0));
    if (decision instanceof Forward forward) {
      assertThat("forwarded as `" + forward.target() + "`").isEqualTo(result);
      assertThat(reading).contains("same rule `" + took(decision).split(" ", 2)[1] + "`");
    } else {
      assertThat(took(decision)).isEqualTo("400 ambiguous-path");
      assertThat(result).isEqualTo("400");
      assertThat(((Answer) decision).explanation()).contains("\"" + codes(reading).get(0) + "\"");
    }
  }

  static Stream<Arguments> nginxRules() {
    return rows("Rule and annotations", "Request", "Result");
  }

  @ParameterizedTest(name = "{0} | {1} | {2}")
  @MethodSource("nginxRules")
  void theDialectIngressNginxDoesAsThePageSays(String rule, String request, String result) {
    for (PathPolicy policy : PathPolicy.values()) {
      assertThat(outcome(rule, request, policy)).as(policy.name()).isEqualTo(result);
    }
  }

  static Stream<Arguments> policies() {
    return rows("Difference", "Rule and annotations", "Request", "STRICT", "NGINX");
  }

  @ParameterizedTest(name = "{0}: {1} | {2}")
  @MethodSource("policies")
  void thePoliciesDifferAsThePageSays(
      String difference, String rule, String request, String strict, String nginx) {
    assertThat(outcome(rule, request, PathPolicy.STRICT)).as("STRICT").isEqualTo(strict);
    assertThat(outcome(rule, request, PathPolicy.NGINX)).as("NGINX").isEqualTo(nginx);
    assertThat(strict).as("a row of " + difference + " shows one").isNotEqualTo(nginx);
  }

  /** Returns what becomes of a request in the dialect ingress-nginx, as cells write it. */
  private static String outcome(String rule, String request, PathPolicy policy) {
    List<String> ruleCodes = codes(rule);
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: web
              annotations:
                kubernetes.io/ingress.class: nginx
            """);
    for (String annotation : ruleCodes.subList(1, ruleCodes.size())) {
      int colon = annotation.indexOf(": ");
      yaml.append(
          "    nginx.ingress.kubernetes.io/%s: '%s'\n"
              .formatted(annotation.substring(0, colon), annotation.substring(colon + 2)));
    }
    yaml.append(
        """
        spec:
          rules:
            - host: shop.example
              http:
                paths:
                  - {pathType: %s, path: '%s', backend: {service: {name: s, port: {number: 1}}}}
        """
            .formatted(rule.substring(0, rule.indexOf(' ')), ruleCodes.get(0)));
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .pathPolicy(policy)
            .manifests("x.yaml", yaml.toString())
            .build();
    assertThat(router.diagnostics()).noneMatch(finding -> finding.isError());
    List<String> requestCodes = codes(request);
    String line = requestCodes.get(0);
    int space = line.indexOf(' ');
    String host = "shop.example";
    for (String header : requestCodes.subList(1, requestCodes.size())) {
      assertThat(header).startsWith("Host: ");
      host = header.substring("Host: ".length());
    }
    Decision decision =
        router.route(
            SimpleRequest.builder()
                .method(space < 0 ? "GET" : line.substring(0, space))
                .target(line.substring(space + 1))
                .hosts(List.of(host))
                .build());
    if (decision instanceof Forward forward) {
      return "sends `" + forward.target() + "`";
    }
    if (decision instanceof Redirect redirect) {
      return redirect.status() + " to `" + redirect.location() + "`";
    }
    Answer answer = (Answer) decision;
    return answer.status() + " `" + answer.reason().text() + "`";
  }

  /** Returns status and reason of an answer, or type and path of the rule of a forward. */
  private static String took(Decision decision) {
    if (decision instanceof Answer answer) {
      return answer.status() + " " + answer.reason().text();
    }
    var rule = decision.route() == null ? null : decision.route().rule();
    return rule == null ? "default" : rule.pathType() + " " + rule.path();
  }

  private static Decision route(IngressRouter router, String target) {
    return router.route(
        SimpleRequest.builder().hosts(List.of("shop.example")).target(target).build());
  }

  /** Makes a router for one host of types and paths in turn. */
  private static IngressRouter router(List<String> rules) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              rules:
                - host: shop.example
                  http:
                    paths:
            """);
    for (int i = 0; i < rules.size(); i += 2) {
      yaml.append(
          "          - {pathType: %s, path: '%s', backend: {service: {name: s, port: {number: 1}}}}\n"
              .formatted(rules.get(i), rules.get(i + 1)));
    }
    IngressRouter router = IngressRouter.builder().manifests("x.yaml", yaml.toString()).build();
    assertThat(router.diagnostics()).noneMatch(finding -> finding.isError());
    return router;
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(result -> result.group(1)).toList();
  }

  /** Returns the rows of every table with this head. */
  private static Stream<Arguments> rows(String... head) {
    List<Arguments> rows = new ArrayList<>();
    boolean isInside = false;
    for (String line : lines()) {
      if (!line.startsWith("|")) {
        isInside = false;
        continue;
      }
      List<String> cells =
          Stream.of(line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1))
              .map(cell -> cell.strip().replace("\\|", "|"))
              .toList();
      if (cells.equals(List.of(head))) {
        isInside = true;
      } else if (isInside && !line.startsWith("|---")) {
        rows.add(Arguments.of(cells.toArray()));
      }
    }
    assertThat(rows).as("the table " + List.of(head)).isNotEmpty();
    return rows.stream();
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
