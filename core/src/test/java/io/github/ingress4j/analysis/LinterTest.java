package io.github.ingress4j.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.routing.PathPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the linter says, and what it does not say. That each rule fires on a bad manifest and not on
 * a good one is shown by the rule's page; here are the cases in between.
 */
class LinterTest {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  /** An Ingress; annotations are written {@code name: value}, separated by semicolons. */
  private static String ingress(
      String name, String annotations, String tls, String host, String... paths) {
    StringBuilder out =
        new StringBuilder("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: ");
    int slash = name.indexOf('/');
    out.append(name.substring(slash + 1)).append('\n');
    if (slash > 0) {
      out.append("  namespace: ").append(name, 0, slash).append('\n');
    }
    if (!annotations.isEmpty()) {
      out.append("  annotations:\n");
      for (String one : annotations.split("; ", -1)) {
        int colon = one.indexOf(": ");
        out.append("    ").append(PREFIX).append(one, 0, colon).append(": '");
        out.append(one.substring(colon + 2)).append("'\n");
      }
    }
    out.append("spec:\n");
    if (!tls.isEmpty()) {
      out.append("  tls: [{hosts: ['").append(tls.replace(" ", "', '")).append("']}]\n");
    }
    if (paths.length == 0) {
      return out.append("  defaultBackend: {service: {name: web, port: {number: 80}}}\n")
          .toString();
    }
    out.append("  rules:\n  - host: '").append(host).append("'\n    http:\n      paths:\n");
    for (String path : paths) {
      String[] words = path.split(" ", -1);
      String type = words.length > 1 ? words[1] : "Prefix";
      String service = words.length > 2 ? words[2] : "web";
      out.append("      - {path: '").append(words[0]).append("', pathType: ");
      out.append(type.equals("Any") ? "ImplementationSpecific" : type);
      out.append(", backend: {service: {name: ").append(service);
      out.append(", port: {number: 80}}}}\n");
    }
    return out.toString();
  }

  private static String settings(String data) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx-controller, namespace:"
        + " ingress-nginx}\ndata: {"
        + data
        + "}\n";
  }

  private static List<Diagnostic> lint(IngressRouter.Builder builder, String... documents) {
    IngressRouter router =
        builder
            .dialect(Dialect.INGRESS_NGINX)
            .manifests("k8s.yaml", String.join("---\n", documents))
            .build();
    return Linter.lint(router.manifests(), router.translation());
  }

  /** The findings as they are printed, each with its help. */
  private static List<String> texts(String... documents) {
    return lint(IngressRouter.builder(), documents).stream()
        .map(finding -> finding + " HELP " + finding.help())
        .toList();
  }

  private static List<String> rules(String... documents) {
    return rules(IngressRouter.builder(), documents);
  }

  private static List<String> rules(IngressRouter.Builder builder, String... documents) {
    return lint(builder, documents).stream().map(finding -> finding.rule().id()).toList();
  }

  @Test
  void findsNothingInAGoodManifest() {
    assertThat(rules(ingress("web", "", "a.shop", "a.shop", "/", "/pay"))).isEmpty();
    assertThat(
            rules(
                ingress("web", "rewrite-target: /$2", "", "a.shop", "/api(/|$)(.*) Any"),
                ingress("root", "", "", "b.shop", "/")))
        .containsExactly("rewrite-decodes");
  }

  /** ingress-nginx.md §16: a newcomer reads what to change, where, and who else is concerned. */
  @Test
  void saysWhatToChangeAndWhere() {
    List<Diagnostic> findings =
        lint(
            IngressRouter.builder(),
            ingress("api", "rewrite-target: /$1", "", "a.shop", "/api/(.*) Any"),
            ingress("web", "", "", "a.shop", "/pay Prefix other"));

    assertThat(findings)
        .extracting(Diagnostic::toString)
        .contains(
            "k8s.yaml:23:16: warning[regex-host]: the paths of Ingress default/web on a.shop are"
                + " regular expressions that ignore case and are open at their end, because Ingress"
                + " default/api has the annotation rewrite-target on the same host at"
                + " k8s.yaml:6:49 (Ingress default/web, spec.rules[0].http.paths[0].path)");
    assertThat(findings).allMatch(finding -> finding.help() != null && finding.source() != null);
  }

  @ParameterizedTest(name = "{0} on a host with {1}: {2}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          # path                ! annotations                     ! findings about the path
          /foo Any              ! use-regex: true                 ! regex-open-end
          /foo/ Any             ! use-regex: true                 !
          /foo(/|$) Any         ! use-regex: true                 !
          /foo$ Any             ! use-regex: true                 !
          /v[0-9]+/foo Any      ! use-regex: true                 ! regex-open-end
          /v[0-9]+/foo$ Any     ! use-regex: true                 !
          /v[0-9]+/foo(/|$) Any ! use-regex: true                 !
          /v[0-9]+/x\\d Any     ! use-regex: true                 !
          /^/foo(/|$) Any       ! use-regex: true                 ! regex-caret
          /a^b/ Any             ! use-regex: true                 ! regex-caret
          /(^|/)foo$ Any        ! use-regex: true                 !
          /[^/]+/ Any           ! use-regex: true                 !
          /[]^]/ Any            ! use-regex: true                 !
          /a\\^b/ Any           ! use-regex: true                 !
          /^/foo(/|$) Any       ! use-regex: false                ! path-pattern-literal
          /foo Exact            ! use-regex: true                 ! regex-exact
          /foo$ Exact           ! use-regex: true                 !
          /foo Exact            ! use-regex: false                !
          /foo Prefix           ! use-regex: false                !
          /a|/b Any             ! use-regex: true                 ! regex-alternation
          /(a|b)/ Any           ! use-regex: true                 !
          /[|]/ Any             ! use-regex: true                 !
          /a\\|b/ Any           ! use-regex: true                 !
          /a* Any               ! use-regex: true                 ! regex-star
          /* Any                ! use-regex: true                 ! regex-star
          /(.*) Any             ! use-regex: true                 !
          /[a-z]*/ Any          ! use-regex: true                 !
          /a* Any               ! use-regex: false                ! path-pattern-literal
          /(.*) Any             ! use-regex: false                ! path-pattern-literal
          /a//b Any             ! use-regex: false                ! path-never-matches
          /a/../b Any           ! use-regex: false                ! path-never-matches
          /a/. Any              ! use-regex: false                ! path-never-matches
          /a/.b Any             ! use-regex: false                !
          /a/./b/ Any           ! use-regex: true                 !
          /a%20b/ Any           ! use-regex: true                 ! path-percent-encoded
          /a%b/ Any             ! use-regex: true                 !
          /foo Prefix           ! rewrite-target: /               ! regex-open-end rewrite-without-capture
          /foo Exact            ! rewrite-target: /               ! regex-exact
          /foo$ Any             ! rewrite-target: /               !
          /(foo|bar)/ Any       ! rewrite-target: /x              ! rewrite-without-capture
          /foo Prefix           ! rewrite-target: https://b.shop/ ! regex-open-end unmatched-paths-inherit
          /foo(.*) Any          ! rewrite-target: /$1             ! rewrite-capture-glued rewrite-decodes
          /foo(.+) Any          ! rewrite-target: /$1             ! rewrite-capture-glued rewrite-decodes
          /foo/(.*) Any         ! rewrite-target: /$1             ! rewrite-decodes
          /foo(/|$)(.*) Any     ! rewrite-target: /$2             ! rewrite-decodes
          /foo([0-9]+)/ Any     ! rewrite-target: /$1             ! rewrite-decodes
          /foo(.*) Any          ! rewrite-target: /$host          !
          /foo(/|$)(.*) Any     ! rewrite-target: $2              ! rewrite-decodes rewrite-relative
          /foo/(.*) Any         ! rewrite-target: $1              ! rewrite-decodes rewrite-relative
          /foo(/.*) Any         ! rewrite-target: $1              ! rewrite-decodes
          /foo(/|$) Any         ! rewrite-target: $1              ! rewrite-decodes
          /foo/(?<rest>.*) Any  ! rewrite-target: /$rest          ! rewrite-decodes
          /foo/(?<rest>.*) Any  ! rewrite-target: /$host          !
          /foo$ Any             ! rewrite-target: /x/$host        !
          /foo(.*) Any          ! use-regex: true                 !
          /foo Prefix           ! rewrite-target: /foo            ! regex-open-end rewrite-equals-path
          / Prefix              ! rewrite-target: /               !
          /foo/ Prefix          ! ssl-redirect: true              ! path-trailing-slash
          """)
  void judgesPathsByTheirHost(String path, String annotations, String expected) {
    assertThat(rules(ingress("web", annotations, "", "a.shop", path)))
        .containsExactlyInAnyOrderElementsOf(
            expected == null ? List.of() : List.of(expected.split(" ", -1)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations                                                   | findings
          rewrite-target: /p$request_uri                                  | rewrite-escapes-twice
          rewrite-target: /p?$args                                        |
          rewrite-target: https://b.shop$request_uri                      |
          rewrite-target: https://b.shop$uri                              | rewrite-splits-header
          rewrite-target: $scheme://b.shop$document_uri                   | rewrite-splits-header
          rewrite-target: /$uri                                           |
          rewrite-target: x/$1                                            | rewrite-relative
          rewrite-target: $1                                              |
          rewrite-target: http://b.shop                                   | redirect-to-http
          permanent-redirect: http://b.shop                               | redirect-to-http
          temporal-redirect: https://b.shop                               |
          permanent-redirect: https://a.shop/x?y                          | redirect-loop
          permanent-redirect: https://A.SHOP:443                          | redirect-loop
          permanent-redirect: /x                                          |
          permanent-redirect: https://b.shop; permanent-redirect-code: 304 | redirect-without-location
          permanent-redirect: https://b.shop; permanent-redirect-code: 307 |
          temporal-redirect: https://b.shop; temporal-redirect-code: 305  | redirect-without-location
          permanent-redirect: https://b.shop; auth-url: https://c.shop    | redirect-before-access
          enable-cors: true                                               | cors-credentials-any-origin cors-answers-options
          enable-cors: true; cors-allow-credentials: false                | cors-answers-options
          enable-cors: true; cors-allow-origin: https://b.shop            | cors-answers-options cors-origin-unanchored
          enable-cors: true; cors-allow-origin: b.shop                    | cors-answers-options cors-no-origin
          enable-cors: false                                              |
          affinity: cookie; session-cookie-samesite: None                 | session-cookie-samesite
          affinity: cookie; session-cookie-samesite: Lax                  |
          affinity: cookie; session-cookie-samesite: None; session-cookie-secure: true |
          session-cookie-samesite: None                                   |
          affinity: cookie; session-cookie-domain: shop                   | session-cookie-domain
          affinity: cookie; session-cookie-domain: .a.shop                |
          affinity: cookie; session-cookie-domain: b.shop                 | session-cookie-domain
          affinity: cookie; session-cookie-domain: co.uk                  | session-cookie-domain
          affinity: cookie; session-cookie-path: /                        |
          affinity: cookie; session-cookie-path: /x                       | session-cookie-path
          proxy-next-upstream: error non_idempotent                       | retry-writes
          auth-type: basic; auth-secret: x                                | auth-over-http
          auth-type: basic; auth-secret: x; force-ssl-redirect: true      | force-ssl-redirect-loop
          auth-type: basic; auth-secret: x; auth-realm: off               | auth-realm-off
          auth-type: basic; auth-secret: x; auth-realm: Off               | auth-over-http
          auth-url: https://c.shop; custom-http-errors: 403; default-backend: x | auth-errors-replaced
          auth-url: https://c.shop; custom-http-errors: 503; default-backend: x |
          custom-http-errors: 401,403                                     | custom-errors-without-backend
          limit-rps: 5                                                    | limit-status
          limit-connections: 5                                            | limit-status
          limit-rps: 0                                                    |
          from-to-www-redirect: true                                      | www-redirect-port
          """)
  void judgesAnnotations(String annotations, String expected) {
    assertThat(rules(ingress("web", annotations, "", "a.shop", "/")))
        .filteredOn(rule -> !rule.equals("rewrite-decodes"))
        .filteredOn(rule -> !rule.equals("rewrite-without-capture"))
        .containsExactlyInAnyOrderElementsOf(
            expected == null ? List.of() : List.of(expected.split(" ", -1)));
  }

  /** ingress-nginx.md §9.1: whom the certificates of others redirect. */
  @Test
  void knowsWhichHostsAreRedirectedToHttps() {
    String wildcard = ingress("all", "", "*.shop", "*.shop", "/");

    assertThat(rules(wildcard, ingress("a", "", "", "a.shop", "/")))
        .containsExactly("tls-wildcard-redirect");
    assertThat(rules(wildcard, ingress("a", "", "a.shop", "a.shop", "/"))).isEmpty();
    assertThat(rules(wildcard, ingress("a", "ssl-redirect: false", "", "a.shop", "/"))).isEmpty();
    assertThat(rules(wildcard, ingress("a", "", "", "b.a.shop", "/"))).isEmpty();
    assertThat(rules(ingress("a", "", "a.shop", "", "/"))).containsExactly("tls-without-host");
    assertThat(rules(ingress("a", "ssl-redirect: false", "a.shop", "", "/"))).isEmpty();
    assertThat(rules(ingress("a", "", "a.shop", "a.shop", "/foo/")))
        .contains("https-redirect-slash");
    assertThat(rules(ingress("a", "preserve-trailing-slash: true", "a.shop", "a.shop", "/foo/")))
        .doesNotContain("https-redirect-slash");
    assertThat(rules(ingress("a", "auth-type: basic; auth-secret: x", "a.shop", "a.shop", "/")))
        .isEmpty();
    assertThat(rules(wildcard, ingress("a", "auth-type: basic; auth-secret: x", "", "a.shop", "/")))
        .containsExactly("tls-wildcard-redirect");
    assertThat(
            rules(
                ingress("a", "from-to-www-redirect: true", "a.shop *.a.shop", "a.shop", "/"),
                ingress("b", "", "", "b.shop", "/")))
        .doesNotContain("www-redirect-tls");
  }

  /**
   * ingress-nginx.md §2.3: certificates are a matter of the host, and the first Ingress says it.
   */
  @Test
  void saysWhoseClientCertificatesCount() {
    String strict = "auth-tls-secret: default/ca; force-ssl-redirect: true";
    String first = ingress("b", strict, "a.shop", "a.shop", "/b");

    assertThat(certificates(first, ingress("a", strict, "a.shop", "a.shop", "/a"))).isEmpty();
    assertThat(certificates(first, ingress("a", "", "a.shop", "a.shop", "/a"))).isEmpty();
    assertThat(certificates(first, ingress("a", strict, "b.shop", "b.shop", "/a"))).isEmpty();
    assertThat(
            certificates(
                first,
                ingress(
                    "a", strict + "; auth-tls-verify-client: optional", "a.shop", "a.shop", "/a")))
        .containsExactly(
            "k8s.yaml:23:57: error[auth-tls-twice]: the client certificates of a.shop are those that"
                + " Ingress default/b asks for at k8s.yaml:6:50, because it comes first, and"
                + " auth-tls-verify-client differs there, so what Ingress default/a asks for does not"
                + " count, not even on its own paths (Ingress default/a, metadata.annotations) HELP"
                + " write the same annotations auth-tls-* in both, or give the paths of Ingress"
                + " default/a a host of their own");
    assertThat(
            certificates(
                ingress("b", "auth-tls-secret: default/other", "a.shop", "a.shop", "/b"),
                ingress("a", strict, "a.shop", "a.shop", "/a")))
        .singleElement()
        .asString()
        .contains("k8s.yaml:20:50: error[auth-tls-twice]", " and auth-tls-secret differs there");
  }

  /** ingress-nginx.md §1: nobody can be asked for a certificate without TLS. */
  @ParameterizedTest(name = "{0}, TLS for {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                                     |        | add a TLS entry for the host, or"
            + " force-ssl-redirect: \"true\" if TLS ends in front of the router",
        "; ssl-redirect: false                | a.shop | remove ssl-redirect: \"false\" from Ingress"
            + " default/a",
        "                                     | a.shop |",
        "; force-ssl-redirect: true           |        |",
        "; auth-tls-verify-client: optional   |        |",
        "; auth-tls-match-cn: CN=x            |        |",
      })
  void saysWhereCertificatesAreNotAskedFor(String more, String tls, String help) {
    String annotations = "auth-tls-secret: default/ca" + (more == null ? "" : more);
    List<String> found =
        certificates(ingress("a", annotations, tls == null ? "" : tls, "a.shop", "/x"));
    if (help == null) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found)
        .containsExactly(
            "k8s.yaml:6:50: error[auth-tls-over-http]: http requests for the path \"/x/\" of a.shop"
                + " pass without a certificate, because they are not redirected to https (Ingress"
                + " default/a, metadata.annotations) HELP "
                + help);
  }

  /** The paths of another Ingress of the host are open, too. */
  @Test
  void saysWhichSettingKeepsHttp() {
    String certificates = ingress("b", "auth-tls-secret: default/ca", "a.shop", "a.shop", "/b");

    assertThat(
            certificates(
                certificates, ingress("a", "ssl-redirect: false", "a.shop", "a.shop", "/a")))
        .singleElement()
        .asString()
        .contains("k8s.yaml:6:50: ", "the path \"/a/\" of a.shop")
        .endsWith("HELP remove ssl-redirect: \"false\" from Ingress default/a");
    assertThat(certificates(certificates, settings("ssl-redirect: 'false'")))
        .singleElement()
        .asString()
        .endsWith(
            "HELP take ssl-redirect: \"false\" out of the ConfigMap, or add ssl-redirect: \"true\""
                + " to Ingress default/b");
    assertThat(
            texts(ingress("a", "auth-type: basic; ssl-redirect: false", "a.shop", "a.shop", "/")))
        .singleElement()
        .asString()
        .contains("[auth-over-http]")
        .endsWith("HELP remove ssl-redirect: \"false\" from Ingress default/a");
    assertThat(certificates(ingress("a", "auth-tls-secret: default/ca", "", "", "/")))
        .singleElement()
        .asString()
        .endsWith("HELP add force-ssl-redirect: \"true\" to Ingress default/a");
  }

  /** ingress-nginx.md §1: without a certificate the subject is empty. */
  @Test
  void saysThatNobodyHasTheNameOfACertificate() {
    String off = "auth-tls-secret: default/ca; auth-tls-verify-client: off";

    assertThat(certificates(ingress("a", off, "", "a.shop", "/"))).isEmpty();
    assertThat(
            certificates(ingress("a", off + "; auth-tls-match-cn: CN=x", "a.shop", "a.shop", "/")))
        .containsExactly(
            "k8s.yaml:8:52: error[auth-tls-off]: every request for a.shop is answered 403, because"
                + " auth-tls-verify-client is off, so nobody shows a certificate whose name could"
                + " match (Ingress default/a, metadata.annotations) HELP write"
                + " auth-tls-verify-client: \"on\", or remove auth-tls-match-cn to let everybody"
                + " pass");
  }

  private static List<String> certificates(String... documents) {
    return texts(documents).stream().filter(text -> text.contains("[auth-tls-")).toList();
  }

  /** ingress-nginx.md §12: with any, one of list, password and service suffices. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "allowlist-source-range: 0.0.0.0/0             | error  | nobody has to say who he is, because"
            + " an allowed address suffices and every address is allowed",
        "allowlist-source-range: 10.0.0.0/8,::/0       | error  | nobody has to say who he is, because"
            + " an allowed address suffices and every address is allowed",
        "denylist-source-range: 10.0.0.0/8             | warning | a denied address is let in all the"
            + " same once it says who it is, because one of list, password and auth-url suffices",
        "allowlist-source-range: 10.0.0.0/8            | |",
        "auth-realm: off; denylist-source-range: 10.0.0.0/8 | |",
      })
  void saysWhereOneCheckLetsEverybodyIn(String annotations, String severity, String message) {
    List<String> found =
        texts(
                ingress(
                    "a", "auth-type: basic; satisfy: any; " + annotations, "a.shop", "a.shop", "/"))
            .stream()
            .filter(text -> text.contains("[satisfy-any-open]"))
            .toList();
    if (severity == null) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found)
        .singleElement()
        .asString()
        .startsWith("k8s.yaml:7:42: " + severity + "[satisfy-any-open]: " + message + " (");
    assertThat(
            rules(
                ingress(
                    "a",
                    "auth-type: basic; satisfy: all; " + annotations,
                    "a.shop",
                    "a.shop",
                    "/")))
        .isEmpty();
  }

  /** The reader says already that a list that cannot be used lets everybody in. */
  @Test
  void saysOnceThatEveryOriginIsAccepted() {
    assertThat(
            rules(
                ingress(
                    "a",
                    "enable-cors: true; cors-allow-origin: https://b.shop/",
                    "",
                    "a.shop",
                    "/")))
        .containsExactly("cors-answers-options");
  }

  /** hardening.md SEC-22, SEC-43: what a client writes must not name its judge. */
  @ParameterizedTest(name = "{0} on \"{1}\" with {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth-url: http://$host/check              |        |                                    | auth-url-of-client
          auth-url: https://$http_host/check        |        |                                    | auth-url-of-client
          auth-url: http://x.$best_http_host?a      |        |                                    | auth-url-of-client
          auth-url: http://auth.shop/$host          |        |                                    |
          auth-url: http://$hosts.auth.shop/        |        |                                    |
          auth-url: http://$host/check              | a.shop |                                    |
          auth-url: http://$host/; server-alias: ~x | a.shop |                                    | auth-url-of-client
          auth-url: http://$host/; server-alias: b.shop | a.shop |                                |
          ssl-redirect: false                       |        | global-auth-url: 'http://$host/'   | auth-url-of-client
          enable-global-auth: false                 |        | global-auth-url: 'http://$host/'   |
          auth-url: http://auth.shop/               |        | global-auth-url: 'http://$host/'   |
          ssl-redirect: false                       |        | global-auth-url: 'http://a.shop/'  |
          """)
  void findsClientsThatChooseWhoDecides(
      String annotations, String host, String settings, String expected) {
    assertThat(
            rules(
                settings(settings == null ? "" : settings),
                ingress("web", annotations, "", host == null ? "" : host, "/")))
        .filteredOn(rule -> rule.startsWith("auth-"))
        .containsExactlyElementsOf(expected == null ? List.of() : List.of(expected));
  }

  /** ingress-nginx.md §12, hardening.md SEC-43: what is remembered belongs to one client. */
  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth-url: http://auth.shop/; auth-cache-key: x                       | | auth-cache-shared
          auth-url: http://auth.shop/; auth-cache-key: $host$request_method    | | auth-cache-shared
          auth-url: http://auth.shop/; auth-cache-key: ${http_host}_${uri}     | | auth-cache-shared
          auth-url: http://auth.shop/; auth-cache-key: $upstream_http_x        | | auth-cache-shared
          auth-url: http://auth.shop/; auth-cache-key: $host$http_authorization | |
          auth-url: http://auth.shop/; auth-cache-key: $cookie_session         | |
          auth-url: http://auth.shop/; auth-cache-key: $request_uri            | |
          auth-url: http://auth.shop/; auth-cache-key: $remote_addr            | |
          auth-cache-key: x                                                    | |
          ssl-redirect: false | global-auth-url: 'http://auth.shop/', global-auth-cache-key: x | auth-cache-shared
          ssl-redirect: false | global-auth-url: 'http://auth.shop/', global-auth-cache-key: $cookie_a |
          ssl-redirect: false | global-auth-cache-key: x                       |
          """)
  void findsAnswersThatCountForEverybody(String annotations, String settings, String expected) {
    assertThat(
            rules(
                settings(settings == null ? "" : settings),
                ingress("web", annotations, "", "a.shop", "/")))
        .filteredOn(rule -> rule.startsWith("auth-"))
        .containsExactlyElementsOf(expected == null ? List.of() : List.of(expected));
  }

  /** ingress-nginx.md §2.3: the first Ingress of a host covers what nobody wrote. */
  @Test
  void tellsApartRedirectsAndProtectionsOfUnmatchedPaths() {
    String redirect = "permanent-redirect: https://b.shop";
    String protection = "auth-url: https://c.shop";

    assertThat(rules(ingress("a", redirect, "", "a.shop", "/old")))
        .containsExactly("unmatched-paths-inherit");
    assertThat(rules(ingress("a", redirect, "", "a.shop", "/"))).isEmpty();
    assertThat(rules(ingress("a", protection, "", "a.shop", "/old"))).isEmpty();
    assertThat(
            lint(
                IngressRouter.builder(),
                ingress("b", protection, "", "a.shop", "/old"),
                ingress("a", protection, "", "a.shop", "/new")))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule().id()).isEqualTo("unmatched-paths-inherit");
              assertThat(finding.severity()).isEqualTo(Severity.INFO);
            });
    assertThat(
            rules(
                ingress("b", protection, "", "a.shop", "/old"),
                ingress("a", "", "", "a.shop", "/new")))
        .containsExactly("unmatched-paths-inherit", "creation-time-tie");
  }

  /** ingress-nginx.md §4.3: the order of expressions, by their samples. */
  @Test
  void findsPathsThatLongerExpressionsTake() {
    String regex = "use-regex: true";

    assertThat(
            rules(ingress("a", regex, "", "a.shop", "/foo/[a-z]+/x$ Any one", "/foo/bar/ Any two")))
        .isEmpty();
    assertThat(
            rules(
                ingress(
                    "a", regex, "", "a.shop", "/foo/[a-z]{3}/.* Any one", "/foo/bar/(.*) Any two")))
        .containsExactly("regex-shadowed");
    assertThat(
            rules(
                ingress(
                    "a", regex, "", "*.shop", "/foo/[a-z]{3}/.* Any one", "/foo/bar/(.*) Any two")))
        .containsExactly("regex-shadowed");
    assertThat(
            rules(
                ingress(
                    "a", regex, "", "a.shop", "/foo/[a-z]{3}/ Any one", "/foo/barbarbar/ Any two")))
        .isEmpty();
  }

  /** ingress-nginx.md §8.6: what a canary takes. */
  @Test
  void followsACanaryToEveryPathOfItsService() {
    String main = ingress("main", "", "", "a.shop", "/ Prefix web");
    String weight = "canary: true; canary-weight: 10";

    assertThat(rules(main, ingress("c", weight, "", "a.shop", "/ Prefix next"))).isEmpty();
    assertThat(
            rules(
                main,
                ingress("other", "", "", "b.shop", "/ Prefix web"),
                ingress("c", weight, "", "a.shop", "/ Prefix next")))
        .containsExactly("canary-wide");
    assertThat(rules(main, ingress("x/c", weight, "", "a.shop", "/ Prefix next")))
        .containsExactly("canary-namespace");
    assertThat(rules(main, ingress("c", "canary: true", "", "a.shop", "/ Prefix next")))
        .containsExactly("canary-without-choice");
    assertThat(
            rules(
                main,
                ingress("c", "canary: true; canary-by-cookie: c", "", "a.shop", "/ Prefix next")))
        .isEmpty();
    assertThat(
            rules(
                ingress("main", "affinity: cookie", "", "a.shop", "/ Prefix web"),
                ingress("c", "canary: true; canary-by-cookie: c", "", "a.shop", "/ Prefix next")))
        .containsExactly("canary-sticky");
    assertThat(rules(main, ingress("c", weight, "", "b.shop", "/ Prefix next"))).isEmpty();
  }

  /** ingress-nginx.md §2.4, §7: what belongs to a Service. */
  @Test
  void comparesWhatIngressesWantOfOneService() {
    String first = ingress("b", "affinity: cookie", "", "a.shop", "/");

    assertThat(rules(first, ingress("a", "affinity: cookie", "", "b.shop", "/"))).isEmpty();
    assertThat(rules(first, ingress("a", "", "", "b.shop", "/"))).isEmpty();
    assertThat(
            rules(
                first, ingress("a", "affinity: cookie; session-cookie-name: x", "", "b.shop", "/")))
        .containsExactly("session-cookie-shared");
    assertThat(rules(first, ingress("a", "load-balance: ewma", "", "b.shop", "/")))
        .containsExactly("service-settings-shared");
    assertThat(rules(first, ingress("a", "load-balance: round_robin", "", "b.shop", "/")))
        .isEmpty();
    assertThat(rules(first, ingress("a", "load-balance: ewma", "", "b.shop", "/ Prefix other")))
        .isEmpty();
  }

  /** ingress-nginx.md §8.3: a hash of a constant is one endpoint. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "upstream-hash-by: request_uri,                                  true",
    "upstream-hash-by: $namespace${service_name},                    true",
    "upstream-hash-by: x; upstream-hash-by-subset: true,             true",
    "upstream-hash-by: $request_uri,                                 false",
    "upstream-hash-by: ${namespace}${remote_addr},                   false",
    "upstream-hash-by: x; affinity: cookie,                          false",
    "load-balance: ewma,                                             false",
  })
  void findsHashesOfAConstant(String annotations, boolean isFound) {
    assertThat(
            rules(ingress("a", annotations, "", "a.shop", "/")).contains("hash-without-variable"))
        .isEqualTo(isFound);
  }

  @Test
  void readsTheSettingsOfTheController() {
    String denied = ingress("a", "denylist-source-range: 10.0.0.0/8", "", "a.shop", "/");
    String locked = ingress("a", "auth-url: https://c.shop", "", "a.shop", "/pay", "/");
    IngressRouter.Builder nginx = IngressRouter.builder().pathPolicy(PathPolicy.NGINX);

    assertThat(rules(denied)).isEmpty();
    assertThat(rules(denied, settings("block-cidrs: 10.0.0.0/8"))).isEmpty();
    assertThat(rules(denied, settings("block-cidrs: 10.9.0.0/16"))).isEmpty();
    assertThat(rules(denied, settings("block-cidrs: 0.0.0.0/0")))
        .containsExactly("block-cidrs-void");
    assertThat(rules(locked, settings("no-auth-locations: /pay")))
        .containsExactly("auth-exempt-path");
    assertThat(rules(locked, settings("no-auth-locations: /x"))).isEmpty();
    assertThat(
            rules(
                ingress("a", "limit-rps: 1", "", "a.shop", "/"),
                settings("limit-req-status-code: \"429\"")))
        .isEmpty();
    assertThat(
            rules(
                ingress("a", "limit-connections: 1", "", "a.shop", "/"),
                settings("limit-req-status-code: \"429\"")))
        .containsExactly("limit-status");
    assertThat(
            rules(
                ingress("a", "force-ssl-redirect: true", "", "a.shop", "/"),
                settings("use-forwarded-headers: \"true\"")))
        .isEmpty();
    assertThat(rules(nginx, settings("enable-real-ip: \"true\"")))
        .containsExactly("forwarded-for-trusted");
    assertThat(rules(settings("enable-real-ip: \"true\""))).isEmpty();
    assertThat(
            rules(
                IngressRouter.builder()
                    .defaultBackend(new Backend.ServicePort("x", "e", "80", false)),
                ingress("a", "custom-http-errors: 503", "", "a.shop", "/")))
        .isEmpty();
  }

  /** ingress-nginx.md §12: who is blocked by the settings, and not on a path with a list. */
  @Test
  void saysWhichBlocksDoNotCountOnAPathWithAList() {
    String blocks = settings("block-cidrs: \"10.9.0.0/16,1.2.3.4\"");
    String allowed = "allowlist-source-range: 10.0.0.0/8";

    assertThat(texts(ingress("a", allowed, "", "a.shop", "/"), blocks))
        .containsExactly(
            "k8s.yaml:6:57: warning[block-cidrs-void]: the list takes the place of the setting"
                + " block-cidrs, so 10.9.0.0/16, which is blocked there, is not blocked on these"
                + " paths (Ingress default/a, metadata.annotations)"
                + " HELP add 10.9.0.0/16 to the annotation denylist-source-range");
    assertThat(
            rules(
                ingress("a", allowed + "; denylist-source-range: 10.9.0.0/16", "", "a.shop", "/"),
                blocks))
        .isEmpty();
    assertThat(rules(ingress("a", "allowlist-source-range: 11.0.0.0/8", "", "a.shop", "/"), blocks))
        .isEmpty();
    assertThat(texts(ingress("a", "denylist-source-range: 7.7.7.7", "", "a.shop", "/"), blocks))
        .singleElement()
        .asString()
        .endsWith(" HELP add 10.9.0.0/16,1.2.3.4/32 to the annotation denylist-source-range");
    assertThat(
            rules(
                ingress(
                    "a",
                    "denylist-source-range: 7.7.7.7,10.9.0.0/16,1.2.3.4/32",
                    "",
                    "a.shop",
                    "/"),
                blocks))
        .isEmpty();
  }

  /** ingress-nginx.md §2.3: a path of a named host that no rule has is answered 404. */
  @Test
  void namesTheHostsThatHaveNoFallback() {
    String rest = ingress("rest", "", "", "");
    String open = ingress("rest", "", "", "", "/");

    assertThat(rules(ingress("a", "", "", "a.shop", "/"), rest)).isEmpty();
    assertThat(rules(ingress("a", "", "", "*.shop", "/"), open)).isEmpty();
    assertThat(rules(ingress("a", "use-regex: true", "", "a.shop", "/.* Any"), open)).isEmpty();
    assertThat(texts(ingress("a", "", "", "a.shop", "/pay"), rest))
        .containsExactly(
            "k8s.yaml:17:19: info[hostless-no-fallback]: the default back end takes requests for"
                + " unknown hosts only: paths of a.shop that no rule has are answered 404 (Ingress"
                + " default/rest, spec.defaultBackend) HELP write a path / for each host that is to"
                + " have a fallback");
    assertThat(
            texts(
                ingress("a", "", "", "a.shop", "/pay"),
                ingress("b", "", "", "b.shop", "/pay"),
                ingress("c", "", "", "c.shop", "/pay"),
                open))
        .singleElement()
        .asString()
        .contains("paths of a.shop and of 2 others that no rule has are answered 404");
    String api = ingress("rest", "", "", "", "/api");
    assertThat(texts(ingress("a", "", "", "a.shop", "/pay"), api))
        .singleElement()
        .asString()
        .contains(
            ": the rule takes requests for unknown hosts only: \"/api\" is answered 404 on"
                + " a.shop (Ingress default/rest, spec.rules[0].host) HELP write the rule for each host"
                + " that is to have it");
    assertThat(rules(ingress("a", "", "", "a.shop", "/pay", "/api"), api)).isEmpty();
    assertThat(rules(ingress("a", "", "", "a.shop", "/"), api)).isEmpty();
  }

  /** ingress-nginx.md §9.1: every TLS section of a host counts, whatever hosts it lists. */
  @Test
  void countsEveryNameOfAHostAsOneOfARule() {
    assertThat(
            rules(ingress("a", "from-to-www-redirect: true", "a.shop www.a.shop", "a.shop", "/")))
        .containsExactly("www-redirect-port");
    assertThat(
            rules(
                ingress("a", "from-to-www-redirect: true", "a.shop www.a.shop", "www.a.shop", "/")))
        .containsExactly("www-redirect-port");
    assertThat(rules(ingress("a", "", "a.shop www.a.shop", "a.shop", "/")))
        .containsExactly("tls-host-without-rule");
    assertThat(rules(ingress("a", "server-alias: b.shop", "a.shop b.shop", "a.shop", "/")))
        .isEmpty();
    assertThat(texts(ingress("a", "", "*.a.shop", "x.a.shop", "/")))
        .containsExactly(
            "k8s.yaml:6:17: info[tls-host-without-rule]: the TLS entry names \"*.a.shop\", which"
                + " stands for \"x.a.shop\" and is spelt otherwise (Ingress default/a,"
                + " spec.tls[0].hosts[0]) HELP add the hosts of the rules to the entry, for"
                + " controllers that compare the spelling");
    assertThat(rules(ingress("a", "", "*.a.shop x.a.shop", "x.a.shop", "/"))).isEmpty();
    assertThat(rules(ingress("a", "", "*.a.shop", "x.y.a.shop", "/")))
        .containsExactly("tls-host-without-rule", "rule-host-without-tls");
  }

  /** What follows the advice about a group that begins in a segment is right and silent. */
  @ParameterizedTest(name = "{0} with {1}: {2} with {3}")
  @CsvSource(
      delimiter = '!',
      nullValues = "-",
      textBlock =
          """
          # path           ! target     ! better path            ! better target ! two slashes
          /x(.*)           ! /y$1       ! /x(/|$)(.*)            ! /y/$2         ! false
          /x(.*)           ! /$1        ! /x(/|$)(.*)            ! /$2           ! true
          /x(.*)           ! $1         ! /x(/|$)(.*)            ! /$2           ! false
          /x/(a|b)/c(.+)   ! /$1/$2     ! /x/(a|b)/c(/|$)(.+)    ! /$1/$3        ! true
          /x/(?:a|b)/c(.+) ! /q/$1      ! /x/(?:a|b)/c(/|$)(.+)  ! /q/$2         ! true
          /x(.*)           ! /$host/z   ! -                      ! -             ! false
          """)
  void saysHowToWriteAGroupThatBeginsInASegment(
      String path, String target, String better, String betterTarget, boolean hasTwoSlashes) {
    List<String> found =
        texts(ingress("a", "rewrite-target: " + target, "", "a.shop", path + " Any")).stream()
            .filter(text -> text.contains("[rewrite-capture-glued]"))
            .toList();
    if (better == null) {
      assertThat(found).isEmpty();
      return;
    }
    String help = " HELP write \"" + better + "\" with rewrite-target: " + betterTarget;
    assertThat(found).singleElement().asString().endsWith(help);
    assertThat(found.get(0).contains("two slashes")).isEqualTo(hasTwoSlashes);
    assertThat(
            rules(ingress("a", "rewrite-target: " + betterTarget, "", "a.shop", better + " Any")))
        .containsExactly("rewrite-decodes");
  }

  /** ingress-nginx.md §4.3: every pattern is tied to the start already. */
  @Test
  void saysThatACaretNeverMatches() {
    assertThat(texts(ingress("a", "use-regex: true", "", "a.shop", "/^/svd/(.*)$ Any")))
        .containsExactly(
            "k8s.yaml:12:16: warning[regex-caret]: the path \"/^/svd/(.*)$\" matches no request,"
                + " because ^ stands for the start of a path, and something comes before it (Ingress"
                + " default/a, spec.rules[0].http.paths[0].path) HELP write \"/svd/(.*)$\", which is"
                + " tied to the start of a path anyway; for the character itself write \\^");
    assertThat(rules(ingress("a", "use-regex: true", "", "a.shop", "/svd/(.*)$ Any"))).isEmpty();
  }

  /** ingress-nginx.md §3.6: no sibling is made for a name that has rules. */
  @Test
  void saysThatARealHostDoesNotRedirect() {
    String www = "from-to-www-redirect: true";
    String other = ingress("www", "", "www.a.shop", "www.a.shop", "/");

    assertThat(texts(ingress("a", www, "a.shop", "a.shop", "/"), other))
        .containsExactly(
            "k8s.yaml:6:55: warning[www-redirect-idle]: from-to-www-redirect does nothing for a.shop,"
                + " because www.a.shop has rules of its own (Ingress default/a,"
                + " metadata.annotations) HELP remove the annotation, or the rules for www.a.shop, of"
                + " which Ingress default/www is the first");
    assertThat(rules(ingress("a", www, "a.shop www.a.shop", "a.shop", "/")))
        .containsExactly("www-redirect-port");
  }

  /** One annotation, one finding; and none where no group of the path is used. */
  @Test
  void saysOnceThatARewriteDecodes() {
    String target = "rewrite-target: /$2";

    assertThat(
            rules(
                ingress(
                    "a",
                    target,
                    "",
                    "a.shop",
                    "/a(/|$)(.*) Any",
                    "/b(/|$)(.*) Any",
                    "/c(/|$)(.*) Any")))
        .containsExactly("rewrite-decodes");
    assertThat(rules(ingress("a", target, "", "a.shop", "/b(/|$) Any")))
        .doesNotContain("rewrite-decodes");
  }

  /** ingress-nginx.md §16: the advice about a regex host ends in silence. */
  @Test
  void isContentWithPathsThatAreMeantAsExpressions() {
    String api = ingress("api", "rewrite-target: /$1", "", "a.shop", "/api/(.*) Any");

    assertThat(lint(IngressRouter.builder(), api, ingress("web", "", "", "a.shop", "/pay Exact")))
        .filteredOn(finding -> finding.rule().id().startsWith("regex-"))
        .extracting(Diagnostic::help)
        .containsExactlyInAnyOrder(
            "give the paths of Ingress default/api a host of their own; if these paths are to be"
                + " expressions, too, write them as such and add use-regex: \"true\" to Ingress"
                + " default/web",
            "write \"/pay$\" with pathType: ImplementationSpecific, or move the path to a host"
                + " without use-regex and rewrite-target");
    assertThat(rules(api, ingress("web", "use-regex: true", "", "a.shop", "/pay$ Any")))
        .containsExactly("rewrite-decodes", "creation-time-tie");
    assertThat(texts(ingress("web", "use-regex: true", "", "a.shop", "/v[0-9]+/pay Any")))
        .containsExactly(
            "k8s.yaml:12:16: warning[regex-open-end]: the path \"/v[0-9]+/pay\" also takes what"
                + " goes on behind it, such as with \"paybar\" at its end, because every path of"
                + " a.shop is a regular expression that ignores case and is open at its end (Ingress"
                + " default/web, spec.rules[0].http.paths[0].path) HELP write"
                + " \"/v[0-9]+/pay(/|$)\" to take whole segments, or \"/v[0-9]+/pay$\" to take"
                + " nothing longer");
    assertThat(texts(ingress("web", "rewrite-target: $2", "", "a.shop", "/pay(/|$)(.*) Any")))
        .first()
        .isEqualTo(
            "k8s.yaml:6:49: warning[rewrite-relative]: the target \"$2\" has no leading slash, and"
                + " $2 of the path \"/pay(/|$)(.*)\" gives it none, so no request can be sent on"
                + " with it (Ingress default/web, metadata.annotations) HELP write \"/$2\"");
  }

  /** A chart may give the ConfigMap of the controller another name. */
  @Test
  void pointsAtSettingsThatAreNotRead() {
    String shop = ingress("a", "", "", "a.shop", "/");
    String other =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: edge-controller, namespace: edge}
        data: {hsts: "false", ssl-redirect: "false"}
        """;
    String foreign =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {color: red, x: y}\n";

    assertThat(texts(shop, other))
        .containsExactly(
            "k8s.yaml:12:1: info[setting-map-elsewhere]: the keys of the ConfigMap"
                + " edge/edge-controller are settings of the controller, which are read from"
                + " ingress-nginx/ingress-nginx-controller only, and that is not in the input"
                + " (ConfigMap edge/edge-controller) HELP add --config-map edge/edge-controller if"
                + " it is that of the controller");
    assertThat(rules(shop, foreign)).isEmpty();
    assertThat(rules(shop, other, settings("hsts: \"true\""))).isEmpty();
    assertThat(rules(IngressRouter.builder().configMap("edge/edge-controller"), shop, other))
        .isEmpty();
  }

  @Test
  void seesUnprotectedPathsBesideProtectedOnesOfOneService() {
    String open = ingress("open", "", "", "a.shop", "/", "/open");
    String closed = ingress("closed", "auth-url: https://c.shop", "", "a.shop", "/admin");

    assertThat(rules(open, closed)).isEmpty();
    assertThat(rules(IngressRouter.builder().pathPolicy(PathPolicy.NGINX), open, closed))
        .containsExactly("raw-path-bypass");
    assertThat(
            rules(
                IngressRouter.builder().pathPolicy(PathPolicy.NGINX),
                ingress("open", "", "", "a.shop", "/ Prefix other"),
                closed))
        .isEmpty();
  }

  @Test
  void comparesHostsAndTheirNames() {
    assertThat(
            rules(
                ingress("one/a", "", "", "a.shop", "/"), ingress("two/b", "", "", "a.shop", "/b")))
        .containsExactly("host-shared");
    assertThat(rules(ingress("a", "", "a.shop b.shop", "a.shop", "/")))
        .containsExactly("tls-host-without-rule");
    assertThat(
            rules(
                ingress("a", "server-alias: *.example", "", "a.shop", "/"),
                ingress("b", "", "", "*.x.example", "/")))
        .containsExactly("alias-takes-wildcard");
    assertThat(
            rules(
                ingress("a", "server-alias: *.example", "", "a.shop", "/"),
                ingress("b", "", "", "*.shop", "/")))
        .isEmpty();
    assertThat(
            rules(
                ingress("a", "app-root: /x", "", "a.shop", "/"),
                ingress("b", "app-root: /x", "", "a.shop", "/b")))
        .isEmpty();
    assertThat(rules(ingress("b", "", "", ""))).isEmpty();
    assertThat(rules(ingress("b", "use-regex: false", "", ""))).isEmpty();
    assertThat(rules(ingress("b", "app-root: /x", "", "")))
        .containsExactly("default-backend-plain");
    assertThat(rules(ingress("b", "use-regex: true", "", "", "/x(/|$) Any")))
        .containsExactly("regex-healthz");
  }

  /** DESIGN, decision 4: where the two path policies differ in the dialect kubernetes. */
  @Test
  void tellsWhatAnEscapeMeansInTheDialectKubernetes() {
    String manifest = ingress("a", "", "", "a.shop", "/caf%C3%A9");

    for (PathPolicy policy : PathPolicy.values()) {
      IngressRouter router =
          IngressRouter.builder().pathPolicy(policy).manifests("x.yaml", manifest).build();
      assertThat(Linter.lint(router.manifests(), router.translation()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.rule().id()).isEqualTo("path-percent-encoded");
                assertThat(finding.severity())
                    .isEqualTo(policy == PathPolicy.NGINX ? Severity.WARNING : Severity.INFO);
              });
    }
  }

  @Test
  void namesItsRules() {
    assertThat(Linter.rules(Dialect.KUBERNETES)).hasSize(1);
    assertThat(Linter.rules(Dialect.INGRESS_NGINX))
        .doesNotHaveDuplicates()
        .extracting(Rule::id)
        .doesNotContainAnyElementsOf(Dialect.INGRESS_NGINX.rules().stream().map(Rule::id).toList());
  }

  static Stream<Path> inputs() throws IOException {
    Path resources = Path.of("src", "test", "resources");
    try (Stream<Path> files = Files.walk(resources)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.toString().endsWith(".expect.yaml"))
          .toList()
          .stream();
    }
  }

  /** Whatever the input, the linter comes to an end, and its findings have a place and advice. */
  @ParameterizedTest
  @MethodSource("inputs")
  void lintsEveryInput(Path input) {
    for (Dialect dialect : Dialect.values()) {
      List<Rule> rules = Linter.rules(dialect);
      for (PathPolicy policy : PathPolicy.values()) {
        IngressRouter router =
            IngressRouter.builder().dialect(dialect).pathPolicy(policy).manifests(input).build();
        assertThat(Linter.lint(router.manifests(), router.translation()))
            .allSatisfy(
                finding -> {
                  assertThat(rules).contains(finding.rule());
                  assertThat(finding.source()).isNotNull();
                  assertThat(finding.help()).isNotNull();
                });
      }
    }
  }
}
