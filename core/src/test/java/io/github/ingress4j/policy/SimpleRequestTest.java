package io.github.ingress4j.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleRequestTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://a.shop,              http,  a.shop,      /,              80",
    "http://a.shop?x=1,          http,  a.shop,      /?x=1,          80",
    "https://a.shop/p?x=/?,      https, a.shop,      /p?x=/?,        443",
    "HTTP://A.shop:8080/%zz,     http,  A.shop:8080, /%zz,           8080",
    "http://[::1]:9/x,           http,  [::1]:9,     /x,             9",
    "http://[::1]/x,             http,  [::1],       /x,             80",
    "http://a.shop:99999/,       http,  a.shop:99999, /,             80",
    "http://a.shop:8x/,          http,  a.shop:8x,   /,              80",
    "http://a.shop/a/../b//c;d,  http,  a.shop,      /a/../b//c;d,   80",
    "http://a.shop#f,            http,  a.shop,      #f,             80",
  })
  void takesAUrlApartAndKeepsTheTargetAsItIs(
      String url, String scheme, String host, String target, int port) {
    RequestView request = RequestView.get(url);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.httpVersion()).isEqualTo("1.1");
    assertThat(request.scheme()).isEqualTo(scheme);
    assertThat(request.hosts()).containsExactly(host);
    assertThat(request.target()).isEqualTo(target);
    assertThat(request.localPort()).isEqualTo(port);
  }

  @Test
  void writesOtherCharactersAsTheirUtf8Bytes() {
    assertThat(RequestView.get("http://a.shop/é").target()).isEqualTo("/\u00c3\u00a9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.shop/x", "ftp://a.shop/", "http:///x", "http://", "/x"})
  void refusesWhatIsNoUrl(String url) {
    assertThatThrownBy(() -> RequestView.get(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + url + "\" is not a URL such as http://shop.example/cart");
  }

  @Test
  void keepsHeaderLinesInOrderAndFindsThemInAnyCase() {
    SimpleRequest request =
        SimpleRequest.builder()
            .method("POST")
            .httpVersion("1.0")
            .scheme("https")
            .localPort(8443)
            .hosts(List.of("a", "b"))
            .target("*")
            .header("Cookie", "a=1")
            .header("X", "y")
            .header("cookie", "b=2")
            .bodyLength(-1)
            .clientAddress("10.0.0.9")
            .tlsServerName("a")
            .build();

    assertThat(request.headerNames()).containsExactly("Cookie", "X", "cookie");
    assertThat(request.headers("COOKIE")).containsExactly("a=1", "b=2");
    assertThat(request.headers("Z")).isEmpty();
    assertThat(request.bodyLength()).isEqualTo(-1);
    assertThat(request.clientAddress()).isEqualTo("10.0.0.9");
    assertThat(request.tlsServerName()).isEqualTo("a");
    assertThat(request.clientCertificate()).isNull();
    assertThat(request.localPort()).isEqualTo(8443);
    assertThat(request).hasToString("POST https://a*");
    assertThat(SimpleRequest.builder().build()).hasToString("GET http:///");
  }
}
