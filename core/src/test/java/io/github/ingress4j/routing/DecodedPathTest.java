package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What regular expressions see of a canonical path: hardening.md, SEC-20 and SEC-21. */
class DecodedPathTest {

  @ParameterizedTest(name = "{0} is {1}, normal: {2}")
  @CsvSource(
      textBlock =
          """
          /a/b,          /a/b,      true
          /,             /,         true
          /a/,           /a/,       true
          /a%20b,        /a b,      true
          /a%2Fb,        /a/b,      true
          /a%3Fb,        /a?b,      true
          /%2E%2E%3F,    /..?,      true
          /...,          /...,      true
          /a/%2Fb,       /a//b,     false
          /a%2F,         /a/,       true
          /%2F,          //,        false
          /%2F%2F,       ///,       false
          /a%2F..,       /a/..,     false
          /a%2F.%2Fb,    /a/./b,    false
          /100%25,       /100%,     true
          /%zz,          /%zz,      true
          """)
  void decodes(String path, String text, boolean normal) {
    DecodedPath decoded = DecodedPath.of(path);

    assertThat(decoded.text()).isEqualTo(text);
    assertThat(decoded.isNormal()).isEqualTo(normal);
    assertThat(decoded.originOf(text.length())).isEqualTo(path.length());
    assertThat(decoded).hasToString(Octets.quote(text));
  }

  @Test
  void refusesNul() {
    assertThat(DecodedPath.of("/a%00").isNormal()).isFalse();
  }

  /** Each character comes from the span between its origin and the next. */
  @Property
  void leadsBack(@ForAll @CharRange(from = '\0', to = '\u00FF') String text) {
    StringBuilder path = new StringBuilder("/");
    for (int i = 0; i < text.length(); i++) {
      if (Octets.isPchar(text.charAt(i))) {
        path.append(text.charAt(i));
      } else {
        Octets.appendEscape(path, text.charAt(i));
      }
    }
    DecodedPath decoded = DecodedPath.of(path.toString());

    assertThat(decoded.text()).isEqualTo("/" + text);
    StringBuilder again = new StringBuilder();
    for (int i = 0; i < decoded.text().length(); i++) {
      String span = path.substring(decoded.originOf(i), decoded.originOf(i + 1));
      again.append(CanonicalPath.decode(span));
    }
    assertThat(again).hasToString("/" + text);
  }

  @Test
  void copiesNothingWithoutEscapes() {
    String path = "/a/b";

    assertThat(DecodedPath.of(path).text()).isSameAs(path);
    assertThat(DecodedPath.of(path).originOf(2)).isEqualTo(2);
    assertThatThrownBy(() -> DecodedPath.of(path).originOf(5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> DecodedPath.of("/%41").originOf(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Under NGINX the path is decoded before it is matched, and only once (4.1). */
  @Test
  void decodesOnce() {
    assertThat(RequestTarget.parse("/a%2541%20?x", PathPolicy.NGINX).decoded().text())
        .isEqualTo("/a%41 ");
    assertThat(RequestTarget.parse("/a%2541%20?x", PathPolicy.STRICT).decoded().text())
        .isEqualTo("/a%41 ");
    assertThat(RequestTarget.parse("/a", PathPolicy.NGINX).decoded().isNormal()).isTrue();
  }
}
