package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServeCommandTest {

  @Test
  void doesNotStartIfNothingCanBeRead() {
    Cli.Run run = Cli.runWith("a: [", "serve", "--port", "0", "-");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("error[")
        .endsWith("ingress4j serve: nothing in the manifests can be read, so nothing is served\n");
  }

  @Test
  void saysInOneLineThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Cli.Run run =
          Cli.runWith(Cli.SHOP, "serve", "--port", Integer.toString(taken.getLocalPort()), "-");

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .endsWith(
              "ingress4j serve: cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": address already in use\n");
    }
  }

  @Test
  void servesUntilItIsStopped() throws Exception {
    String oneIsBad =
        Cli.SHOP
            + "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: Bad}\n"
            + "spec: {defaultBackend: {service: {name: a, port: {number: 1}}}}\n";
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    AtomicInteger code = new AtomicInteger(-1);
    try (PipedInputStream lines = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(lines);
        Scanner scanner = new Scanner(lines, StandardCharsets.UTF_8)) {
      Streams streams =
          new Streams(
              new ByteArrayInputStream(oneIsBad.getBytes(StandardCharsets.UTF_8)), out, err, false);
      Thread serving =
          new Thread(
              () ->
                  code.set(
                      Main.run(
                          streams,
                          "serve",
                          "--port",
                          "0",
                          "--echo-backends",
                          "--default-backend",
                          "x/y:1",
                          "--backend",
                          "store/wep:8080=localhost:1",
                          "-")));
      serving.start();
      String ready = scanner.nextLine();

      assertThat(ready)
          .matches(
              "ingress4j ready: http://127\\.0\\.0\\.1:\\d+ \\(health"
                  + " http://127\\.0\\.0\\.1:\\d+\\), 4 routes on 1 host");
      int port =
          Integer.parseInt(ready.replaceAll(".*ready: http://127\\.0\\.0\\.1:(\\d+) .*", "$1"));
      assertThat(RawHttp.send(port, "GET /pay HTTP/1.1", "Host: shop.example"))
          .contains("\"service\":\"store/pay:https\"");
      assertThat(RawHttp.send(port, "GET /pay HTTP/1.1", "Host: else.example"))
          .contains("\"service\":\"store/rest:http\"");

      serving.interrupt();
      serving.join();
    }
    assertThat(code).hasValue(0);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("error[", "'ingress4j lint'")
        .contains("ingress4j serve: --backend: no rule names store/wep:8080; they name store/")
        .doesNotContain("severe:")
        .containsOnlyOnce("error[");
  }
}
