package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.TransportSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes over the wire to back ends of HTTP/2: ingress-nginx, backend-protocol GRPC; RFC 9113;
 * SEC-14, SEC-34, REL-21.
 */
final class H2BackendsTest extends H2Test {

  // ---- the request ----

  @Test
  void sendsARequestAsItWasDecided() throws Exception {
    String request =
        get(
                "X-One: 1",
                "X-One: \u00e9",
                "Cookie: a=1",
                "Cookie: b=2",
                "TE: trailers, deflate",
                "Connection: x-gone, te",
                "Keep-Alive: 5",
                "Upgrade: h2c",
                "X-Gone: 1",
                "Accept: */*")
            .replace("GET / ", "GET /a/y?q=%20&&z=%7C|\" ")
            .replace("a.test", "AbC.test:81");
    int port = start(servlet(new Changed(), RoutePolicies.NONE).loopProtection(false));
    assertThat(RawReply.exchange(port, request).text()).isEqualTo("ok");
    H2Wire.Message received = upstream.next();
    assertThat(received.head().isLast()).isTrue();
    List<String> lines = new ArrayList<>(received.head().lines());
    lines.removeIf(line -> line.startsWith("x-forwarded-"));
    // Fields of the forwarded family stand among them as with HTTP/1.
    assertThat(received.head().value("x-forwarded-host")).isEqualTo("AbC.test:81");
    assertThat(lines)
        .containsExactly(
            ":method: GET",
            ":scheme: http",
            ":path: /a/y?q=%20&&z=%7C|\"",
            ":authority: AbC.test:81",
            "x-one: 1",
            "x-one: \u00e9",
            "cookie: a=1",
            "cookie: b=2",
            "accept: */*",
            "te: trailers");
  }

  @Test
  void marksARequestAsSentFromHere() throws Exception {
    RawReply.exchange(gateway(), get());
    assertThat(upstream.next().head().values("via")).containsExactly("1.1 ingress4j");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16_384, 16_385, 300_000})
  void sendsABodyOfKnownLength(int length) throws Exception {
    assertThat(RawReply.exchange(gateway(), post(text(length))).text()).isEqualTo("ok");
    H2Wire.Message received = upstream.next();
    assertThat(received.body().equals(text(length))).isTrue();
    assertThat(received.head().values("content-length")).containsExactly("" + length);
    assertThat(received.head().values("transfer-encoding")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_385, 300_000})
  void sendsABodyOfUnknownLengthWithTheFieldsAfterIt(int length) throws Exception {
    assertThat(RawReply.exchange(gateway(), chunked(text(length))).text()).isEqualTo("ok");
    H2Wire.Message received = upstream.next();
    assertThat(received.body().equals(text(length))).isTrue();
    assertThat(received.head().values("content-length")).isEmpty();
    assertThat(received.trailers().lines()).containsExactly("x-sum: 1");
    assertThat(received.trailers().isLast()).isTrue();
  }

  @Test
  void sendsABodyThatIsReadWhole() throws Exception {
    Changed changed = new Changed();
    changed.buffersRequest = true;
    assertThat(RawReply.exchange(gateway(changed), chunked(text(100_000))).text()).isEqualTo("ok");
    H2Wire.Message received = upstream.next();
    assertThat(received.body().equals(text(100_000))).isTrue();
    assertThat(received.head().values("content-length")).containsExactly("100000");
  }

  @Test
  void saysThatAPostHasNoBody() throws Exception {
    assertThat(RawReply.exchange(gateway(), post("")).text()).isEqualTo("ok");
    H2Wire.Message received = upstream.next();
    assertThat(received.head().isLast()).isTrue();
    assertThat(received.head().values("content-length")).containsExactly("0");
  }

  @Test
  void sendsAHeadThatNeedsMoreThanOneFrame() throws Exception {
    String[] lines = new String[5];
    for (int i = 0; i < 5; i++) {
      lines[i] = "X-" + i + ": " + text(10_000).replace('\n', '.');
    }
    int port = gateway();
    for (int i = 0; i < 2; i++) {
      assertThat(RawReply.exchange(port, get(lines)).text()).isEqualTo("ok");
      assertThat(upstream.next().head().value("x-4")).hasSize(10_000);
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  // ---- the answer ----

  @Test
  void passesAnAnswerOn() throws Exception {
    upstream.script(
        upstream.each(
            upstream.text(
                "hello", "x-a: 1", "x-a: 2", "set-cookie: a=\u00e9", "content-length: 5")));
    RawReply reply = RawReply.exchange(gateway(), get());
    assertThat(reply.header("x-a")).containsExactly("1", "2");
    assertThat(reply.header("set-cookie")).containsExactly("a=\u00e9");
    assertThat(reply.header("content-length")).containsExactly("5");
    assertThat(reply.text()).isEqualTo("hello");
  }

  @ParameterizedTest
  @CsvSource({"GET, 204, ''", "GET, 304, 7", "HEAD, 200, 7", "GET, 200, 0"})
  void passesAnAnswerWithoutABodyOn(String method, int status, String length) throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              String[] lines = {":status: " + status, "content-length: " + length};
              wire.headers(head.id(), true, length.isEmpty() ? new String[] {lines[0]} : lines);
            }));
    int port = gateway();
    for (int i = 0; i < 2; i++) {
      RawReply reply = RawReply.exchange(port, request(method));
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.body()).isEmpty();
      if (method.equals("HEAD")) {
        assertThat(reply.header("content-length")).containsExactly(length);
      }
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void passesFieldsAfterABodyOnToAClientThatTakesThem() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(head.id(), false, ":status: 200");
              wire.data(head.id(), false, "abc");
              wire.headers(head.id(), true, "grpc-status: 0", "grpc-message: fine", "date: x");
            }));
    int port = gateway();
    RawReply reply = RawReply.exchange(port, get("TE: trailers"));
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(reply.trailerLines())
        .containsExactlyInAnyOrder("grpc-status: 0", "grpc-message: fine");
    reply = RawReply.exchange(port, get());
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(reply.trailerLines()).isEmpty();
  }

  @Test
  void passesFieldsOnThatComeWithoutABody() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.headers(head.id(), false, ":status: 200");
              wire.headers(head.id(), true, "grpc-status: 5");
            }));
    RawReply reply = RawReply.exchange(gateway(), get("TE: trailers"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEmpty();
    assertThat(reply.trailerLines()).containsExactly("grpc-status: 5");
  }

  @Test
  void passesOverInterimAnswers() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              for (int i = 0; i < Replies.MAX_INTERIM; i++) {
                wire.headers(head.id(), false, ":status: 103", "link: </x>");
              }
              upstream.text("ok").to(wire, head);
            }));
    RawReply reply = RawReply.exchange(gateway(), get());
    assertThat(reply.text()).isEqualTo("ok");
    assertThat(reply.header("link")).isEmpty();
  }

  @Test
  void takesPaddingAndPrioritiesAndFramesItDoesNotKnow() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              upstream.receive(wire, head);
              wire.send(2, 0, head.id(), new byte[5]);
              wire.send(0xFA, 0xFF, 0, new byte[100]);
              byte[] block = wire.block(":status: 200");
              byte[] padded = new byte[1 + 5 + block.length + 3];
              padded[0] = 3;
              System.arraycopy(block, 0, padded, 6, block.length);
              wire.send(
                  H2Wire.HEADERS, H2Wire.END_HEADERS | H2Wire.PADDED | 0x20, head.id(), padded);
              // More padding than a window holds.
              for (int i = 0; i < 1_000; i++) {
                byte[] data = new byte[2 + 255];
                data[0] = (byte) 255;
                data[1] = 'x';
                wire.send(H2Wire.DATA, H2Wire.PADDED, head.id(), data);
                if (i % 128 == 127) {
                  // The window is opened again when half of it was used.
                  wire.other(H2Wire.WINDOW_UPDATE);
                }
              }
              wire.data(head.id(), true, "");
            }));
    assertThat(RawReply.exchange(gateway(), get()).text()).isEqualTo("x".repeat(1_000));
  }

  @Test
  void answersPings() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              wire.send(H2Wire.PING, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII));
              H2Wire.Frame pong = wire.other(H2Wire.PING);
              assertThat(pong.has(H2Wire.ACK)).isTrue();
              upstream.text(new String(pong.payload(), StandardCharsets.US_ASCII)).to(wire, head);
            }));
    assertThat(RawReply.exchange(gateway(), get()).text()).isEqualTo("12345678");
  }

  @Test
  void saysWhatItTakes() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              byte[] settings = wire.other(H2Wire.SETTINGS).payload();
              // No push, no streams of the back end, 64 KiB of fields.
              assertThat(settings)
                  .containsExactly(0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 6, 0, 1, 0, 0);
              upstream.text("ok").to(wire, head);
            }));
    assertThat(RawReply.exchange(gateway(), get()).text()).isEqualTo("ok");
    assertThat(upstream.failures).isEmpty();
  }

  // ---- both at once ----

  @Test
  void speaksAndListensAtTheSameTime() throws Exception {
    upstream.script(
        upstream.each(
            (wire, head) -> {
              wire.headers(head.id(), false, ":status: 200");
              for (int i = 0; i < 3; i++) {
                wire.data(head.id(), false, "<" + wire.data(head.id(), 3) + ">");
              }
              wire.rest(head);
              wire.data(head.id(), true, "end");
            }));
    try (Socket socket = RawReply.connect(gateway())) {
      send(socket, request("POST", "Transfer-Encoding: chunked"));
      InputStream in = socket.getInputStream();
      // The head is here before anything was sent of the body, and each part before the next one.
      assertThat(RawReply.line(in)).startsWith("HTTP/1.1 200");
      while (!RawReply.line(in).isEmpty()) {
        // Passed over.
      }
      for (String part : List.of("one", "two", "six")) {
        send(socket, "3\r\n" + part + "\r\n");
        // Not in chunks: the connection ends with the answer, as the body may never be read.
        assertThat(new String(in.readNBytes(5), StandardCharsets.US_ASCII))
            .isEqualTo("<" + part + ">");
      }
      send(socket, "0\r\n\r\n");
      assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("end");
    }
  }

  @Test
  void passesAnAnswerOnThatComesBeforeTheEndOfTheRequest() throws Exception {
    upstream.script(
        wire -> {
          wire.isObliging = false;
          wire.accept();
          H2Wire.Fields head = wire.head();
          wire.headers(head.id(), false, ":status: 413");
          wire.data(head.id(), true, "too much");
          // RFC 9113, section 8.1: this asks for no more of the request, and takes nothing back.
          wire.reset(head.id(), 0);
          wire.awaitEnd();
        });
    RawReply reply = RawReply.exchange(gateway(), post(text(1_000_000)));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.text()).isEqualTo("too much");
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  // ---- back-pressure ----

  @Test
  void takesNoMoreOfAnAnswerThanTheClientReads() throws Exception {
    // REL-21, SEC-63: 64 KiB, and what the sockets between here and the client hold.
    AtomicLong sent = new AtomicLong();
    CountDownLatch full = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    byte[] frame = text(16_384).getBytes(StandardCharsets.US_ASCII);
    int frames = 4_000;
    upstream.script(
        wire -> {
          wire.accept();
          H2Wire.Fields head = wire.head();
          wire.headers(head.id(), false, ":status: 200");
          long window = 65_535;
          wire.socket.setSoTimeout(1_000);
          for (int i = 0; i < frames; ) {
            if (window >= frame.length) {
              wire.send(H2Wire.DATA, i == frames - 1 ? 1 : 0, head.id(), frame);
              window -= frame.length;
              sent.addAndGet(frame.length);
              i++;
            } else {
              try {
                H2Wire.Frame update = wire.other(H2Wire.WINDOW_UPDATE);
                window += update.id() == head.id() ? update.number(0) : 0;
              } catch (SocketTimeoutException e) {
                full.countDown();
                goOn.await(20, TimeUnit.SECONDS);
              }
            }
          }
          wire.awaitEnd();
        });
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 * 1024);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway()));
      socket.setSoTimeout(20_000);
      send(socket, get());
      assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(sent.get()).isLessThan(12_000_000);
      goOn.countDown();
      RawReply reply = RawReply.read(socket, false);
      assertThat(reply.isComplete()).isTrue();
      assertThat(reply.body().length()).isEqualTo(frames * frame.length);
      assertThat(reply.body().regionMatches(60_000_000, text(16_384), 16_384 - 1024, 512)).isTrue();
    }
  }

  @Test
  void sendsNoMoreOfARequestThanTheBackEndTakes() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    upstream.script(
        wire -> {
          wire.isObliging = false;
          wire.accept(4, 100);
          H2Wire.Fields head = wire.head();
          taken.addAndGet(wire.data(head.id(), 100).length());
          // It grows in the middle, and by both windows.
          wire.settings(4, 30_000);
          taken.addAndGet(wire.data(head.id(), 29_900).length());
          wire.number(H2Wire.WINDOW_UPDATE, head.id(), 100_000);
          taken.addAndGet(wire.data(head.id(), 65_535 - 30_000).length());
          wire.socket.setSoTimeout(300);
          try {
            wire.part(head.id());
            throw new AssertionError("more than the window of the connection");
          } catch (SocketTimeoutException e) {
            wire.socket.setSoTimeout(20_000);
          }
          wire.number(H2Wire.WINDOW_UPDATE, 0, 100_000);
          taken.addAndGet(wire.rest(head).body().length());
          wire.headers(head.id(), true, ":status: 200");
          wire.awaitEnd();
        });
    assertThat(RawReply.exchange(gateway(), post(text(100_000))).status()).isEqualTo(200);
    assertThat(taken.get()).isEqualTo(100_000);
    assertThat(upstream.failures).isEmpty();
  }

  @Test
  void letsAClientThatDoesNotReadHoldUpNobodyElse() throws Exception {
    upstream.script(
        wire -> {
          wire.accept();
          H2Wire.Fields first = wire.head();
          wire.headers(first.id(), false, ":status: 200");
          for (int i = 0; i < 3; i++) {
            wire.send(H2Wire.DATA, 0, first.id(), new byte[16_384]);
          }
          for (int i = 0; i < 2; i++) {
            H2Wire.Fields second = wire.head();
            wire.headers(second.id(), false, ":status: 200", "content-length: 163840");
            for (int j = 0; j < 10; j++) {
              wire.send(H2Wire.DATA, j == 9 ? 1 : 0, second.id(), new byte[16_384]);
              if (j == 2) {
                // The window is given back as it is read.
                H2Wire.Frame update = wire.other(H2Wire.WINDOW_UPDATE);
                while (update.id() != second.id()) {
                  update = wire.other(H2Wire.WINDOW_UPDATE);
                }
              } else if (j > 3 && j % 2 == 0) {
                wire.other(H2Wire.WINDOW_UPDATE);
              }
            }
          }
          wire.awaitEnd();
        });
    int port = gateway();
    try (Socket silent = RawReply.connect(port)) {
      send(silent, get());
      assertThat(RawReply.line(silent.getInputStream())).startsWith("HTTP/1.1 200");
      for (int i = 0; i < 2; i++) {
        assertThat(RawReply.exchange(port, get()).body()).hasSize(163_840);
      }
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  // ---- connections ----

  @Test
  void sharesAConnection() throws Exception {
    int port = gateway();
    for (int i = 0; i < 5; i++) {
      assertThat(RawReply.exchange(port, get()).text()).isEqualTo("ok");
    }
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void hasNoMoreRequestsUnderWayThanTheBackEndTakes() throws Exception {
    AtomicInteger most = new AtomicInteger();
    upstream.script(
        wire -> {
          wire.accept(3, 2);
          while (true) {
            List<H2Wire.Fields> both = new ArrayList<>();
            both.add(wire.head());
            wire.socket.setSoTimeout(300);
            try {
              for (int i = 0; i < 3; i++) {
                both.add(wire.head());
              }
            } catch (SocketTimeoutException e) {
              // There are no more.
            }
            wire.socket.setSoTimeout(20_000);
            most.accumulateAndGet(both.size(), Math::max);
            for (H2Wire.Fields head : both) {
              upstream.text("ok").to(wire, head);
            }
          }
        });
    int port = gateway();
    ExecutorService clients = Executors.newFixedThreadPool(12);
    try {
      List<Future<RawReply>> replies = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        replies.add(clients.submit(() -> RawReply.exchange(port, get())));
      }
      for (Future<RawReply> reply : replies) {
        assertThat(reply.get(30, TimeUnit.SECONDS).text()).isEqualTo("ok");
      }
    } finally {
      clients.shutdownNow();
    }
    assertThat(most.get()).isEqualTo(2);
    assertThat(upstream.connections.get()).isBetween(2, 8);
  }

  @Test
  void keepsConnectionsOfHttp1AndHttp2Apart() throws Exception {
    Changed plain = new Changed();
    plain.protocol = TransportSettings.Protocol.HTTP;
    assertThat(RawReply.exchange(gateway(plain), get()).status()).isEqualTo(502);
    assertThat(RawReply.exchange(gateway(), get()).status()).isEqualTo(200);
  }
}
