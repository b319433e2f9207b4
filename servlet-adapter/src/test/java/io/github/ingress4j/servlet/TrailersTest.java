package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SEC-34, SEC-23; RFC 9110 section 6.5.1. */
final class TrailersTest {

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "X-Sum, true",
    "grpc-status, true",
    "Server-Timing, true",
    "ETag, true",
    "X-Routed, false",
    "Host, false",
    "Content-Length, false",
    "content-encoding, false",
    "Transfer-Encoding, false",
    "Trailer, false",
    "Connection, false",
    "Proxy-Authenticate, false",
    "Authorization, false",
    "Cookie, false",
    "Set-Cookie, false",
    "If-Match, false",
    "Access-Control-Allow-Origin, false",
    "X-Forwarded-For, false",
    "X_Forwarded_For, false",
    "Ssl-Client-Verify, false",
    "X_Sum, false",
    "A B, false",
    "'', false"
  })
  void passesWhatNobodyCouldTakeForAFieldOfTheHead(String name, boolean passes) {
    List<Header> sent = Trailers.ofRequest(Map.of(name, "1"), "X-Routed"::equals);
    assertThat(sent).hasSize(passes ? 1 : 0);
    Map<String, String> got =
        Trailers.ofReply(new Header[] {new BasicHeader(name, "1")}, "X-Routed"::equals);
    assertThat(got).hasSize(passes ? 1 : 0);
  }

  @Test
  void leavesOutValuesThatNoFieldMayHave() {
    assertThat(Trailers.ofRequest(Map.of("X-Sum", "a\rb"), name -> false)).isEmpty();
    assertThat(Trailers.ofReply(new Header[] {new BasicHeader("X-Sum", "a\u0000b")}, name -> false))
        .isEmpty();
  }

  @Test
  void passesABoundedNumberOfThem() {
    Map<String, String> many = new LinkedHashMap<>();
    Header[] fields = new Header[200];
    for (int i = 0; i < 200; i++) {
      many.put("X-" + i, "1");
      fields[i] = new BasicHeader("X-" + i, "1");
    }
    assertThat(Trailers.ofRequest(many, name -> false)).hasSize(100);
    assertThat(Trailers.ofReply(fields, name -> false)).hasSize(100);
    assertThat(Trailers.ofRequest(Map.of("X-Sum", "y".repeat(20_000)), name -> false)).isEmpty();
  }

  @Test
  void joinsSeveralLinesOfOneName() {
    assertThat(
            Trailers.ofReply(
                new Header[] {new BasicHeader("X-A", "1"), new BasicHeader("x-a", "2")},
                name -> false))
        .containsExactly(Map.entry("x-a", "1, 2"));
  }

  @ParameterizedTest
  @CsvSource({"trailers, true", "'gzip;q=1, Trailers', true", "gzip, false", "trailersx, false"})
  void knowsWhetherAClientTakesThem(String te, boolean taken) {
    assertThat(Trailers.areTaken(List.of(te))).isEqualTo(taken);
    assertThat(Trailers.areTaken(List.of())).isFalse();
  }
}
