package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first message of a client: RFC 8446 section 4.1.2, RFC 6066 section 3. */
final class ClientHelloTest {

  /** What the JDK's client says first. */
  static byte[] hello(@Nullable String name, String... protocols) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
    parameters.setProtocols(protocols);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  @ParameterizedTest
  @CsvSource({"a.shop.test", "A.Shop.Test", "xn--bcher-kva.test", ","})
  void findsTheNameThatTheClientAsksFor(@Nullable String name) throws Exception {
    for (String[] protocols : List.of(new String[] {"TLSv1.2"}, new String[] {"TLSv1.3"})) {
      ByteBuffer hello = ByteBuffer.wrap(hello(name, protocols));
      assertThat(ClientHello.read(hello)).isEqualTo(new ClientHello(true, name));
      assertThat(hello.position()).isZero();
    }
  }

  @Test
  void waitsForTheWholeMessage() throws Exception {
    byte[] hello = hello("a.shop.test", "TLSv1.3", "TLSv1.2");
    for (int length = 0; length < hello.length; length++) {
      assertThat(ClientHello.read(ByteBuffer.wrap(hello, 0, length)).isComplete())
          .as("after %d bytes", length)
          .isFalse();
    }
    byte[] more = Arrays.copyOf(hello, hello.length + 20);
    assertThat(ClientHello.read(ByteBuffer.wrap(more)).serverName()).isEqualTo("a.shop.test");
  }

  @Test
  void putsAMessageTogetherThatComesInSeveralRecords() throws Exception {
    byte[] hello = hello("a.shop.test", "TLSv1.3");
    for (int size : new int[] {1, 3, 100}) {
      ByteArrayOutputStream records = new ByteArrayOutputStream();
      for (int at = 5; at < hello.length; at += size) {
        int length = Math.min(size, hello.length - at);
        records.writeBytes(new byte[] {22, 3, 1, 0, (byte) length});
        records.write(hello, at, length);
      }
      byte[] bytes = records.toByteArray();
      assertThat(ClientHello.read(ByteBuffer.wrap(bytes)).serverName()).isEqualTo("a.shop.test");
      assertThat(ClientHello.read(ByteBuffer.wrap(bytes, 0, bytes.length - 1)).isComplete())
          .isFalse();
    }
  }

  @Test
  void leavesWhatIsNoHelloToTheEngine() {
    for (String text : List.of("GET / HTTP/1.1\r\n\r\n", "G", "\0\0\0\0\0", "\u0015\3\1\0\2\2\0")) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(ClientHello.read(bytes)).isEqualTo(new ClientHello(true, null));
    }
    // Another message of the handshake than the first one.
    ByteBuffer finished = ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 4, 20, 0, 0, 0});
    assertThat(ClientHello.read(finished)).isEqualTo(new ClientHello(true, null));
  }

  @Test
  void takesAnyBytes() throws Exception {
    byte[] hello = hello("a.shop.test", "TLSv1.3", "TLSv1.2");
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = hello.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      ClientHello read =
          ClientHello.read(ByteBuffer.wrap(changed, 0, random.nextInt(changed.length + 1)));
      assertThat(read.serverName() == null || read.isComplete()).isTrue();
    }
  }
}
