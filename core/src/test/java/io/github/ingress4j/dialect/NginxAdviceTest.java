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
            + " 300 to 308, so the default holds: 301 | write 301 or 308"
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
                + " default/h");
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

  /** A setting that stands among the annotations; not each does something, or something good. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit-req-status-code | write limit-req-status-code into the ConfigMap of the controller, for"
            + " all Ingresses",
        "worker-processes | remove it: the setting is about nginx itself and has no effect here",
        "ssl-protocols | remove it: the setting is about nginx itself and has no effect here",
        "enable-owasp-modsecurity-crs | remove it: the setting has no effect here, for there is no"
            + " firewall here; see enable-modsecurity",
        "location-snippet | say what the snippet does by other annotations, or do it in the"
            + " application, and remove it: as a setting it would close every route here",
      })
  void saysThatASettingIsNone(String name, String help) {
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
                + help);
  }

  /** Section 2.5: whoever misspells a protection is served without it. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "whitelist-source-ranges: 10.0.0.0/8 | error | did you mean `whitelist-source-range`?",
        "auth-typ: basic | error | did you mean `auth-type`?",
        "auth-tls-match-ncn: CN=x | error | did you mean `auth-tls-match-cn`?",
        "limit-rsp: '0' | warning | did you mean `limit-rps`?",
        "limit-rsp: '5' | error | did you mean `limit-rps`?",
        "enable-modsecurit: 'true' | error | did you mean `enable-modsecurity`?",
        "enable-modsecurit: 'false' | warning | did you mean `enable-modsecurity`?",
        "rewrite-targt: / | warning | did you mean `rewrite-target`?",
        // A name that says the opposite is none that was meant.
        "blacklist-source-range: 10.0.0.0/8 | error | did you mean `denylist-source-range`?",
        "blocklist-source-range: 10.0.0.0/8 | error | did you mean `denylist-source-range`?",
        "disable-cors: 'true' | warning | write `enable-cors`, which says the opposite, with the"
            + " opposite value",
        "disable-global-auth: 'true' | warning | write `enable-global-auth`, which says the opposite,"
            + " with the opposite value",
        "enable-proxy-intercept-errors: 'true' | warning | write `disable-proxy-intercept-errors`,"
            + " which says the opposite, with the opposite value",
        "limit-blacklist: 10.0.0.0/8 | warning | remove the annotation",
      })
  void aMisspeltProtectionIsAnError(String annotation, String severity, String help) {
    String name = annotation.substring(0, annotation.indexOf(':'));
    assertThat(findings(web(annotation)))
        .containsExactly(
            "k8s.yaml:6:5: "
                + severity
                + "[annotation-unknown]: "
                + PREFIX
                + name
                + " does nothing: the controller knows no annotation of this name"
                + (severity.equals("error")
                    ? ", so the routes are served without the protection"
                    : "")
                + WHERE
                + HELP
                + help);
  }

  /** Section 13: and so with the settings. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "whitelist-source-ranges: 10.0.0.0/8 | error | did you mean `whitelist-source-range`?",
        "blacklist-source-range: 10.0.0.0/8 | error | did you mean `denylist-source-range`?",
        "enable-modsecurit: 'true' | error | did you mean `enable-modsecurity`?",
        "enable-modsecurit: 'false' | info | did you mean `enable-modsecurity`?",
        "block-user-agent: curl | error | did you mean `block-user-agents`?",
        "auth-locations: /x | info | ",
      })
  void aMisspeltSettingThatProtectsIsAnError(String setting, String severity, String help) {
    String key = setting.substring(0, setting.indexOf(':'));
    assertThat(findings(settings(setting), web()))
        .containsExactly(
            "k8s.yaml:5:3: "
                + severity
                + "[setting-unknown]: the controller knows no setting \""
                + key
                + "\""
                + (severity.equals("error") ? ", so nothing is protected by it" : "")
                + " (ConfigMap ingress-nginx/ingress-nginx-controller, data["
                + key
                + "])"
                + (help == null ? "" : HELP + help));
  }

  /** Section 2.5: a slip in the prefix is pointed at, and is an error where it opens something. */
  @Test
  void pointsAtThePrefixThatIsWrong() {
    String end = ", because the prefix is \"nginx.ingress.kubernetes.io/\"";
    String typed = web("rewrite-target: /").replace("kubernetes.io/rew", "kubernets.io/rew");
    assertThat(findings(typed))
        .containsExactly(
            "k8s.yaml:6:5: warning[annotation-prefix]: \"nginx.ingress.kubernets.io/rewrite-target\""
                + " is not read"
                + end
                + WHERE
                + HELP
                + "write \"nginx.ingress.kubernetes.io/rewrite-target\"");
    String open = web("auth-type: basic").replace("kubernetes.io/auth", "kubernets.io/auth");
    assertThat(findings(open))
        .containsExactly(
            "k8s.yaml:6:5: error[annotation-prefix]: \"nginx.ingress.kubernets.io/auth-type\" is not"
                + " read"
                + end
                + ", so the routes are served without the protection"
                + WHERE
                + HELP
                + "write \"nginx.ingress.kubernetes.io/auth-type\"");
  }

  /**
   * Section 2.5: numbers that pass the controller's check and stop nginx, or mean something odd.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "proxy-connect-timeout: '-5' | error | nginx refuses, so the controller would keep its last"
            + " good configuration of all hosts; here it counts as absent | write a whole number of"
            + " seconds, 1 or more | '7'",
        "proxy-send-timeout: '-5' | error | nginx refuses, so the controller would keep its last good"
            + " configuration of all hosts; here it counts as absent | write a whole number of"
            + " seconds, 1 or more | '7'",
        "proxy-read-timeout: '0' | error | leaves no time at all, so it counts as absent here | write"
            + " a whole number of seconds, 1 or more | '7'",
        "proxy-next-upstream-tries: '-1' | error | nginx refuses, so the controller would keep its"
            + " last good configuration of all hosts; here 3 attempts are made | write a whole number,"
            + " 0 or more | '0'",
        "proxy-next-upstream-timeout: '-1' | error | nginx refuses, so the controller would keep its"
            + " last good configuration of all hosts; here there is no limit | write a whole number, 0"
            + " or more | '0'",
        "limit-rate: '-1' | warning | is below 0, so there is no limit | write a number above 0, or 0"
            + " for no limit | '0'",
        "limit-rate-after: '-1' | warning | is below 0, so the limit counts from the first byte |"
            + " write a number above 0, or remove it | '1'",
        "upstream-hash-by: $host; upstream-hash-by-subset: 'true'; upstream-hash-by-subset-size: '-1' |"
            + " warning | is no size of a group | write 3, or another number above 0 | '4'",
        "limit-rps: '5'; limit-burst-multiplier: '0' | error | nginx refuses, so the controller would"
            + " keep its last good configuration of all hosts; here no request passes at once beyond"
            + " the limit | write 1 or more | '1'",
        "proxy-body-size: 1048576b | warning | the controller does not apply, because it is in b, so"
            + " 1m holds | write the size without a letter, which means bytes, or in k, m or g |"
            + " '1048576'",
      })
  void saysWhichNumbersNobodyMeans(
      String annotations, String severity, String message, String help, String advised) {
    List<String> all = new ArrayList<>(List.of(annotations.split("; ", -1)));
    String last = all.remove(all.size() - 1);
    int colon = last.indexOf(": ");
    String name = last.substring(0, colon);
    List<String> better = new ArrayList<>(all);
    all.add(last);
    better.add(name + ": " + advised);

    assertThat(findings(web(all.toArray(String[]::new))))
        .containsExactly(
            "k8s.yaml:"
                + (5 + all.size())
                + ":"
                + (name.length() + 35)
                + ": "
                + severity
                + "[annotation-defaulted]: "
                + PREFIX
                + name
                + " is \""
                + last.substring(colon + 2).replace("'", "")
                + "\", which "
                + message
                + WHERE
                + HELP
                + help);
    assertThat(findings(web(better.toArray(String[]::new)))).isEmpty();
  }

  /** Section 11: what is no origin is left out, and a list with other characters is everybody's. */
  @Test
  void namesWhatIsNoOrigin() {
    String on = "enable-cors: 'true'";
    String start = "k8s.yaml:7:52: ";
    assertThat(findings(web(on, "cors-allow-origin: 'https://a.example.com, b.example.com'")))
        .containsExactly(
            start
                + "warning[annotation-defaulted]: the item \"b.example.com\" of "
                + PREFIX
                + "cors-allow-origin cannot be used, so it is left out"
                + WHERE
                + HELP
                + "write https://b.example.com, an origin is a scheme, a host and perhaps a port");
    assertThat(findings(web(on, "cors-allow-origin: https://a.example.com/")))
        .containsExactly(
            start
                + "error[annotation-defaulted]: "
                + PREFIX
                + "cors-allow-origin is \"https://a.example.com/\", which is not allowed, so every"
                + " origin is accepted"
                + WHERE
                + HELP
                + "\"https://a.example.com/\" is no origin: write https://a.example.com, an origin is"
                + " a scheme, a host and perhaps a port");
    assertThat(findings(web(on, "cors-allow-origin: '*'"))).isEmpty();
    assertThat(findings(web(on, "cors-allow-origin: https://a.example.com"))).isEmpty();
  }

  /** Section 12: with one check there is nothing to choose from. */
  @Test
  void oneCheckLeavesNoChoice() {
    String users =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: users}\nstringData: {auth: 'u:{PLAIN}p'}\n";
    String[] password = {"auth-type: basic", "auth-secret: users", "satisfy: any"};
    assertThat(findings(web(password) + users))
        .containsExactly(
            "k8s.yaml:8:42: warning[annotation-idle]: "
                + PREFIX
                + "satisfy does nothing where there are not two of an address list, auth-type and"
                + " auth-url"
                + WHERE
                + HELP
                + "add what may suffice instead, or remove it");
    for (String other : List.of("denylist-source-range: 10.0.0.0/8", "auth-url: http://a.test/x")) {
      List<String> two = new ArrayList<>(List.of(password));
      two.add(other);
      assertThat(findings(web(two.toArray(String[]::new)) + users)).isEmpty();
    }
    assertThat(findings(web("satisfy: all"))).isEmpty();
    assertThat(findings(settings("denylist-source-range: 10.0.0.0/8"), web(password) + users))
        .isEmpty();
  }

  /** Section 8.6: why it does nothing depends on the rest. */
  @Test
  void saysWhyAPatternOfACanaryDoesNothing() {
    String canary = "canary: 'true'";
    String pattern = "canary-by-header-pattern: x";
    assertThat(findings(web(canary, "canary-by-header: H", "canary-by-header-value: v", pattern)))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .endsWith(
                        "does nothing beside canary-by-header-value, which alone decides"
                            + WHERE
                            + HELP
                            + "remove it, or canary-by-header-value"));
    assertThat(findings(web(canary, pattern)))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .endsWith(
                        "does nothing without canary-by-header"
                            + WHERE
                            + HELP
                            + "add canary-by-header, or remove it"));
  }

  /** Section 12: the service of the settings has settings of its own. */
  @Test
  void knowsThatTheServiceOfTheSettingsProtects() {
    String map = settings("global-auth-url: http://auth.a.test/x");
    String signIn = "auth-signin: https://login.test/";
    assertThat(findings(map, web(signIn)))
        .singleElement()
        .asString()
        .endsWith(
            "auth-signin does nothing without auth-url: the setting global-auth-url, which protects"
                + " the routes, goes by the settings global-auth-*"
                + WHERE
                + HELP
                + "write it as a setting for all Ingresses, or add auth-url, or remove it");
    assertThat(findings(map, web(signIn, "enable-global-auth: 'false'")))
        .singleElement()
        .asString()
        .endsWith(HELP + "add auth-url, without which nothing is protected; or remove it");
  }

  /** Section 2.5: the first fault of a group ends its reading, and the others are there still. */
  @Test
  void theFirstFaultHidesNoOther() {
    assertThat(
            findings(
                web(
                    "auth-url: http://a.test/x",
                    "auth-method: get",
                    "auth-cache-duration: 5min",
                    "auth-proxy-set-headers: h",
                    "auth-signin: https://login.test/")))
        .containsExactly(
            "k8s.yaml:7:46: error[annotation-denies-routes]: "
                + PREFIX
                + "auth-method is \"get\", which is not allowed, so the routes of the Ingress answer"
                + " 503"
                + WHERE
                + HELP
                + "allowed: GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS or TRACE",
            "k8s.yaml:8:54: warning[annotation-defaulted]: "
                + PREFIX
                + "auth-cache-duration is \"5min\", which is not statuses and then times; it is not"
                + " read because of auth-method, and is at fault, too"
                + WHERE
                + HELP
                + "write statuses and then a time such as 30s, 5m or 1h, as in 200 202 401 5m",
            "k8s.yaml:9:57: warning[annotation-defaulted]: "
                + PREFIX
                + "auth-proxy-set-headers is \"h\", which is not of the form namespace/name; it is not"
                + " read because of auth-method, and is at fault, too"
                + WHERE
                + HELP
                + "write the namespace of the Ingress, a slash and the name: default/h");
    assertThat(
            findings(
                web(
                    "auth-tls-secret: ca",
                    "auth-tls-verify-client: required",
                    "auth-tls-verify-depth: two")))
        .hasSize(3)
        .satisfies(
            all -> {
              assertThat(all.get(0))
                  .endsWith(
                      "auth-tls-secret is \"ca\", which is not of the form namespace/name, so the"
                          + " hosts of the Ingress answer 403"
                          + WHERE
                          + HELP
                          + "write the namespace of the Ingress, a slash and the name: default/ca");
              assertThat(all.get(1))
                  .contains("is \"required\", which is not allowed; it is not read because of");
              assertThat(all.get(2)).contains("is \"two\", which is not allowed; it is not read");
            });
    assertThat(findings(web("affinity: cooky", "session-cookie-samesite: LAX"))).hasSize(2);
    assertThat(findings(web("affinity: cooky", "session-cookie-samesite: Lax"))).hasSize(1);
  }

  /** Section 12: in a map the key is the user. */
  @Test
  void saysWhichUserOfAMapCannotComeIn() {
    String secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: u}\nstringData: {%s}\n";
    String[] map = {"auth-type: basic", "auth-secret: u", "auth-secret-type: auth-map"};
    assertThat(findings(web(map) + secret.formatted("alice: secret123, bob: '{PLAIN}b'")))
        .singleElement()
        .asString()
        .contains("the key \"alice\" of Secret default/u lets nobody in: ")
        .endsWith(HELP + "write the hash alone that htpasswd makes: the key is the user");
    assertThat(findings(web(map[0], map[1]) + secret.formatted("auth: alice")))
        .singleElement()
        .asString()
        .contains("line 1 of Secret default/u lets nobody in: ")
        .endsWith(HELP + "write the user, a colon and a hash that htpasswd makes");
  }

  /** Section 12: a Secret may be kept elsewhere, be made in the cluster, or be somebody else's. */
  @Test
  void saysWhatToDoWithoutASecret() {
    String name = "auth-secret: users";
    String start = "auth-secret names the Secret default/users, which is missing, so the routes";
    assertThat(findings(web("auth-type: basic", name)))
        .singleElement()
        .asString()
        .contains(start)
        .endsWith(
            HELP
                + "add the Secret to the namespace of the Ingress; if it is kept elsewhere, add one of"
                + " its name for the check, or leave the finding out by --ignore");
    assertThat(
            findings(
                web("auth-type: basic", name),
                """
                apiVersion: bitnami.com/v1alpha1
                kind: SealedSecret
                metadata: {name: users, namespace: default}
                """))
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .contains(start)
                    .endsWith(
                        HELP
                            + "the SealedSecret default/users makes it in the cluster only: for a"
                            + " check without one, add a Secret default/users with some content of the"
                            + " same form, or leave the finding out by --ignore"));
    assertThat(findings(web("auth-type: basic", "auth-secret: other/users")))
        .singleElement()
        .asString()
        .endsWith(
            HELP
                + "write \"users\" without a namespace, and add the Secret to that of the Ingress");
  }

  /** What the matter is may be a blank that nobody sees. */
  @Test
  void showsTheBlankAroundAValue() {
    assertThat(findings(web("ssl-redirect: 'True '")))
        .containsExactly(
            "k8s.yaml:6:47: warning[annotation-defaulted]: "
                + PREFIX
                + "ssl-redirect is \"True \", which is not allowed, so the default holds: true"
                + WHERE
                + HELP
                + "write \"True\", without a blank around it");
  }

  /** A name from elsewhere. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "client-max-body-size: 1m | write proxy-body-size",
        "session-cookie-httponly: true | remove it: the cookie always is HttpOnly",
        "add-header: x | write custom-headers",
        "limit-burst: 5 | write limit-burst-multiplier, which is how many times the limit may pass at"
            + " once",
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
