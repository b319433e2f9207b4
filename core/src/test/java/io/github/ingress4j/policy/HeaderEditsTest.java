package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderEditsTest {

  @Test
  void collectsChangesWithoutRegardToCase() {
    HeaderEdits edits =
        HeaderEdits.builder()
            .set("X-A", "1")
            .set("x-a", "2")
            .add("Set-Cookie", "a=1")
            .add("set-cookie", "b=2")
            .remove("X-B")
            .remove("X-A")
            .build();

    assertThat(edits.asMap())
        .containsEntry("X-A", List.of("2"))
        .containsEntry("Set-Cookie", List.of("a=1", "b=2"))
        .containsEntry("X-B", List.of())
        .hasSize(3);
    assertThat(edits.covers("x-b")).isTrue();
    assertThat(edits.covers("x-c")).isFalse();
    assertThat(edits).hasToString("{Set-Cookie=[a=1, b=2], X-A=[2], X-B=[]}");
    assertThat(HeaderEdits.NONE.asMap()).isEmpty();
  }

  /** SEC-36: Set-Cookie lines of the other side stay beside ours. */
  @Test
  void appendsLinesBesideThoseOfTheMessage() {
    HeaderEdits edits =
        HeaderEdits.builder()
            .append("Set-Cookie", "a=1")
            .append("set-cookie", "b=2")
            .set("X-Set", "1")
            .append("X-Set", "2")
            .remove("X-Gone")
            .append("X-Gone", "1")
            .append("X-Replaced", "1")
            .set("X-Replaced", "2")
            .append("X-Alone", "1")
            .remove("X-Alone")
            .append("X-Added", "1")
            .add("X-Added", "2")
            .set("X-Cleared", "1")
            .clear("X-Cleared")
            .build();

    assertThat(edits.appended()).containsExactly("Set-Cookie");
    assertThat(edits.asMap())
        .containsEntry("Set-Cookie", List.of("a=1", "b=2"))
        .containsEntry("X-Set", List.of("1", "2"))
        .containsEntry("X-Gone", List.of("1"))
        .containsEntry("X-Replaced", List.of("2"))
        .containsEntry("X-Alone", List.of("1"))
        .containsEntry("X-Added", List.of("1", "2"))
        .containsEntry("X-Cleared", List.of())
        .hasSize(7);
    assertThat(edits.covers("SET-COOKIE")).isFalse();
    assertThat(List.of("X-Set", "X-Gone", "X-Replaced", "X-Alone", "X-Added", "x-cleared"))
        .allMatch(edits::covers);
  }

  /** SEC-23: no control character and nothing above U+00FF leaves in any header. */
  @ParameterizedTest
  @ValueSource(chars = {'\r', '\n', '\0', '\u001b', '\u007f', '\u0100', '\u010d'})
  void refusesValuesThatCouldSplitAMessage(char c) {
    assertThatThrownBy(() -> HeaderEdits.builder().set("Location", "/a" + c + "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the value of header Location holds a character that no header may hold, at index 2");
    assertThatThrownBy(() -> HeaderEdits.builder().add("Location", "/a" + c + "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HeaderEdits.builder().append("Location", "/a" + c + "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\n", "é", "a/b"})
  void refusesNamesThatAreNoTokens(String name) {
    assertThatThrownBy(() -> HeaderEdits.builder().set(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a header name must be a token of RFC 9110");
  }

  @Property
  void acceptsExactlyWhatAHeaderMayHold(@ForAll String value) {
    boolean isLegal =
        value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7F && c <= 0xFF));
    boolean isAccepted;
    try {
      HeaderEdits.builder().set("X", value);
      isAccepted = true;
    } catch (IllegalArgumentException e) {
      isAccepted = false;
    }

    assertThat(isAccepted).isEqualTo(isLegal);
  }

  /** SEC-34: fields that end at this hop. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "Connection,          true",
    "keep-alive,          true",
    "Proxy-Authorization, true",
    "Proxy-Connection,    true",
    "TE,                  true",
    "Trailer,             true",
    "Transfer-Encoding,   true",
    "UPGRADE,             true",
    "HTTP2-Settings,      true",
    "Proxy,               true",
    "Proxied,             false",
    "Host,                false",
    "Content-Length,      false",
    "Cookie,              false",
  })
  void knowsFieldsOfOneHop(String name, boolean isHopByHop) {
    assertThat(HeaderName.isHopByHop(name)).isEqualTo(isHopByHop);
  }

  /** SEC-34: names in Connection cannot remove Host, framing or managed headers. */
  @ParameterizedTest(name = "{0} named by \"{1}\": {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "X-A             | close, x-a          | true",
        "X-A             | x-ab                | false",
        "X-A             | x-a , close         | true",
        "Host            | host                | false",
        "Content-Length  | content-length      | false",
        "X-Forwarded-For | x-forwarded-for     | false",
        "x_forwarded_for | x_forwarded_for     | false",
        "Authorization   | authorization       | false",
        "Cookie          | cookie              | false",
      })
  void knowsWhatConnectionTakesAway(String name, String connection, boolean isTaken) {
    assertThat(HeaderName.isConnectionOption(name, List.of("keep-alive", connection)))
        .isEqualTo(isTaken);
    assertThat(HeaderName.isConnectionOption(name, List.of())).isFalse();
  }
}
