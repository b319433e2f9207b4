package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.template;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.policy.ResponseHeaders.TransportSecurity;
import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, sections 9.5 and 10. */
class ResponseHeadersTest {

  private static CanonicalRequest request(String scheme) {
    return canonical(view("a.shop", "/x?y=1").scheme(scheme).build(), PathPolicy.STRICT);
  }

  private static ResponseHeaders hsts(TransportSecurity security) {
    return new ResponseHeaders(Map.of(), Map.of(), List.of(), false, security);
  }

  /** Section 10: values of add-headers expand variables, those of custom-headers do not. */
  @Test
  void expandsWhatIsAddedAndSendsWhatIsCustomAsItIs() {
    ResponseHeaders headers =
        new ResponseHeaders(
            Map.of("X-Uri", template("$scheme $request_uri"), "X-None", template("$http_none")),
            Map.of("X-Raw", "$scheme é", "X-Gone", ""),
            List.of(),
            false,
            null);

    assertThat(headers.apply(request("http")))
        .hasToString("{X-Gone=[], X-None=[], X-Raw=[$scheme Ã©], X-Uri=[http /x?y=1]}");
  }

  /** Section 10: an answer of the router gets the same bytes; a closed route knows no literals. */
  @Test
  void addsTheSameToAnswersOfTheRouter() {
    ResponseHeaders headers =
        new ResponseHeaders(
            Map.of("X-Uri", template("$scheme")),
            Map.of("X-Raw", "é"),
            List.of("X-Powered-By"),
            true,
            null);

    assertThat(own(headers, false)).hasToString("{X-Raw=[Ã©], X-Uri=[http]}");
    assertThat(own(headers, true)).hasToString("{X-Uri=[http]}");
  }

  private static HeaderEdits own(ResponseHeaders headers, boolean isClosed) {
    HeaderEdits.Builder edits = HeaderEdits.builder();
    headers.addOwnTo(edits, request("http"), isClosed);
    return edits.build();
  }

  /** Section 10: hidden is what the back end says, not what is set here. */
  @Test
  void hidesOnlyWhatIsNotSet() {
    ResponseHeaders headers =
        new ResponseHeaders(
            Map.of("X-A", template("1")), Map.of(), List.of("x-a", "X-Powered-By"), true, null);

    assertThat(headers.apply(request("http"))).hasToString("{Server=[], X-A=[1], X-Powered-By=[]}");
    assertThat(
            new ResponseHeaders(Map.of(), Map.of("Server", "mine"), List.of(), true, null)
                .apply(request("http")))
        .hasToString("{Server=[mine]}");
    assertThat(ResponseHeaders.NONE.apply(request("https")).asMap()).isEmpty();
  }

  /** Section 9.5: by the connection, whatever the host. */
  @ParameterizedTest(name = "{0}, subdomains {1}, preload {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "31536000 | true  | false | max-age=31536000; includeSubDomains",
        "31536000 | true  | true  | max-age=31536000; includeSubDomains; preload",
        "0        | false | false | max-age=0",
        "60       | false | true  | max-age=60; preload",
      })
  void tellsBrowsersToStayWithTls(
      String maxAge, boolean includesSubdomains, boolean isPreloaded, String value) {
    ResponseHeaders headers = hsts(new TransportSecurity(maxAge, includesSubdomains, isPreloaded));

    assertThat(headers.apply(request("https")).asMap())
        .isEqualTo(Map.of("Strict-Transport-Security", List.of(value)));
    assertThat(headers.apply(request("https")).covers("strict-transport-security")).isTrue();
    assertThat(headers.apply(request("http")).asMap()).isEmpty();
  }

  @Test
  void letsTheLaterOfTwoWin() {
    ResponseHeaders headers =
        new ResponseHeaders(
            Map.of("Strict-Transport-Security", template("max-age=1"), "X-A", template("1")),
            Map.of("x-a", "2"),
            List.of(),
            false,
            TransportSecurity.DEFAULT);

    assertThat(headers.apply(request("https")))
        .hasToString("{Strict-Transport-Security=[max-age=1], X-A=[2]}");
  }

  /** SEC-23: a decoded path can hold a line break. */
  @Test
  void escapesControlsThatAVariableHolds() {
    ResponseHeaders headers =
        new ResponseHeaders(Map.of("X-A", template("$uri")), Map.of(), List.of(), false, null);

    assertThat(headers.apply(canonical(view("a.shop", "/a%0d%0ab").build(), PathPolicy.NGINX)))
        .hasToString("{X-A=[/a%0D%0Ab]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length", "transfer-encoding", "Connection", "Proxy-X", "X A", "", "X:"})
  void refusesWhatBelongsToTheConnection(String name) {
    assertThat(HeaderName.isSettable(name)).isFalse();
    assertThatThrownBy(
            () -> new ResponseHeaders(Map.of(), Map.of(name, "1"), List.of(), false, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a header name must be a token of RFC 9110 and must not belong to the connection");
    assertThatThrownBy(
            () ->
                new ResponseHeaders(Map.of(name, template("1")), Map.of(), List.of(), false, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesValuesThatCouldSplitAMessage() {
    assertThatThrownBy(
            () -> new ResponseHeaders(Map.of(), Map.of("X-A", "1\n"), List.of(), false, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TransportSecurity("1\r", true, true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
