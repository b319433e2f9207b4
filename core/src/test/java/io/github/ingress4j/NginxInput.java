package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.SimpleRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Manifests for the dialect ingress-nginx, a line each. Of two Ingresses the one that is written
 * first is the older.
 */
final class NginxInput {

  /** The clock of the routers, in the year 2026. */
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> documents = new ArrayList<>();
  private int seconds;

  /**
   * Adds an Ingress.
   *
   * @param name the name, with a namespace and a slash in front unless it is {@code default}
   * @param rules separated by semicolon and blank: host ({@code -} for none), path, Service and
   *     port, and the type if it is not Prefix; or {@code default} with Service and port; or {@code
   *     tls} for a certificate
   * @param annotations without their prefix, such as {@code affinity: cookie}
   */
  NginxInput ingress(String name, String rules, String... annotations) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n");
    yaml.append("  name: ").append(bare(name)).append("\n  namespace: ").append(namespace(name));
    yaml.append("\n  creationTimestamp: ");
    yaml.append(Instant.parse("2020-01-01T00:00:00Z").plusSeconds(seconds++));
    yaml.append("\n  annotations:\n    team: web\n");
    for (String annotation : annotations) {
      int colon = annotation.indexOf(": ");
      yaml.append("    nginx.ingress.kubernetes.io/").append(annotation, 0, colon).append(": '");
      yaml.append(annotation.substring(colon + 2).replace("'", "''")).append("'\n");
    }
    yaml.append("spec:\n");
    StringBuilder list = new StringBuilder();
    for (String rule : rules.split("; ", -1)) {
      String[] words = rule.trim().split(" +", -1);
      if (words[0].equals("default")) {
        yaml.append("  defaultBackend: ").append(backend(words[1])).append('\n');
        continue;
      }
      if (words[0].equals("tls")) {
        yaml.append("  tls:\n  - secretName: certificate\n");
        continue;
      }
      list.append(
          words[0].equals("-") ? "  - http:\n" : "  - host: '" + words[0] + "'\n    http:\n");
      list.append("      paths:\n      - path: '").append(words[1]).append("'\n");
      list.append("        pathType: ").append(words.length > 3 ? words[3] : "Prefix");
      list.append("\n        backend: ").append(backend(words[2])).append('\n');
    }
    if (list.length() > 0) {
      yaml.append("  rules:\n").append(list);
    }
    return add(yaml.toString());
  }

  private static String backend(String text) {
    int colon = text.indexOf(':');
    String port = text.substring(colon + 1);
    boolean isNumber = Character.isDigit(port.charAt(0));
    return "{service: {name: %s, port: {%s: %s}}}"
        .formatted(text.substring(0, colon), isNumber ? "number" : "name", port);
  }

  /**
   * Adds a Service.
   *
   * @param name as that of an Ingress
   * @param spec in YAML on one line, such as {@code {ports: [{port: 80}]}}
   */
  NginxInput service(String name, String spec) {
    return add(
        "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s}\nspec: %s\n"
            .formatted(bare(name), namespace(name), spec));
  }

  /** Adds an EndpointSlice of a Service; ports and endpoints in YAML on one line. */
  NginxInput slice(String service, String ports, String endpoints) {
    return add(
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: %s-%d
          namespace: %s
          labels: {kubernetes.io/service-name: %s}
        addressType: IPv4
        ports: %s
        endpoints: %s
        """
            .formatted(
                bare(service),
                documents.size(),
                namespace(service),
                bare(service),
                ports,
                endpoints));
  }

  /** Adds a Service with the port 80 and its endpoints at the port 8080. */
  NginxInput backend(String name, String... addresses) {
    service(name, "{ports: [{port: 80, targetPort: 8080}]}");
    return slice(
        name,
        "[{port: 8080}]",
        "[{addresses: [" + String.join("]}, {addresses: [", addresses) + "]}]");
  }

  /** Adds a Service with the port 80 and no endpoint that is ready. */
  NginxInput emptyBackend(String name) {
    service(name, "{ports: [{port: 80, targetPort: 8080}]}");
    return slice(name, "[{port: 8080}]", "[{addresses: [10.99.0.1], conditions: {ready: false}}]");
  }

  /** Adds the controller's ConfigMap; lines such as {@code load-balance: ewma}. */
  NginxInput settings(String... lines) {
    StringBuilder data = new StringBuilder();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      data.append("  ").append(line, 0, colon).append(": '");
      data.append(line.substring(colon + 2)).append("'\n");
    }
    return configMap("ingress-nginx/ingress-nginx-controller", data.toString());
  }

  NginxInput configMap(String name, String data) {
    return add(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata:\n%s"
            .formatted(bare(name), namespace(name), data));
  }

  /** Adds a Secret; lines such as {@code auth: "ann:{PLAIN}secret"}. */
  NginxInput secret(String name, String... lines) {
    StringBuilder data = new StringBuilder();
    for (String line : lines) {
      data.append("  ").append(line).append('\n');
    }
    return add(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\nstringData:\n%s"
            .formatted(bare(name), namespace(name), data));
  }

  private NginxInput add(String document) {
    documents.add(document);
    return this;
  }

  private static String bare(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  private static String namespace(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? "default" : name.substring(0, slash);
  }

  String text() {
    return String.join("---\n", documents);
  }

  ManifestSet set() {
    return ManifestParser.create().parse("shop.yaml", text());
  }

  IngressRouter.Builder builder() {
    return IngressRouter.builder()
        .dialect(Dialect.INGRESS_NGINX)
        .manifests(set())
        .clock(InstantSource.fixed(NOW))
        .random(new Random(7));
  }

  IngressRouter router() {
    return builder().build();
  }

  /** A request; headers such as {@code Cookie: a=1}. */
  static SimpleRequest request(String url, String... headers) {
    SimpleRequest.Builder builder = SimpleRequest.builder().url(url);
    for (String header : headers) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    return builder.build();
  }

  static Forward forward(IngressRouter router, String url, String... headers) {
    Decision decision = router.route(request(url, headers));
    assertThat(decision).isInstanceOf(Forward.class);
    return (Forward) decision;
  }

  /** Where a request goes: the Service with its endpoint, or the status. */
  static String place(Decision decision) {
    if (decision instanceof Forward forward) {
      return forward.backend().toString().replace("default/", "")
          + (forward.endpoint() == null ? "" : " " + forward.endpoint());
    }
    return decision instanceof Redirect redirect
        ? String.valueOf(redirect.status())
        : ((Answer) decision).status() + " " + ((Answer) decision).reason().text();
  }

  /** The Service that a request goes to, or the status. */
  static String service(IngressRouter router, String url, String... headers) {
    String place = place(router.route(request(url, headers)));
    int colon = place.indexOf(':');
    return colon < 0 ? place : place.substring(0, colon);
  }

  /** The Set-Cookie of an answer, or empty. */
  static String cookie(Forward forward) {
    return String.join(
        "\n", forward.responseHeaders().asMap().getOrDefault("Set-Cookie", List.of()));
  }

  /** The identifiers of the findings, those about missing Services and the like included. */
  static List<String> findings(IngressRouter router) {
    return router.diagnostics().stream().map(finding -> finding.rule().id()).toList();
  }
}
