package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hardening, section 4.4 and SEC-34; RFC 9110 section 7.8, RFC 6455 section 4. */
class UpgradeTest {

  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static SimpleRequest.Builder asking(String connection, String upgrade) {
    return view("a.shop", "/").header("Connection", connection).header("Upgrade", upgrade);
  }

  private static SimpleRequest.Builder webSocket() {
    return asking("Upgrade", "websocket")
        .header("Sec-WebSocket-Key", KEY)
        .header("Sec-WebSocket-Version", "13");
  }

  private static List<String> protocols(SimpleRequest.Builder request) {
    Upgrade upgrade = Upgrade.of(request.build());
    return upgrade == null ? List.of() : upgrade.protocols();
  }

  @ParameterizedTest(name = "Connection: {0}, Upgrade: {1}")
  @CsvSource(
      textBlock =
          """
          # Connection,             Upgrade,                        what counts
          upgrade,                  tcp,                            tcp
          'keep-alive , UPGRADE',   SPDY/3.1,                       SPDY/3.1
          upgrade,                  'spdy/3.1 , tcp',               spdy/3.1 tcp
          upgrade,                  ',tcp,,',                       tcp
          upgrade,                  'h2c, tcp',                     tcp
          upgrade,                  h2c,                            ''
          upgrade,                  H2C,                            ''
          'Upgrade, HTTP2-Settings', h2c,                           ''
          upgrade,                  h2c-14,                         ''
          upgrade,                  h2,                             ''
          upgrade,                  h2-17,                          ''
          upgrade,                  h3,                             ''
          upgrade,                  HTTP/2.0,                       ''
          upgrade,                  http,                           ''
          upgrade,                  'TLS/1.2, HTTP/1.1',            ''
          upgrade,                  h2cx,                           h2cx
          keep-alive,               tcp,                            ''
          upgrades,                 tcp,                            ''
          '',                       tcp,                            ''
          upgrade,                  '',                             ''
          upgrade,                  'tcp, a b',                     ''
          upgrade,                  a/b/c,                          ''
          upgrade,                  a/,                             ''
          upgrade,                  /1,                             ''
          upgrade,                  tcp;q=1,                        ''
          upgrade,                  websocket,                      ''
          upgrade,                  'websocket, tcp',               tcp
          """)
  void readsWhatAClientAsksFor(String connection, String upgrade, String expected) {
    assertThat(String.join(" ", protocols(asking(connection, upgrade)))).isEqualTo(expected);
  }

  @Test
  void takesACompleteHandshakeOfAWebSocket() {
    assertThat(protocols(webSocket())).containsExactly("websocket");
    assertThat(
            protocols(
                asking("keep-alive, Upgrade", "WebSocket")
                    .header("Sec-WebSocket-Key", " " + KEY)
                    .header("Sec-WebSocket-Version", "13 ")))
        .containsExactly("WebSocket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZ===",
        "dGhlIHNhbXBsZSBub25jZQ=x",
        "dGhlIHNhbXBsZSBub25-ZQ==",
        "dGhlIHNhbXBsZSBub25jZQAA"
      })
  void asksForNoWebSocketWithoutAProperKey(String key) {
    assertThat(
            protocols(
                asking("Upgrade", "websocket")
                    .header("Sec-WebSocket-Key", key)
                    .header("Sec-WebSocket-Version", "13")))
        .isEmpty();
  }

  @Test
  void asksForNoWebSocketIfTheHandshakeIsNotComplete() {
    assertThat(protocols(webSocket().method("POST"))).isEmpty();
    assertThat(protocols(webSocket().header("Sec-WebSocket-Key", KEY))).isEmpty();
    assertThat(protocols(webSocket().header("Sec-WebSocket-Version", "8"))).isEmpty();
    assertThat(protocols(asking("Upgrade", "websocket").header("Sec-WebSocket-Version", "13")))
        .isEmpty();
    assertThat(protocols(asking("Upgrade", "websocket").header("Sec-WebSocket-Key", KEY)))
        .isEmpty();
    assertThat(
            protocols(
                asking("Upgrade", "websocket")
                    .header("Sec-WebSocket-Key", KEY)
                    .header("Sec-WebSocket-Version", "8")))
        .isEmpty();
    // It has no versions of its own.
    assertThat(
            protocols(
                asking("Upgrade", "websocket/13")
                    .header("Sec-WebSocket-Key", KEY)
                    .header("Sec-WebSocket-Version", "13")))
        .isEmpty();
  }

  /** The back end would not get the field. */
  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key", "sec-websocket-version"})
  void asksForNoWebSocketIfAFieldOfItEndsHere(String option) {
    assertThat(
            protocols(
                asking("Upgrade, " + option, "websocket")
                    .header("Sec-WebSocket-Key", KEY)
                    .header("Sec-WebSocket-Version", "13")))
        .isEmpty();
  }

  @Test
  void asksForNothingWithABodyOrInAnotherVersionOrInSeveralLines() {
    assertThat(protocols(webSocket().httpVersion("1.0"))).isEmpty();
    assertThat(protocols(webSocket().httpVersion("2"))).isEmpty();
    assertThat(protocols(webSocket().bodyLength(1))).isEmpty();
    assertThat(protocols(webSocket().bodyLength(-1))).isEmpty();
    assertThat(protocols(webSocket().header("Transfer-Encoding", "chunked"))).isEmpty();
    assertThat(protocols(webSocket().header("Upgrade", "tcp"))).isEmpty();
    assertThat(protocols(view("a.shop", "/"))).isEmpty();
    assertThat(protocols(asking("upgrade", "tcp").method("POST").header("Content-Length", "0")))
        .containsExactly("tcp");
  }

  @Test
  void keepsOnlyTheProtocolsThatMayBeSwitchedTo() {
    Upgrade upgrade = new Upgrade(List.of("SPDY/3.1", "tcp"));
    assertThat(upgrade.among(Set.of("tcp", "spdy"))).isSameAs(upgrade);
    assertThat(upgrade.among(Set.of("spdy"))).isEqualTo(new Upgrade(List.of("SPDY/3.1")));
    assertThat(upgrade.among(Set.of("websocket"))).isNull();
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new Upgrade(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an upgrade needs a protocol");
  }

  /** SEC-37: an unexpected 101 is none. */
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      textBlock =
          """
          # status | fields                                                              | protocol
          101 | Upgrade: tcp; Connection: Upgrade                                        | tcp
          101 | Upgrade: TCP; Connection: keep-alive, upgrade                            | TCP
          101 | Upgrade: websocket; Connection: upgrade; Sec-WebSocket-Accept: x         | websocket
          101 | Upgrade: websocket; Connection: upgrade                                  | none
          101 | Upgrade: websocket; Connection: upgrade; Sec-WebSocket-Accept:           | none
          101 | Upgrade: websocket; Connection: upgrade; Sec-WebSocket-Accept: x; Sec-WebSocket-Accept: y | none
          101 | Upgrade: h2c; Connection: upgrade                                        | none
          101 | Upgrade: tcp/2; Connection: upgrade                                      | none
          101 | Upgrade: tcp, websocket; Connection: upgrade; Sec-WebSocket-Accept: x    | none
          101 | Upgrade: tcp; Upgrade: tcp; Connection: upgrade                          | none
          101 | Connection: upgrade                                                      | none
          101 | Upgrade: tcp                                                             | none
          101 | Upgrade: tcp; Connection: close                                          | none
          101 | Upgrade: tcp; Connection: upgrade; Content-Length: 0                     | none
          101 | Upgrade: tcp; Connection: upgrade; Transfer-Encoding: chunked            | none
          200 | Upgrade: tcp; Connection: upgrade                                        | none
          426 | Upgrade: tcp; Connection: upgrade                                        | none
          """)
  void knowsTheProtocolThatAnAnswerSwitchesTo(
      int status, String fields, @Nullable String protocol) {
    String[] lines =
        Arrays.stream(fields.split(";", -1))
            .map(line -> line.trim().endsWith(":") ? line.trim() + " " : line.trim())
            .toArray(String[]::new);
    assertThat(new Upgrade(List.of("websocket", "tcp")).chosenBy(TestReply.of(status, lines)))
        .isEqualTo(protocol);
  }
}
