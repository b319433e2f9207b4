package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.routing.PathPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the dialect ingress-nginx says about hosts, paths, upstreams and canaries, word for word.
 *
 * <p>The sections are those of ingress-nginx.md.
 */
class NginxFindingsTest {

  private static final String HELP = "\nhelp: ";
  private static final String RULES = "rules:\n";

  private static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{port: 80}]
      endpoints: [{addresses: ['10.0.0.1']}]
      """;

  /** A canary with a weight, the argument of {@link #named} after the name. */
  private static final String[] CANARY = {"canary: 'true'", "canary-weight: '10'"};

  private static String ingress(String metadata, String spec) {
    return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {"
        + metadata
        + "}\nspec:\n"
        + spec.indent(2);
  }

  private static String named(String name, String... annotations) {
    return "name: "
        + name
        + (annotations.length == 0
            ? ""
            : ", annotations: {nginx.ingress.kubernetes.io/"
                + String.join(", nginx.ingress.kubernetes.io/", annotations)
                + "}");
  }

  /** Adds the time of creation; without one Ingresses are of one age. */
  private static String aged(int day, String metadata) {
    return metadata + ", creationTimestamp: '2026-01-0" + day + "T00:00:00Z'";
  }

  private static String host(String host, String... paths) {
    return "- host: '" + host + "'\n  http:\n    paths:\n" + String.join("", paths);
  }

  private static String path(String type, String path, String service) {
    return "    - path: '%s'\n      pathType: %s\n      backend: {service: {name: %s, port: {number: 80}}}\n"
        .formatted(path, type, service);
  }

  private static String fallback(String service) {
    return "defaultBackend: {service: {name: " + service + ", port: {number: 80}}}\n";
  }

  private static String service(String name) {
    return "apiVersion: v1\nkind: Service\nmetadata: {name: "
        + name
        + "}\nspec: {ports: [{port: 80}]}\n";
  }

  private static List<String> findings(PathPolicy policy, String... documents) {
    List<String> findings = new ArrayList<>();
    for (Diagnostic finding :
        IngressRouter.builder()
            .manifests("k8s.yaml", String.join("---\n", documents))
            .dialect(Dialect.INGRESS_NGINX)
            .pathPolicy(policy)
            .build()
            .diagnostics()) {
      findings.add(finding + HELP + finding.help());
    }
    return findings;
  }

  private static List<String> findings(String... documents) {
    return findings(PathPolicy.STRICT, documents);
  }

  @Test
  void findsNothingInAGoodManifest() {
    assertThat(findings(ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web")))))
        .isEmpty();
  }

  /** The name of the host itself costs nothing in a list of aliases for several hosts. */
  @Test
  void findsNothingInAnAliasThatIsTheHost() {
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: a.test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .isEmpty();
  }

  /** Section 2.3.4; one Ingress beats another by age, by name, or is the same one. */
  @Test
  void namesTheWinnerOfAPathAndWhyItWins() {
    assertThat(
            findings(
                ingress(aged(2, named("web")), RULES + host("a.test", path("Prefix", "/x", "web"))),
                ingress(
                    aged(1, named("zoo")),
                    RULES + host("a.test", path("ImplementationSpecific", "/x", "zoo")))))
        .containsExactly(
            "k8s.yaml:9:9: warning[nginx-path-shadowed]: the path \"/x\" (Prefix)"
                + " of a.test takes no request: Ingress default/zoo has the same path"
                + " at k8s.yaml:21:9 and is older (Ingress default/web,"
                + " spec.rules[0].http.paths[0])"
                + HELP
                + "remove one of the two, or give them different paths; annotations of"
                + " the two are never merged");
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/x", "web"))),
                ingress(named("zoo"), RULES + host("a.test", path("Prefix", "/x", "zoo")))))
        .containsExactly(
            "k8s.yaml:9:9: warning[nginx-path-shadowed]: the path \"/x\" (Prefix)"
                + " of a.test takes no request: Ingress default/zoo has the same path"
                + " at k8s.yaml:21:9 and comes first: of Ingresses of one age the one"
                + " whose name sorts last does (Ingress default/web,"
                + " spec.rules[0].http.paths[0])"
                + HELP
                + "remove one of the two, or give them different paths; annotations of"
                + " the two are never merged");
    assertThat(
            findings(
                ingress(
                    named("web"),
                    RULES
                        + host("a.test", path("Exact", "/x", "web"), path("Exact", "/x", "zoo")))))
        .containsExactly(
            "k8s.yaml:12:9: warning[nginx-path-shadowed]: the path \"/x\" (Exact)"
                + " of a.test takes no request: the Ingress has the same path at"
                + " k8s.yaml:9:9 already (Ingress default/web,"
                + " spec.rules[0].http.paths[1])"
                + HELP
                + "remove one of the two, or give them different paths; annotations of"
                + " the two are never merged");
  }

  /** Section 2.3: a default back end without rules beats a path / without a host. */
  @Test
  void namesTheDefaultBackEndThatTakesTheRootWithoutAHost() {
    assertThat(
            findings(
                ingress(
                    aged(1, named("web")),
                    RULES
                        + "- http:\n    paths:\n    - path: /\n      pathType: Prefix\n      backend: {service: {name: web, port: {number: 80}}}\n"),
                ingress(aged(2, named("rest")), fallback("rest"))))
        .containsExactly(
            "k8s.yaml:8:9: warning[nginx-path-shadowed]: the path \"/\" (Prefix)"
                + " of hosts without rules takes no request: the default back end of"
                + " Ingress default/rest, which has no rules, takes them all (Ingress"
                + " default/web, spec.rules[0].http.paths[0])"
                + HELP
                + "remove one of the two, or give them different paths; annotations of"
                + " the two are never merged");
  }

  /** Sections 2.3.4 and 4.2. */
  @Test
  void reportsPathsThatAreOneLocation() {
    assertThat(
            findings(
                ingress(
                    named("web"),
                    RULES
                        + host(
                            "a.test", path("Prefix", "/x", "web"), path("Prefix", "/x/", "zoo")))))
        .containsExactly(
            "k8s.yaml:9:15: error[nginx-location-twice]: the path \"/x\" (Prefix)"
                + " is the same to nginx as \"/x/\" (Prefix) of Ingress default/web at"
                + " k8s.yaml:12:9; the controller would keep its last good"
                + " configuration of all hosts, and here the latter takes the requests"
                + " that both match (Ingress default/web,"
                + " spec.rules[0].http.paths[0].path)"
                + HELP
                + "remove the one with the slash at its end; the other one takes its"
                + " requests, too");
    assertThat(
            findings(
                ingress(
                    named("web"),
                    RULES + host("a.test", path("Exact", "/", "web"), path("Exact", "/", "zoo")))))
        .containsExactly(
            "k8s.yaml:12:15: error[nginx-location-twice]: the path \"/\" (Exact)"
                + " is the same to nginx as \"/\" (Exact) of Ingress default/web at"
                + " k8s.yaml:9:9; the controller would keep its last good configuration"
                + " of all hosts, and here the latter takes the requests that both"
                + " match (Ingress default/web, spec.rules[0].http.paths[1].path)"
                + HELP
                + "remove one of the two");
    assertThat(
            findings(
                ingress(
                    named("web"),
                    RULES
                        + host(
                            "a.test",
                            path("Exact", "/x", "web"),
                            path("Prefix", "/x", "web"),
                            path("ImplementationSpecific", "/x", "zoo")))))
        .containsExactly(
            "k8s.yaml:15:15: error[nginx-location-twice]: the path \"/x\""
                + " (ImplementationSpecific) is the same to nginx as \"/x\" (Prefix) of"
                + " Ingress default/web at k8s.yaml:12:9; the controller would keep its"
                + " last good configuration of all hosts, and here the latter takes the"
                + " requests that both match (Ingress default/web,"
                + " spec.rules[0].http.paths[2].path)"
                + HELP
                + "remove one of the two");
  }

  /** Section 4.3: one annotation makes the paths of all Ingresses of the host patterns. */
  @Test
  void reportsPathsThatAreNoPatterns() {
    assertThat(
            findings(
                ingress(
                    named("web", "use-regex: 'true'"),
                    RULES + host("a.test", path("ImplementationSpecific", "/x", "web"))),
                ingress(
                    named("zoo"),
                    RULES + host("a.test", path("ImplementationSpecific", "/c(d", "zoo")))))
        .containsExactly(
            "k8s.yaml:21:15: error[nginx-path-pattern-invalid]: the path \"/c(d\""
                + " is read as a regular expression because of use-regex in Ingress"
                + " default/web, and is none: the parenthesis is not closed (at"
                + " character 3); it takes no request, and the controller would keep"
                + " its last good configuration of all hosts (Ingress default/zoo,"
                + " spec.rules[0].http.paths[0].path)"
                + HELP
                + "correct the path, or put a backslash before characters that stand"
                + " for themselves");
    assertThat(
            findings(
                ingress(
                    named("web", "rewrite-target: /y"),
                    RULES + host("a.test", path("ImplementationSpecific", "/x", "web"))),
                ingress(
                    named("zoo"),
                    RULES + host("a.test", path("ImplementationSpecific", "/c)d", "zoo")))))
        .containsExactly(
            "k8s.yaml:21:15: error[nginx-path-pattern-invalid]: the path \"/c)d\""
                + " is read as a regular expression because of rewrite-target in"
                + " Ingress default/web, and is none: the closing parenthesis has no"
                + " opening one (at character 3); it takes no request, and the"
                + " controller would keep its last good configuration of all hosts"
                + " (Ingress default/zoo, spec.rules[0].http.paths[0].path)"
                + HELP
                + "correct the path, or put a backslash before characters that stand"
                + " for themselves");
  }

  /** Section 4.3, SEC-51. */
  @Test
  void reportsPatternsThatJavaCannotCarryOut() {
    assertThat(
            findings(
                ingress(
                    named("web", "use-regex: 'true'"),
                    RULES
                        + host(
                            "a.test",
                            path("ImplementationSpecific", "/x\\K/.*", "web"),
                            path("Prefix", "/y", "web")))))
        .containsExactly(
            "k8s.yaml:9:15: error[nginx-path-pattern-unsupported]: the path"
                + " \"/x\\\\K/.*\" is read as a regular expression because of use-regex"
                + " in Ingress default/web, and cannot be used here: the escape \\K"
                + " cannot be honoured exactly by the regular expressions of Java (at"
                + " character 3); all paths that begin with \"/x\" answer 503 (Ingress"
                + " default/web, spec.rules[0].http.paths[0].path)"
                + HELP
                + "write the path without that");
    assertThat(
            findings(
                ingress(
                    named("web", "use-regex: 'true'"),
                    RULES
                        + host(
                            "a.test",
                            path(
                                "ImplementationSpecific",
                                "/x()()()()()()()()()()()()()()()()()()()()()",
                                "web"),
                            path("Prefix", "/y", "web")))))
        .containsExactly(
            "k8s.yaml:9:15: error[nginx-path-pattern-unsupported]: the path"
                + " \"/x()()()()()()()()()()()()()()()()()()()()()\" is read as a"
                + " regular expression because of use-regex in Ingress default/web, and"
                + " cannot be used here: the expression has more than 20 groups (at"
                + " character 43); all paths that begin with \"/x\" answer 503 (Ingress"
                + " default/web, spec.rules[0].http.paths[0].path)"
                + HELP
                + "write the path without that");
  }

  /** Section 2.5. */
  @Test
  void reportsVariablesThatNothingDefines() {
    assertThat(
            findings(
                ingress(
                    named("web", "rewrite-target: /$shop/$1"),
                    RULES + host("a.test", path("ImplementationSpecific", "/x/(.*)", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: error[nginx-variable-unknown]: rewrite-target:"
                + " \"/$shop/$1\" asks for \"$shop\", which nothing defines, so the"
                + " paths of the Ingress answer 503; the controller would keep its last"
                + " good configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write $1 to $9 for the groups of the path, or the name of a variable"
                + " of nginx");
    assertThat(
            findings(
                ingress(
                    named("web", "upstream-vhost: a$.test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: error[nginx-variable-unknown]: upstream-vhost:"
                + " \"a$.test\" holds a \"$\" that no variable's name follows, at index"
                + " 1, so the paths of the Ingress answer 503; the controller would"
                + " keep its last good configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write $1 to $9 for the groups of the path, or the name of a variable"
                + " of nginx");
    assertThat(
            findings(
                ingress(
                    named("web", "app-root: /$shop"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:75: error[nginx-variable-unknown]: app-root: \"/$shop\""
                + " asks for \"$shop\", which nothing defines, so it has no effect; the"
                + " controller would keep its last good configuration of all hosts"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "write $1 to $9 for the groups of the path, or the name of a variable"
                + " of nginx");
  }

  /** One cause, one finding. */
  @Test
  void reportsAFaultyAnnotationOnceForAllHosts() {
    assertThat(
            findings(
                ingress(
                    named("web", "rewrite-target: /$0"),
                    RULES
                        + host("a.test", path("Prefix", "/x", "web"))
                        + host("b.test", path("Prefix", "/y", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: error[nginx-variable-unknown]: rewrite-target:"
                + " \"/$0\" asks for \"$0\", which nothing defines, so the paths of the"
                + " Ingress answer 503; the controller would keep its last good"
                + " configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write $1 to $9 for the groups of the path, or the name of a variable"
                + " of nginx");
  }

  /** Section 5.1. */
  @Test
  void reportsVariablesThatOnlyNginxHas() {
    assertThat(
            findings(
                ingress(
                    named("web", "upstream-vhost: $connection.test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: error[nginx-variable-unavailable]: upstream-vhost:"
                + " \"$connection.test\" asks for \"$connection\", which nginx has and"
                + " this router does not, so the paths of the Ingress answer 503"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "use $host, $uri, $request_uri, $scheme, $args, a header as"
                + " $http_NAME, a cookie as $cookie_NAME or a capture such as $1");
    assertThat(
            findings(
                ingress(
                    named("web", "app-root: /$pid"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:75: error[nginx-variable-unavailable]: app-root:"
                + " \"/$pid\" asks for \"$pid\", which nginx has and this router does"
                + " not, so it has no effect (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "use $host, $uri, $request_uri, $scheme, $args, a header as"
                + " $http_NAME, a cookie as $cookie_NAME or a capture such as $1");
  }

  /** SEC-20. */
  @Test
  void reportsGroupsThatThePathDoesNotHave() {
    assertThat(
            findings(
                ingress(
                    named("web", "rewrite-target: /$1"),
                    RULES + host("a.test", path("Prefix", "/x", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: error[nginx-capture-missing]: rewrite-target asks for"
                + " $1, but the path \"/x\" has no group in parentheses, so $1 stands"
                + " for nothing (Ingress default/web, metadata.annotations)"
                + HELP
                + "put what is meant into parentheses, as in the path /x(/|$)(.*) with"
                + " the target /$2");
    assertThat(
            findings(
                ingress(
                    named("web", "rewrite-target: /$1", "x-forwarded-prefix: /$3"),
                    RULES + host("a.test", path("ImplementationSpecific", "/(x)/(y)", "web")))))
        .containsExactly(
            "k8s.yaml:3:134: error[nginx-capture-missing]: x-forwarded-prefix"
                + " asks for $3, but the path \"/(x)/(y)\" has 2 groups in parentheses,"
                + " so $3 stands for nothing (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "put what is meant into parentheses, as in the path /x(/|$)(.*) with"
                + " the target /$2");
  }

  /** DESIGN. */
  @Test
  void warnsOfGroupsThatThePathDoesNotHaveUnderTheNginxPolicy() {
    assertThat(
            findings(
                PathPolicy.NGINX,
                ingress(
                    named("web", "rewrite-target: /$2"),
                    RULES + host("a.test", path("ImplementationSpecific", "/(x)", "web")))))
        .containsExactly(
            "k8s.yaml:3:81: warning[nginx-capture-missing]: rewrite-target asks"
                + " for $2, but the path \"/(x)\" has one group in parentheses, so $2"
                + " stands for nothing (Ingress default/web, metadata.annotations)"
                + HELP
                + "put what is meant into parentheses, as in the path /x(/|$)(.*) with"
                + " the target /$2");
  }

  /** Section 2.3.5. */
  @Test
  void reportsBackEndsThatAreNoServices() {
    assertThat(
            findings(
                ingress(
                    named("web"),
                    RULES
                        + "- host: a.test\n  http:\n    paths:\n    - path: /x\n      pathType: Prefix\n      backend: {resource: {kind: Bucket, name: x}}\n")))
        .containsExactly(
            "k8s.yaml:11:18: warning[nginx-resource-backend]: the back end is no"
                + " Service, so the controller skips the path: its requests go to"
                + " shorter paths of the host or to the default back end (Ingress"
                + " default/web, spec.rules[0].http.paths[0].backend.resource)"
                + HELP
                + "write backend.service with the name and the port of a Service");
    assertThat(
            findings(
                ingress(named("web"), "defaultBackend: {resource: {kind: Bucket, name: x}}\n")))
        .containsExactly(
            "k8s.yaml:5:19: warning[nginx-resource-backend]: the default back end"
                + " is no Service, so the controller acts as if there were none"
                + " (Ingress default/web, spec.defaultBackend.resource)"
                + HELP
                + "write defaultBackend.service with the name and the port of a Service");
  }

  /** Section 2.3.2. */
  @Test
  void reportsDefaultBackEndsThatTakeNoRequest() {
    assertThat(
            findings(
                ingress(
                    named("web"),
                    fallback("rest")
                        + RULES
                        + "- http:\n    paths:\n    - path: /x\n      pathType: Prefix\n      backend: {service: {name: web, port: {number: 80}}}\n")))
        .containsExactly(
            "k8s.yaml:5:19: warning[nginx-default-backend-unused]: the default"
                + " back end takes no request: the controller does not use one beside"
                + " rules without a host (Ingress default/web, spec.defaultBackend)"
                + HELP
                + "write a path / in the rules; for hosts without rules, move the"
                + " default back end to an Ingress of its own without rules");
    assertThat(
            findings(
                ingress(
                    named("web"),
                    fallback("rest") + RULES + host("a.test", path("Prefix", "/x", "web"))),
                ingress(named("zoo"), RULES + host("a.test", path("Prefix", "/y", "web")))))
        .containsExactly(
            "k8s.yaml:5:19: warning[nginx-default-backend-unused]: the default"
                + " back end takes no request: all hosts of this Ingress are in"
                + " Ingresses that come first, and only the first Ingress of a host"
                + " gives it a default back end (Ingress default/web,"
                + " spec.defaultBackend)"
                + HELP
                + "write a path / in the rules; for hosts without rules, move the"
                + " default back end to an Ingress of its own without rules");
    assertThat(
            findings(
                ingress(named("web"), fallback("rest")), ingress(named("zoo"), fallback("zoo"))))
        .containsExactly(
            "k8s.yaml:5:19: warning[nginx-default-backend-unused]: the default"
                + " back end takes no request: those for hosts without rules go to that"
                + " of Ingress default/zoo at k8s.yaml:11:19, which comes first: of"
                + " Ingresses of one age the one whose name sorts last does (Ingress"
                + " default/web, spec.defaultBackend)"
                + HELP
                + "keep one Ingress with a default back end and no rules");
    assertThat(
            findings(
                ingress(aged(2, named("zoo")), fallback("zoo")),
                ingress(aged(1, named("web")), fallback("rest"))))
        .containsExactly(
            "k8s.yaml:5:19: warning[nginx-default-backend-unused]: the default"
                + " back end takes no request: those for hosts without rules go to that"
                + " of Ingress default/web at k8s.yaml:11:19, which is older (Ingress"
                + " default/zoo, spec.defaultBackend)"
                + HELP
                + "keep one Ingress with a default back end and no rules");
  }

  /** Section 14. */
  @Test
  void reportsAMissingServiceOfTheDefaultBackEnd() {
    assertThat(
            findings(
                ingress(
                    named("web", "default-backend: sorry"),
                    RULES + host("a.test", path("Prefix", "/", "web"))),
                service("web"),
                SLICE))
        .containsExactly(
            "k8s.yaml:3:82: warning[nginx-default-backend-missing]:"
                + " default-backend has no effect: there is no Service sorry in the"
                + " namespace default (Ingress default/web, metadata.annotations)"
                + HELP
                + "add the Service to the namespace of the Ingress, or correct the name");
  }

  /** Section 3.4. */
  @Test
  void reportsAliasesWithoutEffect() {
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: c.test"),
                    RULES + host("a.test", path("Prefix", "/x", "web"))),
                ingress(
                    named("zoo", "server-alias: b.test"),
                    RULES + host("a.test", path("Prefix", "/y", "zoo")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the aliases of a.test"
                + " come from Ingress default/zoo, which comes first, so these have no"
                + " effect (Ingress default/web, metadata.annotations)"
                + HELP
                + "keep all aliases of a host in one Ingress");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: b.test"),
                    RULES
                        + host("a.test", path("Prefix", "/", "web"))
                        + host("b.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the alias \"b.test\" is"
                + " the name of a host that has rules of its own, so it has no effect"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove the alias, or the rules of that host");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: c.test"),
                    RULES
                        + host("a.test", path("Prefix", "/", "web"))
                        + host("b.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the alias \"c.test\" is"
                + " one of a.test too, which sorts before b.test, so it has no effect"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove the alias from one of the two hosts");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: www.a.test", "from-to-www-redirect: 'true'"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the alias"
                + " \"www.a.test\" is the name that from-to-www-redirect sends to"
                + " another host, so it has no effect (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "remove the alias, or the redirect");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: A.test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the alias \"A.test\" is"
                + " a name of the host already, so it has no effect (Ingress"
                + " default/web, metadata.annotations)"
                + HELP
                + "remove the alias");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: A.test"),
                    RULES + host("b.test", path("Prefix", "/", "web"))),
                ingress(named("zoo"), RULES + host("a.test", path("Prefix", "/", "zoo")))))
        .containsExactly(
            "k8s.yaml:3:79: warning[nginx-alias-ignored]: the alias \"A.test\" is"
                + " the name of a host that has rules of its own, so it has no effect"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove the alias, or the rules of that host");
  }

  /** Section 2.5. */
  @Test
  void reportsAliasesThatAreNoNames() {
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: b..test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-alias-invalid]: the alias \"b..test\" is"
                + " no name of a host, so it has no effect; the controller would keep"
                + " its last good configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write a name, as in a.example, a wildcard, as in *.example, .example"
                + " or www.*, or ~ and a regular expression");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: b.*.test"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-alias-invalid]: the alias \"b.*.test\" is"
                + " no name of a host, so it has no effect; the controller would keep"
                + " its last good configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write a name, as in a.example, a wildcard, as in *.example, .example"
                + " or www.*, or ~ and a regular expression");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: '~b(c'"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-alias-invalid]: the alias \"~b(c\" is no"
                + " regular expression that can be used: the parenthesis is not closed"
                + " (at character 2), so it has no effect; the controller would keep"
                + " its last good configuration of all hosts (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "correct the expression behind the ~");
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: '~b\\Kc'"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-alias-invalid]: the alias \"~b\\\\Kc\" is"
                + " no regular expression that can be used: the escape \\K cannot be"
                + " honoured exactly by the regular expressions of Java (at character"
                + " 2), so it has no effect (Ingress default/web, metadata.annotations)"
                + HELP
                + "correct the expression behind the ~");
  }

  /** Section 3.4: nginx compares names in lower case, and the controller does not. */
  @Test
  void reportsAnAliasThatTakesAHost() {
    assertThat(
            findings(
                ingress(
                    named("web", "server-alias: B.test"),
                    RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(named("zoo"), RULES + host("b.test", path("Prefix", "/", "zoo")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-alias-takes-host]: the alias \"B.test\""
                + " of a.test takes all requests of the host b.test, because nginx"
                + " ignores case and a.test sorts first (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "remove the alias, or the rules of b.test");
  }

  /** Section 3.6. */
  @Test
  void reportsARedirectOfAWildcardHost() {
    assertThat(
            findings(
                ingress(
                    named("web", "from-to-www-redirect: 'true'"),
                    RULES + host("*.a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:87: error[nginx-www-redirect-wildcard]:"
                + " from-to-www-redirect has no effect on the wildcard host *.a.test;"
                + " the controller would keep its last good configuration of all hosts"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove the annotation, or write a rule for each host instead of the"
                + " wildcard");
  }

  /** Section 8.1. */
  @Test
  void reportsAlgorithmsThatLackTheirConfiguration() {
    assertThat(
            findings(
                ingress(
                    named("web", "load-balance: chash"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-load-balance-incomplete]: load-balance:"
                + " chash cannot be used by itself, so default/web:80 answers 503"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove it, and write upstream-hash-by: $request_uri or another"
                + " variable");
    assertThat(
            findings(
                ingress(
                    named("web", "load-balance: chashsubset"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-load-balance-incomplete]: load-balance:"
                + " chashsubset cannot be used by itself, so default/web:80 answers 503"
                + " (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove it, and write upstream-hash-by: $request_uri or another"
                + " variable, and upstream-hash-by-subset: \"true\"");
    assertThat(
            findings(
                ingress(
                    named("web", "load-balance: sticky_balanced"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-load-balance-incomplete]: load-balance:"
                + " sticky_balanced cannot be used by itself, so default/web:80 answers"
                + " 503 (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove it, and write affinity: cookie and affinity-mode: balanced");
    assertThat(
            findings(
                ingress(
                    named("web", "load-balance: sticky_persistent"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:79: error[nginx-load-balance-incomplete]: load-balance:"
                + " sticky_persistent cannot be used by itself, so default/web:80"
                + " answers 503 (Ingress default/web, metadata.annotations)"
                + HELP
                + "remove it, and write affinity: cookie and affinity-mode: persistent");
  }

  /** Section 8.1: what the finding says happens. */
  @Test
  void anAlgorithmThatLacksItsConfigurationAnswers503() {
    IngressRouter router =
        IngressRouter.builder()
            .manifests(
                "k8s.yaml",
                ingress(
                    named("web", "load-balance: chash"),
                    RULES + host("a.test", path("Prefix", "/", "web"))))
            .dialect(Dialect.INGRESS_NGINX)
            .build();

    assertThat(router.route(RequestView.get("http://a.test/")))
        .isInstanceOfSatisfying(Answer.class, answer -> assertThat(answer.status()).isEqualTo(503));
  }

  /** Section 2.4. */
  @Test
  void reportsAServiceWithoutAnAddress() {
    assertThat(
            findings(
                ingress(
                    named("web", "service-upstream: 'true'"),
                    RULES + host("a.test", path("Prefix", "/", "web"))),
                service("web"),
                SLICE))
        .containsExactly(
            "k8s.yaml:3:83: warning[nginx-service-address-missing]:"
                + " service-upstream has no effect on default/web:80, because the"
                + " Service has no clusterIP or no such port (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "write the clusterIP of the Service, or remove the annotation:"
                + " requests go to its endpoints");
  }

  /** RFC 6265, section 4.1; SEC-36. */
  @Test
  void reportsANameThatNoCookieCanHave() {
    assertThat(
            findings(
                ingress(
                    named("web", "affinity: cookie", "session-cookie-name: my route"),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:3:132: warning[nginx-session-cookie-illegal]:"
                + " session-cookie-name \"my route\" is no name of a cookie, so the"
                + " cookie is called INGRESSCOOKIE (Ingress default/web,"
                + " metadata.annotations)"
                + HELP
                + "use letters, digits, - and _, without blanks");
  }

  /** Section 8.6. */
  @Test
  void reportsACanaryThatSharesNoPath() {
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    named("blue", CANARY), RULES + host("a.test", path("Prefix", "/x", "blue")))))
        .containsExactly(
            "k8s.yaml:21:9: warning[nginx-canary-unmatched]: no Ingress that is"
                + " not a canary has the path \"/x\" (Prefix) for a.test, so"
                + " default/blue:80 takes no request as a canary at all, not on other"
                + " paths either (Ingress default/blue, spec.rules[0].http.paths[0])"
                + HELP
                + "spell path and type like those of the Ingress whose requests it is"
                + " to share");
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(named("blue", CANARY), RULES + host("a.test", path("Exact", "/", "blue")))))
        .containsExactly(
            "k8s.yaml:21:9: warning[nginx-canary-unmatched]: no Ingress that is"
                + " not a canary has the path \"/\" (Exact) for a.test, so"
                + " default/blue:80 takes no request as a canary at all, not on other"
                + " paths either (Ingress default/blue, spec.rules[0].http.paths[0])"
                + HELP
                + "spell path and type like those of the Ingress whose requests it is"
                + " to share");
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    named("blue", CANARY), RULES + host("b.test", path("Prefix", "/", "blue")))))
        .containsExactly(
            "k8s.yaml:21:9: warning[nginx-canary-unmatched]: the canary takes no"
                + " request here: no Ingress that is not a canary has rules for"
                + " \"b.test\" (Ingress default/blue, spec.rules[0].http.paths[0])"
                + HELP
                + "spell the host like that of the Ingress whose requests it is to"
                + " share");
    assertThat(
            findings(
                ingress(
                    named("blue", CANARY), RULES + host("a.test", path("Prefix", "/", "blue")))))
        .containsExactly(
            "k8s.yaml:9:9: warning[nginx-canary-unmatched]: the canary takes no"
                + " request here: no Ingress that is not a canary has rules for"
                + " \"a.test\" (Ingress default/blue, spec.rules[0].http.paths[0])"
                + HELP
                + "spell the host like that of the Ingress whose requests it is to"
                + " share");
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(named("blue", CANARY), fallback("blue"))))
        .containsExactly(
            "k8s.yaml:17:19: warning[nginx-canary-unmatched]: no Ingress that is"
                + " not a canary has a path for hosts without rules, so default/blue:80"
                + " takes no request as a canary at all, not on other paths either"
                + " (Ingress default/blue, spec.defaultBackend)"
                + HELP
                + "write the paths that the canary is to share as rules");
  }

  /** Section 8.6: only the first alternative is ever used. */
  @Test
  void reportsASecondCanary() {
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    aged(1, named("blue", CANARY)),
                    RULES + host("a.test", path("Prefix", "/", "blue"))),
                ingress(
                    aged(2, named("green", CANARY)),
                    RULES + host("a.test", path("Prefix", "/", "green")))))
        .containsExactly(
            "k8s.yaml:33:9: warning[nginx-canary-second]: the canary takes no"
                + " request: default/web:80 has the canary default/blue:80 of Ingress"
                + " default/blue already, and only the first counts (Ingress"
                + " default/green, spec.rules[0].http.paths[0])"
                + HELP
                + "remove one of the two canaries; requests are never split between"
                + " several");
  }

  /** Section 8.6, issues 8004 and 9458. */
  @Test
  void reportsACanaryWhoseServiceAnOlderIngressUses() {
    assertThat(
            findings(
                ingress(aged(1, named("zoo")), RULES + host("b.test", path("Prefix", "/", "blue"))),
                ingress(aged(1, named("web")), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    aged(2, named("blue", CANARY)),
                    RULES + host("a.test", path("Prefix", "/", "blue")))))
        .containsExactly(
            "k8s.yaml:33:9: warning[nginx-canary-without-rules]: the canary takes"
                + " no request: its Service default/blue:80 is used by Ingress"
                + " default/zoo, which comes first and is no canary, so header, cookie"
                + " and weight do not count (Ingress default/blue,"
                + " spec.rules[0].http.paths[0])"
                + HELP
                + "give the canary a Service that no other Ingress uses");
  }

  /** Section 8.6. */
  @Test
  void reportsACanaryWithTheServiceOfTheMainPath() {
    assertThat(
            findings(
                ingress(aged(1, named("web")), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    aged(2, named("blue", CANARY)),
                    RULES + host("a.test", path("Prefix", "/", "web")))))
        .containsExactly(
            "k8s.yaml:21:9: warning[nginx-canary-is-main]: the canary has no"
                + " effect here: Ingress default/web sends requests for a.test to its"
                + " Service default/web:80 anyway (Ingress default/blue,"
                + " spec.rules[0].http.paths[0])"
                + HELP
                + "give the canary a Service that no other Ingress uses");
  }

  /** Section 8.6. */
  @Test
  void reportsAPathWhoseServiceBelongsToACanary() {
    assertThat(
            findings(
                ingress(
                    aged(1, named("blue", CANARY)),
                    RULES + host("a.test", path("Prefix", "/", "blue"))),
                ingress(
                    aged(2, named("web")),
                    RULES
                        + host(
                            "a.test", path("Prefix", "/", "web"), path("Prefix", "/x", "blue")))))
        .containsExactly(
            "k8s.yaml:24:9: error[nginx-canary-owns-service]: the path takes no"
                + " request: its Service belongs to the canary Ingress default/blue at"
                + " k8s.yaml:1:1, which is older (Ingress default/web,"
                + " spec.rules[0].http.paths[1].backend.service)"
                + HELP
                + "give the canary a Service that no other Ingress uses");
    assertThat(
            findings(
                ingress(named("blue", CANARY), RULES + host("a.test", path("Prefix", "/", "blue"))),
                ingress(
                    named("alpha"),
                    RULES
                        + host(
                            "a.test", path("Prefix", "/", "web"), path("Prefix", "/x", "blue")))))
        .containsExactly(
            "k8s.yaml:24:9: error[nginx-canary-owns-service]: the path takes no"
                + " request: its Service belongs to the canary Ingress default/blue at"
                + " k8s.yaml:1:1, which comes first: of Ingresses of one age the one"
                + " whose name sorts last does (Ingress default/alpha,"
                + " spec.rules[0].http.paths[1].backend.service)"
                + HELP
                + "give the canary a Service that no other Ingress uses");
  }

  /** Section 16. */
  @Test
  void reportsARuleOfACanaryWithoutPaths() {
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(named("blue", CANARY), RULES + "- host: a.test\n")))
        .containsExactly(
            "k8s.yaml:18:5: error[nginx-canary-without-paths]: the rule of a"
                + " canary has no paths, and the controller crashes on it (Ingress"
                + " default/blue, spec.rules[0])"
                + HELP
                + "write the paths whose requests the canary is to share, or remove the"
                + " rule");
  }

  /** Section 8.6: a broken pattern pins the request to main. */
  @Test
  void reportsAPatternOfACanaryThatIsNone() {
    assertThat(
            findings(
                ingress(named("web"), RULES + host("a.test", path("Prefix", "/", "web"))),
                ingress(
                    named(
                        "blue",
                        "canary: 'true'",
                        "canary-by-header: X-Shop",
                        "canary-by-header-pattern: 'a|(b'"),
                    RULES + host("a.test", path("Prefix", "/", "blue")))))
        .containsExactly(
            "k8s.yaml:15:190: error[nginx-canary-pattern-invalid]:"
                + " canary-by-header-pattern \"a|(b\" is no regular expression that can"
                + " be used: the parenthesis is not closed (at character 3); requests"
                + " with the header never reach the canary (Ingress default/blue,"
                + " metadata.annotations)"
                + HELP
                + "correct the pattern, or write canary-by-header-value for one exact"
                + " value");
  }
}
