package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the dialect ingress-nginx says about all Ingresses together, word for word. */
class NginxModelFindingsTest {

  private static final String CANARY = "canary: 'true', canary-weight: '10'";

  /** An Ingress whose annotations stand on line 5 and whose rules begin on line 7. */
  private static String ingress(String name, int day, String annotations, String... spec) {
    String prefixed =
        annotations.isEmpty()
            ? ""
            : "nginx.ingress.kubernetes.io/"
                + annotations.replace(", ", ", nginx.ingress.kubernetes.io/");
    return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: "
        + name
        + "\n  annotations: {"
        + prefixed
        + "}\n  creationTimestamp: '2026-01-0"
        + day
        + "T00:00:00Z'\nspec:\n"
        + String.join("", spec);
  }

  private static String rules(String... rules) {
    return "  rules:\n" + String.join("", rules);
  }

  private static String rule(String host, String... paths) {
    return "  - host: '" + host + "'\n    http:\n      paths:\n" + String.join("", paths);
  }

  private static String path(String path, String type, String service) {
    return "      - path: '"
        + path
        + "'\n        pathType: "
        + type
        + "\n        backend: {service: {name: "
        + service
        + ", port: {number: 80}}}\n";
  }

  private static String prefix(String path, String service) {
    return path(path, "Prefix", service);
  }

  private static List<String> findings(String... documents) {
    List<String> findings = new ArrayList<>();
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .manifests("k8s.yaml", String.join("---\n", documents))
            .build();
    for (Diagnostic finding : router.diagnostics()) {
      findings.add(finding.toString());
      assertThat(finding.help()).as(finding.toString()).isNotNull();
    }
    return findings;
  }

  @Test
  void findsNothingInAGoodManifest() {
    assertThat(findings(ingress("web", 1, "", rules(rule("a.test", prefix("/", "web"))))))
        .isEmpty();
  }

  /** ingress-nginx §2.3.4. */
  @Test
  void reportsAPathThatAnOlderIngressHas() {
    assertThat(
            findings(
                ingress("young", 2, "", rules(rule("a.test", prefix("/x", "young")))),
                ingress("old", 1, "", rules(rule("a.test", prefix("/x", "old"))))))
        .containsExactly(
            "k8s.yaml:12:9: warning[nginx-path-shadowed]: the path \"/x\" (Prefix) of "
                + "a.test takes no request: Ingress default/old has the same path at "
                + "k8s.yaml:27:9 and is older (Ingress default/young, "
                + "spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §2.3.4. */
  @Test
  void reportsTheSamePathTwiceInOneIngress() {
    assertThat(
            findings(
                ingress("web", 1, "", rules(rule("", prefix("/x", "one"), prefix("/x", "two"))))))
        .containsExactly(
            "k8s.yaml:15:9: warning[nginx-path-shadowed]: the path \"/x\" (Prefix) of "
                + "hosts without rules takes no request: the Ingress has the same path at "
                + "k8s.yaml:12:9 already (Ingress default/web, spec.rules[0].http.paths[1])");
  }

  /** ingress-nginx §2.3: a default back end without rules beats a hostless root. */
  @Test
  void reportsAPathThatTheDefaultHostHasAlready() {
    assertThat(
            findings(
                ingress("web", 1, "", rules(rule("", prefix("/", "web")))),
                ingress(
                    "all",
                    2,
                    "",
                    "  defaultBackend: {service: {name: all, port: {number: 80}}}\n")))
        .containsExactly(
            "k8s.yaml:12:9: warning[nginx-path-shadowed]: the path \"/\" (Prefix) of hosts "
                + "without rules takes no request: the default back end of Ingress default/all, "
                + "which has no rules, takes them all (Ingress default/web, "
                + "spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §4.2, issue 10090. */
  @Test
  void reportsLocationsThatNginxRefuses() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "",
                    rules(rule("a.test", prefix("/x", "x"), prefix("/x/", "slash"))))))
        .containsExactly(
            "k8s.yaml:12:15: error[nginx-location-twice]: the path \"/x\" (Prefix) is the "
                + "same to nginx as \"/x/\" (Prefix) of Ingress default/web at k8s.yaml:15:9; "
                + "the controller would keep its last good configuration of all hosts, and here "
                + "the latter takes the requests that both match (Ingress default/web, "
                + "spec.rules[0].http.paths[0].path)");
  }

  /** ingress-nginx §4.3. */
  @Test
  void reportsAPathThatIsNoPattern() {
    assertThat(
            findings(
                ingress("web", 1, "", rules(rule("a.test", prefix("/c(d", "x")))),
                ingress("regex", 2, "use-regex: 'true'", rules(rule("a.test", prefix("/r", "r"))))))
        .containsExactly(
            "k8s.yaml:12:15: warning[path-type-strict]: the path \"/c(d\" is refused by a "
                + "running controller, because the type Prefix takes only letters, digits, ., _, "
                + "- and / (Ingress default/web, spec.rules[0].http.paths[0].path)",
            "k8s.yaml:12:15: error[nginx-path-pattern-invalid]: the path \"/c(d\" is read "
                + "as a regular expression because of use-regex in Ingress default/regex, and is "
                + "none: the parenthesis is not closed (at character 3); it takes no request, "
                + "and the controller would keep its last good configuration of all hosts "
                + "(Ingress default/web, spec.rules[0].http.paths[0].path)");
  }

  /** ingress-nginx §4.3. */
  @Test
  void reportsAPatternThatCannotBeCarriedOut() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "rewrite-target: /$1",
                    rules(rule("a.test", path("/x/(?|a|b)", "ImplementationSpecific", "x"))))))
        .containsExactly(
            "k8s.yaml:12:15: error[nginx-path-pattern-unsupported]: the path "
                + "\"/x/(?|a|b)\" is read as a regular expression because of rewrite-target in "
                + "Ingress default/web, and cannot be used here: a group that counts its "
                + "branches alike, (?|...), cannot be honoured exactly by the regular "
                + "expressions of Java (at character 4); all paths that begin with \"/x/\" "
                + "answer 503 (Ingress default/web, spec.rules[0].http.paths[0].path)");
  }

  /** ingress-nginx §2.5, §5.1. */
  @Test
  void reportsAVariableThatNobodyDefines() {
    assertThat(
            findings(
                ingress("web", 1, "rewrite-target: /$0", rules(rule("a.test", prefix("/x", "x"))))))
        .containsExactly(
            "k8s.yaml:5:61: error[nginx-variable-unknown]: rewrite-target: \"/$0\" asks "
                + "for \"$0\", which nothing defines, so the paths of the Ingress answer 503; "
                + "the controller would keep its last good configuration of all hosts (Ingress "
                + "default/web, metadata.annotations)");
  }

  /** ingress-nginx §2.5, §5.3. */
  @Test
  void reportsAnAppRootWithAVariableThatNobodyDefines() {
    assertThat(
            findings(
                ingress("web", 1, "app-root: /$nosuch", rules(rule("a.test", prefix("/x", "x"))))))
        .containsExactly(
            "k8s.yaml:5:55: error[nginx-variable-unknown]: app-root: \"/$nosuch\" asks for "
                + "\"$nosuch\", which nothing defines, so it has no effect; the controller would "
                + "keep its last good configuration of all hosts (Ingress default/web, "
                + "metadata.annotations)");
  }

  /** ingress-nginx §5.1. */
  @Test
  void reportsAVariableThatOnlyNginxHas() {
    assertThat(
            findings(
                ingress(
                    "web", 1, "upstream-vhost: $pid", rules(rule("a.test", prefix("/x", "x"))))))
        .containsExactly(
            "k8s.yaml:5:61: error[nginx-variable-unavailable]: upstream-vhost: \"$pid\" "
                + "asks for \"$pid\", which nginx has and this router does not, so the paths of "
                + "the Ingress answer 503 (Ingress default/web, metadata.annotations)");
  }

  /** ingress-nginx §5.1: an absent group is empty. */
  @Test
  void reportsACaptureWithoutAGroup() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "rewrite-target: /$2",
                    rules(rule("a.test", path("/x(.*)", "ImplementationSpecific", "x"))))))
        .containsExactly(
            "k8s.yaml:5:61: error[nginx-capture-missing]: rewrite-target asks for $2, but "
                + "the path \"/x(.*)\" has one group in parentheses, so $2 stands for nothing "
                + "(Ingress default/web, metadata.annotations)");
  }

  /** ingress-nginx §2.3.5. */
  @Test
  void reportsAPathOfAResource() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "",
                    rules(
                        "  - host: a.test\n    http:\n      paths:\n      - path: /x\n        pathType: Prefix\n        backend: {resource: {kind: Bucket, name: b}}\n"))))
        .containsExactly(
            "k8s.yaml:14:18: warning[nginx-resource-backend]: the back end is no Service, "
                + "so the controller skips the path: its requests go to shorter paths of the "
                + "host or to the default back end (Ingress default/web, "
                + "spec.rules[0].http.paths[0].backend.resource)");
  }

  /** ingress-nginx §2.3.5. */
  @Test
  void reportsADefaultBackEndThatIsAResource() {
    assertThat(
            findings(
                ingress("web", 1, "", "  defaultBackend: {resource: {kind: Bucket, name: b}}\n")))
        .containsExactly(
            "k8s.yaml:8:19: warning[nginx-resource-backend]: the default back end is no "
                + "Service, so the controller acts as if there were none (Ingress default/web, "
                + "spec.defaultBackend.resource)");
  }

  /** ingress-nginx §2.3.3: beside hostless rules a default back end is never used. */
  @Test
  void reportsADefaultBackEndWithoutHosts() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "",
                    "  defaultBackend: {service: {name: all, port: {number: 80}}}\n",
                    rules(rule("", prefix("/x", "x"))))))
        .containsExactly(
            "k8s.yaml:8:19: warning[nginx-default-backend-unused]: the default back end "
                + "takes no request: the controller does not use one beside rules without a host "
                + "(Ingress default/web, spec.defaultBackend)");
  }

  /** ingress-nginx §2.3.3. */
  @Test
  void reportsADefaultBackEndWhoseHostsBelongToOthers() {
    assertThat(
            findings(
                ingress("old", 1, "", rules(rule("a.test", prefix("/x", "x")))),
                ingress(
                    "young",
                    2,
                    "",
                    "  defaultBackend: {service: {name: all, port: {number: 80}}}\n",
                    rules(rule("a.test", prefix("/y", "other"))))))
        .containsExactly(
            "k8s.yaml:23:19: warning[nginx-default-backend-unused]: the default back end "
                + "takes no request: all hosts of this Ingress are in Ingresses that come first, "
                + "and only the first Ingress of a host gives it a default back end (Ingress "
                + "default/young, spec.defaultBackend)");
  }

  /** ingress-nginx §2.3.2. */
  @Test
  void reportsASecondDefaultBackEnd() {
    assertThat(
            findings(
                ingress(
                    "old", 1, "", "  defaultBackend: {service: {name: old, port: {number: 80}}}\n"),
                ingress(
                    "young",
                    2,
                    "",
                    "  defaultBackend: {service: {name: young, port: {number: 80}}}\n")))
        .containsExactly(
            "k8s.yaml:17:19: warning[nginx-default-backend-unused]: the default back end "
                + "takes no request: those for hosts without rules go to that of Ingress "
                + "default/old at k8s.yaml:8:19, which is older (Ingress default/young, "
                + "spec.defaultBackend)");
  }

  /** ingress-nginx §6, §14. */
  @Test
  void reportsAStandInThatIsMissing() {
    assertThat(
            findings(
                ingress(
                    "web", 1, "default-backend: sorry", rules(rule("a.test", prefix("/x", "web")))),
                "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"))
        .containsExactly(
            "k8s.yaml:5:62: warning[nginx-default-backend-missing]: default-backend has no "
                + "effect: there is no Service sorry in the namespace default (Ingress "
                + "default/web, metadata.annotations)");
  }

  /** ingress-nginx §3.4. */
  @Test
  void reportsAnAliasThatIsAHost() {
    assertThat(
            findings(
                ingress(
                    "web",
                    1,
                    "server-alias: b.test",
                    rules(rule("a.test", prefix("/x", "a")), rule("b.test", prefix("/x", "b"))))))
        .containsExactly(
            "k8s.yaml:5:59: warning[nginx-alias-ignored]: the alias \"b.test\" is the name "
                + "of a host that has rules of its own, so it has no effect (Ingress "
                + "default/web, metadata.annotations)");
  }

  /** ingress-nginx §3.4. */
  @Test
  void reportsAnAliasOfTwoHosts() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: c.test", rules(rule("a.test", prefix("/x", "a")))),
                ingress("b", 2, "server-alias: c.test", rules(rule("b.test", prefix("/x", "b"))))))
        .containsExactly(
            "k8s.yaml:20:59: warning[nginx-alias-ignored]: the alias \"c.test\" is one of "
                + "a.test too, which sorts before b.test, so it has no effect (Ingress "
                + "default/b, metadata.annotations)");
  }

  /** ingress-nginx §3.4. */
  @Test
  void reportsAliasesOfALaterIngress() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: c.test", rules(rule("a.test", prefix("/x", "a")))),
                ingress("b", 2, "server-alias: d.test", rules(rule("a.test", prefix("/y", "b"))))))
        .containsExactly(
            "k8s.yaml:20:59: warning[nginx-alias-ignored]: the aliases of a.test come from "
                + "Ingress default/a, which comes first, so these have no effect (Ingress "
                + "default/b, metadata.annotations)");
  }

  /** ingress-nginx §3.4, §3.6. */
  @Test
  void reportsAnAliasThatRedirects() {
    assertThat(
            findings(
                ingress(
                    "a",
                    1,
                    "server-alias: www.a.test, from-to-www-redirect: 'true'",
                    rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: warning[nginx-alias-ignored]: the alias \"www.a.test\" is the "
                + "name that from-to-www-redirect sends to another host, so it has no effect "
                + "(Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §3.4. */
  @Test
  void reportsAnAliasTwiceInOtherLetters() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: A.test", rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: warning[nginx-alias-ignored]: the alias \"A.test\" is a name "
                + "of the host already, so it has no effect (Ingress default/a, "
                + "metadata.annotations)");
  }

  /** ingress-nginx §3.1, §3.4. */
  @Test
  void reportsAnAliasThatNoRequestHas() {
    assertThat(
            findings(
                ingress(
                    "a", 1, "server-alias: 'b.test:80'", rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: warning[nginx-alias-ignored]: the alias \"b.test:80\" can be "
                + "the host of no request (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §2.5, §3.4. */
  @Test
  void reportsAnAliasOfOneCharacterThatNoRequestHas() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: ':'", rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: warning[nginx-alias-ignored]: the alias \":\" can be "
                + "the host of no request (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §2.5, §3.4. */
  @Test
  void reportsAnAliasThatIsNoName() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: b..test", rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: error[nginx-alias-invalid]: the alias \"b..test\" is no name "
                + "of a host, so it has no effect; the controller would keep its last good "
                + "configuration of all hosts (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §2.5, §3.4. */
  @Test
  void reportsAnAliasThatIsNoPattern() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: '~(b'", rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:59: error[nginx-alias-invalid]: the alias \"~(b\" is no regular "
                + "expression that can be used: the parenthesis is not closed (at character 1), "
                + "so it has no effect; the controller would keep its last good configuration of "
                + "all hosts (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §3.4. */
  @Test
  void reportsAnAliasThatTakesAHost() {
    assertThat(
            findings(
                ingress("a", 1, "server-alias: .b.test", rules(rule("a.test", prefix("/x", "a")))),
                ingress("b", 2, "", rules(rule("b.test", prefix("/x", "b"))))))
        .containsExactly(
            "k8s.yaml:5:59: error[nginx-alias-takes-host]: the alias \".b.test\" of a.test "
                + "takes all requests of the host b.test, because nginx takes host after host "
                + "and a.test sorts first (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §3.6. */
  @Test
  void reportsASiblingOfAWildcardHost() {
    assertThat(
            findings(
                ingress(
                    "a",
                    1,
                    "from-to-www-redirect: 'true'",
                    rules(rule("*.a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:67: error[nginx-www-redirect-wildcard]: from-to-www-redirect has "
                + "no effect on the wildcard host *.a.test; the controller would keep its last "
                + "good configuration of all hosts (Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §8.1. */
  @Test
  void reportsAnAlgorithmWithoutItsKey() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx-controller, namespace: ingress-nginx}\ndata: {load-balance: sticky_balanced}\n"))
        .containsExactly(
            "k8s.yaml:1:1: error[nginx-load-balance-incomplete]: load-balance: "
                + "sticky_balanced cannot be used by itself, so default/a:80 answers 503 "
                + "(Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §7. */
  @Test
  void reportsACookieNameThatIsNone() {
    assertThat(
            findings(
                ingress(
                    "a",
                    1,
                    "affinity: cookie, session-cookie-name: my route",
                    rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:5:112: warning[nginx-session-cookie-illegal]: session-cookie-name "
                + "\"my route\" is no name of a cookie, so the cookie is called INGRESSCOOKIE "
                + "(Ingress default/a, metadata.annotations)");
  }

  /** ingress-nginx §2.4. */
  @Test
  void reportsAServiceWithoutAnAddress() {
    String ingress =
        ingress("a", 1, "service-upstream: 'true'", rules(rule("a.test", prefix("/x", "a"))));
    String service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {%sports: [%s]}\n";
    String start =
        "nginx-service-address-missing]: requests for default/a:80 go to its endpoints in";
    String end = " (Ingress default/a, metadata.annotations)";
    assertThat(findings(ingress, service.formatted("", "{port: 80}")))
        .containsExactly(
            "k8s.yaml:5:63: info["
                + start
                + " spite of service-upstream, because the Service has no clusterIP in the input; in a"
                + " cluster it gets one"
                + end);
    assertThat(findings(ingress, service.formatted("clusterIP: None, ", "{port: 80}")))
        .containsExactly(
            "k8s.yaml:5:63: warning["
                + start
                + " spite of service-upstream, because the Service is headless: its clusterIP is None"
                + end);
    assertThat(findings(ingress, service.formatted("clusterIP: 10.0.0.1, ", "{port: 80}")))
        .isEmpty();
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsACanaryOfAnotherHost() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress("next", 2, CANARY, rules(rule("b.test", prefix("/x", "next"))))))
        .containsExactly(
            "k8s.yaml:27:9: warning[nginx-canary-unmatched]: the canary takes no request "
                + "here: no Ingress that is not a canary has rules for \"b.test\" (Ingress "
                + "default/next, spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsACanaryOfAnotherPath() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress("next", 2, CANARY, rules(rule("a.test", path("/x", "Exact", "next"))))))
        .containsExactly(
            "k8s.yaml:27:9: warning[nginx-canary-unmatched]: no Ingress that is not a "
                + "canary has the path \"/x\" (Exact) for a.test, so default/next:80 takes no "
                + "request as a canary at all, not on other paths either (Ingress default/next, "
                + "spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsASecondCanary() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress("one", 2, CANARY, rules(rule("a.test", prefix("/x", "one")))),
                ingress("two", 3, CANARY, rules(rule("a.test", prefix("/x", "two"))))))
        .containsExactly(
            "k8s.yaml:42:9: warning[nginx-canary-second]: the canary takes no request: "
                + "default/a:80 has the canary default/one:80 of Ingress default/one already, "
                + "and only the first counts (Ingress default/two, spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsACanaryWhoseServiceIsUsedElsewhere() {
    assertThat(
            findings(
                ingress(
                    "a",
                    1,
                    "",
                    rules(rule("a.test", prefix("/x", "a")), rule("b.test", prefix("/x", "next")))),
                ingress("next", 2, CANARY, rules(rule("a.test", prefix("/x", "next"))))))
        .containsExactly(
            "k8s.yaml:33:9: warning[nginx-canary-without-rules]: the canary takes no "
                + "request: its Service default/next:80 is used by Ingress default/a, which "
                + "comes first and is no canary, so header, cookie and weight do not count "
                + "(Ingress default/next, spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsACanaryThatIsTheMainService() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress("next", 2, CANARY, rules(rule("a.test", prefix("/x", "a"))))))
        .containsExactly(
            "k8s.yaml:27:9: warning[nginx-canary-is-main]: the canary has no effect here: "
                + "Ingress default/a sends requests for a.test to its Service default/a:80 "
                + "anyway (Ingress default/next, spec.rules[0].http.paths[0])");
  }

  /** ingress-nginx §8.6. */
  @Test
  void reportsAPathWhoseServiceIsACanary() {
    assertThat(
            findings(
                ingress("next", 1, CANARY, rules(rule("a.test", prefix("/x", "next")))),
                ingress(
                    "a", 2, "", rules(rule("a.test", prefix("/x", "a"), prefix("/y", "next"))))))
        .containsExactly(
            "k8s.yaml:32:18: error[nginx-canary-owns-service]: the path takes no request: "
                + "its Service belongs to the canary Ingress default/next at k8s.yaml:1:1, which "
                + "is older (Ingress default/a, spec.rules[0].http.paths[1].backend.service)");
  }

  /** ingress-nginx §16. */
  @Test
  void reportsACanaryWithoutPaths() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress("next", 2, CANARY, rules("  - host: a.test\n"))))
        .containsExactly(
            "k8s.yaml:24:5: error[nginx-canary-without-paths]: the rule of a canary has no "
                + "paths, and the controller crashes on it (Ingress default/next, spec.rules[0])");
  }

  /** ingress-nginx §8.6, §14. */
  @Test
  void reportsACanaryPatternThatIsNone() {
    assertThat(
            findings(
                ingress("a", 1, "", rules(rule("a.test", prefix("/x", "a")))),
                ingress(
                    "next",
                    2,
                    "canary: 'true', canary-by-header: X-N, canary-by-header-pattern: (a",
                    rules(rule("a.test", prefix("/x", "next"))))))
        .containsExactly(
            "k8s.yaml:20:166: error[nginx-canary-pattern-invalid]: "
                + "canary-by-header-pattern \"(a\" is no regular expression that can be used: "
                + "the parenthesis is not closed (at character 1); requests with the header "
                + "never reach the canary (Ingress default/next, metadata.annotations)");
  }
}
