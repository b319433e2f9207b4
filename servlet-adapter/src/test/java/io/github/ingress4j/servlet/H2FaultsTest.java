package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.policy.RetryPolicy;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Back ends of HTTP/2 that fail, and hostile ones: SEC-37, REL-11, REL-12, REL-13, REL-14, REL-17;
 * RFC 9113 sections 5.4, 6.8, 8.1.
 */
final class H2FaultsTest extends H2Test {

  // ---- what a back end may not do ----

  /** Something that is not proper, in place of an answer's head. */
  enum Wrong {
    NO_STATUS,
    TWO_STATUSES,
    NO_NUMBER,
    STATUS_999,
    STATUS_101,
    INTERIM_AS_THE_LAST,
    TOO_MANY_INTERIM,
    UPPER_CASE,
    OTHER_PSEUDO_FIELD,
    CONNECTION,
    TRANSFER_ENCODING,
    BAD_VALUE,
    TWO_LENGTHS,
    BAD_LENGTH,
    LENGTH_WITHOUT_BODY,
    DATA_WITHOUT_HEAD,
    LARGE_HEAD,
    ENDLESS_CONTINUATION,
    EMPTY_CONTINUATIONS,
    FRAME_INSIDE_A_HEAD,
    CONTINUATION_OF_NOTHING,
    BAD_COMPRESSION,
    PUSH,
    SETTINGS_OF_A_STREAM,
    BAD_SETTINGS,
    BAD_WINDOW_SETTING,
    SMALL_FRAMES_SETTING,
    PING_OF_WRONG_SIZE,
    PING_OF_A_STREAM,
    GOAWAY_OF_WRONG_SIZE,
    GOAWAY_OF_A_STREAM,
    RESET_OF_WRONG_SIZE,
    STREAM_OF_NOBODY,
    EVEN_STREAM,
    WINDOW_OF_NOTHING,
    WINDOW_OF_NOTHING_FOR_ALL,
    WINDOW_TOO_LARGE,
    WINDOW_TOO_LARGE_FOR_ALL,
    LARGE_FRAME,
    BAD_PADDING,
    FRAMES_FOR_NOTHING
  }

  private static void doWrong(Wrong wrong, H2Wire wire, int id) throws IOException {
    switch (wrong) {
      case NO_STATUS -> wire.headers(id, false, "x-a: 1");
      case TWO_STATUSES -> wire.headers(id, false, ":status: 200", ":status: 200");
      case NO_NUMBER -> wire.headers(id, false, ":status: 20x");
      case STATUS_999 -> wire.headers(id, false, ":status: 999");
      case STATUS_101 -> wire.headers(id, false, ":status: 101");
      case INTERIM_AS_THE_LAST -> wire.headers(id, true, ":status: 103");
      case TOO_MANY_INTERIM -> {
        for (int i = 0; i < 200; i++) {
          wire.headers(id, false, ":status: 103");
        }
      }
      case UPPER_CASE -> wire.headers(id, false, ":status: 200", "X-A: 1");
      case OTHER_PSEUDO_FIELD -> wire.headers(id, false, ":status: 200", ":path: /");
      case CONNECTION -> wire.headers(id, false, ":status: 200", "connection: close");
      case TRANSFER_ENCODING -> wire.headers(id, false, ":status: 200", "transfer-encoding: x");
      case BAD_VALUE -> wire.headers(id, false, ":status: 200", "x-a: a\r\nset-cookie: b=1");
      case TWO_LENGTHS ->
          wire.headers(id, false, ":status: 200", "content-length: 1", "content-length: 1");
      case BAD_LENGTH -> wire.headers(id, false, ":status: 200", "content-length: +1");
      case LENGTH_WITHOUT_BODY -> wire.headers(id, true, ":status: 200", "content-length: 1");
      case DATA_WITHOUT_HEAD -> wire.data(id, false, "abc");
      case LARGE_HEAD -> {
        String[] lines = new String[200];
        lines[0] = ":status: 200";
        for (int i = 1; i < lines.length; i++) {
          // The table makes a few bytes of each.
          lines[i] = "x-a: " + "a".repeat(1_000);
        }
        wire.headers(id, false, lines);
      }
      case ENDLESS_CONTINUATION -> {
        wire.send(H2Wire.HEADERS, 0, id, wire.block(":status: 200"));
        for (int i = 0; i < 50; i++) {
          wire.send(H2Wire.CONTINUATION, 0, id, new byte[16_000]);
        }
      }
      case EMPTY_CONTINUATIONS -> {
        wire.send(H2Wire.HEADERS, 0, id, wire.block(":status: 200"));
        for (int i = 0; i < 100; i++) {
          wire.send(H2Wire.CONTINUATION, 0, id, new byte[0]);
        }
      }
      case FRAME_INSIDE_A_HEAD -> {
        wire.send(H2Wire.HEADERS, 0, id, wire.block(":status: 200"));
        wire.send(H2Wire.PING, 0, 0, new byte[8]);
      }
      case CONTINUATION_OF_NOTHING ->
          wire.send(H2Wire.CONTINUATION, H2Wire.END_HEADERS, id, wire.block(":status: 200"));
      case BAD_COMPRESSION ->
          wire.send(H2Wire.HEADERS, H2Wire.END_HEADERS, id, new byte[] {(byte) 0xFF, 0x70});
      case PUSH -> {
        byte[] promise = new byte[20];
        promise[3] = 2;
        wire.send(H2Wire.PUSH_PROMISE, H2Wire.END_HEADERS, id, promise);
      }
      case SETTINGS_OF_A_STREAM -> wire.send(H2Wire.SETTINGS, 0, id, new byte[6]);
      case BAD_SETTINGS -> wire.send(H2Wire.SETTINGS, 0, 0, new byte[5]);
      case BAD_WINDOW_SETTING -> wire.settings(4, Integer.MIN_VALUE);
      case SMALL_FRAMES_SETTING -> wire.settings(5, 100);
      case PING_OF_WRONG_SIZE -> wire.send(H2Wire.PING, 0, 0, new byte[7]);
      case PING_OF_A_STREAM -> wire.send(H2Wire.PING, 0, id, new byte[8]);
      case GOAWAY_OF_WRONG_SIZE -> wire.send(H2Wire.GOAWAY, 0, 0, new byte[7]);
      case GOAWAY_OF_A_STREAM -> wire.send(H2Wire.GOAWAY, 0, id, new byte[8]);
      case RESET_OF_WRONG_SIZE -> wire.send(H2Wire.RST_STREAM, 0, id, new byte[3]);
      case STREAM_OF_NOBODY -> wire.headers(id + 100, false, ":status: 200");
      case EVEN_STREAM -> wire.headers(2, false, ":status: 200");
      case WINDOW_OF_NOTHING -> wire.number(H2Wire.WINDOW_UPDATE, id, 0);
      case WINDOW_OF_NOTHING_FOR_ALL -> wire.number(H2Wire.WINDOW_UPDATE, 0, 0);
      case WINDOW_TOO_LARGE -> wire.number(H2Wire.WINDOW_UPDATE, id, Integer.MAX_VALUE);
      case WINDOW_TOO_LARGE_FOR_ALL -> wire.number(H2Wire.WINDOW_UPDATE, 0, Integer.MAX_VALUE);
      case LARGE_FRAME -> wire.send(H2Wire.DATA, 0, id, new byte[16_385]);
      case BAD_PADDING -> wire.send(H2Wire.DATA, H2Wire.PADDED, id, new byte[] {9, 1});
      case FRAMES_FOR_NOTHING -> {
        ByteBuffer many = ByteBuffer.allocate(9 * 20_000);
        for (int i = 0; i < 20_000; i++) {
          many.putInt(0xFA).put((byte) 0).putInt(0);
        }
        wire.sendBytes(many.array());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void answers502ToWhatIsNotProper(Wrong wrong) throws Exception {
    AtomicInteger connection = new AtomicInteger();
    upstream.script(
        wire -> {
          if (connection.getAndIncrement() > 0) {
            upstream.each(upstream.text("ok")).run(wire);
            return;
          }
          wire.accept();
          H2Wire.Fields head = wire.head();
          try {
            doWrong(wrong, wire, head.id());
          } catch (IOException e) {
            // It was cut off in the middle.
          }
          // What broke the stream only leaves the connection as it was.
          upstream.text("ok").to(wire, wire.head());
          wire.awaitEnd();
        });
    int port = gateway();
    RawReply reply = RawReply.exchange(port, get());
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.text()).isEqualTo("The back end answered with something that is not HTTP.\n");
    // Nobody else is troubled by it.
    assertThat(RawReply.exchange(port, get()).text()).isEqualTo("ok");
  }

  /** Something that is not proper, after an answer has begun. */
  enum WrongLater {
    SHORT,
    LONG,
    FIELDS_TWICE,
    PSEUDO_FIELD_AFTER_A_BODY,
    MORE_THAN_ITS_WINDOW,
    RESET,
    RESET_WITHOUT_ERROR,
    GOAWAY_AND_CLOSE,
    CLOSE,
    STALL
  }

  @ParameterizedTest
  @EnumSource
  void breaksTheConnectionOfAClientWhoseAnswerBreaksOff(WrongLater wrong) throws Exception {
    // REL-11: never a clean short answer.
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        wire -> {
          wire.accept();
          int id = wire.head().id();
          boolean hasLength = wrong == WrongLater.SHORT || wrong == WrongLater.LONG;
          wire.headers(
              id,
              false,
              hasLength
                  ? new String[] {":status: 200", "content-length: 10"}
                  : new String[] {":status: 200"});
          wire.data(id, false, "abc");
          switch (wrong) {
            case SHORT -> wire.data(id, true, "def");
            case LONG -> wire.data(id, true, "defghijklmn");
            case FIELDS_TWICE -> wire.headers(id, false, "x-a: 1");
            case PSEUDO_FIELD_AFTER_A_BODY -> wire.headers(id, true, ":status: 200");
            case MORE_THAN_ITS_WINDOW -> {
              for (int i = 0; i < 200; i++) {
                wire.send(H2Wire.DATA, 0, id, new byte[16_384]);
              }
            }
            case RESET -> wire.reset(id, 8);
            case RESET_WITHOUT_ERROR -> wire.reset(id, 0);
            case GOAWAY_AND_CLOSE -> {
              wire.goAway(id, 0);
              wire.close();
            }
            case CLOSE -> wire.close();
            case STALL -> over.await(20, TimeUnit.SECONDS);
          }
          wire.awaitEnd();
        });
    Changed changed = new Changed();
    changed.read = Duration.ofMillis(300);
    try (Socket socket = RawReply.connect(gateway(changed))) {
      socket.getOutputStream().write(get().getBytes(StandardCharsets.US_ASCII));
      if (wrong == WrongLater.MORE_THAN_ITS_WINDOW) {
        // Nobody makes room meanwhile.
        assertThat(upstream.failures.poll(3, TimeUnit.SECONDS)).isNull();
      }
      RawReply reply = RawReply.read(socket, false);
      assertThat(reply.isComplete()).isFalse();
      if (wrong == WrongLater.LONG) {
        assertThat("abcdefghij").startsWith(reply.body());
      }
    }
    over.countDown();
  }

  // ---- resets ----

  @ParameterizedTest
  @CsvSource({
    // code, method, body, retries, status, requests
    "7, GET,  0,      false, 502, 1",
    "7, POST, 0,      true,  200, 2",
    "7, POST, 100,    true,  200, 2",
    "7, POST, 300000, true,  502, 1",
    "8, GET,  0,      true,  200, 2",
    "8, POST, 0,      true,  502, 1",
    "8, POST, 100,    true,  502, 1",
    "2, GET,  0,      false, 502, 1",
    "0, GET,  0,      false, 502, 1",
    "13, GET, 0,      false, 502, 1"
  })
  void leavesItToTheRouterWhatBecomesOfARequestThatIsReset(
      int code, String method, int body, boolean retries, int status, int requests)
      throws Exception {
    // REL-14: only a stream that was refused has certainly not been processed.
    upstream.script(
        upstream.each(
            (wire, head) -> {
              if (upstream.heads.get() == 1) {
                wire.reset(head.id(), code);
              } else {
                upstream.text("ok").to(wire, head);
              }
            }));
    int port =
        gateway(
            new Changed(),
            RoutePolicies.builder()
                .retries(retries ? RetryPolicy.DEFAULT : RoutePolicies.NONE.retries())
                .build());
    String request = body == 0 ? request(method) : post(text(body));
    assertThat(RawReply.exchange(port, request).status()).isEqualTo(status);
    assertThat(upstream.heads.get()).isEqualTo(requests);
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void resetsTheStreamOfAClientThatGoesAwayAndNothingElse() throws Exception {
    CountDownLatch reset = new CountDownLatch(1);
    upstream.script(
        wire -> {
          wire.accept();
          H2Wire.Fields first = wire.head();
          wire.headers(first.id(), false, ":status: 200");
          wire.socket.setSoTimeout(50);
          for (int i = 0; i < 1_000 && reset.getCount() > 0; i++) {
            wire.data(first.id(), false, "x");
            try {
              if (wire.other(H2Wire.RST_STREAM).number(0) == 8) {
                reset.countDown();
              }
            } catch (SocketTimeoutException e) {
              // Not yet.
            }
          }
          wire.socket.setSoTimeout(20_000);
          upstream.text("ok").to(wire, wire.head());
          wire.awaitEnd();
        });
    int port = gateway();
    try (Socket socket = RawReply.connect(port)) {
      socket.getOutputStream().write(get().getBytes(StandardCharsets.US_ASCII));
      assertThat(RawReply.line(socket.getInputStream())).startsWith("HTTP/1.1 200");
      socket.setSoLinger(true, 0);
    }
    assertThat(reset.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(RawReply.exchange(port, get()).text()).isEqualTo("ok");
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void resetsTheStreamOfAClientThatBreaksOffInItsBody() throws Exception {
    AtomicInteger code = new AtomicInteger();
    CountDownLatch seen = new CountDownLatch(1);
    upstream.script(
        upstream.each(
            (wire, head) -> {
              code.set(wire.rest(head).resetCode());
              seen.countDown();
            }));
    try (Socket socket = RawReply.connect(gateway())) {
      socket
          .getOutputStream()
          .write(post(text(100_000)).substring(0, 60_000).getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(RawReply.read(socket, false).status()).isIn(0, 400);
    }
    assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(code.get()).isEqualTo(8);
  }

  // ---- the end of a connection ----

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void sendsARequestAgainThatMetAConnectionAtItsEnd(String method) throws Exception {
    // RFC 9113, section 6.8; as a stale connection of HTTP/1, REL-17.
    AtomicInteger connection = new AtomicInteger();
    upstream.script(
        wire -> {
          wire.accept();
          if (connection.getAndIncrement() == 0) {
            upstream.text("one").to(wire, wire.head());
            H2Wire.Fields head = wire.head();
            wire.goAway(head.id() - 2, 0);
          } else {
            upstream.text("two").to(wire, wire.head());
          }
          wire.awaitEnd();
        });
    int port = gateway();
    assertThat(RawReply.exchange(port, get()).text()).isEqualTo("one");
    String request = method.equals("GET") ? get() : post("abc");
    assertThat(RawReply.exchange(port, request).text()).isEqualTo("two");
    assertThat(upstream.connections.get()).isEqualTo(2);
  }

  @Test
  void neverSendsAPostTwiceThatMayHaveArrived() throws Exception {
    // The last stream that the back end says it has seen is this one.
    upstream.script(
        wire -> {
          wire.accept();
          upstream.text("one").to(wire, wire.head());
          H2Wire.Fields head = wire.head();
          upstream.heads.incrementAndGet();
          wire.goAway(head.id(), 0);
          wire.close();
        });
    int port = gateway(new Changed(), RoutePolicies.builder().retries(RetryPolicy.DEFAULT).build());
    assertThat(RawReply.exchange(port, get()).text()).isEqualTo("one");
    assertThat(RawReply.exchange(port, post("abc")).status()).isEqualTo(502);
    assertThat(upstream.heads.get()).isEqualTo(1);
  }

  @Test
  void finishesWhatIsUnderWayOnAConnectionThatTakesNoMore() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    AtomicInteger connection = new AtomicInteger();
    upstream.script(
        wire -> {
          wire.accept();
          if (connection.getAndIncrement() > 0) {
            upstream.text("two").to(wire, wire.head());
            second.countDown();
            wire.awaitEnd();
            return;
          }
          H2Wire.Fields head = wire.head();
          wire.goAway(Integer.MAX_VALUE, 0);
          wire.headers(head.id(), false, ":status: 200", "content-length: 6");
          wire.data(head.id(), false, "abc");
          second.await(20, TimeUnit.SECONDS);
          wire.goAway(head.id(), 0);
          wire.data(head.id(), true, "def");
          // Then there is nobody left.
          wire.awaitEnd();
        });
    int port = gateway();
    try (Socket socket = RawReply.connect(port)) {
      socket.getOutputStream().write(get().getBytes(StandardCharsets.US_ASCII));
      assertThat(RawReply.line(socket.getInputStream())).startsWith("HTTP/1.1 200");
      assertThat(RawReply.exchange(port, get()).text()).isEqualTo("two");
      String rest = new String(socket.getInputStream().readNBytes(1), StandardCharsets.US_ASCII);
      while (!rest.endsWith("abcdef")) {
        rest += new String(socket.getInputStream().readNBytes(1), StandardCharsets.US_ASCII);
      }
    }
  }

  @Test
  void takesAnotherConnectionWhenOneWasClosed() throws Exception {
    upstream.script(
        wire -> {
          wire.accept();
          upstream.text("ok").to(wire, wire.head());
          wire.close();
        });
    int port = gateway();
    for (int i = 0; i < 3; i++) {
      int connections = i;
      assertThat(RawReply.exchange(port, get()).text()).isEqualTo("ok");
      // Its end is known at once, because somebody always listens.
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (isListening() && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      assertThat(upstream.connections.get()).isEqualTo(connections + 1);
    }
  }

  private static boolean isListening() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("ingress4j-h2"));
  }

  // ---- time ----

  @Test
  void answers504WhenTheBackEndDoesNotBeginToSpeak() throws Exception {
    upstream.script(H2Wire::awaitEnd);
    Changed changed = new Changed();
    changed.connect = Duration.ofMillis(300);
    RawReply reply = RawReply.exchange(gateway(changed), get());
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.text()).isEqualTo("The back end could not be reached in time.\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 100_000})
  void answers504WhenTheBackEndDoesNotAnswer(int length) throws Exception {
    upstream.script(upstream.each((wire, head) -> wire.rest(head)));
    Changed changed = new Changed();
    changed.read = Duration.ofMillis(300);
    int port = gateway(changed);
    for (int i = 0; i < 2; i++) {
      RawReply reply = RawReply.exchange(port, post(text(length)));
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.text()).isEqualTo("The back end did not answer in time.\n");
    }
    // The stream was given up, and nothing else.
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 100_000})
  void answers504WhenTheBackEndOpensNoWindow(int length) throws Exception {
    upstream.script(
        wire -> {
          wire.isObliging = false;
          wire.accept(4, 10);
          wire.awaitEnd();
        });
    Changed changed = new Changed();
    changed.send = Duration.ofMillis(300);
    assertThat(RawReply.exchange(gateway(changed), post(text(length))).status()).isEqualTo(504);
    assertThat(upstream.connections.get()).isEqualTo(1);
  }

  @Test
  void answers504WhenTheBackEndReadsNothing() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    upstream.script(
        wire -> {
          wire.accept(4, Integer.MAX_VALUE);
          wire.number(H2Wire.WINDOW_UPDATE, 0, Integer.MAX_VALUE - 65_535);
          over.await(30, TimeUnit.SECONDS);
        });
    Changed changed = new Changed();
    changed.send = Duration.ofMillis(300);
    changed.buffersRequest = true;
    RawReply reply = RawReply.exchange(gateway(changed), post(text(30_000_000)));
    over.countDown();
    assertThat(reply.status()).isEqualTo(504);
  }

  @Test
  void waitsForASlowClientAsLongAsTheContainerDoes() throws Exception {
    Changed changed = new Changed();
    changed.read = Duration.ofMillis(200);
    changed.send = Duration.ofMillis(200);
    CountDownLatch begun = new CountDownLatch(1);
    upstream.script(
        upstream.each(
            (wire, head) -> {
              begun.countDown();
              upstream.text("ok").to(wire, head);
            }));
    try (Socket socket = RawReply.connect(gateway(changed))) {
      byte[] bytes = post(text(100_000)).getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(bytes, 0, 50_000);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      // Three times as long as the back end may be silent.
      assertThat(new CountDownLatch(1).await(600, TimeUnit.MILLISECONDS)).isFalse();
      socket.getOutputStream().write(bytes, 50_000, bytes.length - 50_000);
      assertThat(RawReply.read(socket, false).text()).isEqualTo("ok");
    }
  }

  // ---- the beginning of a connection ----

  @Test
  void answers502WhenTheBackEndSpeaksHttp1() throws Exception {
    try (RecordingUpstream http1 = new RecordingUpstream()) {
      http1.script(RecordingUpstream.reply("HTTP/1.1 400 Bad Request\r\n\r\n"));
      List<String> log = new ArrayList<>();
      int port =
          start(
              OneRoute.servlet(new Endpoint("127.0.0.1", http1.port()), new Changed().settings()));
      RawReply reply = Logged.run(log, () -> RawReply.exchange(port, get()));
      assertThat(reply.status()).isEqualTo(502);
      assertThat(reply.text()).isEqualTo("The back end could not be reached.\n");
      assertThat(log)
          .singleElement()
          .asString()
          .matches(
              "no HTTP/2 with default/web:80: what it says does not begin as HTTP/2 does"
                  + " \\(127\\.0\\.0\\.1:[0-9]+\\)");
    }
  }

  @Test
  void answers502WhenTheBackEndClosesAtOnce() throws Exception {
    upstream.script(wire -> {});
    List<String> log = new ArrayList<>();
    int port = gateway();
    assertThat(Logged.run(log, () -> RawReply.exchange(port, get())).status()).isEqualTo(502);
    assertThat(log).singleElement().asString().contains("the connection ends before HTTP/2 begins");
  }

  @Test
  void sharesTheFailureOfAConnectionThatManyWaitFor() throws Exception {
    // One wait of half a second for all, and not one after the other.
    upstream.script(H2Wire::awaitEnd);
    Changed changed = new Changed();
    changed.connect = Duration.ofMillis(500);
    int port = gateway(changed);
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      long start = System.nanoTime();
      List<Future<RawReply>> replies = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        replies.add(clients.submit(() -> RawReply.exchange(port, get())));
      }
      for (Future<RawReply> reply : replies) {
        assertThat(reply.get(20, TimeUnit.SECONDS).status()).isIn(503, 504);
      }
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void answers503WhenAllPlacesAreTaken() throws Exception {
    upstream.script(
        wire -> {
          wire.accept(3, 0);
          wire.awaitEnd();
        });
    Changed changed = new Changed();
    changed.connect = Duration.ofMillis(300);
    assertThat(RawReply.exchange(gateway(changed), get()).status()).isIn(502, 503);
  }
}
