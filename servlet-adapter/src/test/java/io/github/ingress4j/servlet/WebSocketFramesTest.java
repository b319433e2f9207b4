package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 5.2. */
final class WebSocketFramesTest {

  private static byte[] frame(int first, int length, boolean isMasked) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int mask = isMasked ? 0x80 : 0;
    out.write(first);
    if (length < 126) {
      out.write(mask | length);
    } else if (length < 65536) {
      out.write(mask | 126);
      out.write(length >> 8);
      out.write(length);
    } else {
      out.write(mask | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) length >> shift));
      }
    }
    out.writeBytes(new byte[length + (isMasked ? 4 : 0)]);
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, 70000})
  void endsWithTheLastByteOfAFrame(int length) {
    for (boolean isMasked : new boolean[] {false, true}) {
      byte[] bytes = frame(0x82, length, isMasked);
      WebSocketFrames frames = new WebSocketFrames();
      assertThat(frames.isBetween()).isTrue();
      assertThat(frames.next(bytes, 0, bytes.length - 1)).isEqualTo(bytes.length - 1);
      assertThat(frames.isBetween()).isFalse();
      assertThat(frames.next(bytes, bytes.length - 1, bytes.length)).isEqualTo(bytes.length);
      assertThat(frames.isBetween()).isTrue();
      assertThat(frames.isClosing()).isFalse();
    }
  }

  @Test
  void findsTheSameEndsHoweverTheBytesCome() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      List<Integer> ends = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        all.writeBytes(frame(0x81, random.nextInt(300), random.nextBoolean()));
        ends.add(all.size());
      }
      byte[] bytes = all.toByteArray();
      WebSocketFrames frames = new WebSocketFrames();
      List<Integer> found = new ArrayList<>();
      int at = 0;
      while (at < bytes.length) {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(100));
        at = frames.next(bytes, at, to);
        if (frames.isBetween()) {
          found.add(at);
        }
      }
      assertThat(found).isEqualTo(ends);
    }
  }

  @Test
  void knowsTheFrameThatEndsIt() {
    WebSocketFrames frames = new WebSocketFrames();
    byte[] bytes = frame(0x88, 2, false);
    frames.next(bytes, 0, bytes.length - 1);
    assertThat(frames.isClosing()).isFalse();
    frames.next(bytes, bytes.length - 1, bytes.length);
    assertThat(frames.isClosing()).isTrue();
  }
}
