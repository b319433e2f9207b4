package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.PathType;
import io.github.ingress4j.policy.RequestView;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngressRouterTest {

  private static final Path HELLO = Path.of("src/test/resources/conformance/hello-ingress.yaml");

  @Test
  void readsFilesTextsAndObjectsTogether() throws Exception {
    IngressRouter router =
        IngressRouter.builder()
            .manifests(HELLO)
            .manifests("more.yaml", Files.readString(HELLO).replace("sample.com", "example.org"))
            .manifests(ManifestSet.of())
            .dialect(Dialect.KUBERNETES)
            .build();

    assertThat(router.isUsable()).isTrue();
    // The text has the same object: the later one counts.
    assertThat(router.route(RequestView.get("http://abc.example.org/pay")))
        .isInstanceOf(Forward.class);
    assertThat(router.route(RequestView.get("http://abc.sample.com/pay")))
        .isInstanceOf(Answer.class);
    assertThat(router.manifests().ingresses()).hasSize(1);
    assertThat(router.translation().ingresses()).hasSize(1);
  }

  @Test
  void saysThatNothingCouldBeRead() {
    IngressRouter router = IngressRouter.builder().manifests("empty.yaml", "# nothing").build();

    assertThat(router.isUsable()).isFalse();
    assertThat(router.diagnostics())
        .extracting(finding -> finding.rule().id())
        .containsExactly("nothing-readable");
  }

  /** The path {@code //} matches nothing under nginx, so it must not stand in for the root. */
  @Test
  void leavesTheRootToThePathThatMatchesIt() {
    IngressRouter router =
        IngressRouter.builder()
            .manifests(
                ManifestSet.of(
                    new Ingress(
                        ObjectMeta.of("default", "a"),
                        IngressSpec.of(
                            IngressRule.of(
                                "a.test",
                                HttpIngressPath.prefix("/", IngressBackend.service("one", 80)),
                                new HttpIngressPath(
                                    "//",
                                    PathType.IMPLEMENTATION_SPECIFIC,
                                    IngressBackend.service("two", 80),
                                    Origin.NONE))))))
            .pathPolicy(PathPolicy.NGINX)
            .build();
    assertThat(router.route(RequestView.get("http://a.test/x")))
        .hasToString("forward /x to default/one:80 (default/a)");
  }

  /** SEC-49: a query may hold bytes that are control characters to a terminal. */
  @Test
  void printsNoControlCharacterOfATarget() {
    IngressRouter router = IngressRouter.builder().manifests(HELLO).build();
    Decision decision =
        router.route(
            SimpleRequest.builder().url("http://abc.sample.com/").target("/pay?\u009b31m").build());
    assertThat(decision)
        .hasToString("forward /pay?\\u009b31m to default/nginx-svc:9080 (default/hello-ingress)");
  }

  @Test
  void saysWhereTheRuleStands() {
    IngressRouter router = IngressRouter.builder().manifests(HELLO).build();
    Decision decision = router.route(RequestView.get("http://abc.sample.com/pay?x=1"));

    assertThat(decision.route()).extracting(Route::source).hasToString(HELLO + ":20:13");
    assertThat(decision)
        .hasToString("forward /pay?x=1 to default/nginx-svc:9080 (default/hello-ingress)");
  }

  @Test
  void isNotUsableIfNothingCouldBeRead(@TempDir Path folder) {
    IngressRouter router =
        IngressRouter.builder().manifests(folder, folder.resolve("missing.yaml")).build();

    assertThat(router.isUsable()).isFalse();
    assertThat(router.diagnostics()).anyMatch(Diagnostic::isError);
    assertThat(router.route(RequestView.get("http://a.test/"))).isInstanceOf(Answer.class);
  }

  @Test
  void saysSoIfATextHoldsNoObject() {
    IngressRouter router = IngressRouter.builder().manifests("empty.yaml", "# later\n").build();

    assertThat(router.isUsable()).isFalse();
    assertThat(router.diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly("the input holds no object");
  }

  @Test
  void appliesNamespaceAndFieldValidation() {
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          colour: red
          defaultBackend: {service: {name: one, port: {number: 80}}}
        """;
    IngressRouter strict = IngressRouter.builder().manifests("a.yaml", text).build();
    IngressRouter lenient =
        IngressRouter.builder()
            .manifests("a.yaml", text)
            .namespace("shop")
            .fieldValidation(ManifestParser.FieldValidation.IGNORE)
            .build();

    assertThat(strict.route(RequestView.get("http://a.test/"))).isInstanceOf(Answer.class);
    assertThat(lenient.route(RequestView.get("http://a.test/")))
        .hasToString("forward / to shop/one:80 (shop/a)");
  }

  @Test
  void givesEveryRuleOneId() {
    List<Rule> rules = Dialect.KUBERNETES.rules();

    assertThat(rules).extracting(Rule::id).doesNotHaveDuplicates().hasSizeGreaterThan(15);
    assertThat(Dialect.KUBERNETES.text()).isEqualTo("kubernetes");
    assertThat(Dialect.KUBERNETES.version()).isEqualTo("networking.k8s.io/v1");
  }

  /** REL-26: whatever a request holds, it is decided. */
  @Property
  void decidesEveryRequest(
      @ForAll String target,
      @ForAll String host,
      @ForAll String method,
      @ForAll String name,
      @ForAll String value) {
    IngressRouter router = IngressRouter.builder().manifests(HELLO).random(new Random(0)).build();
    RequestView request =
        SimpleRequest.builder()
            .method(method)
            .target("/" + target)
            .hosts(List.of(host))
            .header(name, value)
            .build();

    assertThatCode(() -> router.route(request).responseHeaders()).doesNotThrowAnyException();
  }

  @Test
  void decidesTheSameWayFromTheSameSeed() {
    for (int i = 0; i < 3; i++) {
      IngressRouter router =
          IngressRouter.builder().manifests(HELLO).random(new Random(42)).build();
      assertThat(router.route(RequestView.get("http://xyz.sample.com/a")))
          .hasToString("forward /a to default/java-svc:9080 (default/hello-ingress)");
    }
  }
}
