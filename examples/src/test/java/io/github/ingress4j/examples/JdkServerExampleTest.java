package io.github.ingress4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.ingress4j.IngressRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdkServerExampleTest {

  private final HttpServer backEnd;
  private final HttpServer gateway;
  private int backEndPort;

  JdkServerExampleTest() throws IOException {
    backEnd = Wire.echo("back end");
    gateway =
        new JdkServerExample(
                IngressRouter.builder().manifests(Path.of("manifests/hello-ingress.yaml")).build(),
                forward -> new InetSocketAddress(InetAddress.getLoopbackAddress(), backEndPort))
            .start(0);
  }

  @BeforeEach
  void useTheBackEnd() {
    backEndPort = backEnd.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
    if (gateway.getExecutor() instanceof ExecutorService threads) {
      threads.shutdown();
    }
    backEnd.stop(0);
  }

  private int port() {
    return gateway.getAddress().getPort();
  }

  @Test
  void forwardsWhatTheRulesTakeAsItCame() throws IOException {
    Wire.Reply reply =
        Wire.get(
            port(), "abc.sample.com", "/pay/caf%C3%A9?x=1", "Cookie: a=b", "Accept: text/plain");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("back end GET /pay/caf%C3%A9?x=1\n", "Host: abc.sample.com\n", "Cookie: a=b\n")
        .contains("Accept: text/plain\n", "X-forwarded-for: 127.0.0.1\n")
        .contains("X-forwarded-port: " + port() + "\n");
  }

  @Test
  void doesNotPassOnWhatClientsMustNotSay() throws IOException {
    Wire.Reply reply =
        Wire.get(
            port(),
            "abc.sample.com",
            "/",
            "X-Forwarded-For: 6.6.6.6",
            "x-forwarded-host: evil.example",
            "X_Forwarded_For: 6.6.6.6",
            "Proxy-Authorization: secret",
            "TE: trailers",
            "Keep-Alive: timeout=1");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("X-forwarded-for: 127.0.0.1\n", "X-forwarded-host: abc.sample.com\n")
        .doesNotContainIgnoringCase("6.6.6.6")
        .doesNotContainIgnoringCase("evil.example")
        .doesNotContainIgnoringCase("proxy-authorization")
        .doesNotContainIgnoringCase("trailers")
        .doesNotContainIgnoringCase("timeout=1");
  }

  @Test
  void answersWhatNoRuleTakesWithTheReason() throws IOException {
    Wire.Reply reply = Wire.get(port(), "localhost", "/");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).contains("No rule takes this host and path");
  }

  @Test
  void refusesTwoHosts() throws IOException {
    Wire.Reply reply = Wire.get(port(), "abc.sample.com", "/", "Host: xyz.sample.com");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("2 Host lines");
  }

  @Test
  void refusesOtherMethods() throws IOException {
    Wire.Reply reply = Wire.send(port(), "DELETE / HTTP/1.1\r\nHost: abc.sample.com");

    assertThat(reply.status()).isEqualTo(501);
  }

  @Test
  void answers502WhereNothingListens() throws IOException {
    backEndPort = Wire.closedPort();

    assertThat(Wire.get(port(), "abc.sample.com", "/").status()).isEqualTo(502);
  }

  @Test
  void answers502WhereTheBackEndDoesNotSpeakHttp() throws IOException {
    assertThat(askOnce("220 mail.example ESMTP\r\n\r\n").status()).isEqualTo(502);
  }

  @Test
  void answers502ToAStatusThatDoesNotExist() throws IOException {
    assertThat(askOnce("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n").status()).isEqualTo(502);
  }

  @Test
  void relaysStatusFieldsAndBody() throws IOException {
    Wire.Reply reply =
        askOnce(
            "HTTP/1.1 404 Gone\r\nSet-Cookie: a=b\r\nKeep-Alive: timeout=5\r\n"
                + "Content-Length: 5\r\n\r\nhello");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.head())
        .contains("Set-cookie: a=b")
        .contains("Content-length: 5")
        .doesNotContainIgnoringCase("keep-alive");
    assertThat(reply.body()).isEqualTo("hello");
  }

  @Test
  void relaysARedirectRatherThanFollowIt() throws IOException {
    Wire.Reply reply =
        askOnce("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");

    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.head()).contains("Location: /elsewhere");
  }

  @Test
  void relaysAnAnswerWhoseLengthIsNotKnown() throws IOException {
    Wire.Reply reply = askOnce("HTTP/1.0 200 OK\r\n\r\nhello");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
  }

  @Test
  void anAnswerThatBreaksOffDoesNotLookWhole() throws IOException {
    Wire.Reply known = askOnce("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    // The server of JDK 25 keeps the head back until it has some of the body.
    assertThat(known.status()).isIn(0, 200);
    assertThat(known.body()).hasSizeLessThan(100);

    Wire.Reply chunked =
        askOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n64\r\nhel");
    assertThat(chunked.status()).isIn(0, 200);
    assertThat(chunked.body()).doesNotEndWith("0\r\n\r\n");
  }

  private Wire.Reply askOnce(String answer) throws IOException {
    try (ServerSocket server = Wire.once(answer)) {
      backEndPort = server.getLocalPort();
      return Wire.get(port(), "abc.sample.com", "/");
    }
  }

  @Test
  void theProgramHasUnder120LinesOfCode() throws IOException {
    List<String> code =
        Files.readAllLines(
                Path.of("src/main/java/io/github/ingress4j/examples/JdkServerExample.java"))
            .stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !isHeading(line) && !isComment(line))
            .toList();

    assertThat(code).contains("}").hasSizeLessThan(120);
  }

  private static boolean isHeading(String line) {
    return line.startsWith("package ") || line.startsWith("import ");
  }

  private static boolean isComment(String line) {
    return line.startsWith("//") || line.startsWith("/*") || line.startsWith("*");
  }
}
