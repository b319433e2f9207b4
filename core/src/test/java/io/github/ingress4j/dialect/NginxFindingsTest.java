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
 * Findings about the model of ingress-nginx whose words depend on more than one Ingress, or that
 * must not be there; those of each rule are in {@link NginxModelFindingsTest}.
 */
class NginxFindingsTest {

  private static final String HELP = "\nhelp: ";
  private static final String RULES = "rules:\n";

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
}
