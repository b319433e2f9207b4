package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.template;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.routing.PathPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ingress-nginx, section 6, mirror. */
class MirrorTest {

  private static SimpleRequest.Builder post() {
    return view("A.shop:8080", "/a//%62?x=1").method("POST").bodyLength(3);
  }

  private static Mirror mirror(String target) {
    return new Mirror(template(target), null, true, "/_mirror-uid");
  }

  private static Mirror.@Nullable Copy copy(Mirror mirror, SimpleRequest.Builder view) {
    return mirror.copy(canonical(view.build(), PathPolicy.STRICT), HeaderEdits.NONE);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "none",
      value = {
        "https://m.shop,                     https://m.shop/_mirror-uid?x=1",
        "https://m.shop/,                    https://m.shop/?x=1",
        "https://m.shop/c,                   https://m.shop/c?x=1",
        "https://m.shop/c?d,                 https://m.shop/c?d?x=1",
        "https://m.shop?d,                   https://m.shop/?d?x=1",
        "HTTP://m.shop:81$request_uri,       http://m.shop:81/a/b?x=1",
        "https://m.shop$uri,                 https://m.shop/a/b",
        "https://m.shop/c$uri$is_args$args,  https://m.shop/c/a/b?x=1",
        "https://m.shop/$arg_x/$http_none,   https://m.shop/1/",
        "https://$host/c,                    https://a.shop/c",
        "https://$http_host/c,               https://A.shop:8080/c",
        "$scheme://m.shop:$server_port/,     http://m.shop:80/",
        "https://m.shop$is_args$args,        https://m.shop/?x=1",
        // SEC-22: nothing else from a request names a host.
        "https://$arg_x/,                    none",
        "https://m.shop$args,                none",
        "$arg_x://m.shop/,                   none",
        "https://u@m.shop/,                  none",
        "https:///c,                         none",
        "/c,                                 none",
        "ftp://m.shop/,                      none",
        "m.shop/c,                           none",
      })
  void saysWhereTheCopyGoes(String target, @Nullable String url) {
    Mirror.Copy copy = copy(mirror(target), post().localPort(80));

    assertThat(copy == null ? null : copy.url()).isEqualTo(url);
  }

  /** Values that are neither paths nor queries cannot change the structure. */
  @Test
  void escapesOtherValues() {
    Mirror.Copy copy =
        copy(mirror("https://m.shop/$http_x?y=$http_x"), post().header("X", "../a?b&c=d#é"));

    assertThat(copy).isNotNull();
    assertThat(copy.url())
        .isEqualTo("https://m.shop/..%2Fa%3Fb%26c%3Dd%23%E9?y=..%2Fa%3Fb%26c%3Dd%23%E9");
  }

  /** By NGINX a path may hold anything; what ends a request line is escaped all the same. */
  @Test
  void letsNothingEndTheRequestLine() {
    Mirror.Copy copy =
        mirror("https://m.shop$uri")
            .copy(
                canonical(view("a.shop", "/a%20b%0d%0ac").build(), PathPolicy.NGINX),
                HeaderEdits.NONE);

    assertThat(copy).isNotNull();
    assertThat(copy.url()).isEqualTo("https://m.shop/a%20b%0D%0Ac");
  }

  /** SEC-36: credentials do not go to a mirror; SEC-30: nor does what only a router writes. */
  @Test
  void copiesMethodFieldsAndBody() {
    SimpleRequest.Builder view =
        post()
            .header("Cookie", "a=1")
            .header("Authorization", "Bearer x")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("X-Mine", "1");
    Mirror.Copy copy = copy(mirror("https://m.shop:81/c"), view);

    assertThat(copy).isNotNull();
    assertThat(copy.method()).isEqualTo("POST");
    assertThat(copy.host()).isEqualTo("m.shop");
    assertThat(copy.hasBody()).isTrue();
    assertThat(copy.requestHeaders())
        .hasToString("{Authorization=[], Cookie=[], X-Forwarded-For=[]}");
  }

  @ParameterizedTest(name = "copying {0}, {1} bytes: {2}")
  @CsvSource({"true, 3, true", "true, -1, true", "true, 0, false", "false, 3, false"})
  void copiesABodyThatIsThereAndWanted(boolean copiesBody, long length, boolean hasBody) {
    Mirror mirror = new Mirror(template("https://m.shop/"), null, copiesBody, "/_mirror-");
    Mirror.Copy copy = copy(mirror, post().bodyLength(length));

    assertThat(copy).isNotNull();
    assertThat(copy.hasBody()).isEqualTo(hasBody);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"other.shop, other.shop", "$http_host, A.shop:8080", "$http_none, m.shop"})
  void sendsTheHostThatIsAskedFor(String host, String sent) {
    Mirror mirror = new Mirror(template("https://m.shop/"), template(host), true, "/_mirror-");
    Mirror.Copy copy = copy(mirror, post());

    assertThat(copy).isNotNull();
    assertThat(copy.host()).isEqualTo(sent);
  }

  @Test
  void refusesASourceThatIsNoPath() {
    assertThatThrownBy(() -> new Mirror(template("https://m.shop"), null, true, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the path must begin with a slash");
    assertThatThrownBy(() -> new Mirror(template("https://m.shop"), null, true, "/\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
