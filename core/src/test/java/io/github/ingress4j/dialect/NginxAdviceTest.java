package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.policy.RequestView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is said about the values of annotations and settings, word for word: what is wrong, what
 * happens and what to write; and that whoever follows the advice is rid of the finding.
 *
 * <p>Source: ingress-nginx.md, sections 2.5, 6, 12, 13 and 16.
 */
class NginxAdviceTest {

  private static final String HELP = "\nhelp: ";
  private static final String PREFIX = "the annotation nginx.ingress.kubernetes.io/";
  private static final String WHERE = " (Ingress default/web, metadata.annotations)";

  private static final String FORWARDED = "forward";
  private static final String CLOSED = "503 route-closed";

  /** An Ingress; its first annotation stands on line 6, its value after the name and a colon. */
  private static String web(String... annotations) {
    StringBuilder out =
        new StringBuilder(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n");
    if (annotations.length > 0) {
      out.append("  annotations:\n");
      for (String annotation : annotations) {
        out.append("    nginx.ingress.kubernetes.io/").append(annotation).append('\n');
      }
    }
    return out.append(
            "spec: {rules: [{host: a.test, http: {paths: [{path: /, pathType: Prefix, backend:"
                + " {service: {name: web, port: {number: 80}}}}]}}]}\n")
        .toString();
  }

  /** The ConfigMap of the controller; its first setting stands on line 5 if it comes first. */
  private static String settings(String... lines) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx-controller, namespace:"
        + " ingress-nginx}\ndata:\n  "
        + String.join("\n  ", lines)
        + "\n";
  }

  private static IngressRouter router(String... documents) {
    return IngressRouter.builder()
        .manifests("k8s.yaml", String.join("---\n", documents))
        .dialect(Dialect.INGRESS_NGINX)
        .build();
  }

  private static List<String> findings(String... documents) {
    List<String> findings = new ArrayList<>();
    for (Diagnostic finding : router(documents).diagnostics()) {
      findings.add(finding + (finding.help() == null ? "" : HELP + finding.help()));
    }
    return findings;
  }

  /** The first decision if every service that is asked says yes. */
  private static String answer(String... documents) {
    Decision decision =
        router(documents).route(RequestView.get("http://a.test/"), IngressRouter.Assume.ALLOWED);
    return decision instanceof Answer answer
        ? answer.status() + " " + answer.reason().text()
        : decision instanceof Forward ? FORWARDED : "other";
  }

  /** A snippet beside any other annotation of its group is still found, and still closes. */
  @Test
  void noAnnotationHidesASnippet() {
    String settings =
        settings("annotations-risk-level: Critical", "allow-snippet-annotations: 'true'");
    String snippet =
        "annotation-snippet]: "
            + PREFIX
            + "%s holds configuration of nginx, which is never run here, so the routes of the"
            + " Ingress are closed and answer 503"
            + WHERE;
    String[][] rows = {
      {"auth-snippet: deny all;", "auth-url: http://a.test/x", "auth-cache-key: $host"},
      {"modsecurity-snippet: SecRuleEngine On", "enable-modsecurity: 'true'"},
    };
    for (String[] row : rows) {
      for (String[] annotations : List.of(row, reversed(row))) {
        String name = row[0].substring(0, row[0].indexOf(':'));
        assertThat(findings(web(annotations), settings))
            .as(String.join(", ", annotations))
            .anyMatch(finding -> finding.contains(snippet.formatted(name)));
        assertThat(answer(web(annotations), settings)).isEqualTo(CLOSED);
        assertThat(answer(web(annotations))).as("dropped").isEqualTo("404 no-route");
      }
    }
  }

  /**
   * Sections 12 and 13; the controller would leave open what a service is to protect and cannot: a
   * URL without a scheme, an unknown variable, times that are none.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "global-auth-url: auth.a.test/x | is \"auth.a.test/x\", which cannot be used, so the routes it"
            + " covers are closed and answer 503 | write a URL with a scheme and a host, such as"
            + " http://auth.example.com/check | http://auth.a.test/x",
        "global-auth-url: http://auth.a.test/$foo | cannot be carried out:"
            + " \"http://auth.a.test/$foo\" asks for \"$foo\", which nothing defines, so the routes"
            + " that global-auth-url covers are closed and answer 503 | use variables such as $host,"
            + " $request_uri, $scheme or $http_ and a header's name | http://auth.a.test/$host",
        "global-auth-cache-key: $foo | cannot be carried out: \"$foo\" asks for \"$foo\", which"
            + " nothing defines, so the routes that global-auth-url covers are closed and answer 503"
            + " | use variables such as $host, $request_uri, $scheme or $http_ and a header's name"
            + " | $http_authorization",
        "global-auth-cache-duration: 5parsecs | is \"5parsecs\", which cannot be used, so the routes"
            + " that global-auth-url covers are closed and answer 503 | write statuses and then a"
            + " time such as 30s, 5m or 1h, as in 200 202 401 5m | 200 202 401 5m",
      })
  void aFaultOfTheGlobalServiceClosesItsRoutes(
      String setting, String message, String help, String advised) {
    String key = setting.substring(0, setting.indexOf(':'));
    List<String> faulty = new ArrayList<>(List.of(setting));
    List<String> corrected = new ArrayList<>(List.of(key + ": " + advised));
    if (!key.equals("global-auth-url")) {
      faulty.add("global-auth-url: http://auth.a.test/x");
      corrected.add("global-auth-url: http://auth.a.test/x");
    }
    String map = settings(faulty.toArray(String[]::new));
    int column = key.length() + 5;

    assertThat(findings(map, web()))
        .containsExactly(
            "k8s.yaml:5:"
                + column
                + ": error[setting-invalid]: the setting "
                + key
                + " "
                + message
                + " (ConfigMap ingress-nginx/ingress-nginx-controller, data["
                + key
                + "])"
                + HELP
                + help);
    assertThat(answer(map, web())).isEqualTo(CLOSED);
    // Whoever says true asks for the service; whoever says false, or has a service, does not.
    assertThat(answer(map, web("enable-global-auth: 'true'"))).isEqualTo(CLOSED);
    assertThat(answer(map, web("enable-global-auth: 'false'"))).isEqualTo(FORWARDED);
    assertThat(answer(map, web("auth-url: http://own.a.test/"))).isEqualTo(FORWARDED);
    assertThat(findings(settings(corrected.toArray(String[]::new)), web())).isEmpty();
  }

  /** Without a service there is nothing to close. */
  @Test
  void timesWithoutAServiceCloseNothing() {
    String map = settings("global-auth-cache-duration: 5parsecs");

    assertThat(findings(map, web()))
        .singleElement()
        .asString()
        .startsWith("k8s.yaml:5:31: warning[setting-invalid]: ")
        .contains("which cannot be used, so the default holds");
    assertThat(answer(map, web())).isEqualTo(FORWARDED);
  }

  /** Section 13: the value has the grammar of the annotation of the same name. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy-body-size: 10MB | is \"10MB\", which cannot be used, so the default holds | write"
            + " digits, with or without one of b, k, m, g | 10m",
        "client-body-buffer-size: 1KB | is \"1KB\", which cannot be used, so the default holds |"
            + " write digits, with or without one of b, k, m, g | 8k",
        "proxy-next-upstream: error,timeout | is \"error,timeout\", which cannot be used, so the"
            + " default holds | write words separated by blanks, of error, timeout, invalid_header,"
            + " http_500, http_502, http_503, http_504, http_403, http_404, http_429, non_idempotent,"
            + " off | error timeout",
        "proxy-next-upstream-tries: '-1' | is \"-1\", which cannot be used, so the default holds |"
            + " write a whole number, 0 or more | \"2\"",
        "proxy-next-upstream-timeout: '-1' | is \"-1\", which cannot be used, so the default holds |"
            + " write a whole number, 0 or more | \"2\"",
        "proxy-connect-timeout: '-5' | is \"-5\", which cannot be used, so the default holds | write"
            + " a whole number, 1 or more | \"5\"",
        "proxy-read-timeout: '0' | is \"0\", which cannot be used, so the default holds | write a"
            + " whole number, 1 or more | \"1\"",
        "proxy-http-version: '2' | is \"2\", which cannot be used, so the default holds | write 1.0"
            + " or 1.1 | \"1.1\"",
        "limit-req-status-code: '42' | is \"42\", which cannot be used, so the default holds | write"
            + " a status from 400 to 599 | \"429\"",
        "limit-conn-status-code: '600' | is \"600\", which cannot be used, so the default holds |"
            + " write a status from 400 to 599 | \"429\"",
        "hsts-max-age: 1y | is \"1y\", which cannot be used, so the default holds | write a whole"
            + " number of seconds, 0 or more | \"600\"",
        "global-auth-method: get | is \"get\", which cannot be used, so it counts as absent | write"
            + " one of GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS or TRACE | GET",
        "global-auth-signin: foo bar | is \"foo bar\", which cannot be used, so it counts as absent |"
            + " write a URL with a scheme and a host, such as https://login.example.com/ |"
            + " https://login.example.com/",
        "ssl-redirect: 'on' | is \"on\", which cannot be used, so the default holds | write true or"
            + " false | \"true\"",
      })
  void aSettingThatCannotBeUsedIsAWarning(
      String setting, String message, String help, String advised) {
    String key = setting.substring(0, setting.indexOf(':'));

    assertThat(findings(settings(setting), web()))
        .containsExactly(
            "k8s.yaml:5:"
                + (key.length() + 5)
                + ": warning[setting-invalid]: the setting "
                + key
                + " "
                + message
                + " (ConfigMap ingress-nginx/ingress-nginx-controller, data["
                + key
                + "])"
                + HELP
                + help);
    assertThat(findings(settings(key + ": " + advised), web())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          global-allowed-response-headers | A,X Y | X Y | A,X-Y  | names
          global-auth-response-headers    | X;Y   | X;Y | X,Y    | names
          no-auth-locations               | /a, x | x   | /a, /x | paths
          no-tls-redirect-locations       | x     | x   | /x     | paths
          """)
  void anItemThatCannotBeUsedIsNamed(
      String key, String value, String item, String advised, String what) {
    assertThat(findings(settings(key + ": " + value), web()))
        .containsExactly(
            "k8s.yaml:5:"
                + (key.length() + 5)
                + ": warning[setting-invalid]: the item \""
                + item
                + "\" of the setting "
                + key
                + " cannot be used, so it is left out (ConfigMap"
                + " ingress-nginx/ingress-nginx-controller, data["
                + key
                + "])"
                + HELP
                + (what.equals("names")
                    ? "write names of headers, which are letters, digits, - and _, separated by"
                        + " commas"
                    : "write paths that begin with /, separated by commas"));
    assertThat(findings(settings(key + ": " + advised), web())).isEmpty();
  }

  /** The rest of a list counts; the default would ask for more than is wanted, or for less. */
  @Test
  void theOtherItemsOfAListCount() {
    String service = "global-auth-url: http://auth.a.test/x";
    RequestView request = RequestView.get("http://a.test/");
    assertThat(router(settings(service), web()).route(request)).isInstanceOf(Answer.class);
    assertThat(router(settings(service, "no-auth-locations: 'x, /'"), web()).route(request))
        .isInstanceOf(Forward.class);
  }

  @Test
  void limitsCountByTheAddressWhereTheVariableIsUnknown() {
    assertThat(findings(settings("limit-conn-zone-variable: $foo"), web("limit-connections: '1'")))
        .contains(
            "k8s.yaml:5:29: warning[setting-invalid]: the setting limit-conn-zone-variable cannot be"
                + " carried out: \"$foo\" asks for \"$foo\", which nothing defines, so limits count by"
                + " the address of the client (ConfigMap ingress-nginx/ingress-nginx-controller,"
                + " data[limit-conn-zone-variable])"
                + HELP
                + "use variables such as $host, $request_uri, $scheme or $http_ and a header's name");
  }

  /** The help says what is wrong with this value, not only what values there are. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "auth-url: auth.a.test/x | error[annotation-denies-routes] | is \"auth.a.test/x\", which has no"
            + " scheme, so the routes of the Ingress answer 503 | write a URL with a scheme and a"
            + " host, such as http://auth.default.svc.cluster.local/check"
            + " | auth-url: http://auth.default.svc.cluster.local/check",
        "temporal-redirect: /foo | warning[annotation-voids-group] | is \"/foo\", which is no http or"
            + " https URL, so the annotations of its group count as absent | write a whole URL with"
            + " its scheme and host, such as https://www.example.com/new"
            + " | temporal-redirect: https://www.example.com/new",
        "app-root: app | warning[annotation-defaulted] | is \"app\", which is no absolute path, so it"
            + " counts as absent | write a path that begins with /, such as /app | app-root: /app",
        "permanent-redirect-code: '200' | warning[annotation-defaulted] | is \"200\", which is not from"
            + " 300 to 308, so the default holds | write 301 or 308"
            + " | permanent-redirect-code: '308'",
        "load-balance: ip_hash | error[annotation-drops-ingress] | is \"ip_hash\", which is not"
            + " allowed, so the Ingress is dropped | allowed: round_robin or ewma; for a consistent"
            + " hash write the annotation upstream-hash-by | load-balance: ewma",
        "allowlist-source-range: 10.0.0.0/33,1.2.3 | error[annotation-denies-routes] | is"
            + " \"10.0.0.0/33,1.2.3\", which is not allowed, so the routes of the Ingress answer 503 |"
            + " allowed: IP addresses or blocks such as 10.0.0.0/8, separated by commas, but not"
            + " \"10.0.0.0/33\" or \"1.2.3\" | allowlist-source-range: 10.0.0.0/32,1.2.3.4",
        "rewrite-target: /x?a=b | warning[annotation-defaulted] | is \"/x?a=b\", which is not allowed,"
            + " so it counts as absent | write it without \"?\" and what follows: a target is a path,"
            + " and the query of the request is sent on as it is | rewrite-target: /x",
      })
  void saysWhatToWriteInstead(
      String annotation, String rule, String message, String help, String advised) {
    String name = annotation.substring(0, annotation.indexOf(':'));
    String expected =
        "k8s.yaml:6:"
            + (name.length() + 35)
            + ": "
            + rule
            + ": "
            + PREFIX
            + name
            + " "
            + message
            + WHERE
            + HELP
            + help;

    assertThat(findings(web(annotation))).contains(expected);
    assertThat(findings(web(advised))).isEmpty();
  }

  /** Section 12. */
  @Test
  void saysWhatIsWrongWithWhatBelongsToAService() {
    String url = "auth-url: http://auth.a.test/x";
    assertThat(findings(web(url, "auth-cache-duration: 200 5parsecs")))
        .containsExactly(
            "k8s.yaml:7:54: error[annotation-denies-routes]: "
                + PREFIX
                + "auth-cache-duration is \"200 5parsecs\", which is not statuses and then times, so"
                + " the routes of the Ingress answer 503"
                + WHERE
                + HELP
                + "write statuses and then a time such as 30s, 5m or 1h, as in 200 202 401 5m");
    assertThat(findings(web(url, "auth-cache-duration: 200 202 401 5m"))).isEmpty();
    assertThat(findings(web(url, "auth-response-headers: A B")))
        .singleElement()
        .asString()
        .endsWith(
            "has a name with a blank, so the routes of the Ingress answer 503"
                + WHERE
                + HELP
                + "write a comma between the names");
    assertThat(findings(web(url, "auth-response-headers: A;B")))
        .singleElement()
        .asString()
        .endsWith(HELP + "allowed: letters, digits, -, _, , and blanks, but not \";\"");
    assertThat(findings(web(url, "auth-response-headers: A,B"))).isEmpty();
    String headers = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: h}\ndata: {X-A: b}\n";
    assertThat(findings(web(url, "auth-proxy-set-headers: h") + headers))
        .singleElement()
        .asString()
        .endsWith(
            "is not of the form namespace/name, so the routes of the Ingress answer 503"
                + WHERE
                + HELP
                + "write the namespace of the Ingress, a slash and the name:"
                + " <namespace>/h");
    assertThat(findings(web(url, "auth-proxy-set-headers: default/h") + headers)).isEmpty();
  }

  /** Section 7: another spelling sends no SameSite at all. */
  @Test
  void saysHowSameSiteIsSpelt() {
    assertThat(findings(web("affinity: cookie", "session-cookie-samesite: LAX")))
        .containsExactly(
            "k8s.yaml:7:58: warning[annotation-defaulted]: "
                + PREFIX
                + "session-cookie-samesite is \"LAX\", which is not spelt None, Lax or Strict, so it"
                + " counts as absent"
                + WHERE
                + HELP
                + "write Lax: another spelling sends no SameSite");
    assertThat(findings(web("affinity: cookie", "session-cookie-samesite: Lax"))).isEmpty();
  }

  /** Section 16: the most frequent wish behind a redirect that is dropped. */
  @Test
  void saysHowARedirectKeepsThePath() {
    assertThat(findings(web("permanent-redirect: https://new.test$request_uri")))
        .containsExactly(
            "k8s.yaml:6:53: error[annotation-drops-ingress]: "
                + PREFIX
                + "permanent-redirect is \"https://new.test$request_uri\", which is not allowed, so the"
                + " Ingress is dropped"
                + WHERE
                + HELP
                + "a redirect holds no variables, so write it without \"$\"; to keep the rest of the"
                + " path and the query write rewrite-target: https://new.test/$1 with the path /(.*)"
                + " of the type ImplementationSpecific, which answers 302");
    assertThat(findings(web("temporal-redirect: $scheme://x/")))
        .singleElement()
        .asString()
        .endsWith(HELP + "a redirect holds no variables, so write it without \"$\"");
    String followed =
        web("rewrite-target: https://new.test/$1")
            .replace("path: /, pathType: Prefix", "path: /(.*), pathType: ImplementationSpecific");
    assertThat(findings(followed)).isEmpty();
    assertThat(router(followed).route(RequestView.get("http://a.test/x/y?z=1")))
        .isInstanceOfSatisfying(
            Redirect.class,
            redirect -> {
              assertThat(redirect.status()).isEqualTo(302);
              assertThat(redirect.location()).isEqualTo("https://new.test/x/y?z=1");
            });
  }

  /** Section 6, notes: the lock stays, and the key is added. */
  @Test
  void whoeverNamesPasswordsIsToldToAskForThem() {
    String help =
        HELP + "add auth-type: basic, without which nobody is asked for a password; or remove it";
    assertThat(findings(web("auth-secret: users", "auth-realm: x")))
        .containsExactly(
            "k8s.yaml:6:46: error[annotation-idle]: "
                + PREFIX
                + "auth-secret does nothing without auth-type"
                + WHERE
                + help,
            "k8s.yaml:7:45: warning[annotation-idle]: "
                + PREFIX
                + "auth-realm does nothing without auth-type"
                + WHERE
                + help);
    String users =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: users}\nstringData: {auth: 'u:{PLAIN}p'}\n";
    assertThat(findings(web("auth-secret: users", "auth-type: basic") + users)).isEmpty();
    assertThat(findings(web("session-cookie-path: /x")))
        .singleElement()
        .asString()
        .endsWith(
            "does nothing without affinity: cookie"
                + WHERE
                + HELP
                + "add affinity: cookie, or remove it");
    assertThat(
            findings(
                web("temporal-redirect: https://b.test", "permanent-redirect: https://c.test")))
        .singleElement()
        .asString()
        .endsWith(
            "does nothing beside temporal-redirect"
                + WHERE
                + HELP
                + "remove it, or temporal-redirect");
  }

  /** One cause, one finding. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "auth-type: Basic, auth-secret: users, error[annotation-drops-ingress]",
    "affinity: cookies, session-cookie-name: x, warning[annotation-defaulted]",
    "auth-url: http://x y/, auth-method: GET, error[annotation-denies-routes]",
    "mirror-target: http://x!, mirror-host: x, warning[annotation-defaulted]",
  })
  void nothingIsIdleBesideAFaultyAnnotation(String faulty, String dependent, String rule) {
    assertThat(findings(web(faulty, dependent)))
        .singleElement()
        .asString()
        .contains(rule)
        .contains(faulty.substring(0, faulty.indexOf(':')) + " is ");
  }

  /** Section 2.5: an empty item drops every Ingress; the cause is in one place. */
  @Test
  void anEmptyBlockedWordIsReportedOnceWhereItStands() {
    String map = settings("annotation-value-word-blocklist: 'lua,'");
    assertThat(findings(map, web("use-regex: 'true'", "ssl-redirect: 'false'")))
        .containsExactly(
            "k8s.yaml:5:36: error[annotation-word-blocked]: the setting"
                + " annotation-value-word-blocklist has an empty item, which blocks every value, so"
                + " every Ingress with an annotation of the controller is dropped (ConfigMap"
                + " ingress-nginx/ingress-nginx-controller, data[annotation-value-word-blocklist])"
                + HELP
                + "remove the comma that nothing stands before or behind");
    assertThat(answer(map, web("use-regex: 'true'"))).isEqualTo("404 no-route");
    String followed = settings("annotation-value-word-blocklist: lua");
    assertThat(findings(followed, web("use-regex: 'true'"))).isEmpty();
  }

  /** Section 12: the annotation wins over its alias. */
  @Test
  void anAliasBesideItsAnnotationIsIdle() {
    String alias = "whitelist-source-range: 10.0.0.0/8";
    assertThat(findings(web("allowlist-source-range: 11.0.0.0/8", alias)))
        .containsExactly(
            "k8s.yaml:7:5: warning[annotation-idle]: "
                + PREFIX
                + "whitelist-source-range does nothing beside allowlist-source-range, which is the"
                + " same annotation"
                + WHERE
                + HELP
                + "write everything in allowlist-source-range, and remove whitelist-source-range");
    assertThat(findings(web("allowlist-source-range: '11.0.0.0/8,10.0.0.0/8'"))).isEmpty();
    assertThat(findings(web(alias))).isEmpty();
  }

  /** A setting that stands among the annotations. */
  @ParameterizedTest
  @ValueSource(strings = {"limit-req-status-code", "worker-processes"})
  void saysThatASettingIsNone(String name) {
    assertThat(findings(web(name + ": '4'")))
        .singleElement()
        .asString()
        .endsWith(
            "warning[annotation-unknown]: "
                + PREFIX
                + name
                + " does nothing: "
                + name
                + " is a setting, not an annotation"
                + WHERE
                + HELP
                + "write "
                + name
                + " into the ConfigMap of the controller, for all Ingresses");
  }

  /** A name from elsewhere. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "client-max-body-size: 1m | write proxy-body-size",
        "session-cookie-httponly: true | remove it: the cookie always is HttpOnly",
        "add-header: x | write custom-headers",
      })
  void saysWhereANameBelongs(String annotation, String help) {
    String name = annotation.substring(0, annotation.indexOf(':'));
    assertThat(findings(web(name + ": '" + annotation.substring(name.length() + 2) + "'")))
        .singleElement()
        .asString()
        .endsWith(
            "warning[annotation-unknown]: "
                + PREFIX
                + name
                + " does nothing: the controller knows no annotation of this name"
                + WHERE
                + HELP
                + help);
  }

  /** What is wrong with a name is shown at the name. */
  @Test
  void pointsAtTheNameThatIsWrong() {
    assertThat(findings(web("rewrite-targt: /", "secure-backends: 'true'")))
        .containsExactly(
            "k8s.yaml:6:5: warning[annotation-unknown]: "
                + PREFIX
                + "rewrite-targt does nothing: the controller knows no annotation of this name"
                + WHERE
                + HELP
                + "did you mean `rewrite-target`?",
            "k8s.yaml:7:5: warning[annotation-removed]: "
                + PREFIX
                + "secure-backends was removed from the controller and does nothing"
                + WHERE
                + HELP
                + "write backend-protocol: HTTPS");
    assertThat(findings(settings("ssl-redirct: 'no'"), web()))
        .containsExactly(
            "k8s.yaml:5:3: info[setting-unknown]: the controller knows no setting \"ssl-redirct\""
                + " (ConfigMap ingress-nginx/ingress-nginx-controller, data[ssl-redirct])"
                + HELP
                + "did you mean `ssl-redirect`?");
    Diagnostic unknown = router(web("rewrite-targt: /")).diagnostics().get(0);
    assertThat(unknown.source())
        .isEqualTo(
            new SourceSpan("k8s.yaml", 6, 5, "nginx.ingress.kubernetes.io/rewrite-targt".length()));
  }

  /** Section 8.1, Lua: what is unknown is empty, and nginx refuses nothing. */
  @Test
  void aHashOfAnUnknownVariableIsAWarning() {
    String same = ", so it is empty, and requests that differ in nothing else go to one endpoint";
    String help =
        HELP + "use variables such as $host, $request_uri, $scheme or $http_ and a header's name";
    assertThat(findings(web("upstream-hash-by: $foo")))
        .containsExactly(
            "k8s.yaml:6:51: warning[nginx-variable-unknown]: upstream-hash-by: \"$foo\" asks for"
                + " \"$foo\", which nothing defines"
                + same
                + WHERE
                + help);
    assertThat(findings(web("upstream-hash-by: $remote_user")))
        .containsExactly(
            "k8s.yaml:6:51: warning[nginx-variable-unavailable]: upstream-hash-by: \"$remote_user\""
                + " asks for \"$remote_user\", which nginx has and this router does not"
                + same
                + WHERE
                + help);
    assertThat(findings(web("upstream-hash-by: $request_uri$"))).isEmpty();
    assertThat(findings(web("upstream-hash-by: $foo", "affinity: cookie"))).isEmpty();
    assertThat(answer(web("upstream-hash-by: $foo"))).isEqualTo(FORWARDED);
  }

  /** Section 6; nginx refuses both. */
  @Test
  void saysWhatIsWrongWithAMirror() {
    String end = "; the controller would keep its last good configuration of all hosts" + WHERE;
    String unknown =
        "asks for \"$foo\", which nothing defines"
            + end
            + HELP
            + "use variables such as $host, $request_uri, $scheme or $http_ and a header's name";
    assertThat(findings(web("mirror-target: https://x/$foo")))
        .containsExactly(
            "k8s.yaml:6:48: error[nginx-reply-rewrite-invalid]: mirror-target has no effect:"
                + " \"https://x/$foo\" "
                + unknown);
    assertThat(findings(web("mirror-target: https://x", "mirror-host: $foo")))
        .containsExactly(
            "k8s.yaml:7:46: error[nginx-reply-rewrite-invalid]: mirror-host has no effect: \"$foo\" "
                + unknown);
    for (String target : List.of("nohost", "https://", "http:///x", "http://:80", "ftp://x")) {
      assertThat(findings(web("mirror-target: '" + target + "'")))
          .containsExactly(
              "k8s.yaml:6:48: error[nginx-reply-rewrite-invalid]: mirror-target has no effect: \""
                  + target
                  + "\" is no URL with a scheme and a host"
                  + end
                  + HELP
                  + "write such as https://mirror.example.com$request_uri");
    }
    assertThat(findings(web("mirror-target: https://mirror.example.com$request_uri"))).isEmpty();
    assertThat(findings(web("mirror-target: $scheme://mirror.example.com"))).isEmpty();
  }

  /** A reason within a sentence begins with a small letter. */
  @Test
  void reasonsArePartsOfTheirSentence() {
    assertThat(router(settings("block-user-agents: '~*('"), web()).diagnostics())
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.message()).endsWith(": the parenthesis is not closed"));
    assertThat(findings(settings("global-allowed-response-headers: X-A"), web("custom-headers: h")))
        .singleElement()
        .asString()
        .contains(
            "custom-headers does not name a ConfigMap as namespace/name, so the routes answer 503");
    assertThat(findings(settings("limit-rate: 7k"), web()))
        .singleElement()
        .asString()
        .endsWith(HELP + "write a whole number, 0 or more");
  }

  private static String[] reversed(String[] row) {
    List<String> list = new ArrayList<>(Arrays.asList(row));
    Collections.reverse(list);
    return list.toArray(String[]::new);
  }
}
