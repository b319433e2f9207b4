package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the dialect says about manifests that the API server would accept, word for word. */
class DialectFindingsTest {

  private static String ingress(String metadata, String spec) {
    return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {"
        + metadata
        + "}\nspec:\n"
        + spec.indent(2);
  }

  private static String rule(String host, String path, String type, String service) {
    return ("rules:\n- host: '"
        + host
        + "'\n  http:\n    paths:\n    - path: '"
        + path
        + "'\n      pathType: "
        + type
        + "\n      backend: {service: {name: "
        + service
        + ", port: {number: 80}}}\n");
  }

  private static List<String> findings(IngressRouter.Builder builder, String... documents) {
    List<String> findings = new ArrayList<>();
    String text = String.join("---\n", documents);
    for (Diagnostic finding : builder.manifests("k8s.yaml", text).build().diagnostics()) {
      findings.add(finding.toString());
      assertThat(finding.source()).as(finding.toString()).isNotNull();
    }
    return findings;
  }

  private static List<String> findings(String... documents) {
    return findings(IngressRouter.builder(), documents);
  }

  @Test
  void findsNothingInAGoodManifest() {
    assertThat(findings(ingress("name: web", rule("a.shop", "/", "Prefix", "web")))).isEmpty();
  }

  /** Ingress v1, section 5: every shadowed path is reported, with both parties and places. */
  @Test
  void namesBothPartiesOfAConflict() {
    assertThat(
            findings(
                ingress("name: b", rule("a.shop", "/x", "Prefix", "web")),
                ingress("name: a", rule("a.shop", "/x", "Prefix", "other"))))
        .containsExactly(
            "k8s.yaml:9:15: warning[path-shadowed]: the path \"/x\" (Prefix) of Ingress default/b"
                + " takes no request: \"/x\" (Prefix) of Ingress default/a at k8s.yaml:21:9 takes"
                + " them all, because its Ingress comes first (Ingress default/b,"
                + " spec.rules[0].http.paths[0].path)");
  }

  /** SEC-54: the work of a host does not grow with the other hosts of its Ingresses. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void compilesIngressesOfManyHostsInLinearTime() {
    List<IngressRule> rules = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      String host = "host" + (10_000 + i) + ".test";
      rules.add(IngressRule.of(host, HttpIngressPath.prefix("/", IngressBackend.service("s", 80))));
    }
    IngressSpec spec = IngressSpec.of(rules.toArray(IngressRule[]::new));
    List<Ingress> ingresses = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      ingresses.add(new Ingress(ObjectMeta.of("default", "a" + (10 + i)), spec));
    }
    Translation translation =
        IngressRouter.builder().manifests(ManifestSet.of(ingresses)).build().translation();
    assertThat(translation.table().ruleCount()).isEqualTo(10_000);
  }

  /** SEC-49: the API server lets a line break and an escape sequence pass in both names. */
  @Test
  void printsNoControlCharacterOfAResource() {
    assertThat(
            findings(
                ingress(
                    "name: web",
                    "defaultBackend: {resource: {kind: \"K\\n\\e[31m\", name: \"n\\x9b\"}}\n")))
        .containsExactly(
            "k8s.yaml:5:19: warning[resource-backend]: the back end is the K\\n\\u001b[31m n\\u009b,"
                + " which only the application can serve (Ingress default/web,"
                + " spec.defaultBackend.resource)");
  }

  /** A typing error in the settings is as bad as one in a manifest. */
  @Test
  void reportsADefaultBackEndOfTheSettingsThatIsMissing() {
    IngressRouter router =
        IngressRouter.builder()
            .manifests("k8s.yaml", ingress("name: web", rule("a.shop", "/", "Prefix", "web")))
            .endpoints(Translation.EndpointKnowledge.COMPLETE)
            .defaultBackend(new Backend.ServicePort("default", "typo", "80", true))
            .build();
    assertThat(router.diagnostics())
        .extracting(Diagnostic::toString)
        .contains(
            "error[service-missing]: default back end of the settings: there is no Service typo in"
                + " the namespace default");
  }

  @Test
  void saysWhyAPathLoses() {
    assertThat(
            findings(
                ingress("name: a", rule("a.shop", "/x", "Prefix", "web")),
                ingress("name: b", rule("a.shop", "/x/", "Prefix", "web")),
                ingress("name: c", rule("a.shop", "/x/", "ImplementationSpecific", "web"))))
        .containsExactly(
            "k8s.yaml:9:15: warning[path-shadowed]: the path \"/x\" (Prefix) of Ingress default/a"
                + " takes no request: \"/x/\" (Prefix) of Ingress default/b at k8s.yaml:21:9 takes"
                + " them all, because the longer path wins (Ingress default/a,"
                + " spec.rules[0].http.paths[0].path)",
            "k8s.yaml:33:15: warning[path-shadowed]: the path \"/x/\" (ImplementationSpecific) of"
                + " Ingress default/c takes no request: \"/x/\" (Prefix) of Ingress default/b at"
                + " k8s.yaml:21:9 takes them all, because Prefix beats ImplementationSpecific"
                + " (Ingress default/c, spec.rules[0].http.paths[0].path)");
  }

  @Test
  void reportsPathsThatCannotMatch() {
    assertThat(findings(ingress("name: web", rule("a.shop", "/a%zz", "Prefix", "web"))))
        .containsExactly(
            "k8s.yaml:9:15: warning[path-never-matches]: no request can have the path \"/a%zz\""
                + " (Ingress default/web, spec.rules[0].http.paths[0].path)");
  }

  @Test
  void reportsPathsThatLookLikePatterns() {
    assertThat(
            findings(
                ingress("name: web", rule("a.shop", "/a(.*)", "ImplementationSpecific", "web"))))
        .containsExactly(
            "k8s.yaml:9:15: warning[path-pattern-literal]: the path \"/a(.*)\" looks like a"
                + " pattern, but every character of it stands for itself (Ingress default/web,"
                + " spec.rules[0].http.paths[0].path)");
  }

  @Test
  void reportsHostsOfSeveralNamespaces() {
    assertThat(
            findings(
                ingress("name: web, namespace: a", rule("a.shop", "/x", "Prefix", "web")),
                ingress("name: web, namespace: b", rule("a.shop", "/y", "Prefix", "web"))))
        .containsExactly(
            "k8s.yaml:18:11: warning[host-shared]: rules for a.shop are also in Ingress a/web at"
                + " k8s.yaml:6:11 (Ingress b/web, spec.rules[0].host)");
  }

  @Test
  void reportsClasses() {
    String plain = ingress("name: web", rule("a.shop", "/", "Prefix", "web"));
    String field =
        ingress("name: web", "ingressClassName: other\n" + rule("a.shop", "/", "Prefix", "web"));
    String ingressClass =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: nginx}
        spec: {controller: k8s.io/ingress-nginx}
        """;

    assertThat(findings(IngressRouter.builder().ingressClass("nginx"), plain))
        .containsExactly(
            "k8s.yaml:1:1: info[class-not-served]: the Ingress has no class, and \"nginx\" is"
                + " served (Ingress default/web, spec.ingressClassName)");
    assertThat(findings(IngressRouter.builder().ingressClass("nginx"), field))
        .containsExactly(
            "k8s.yaml:5:21: info[class-not-served]: the Ingress has the class \"other\", and"
                + " \"nginx\" is served (Ingress default/web, spec.ingressClassName)");
    assertThat(findings(IngressRouter.builder().ingressClass("nginx"), field, ingressClass))
        .containsExactly(
            "k8s.yaml:5:21: warning[class-missing]: there is no IngressClass \"other\", so nobody"
                + " serves this Ingress (Ingress default/web, spec.ingressClassName)");
  }

  /** What is no manifest yet becomes one by another tool. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "h/Chart.yaml | apiVersion: v2 | this is a part of a Helm chart: check what `helm template`"
            + " prints",
        "h/values.yaml | ingress: {} | this is a part of a Helm chart: check what `helm template`"
            + " prints",
        "kustomization.yaml | resources: [a] | this is for kustomize: check what `kubectl kustomize`"
            + " prints",
        "a.yaml | resources: [a] | add `kind:`, such as `kind: Ingress`",
        "t.yaml | {{- if .Values.on }} | this is a template of Helm, which says nothing before it is"
            + " rendered: check what `helm template` prints",
        "t.yaml | kind: {{ .Values.kind }}x | this is a template of Helm, which says nothing before it"
            + " is rendered: check what `helm template` prints",
      })
  void saysWhichToolMakesManifestsOfIt(String file, String text, String help) {
    assertThat(IngressRouter.builder().manifests(file, text + "\n").build().diagnostics())
        .first()
        .extracting(Diagnostic::help)
        .isEqualTo(help);
  }

  /** Whoever writes a pattern ties it to the start himself. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "^/svd/(.*)$ | write \"/svd/(.*)$\": where paths are patterns, each is tied to the start of a"
            + " path anyway",
        "~* ^/foo | write \"/foo\": where paths are patterns, each is tied to the start of a path"
            + " anyway",
        "~ /foo | write \"/foo\": where paths are patterns, each is tied to the start of a path anyway",
        "^foo | write \"/foo\": where paths are patterns, each is tied to the start of a path anyway",
        "foo | write \"/foo\"",
      })
  void saysHowAPathBegins(String path, String help) {
    String manifest = ingress("name: web", rule("a.shop", path, "ImplementationSpecific", "web"));
    assertThat(IngressRouter.builder().manifests("x.yaml", manifest).build().diagnostics())
        .filteredOn(finding -> finding.rule().id().equals("path-invalid"))
        .singleElement()
        .extracting(Diagnostic::help)
        .isEqualTo(help);
  }

  /** What cert-manager writes is nowhere in a repository. */
  @Test
  void missesNoSecretThatIsIssued() {
    String web =
        ingress(
            "name: web",
            "tls: [{hosts: [a.shop], secretName: c}]\n" + rule("a.shop", "/", "Prefix", "web"));
    String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n";
    String issued =
        web.replace(
            "name: web}", "name: web, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}");

    assertThat(issued).isNotEqualTo(web);
    assertThat(findings(web, secret)).anyMatch(finding -> finding.contains("tls-secret-missing"));
    assertThat(findings(issued, secret))
        .noneMatch(finding -> finding.contains("tls-secret-missing"));
  }

  /** Without a chosen class everything counts, and that is said where controllers would differ. */
  @Test
  void reportsClassesThatMeet() {
    String one = ingress("name: a", "ingressClassName: x\n" + rule("a.shop", "/", "Prefix", "web"));
    String two = ingress("name: b", "ingressClassName: w\n" + rule("b.shop", "/", "Prefix", "web"));
    String classes =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: x}
        spec: {controller: x.test/a}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: w}
        spec: {controller: x.test/b}
        """;
    String mixed =
        ": warning[classes-mixed]: the Ingresses are of the classes \"x\" and \"w\", and all of them"
            + " count, because no class was chosen; what controllers keep apart meets here (Ingress"
            + " default/b, spec.ingressClassName)";

    assertThat(findings(one, two.replace("Name: w", "Name: x"))).isEmpty();
    assertThat(findings(one, two)).singleElement().asString().endsWith(mixed);
    assertThat(findings(one, two, classes)).singleElement().asString().endsWith(mixed);
    assertThat(findings(one, two, classes.replace("x.test/b", "x.test/a"))).isEmpty();
    assertThat(findings(IngressRouter.builder().ingressClass("x"), one, two))
        .noneMatch(finding -> finding.contains("classes-mixed"));
    assertThat(findings(one.replace("Name: x", "Name: z"), classes))
        .singleElement()
        .asString()
        .endsWith(
            "warning[class-missing]: there is no IngressClass \"z\", so nobody serves this Ingress;"
                + " here it counts, because no class was chosen (Ingress default/a,"
                + " spec.ingressClassName)");
  }

  @Test
  void reportsASecondDefaultClass() {
    String first =
        """
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: a, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}
        spec: {controller: x.test/a}
        """;

    assertThat(findings(first, first.replace("name: a", "name: b")))
        .containsExactly(
            "k8s.yaml:8:80: warning[default-class-tie]: the class is marked as default, but a is"
                + " the default class (IngressClass b, metadata.annotations)");
  }

  @Test
  void reportsBackEndsThatCannotServe() {
    String web = ingress("name: web", rule("a.shop", "/", "Prefix", "web"));
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{name: http, port: 8080}]}
        """;
    String external =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {type: ExternalName, externalName: shop.example}
        """;
    IngressRouter.Builder complete =
        IngressRouter.builder().endpoints(Translation.EndpointKnowledge.COMPLETE);

    assertThat(findings(complete, web))
        .containsExactly(
            "k8s.yaml:11:35: error[service-missing]: there is no Service web in the namespace"
                + " default (Ingress default/web, spec.rules[0].http.paths[0].backend.service)");
    assertThat(findings(web, service.replace("name: web", "name: other")))
        .containsExactly(
            "k8s.yaml:11:35: warning[service-missing]: there is no Service web in the namespace"
                + " default (Ingress default/web, spec.rules[0].http.paths[0].backend.service)");
    assertThat(findings(web, service))
        .containsExactly(
            "k8s.yaml:11:35: warning[service-port-missing]: Service default/web has no port 80"
                + " (Ingress default/web, spec.rules[0].http.paths[0].backend.service)");
    assertThat(
            findings(
                IngressRouter.builder().endpoints(Translation.EndpointKnowledge.COMPLETE),
                web,
                service.replace("8080", "80")))
        .containsExactly(
            "k8s.yaml:11:35: warning[no-ready-endpoints]: Service default/web has no endpoint that"
                + " takes traffic (Ingress default/web,"
                + " spec.rules[0].http.paths[0].backend.service)");
    assertThat(findings(web, external))
        .containsExactly(
            "k8s.yaml:11:35: error[external-name-refused]: Service default/web is an alias of"
                + " \"shop.example\", and aliases are not allowed (Ingress default/web,"
                + " spec.rules[0].http.paths[0].backend.service)");
  }

  @Test
  void reportsWhatIsWrongWithSlices() {
    String web = ingress("name: web", rule("a.shop", "/", "Prefix", "web"));
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {sessionAffinity: ClientIP, ports: [{port: 80}]}
        """;
    String slices =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv6
        ports: [{port: 80}]
        endpoints: [{addresses: ['64:ff9b::7f00:1']}, {addresses: ['fd00::1']}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-2, labels: {kubernetes.io/service-name: web}}
        addressType: FQDN
        ports: [{port: 80}]
        endpoints: [{addresses: [shop.example]}]
        """;

    assertThat(findings(web, service, slices))
        .containsExactlyInAnyOrder(
            "k8s.yaml:16:25: warning[session-affinity-ignored]: requests go to the endpoints"
                + " directly, so the affinity ClientIP of Service default/web has no effect"
                + " (Service default/web, spec.sessionAffinity)",
            "k8s.yaml:23:25: error[endpoint-address-refused]: \"64:ff9b::7f00:1\" is a loopback"
                + " address (EndpointSlice default/web-1, endpoints[0].addresses[0])",
            "k8s.yaml:28:14: warning[endpoint-name-skipped]: the slice names its endpoints by DNS"
                + " names, which are not used (EndpointSlice default/web-2, addressType)");
  }

  @Test
  void reportsDefaultBackEndsThatLose() {
    String backend = "defaultBackend: {service: {name: web, port: {number: 80}}}\n";
    String rules = backend + rule("a.shop", "/", "Prefix", "web");

    assertThat(findings(ingress("name: a", backend), ingress("name: b", backend)))
        .containsExactly(
            "k8s.yaml:11:19: warning[default-backend-tie]: requests that match no rule go to the"
                + " default back end of Ingress default/a, not to this one (Ingress default/b,"
                + " spec.defaultBackend)");
    assertThat(
            findings(ingress("name: a", rules), ingress("name: b", rules.replace("'/'", "'/x'"))))
        .containsExactly(
            "k8s.yaml:18:19: warning[default-backend-tie]: requests of a.shop that match no path go"
                + " to the default back end of Ingress default/a at k8s.yaml:5:19, not to this one"
                + " (Ingress default/b, spec.defaultBackend)",
            "k8s.yaml:18:19: warning[default-backend-tie]: requests for hosts that no rule names go"
                + " to the default back end of Ingress default/a, not to this one (Ingress"
                + " default/b, spec.defaultBackend)");
  }

  @Test
  void reportsRulesWithoutPathsAndResources() {
    assertThat(
            findings(
                ingress(
                    "name: web",
                    """
                    defaultBackend: {resource: {kind: ConfigMap, name: page}}
                    rules:
                    - host: a.shop
                    """)))
        .containsExactlyInAnyOrder(
            "k8s.yaml:7:11: info[rule-without-paths]: the rule has no paths, so a default back end"
                + " takes all of a.shop (Ingress default/web, spec.rules[0])",
            "k8s.yaml:5:19: warning[resource-backend]: the back end is the ConfigMap page, which"
                + " only the application can serve (Ingress default/web,"
                + " spec.defaultBackend.resource)");
  }

  /** DESIGN decision 3, SEC-43. */
  @Test
  void reportsAnnotationsOfTheController() {
    String metadata =
        "name: web, annotations: {nginx.ingress.kubernetes.io/auth-type: basic,"
            + " nginx.ingress.kubernetes.io/rewrite-target: /}";
    String web = ingress(metadata, rule("a.shop", "/", "Prefix", "web"));

    assertThat(findings(web))
        .containsExactly(
            "k8s.yaml:3:76: warning[controller-annotations]: 2 annotations of ingress-nginx have no"
                + " effect in the dialect kubernetes (Ingress default/web, metadata.annotations)",
            "k8s.yaml:3:76: error[protection-not-enforced]: the annotation"
                + " nginx.ingress.kubernetes.io/auth-type asks for a protection that the dialect"
                + " kubernetes does not know, so the routes of the Ingress are closed and answer"
                + " 503 (Ingress default/web, metadata.annotations)");
    assertThat(findings(IngressRouter.builder().ignoreProtectingAnnotations(true), web))
        .last()
        .asString()
        .contains("so the routes of the Ingress are open without it");
    assertThat(findings(IngressRouter.builder().annotationsPrefix("x.test"), web)).isEmpty();
  }

  /** Ingress v1, section 8. */
  @Test
  void comparesTlsWithRules() {
    String web =
        ingress(
            "name: web",
            "tls:\n- hosts: [b.shop]\n  secretName: gone\n" + rule("a.shop", "/", "Prefix", "web"));
    String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: other}\n";

    assertThat(findings(web, secret))
        .containsExactlyInAnyOrder(
            "k8s.yaml:6:12: warning[tls-host-without-rule]: the TLS entry names \"b.shop\", which"
                + " no rule has (Ingress default/web, spec.tls[0].hosts[0])",
            "k8s.yaml:7:17: warning[tls-secret-missing]: there is no Secret gone in the namespace"
                + " default (Ingress default/web, spec.tls[0].secretName)",
            "k8s.yaml:9:11: warning[rule-host-without-tls]: no TLS entry names \"a.shop\""
                + " (Ingress default/web, spec.rules[0].host)");
    assertThat(findings(web)).hasSize(2);
    assertThat(
            findings(
                ingress(
                    "name: web",
                    "tls:\n- secretName: any\n" + rule("a.shop", "/", "Prefix", "web"))))
        .isEmpty();
  }

  /** Ingress v1, section 8: a wildcard that stands for the host of a rule is one finding. */
  @Test
  void comparesTheSpellingOfWildcards() {
    String rules = rule("a.shop", "/", "Prefix", "web");

    assertThat(findings(ingress("name: web", "tls:\n- hosts: ['*.shop']\n" + rules)))
        .containsExactly(
            "k8s.yaml:6:12: warning[tls-host-without-rule]: the TLS entry names \"*.shop\", which"
                + " stands for \"a.shop\" and is spelt otherwise (Ingress default/web,"
                + " spec.tls[0].hosts[0])");
    assertThat(findings(ingress("name: web", "tls:\n- hosts: ['*.shop', a.shop]\n" + rules)))
        .isEmpty();
  }

  @Test
  void ruleIdsOccurOnce() {
    Set<String> ids = new HashSet<>();
    Dialect.KUBERNETES.rules().forEach(rule -> assertThat(ids.add(rule.id())).isTrue());
  }
}
