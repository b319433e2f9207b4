package io.github.ingress4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes a directory of manifests as a cluster of many teams has them, and requests for them.
 *
 * <p>Each file has an Ingress, its Service and an EndpointSlice; every tenth team has a host of its
 * own with TLS and its Secret left out, and the others share hosts in groups of three. One Ingress
 * in fifty has a mistake. Equal numbers write equal files.
 */
public final class ShopDirectory {

  /** Groups of annotations that belong together; an Ingress has up to three of them. */
  private static final List<List<String>> ANNOTATIONS =
      List.of(
          List.of("rewrite-target: /$2", "use-regex: 'true'"),
          List.of("ssl-redirect: 'false'"),
          List.of("force-ssl-redirect: 'true'"),
          List.of(
              "affinity: cookie",
              "session-cookie-name: SID",
              "session-cookie-max-age: '3600'",
              "session-cookie-samesite: Lax"),
          List.of("upstream-hash-by: $request_uri"),
          List.of("load-balance: ewma", "proxy-next-upstream: error timeout http_503"),
          List.of(
              "proxy-body-size: 8m",
              "proxy-read-timeout: '120'",
              "proxy-send-timeout: '120'",
              "proxy-connect-timeout: '10'"),
          List.of(
              "enable-cors: 'true'",
              "cors-allow-origin: https://app.example.com, https://*.example.org",
              "cors-allow-methods: GET, PUT, POST, DELETE, OPTIONS",
              "cors-allow-credentials: 'true'"),
          List.of("whitelist-source-range: 10.0.0.0/8,192.168.0.0/16"),
          List.of("limit-rps: '20'", "limit-connections: '50'", "limit-burst-multiplier: '3'"),
          List.of("app-root: /home"),
          List.of("upstream-vhost: inner.example"),
          List.of("backend-protocol: HTTPS", "proxy-ssl-verify: 'off'"),
          List.of("proxy-buffering: 'on'", "proxy-buffer-size: 16k", "proxy-buffers-number: '8'"),
          List.of("custom-http-errors: 404,503"),
          List.of("permanent-redirect: https://new.example/", "permanent-redirect-code: '308'"),
          List.of(
              "auth-url: http://auth.platform.svc.cluster.local:8080/check",
              "auth-response-headers: X-User, X-Roles",
              "auth-signin: https://login.example.com/start"),
          List.of());

  private static final List<String> PATHS =
      List.of("/", "/api", "/api/v1", "/static", "/login", "/orders", "/cart", "/healthz");

  private ShopDirectory() {}

  /**
   * Writes a directory.
   *
   * @param arguments the directory, the number of Ingresses, and the number of requests, which go
   *     to {@code requests.jsonl} beside the directory
   * @throws IOException if a file cannot be written
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("arguments: DIRECTORY INGRESSES REQUESTS");
    }
    Path directory = Path.of(arguments[0]).toAbsolutePath();
    write(directory, Integer.parseInt(arguments[1]));
    Files.writeString(
        directory.resolveSibling("requests.jsonl"),
        requests(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])));
  }

  /**
   * Writes a directory, one file an Ingress.
   *
   * @param directory where; made if absent
   * @param ingresses how many Ingresses
   * @throws IOException if a file cannot be written
   */
  static void write(Path directory, int ingresses) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < ingresses; i++) {
      Path team = directory.resolve("team-" + i % 40);
      Files.createDirectories(team);
      Files.writeString(team.resolve("shop-" + i + ".yaml"), shop(i, random));
    }
  }

  private static String host(int number) {
    return number % 10 == 0
        ? "shop-" + number + ".example.com"
        : "group-" + number / 3 + ".example.com";
  }

  private static String shop(int number, Random random) {
    String name = "shop-" + number;
    String team = "team-" + number % 40;
    List<String> annotations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (String annotation : ANNOTATIONS.get(random.nextInt(ANNOTATIONS.size()))) {
        if (!annotations.contains(annotation)) {
          annotations.add(annotation);
        }
      }
    }
    if (number % 50 == 49) {
      annotations.add("proxy-read-timout: '30'");
    }
    StringBuilder out = new StringBuilder(2500);
    out.append("apiVersion: networking.k8s.io/v1\nkind: Ingress\n");
    head(out, name, team);
    if (!annotations.isEmpty()) {
      out.append("  annotations:\n");
    }
    for (String annotation : annotations) {
      out.append("    nginx.ingress.kubernetes.io/").append(annotation).append('\n');
    }
    out.append("spec:\n  ingressClassName: nginx\n");
    if (number % 10 == 0) {
      out.append("  tls:\n  - hosts:\n    - ").append(host(number));
      out.append("\n    secretName: ").append(name).append("-tls\n");
    }
    out.append("  rules:\n  - host: ").append(host(number)).append("\n    http:\n      paths:\n");
    boolean isRegex = annotations.contains("use-regex: 'true'");
    int paths = 2 + random.nextInt(4);
    for (int i = 0; i < paths; i++) {
      String path = PATHS.get((number + i * 3) % PATHS.size());
      out.append("      - path: ");
      out.append(isRegex ? "/" + name + "-" + i + "(/|$)(.*)" : "/" + name + path);
      out.append("\n        pathType: ").append(isRegex ? "ImplementationSpecific" : "Prefix");
      out.append("\n        backend:\n          service:\n            name: ").append(name);
      out.append("\n            port:\n              number: 80\n");
    }
    out.append("---\napiVersion: v1\nkind: Service\n");
    head(out, name, team);
    out.append("spec:\n  type: ClusterIP\n  selector:\n    app.kubernetes.io/name: ").append(name);
    out.append(
        "\n  ports:\n  - name: http\n    port: 80\n    targetPort: 8080\n    protocol: TCP\n");
    out.append("---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: ");
    out.append(name).append("-x7b2f\n  namespace: ").append(team);
    out.append("\n  labels:\n    kubernetes.io/service-name: ").append(name);
    out.append("\naddressType: IPv4\nports:\n- name: http\n  port: 8080\n  protocol: TCP\n");
    out.append("endpoints:\n");
    for (int pod = 1; pod <= 3; pod++) {
      out.append("- addresses:\n  - 10.").append(number / 250 % 250).append('.');
      out.append(number % 250).append('.').append(pod);
      out.append("\n  conditions:\n    ready: true\n    serving: true\n    terminating: false\n");
      out.append("  nodeName: node-").append(random.nextInt(30)).append('\n');
    }
    return out.toString();
  }

  private static void head(StringBuilder out, String name, String team) {
    out.append("metadata:\n  name: ").append(name).append("\n  namespace: ").append(team);
    out.append("\n  labels:\n    app.kubernetes.io/name: ").append(name);
    out.append("\n    app.kubernetes.io/managed-by: Helm\n");
  }

  private static String requests(int ingresses, int count) {
    Random random = new Random(2);
    StringBuilder out = new StringBuilder(count * 100);
    for (int i = 1; i <= count; i++) {
      int number = random.nextInt(ingresses);
      out.append("{\"id\":").append(i).append(",\"method\":\"GET\",\"url\":\"http");
      out.append(number % 10 == 0 ? "s" : "").append("://").append(host(number));
      out.append("/shop-").append(number).append(PATHS.get(random.nextInt(PATHS.size())));
      out.append("/item-").append(random.nextInt(1000)).append("?page=");
      out.append(random.nextInt(9)).append("\"}\n");
    }
    return out.toString();
  }
}
