package io.github.ingress4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program's jar in a process of its own, as users do. */
@Timeout(120)
class ProgramIT {

  private static final Path JAR =
      Path.of(Objects.requireNonNull(System.getProperty("ingress4j.jar")));

  private @TempDir Path directory;

  @BeforeEach
  void writeManifest() throws IOException {
    Cli.write(directory, "shop.yaml", Cli.SHOP);
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(JAR.toAbsolutePath().toString());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }

  private String err() throws IOException {
    return Files.readString(directory.resolve("err"));
  }

  @Test
  void routesARequest() throws Exception {
    Process process =
        start("route", "--url", "http://shop.example/pay", "--output", "json", "shop.yaml");
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(out)
        .startsWith("{\"id\":null,\"outcome\":\"forward\",\"ingress\":\"store/shop\"")
        .endsWith("\"source\":{\"file\":\"shop.yaml\",\"line\":23,\"column\":13}}\n");
    assertThat(err()).hasLineCount(1).contains("'ingress4j lint'");
  }

  @Test
  void readsManifestsFromAPipe() throws Exception {
    Process process = start("lint", "-");
    process.getOutputStream().write(Files.readAllBytes(directory.resolve("shop.yaml")));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(out).isNotEmpty();
    assertThat(err()).isEmpty();
  }

  @Test
  void readsRequestsFromAPipeThatHasAName() throws Exception {
    Process process = start("route", "--requests", "/dev/stdin", "--output", "json", "shop.yaml");
    process
        .getOutputStream()
        .write("{\"id\":1,\"url\":\"http://shop.example/\"}\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(out).startsWith("{\"id\":1,\"outcome\":\"forward\"");
  }

  @Test
  void endsQuietlyWhenNobodyReadsOn() throws Exception {
    Files.writeString(
        directory.resolve("requests.jsonl"), "{\"url\":\"http://shop.example/\"}\n".repeat(20_000));
    Process process = start("route", "--requests", "requests.jsonl", "shop.yaml");
    process.getInputStream().read();
    process.getInputStream().close();

    assertThat(process.waitFor()).isEqualTo(3);
    assertThat(err()).doesNotContain("failed");
  }

  @Test
  void answersEachLineWhenItComes() throws Exception {
    Process process = start("route", "--requests", "-", "--output", "json", "shop.yaml");
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 3; i++) {
        String line = "{\"id\":" + i + ",\"url\":\"http://shop.example/\"}\n";
        process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        assertThat(out.readLine()).startsWith("{\"id\":" + i + ",\"outcome\":\"forward\"");
      }
      process.getOutputStream().close();
      assertThat(out.readLine()).isNull();
    }
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void saysItsVersionAndEndsWithTheDocumentedCodes() throws Exception {
    Process version = start("--version");
    assertThat(new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("ingress4j ")
        .doesNotContain("$");
    assertThat(version.waitFor()).isZero();
    assertThat(start("lint", "nowhere.yaml").waitFor()).isEqualTo(1);
    assertThat(start("lint", "--frob").waitFor()).isEqualTo(2);
  }

  @Test
  void servesAndDrainsOnSigterm() throws Exception {
    // REL-19: a request under way is finished, and the exit code is 0.
    Process process = start("serve", "--port", "0", "--echo-backends", "shop.yaml");
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String ready = out.readLine();
      assertThat(ready).startsWith("ingress4j ready: http://127.0.0.1:");
      int port =
          Integer.parseInt(ready.replaceAll(".*ready: http://127\\.0\\.0\\.1:(\\d+) .*", "$1"));
      int health =
          Integer.parseInt(ready.replaceAll(".*health http://127\\.0\\.0\\.1:(\\d+)\\).*", "$1"));

      assertThat(RawHttp.send(port, "GET /pay?x=%20 HTTP/1.1", "Host: shop.example"))
          .startsWith("HTTP/1.1 200")
          .contains("\"service\":\"store/pay:https\"", "\"target\":\"/pay?x=%20\"");

      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
        slow.setSoTimeout(20_000);
        slow.getOutputStream()
            .write(
                "POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 4\r\nConnection: close\r\n\r\n12"
                    .getBytes(StandardCharsets.ISO_8859_1));
        slow.getOutputStream().flush();
        // The answer to a later request shows that the earlier one has been taken up.
        assertThat(RawHttp.send(port, "GET / HTTP/1.1", "Host: shop.example"))
            .startsWith("HTTP/1.1 200");
        // Unlike that of Process, this destroy leaves the streams open.
        process.toHandle().destroy();
        while (RawHttp.send(health, "GET /readyz HTTP/1.1", "Host: x").startsWith("HTTP/1.1 200")) {
          Thread.onSpinWait();
        }
        slow.getOutputStream().write("34".getBytes(StandardCharsets.ISO_8859_1));
        slow.getOutputStream().flush();
        assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200")
            .contains("\"bodyLength\":4");
      }
      assertThat(out.readLine()).isNull();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(err()).doesNotContain("Exception").doesNotContain("SLF4J");
  }

  @Test
  void holdsNoSignaturesAndNoModulesAndKeepsTheLicences() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();

      assertThat(names)
          .doesNotHaveDuplicates()
          .noneMatch(name -> name.endsWith("module-info.class"))
          .noneMatch(name -> name.endsWith(".SF") || name.endsWith(".RSA"))
          .anyMatch(name -> name.startsWith("META-INF/LICENSE"))
          .anyMatch(name -> name.startsWith("META-INF/NOTICE"))
          .contains("META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("io.github.ingress4j.cli.Main");
    }
  }
}
