package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Exchange.ReplyHead;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Relay;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.policy.SimpleRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where several protections meet: what passes on to the back end, and what the client is told.
 *
 * <p>Sections are those of the reference ingress-nginx.
 */
class NginxGuardTest {

  private static final String URL = "http://a.test/x";

  private static NginxInput web(String... annotations) {
    return new NginxInput()
        .ingress("web", "a.test /x web:80", annotations)
        .backend("web", "10.0.0.1")
        .secret("users", "auth: 'ann:{PLAIN}secret'");
  }

  private static String basic(String userAndPassword) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private static SimpleRequest from(String address, String... headers) {
    SimpleRequest.Builder builder = SimpleRequest.builder().url(URL).clientAddress(address);
    for (String header : headers) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1).trim());
    }
    return builder.build();
  }

  private static Step checked(Exchange exchange) {
    Step step = exchange.first();
    return step instanceof CheckPassword check ? exchange.passwordChecked(check.verify()) : step;
  }

  private static Map<String, String> sent(Step step) {
    Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    ((Forward) step).eachHeader(sent::put);
    return sent;
  }

  private static List<String> challenges(Step step) {
    Map<String, List<String>> edits =
        step instanceof Relay relay
            ? relay.responseHeaders().asMap()
            : ((Answer) step).responseHeaders().asMap();
    return edits.getOrDefault("WWW-Authenticate", List.of());
  }

  /**
   * Section 12: fields that the service did not answer are empty and therefore not sent, so a
   * client that passes by its address or its password must not send them either.
   */
  @ParameterizedTest(name = "{0} lets pass, {1}")
  @CsvSource({"list, annotations", "password, annotations", "list, settings"})
  void nobodySpeaksForAServiceThatWasNotAsked(String passes, String where) {
    String names = "X-User, x_group, Authorization";
    NginxInput input =
        where.equals("annotations")
            ? web(
                "satisfy: any",
                "allowlist-source-range: 10.0.0.0/8",
                "auth-type: basic",
                "auth-secret: users",
                "auth-url: http://auth.test/",
                "auth-response-headers: " + names)
            : web("satisfy: any", "allowlist-source-range: 10.0.0.0/8");
    input.settings(
        "enable-underscores-in-headers: true",
        "global-auth-url: http://auth.test/",
        "global-auth-response-headers: " + names);
    boolean isListed = passes.equals("list");

    Step step =
        checked(
            input
                .router()
                .exchange(
                    from(
                        isListed ? "10.0.0.9" : "11.0.0.9",
                        isListed ? "Authorization: Bearer forged" : basic("ann:secret"),
                        "X-User: forged",
                        "x_user: forged",
                        "X-Group: forged",
                        "X_Group: forged",
                        "X-Users: own",
                        "X_Other: own")));

    assertThat(sent(step))
        .containsEntry("X-Users", "own")
        .containsEntry("X_Other", "own")
        .doesNotContainKeys("X-User", "X_User", "X-Group", "X_Group", "Authorization");
  }

  /** Section 10: Authorization is removed where a password is configured, section 12: realm off. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"basic", "digest"})
  void passwordsEndHereAlsoWhereTheRealmIsOff(String type) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("MD5").digest("ann:off:secret".getBytes(StandardCharsets.UTF_8));
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test /x web:80",
                "auth-type: " + type,
                "auth-secret: users",
                "auth-realm: off")
            .backend("web", "10.0.0.1")
            .secret("users", "auth: 'ann:off:" + HexFormat.of().formatHex(hash) + "'")
            .router();

    Step step = router.exchange(NginxInput.request(URL, basic("ann:secret"), "X-A: b")).first();

    assertThat(sent(step)).containsEntry("X-A", "b").doesNotContainKey("Authorization");
  }

  /** Section 12: the challenge is that of whoever refuses; with any, of everybody who was asked. */
  @ParameterizedTest(name = "satisfy {0}, {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          all | ann:secret | Bearer
          all | ann:wrong  | Basic realm="staff"
          all | -          | Basic realm="staff"
          any | -          | Basic realm="staff"; Bearer
          any | ann:wrong  | Basic realm="staff"; Bearer
          """)
  void theChallengeIsThatOfThoseWhoRefuse(String satisfy, String credentials, String expected) {
    for (boolean hasPage : new boolean[] {false, true}) {
      NginxInput input =
          web(
              "satisfy: " + satisfy,
              "auth-type: basic",
              "auth-secret: users",
              "auth-realm: staff",
              "auth-url: http://auth.test/",
              hasPage ? "custom-http-errors: 401" : "custom-http-errors: 404",
              "default-backend: err");
      Exchange exchange =
          input
              .backend("err", "10.0.0.9")
              .router()
              .exchange(
                  credentials == null
                      ? NginxInput.request(URL)
                      : NginxInput.request(URL, basic(credentials)));
      Step step = checked(exchange);
      if (step instanceof AskAuth) {
        step =
            exchange.authenticated(
                new ReplyHead(401, Map.of("WWW-Authenticate", List.of("Bearer"))));
      }
      if (hasPage) {
        step = exchange.replied((Forward) step, new ReplyHead(401));
      }

      assertThat(challenges(step)).containsExactly(expected.split("; ", -1));
    }
  }

  /** Section 12, global-auth: a value that the controller does not take stops nothing else. */
  @Test
  void settingsOfTheServiceForAllThatCannotBeUsedStopNothing() {
    IngressRouter router =
        web()
            .settings(
                "global-auth-url: http://auth.test/",
                "global-auth-method: G T",
                "global-auth-signin: http://login.test/in",
                "global-auth-signin-redirect-param: zurück€")
            .router();
    Exchange exchange = router.exchange(NginxInput.request(URL));

    assertThat(((AskAuth) exchange.first()).method()).isEqualTo("GET");
    assertThat(((Redirect) exchange.authenticated(new ReplyHead(401))).location())
        .isEqualTo(
            new String(
                "http://login.test/in?zurück€=http://a.test%2Fx".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1));
    assertThat(NginxInput.findings(router)).containsExactly("setting-invalid");
  }

  /** Section 12: an unknown variable makes nginx refuse its configuration; here it is said. */
  @Test
  void aVariableOfTheServiceForAllThatIsNotKnownClosesRoutesAndIsSaid() {
    IngressRouter router =
        web()
            .settings(
                "global-auth-url: http://auth.test/", "global-auth-request-redirect: $nothing")
            .router();

    assertThat(NginxInput.place(router.route(NginxInput.request(URL))))
        .isEqualTo("503 route-closed");
    assertThat(router.diagnostics())
        .anySatisfy(
            finding -> {
              assertThat(finding.isError()).isTrue();
              assertThat(finding.message())
                  .isEqualTo(
                      "the setting global-auth-request-redirect cannot be carried out: \"$nothing\""
                          + " asks for \"$nothing\", which nothing defines, so the routes that"
                          + " global-auth-url covers are closed and answer 503");
            });
  }

  /** Section 13, add-headers: what is not sent is said. */
  @Test
  void headersOfTheSettingsThatCannotBeSentAreReported() {
    IngressRouter router =
        web()
            .settings("add-headers: default/more")
            .configMap("more", "  X-A: a\n  X-B: $nothing\n  Content-Length: \"1\"\n  X-C: $host\n")
            .router();

    assertThat(router.diagnostics())
        .extracting(Object::toString)
        .filteredOn(text -> text.contains("add-headers"))
        .hasSize(2)
        .anyMatch(
            text ->
                text.contains("the header \"X-B\" of add-headers is not sent: ")
                    && text.contains("(ConfigMap default/more, data)"))
        .anyMatch(
            text ->
                text.contains(
                    "the header \"Content-Length\" of add-headers is not sent: its name is none"
                        + " of a header that a response can be given"));
    assertThat(
            web().settings("add-headers: default/none").router().diagnostics().stream()
                .map(finding -> finding.rule().id() + ": " + finding.message()))
        .containsExactly(
            "setting-map-missing: add-headers names the ConfigMap \"default/none\", which is not in"
                + " the input");
  }

  /** Section 6, cors-allow-origin: any scheme of lower-case letters, and null. */
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource({
    "'capacitor://localhost, ionic://localhost', capacitor://localhost, capacitor://localhost",
    "'capacitor://localhost, ionic://localhost', ionic://localhost, ionic://localhost",
    "capacitor://localhost, https://evil.test, ''",
    "'https://a.test,null', null, null",
    "null, https://evil.test, ''",
    "Capacitor://localhost, https://any.test, ''",
  })
  void originsOfOtherSchemesAreAccepted(String list, String origin, String accepted) {
    Exchange exchange =
        web("enable-cors: true", "cors-allow-origin: " + list)
            .router()
            .exchange(NginxInput.request(URL, "Origin: " + origin));
    Relay relay = (Relay) exchange.replied((Forward) exchange.first(), new ReplyHead(200));

    assertThat(
            String.join(
                "",
                relay
                    .responseHeaders()
                    .asMap()
                    .getOrDefault("Access-Control-Allow-Origin", List.of())))
        .isEqualTo(accepted);
  }

  /** Hardening, SEC-47: the password is held only while it is needed. */
  @Test
  void whatAClientSentIsForgottenOnceItIsChecked() {
    IngressRouter router = web("auth-type: basic", "auth-secret: users").router();
    Exchange exchange = router.exchange(NginxInput.request(URL, basic("ann:secret")));
    CheckPassword check = (CheckPassword) exchange.first();
    assertThat(check.verify()).isTrue();

    assertThat(exchange.passwordChecked(true)).isInstanceOf(Forward.class);

    assertThat(check.verify()).isFalse();
    assertThat(router.exchange(NginxInput.request(URL, basic("ann:secret"))).first())
        .isInstanceOf(Forward.class);
  }

  /** The same where an adapter has no room for the check. */
  @Test
  void whatAClientSentIsForgottenWithTheExchange() {
    Exchange exchange =
        web("auth-type: basic", "auth-secret: users")
            .router()
            .exchange(NginxInput.request(URL, basic("ann:secret")));
    CheckPassword check = (CheckPassword) exchange.first();

    exchange.end();

    assertThat(check.verify()).isFalse();
  }

  /** Section 12: X-Original-URI goes with auth-method only; SEC-31: a client never writes it. */
  @Test
  void aClientDoesNotTellTheServiceWhatOnlyTheRouterTells() {
    for (boolean hasMethod : new boolean[] {false, true}) {
      Step step =
          web("auth-url: http://auth.test/", hasMethod ? "auth-method: POST" : "affinity: none")
              .router()
              .exchange(NginxInput.request(URL, "X-Original-URI: /public"))
              .first();
      Map<String, String> asked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      ((AskAuth) step).eachHeader(asked::put);

      assertThat(asked.getOrDefault("X-Original-URI", "")).isEqualTo(hasMethod ? "/x" : "");
    }
  }

  /** Sections 12 and 13: what holds for every host holds where no Ingress has a say, too. */
  @ParameterizedTest(name = "{0} from {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          block-cidrs: 9.9.9.9/32                | 9.9.9.9 | 403 denied
          block-cidrs: 9.9.9.9/32                | 9.9.9.8 | spare:80 10.0.0.7:8080
          block-cidrs: 9.9.9.9/99                | 9.9.9.8 | 503 route-closed
          enable-modsecurity: "true"             | 9.9.9.8 | 503 route-closed
          whitelist-source-range: nowhere        | 9.9.9.8 | spare:80 10.0.0.7:8080
          """)
  void whatHoldsEverywhereHoldsForTheDefaultBackEnd(String setting, String client, String place) {
    IngressRouter router =
        new NginxInput()
            .ingress("web", "a.test / web:80")
            .backend("web", "10.0.0.1")
            .backend("spare", "10.0.0.7")
            .settings(setting)
            .builder()
            .defaultBackend(new Backend.ServicePort("default", "spare", "80", true))
            .build();
    SimpleRequest request =
        SimpleRequest.builder().url("http://other.test/").clientAddress(client).build();

    assertThat(NginxInput.place(router.route(request))).isEqualTo(place);
  }

  /** Section 14: the body that is refused does not go to whoever explains it. */
  @Test
  void theErrorPageOfABodyThatIsTooLargeIsAskedForWithoutIt() {
    IngressRouter router =
        new NginxInput()
            .ingress(
                "web",
                "a.test / web:80",
                "proxy-body-size: 1k",
                "custom-http-errors: 413",
                "default-backend: pages")
            .backend("web", "10.0.0.1")
            .backend("pages", "10.0.0.2")
            .router();
    SimpleRequest request =
        SimpleRequest.builder().url("http://a.test/").method("POST").bodyLength(5000).build();

    Forward page = (Forward) router.exchange(request).first();

    assertThat(page.isErrorPage()).isTrue();
    assertThat(page.sendsBody()).isFalse();
  }
}
