package io.github.ingress4j.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SEC-10, and ingress-nginx section 4.1 for NGINX. */
@NullMarked
class RequestMethodTest {

  @ParameterizedTest(name = "\"{0}\": {1}, nginx {2}")
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # method,  STRICT, NGINX
          GET,       -,      -
          HEAD,      -,      -
          PURGE,     -,      -
          M-SEARCH,  -,      -
          A_B,       -,      -
          COPY,      -,      -
          get,       -,      400
          connect,   -,      400
          trace,     -,      400
          G1,        -,      400
          !#$%&*+-.^_`|~, -,   400
          '',        400,    400
          ' GET',    400,    400
          G T,       400,    400
          G/T,       400,    400
          G@,        400,    400
          'GET\u0000', 400,  400
          'GÉT',     400,    400
          'GET\u212a', 400,  400
          CONNECT,   501,    405
          TRACE,     405,    405
          TRACK,     405,    -
          TRACES,    -,      -
          CONNECTED, -,      -
          """)
  void acceptsTokensButNoTunnelsAndNoEchoes(
      String method, @Nullable Integer strict, @Nullable Integer nginx) {
    assertThat(status(method, PathPolicy.STRICT)).isEqualTo(strict);
    assertThat(status(method, PathPolicy.NGINX)).isEqualTo(nginx);
  }

  private static @Nullable Integer status(String method, PathPolicy policy) {
    Refusal refusal = RequestMethod.refusal(method, policy);
    return refusal == null ? null : refusal.kind().status();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''      | STRICT | MALFORMED          | The request has an empty method; a request begins with a method such as GET.
          G(      | STRICT | MALFORMED          | The method "G(" holds a "(", which no method can; send a method such as GET.
          get     | NGINX  | MALFORMED          | The method "get" holds a "g"; methods are upper-case letters, "-" and "_", such as GET.
          CONNECT | STRICT | NOT_IMPLEMENTED    | CONNECT asks for a tunnel, which this router does not make; send the request itself with a path.
          TRACE   | NGINX  | METHOD_NOT_ALLOWED | TRACE is not allowed on any path; use GET or another method of the application.
          """)
  void explainsWhy(String method, PathPolicy policy, Refusal.Kind kind, String explanation) {
    assertThat(RequestMethod.refusal(method, policy)).isEqualTo(new Refusal(kind, explanation));
  }
}
