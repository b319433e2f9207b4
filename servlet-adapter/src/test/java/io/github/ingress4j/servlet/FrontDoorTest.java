package io.github.ingress4j.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.policy.SimpleRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before the router is asked (hardening 4.4, SEC-15, SEC-35, SEC-61). */
final class FrontDoorTest {

  private static int status(SimpleRequest.Builder request) {
    Answer refusal = FrontDoor.refusal(request.build());
    return refusal == null ? 200 : refusal.status();
  }

  @ParameterizedTest(name = "HTTP/{0} with {1}: {2} is {3}")
  @CsvSource(
      textBlock =
          """
          # version, name,              value,             status
          1.1,       Transfer-Encoding, chunked,           200
          1.1,       Transfer-Encoding, CHUNKED,           200
          1.0,       Transfer-Encoding, chunked,           400
          2,         Transfer-Encoding, chunked,           400
          1.1,       Transfer-Encoding, xchunked,          400
          1.1,       Transfer-Encoding, 'gzip, chunked',   400
          1.1,       Transfer-Encoding, chunked;q=1,       400
          1.1,       Content-Length,    10,                200
          1.1,       Content-Length,    +10,               400
          1.1,       Content-Length,    '10, 10',          400
          1.1,       Content-Length,    '',                400
          1.1,       Content-Length,    1234567890123456789, 400
          1.1,       Expect,            100-Continue,      200
          1.1,       Expect,            tea,               417
          1.1,       A B,               x,                 400
          1.1,       '',                x,                 400
          1.1,       X-Any,             plain,             200
          """)
  void judgesFramingAndExpectations(String version, String name, String value, int status) {
    assertThat(status(SimpleRequest.builder().httpVersion(version).header(name, value)))
        .isEqualTo(status);
  }

  @Test
  void refusesTwoFramings() {
    assertThat(
            status(
                SimpleRequest.builder()
                    .header("Transfer-Encoding", "chunked")
                    .header("Content-Length", "3")))
        .isEqualTo(400);
    assertThat(
            status(
                SimpleRequest.builder()
                    .header("Transfer-Encoding", "chunked")
                    .header("Transfer-Encoding", "chunked")))
        .isEqualTo(400);
    assertThat(
            status(
                SimpleRequest.builder()
                    .header("Content-Length", "3")
                    .header("Content-Length", "3")))
        .isEqualTo(400);
  }

  @Test
  void refusesControlCharactersAndWideCharacters() {
    for (String value : List.of("a\rb", "a\nb", "a\u0000b", "a\u007fb", "a\u0100b")) {
      assertThat(status(SimpleRequest.builder().header("X", value))).isEqualTo(400);
    }
    assertThat(status(SimpleRequest.builder().header("X", "a\tb \u00ff"))).isEqualTo(200);
  }

  @Test
  void refusesMoreHeadersThanAnyoneSends() {
    SimpleRequest.Builder large = SimpleRequest.builder();
    for (int i = 0; i < 5; i++) {
      large.header("X-" + i, "y".repeat(14_000));
    }
    assertThat(status(large)).isEqualTo(431);
    assertThat(status(SimpleRequest.builder().header("X", "y".repeat(17_000)))).isEqualTo(431);
  }

  /** A request of which only the given answers are known; every other question is null or 0. */
  private static HttpServletRequest request(Map<String, Object> answers) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            FrontDoorTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
              Object answer = answers.get(method.getName());
              if (answer != null) {
                return answer;
              }
              return switch (method.getName()) {
                case "getHeaders", "getHeaderNames" -> Collections.emptyEnumeration();
                case "getContentLengthLong" -> -1L;
                case "getLocalPort", "getServerPort" -> -1;
                case "isSecure" -> false;
                case "getMethod" -> "GET";
                default -> null;
              };
            });
  }

  private static ServletRequestView view(String protocol, Map<String, Object> answers) {
    Map<String, Object> all = new HashMap<>(answers);
    all.put("getProtocol", protocol);
    all.putIfAbsent("getRequestURI", "/");
    return new ServletRequestView(request(all));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "::1, ::1",
    "[::1], ::1",
    "fe80::1%eth0, fe80::1",
    "[fe80::1%2], fe80::1"
  })
  void readsTheClientsAddressWithoutBracketsAndZone(String address, String plain) {
    assertThat(view("HTTP/1.1", Map.of("getRemoteAddr", address)).clientAddress()).isEqualTo(plain);
    assertThat(view("HTTP/1.1", Map.of()).clientAddress()).isEqualTo("0.0.0.0");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/2.0, a.test, 80, false, a.test",
    "HTTP/2, a.test, 443, true, a.test",
    "HTTP/3.0, a.test, 8443, true, a.test:8443",
    "HTTP/3, ::1, 80, false, [::1]",
    "HTTP/2.0, [::1], -1, false, [::1]",
    "HTTP/2.0, '', 80, false, ",
    "HTTP/1.1, a.test, 80, false, "
  })
  void buildsTheHostOfHttp2FromItsParts(
      String protocol, String name, int port, boolean isSecure, @Nullable String host) {
    ServletRequestView view =
        view(protocol, Map.of("getServerName", name, "getServerPort", port, "isSecure", isSecure));
    assertThat(view.hosts()).isEqualTo(host == null ? List.of() : List.of(host));
    assertThat(view.scheme()).isEqualTo(isSecure ? "https" : "http");
    assertThat(view.localPort()).isEqualTo(isSecure ? 443 : 80);
    assertThat(view.bodyLength()).isEqualTo(protocol.equals("HTTP/1.1") ? 0 : -1);
    assertThat(view.tlsServerName()).isNull();
    assertThat(view.clientCertificate()).isNull();
  }

  @Test
  void bringsDecodedBytesBack() {
    ServletRequestView view =
        view("HTTP/1.0", Map.of("getRequestURI", "/\u20ac", "getQueryString", "a=\u00e9"));
    assertThat(view.target()).isEqualTo("/\u00e2\u0082\u00ac?a=\u00c3\u00a9");
    assertThat(view.httpVersion()).isEqualTo("1.0");
    assertThat(view("HTTP/0.9", Map.of()).httpVersion()).isEqualTo("HTTP/0.9");
    assertThat(view.method()).isEqualTo("GET");
  }
}
