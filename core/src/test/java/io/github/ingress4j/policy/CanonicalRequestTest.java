package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.get;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.routing.PathPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of nginx; ingress-nginx, sections 3.3, 3.8, 3.11, 8.3 and 10. */
class CanonicalRequestTest {

  private static CanonicalRequest request(PathPolicy policy) {
    SimpleRequest view =
        SimpleRequest.builder()
            .method("POST")
            .httpVersion("2")
            .scheme("https")
            .hosts(List.of("A.shop.:8443"))
            .target("/p//%41%2f?X=1&y=%20&z&x=2")
            .header("Content-Type", "text/plain")
            .header("Content-Length", "3")
            .header("X-Two", "1")
            .header("x-two", "2")
            .header("x_two", "3")
            .header("Cookie", "a=1; B=2")
            .header("Cookie", "c=3")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("Upgrade", "websocket")
            .clientAddress("203.0.113.7")
            .tlsServerName("a.shop")
            .build();
    return canonical(view, policy, ForwardingRules.nginx(), "w1");
  }

  @ParameterizedTest(name = "${0}: {1} by STRICT, {2} by NGINX")
  @CsvSource(
      delimiter = '|',
      nullValues = "unknown",
      value = {
        "args                | X=1&y=%20&z&x=2           | X=1&y=%20&z&x=2",
        "query_string        | X=1&y=%20&z&x=2           | X=1&y=%20&z&x=2",
        "is_args             | ?                         | ?",
        "uri                 | /p/A%2F                   | /p/A/",
        "document_uri        | /p/A%2F                   | /p/A/",
        "request_uri         | /p/A%2F?X=1&y=%20&z&x=2   | /p//%41%2f?X=1&y=%20&z&x=2",
        "request             | POST /p//%41%2f?X=1&y=%20&z&x=2 HTTP/2.0 | POST /p//%41%2f?X=1&y=%20&z&x=2 HTTP/2.0",
        "request_method      | POST                      | POST",
        "server_protocol     | HTTP/2.0                  | HTTP/2.0",
        "host                | a.shop                    | a.shop",
        "http_host           | A.shop.:8443              | A.shop.:8443",
        "best_http_host      | A.shop.:8443              | A.shop.:8443",
        "scheme              | https                     | https",
        "pass_access_scheme  | https                     | https",
        "https               | on                        | on",
        "server_port         | 443                       | 443",
        "pass_port           | 443                       | 443",
        "pass_server_port    | 443                       | 443",
        "ssl_server_name     | a.shop                    | a.shop",
        "remote_addr         | 203.0.113.7               | 203.0.113.7",
        "realip_remote_addr  | 203.0.113.7               | 203.0.113.7",
        "proxy_add_x_forwarded_for | 6.6.6.6, 203.0.113.7 | 6.6.6.6, 203.0.113.7",
        "content_type        | text/plain                | text/plain",
        "content_length      | 3                         | 3",
        "http_x_two          | 1, 2                      | 1, 2",
        "http_cookie         | a=1; B=2; c=3             | a=1; B=2; c=3",
        "http_x_none         | ''                        | ''",
        "cookie_b            | 2                         | 2",
        "cookie_c            | 3                         | 3",
        "cookie_d            | ''                        | ''",
        "arg_x               | 1                         | 1",
        "arg_y               | %20                       | %20",
        "arg_z               | ''                        | ''",
        "connection_upgrade  | upgrade                   | upgrade",
        "literal_dollar      | $                         | $",
        "subdomain           | w1                        | w1",
        "sent_http_x         | ''                        | ''",
        "upstream_http_x     | ''                        | ''",
        "req_id              | 0123456789abcdef0123456789abcdef | 0123456789abcdef0123456789abcdef",
        "request_id          | 0123456789abcdef0123456789abcdef | 0123456789abcdef0123456789abcdef",
        "nosuch              | unknown                   | unknown",
        "pid                 | unknown                   | unknown",
      })
  void answersVariables(String name, @Nullable String strict, @Nullable String nginx) {
    assertThat(request(PathPolicy.STRICT).variable(name)).isEqualTo(strict);
    assertThat(request(PathPolicy.NGINX).variable(name)).isEqualTo(nginx);
  }

  /** Section 3.8: a request without a Host, and what is empty without its cause. */
  @Test
  void answersVariablesOfABareRequest() {
    CanonicalRequest request = get(null, "/", PathPolicy.NGINX);

    assertThat(request.selectedName()).isEqualTo("_");
    assertThat(request.bestHost()).isEqualTo("_");
    assertThat(request.variable("host")).isEqualTo("_");
    for (String name :
        Map.of("http_host", "", "args", "", "is_args", "", "https", "", "connection_upgrade", "")
            .keySet()) {
      assertThat(request.variable(name)).as(name).isEmpty();
    }
    assertThat(request.variable("ssl_server_name")).isEmpty();
    assertThat(request.variable("content_type")).isEmpty();
    assertThat(request.variable("proxy_add_x_forwarded_for")).isEqualTo("127.0.0.1");
    assertThat(request.variable("server_protocol")).isEqualTo("HTTP/1.0");
  }

  /** Section 3.11: the target selects, the Host header is told. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "http://b.shop/x?q,  /x?q",
    "http://b.shop:81,   /",
    "http://b.shop?q,    ?q",
    "HTTP://b.shop/x,    /x",
  })
  void seesAbsoluteTargetsAsNginxDoes(String target, String requestUri) {
    CanonicalRequest request = get("a.shop:82", target, PathPolicy.NGINX);

    assertThat(request.requestUri()).isEqualTo(requestUri);
    assertThat(request.variable("host")).isEqualTo("b.shop");
    assertThat(request.variable("http_host")).isEqualTo("a.shop:82");
    assertThat(request.bestHost()).isEqualTo("a.shop:82");
  }

  /** Section 8.3: the bytes of the address, as keys of hashes. */
  @Test
  void answersTheBytesOfTheAddress() {
    assertThat(
            canonical(view("a", "/").clientAddress("10.0.255.1").build(), PathPolicy.NGINX)
                .variable("binary_remote_addr"))
        .isEqualTo("\n\0\u00ff\u0001");
    assertThat(
            canonical(view("a", "/").clientAddress("2001:db8::1").build(), PathPolicy.NGINX)
                .variable("binary_remote_addr"))
        .hasSize(16)
        .startsWith(" \u0001\r\u00b8")
        .endsWith("\u0001");
    assertThat(
            canonical(view("a", "/").clientAddress("unknown").build(), PathPolicy.NGINX)
                .variable("binary_remote_addr"))
        .isEmpty();
  }

  /** Section 10: fields with underscores are dropped before anybody reads them. */
  @Test
  void readsFieldsWithUnderscoresOnlyIfAllowed() {
    ForwardingRules allowing =
        new ForwardingRules(
            List.of(),
            ForwardingRules.Family.NGINX,
            false,
            false,
            false,
            "X-Forwarded-For",
            false,
            false,
            true,
            Map.of());
    SimpleRequest view = view("a", "/").header("x_v", "1").build();

    assertThat(canonical(view, PathPolicy.NGINX).variable("http_x_v")).isEmpty();
    assertThat(canonical(view, PathPolicy.NGINX, allowing, "").variable("http_x_v")).isEqualTo("1");
    assertThat(canonical(view, PathPolicy.NGINX, allowing, "").variable("req_id")).isEmpty();
  }
}
