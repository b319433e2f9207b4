package io.github.ingress4j.policy;

import static io.github.ingress4j.policy.Requests.canonical;
import static io.github.ingress4j.policy.Requests.template;
import static io.github.ingress4j.policy.Requests.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.policy.ExternalAuth.Allowed;
import io.github.ingress4j.policy.ExternalAuth.Ask;
import io.github.ingress4j.policy.ExternalAuth.CacheTime;
import io.github.ingress4j.policy.ExternalAuth.Refused;
import io.github.ingress4j.policy.ExternalAuth.SignIn;
import io.github.ingress4j.routing.PathPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ingress-nginx, section 12, external authentication. */
class ExternalAuthTest {

  private static final String URL = "http://auth.svc:8080/check?from=x";

  private Instant now = Instant.parse("2026-03-20T10:00:00Z");
  private final ExternalAuth.Cache cache = new ExternalAuth.Cache(() -> now);

  private static ExternalAuth.Builder auth() {
    return ExternalAuth.builder(template(URL)).rule("a.shop", "/foo", "Prefix");
  }

  private static SimpleRequest.Builder post() {
    return view("A.shop:8080", "/foo//b?x=1&y=%C3%A4")
        .method("POST")
        .bodyLength(5)
        .clientAddress("203.0.113.7");
  }

  private static CanonicalRequest request(SimpleRequest.Builder view) {
    return canonical(view.build(), PathPolicy.STRICT);
  }

  private static Ask ask(ExternalAuth auth, CanonicalRequest request) {
    Ask ask = auth.ask(request, Map.of());
    assertThat(ask).isNotNull();
    return ask;
  }

  /** The question is a GET for a POST, too, and says where it comes from. */
  @Test
  void asksWithTheFieldsOfTheClientAndItsOwn() {
    Ask ask =
        ask(
            auth().build(),
            request(
                post()
                    .header("Authorization", "Bearer x")
                    .header("Cookie", "a=1")
                    .header("If-None-Match", "\"1\"")
                    .header("X-Forwarded-Proto", "https")
                    .header("X-Forwarded-Host", "evil")
                    .header("X-Original-URL", "https://evil/")
                    .header("X-Original-URI", "/evil")
                    .header("X_Original_URI", "/evil")
                    .header("X_Original_Method", "GET")));

    assertThat(ask.method()).isEqualTo("GET");
    assertThat(ask.url()).isEqualTo(URL);
    assertThat(ask.host()).isEqualTo("auth.svc");
    assertThat(ask.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(ask.readTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(ask.requestHeaders())
        .hasToString(
            "{X-Auth-Request-Redirect=[/foo/b?x=1&y=%C3%A4], X-Forwarded-For=[203.0.113.7],"
                + " X-Forwarded-Host=[], X-Forwarded-Proto=[], X-Original-Method=[POST],"
                + " X-Original-URI=[], X-Original-URL=[http://A.shop:8080/foo/b?x=1&y=%C3%A4],"
                + " X-Real-IP=[203.0.113.7], X-Request-ID=[0123456789abcdef0123456789abcdef],"
                + " X-Sent-From=[nginx-ingress-controller], X_Original_Method=[],"
                + " X_Original_URI=[]}");
    assertThat(ask.requestHeaders().covers("Authorization")).isFalse();
    assertThat(ask.requestHeaders().covers("Cookie")).isFalse();
    assertThat(ask.requestHeaders().covers("If-None-Match")).isFalse();
  }

  /** With auth-method the service is told URI and scheme, too. */
  @Test
  void asksByAnotherMethod() {
    Ask ask =
        ask(
            auth()
                .method("PUT")
                .requestRedirect(template("https://other/"))
                .timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .requestHeaders(
                    Map.of("X-Tenant", template("t-$host"), "Authorization", template("")))
                .cache(template("$http_authorization"), List.of())
                .build(),
            request(post().header("Authorization", "x").header("Range", "bytes=0-1")));

    assertThat(ask.method()).isEqualTo("PUT");
    assertThat(ask.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(ask.readTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(ask.requestHeaders().asMap())
        .containsEntry("X-Original-URI", List.of("/foo/b?x=1&y=%C3%A4"))
        .containsEntry("X-Scheme", List.of("http"))
        .containsEntry("X-Auth-Request-Redirect", List.of("https://other/"))
        .containsEntry("X-Tenant", List.of("t-a.shop"))
        .containsEntry("Authorization", List.of())
        .containsEntry("Range", List.of());
  }

  @Test
  void tellsMoreIfItIsGivenMore() {
    Ask ask =
        auth()
            .build()
            .ask(
                request(post().header("ssl-client-cert", "forged")),
                Map.of("ssl-client-verify", "SUCCESS", "ssl-client-issuer-dn", ""));

    assertThat(ask).isNotNull();
    assertThat(ask.requestHeaders().asMap())
        .containsEntry("ssl-client-cert", List.of())
        .containsEntry("ssl-client-verify", List.of("SUCCESS"))
        .containsEntry("ssl-client-issuer-dn", List.of());
  }

  /** SEC-30: what a trusted proxy says about the client reaches the service. */
  @Test
  void passesOnWhatATrustedProxySays() {
    ForwardingRules rules =
        new ForwardingRules(
            List.of(Cidr.parse("203.0.113.0/24")),
            ForwardingRules.Family.NGINX,
            true,
            true,
            true,
            "X-Forwarded-For",
            true,
            false,
            false,
            Map.of());
    CanonicalRequest request =
        canonical(
            post()
                .header("X-Forwarded-For", "198.51.100.1")
                .header("X-Forwarded-Host", "www.shop")
                .header("X-Forwarded-Proto", "https")
                .build(),
            PathPolicy.STRICT,
            rules,
            "");
    ExternalAuth auth = auth().method("GET").signIn(template("https://in/"), "rd").build();

    assertThat(ask(auth, request).requestHeaders().asMap())
        .containsEntry("X-Real-IP", List.of("198.51.100.1"))
        .containsEntry("X-Forwarded-For", List.of("198.51.100.1, 203.0.113.7"))
        .containsEntry("X-Forwarded-Host", List.of("www.shop"))
        .containsEntry("X-Forwarded-Proto", List.of())
        .containsEntry("X-Scheme", List.of("https"))
        .containsEntry("X-Original-URL", List.of("http://A.shop:8080/foo/b?x=1&y=%C3%A4"));
    assertThat(auth.signIn(request))
        .isEqualTo(
            new Redirection(
                302, "https://in/?rd=https://A.shop:8080%2Ffoo%2Fb%3Fx%3D1%26y%3D%25C3%25A4"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "none",
      value = {
        "http://auth.svc/check?u=$request_uri, http://auth.svc/check?u=/foo/b?x=1&y=%C3%A4",
        "http://auth.svc$request_uri,          http://auth.svc/foo/b?x=1&y=%C3%A4",
        "http://$host/auth,                    http://a.shop/auth",
        "https://auth.svc?a=$arg_x,            https://auth.svc/?a=1",
        // Without a path the path of the sub-request goes out, as from nginx.
        "http://auth.svc,                      http://auth.svc/_external-auth-L2Zvbw-Prefix",
        // SEC-22, SEC-46: the request does not choose whom to ask.
        "http://$arg_x/auth,                   none",
        "http://auth.$http_x.svc/,             http://auth..svc/",
        "ftp://auth.svc/,                      none",
        "http://a@auth.svc/,                   none",
        "/auth,                                none",
      })
  void saysWhereTheQuestionGoes(String url, @Nullable String asked) {
    Ask ask =
        ExternalAuth.builder(template(url))
            .rule("a.shop", "/foo", "Prefix")
            .build()
            .ask(request(post()), Map.of());

    if (asked != null && asked.contains("..")) {
      // An empty variable leaves a name that is none.
      assertThat(ask).isNull();
    } else {
      assertThat(ask == null ? null : ask.url()).isEqualTo(asked);
    }
  }

  /** 2xx; listed fields of the answer replace those of the client, absent ones remove them. */
  @Test
  void letsPassWithWhatTheServiceSays() {
    ExternalAuth auth =
        auth()
            .responseHeaders(
                List.of("X-User", "X-Groups", "X-None", "Connection", "Content-Length"))
            .build();
    ExternalAuth.Verdict verdict =
        auth.judge(
            request(post().header("X-User", "forged").header("x_user", "forged")),
            TestReply.of(
                202,
                "X-User: ann",
                "X-Groups: a",
                "X-Groups: b",
                "X-Other: 1",
                "Connection: close",
                "Set-Cookie: a=1",
                "Set-Cookie: b=2"));

    assertThat(verdict).isInstanceOf(Allowed.class);
    assertThat(((Allowed) verdict).requestHeaders())
        .hasToString("{X-Groups=[a, b], X-None=[], X-User=[ann], x_user=[]}");
    assertThat(verdict.responseHeaders(200)).hasToString("{Set-Cookie=[a=1, b=2]}");
    assertThat(verdict.responseHeaders(200).covers("Set-Cookie")).isFalse();
  }

  /** Statuses whose answers get the cookies of the service. */
  @ParameterizedTest
  @CsvSource({
    "200, true", "201, true", "202, false", "204, true", "206, true", "301, true", "302, true",
    "303, true", "304, true", "305, false", "307, true", "308, true", "400, false", "404, false",
    "500, false", "503, false",
  })
  void setsCookiesOnSomeStatusesOnly(int status, boolean isSet) {
    TestReply reply = TestReply.of(200, "Set-Cookie: a=1");
    ExternalAuth always = auth().alwaysSetsCookies(true).build();

    assertThat(auth().build().judge(request(post()), reply).responseHeaders(status).asMap())
        .isEqualTo(isSet ? Map.of("Set-Cookie", List.of("a=1")) : Map.of());
    assertThat(always.judge(request(post()), reply).responseHeaders(status).asMap())
        .containsEntry("Set-Cookie", List.of("a=1"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "401, 401",
    "403, 403",
    "301, 500",
    "302, 500",
    "304, 500",
    "400, 500",
    "404, 500",
    "500, 500",
    "503, 500",
  })
  void refusesWithTheStatusOfTheServiceOr500(int status, int refused) {
    ExternalAuth.Verdict verdict =
        auth()
            .build()
            .judge(
                request(post()),
                TestReply.of(
                    status,
                    "WWW-Authenticate: Basic realm=\"a\"",
                    "WWW-Authenticate: Bearer",
                    "Set-Cookie: a=1"));

    assertThat(verdict).isInstanceOf(Refused.class);
    assertThat(((Refused) verdict).status()).isEqualTo(refused);
    assertThat(((Refused) verdict).challenges())
        .isEqualTo(status == 401 ? List.of("Basic realm=\"a\"", "Bearer") : List.of());
    assertThat(verdict.responseHeaders(refused).asMap()).isEmpty();
  }

  @Test
  void refusesWithoutAnAnswer() {
    assertThat(auth().build().judge(request(post()), null))
        .isEqualTo(new Refused(500, List.of(), List.of(), false));
  }

  /** SEC-23: what could split a message is an error, whatever the status says. */
  @ParameterizedTest
  @ValueSource(strings = {"X-User: a\r\nb", "Set-Cookie: a\u0000", "WWW-Authenticate: \u0100"})
  void refusesAnswersThatCannotBePassedOn(String line) {
    ExternalAuth auth = auth().responseHeaders(List.of("X-User")).build();

    assertThat(auth.judge(request(post()), TestReply.of(200, line)))
        .isEqualTo(new Refused(500, List.of(), List.of(), false));
    auth.remember(request(post()), TestReply.of(200, line), cache);
    assertThat(auth.cached(request(post()), cache)).isNull();
  }

  /** 401 becomes 302; the original URL is added unless the place has it already. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "https://in.shop/start,        rd,  https://in.shop/start?rd=URL",
    "https://in.shop/start?,       rd,  https://in.shop/start??rd=URL",
    "https://in.shop/start?a=1,    rd,  https://in.shop/start?a=1&rd=URL",
    "https://in.shop/start?rd=x,   rd,  https://in.shop/start?rd=x",
    "https://in.shop/start?rd=,    rd,  https://in.shop/start?rd=&rd=URL",
    "https://in.shop/start?rd,     rd,  https://in.shop/start?rd&rd=URL",
    "https://in.shop/start?rdx=1,  rd,  https://in.shop/start?rdx=1&rd=URL",
    "https://in.shop/start?rd=x,   to,  https://in.shop/start?rd=x&to=URL",
    "https://$host/o?rd=$escaped_request_uri, rd, https://a.shop/o?rd=%2Ffoo%2Fb%3Fx%3D1%26y%3D%25C3%25A4",
    "https://$host/o?rd=$scheme://$http_host$request_uri, rd, https://a.shop/o?rd=http://A.shop:8080/foo/b?x=1&y=%C3%A4",
    "/start,                       rd,  http://a.shop/start?rd=URL",
    "start,                        rd,  start?rd=URL",
  })
  void sendsTheClientToSignIn(String place, String parameter, String location) {
    ExternalAuth auth = auth().signIn(template(place), parameter).build();
    ExternalAuth.Verdict verdict =
        auth.judge(request(post()), TestReply.of(401, "Set-Cookie: csrf=1"));

    String original = "http://A.shop:8080%2Ffoo%2Fb%3Fx%3D1%26y%3D%25C3%25A4";
    assertThat(verdict)
        .isEqualTo(
            new SignIn(new Redirection(302, location.replace("URL", original)), List.of("csrf=1")));
    assertThat(verdict.responseHeaders(302)).hasToString("{Set-Cookie=[csrf=1]}");
    assertThat(auth.judge(request(post()), TestReply.of(403)))
        .isEqualTo(new Refused(403, List.of(), List.of(), false));
  }

  /** SEC-22: nothing from a request but its host names the place. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://$arg_x/",
        "https://in.shop$args",
        "$arg_x://in.shop/",
        "javascript:alert",
        "ftp://in.shop/",
        "https://u@in.shop/",
      })
  void sendsNobodyWhereTheRequestSays(String place) {
    assertThat(
            auth()
                .signIn(template(place), "rd")
                .build()
                .judge(request(post()), TestReply.of(401, "WWW-Authenticate: Bearer")))
        .isEqualTo(new Refused(401, List.of("Bearer"), List.of(), false));
  }

  @Test
  void writesARelativeSignInAsItIsTold() {
    assertThat(
            auth()
                .signIn(template("/in?rd=x"), "rd")
                .signInStyle(true, false)
                .build()
                .signIn(request(post())))
        .isEqualTo(new Redirection(302, "/in?rd=x"));
    assertThat(
            auth()
                .signIn(template("/in?rd=x"), "rd")
                .signInStyle(false, true)
                .build()
                .signIn(request(post().localPort(8080))))
        .isEqualTo(new Redirection(302, "http://a.shop:8080/in?rd=x"));
    assertThat(auth().build().signIn(request(post()))).isNull();
  }

  @Test
  void refusesMalformedParts() {
    assertThatThrownBy(() -> auth().method("GET x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a method must be a token of RFC 9110");
    assertThatThrownBy(() -> auth().signIn(null, "a\n"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> auth().requestHeaders(Map.of("Content-Length", template("1"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private ExternalAuth caching(String times) {
    List<CacheTime> parsed = CacheTime.parse(times);
    assertThat(parsed).isNotNull();
    return auth()
        .responseHeaders(List.of("X-User"))
        .cache(template("$http_authorization"), parsed)
        .build();
  }

  private static CanonicalRequest of(String user) {
    return request(post().header("Authorization", user));
  }

  @Test
  void remembersAnswersForAsLongAsTheirStatusSays() {
    ExternalAuth auth = caching("200 202 401 5m");
    TestReply reply = TestReply.of(200, "X-User: ann", "X-Secret: 1");
    auth.remember(of("ann"), reply, cache);
    now = now.plusSeconds(299);

    ReplyView cached = auth.cached(of("ann"), cache);
    assertThat(cached).isNotNull();
    assertThat(auth.judge(of("ann"), cached)).hasToString(auth.judge(of("ann"), reply).toString());
    assertThat(((Allowed) auth.judge(of("ann"), cached)).requestHeaders())
        .hasToString("{X-User=[ann]}");
    assertThat(cached.toString()).isEqualTo("answer 200 until 2026-03-20T10:05:00Z");
    assertThat(auth.cached(of("bob"), cache)).isNull();
    now = now.plusSeconds(1);
    assertThat(auth.cached(of("ann"), cache)).isNull();
    assertThat(cache.weight()).isZero();
  }

  @Test
  void remembersNothingWithoutAKeyOrAnAnswer() {
    ExternalAuth auth = auth().build();
    auth.remember(of("ann"), TestReply.of(200), cache);
    caching("5m").remember(of("ann"), null, cache);

    assertThat(auth.cached(of("ann"), cache)).isNull();
    assertThat(cache.weight()).isZero();
  }

  /** The key holds host, path and path type of the rule, and what its URL asks for. */
  @Test
  void doesNotGiveTheAnswerOfOneRuleToAnother() {
    ExternalAuth auth = caching("5m");
    auth.remember(of("ann"), TestReply.of(200), cache);

    assertThat(auth.cached(of("ann"), cache)).isNotNull();
    for (ExternalAuth.Builder other :
        List.of(
            auth().rule("b.shop", "/foo", "Prefix"),
            auth().rule("a.shop", "/bar", "Prefix"),
            auth().rule("a.shop", "/foo", "Exact"),
            ExternalAuth.builder(template(URL + "&role=admin")).rule("a.shop", "/foo", "Prefix"))) {
      assertThat(
              other
                  .cache(template("$http_authorization"), List.of())
                  .build()
                  .cached(of("ann"), cache))
          .isNull();
    }
  }

  /** What the answer says itself; nginx, ngx_http_upstream, caching. */
  @ParameterizedTest(name = "{0} {1}: {2} s")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "200 | X-None: 1                              | 10",
        "401 | X-None: 1                              | 10",
        "403 | X-None: 1                              | none",
        "200 | Set-Cookie: a=1                        | none",
        "200 | Cache-Control: no-store                | none",
        "200 | Cache-Control: No-Cache, max-age=9     | none",
        "200 | Cache-Control: private                 | none",
        "200 | Cache-Control: max-age=60              | 60",
        "403 | Cache-Control: max-age=60              | 60",
        "200 | Cache-Control: max-age=6, s-maxage=7   | 7",
        "200 | Cache-Control: max-age=0               | none",
        "200 | Cache-Control: max-age=x               | none",
        "200 | Cache-Control: public                  | 10",
        "200 | Cache-Control: max-age=99999999999     | 9999999999",
        "200 | X-Accel-Expires: 30                    | 30",
        "200 | X-Accel-Expires: 0                     | none",
        "200 | X-Accel-Expires: @1774000830           | 30",
        "200 | X-Accel-Expires: soon                  | 10",
        "200 | Expires: Fri, 20 Mar 2026 10:00:20 GMT | 20",
        "200 | Expires: Fri, 20 Mar 2026 09:00:20 GMT | none",
        "200 | Expires: 0                             | none",
        "200 | Vary: *                                | none",
        "200 | Vary: Accept                           | 10",
      })
  void believesWhatAnswersSayOfThemselves(int status, String line, @Nullable Long seconds) {
    ExternalAuth auth = caching("200 401 10s");
    auth.remember(of("ann"), TestReply.of(status, line), cache);

    if (seconds == null) {
      assertThat(auth.cached(of("ann"), cache)).isNull();
      return;
    }
    now = now.plusSeconds(seconds - 1);
    assertThat(auth.cached(of("ann"), cache)).isNotNull();
    now = now.plusSeconds(1);
    assertThat(auth.cached(of("ann"), cache)).isNull();
  }

  @Test
  void tellsVariantsApart() {
    ExternalAuth auth = caching("5m");
    auth.remember(
        request(post().header("Authorization", "a").header("X-Tenant", "1")),
        TestReply.of(200, "Vary: X-Tenant, Accept"),
        cache);

    assertThat(
            auth.cached(
                request(post().header("Authorization", "a").header("X-Tenant", "1")), cache))
        .isNotNull();
    assertThat(
            auth.cached(
                request(post().header("Authorization", "a").header("X-Tenant", "2")), cache))
        .isNull();
  }

  /** However many clients come, and however large the answers are. */
  @Test
  void staysWithinItsBound() {
    ExternalAuth auth = caching("5m");
    TestReply large = TestReply.of(200, "X-User: " + "x".repeat(10_000));
    for (int i = 0; i < 10_000; i++) {
      auth.remember(of("user-" + i), large, cache);
    }
    auth.remember(of("huge"), TestReply.of(200, "X-User: " + "x".repeat(100_000)), cache);

    assertThat(cache.weight()).isBetween(1_000_000L, 32L * 1024 * 1024);
    assertThat(auth.cached(of("huge"), cache)).isNull();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "refused",
      value = {
        "200 202 401 5m   | [200, 202, 401] PT5M",
        "5m               | [200, 301, 302] PT5M",
        "any 10s          | [] PT10S",
        "200 1m, 401 2s   | [200] PT1M [401] PT2S",
        "200 1h30m        | [200] PT1H30M",
        "200 90           | [200] PT1M30S",
        "200 1d           | [200] PT24H",
        "200 1w           | [200] PT168H",
        "200 1M           | [200] PT720H",
        "200 1y           | [200] PT8760H",
        "200 0s           | [200] PT0S",
        "' , 200 1s,'     | [200] PT1S",
        "200 1ms          | refused",
        "200              | [200, 301, 302] PT3M20S",
        "200 x            | refused",
        "x 5m             | refused",
        "20 5m            | refused",
        "200 1m1h         | refused",
        "200 5m 6m        | refused",
      })
  void readsTimesAsNginxDoes(String text, @Nullable String expected) {
    List<CacheTime> times = CacheTime.parse(text);

    StringBuilder read = new StringBuilder();
    for (CacheTime time : times == null ? List.<CacheTime>of() : times) {
      read.append(read.length() == 0 ? "" : " ")
          .append(new TreeSet<>(time.statuses()))
          .append(' ')
          .append(time.duration());
    }
    assertThat(times == null ? null : read.toString()).isEqualTo(expected);
  }

  /** There is no date that far away, and nobody waits for it. */
  @Test
  void remembersNothingLongerThanDatesReach() {
    ExternalAuth auth = caching("any 999999999y999999999M");
    auth.remember(of("a"), TestReply.of(200), cache);
    now = now.plusSeconds(9_999_999_998L);
    assertThat(auth.cached(of("a"), cache)).isNotNull();
    now = now.plusSeconds(1);
    assertThat(auth.cached(of("a"), cache)).isNull();
  }

  @Test
  void takesTheFirstTimeThatFits() {
    ExternalAuth auth = caching("200 1s, any 5s");
    auth.remember(of("a"), TestReply.of(200), cache);
    auth.remember(of("b"), TestReply.of(503), cache);
    now = now.plusSeconds(2);

    assertThat(auth.cached(of("a"), cache)).isNull();
    assertThat(auth.cached(of("b"), cache)).isNotNull();
    assertThat(new CacheTime(Set.of(), Duration.ZERO).statuses()).isEmpty();
  }
}
