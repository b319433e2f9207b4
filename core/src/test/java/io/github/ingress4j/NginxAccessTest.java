package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Exchange.ReplyHead;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.policy.HeaderEdits;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may pass and what is added and replaced, through the whole dialect ingress-nginx.
 *
 * <p>Sections are those of the reference: 1 order of evaluation, 9 redirects, 10 headers, 11 CORS,
 * 12 authentication, 14 errors.
 */
class NginxAccessTest {

  private static final String URL = "http://a.test/x";

  private static final class VirtualClock implements InstantSource {
    private Instant now = NginxInput.NOW;

    void advance(long millis) {
      now = now.plusMillis(millis);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  /** One host a.test with the path /x of the Service web. */
  private static NginxInput web(String... annotations) {
    return new NginxInput()
        .ingress("web", "a.test /x web:80", annotations)
        .backend("web", "10.0.0.1");
  }

  private static SimpleRequest from(String address, String url, String... headers) {
    SimpleRequest.Builder builder = SimpleRequest.builder().url(url).clientAddress(address);
    for (String header : headers) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    return builder.build();
  }

  private static String basic(String userAndPassword) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  /** The first step after passwords were checked. */
  private static Step checked(Exchange exchange) {
    Step step = exchange.first();
    return step instanceof CheckPassword check ? exchange.passwordChecked(check.verify()) : step;
  }

  private static String place(IngressRouter router, RequestView request) {
    Exchange exchange = router.exchange(request);
    Step step = checked(exchange);
    exchange.end();
    return place(step);
  }

  private static String place(IngressRouter router, String url, String... headers) {
    return place(router, NginxInput.request(url, headers));
  }

  private static String place(Step step) {
    return step instanceof AskAuth ask ? "ask " + ask.url() : NginxInput.place((Decision) step);
  }

  private static Map<String, List<String>> edits(Step step) {
    HeaderEdits edits =
        step instanceof Answer answer
            ? answer.responseHeaders()
            : step instanceof Redirect redirect
                ? redirect.responseHeaders()
                : step instanceof Relay relay
                    ? relay.responseHeaders()
                    : ((Forward) step).responseHeaders();
    return edits.asMap();
  }

  private static Map<String, List<String>> edits(Step step, String... names) {
    Map<String, List<String>> all = new TreeMap<>(edits(step));
    all.keySet().retainAll(List.of(names));
    return all;
  }

  private static List<String> line(Step step, String name) {
    return edits(step).getOrDefault(name, List.of());
  }

  /** What a back end's answer becomes. */
  private static Relay relay(IngressRouter router, RequestView request, ReplyHead head) {
    Exchange exchange = router.exchange(request);
    return (Relay) exchange.replied((Forward) checked(exchange), head);
  }

  // Section 12, lists.

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                                             | settings                            | client     | passes
          allowlist-source-range: 10.0.0.0/8                                        |                                     | 10.1.2.3   | true
          allowlist-source-range: 10.0.0.0/8                                        |                                     | 11.1.2.3   | false
          whitelist-source-range: 10.0.0.0/8                                        |                                     | 11.1.2.3   | false
          denylist-source-range: 10.0.0.0/8                                         |                                     | 10.1.2.3   | false
          denylist-source-range: 10.0.0.0/8                                         |                                     | 11.1.2.3   | true
          denylist-source-range: 10.1.0.0/16; allowlist-source-range: 10.0.0.0/8    |                                     | 10.1.2.3   | false
          denylist-source-range: 10.1.0.0/16; allowlist-source-range: 10.0.0.0/8    |                                     | 10.2.2.3   | true
          allowlist-source-range: 2001:db8::/32                                     |                                     | 2001:db8::1 | true
          allowlist-source-range: 2001:db8::/32                                     |                                     | 10.0.0.1   | false
                                                                                    | whitelist-source-range: 10.0.0.0/8  | 11.1.2.3   | false
                                                                                    | whitelist-source-range: 10.0.0.0/8  | 10.1.2.3   | true
          allowlist-source-range: 11.0.0.0/8                                        | whitelist-source-range: 10.0.0.0/8  | 11.1.2.3   | true
          allowlist-source-range: 11.0.0.0/8                                        | whitelist-source-range: 10.0.0.0/8  | 10.1.2.3   | false
                                                                                    | denylist-source-range: 10.0.0.0/8   | 10.1.2.3   | false
                                                                                    | block-cidrs: 10.0.0.0/8             | 10.1.2.3   | false
                                                                                    | block-cidrs: 10.0.0.0/8             | 11.1.2.3   | true
          denylist-source-range: 11.0.0.0/8                                         | block-cidrs: 10.0.0.0/8             | 10.1.2.3   | true
          """)
  void listsDecideByAddress(
      @Nullable String annotations, @Nullable String setting, String client, boolean passes) {
    NginxInput input = annotations == null ? web() : web(annotations.split("; ", -1));
    if (setting != null) {
      input.settings(setting);
    }

    assertThat(place(input.router(), from(client, URL)))
        .isEqualTo(passes ? "web:80 10.0.0.1:8080" : "403 denied");
  }

  /** A list of the controller that cannot be read leaves nothing open. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"whitelist-source-range", "denylist-source-range", "block-cidrs"})
  void aListOfTheControllerThatCannotBeReadClosesItsRoutes(String setting) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test /x web:80")
            .ingress("own", "b.test /x web:80", "allowlist-source-range: 127.0.0.0/8")
            .backend("web", "10.0.0.1")
            .settings(setting + ": 10.0.0.0/99")
            .router();

    assertThat(place(router, URL)).isEqualTo("503 route-closed");
    assertThat(NginxInput.findings(router)).contains("setting-invalid");
    if (setting.equals("whitelist-source-range")) {
      assertThat(place(router, "http://b.test/x")).isEqualTo("web:80 10.0.0.1:8080");
    }
  }

  /**
   * Section 13: a list that cannot be carried out as a whole lets nobody pass, and step 4 of
   * section 1: not even to a redirect. What can be carried out is.
   */
  @ParameterizedTest(name = "{0} {1}: {2} {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block-user-agents | curl,~*bot   | bot  | 403 denied        | 403 denied        | 403 denied
          block-user-agents | curl,~*bot   | safe | web:80 10.0.0.1:8080 | 302            | 308
          block-user-agents | curl,~*(bot  | curl | 403 denied        | 403 denied        | 403 denied
          block-user-agents | curl,~*(bot  | safe | 503 route-closed  | 503 route-closed  | 503 route-closed
          block-referers    | ~(?C1)a      | safe | 503 route-closed  | 503 route-closed  | 503 route-closed
          block-referers    | ~^$          | safe | 403 denied        | 403 denied        | 403 denied
          """)
  void aBlockListThatCannotBeReadWholeLetsNobodyPass(
      String setting, String list, String agent, String path, String root, String sibling) {
    NginxInput input =
        web("app-root: /start", "from-to-www-redirect: true").settings(setting + ": " + list);
    IngressRouter router = input.router();
    String field = "User-Agent: " + agent;

    assertThat(place(router, URL, field)).isEqualTo(path);
    assertThat(place(router, "http://a.test/", field)).isEqualTo(root);
    assertThat(place(router, "http://www.a.test/", field)).isEqualTo(sibling);
    if (list.contains("(")) {
      IngressRouter open = input.builder().ignoreProtectingAnnotations(true).build();
      assertThat(place(open, URL, "User-Agent: safe")).isEqualTo("web:80 10.0.0.1:8080");
    }
  }

  @Test
  void saysWhichEntryOfABlockListCannotBeCarriedOut() {
    NginxInput input = web().settings("block-user-agents: ~*(bot");
    IngressRouter.Builder open = input.builder().ignoreProtectingAnnotations(true);

    assertThat(input.router().diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("setting-invalid"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Severity.ERROR);
              assertThat(finding.message())
                  .startsWith(
                      "the entry \"~*(bot\" of block-user-agents cannot be carried out, so all"
                          + " routes are closed and answer 503: ");
              assertThat(finding.object())
                  .isEqualTo("ConfigMap ingress-nginx/ingress-nginx-controller");
              assertThat(finding.field()).isEqualTo("data[block-user-agents]");
              assertThat(finding.source()).isNotNull();
            });
    assertThat(open.build().diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("setting-invalid"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).contains("so it blocks nobody: "));
  }

  // Section 12, basic and digest.

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth-file | ann:secret | true
          auth-file | ann:secreT | false
          auth-file | bob:secret | true
          auth-file | eve:secret | false
          auth-file | auth:secret | false
          auth-map  | ann:secret | true
          auth-map  | ann:       | false
          auth-map  | eve:secret | false
          """)
  void passwordsAreChecked(String type, String credentials, boolean passes) {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: users", "auth-secret-type: " + type)
            .secret(
                "users",
                type.equals("auth-map")
                    ? "ann: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='"
                    : "auth: \"ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\\nbob:{PLAIN}secret\\n\"")
            .router();
    Exchange exchange = router.exchange(NginxInput.request(URL, basic(credentials)));

    Step step = checked(exchange);

    if (passes) {
      assertThat(((Forward) step).requestHeaders().covers("Authorization")).isTrue();
      List<String> sent = new ArrayList<>();
      ((Forward) step).eachHeader((name, value) -> sent.add(name));
      assertThat(sent).doesNotContain("Authorization");
    } else {
      assertThat(place(step)).isEqualTo("401 unauthorized");
      assertThat(line(step, "WWW-Authenticate")).containsExactly("Basic realm=\"\"");
    }
  }

  @Test
  void whoSendsNoPasswordIsAskedForOneInTheNameOfTheRealm() {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: default/users", "auth-realm: the staff")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();
    Step step = router.exchange(NginxInput.request(URL)).first();

    assertThat(place(step)).isEqualTo("401 unauthorized");
    assertThat(line(step, "WWW-Authenticate")).containsExactly("Basic realm=\"the staff\"");
    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("web:80 10.0.0.1:8080");
  }

  /** A password that was right is not computed again. */
  @Test
  void aPasswordIsRemembered() {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: users")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();
    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("web:80 10.0.0.1:8080");

    assertThat(router.exchange(NginxInput.request(URL, basic("ann:secret"))).first())
        .isInstanceOf(Forward.class);
    assertThat(router.exchange(NginxInput.request(URL, basic("ann:other"))).first())
        .isInstanceOf(CheckPassword.class);
  }

  /** Section 12: the realm off switches the check off; no-auth-locations exempts paths. */
  @Test
  void aRealmThatIsOffAndAnExemptPathAskNobody() {
    IngressRouter off =
        web("auth-type: basic", "auth-secret: users", "auth-realm: off")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();
    assertThat(place(off, URL)).isEqualTo("web:80 10.0.0.1:8080");

    IngressRouter exempt =
        new NginxInput()
            .ingress(
                "web",
                "a.test /.well-known/acme-challenge web:80; a.test /x web:80",
                "auth-type: basic",
                "auth-secret: users",
                "auth-url: http://auth.test/")
            .backend("web", "10.0.0.1")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();
    assertThat(place(exempt, "http://a.test/.well-known/acme-challenge/1"))
        .isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(exempt, URL)).isEqualTo("401 unauthorized");
  }

  @Test
  void digestAsksForAProofAndTakesIt() {
    IngressRouter router =
        web("auth-type: digest", "auth-secret: users", "auth-realm: staff")
            .secret("users", "auth: 'ann:staff:" + md5("ann:staff:secret") + "'")
            .router();
    Step step = router.exchange(NginxInput.request(URL)).first();
    assertThat(place(step)).isEqualTo("401 unauthorized");
    String challenge = line(step, "WWW-Authenticate").get(0);
    assertThat(challenge).startsWith("Digest ").contains("realm=\"staff\"");
    int start = challenge.indexOf("nonce=\"") + 7;
    String nonce = challenge.substring(start, challenge.indexOf('"', start));

    assertThat(place(router, URL, proof("secret", nonce))).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(router, URL, proof("wrong", nonce))).isEqualTo("401 unauthorized");
    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("401 unauthorized");
  }

  private static String proof(String password, String nonce) {
    String response =
        md5(md5("ann:staff:" + password) + ":" + nonce + ":00000001:c:auth:" + md5("GET:/x"));
    return "Authorization: Digest username=\"ann\", realm=\"staff\", nonce=\""
        + nonce
        + "\", uri=\"/x\", qop=auth, nc=00000001, cnonce=\"c\", response=\""
        + response
        + "\", algorithm=MD5";
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Section 12: 503 on the routes of the Ingress, and nothing else changes. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth-type: basic; auth-secret: missing
          auth-type: basic; auth-secret: other/users
          auth-type: basic; auth-secret: empty
          auth-type: basic
          auth-type: digest; auth-secret: missing; auth-realm: staff
          auth-type: digest; auth-secret: users
          auth-type: digest; auth-secret: empty; auth-realm: staff
          auth-url: no-url
          auth-url: http://a..b/
          auth-url: http://auth.test/; auth-proxy-set-headers: missing
          auth-url: http://auth.test/; auth-proxy-set-headers: default/missing
          auth-url: http://auth.test/; auth-proxy-set-headers: other/map
          custom-headers: map
          custom-headers: default/missing
          custom-headers: default/map
          fastcgi-params-configmap: missing
          fastcgi-params-configmap: default/missing
          allowlist-source-range: 10.0.0.0/33
          """)
  void whatCannotBeCarriedOutClosesItsRoutesAndNoOthers(String annotations) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test /x web:80", annotations.split("; ", -1))
            .ingress("open", "a.test /open web:80; b.test / web:80")
            .backend("web", "10.0.0.1")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .secret("other/users", "auth: 'ann:{PLAIN}secret'")
            .secret("empty", "users: x")
            .configMap("default/map", "  X-Team: web\n")
            .configMap("other/map", "  X-Team: web\n")
            .router();

    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("503 route-closed");
    assertThat(place(router, "http://a.test/open")).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(router, "http://b.test/")).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(router.diagnostics())
        .anyMatch(finding -> finding.isError() && finding.toString().contains("web"));
  }

  /** A broken reference is denied at step 8 on paths that are exempt from the question, too. */
  @Test
  void aMissingSecretClosesExemptPathsAsWell() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /.well-known/acme-challenge web:80",
                "auth-type: basic",
                "auth-secret: missing")
            .backend("web", "10.0.0.1")
            .router();

    assertThat(place(router, "http://a.test/.well-known/acme-challenge/1"))
        .isEqualTo("503 route-closed");
  }

  /** SEC-47: no text of a Secret in what is said about it. */
  @Test
  void aBadLineLetsNobodyInAndIsReportedWithoutItsText() {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: users")
            .secret("users", "auth: \"ann:{PLAIN}secret\\nbob\\neve:hunter2\\n\"")
            .router();

    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(router, URL, basic("bob:"))).isEqualTo("401 unauthorized");
    assertThat(place(router, URL, basic("eve:hunter2"))).isEqualTo("401 unauthorized");
    assertThat(NginxInput.findings(router)).contains("nginx-password-unusable");
    assertThat(router.diagnostics().toString()).doesNotContain("hunter2", "secret\n", "eve");
  }

  @Test
  void realmsThatNoHeaderCanHoldDoNotStopTheOthers() {
    for (String type : List.of("basic", "digest")) {
      for (String realm : List.of("the \"staff\"", "a\\b", "ä", "a\tb")) {
        IngressRouter router =
            new NginxInput()
                .ingress(
                    "web",
                    "a.test /x web:80",
                    "auth-type: " + type,
                    "auth-secret: users",
                    "auth-realm: " + realm)
                .ingress("open", "b.test / web:80")
                .backend("web", "10.0.0.1")
                .secret("users", "auth: 'ann:{PLAIN}secret'")
                .router();

        assertThat(place(router, URL)).as(realm).isNotEqualTo("web:80 10.0.0.1:8080");
        assertThat(place(router, "http://b.test/")).isEqualTo("web:80 10.0.0.1:8080");
      }
    }
  }

  /** A Secret of another namespace, where the controller allows it. */
  @Test
  void aForeignSecretIsUsedWhereTheControllerAllowsIt() {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: other/users")
            .secret("other/users", "auth: 'ann:{PLAIN}secret'")
            .settings("allow-cross-namespace-resources: true")
            .router();

    assertThat(place(router, URL)).isEqualTo("401 unauthorized");
    assertThat(place(router, URL, basic("ann:secret"))).isEqualTo("web:80 10.0.0.1:8080");
  }

  @Test
  void secretsThatAreNotInTheInputCanBeAssumed() {
    NginxInput input = web("auth-type: basic", "auth-secret: users");
    IngressRouter router = input.builder().assumeSecrets(true).build();

    assertThat(place(router, URL)).isEqualTo("401 unauthorized");
    assertThat(place(router, URL, basic("ann:x"))).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(input.router(), URL, basic("ann:x"))).isEqualTo("503 route-closed");
  }

  // IngressRouter.route(view, Assume).

  @ParameterizedTest(name = "{0}")
  @CsvSource({"auth-url: http://auth.test/", "auth-type: basic; auth-secret: users"})
  void assumptionsAnswerForThoseWhoAreAsked(String annotations) {
    IngressRouter router =
        web(annotations.split("; ", -1)).secret("users", "auth: 'ann:{PLAIN}secret'").router();
    SimpleRequest request = NginxInput.request(URL, basic("ann:wrong"));

    assertThat(NginxInput.place(router.route(request))).isEqualTo("503 route-closed");
    assertThat(NginxInput.place(router.route(request, IngressRouter.Assume.NOTHING)))
        .isEqualTo("503 route-closed");
    assertThat(NginxInput.place(router.route(request, IngressRouter.Assume.ALLOWED)))
        .isEqualTo("web:80 10.0.0.1:8080");
    assertThat(NginxInput.place(router.route(request, IngressRouter.Assume.DENIED)))
        .isEqualTo("401 unauthorized");
  }

  // Section 12, external.

  private static Exchange asked(IngressRouter router, String url, String... headers) {
    Exchange exchange = router.exchange(NginxInput.request(url, headers));
    assertThat(exchange.first()).isInstanceOf(AskAuth.class);
    return exchange;
  }

  @Test
  void theServiceIsAskedWithWhatTheClientSent() {
    IngressRouter router =
        web(
                "auth-url: http://auth.test/check?u=$request_uri",
                "auth-proxy-set-headers: default/map")
            .configMap("default/map", "  X-Team: web\n")
            .router();
    AskAuth ask =
        (AskAuth)
            router
                .exchange(
                    from("10.9.9.9", "http://a.test/x?y=1", "Cookie: s=1", "Content-Length: 3"))
                .first();
    List<String> lines = new ArrayList<>();
    ask.eachHeader((name, value) -> lines.add(name + ": " + value));

    assertThat(ask.method()).isEqualTo("GET");
    assertThat(ask.url()).startsWith("http://auth.test/check?u=/x?y");
    assertThat(ask.host()).isEqualTo("auth.test");
    assertThat(lines)
        .contains(
            "Cookie: s=1",
            "X-Original-URL: http://a.test/x?y=1",
            "X-Original-Method: GET",
            "X-Sent-From: nginx-ingress-controller",
            "X-Real-IP: 10.9.9.9",
            "X-Forwarded-For: 10.9.9.9",
            "X-Auth-Request-Redirect: /x?y=1",
            "X-Team: web")
        .noneMatch(
            line -> line.startsWith("Content-Length") || line.startsWith("X-Forwarded-Proto"));
  }

  @Test
  void anAnswerThatAllowsPassesItsFieldsOn() {
    IngressRouter router =
        web("auth-url: http://auth.test/", "auth-response-headers: X-User, X-Group").router();
    Exchange exchange = asked(router, URL, "X-User: forged", "X-Group: forged", "X-Other: own");

    Forward forward =
        (Forward)
            exchange.authenticated(
                new ReplyHead(
                    202, Map.of("x-user", List.of("ann"), "Set-Cookie", List.of("a=1", "b=2"))));
    List<String> lines = new ArrayList<>();
    forward.eachHeader((name, value) -> lines.add(name + ": " + value));

    assertThat(lines)
        .contains("X-User: ann", "X-Other: own")
        .noneMatch(line -> line.contains("forged"));
    Relay relay =
        (Relay) exchange.replied(forward, new ReplyHead(200, Map.of("Set-Cookie", List.of("c=3"))));
    assertThat(line(relay, "Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(relay.responseHeaders().appended()).contains("Set-Cookie");
  }

  /** Section 12: cookies for ten statuses, or always. */
  @ParameterizedTest(name = "{0} with always {1}: {2}")
  @CsvSource({"200, false, true", "404, false, false", "404, true, true", "302, false, true"})
  void cookiesOfTheServiceDependOnTheStatus(int status, boolean isAlways, boolean isSet) {
    IngressRouter router =
        web("auth-url: http://auth.test/", "auth-always-set-cookie: " + isAlways).router();
    Exchange exchange = asked(router, URL);
    Forward forward =
        (Forward) exchange.authenticated(new ReplyHead(200, Map.of("Set-Cookie", List.of("a=1"))));

    assertThat(line(exchange.replied(forward, new ReplyHead(status)), "Set-Cookie"))
        .isEqualTo(isSet ? List.of("a=1") : List.of());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "200, web:80 10.0.0.1:8080",
    "204, web:80 10.0.0.1:8080",
    "401, 401 unauthorized",
    "403, 403 denied",
    "404, 500 auth-unavailable",
    "302, 500 auth-unavailable",
    "500, 500 auth-unavailable",
    "0, 500 auth-unavailable",
  })
  void theStatusOfTheServiceDecides(int status, String expected) {
    IngressRouter router = web("auth-url: http://auth.test/").router();
    Exchange exchange = asked(router, URL);
    Step step =
        exchange.authenticated(
            status == 0
                ? null
                : new ReplyHead(status, Map.of("WWW-Authenticate", List.of("Bearer"))));

    assertThat(place(step)).isEqualTo(expected);
    if (status == 401) {
      assertThat(line(step, "WWW-Authenticate")).containsExactly("Bearer");
    } else if (!(step instanceof Forward)) {
      assertThat(line(step, "WWW-Authenticate")).isEmpty();
    }
  }

  @Test
  void whoIsNotKnownIsSentToSignIn() {
    IngressRouter router =
        web("auth-url: http://auth.test/", "auth-signin: https://login.test/start?a=1").router();
    Exchange exchange = asked(router, "http://a.test/x?y=1&z=2");
    Redirect redirect = (Redirect) exchange.authenticated(new ReplyHead(401));

    assertThat(redirect.status()).isEqualTo(302);
    assertThat(redirect.location())
        .isEqualTo("https://login.test/start?a=1&rd=http://a.test%2Fx%3Fy%3D1%26z%3D2");
    assertThat(place(asked(router, URL).authenticated(new ReplyHead(403)))).isEqualTo("403 denied");
  }

  /** Section 6: auth-cache-key and auth-cache-duration. */
  @Test
  void answersAreRememberedForTheirTime() {
    VirtualClock clock = new VirtualClock();
    IngressRouter router =
        web(
                "auth-url: http://auth.test/",
                "auth-cache-key: $http_cookie",
                "auth-cache-duration: 200 401 1m")
            .builder()
            .clock(clock)
            .build();
    asked(router, URL, "Cookie: s=1").authenticated(new ReplyHead(200));

    assertThat(place(router, URL, "Cookie: s=1")).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(router, URL, "Cookie: s=2")).startsWith("ask ");
    clock.advance(61_000);
    assertThat(place(router, URL, "Cookie: s=1")).startsWith("ask ");
    asked(router, URL, "Cookie: s=3").authenticated(new ReplyHead(403));
    assertThat(place(router, URL, "Cookie: s=3")).startsWith("ask ");
    asked(router, URL, "Cookie: s=3").authenticated(new ReplyHead(401));
    assertThat(place(router, URL, "Cookie: s=3")).isEqualTo("401 unauthorized");
  }

  @Test
  void theServiceOfTheControllerIsAskedUnlessThePathSaysOtherwise() {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test /x web:80")
            .ingress("own", "a.test /own web:80", "auth-url: http://own.test/")
            .ingress("exempt", "a.test /off web:80", "enable-global-auth: false")
            .backend("web", "10.0.0.1")
            .settings("global-auth-url: http://global.test/check")
            .router();

    assertThat(place(router, URL)).isEqualTo("ask http://global.test/check");
    assertThat(place(router, "http://a.test/own")).startsWith("ask http://own.test/");
    assertThat(place(router, "http://a.test/off")).isEqualTo("web:80 10.0.0.1:8080");
  }

  /** A password that was changed counts from the next snapshot on, and no old one passes. */
  @Test
  void aChangedSecretChangesTheRoutes() {
    IngressRouter router =
        web("auth-type: basic", "auth-secret: users")
            .secret("users", "auth: 'ann:{PLAIN}old'")
            .router();
    assertThat(place(router, URL, basic("ann:old"))).isEqualTo("web:80 10.0.0.1:8080");

    IngressRouter next =
        router.with(
            web("auth-type: basic", "auth-secret: users")
                .secret("users", "auth: 'ann:{PLAIN}new'")
                .set());
    assertThat(place(next, URL, basic("ann:old"))).isEqualTo("401 unauthorized");
    assertThat(place(next, URL, basic("ann:new"))).isEqualTo("web:80 10.0.0.1:8080");
    IngressRouter without = next.with(web("auth-type: basic", "auth-secret: users").set());
    assertThat(place(without, URL, basic("ann:new"))).isEqualTo("503 route-closed");
  }

  @Test
  void changedFieldsOfTheControllerChangeTheRoutes() {
    List<NginxInput> inputs = new ArrayList<>();
    for (String team : List.of("web", "db")) {
      inputs.add(
          web()
              .configMap("ingress-nginx/added", "  X-Team: " + team + "\n")
              .settings("add-headers: ingress-nginx/added"));
    }
    IngressRouter next = inputs.get(0).router().with(inputs.get(1).set());

    assertThat(line(relay(next, NginxInput.request(URL), new ReplyHead(200)), "X-Team"))
        .containsExactly("db");
  }

  @Test
  void aChangedConfigMapChangesTheRoutes() {
    IngressRouter router =
        web("auth-url: http://auth.test/", "auth-proxy-set-headers: default/map")
            .configMap("default/map", "  X-Team: web\n")
            .router();
    IngressRouter next =
        router.with(
            web("auth-url: http://auth.test/", "auth-proxy-set-headers: default/map")
                .configMap("default/map", "  X-Team: db\n")
                .set());
    AskAuth ask = (AskAuth) next.exchange(NginxInput.request(URL)).first();

    assertThat(ask.requestHeaders().asMap()).containsEntry("X-Team", List.of("db"));
  }

  /** Section 6, fastcgi-params-configmap: the routes open as soon as the ConfigMap is there. */
  @Test
  void aConfigMapOfParametersThatComesOpensTheRoutes() {
    for (String reference : List.of("params", "default/params")) {
      IngressRouter router = web("fastcgi-params-configmap: " + reference).router();
      IngressRouter next =
          router.with(
              web("fastcgi-params-configmap: " + reference)
                  .configMap("default/params", "  SCRIPT: x\n")
                  .set());

      assertThat(place(router, URL)).isEqualTo("503 route-closed");
      assertThat(place(next, URL)).isEqualTo("web:80 10.0.0.1:8080");
    }
    // The controller ignores a reference to another namespace.
    assertThat(place(web("fastcgi-params-configmap: other/params").router(), URL))
        .isEqualTo("web:80 10.0.0.1:8080");
  }

  // Section 12, satisfy.

  @ParameterizedTest(name = "{0}: list {1}, password {2}, service {3}: {4}")
  @CsvSource(
      textBlock =
          """
          all, true,  true,  200, pass
          all, false, true,  200, 403 denied
          all, true,  false, 200, 401 unauthorized
          all, true,  true,  401, 401 unauthorized
          all, true,  true,  403, 403 denied
          any, true,  false, 401, pass
          any, false, true,  401, pass
          any, false, false, 200, pass
          any, false, false, 401, 401 unauthorized
          any, false, false, 500, 500 auth-unavailable
          """)
  void allMustAgreeOrOneIsEnough(
      String satisfy, boolean list, boolean password, int service, String expected) {
    IngressRouter router =
        web(
                "satisfy: " + satisfy,
                "allowlist-source-range: 10.0.0.0/8",
                "auth-type: basic",
                "auth-secret: users",
                "auth-url: http://auth.test/")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();
    Exchange exchange =
        router.exchange(
            from(
                list ? "10.0.0.9" : "11.0.0.9",
                URL,
                basic("ann:" + (password ? "secret" : "wrong"))));
    Step step = checked(exchange);
    if (step instanceof AskAuth) {
      step = exchange.authenticated(new ReplyHead(service));
    }

    assertThat(place(step)).isEqualTo(expected.equals("pass") ? "web:80 10.0.0.1:8080" : expected);
  }

  /** Section 12: with any and a failing list the answer is 401. */
  @Test
  void aListThatFailsBesideAPasswordIs401WithAny() {
    IngressRouter router =
        web(
                "satisfy: any",
                "allowlist-source-range: 10.0.0.0/8",
                "auth-type: basic",
                "auth-secret: users")
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .router();

    assertThat(place(router, from("11.0.0.1", URL))).isEqualTo("401 unauthorized");
    assertThat(place(router, from("10.0.0.1", URL))).isEqualTo("web:80 10.0.0.1:8080");
    assertThat(place(router, from("11.0.0.1", URL, basic("ann:secret"))))
        .isEqualTo("web:80 10.0.0.1:8080");
  }

  // Section 12, limits.

  @Test
  void requestsLeakOutAtTheirRate() {
    VirtualClock clock = new VirtualClock();
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80; a.test /y web:80",
                "limit-rps: 2",
                "limit-burst-multiplier: 1",
                "limit-allowlist: 10.0.0.0/8")
            .ingress("free", "a.test /free web:80")
            .backend("web", "10.0.0.1")
            .builder()
            .clock(clock)
            .build();
    List<String> places = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      places.add(place(router, from("11.0.0.1", i % 2 == 0 ? URL : "http://a.test/y")));
    }
    String pass = "web:80 10.0.0.1:8080";
    String refused = "503 rate-limited";

    assertThat(places).containsExactly(pass, pass, pass, refused, refused);
    assertThat(place(router, from("11.0.0.2", URL))).isEqualTo(pass);
    assertThat(place(router, from("11.0.0.1", "http://a.test/free"))).isEqualTo(pass);
    for (int i = 0; i < 20; i++) {
      assertThat(place(router, from("10.0.0.1", URL))).isEqualTo(pass);
    }
    clock.advance(499);
    assertThat(place(router, from("11.0.0.1", URL))).isEqualTo(refused);
    clock.advance(1);
    assertThat(place(router, from("11.0.0.1", URL))).isEqualTo(pass);
    assertThat(place(router, from("11.0.0.1", URL))).isEqualTo(refused);
  }

  @Test
  void connectionsAreCountedUntilTheyEnd() {
    IngressRouter router =
        web("limit-connections: 2").settings("limit-conn-status-code: 429").router();
    Exchange first = router.exchange(NginxInput.request(URL));
    Exchange second = router.exchange(NginxInput.request(URL));
    assertThat(first.first()).isInstanceOf(Forward.class);
    assertThat(second.first()).isInstanceOf(Forward.class);

    assertThat(place(router, URL)).isEqualTo("429 rate-limited");
    first.end();
    first.end();
    assertThat(place(router, URL)).isEqualTo("web:80 10.0.0.1:8080");
    Exchange third = router.exchange(NginxInput.request(URL));
    assertThat(third.first()).isInstanceOf(Forward.class);
    assertThat(place(router, URL)).isEqualTo("429 rate-limited");
    second.end();
    third.end();
    assertThat(place(router, URL)).isEqualTo("web:80 10.0.0.1:8080");
  }

  // Section 11.

  @Test
  void answersOfAnySourceTellBrowsersWhoMayRead() {
    IngressRouter router =
        web(
                "enable-cors: true",
                "cors-allow-origin: https://*.b.test",
                "denylist-source-range: 11.0.0.0/8")
            .router();
    String origin = "Origin: https://w.b.test";
    Relay relay =
        relay(
            router,
            NginxInput.request(URL, origin),
            new ReplyHead(500, Map.of("Access-Control-Allow-Origin", List.of("*"))));

    assertThat(line(relay, "Access-Control-Allow-Origin")).containsExactly("https://w.b.test");
    assertThat(line(relay, "Access-Control-Allow-Credentials")).containsExactly("true");
    assertThat(line(relay, "Access-Control-Max-Age")).containsExactly("1728000");
    Step denied = router.exchange(from("11.0.0.1", URL, origin)).first();
    assertThat(place(denied)).isEqualTo("403 denied");
    assertThat(line(denied, "Access-Control-Allow-Origin")).containsExactly("https://w.b.test");
    assertThat(
            line(
                relay(
                    router, NginxInput.request(URL, "Origin: https://c.test"), new ReplyHead(200)),
                "Access-Control-Allow-Origin"))
        .isEmpty();
    Step options =
        router
            .exchange(
                SimpleRequest.builder()
                    .url(URL)
                    .method("OPTIONS")
                    .header("Origin", "https://c.test")
                    .build())
            .first();
    assertThat(options).isInstanceOf(Forward.class);
  }

  // Section 14.

  private static NginxInput withErrorPages(String... annotations) {
    List<String> all = new ArrayList<>(List.of(annotations));
    all.add("custom-http-errors: 401,403,404,413,503");
    all.add("default-backend: pages");
    return web(all.toArray(new String[0])).backend("pages", "10.0.0.2");
  }

  @Test
  void anErrorOfTheBackEndIsReplaced() {
    IngressRouter router = withErrorPages().router();
    Exchange exchange =
        router.exchange(NginxInput.request("http://a.test/x?y=1", "Accept: text/html"));
    Forward forward = (Forward) exchange.first();
    Forward page = (Forward) exchange.replied(forward, new ReplyHead(404));
    List<String> lines = new ArrayList<>();
    page.eachHeader((name, value) -> lines.add(name + ": " + value));

    assertThat(NginxInput.place(page)).isEqualTo("pages:80 10.0.0.2:8080");
    assertThat(page.target()).isEqualTo("/?y=1");
    assertThat(lines)
        .contains(
            "X-Code: 404",
            "X-Format: text/html",
            "X-Original-URI: /x?y=1",
            "X-Namespace: default",
            "X-Ingress-Name: web",
            "X-Service-Name: web",
            "X-Service-Port: 80");
    exchange.closed(forward, -1, -1, true);
    assertThat(((Relay) exchange.replied(page, new ReplyHead(404))).status()).isEqualTo(404);
    exchange.closed(page, -1, -1, true);
    exchange.end();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          denylist-source-range: 127.0.0.1          | 403
          auth-type: basic; auth-secret: users      | 401
          proxy-body-size: 1                        | 413
          """)
  void anErrorOfTheRouterIsReplaced(String annotations, int status) {
    String[] all = annotations.split("; ", -1);
    SimpleRequest request =
        SimpleRequest.builder()
            .url(URL)
            .method("POST")
            .bodyLength(10)
            .clientAddress("127.0.0.1")
            .build();
    Exchange exchange =
        withErrorPages(all).secret("users", "auth: 'ann:{PLAIN}secret'").router().exchange(request);
    Forward page = (Forward) exchange.first();

    assertThat(NginxInput.place(page)).isEqualTo("pages:80 10.0.0.2:8080");
    assertThat(page.requestHeaders().asMap().get("X-Code")).containsExactly(String.valueOf(status));
    Relay relay = (Relay) exchange.replied(page, new ReplyHead(418));
    assertThat(relay.status()).isEqualTo(418);
    if (status == 401) {
      assertThat(line(relay, "WWW-Authenticate")).containsExactly("Basic realm=\"\"");
    }
  }

  @Test
  void errorsOfTheBackEndPassWhereInterceptingIsOff() {
    IngressRouter router =
        withErrorPages("disable-proxy-intercept-errors: true", "denylist-source-range: 11.0.0.1")
            .router();

    assertThat(relay(router, NginxInput.request(URL), new ReplyHead(404)).status()).isEqualTo(404);
    assertThat(NginxInput.place((Decision) router.exchange(from("11.0.0.1", URL)).first()))
        .isEqualTo("pages:80 10.0.0.2:8080");
  }

  /**
   * Section 14: without a Service that makes pages the controller's own default back end is asked,
   * which knows only 404.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          denylist-source-range: 127.0.0.1              | 404 denied
          auth-type: basic; auth-secret: users          | 404 unauthorized
          auth-type: basic; auth-secret: missing        | 503 route-closed
          proxy-body-size: 1                            | 404 body-too-large
          proxy-body-size: 1; default-backend: missing  | 404 body-too-large
          proxy-body-size: 1; default-backend: empty    | 404 body-too-large
          limit-connections: 1                          | web:80 10.0.0.1:8080
          auth-type: basic; auth-secret: users; custom-http-errors: 403 | 401 unauthorized
          """)
  void withoutAnybodyElseThePageOfTheRouterItselfReplacesErrors(
      String annotations, String expected) {
    List<String> all = new ArrayList<>(List.of(annotations.split("; ", -1)));
    if (!annotations.contains("custom-http-errors")) {
      all.add("custom-http-errors: 401,403,413,503");
    }
    IngressRouter router =
        web(all.toArray(new String[0]))
            .secret("users", "auth: 'ann:{PLAIN}secret'")
            .emptyBackend("empty")
            .router();
    SimpleRequest request =
        SimpleRequest.builder()
            .url(URL)
            .method("POST")
            .bodyLength(10)
            .clientAddress("127.0.0.1")
            .build();
    Exchange exchange = router.exchange(request);
    Step step = exchange.first();
    exchange.end();

    assertThat(place(step)).isEqualTo(expected);
    if (expected.contains("unauthorized")) {
      assertThat(line(step, "WWW-Authenticate")).containsExactly("Basic realm=\"\"");
    }
  }

  /** Section 14: statuses of the back end, of an attempt that fails, and those that are let be. */
  @Test
  void thePageOfTheRouterItselfReplacesErrorsOfTheBackEnd() {
    NginxInput input =
        web(
                "custom-http-errors: 401,502,503",
                "enable-cors: true",
                "cors-allow-origin: https://b.test",
                "proxy-next-upstream: off")
            .settings("add-headers: ingress-nginx/added")
            .configMap("ingress-nginx/added", "  X-Host: $host\n");
    IngressRouter router = input.router();
    Exchange exchange = router.exchange(NginxInput.request(URL, "Origin: https://b.test"));
    Forward forward = (Forward) exchange.first();
    Step step =
        exchange.replied(
            forward,
            new ReplyHead(
                401,
                Map.of("WWW-Authenticate", List.of("Basic realm=\"x\""), "X-Own", List.of("y"))));
    exchange.closed(forward, -1, -1, true);
    exchange.end();

    assertThat(place(step)).isEqualTo("404 upstream-failed");
    assertThat(((Answer) step).explanation())
        .isEqualTo("The back end answered with an error, for which there is no page.");
    assertThat(edits(step, "WWW-Authenticate", "X-Host", "Access-Control-Allow-Origin", "X-Own"))
        .isEqualTo(
            Map.of(
                "WWW-Authenticate",
                List.of("Basic realm=\"x\""),
                "X-Host",
                List.of("a.test"),
                "Access-Control-Allow-Origin",
                List.of("https://b.test")));
    assertThat(relay(router, NginxInput.request(URL), new ReplyHead(500)).status()).isEqualTo(500);
    Exchange failing = router.exchange(NginxInput.request(URL));
    assertThat(place(failing.failed((Forward) failing.first(), Exchange.Failure.CONNECT, 0)))
        .isEqualTo("404 upstream-failed");
    IngressRouter passing =
        web("custom-http-errors: 503", "disable-proxy-intercept-errors: true").router();
    assertThat(relay(passing, NginxInput.request(URL), new ReplyHead(503)).status()).isEqualTo(503);
  }

  /** Section 14: a list of the ConfigMap is for every location without one of its own. */
  @ParameterizedTest(name = "{0} with default back end {1}: {2}")
  @CsvSource({
    "http://a.test/x,            none,  404 upstream-failed",
    "http://own.test/x,          none,  passed 503",
    "http://a.test/none,         none,  404 no-route",
    "http://b.test/none,         none,  404 no-route",
    "http://b.test/nginx_status, none,  404 denied",
    "http://b.test/healthz,      none,  200 health",
    "http://a.test/x,            pages, pages:80 10.0.0.2:8080 /",
    "http://own.test/x,          pages, passed 503",
    "http://b.test/none,         pages, pages:80 10.0.0.2:8080 /",
    "http://a.test/x,            empty, 404 upstream-failed",
  })
  void theListOfTheControllerCountsWhereThereIsNoOther(String url, String service, String what) {
    IngressRouter.Builder builder =
        web()
            .ingress("own", "own.test /x web:80", "custom-http-errors: 404")
            .backend("pages", "10.0.0.2")
            .emptyBackend("empty")
            .settings("custom-http-errors: 403,503")
            .builder();
    if (!service.equals("none")) {
      builder.defaultBackend(new Backend.ServicePort("default", service, "80", true));
    }
    Exchange exchange = builder.build().exchange(NginxInput.request(url));
    Step step = exchange.first();
    if (step instanceof Forward forward) {
      step = exchange.replied(forward, new ReplyHead(503));
    }

    assertThat(
            step instanceof Relay relay
                ? "passed " + relay.status()
                : place(step) + (step instanceof Forward page ? " " + page.target() : ""))
        .isEqualTo(what);
  }

  // Sections 9.4, 9.5 and 10: header fields of answers.

  @Test
  void fieldsAreAddedAndTakenAway() {
    IngressRouter router =
        web("custom-headers: other/custom", "denylist-source-range: 11.0.0.1")
            .configMap("other/custom", "  X-Team: $host\n")
            .configMap("ingress-nginx/added", "  X-Host: $host\n")
            .settings(
                "global-allowed-response-headers: X-Team",
                "add-headers: ingress-nginx/added",
                "hide-headers: X-Powered-By")
            .router();
    Relay relay = relay(router, NginxInput.request(URL), new ReplyHead(200));
    HeaderEdits edits = relay.responseHeaders();

    assertThat(line(relay, "X-Team")).containsExactly("$host");
    assertThat(line(relay, "X-Host")).containsExactly("a.test");
    assertThat(edits.covers("Server")).isTrue();
    assertThat(edits.covers("X-Powered-By")).isTrue();
    Step denied = router.exchange(from("11.0.0.1", URL)).first();
    assertThat(edits(denied, "X-Team", "X-Host"))
        .isEqualTo(Map.of("X-Team", List.of("$host"), "X-Host", List.of("a.test")));
  }

  /** Section 10: a value is sent as the bytes of the ConfigMap, whoever makes the answer. */
  @Test
  void textBeyondAsciiIsTheSameOnEveryAnswer() {
    IngressRouter router =
        web("custom-headers: other/custom", "denylist-source-range: 11.0.0.1")
            .configMap("other/custom", "  X-Team: Zürich\n")
            .settings("global-allowed-response-headers: X-Team")
            .router();

    assertThat(line(relay(router, NginxInput.request(URL), new ReplyHead(200)), "X-Team"))
        .containsExactly("ZÃ¼rich");
    assertThat(edits(router.exchange(from("11.0.0.1", URL)).first(), "X-Team"))
        .isEqualTo(Map.of("X-Team", List.of("ZÃ¼rich")));
  }

  /** Sections 9.5 and 10: refusals before a route is chosen are answers as well. */
  @ParameterizedTest(name = "{0} {1} of {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # method | target      | host    | refusal              | a field that asks for the host
          GET      | /%zz        | a.test  | 400 malformed-request  |
          GET      | /x          | a..test | 400 malformed-request  |
          get      | /x          | a.test  | 400 malformed-request  |
          TRACE    | /x          | a.test  | 405 method-not-allowed |
          GET      | long        | a.test  | 414 uri-too-long       |
          GET      | /x%2F%2Fy   | a.test  | 400 ambiguous-path     | a.test
          """)
  void refusalsCarryWhatEveryAnswerCarries(
      String method, String target, String host, String expected, @Nullable String value) {
    IngressRouter router =
        web()
            .settings("add-headers: ingress-nginx/added")
            .configMap(
                "ingress-nginx/added",
                "  X-Team: web\n  X-Host: $host\n  X-Ingress: $ingress_name\n")
            .router();
    SimpleRequest.Builder request =
        SimpleRequest.builder()
            .scheme("https")
            .method(method)
            .target(target.equals("long") ? "/" + "x".repeat(100_000) : target)
            .hosts(List.of(host));
    Step step = router.exchange(request.build()).first();

    assertThat(place(step)).isEqualTo(expected);
    assertThat(edits(step, "X-Team", "X-Host", "Strict-Transport-Security"))
        .containsEntry("X-Team", List.of("web"))
        .containsEntry("Strict-Transport-Security", List.of("max-age=31536000; includeSubDomains"))
        .hasSize(value == null ? 2 : 3);
    assertThat(line(step, "X-Host")).isEqualTo(value == null ? List.of() : List.of(value));
    assertThat(edits(step).containsKey("Allow")).isEqualTo(method.equals("TRACE"));
    assertThat(line(router.exchange(request.scheme("http").build()).first(), "X-Team"))
        .containsExactly("web");
    assertThat(edits(router.exchange(request.build()).first()))
        .doesNotContainKey("Strict-Transport-Security");
  }

  @Test
  void saysWhichAddedFieldIsNotSent() {
    IngressRouter router =
        web()
            .settings("add-headers: ingress-nginx/added")
            .configMap(
                "ingress-nginx/added",
                "  X-Team: $namespace $host\n  Connection: close\n  X-Odd: $nobody\n")
            .router();

    assertThat(router.diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("setting-invalid"))
        .extracting(Diagnostic::message)
        .satisfiesExactlyInAnyOrder(
            message -> assertThat(message).contains("\"Connection\" of add-headers is not sent"),
            message -> assertThat(message).contains("\"X-Odd\" of add-headers is not sent"));
    assertThat(line(relay(router, NginxInput.request(URL), new ReplyHead(200)), "X-Team"))
        .containsExactly("default a.test");
    assertThat(NginxInput.findings(web().settings("add-headers: ingress-nginx/none").router()))
        .contains("setting-map-missing");
  }

  /** Section 9.5: every response on TLS, that of the default host included. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://a.test/x       | -                            | max-age=31536000; includeSubDomains
          https://a.test/none    | -                            | max-age=31536000; includeSubDomains
          https://b.test/none    | -                            | max-age=31536000; includeSubDomains
          https://b.test/healthz | -                            | max-age=31536000; includeSubDomains
          http://a.test/x        | -                            | -
          https://a.test/x       | hsts: false                  | -
          https://a.test/x       | hsts-preload: true           | max-age=31536000; includeSubDomains; preload
          https://a.test/x       | hsts-include-subdomains: false | max-age=31536000
          https://a.test/x       | hsts-max-age: 60             | max-age=60; includeSubDomains
          """)
  void browsersAreToldToStayOnTls(String url, @Nullable String setting, @Nullable String value) {
    NginxInput input = web();
    if (setting != null) {
      input.settings(setting);
    }
    Exchange exchange = input.router().exchange(NginxInput.request(url));
    Step step = exchange.first();
    if (step instanceof Forward forward) {
      step =
          exchange.replied(
              forward,
              new ReplyHead(200, Map.of("Strict-Transport-Security", List.of("max-age=1"))));
    }

    assertThat(line(step, "Strict-Transport-Security"))
        .isEqualTo(value == null ? List.of() : List.of(value));
  }

  @ParameterizedTest(name = "{0}: {1} becomes {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          proxy-redirect-from: http://in.test/; proxy-redirect-to: /out/ | http://in.test/y | http://a.test/out/y
          proxy-redirect-from: http://in.test/; proxy-redirect-to: https://o.test/ | http://in.test/y | https://o.test/y
          proxy-redirect-from: off; proxy-redirect-to: /out/             | http://in.test/y | http://in.test/y
          team: web                                                      | http://in.test/y | http://in.test/y
          """)
  void redirectsOfTheBackEndAreRewritten(String annotations, String from, String to) {
    String[] all = annotations.equals("team: web") ? new String[0] : annotations.split("; ", -1);
    Relay relay =
        relay(
            web(all).router(),
            NginxInput.request(URL),
            new ReplyHead(302, Map.of("Location", List.of(from))));

    assertThat(edits(relay).getOrDefault("Location", List.of(from))).containsExactly(to);
  }

  @Test
  void cookiesOfTheBackEndAreRewritten() {
    IngressRouter router =
        web("proxy-cookie-path: /in /out", "proxy-cookie-domain: in.test out.test").router();
    Relay relay =
        relay(
            router,
            NginxInput.request(URL),
            new ReplyHead(
                200,
                Map.of("Set-Cookie", List.of("a=1; Path=/in/x; Domain=in.test", "b=2; Path=/"))));

    assertThat(line(relay, "Set-Cookie"))
        .containsExactly("a=1; Path=/out/x; Domain=out.test", "b=2; Path=/");
  }

  // Section 6, proxy-body-size.

  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource({"1k, 1024, true", "1k, 1025, false", "0, 99999999999, true", ", 1048577, false"})
  void bodiesAreMeasured(@Nullable String size, long length, boolean passes) {
    IngressRouter router = (size == null ? web() : web("proxy-body-size: " + size)).router();

    assertThat(
            place(
                router, SimpleRequest.builder().url(URL).method("POST").bodyLength(length).build()))
        .isEqualTo(passes ? "web:80 10.0.0.1:8080" : "413 body-too-large");
  }

  /** A retry goes to the endpoints with what was found out about the client. */
  @Test
  void aRetryKeepsWhatTheServiceSaid() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80",
                "auth-url: http://auth.test/",
                "auth-response-headers: X-User")
            .backend("web", "10.0.0.1", "10.0.0.2")
            .router();
    Exchange exchange = asked(router, URL);
    Forward first =
        (Forward) exchange.authenticated(new ReplyHead(200, Map.of("X-User", List.of("ann"))));
    Forward second = (Forward) exchange.failed(first, Exchange.Failure.CONNECT, 0);
    Endpoint endpoint = Objects.requireNonNull(second.endpoint());

    assertThat(endpoint).isNotEqualTo(first.endpoint());
    assertThat(second.requestHeaders().asMap()).containsEntry("X-User", List.of("ann"));
  }
}
