package io.github.ingress4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs the program within a test. */
final class Cli {

  /**
   * What a run left behind.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error
   */
  record Run(int code, String out, String err) {}

  /** A manifest with rules of several kinds; the lines are counted on by tests. */
  static final String SHOP =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        namespace: store
      spec:
        defaultBackend:
          service:
            name: rest
            port:
              name: http
        rules:
          - host: shop.example
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend:
                    service:
                      name: web
                      port:
                        number: 8080
                - path: /pay
                  pathType: Exact
                  backend:
                    service:
                      name: pay
                      port:
                        name: https
                - path: /files
                  pathType: Prefix
                  backend:
                    resource:
                      apiGroup: k8s.example.com
                      kind: StorageBucket
                      name: static
      """;

  private Cli() {}

  static Run run(String... args) {
    return runWith("", args);
  }

  static Run runWith(String in, String... args) {
    return runWith(in.getBytes(StandardCharsets.UTF_8), false, args);
  }

  static Run runColoured(String... args) {
    return runWith(new byte[0], true, args);
  }

  static Run runWith(byte[] in, boolean isColoured, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new Streams(new ByteArrayInputStream(in), out, err, isColoured), args);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Path write(Path directory, String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
