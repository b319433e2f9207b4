package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths of rules in the form of the paths of requests. */
@NullMarked
class RuleFormTest {

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      nullValues = "-",
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          # rule,              form
          /,                   /
          '',                  /
          /a/b/,               /a/b/
          /a b,                /a%20b
          /a?b#c,              /a%3Fb%23c
          /café,               /caf%C3%A9
          /caf%c3%a9,          /caf%C3%A9
          /日本/😀,             /%E6%97%A5%E6%9C%AC/%F0%9F%98%80
          '/"<>[]^`{|}',       /%22%3C%3E%5B%5D%5E%60%7B%7C%7D
          /a\\b,                /a%5Cb
          /%7Eme/%2d%41,       /~me/-A
          /a%2fb,              /a%2Fb
          /100%25,             /100%25
          /*,                  /*
          /{id}/(.*)$,         /%7Bid%7D/(.*)$
          /a;v=1,              /a;v=1
          /a//b,               /a/b
          /a/./b/../c,         /a/c
          /a/..,               /
          /..,                 -
          /a/../../b,          -
          /%2e%2e,             -
          /%2e,                -
          /a/%252e%252e/b,     -
          /a/..;/b,            -
          /a/;/b,              -
          /%zz,                -
          /%,                  -
          /%00,                -
          /%0a,                -
          /%ff,                -
          /%C3/é,              -
          a,                   -
          *,                   -
          """)
  void isTheFormOfARequestThatMatches(String rulePath, @Nullable String form) {
    assertThat(RequestTarget.ruleForm(rulePath, PathPolicy.STRICT)).isEqualTo(form);
  }

  @Test
  void doesNotExistForControlsHalfPairsAndEndlessPaths() {
    for (String path :
        new String[] {"/a\nb", "/\0", "/\u007f", "/\ud800", "/\udc00x", "/\ud83dx"}) {
      assertThat(RequestTarget.ruleForm(path, PathPolicy.STRICT)).isNull();
    }
    assertThat(RequestTarget.ruleForm("/" + " ".repeat(2730), PathPolicy.STRICT)).hasSize(8191);
    assertThat(RequestTarget.ruleForm("/" + " ".repeat(2731), PathPolicy.STRICT)).isNull();
    assertThat(RequestTarget.ruleForm("/a".repeat(257), PathPolicy.STRICT)).isNull();
  }

  /** Ingress-nginx section 4.1: paths in the manifest are neither decoded nor normalised. */
  @ParameterizedTest
  @CsvSource({"/e%20x", "/a//b/../c", "/q?x", "/%zz", "''", "a b"})
  void staysAsWrittenForNginx(String rulePath) {
    assertThat(RequestTarget.ruleForm(rulePath, PathPolicy.NGINX)).isSameAs(rulePath);
  }

  @Test
  void isInBytesForNginx() {
    assertThat(RequestTarget.ruleForm("/café", PathPolicy.NGINX)).isEqualTo("/caf\u00c3\u00a9");
    assertThat(RequestTarget.ruleForm("/\ud800", PathPolicy.NGINX)).isNull();
  }
}
