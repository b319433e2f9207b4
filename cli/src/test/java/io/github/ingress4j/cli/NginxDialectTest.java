package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print in the dialect ingress-nginx. */
class NginxDialectTest {

  private static final String SHOP =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
        annotations:
          nginx.ingress.kubernetes.io/affinity: cookie
          nginx.ingress.kubernetes.io/rewrite-target: /$2
          nginx.ingress.kubernetes.io/x-forwarded-prefix: /api
          nginx.ingress.kubernetes.io/session-cookie-expires: "3600"
          nginx.ingress.kubernetes.io/session-cookie-path: /
      spec:
        ingressClassName: nginx
        tls: [{hosts: [shop.example]}]
        rules:
          - host: shop.example
            http:
              paths:
                - path: /api(/|$)(.*)
                  pathType: ImplementationSpecific
                  backend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: canary
        annotations:
          nginx.ingress.kubernetes.io/canary: "true"
          nginx.ingress.kubernetes.io/canary-by-header: X-Canary
      spec:
        ingressClassName: nginx
        rules:
          - host: shop.example
            http:
              paths:
                - path: /api(/|$)(.*)
                  pathType: ImplementationSpecific
                  backend: {service: {name: new, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: old
        annotations:
          nginx.ingress.kubernetes.io/permanent-redirect: https://new.example/
          nginx.ingress.kubernetes.io/permanent-redirect-code: "300"
      spec:
        ingressClassName: nginx
        rules:
          - host: old.example
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: down
        annotations: {nginx.ingress.kubernetes.io/default-backend: sorry}
      spec:
        ingressClassName: nginx
        rules:
          - host: down.example
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: gone, port: {number: 80}}}
      """;

  private static final String SERVICE =
      """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: %s}
      spec: {ports: [{port: 80, targetPort: 8080}]}
      """;

  private static final String SLICE =
      """
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
      addressType: IPv4
      ports: [{name: "", port: 8080, protocol: TCP}]
      endpoints: [{addresses: [10.1.2.%2$d]}]
      """;

  private @TempDir Path directory;
  private String shop = "";

  @BeforeEach
  void writeManifests() throws IOException {
    StringBuilder text = new StringBuilder(SHOP);
    int address = 1;
    for (String service : List.of("web", "new", "sorry")) {
      text.append(SERVICE.formatted(service)).append(SLICE.formatted(service, address++));
    }
    text.append(SERVICE.formatted("gone"));
    shop = Cli.write(directory, "shop.yaml", text.toString()).toString();
  }

  private Cli.Run route(String requests, String... options) {
    List<String> args =
        new ArrayList<>(List.of("route", "--dialect", "ingress-nginx", "--ingress-class", "nginx"));
    args.addAll(List.of(options));
    args.add(shop);
    Cli.Run run = Cli.runWith(requests, args.toArray(new String[0]));
    return new Cli.Run(run.code(), run.out().replace(shop, "shop.yaml"), run.err());
  }

  private List<String> json(String... requests) {
    Cli.Run run = route(String.join("\n", requests), "--requests", "-", "--output", "json");
    assertThat(run.code()).isZero();
    return run.out().lines().toList();
  }

  private String text(String url, String... headers) {
    List<String> options = new ArrayList<>(List.of("--url", url));
    for (String header : headers) {
      options.addAll(List.of("--header", header));
    }
    return route("", options.toArray(new String[0])).out();
  }

  @Test
  void printsAForwardWithRewrittenPathForwardedPrefixAndCookie() {
    assertThat(
            json("{\"id\":1,\"url\":\"https://shop.example/api/x?y\",\"at\":1700000000000}").get(0))
        .startsWith(
            "{\"id\":1,\"outcome\":\"forward\",\"ingress\":\"default/web\","
                + "\"rule\":{\"host\":\"shop.example\",\"path\":\"/api(/|$)(.*)\","
                + "\"pathType\":\"ImplementationSpecific\"},"
                + "\"backend\":{\"namespace\":\"default\",\"service\":\"web\",\"port\":80},"
                + "\"endpoint\":\"10.1.2.1:8080\",\"target\":\"/x?y\",\"host\":\"shop.example\"")
        .contains(
            "\"X-Forwarded-Prefix\":\"/api\"",
            "\"X-Forwarded-Scheme\":\"https\"",
            "\"responseHeaders\":{\"Server\":null,\"Set-Cookie\":\"INGRESSCOOKIE=1700000001.",
            "; Expires=Tue, 14-Nov-23 23:13:20 GMT; Path=/; Secure; HttpOnly\"",
            "\"Strict-Transport-Security\":\"max-age=31536000; includeSubDomains\"}");
  }

  @Test
  void letsTheClockStandStillUntilALineSetsIt() {
    List<String> lines =
        json(
            "{\"url\":\"https://shop.example/api\"}",
            "{\"url\":\"https://shop.example/api\",\"at\":1700000000000}",
            "{\"url\":\"https://shop.example/api\"}");

    assertThat(lines.get(0)).contains("Expires=Thu, 01-Jan-70 01:00:00 GMT");
    assertThat(lines.get(1)).contains("Expires=Tue, 14-Nov-23 23:13:20 GMT");
    assertThat(lines.get(2)).contains("Expires=Tue, 14-Nov-23 23:13:20 GMT");
  }

  @Test
  void answersAlikeForEqualSeeds() {
    String line = "{\"url\":\"https://shop.example/api\"}";
    String[] options = {"--requests", "-", "--output", "json", "--seed"};
    String first = route(line, with(options, "7")).out();

    assertThat(route(line, with(options, "7")).out()).isEqualTo(first);
    assertThat(route(line, with(options, "8")).out()).isNotEqualTo(first);
  }

  private static String[] with(String[] options, String last) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add(last);
    return all.toArray(new String[0]);
  }

  @Test
  void printsRedirectsAndAnswersWithNullWhereNothingIs() {
    List<String> lines =
        json(
            "{\"url\":\"http://shop.example/api/x/\"}",
            "{\"url\":\"http://old.example/\"}",
            "{\"url\":\"https://shop.example/nobody/asked\"}",
            "{\"url\":\"http://unknown.example/\"}",
            "{\"url\":\"http://unknown.example/healthz\"}");

    assertThat(lines.get(0))
        .startsWith(
            "{\"id\":null,\"outcome\":\"redirect\",\"status\":308,"
                + "\"location\":\"https://shop.example/api/x\",\"ingress\":\"default/web\",")
        .endsWith(
            "\"responseHeaders\":{},"
                + "\"source\":{\"file\":\"shop.yaml\",\"line\":18,\"column\":13}}");
    assertThat(lines.get(1))
        .contains("\"status\":300,\"location\":null,\"ingress\":\"default/old\"");
    assertThat(lines.get(2))
        .isEqualTo(
            "{\"id\":null,\"outcome\":\"answer\",\"status\":404,\"reason\":\"no-route\","
                + "\"ingress\":\"default/web\",\"rule\":null,\"responseHeaders\":"
                + "{\"Strict-Transport-Security\":\"max-age=31536000; includeSubDomains\"},"
                + "\"source\":{\"file\":\"shop.yaml\",\"line\":15,\"column\":13}}");
    assertThat(lines.get(3))
        .contains("\"reason\":\"no-route\",\"ingress\":null,\"rule\":null", "\"source\":null");
    assertThat(lines.get(4)).contains("\"status\":200,\"reason\":\"health\"");
  }

  @Test
  void printsWhoTakesTheRequestInPlaceOfTheBackEndOfTheRule() {
    List<String> lines =
        json(
            "{\"url\":\"https://shop.example/api\",\"headers\":{\"X-Canary\":\"always\"}}",
            "{\"url\":\"http://down.example/x\"}");

    assertThat(lines.get(0)).contains("\"ingress\":\"default/web\"", "\"service\":\"new\"");
    assertThat(lines.get(1))
        .contains(
            "\"service\":\"sorry\"",
            "\"X-Code\":\"503\"",
            "\"X-Format\":null",
            "\"target\":\"/x\"");
  }

  @Test
  void explainsThemToAPerson() {
    assertThat(text("https://shop.example/api/x", "X-Canary: always"))
        .contains(
            "goes to default/new:80\n",
            "  instead    default/web:80, whose canary it is\n",
            "  target     /x\n",
            "  response headers\n",
            "    Set-Cookie: INGRESSCOOKIE=");
    assertThat(text("http://down.example/x"))
        .contains(
            "goes to default/sorry:80\n",
            "  instead    default/gone:80, which has no endpoint\n",
            "    X-Format is removed\n");
    assertThat(text("http://shop.example/api"))
        .startsWith(
            """
            GET http://shop.example/api
            is sent elsewhere with status 308

              location   https://shop.example/api
              rule       ImplementationSpecific /api(/|$)(.*) of shop.example
            """);
    assertThat(text("http://old.example/"))
        .contains("is answered here: status 300\n\n  location   none: this status goes without\n");
    assertThat(text("https://shop.example/other"))
        .contains(
            "is answered here: 404 no-route\n",
            "  rule       none: no rule names the path\n  ingress    default/web\n");
    assertThat(text("http://unknown.example/"))
        .isEqualTo(
            """
            GET http://unknown.example/
            is answered here: 404 no-route
            No rule takes this host and path, and there is no default back end.
            """);
  }

  @Test
  void showsRewrittenPathsInATable() {
    List<String> lines =
        route(
                "{\"url\":\"https://shop.example/api/x\"}\n{\"url\":\"http://old.example/\"}",
                "--requests",
                "-")
            .out()
            .lines()
            .toList();

    assertThat(lines.get(1)).contains("default/web:80 at 10.1.2.1:8080 as /x  ");
    assertThat(lines.get(2)).contains("  300  ").contains("Prefix / of old.example");
  }

  @Test
  void makesAnotherAttemptIfTheSettingsCallTheStatusAFailure() throws IOException {
    Cli.write(
        directory,
        "settings.yaml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: edge}
        data: {proxy-next-upstream: http_503}
        """
            + SLICE.formatted("sorry", 9).replace("sorry-1", "sorry-2"));
    String request = "{\"url\":\"http://down.example/\",\"method\":\"PUT\",\"bodyLength\":5,";

    String failing = endpoint(request + "\"backendStatus\":503}", "edge/settings");

    assertThat(failing).isIn("10.1.2.3:8080", "10.1.2.9:8080");
    assertThat(endpoint(request + "\"backendStatus\":503}", "edge/absent"))
        .as("without the setting the first attempt is the last")
        .isIn("10.1.2.3:8080", "10.1.2.9:8080")
        .isNotEqualTo(failing);
    assertThat(endpoint(request + "\"backendStatus\":500}", "edge/settings")).isNotEqualTo(failing);
  }

  private String endpoint(String request, String configMap) {
    Cli.Run run =
        Cli.runWith(
            request,
            "route",
            "--dialect",
            "ingress-nginx",
            "--config-map",
            configMap,
            "--requests",
            "-",
            "--output",
            "json",
            directory.toString());
    return run.out().replaceAll("(?s).*\"endpoint\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void findsWhatIsWrongAndLeavesOutWhatIsIgnored() throws IOException {
    String twice =
        SHOP.substring(0, SHOP.indexOf("---\n"))
            .replace("rewrite-target: /$2", "rewrite-targt: /$2")
            .replace("/api(/|$)(.*)", "/api");
    String file = Cli.write(directory, "typo.yaml", twice).toString();

    Cli.Run run = Cli.run("lint", "--dialect", "ingress-nginx", file);

    assertThat(run.out()).contains("annotation-unknown", "rewrite-target");
    Cli.Run ignoring =
        Cli.run("lint", "--dialect", "ingress-nginx", "--ignore", "annotation-unknown@web", file);
    assertThat(ignoring.code()).as(ignoring.err()).isNotEqualTo(2);
    assertThat(ignoring.out()).contains("annotation-unknown");
    assertThat(
            Cli.run("lint", "--dialect", "ingress-nginx", "--ignore", "annotation-unknown", file)
                .out())
        .doesNotContain("annotation-unknown")
        .endsWith("\n");
  }
}
