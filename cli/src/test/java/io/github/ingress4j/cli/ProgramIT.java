package io.github.ingress4j.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

  /**
   * REL-19 under load: clients that keep their connections, and a balancer that sends nothing more
   * once the gateway says that it is not ready.
   */
  @Test
  void losesNoRequestOnSigterm() throws Exception {
    Process process = start("serve", "--port", "0", "--echo-backends", "shop.yaml");
    Load load = null;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String ready = out.readLine();
      int port =
          Integer.parseInt(ready.replaceAll(".*ready: http://127\\.0\\.0\\.1:(\\d+) .*", "$1"));
      int health =
          Integer.parseInt(ready.replaceAll(".*health http://127\\.0\\.0\\.1:(\\d+)\\).*", "$1"));
      load = new Load(port, 8);
      load.awaitAnswers(500);

      process.toHandle().destroy();
      while (RawHttp.send(health, "GET /readyz HTTP/1.1", "Host: x").startsWith("HTTP/1.1 200")) {
        Thread.onSpinWait();
      }
      load.awaitAnswers(load.answers.get() + 50);
      load.end();

      assertThat(load.lost).isEmpty();
      assertThat(load.goodbyes.get()).isPositive();
      assertThat(out.readLine()).isNull();
    } finally {
      if (load != null) {
        load.end();
      }
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(err()).doesNotContain("Exception");
  }

  /** Clients that send one request after the other, each on its own connection. */
  private static final class Load {

    private final int port;
    private final List<Thread> clients = new ArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger goodbyes = new AtomicInteger();
    private volatile boolean isOver;

    Load(int port, int count) {
      this.port = port;
      for (int i = 0; i < count; i++) {
        Thread client = new Thread(this::run, "load-" + i);
        client.setDaemon(true);
        client.start();
        clients.add(client);
      }
    }

    private void run() {
      try {
        while (!isOver) {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean isKept = true;
            while (isKept && !isOver) {
              socket
                  .getOutputStream()
                  .write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n".getBytes(US_ASCII));
              isKept = read(in);
            }
          }
        }
      } catch (IOException e) {
        lost.add(String.valueOf(e));
      }
    }

    /** Reads an answer, and returns whether the connection is kept. */
    private boolean read(InputStream in) throws IOException {
      String status = line(in);
      int length = -1;
      boolean isKept = true;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String field = line.toLowerCase(Locale.ROOT);
        if (field.startsWith("content-length:")) {
          length = Integer.parseInt(field.substring(15).trim());
        }
        isKept &= !field.equals("connection: close");
      }
      if (length < 0 || in.readNBytes(length).length < length) {
        throw new IOException("an answer without an end: " + status);
      }
      if (!status.startsWith("HTTP/1.1 200")) {
        lost.add(status);
      }
      answers.incrementAndGet();
      if (!isKept) {
        goodbyes.incrementAndGet();
      }
      return isKept;
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the connection ended instead of an answer");
        }
        line.append((char) b);
      }
      return line.substring(0, line.length() - 1);
    }

    void awaitAnswers(int count) {
      while (answers.get() < count && lost.isEmpty()) {
        Thread.onSpinWait();
      }
    }

    void end() throws InterruptedException {
      isOver = true;
      for (Thread client : clients) {
        client.join(20_000);
      }
    }
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
