package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.policy.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LiveRouterTest {

  private static Ingress ingress(String name, String host, String path, String service) {
    return new Ingress(
        ObjectMeta.of("default", name),
        IngressSpec.of(
            IngressRule.of(
                host, HttpIngressPath.prefix(path, IngressBackend.service(service, 80)))));
  }

  private static IngressRouter router(ManifestSet manifests) {
    return IngressRouter.builder().manifests(manifests).random(new Random(0)).build();
  }

  private static String service(Decision decision) {
    return decision instanceof Forward forward
        ? forward.backend().toString()
        : ((Answer) decision).reason().text();
  }

  /** REL-08: each publication reports what changed. */
  @Test
  void reportsWhatAReplacementChanges() {
    LiveRouter live =
        LiveRouter.of(
            router(
                ManifestSet.of(
                    ingress("a", "a.test", "/", "one"),
                    ingress("b", "b.test", "/x", "one"),
                    ingress("c", "c.test", "/", "one"))));
    LiveRouter.Publication publication =
        live.replace(
            ManifestSet.of(
                ingress("a", "a.test", "/", "two"),
                ingress("c", "c.test", "/", "one"),
                ingress("d", "*.d.test", "/y", "one")));

    assertThat(publication.isPublished()).isTrue();
    assertThat(publication.generation()).isEqualTo(2);
    assertThat(publication.refusal()).isEmpty();
    assertThat(publication.added()).containsExactly("*.d.test /y Prefix");
    assertThat(publication.removed()).containsExactly("b.test /x Prefix");
    assertThat(publication.changed()).containsExactly("a.test / Prefix");
    assertThat(service(live.route(RequestView.get("http://a.test/")))).isEqualTo("default/two:80");
    assertThat(service(live.route(RequestView.get("http://b.test/x")))).isEqualTo("no-route");
  }

  @Test
  void reportsChangesOfTheDefaultBackEnd() {
    Ingress web = ingress("a", "a.test", "/", "one");
    Ingress bare =
        new Ingress(
            ObjectMeta.of("default", "bare"),
            IngressSpec.of().withDefaultBackend(IngressBackend.service("one", 80)));
    Ingress other =
        new Ingress(
            ObjectMeta.of("default", "bare"),
            IngressSpec.of().withDefaultBackend(IngressBackend.service("two", 80)));
    LiveRouter live = LiveRouter.of(router(ManifestSet.of(web)));

    assertThat(live.replace(ManifestSet.of(web, bare)).added()).containsExactly("default backend");
    assertThat(live.replace(ManifestSet.of(web, other)).changed())
        .containsExactly("default backend");
    assertThat(live.replace(ManifestSet.of(web)).removed()).containsExactly("default backend");
  }

  @Test
  void doesNotReportRulesThatOnlyMoved() {
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          rules:
          - host: a.test
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: one, port: {number: 80}}}}
        """;
    ManifestParser parser = ManifestParser.create();
    LiveRouter live = LiveRouter.of(router(parser.parse("a.yaml", text)));
    LiveRouter.Publication publication = live.replace(parser.parse("a.yaml", "\n\n" + text));

    assertThat(publication.changed()).isEmpty();
    assertThat(live.route(RequestView.get("http://a.test/")).route())
        .extracting(Route::source)
        .hasToString("a.yaml:11:9");
  }

  /** REL-04: a good table is never replaced by an empty one. */
  @Test
  void keepsTheOldManifestsIfTheNewOnesHoldNoIngress() {
    LiveRouter live = LiveRouter.of(router(ManifestSet.of(ingress("a", "a.test", "/", "one"))));
    IngressRouter before = live.current();
    LiveRouter.Publication publication =
        live.replace(ManifestParser.create().parse("a.yaml", "kind: Ingress\n  bad"));

    assertThat(publication.isPublished()).isFalse();
    assertThat(publication.generation()).isEqualTo(1);
    assertThat(publication.refusal())
        .isEqualTo("the new manifests hold no Ingress that can be served");
    assertThat(publication.diagnostics()).isNotEmpty();
    assertThat(live.current()).isSameAs(before);
  }

  /** REL-04: nor by one whose Ingresses all belong to others. */
  @Test
  void keepsTheOldManifestsIfTheClassServedIsGone() {
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec:
          ingressClassName: web
          defaultBackend: {service: {name: one, port: {number: 80}}}
        """;
    ManifestParser parser = ManifestParser.create();
    LiveRouter live =
        LiveRouter.of(
            IngressRouter.builder()
                .manifests(parser.parse("a.yaml", text))
                .ingressClass("web")
                .build());
    LiveRouter.Publication publication =
        live.replace(parser.parse("a.yaml", text.replace("Name: web", "Name: other")));

    assertThat(publication.isPublished()).isFalse();
    assertThat(publication.generation()).isEqualTo(1);
    assertThat(publication.diagnostics())
        .extracting(finding -> finding.rule().id())
        .containsExactly("class-not-served");
    assertThat(service(live.route(RequestView.get("http://a.test/")))).isEqualTo("default/one:80");
  }

  /** REL-09: one bad object removes only its own routes. */
  @Test
  void publishesTheGoodObjectsBesideABadOne() {
    LiveRouter live = LiveRouter.of(router(ManifestSet.of(ingress("a", "a.test", "/", "one"))));
    live.replace(
        ManifestSet.of(ingress("a", "A.TEST", "/", "one"), ingress("b", "b.test", "/", "two")));

    assertThat(service(live.route(RequestView.get("http://a.test/")))).isEqualTo("no-route");
    assertThat(service(live.route(RequestView.get("http://b.test/")))).isEqualTo("default/two:80");
  }

  /** REL-01: a request sees one snapshot from start to end. */
  @Test
  void decidesByTheManifestsInForceWhenTheExchangeBegan() {
    LiveRouter live = LiveRouter.of(router(ManifestSet.of(ingress("a", "a.test", "/", "one"))));
    Exchange exchange = live.exchange(RequestView.get("http://a.test/"));
    live.replace(ManifestSet.of(ingress("a", "a.test", "/", "two")));

    assertThat(service((Decision) exchange.first())).isEqualTo("default/one:80");
  }

  /** REL-01: two hosts that always change together are never seen apart. */
  @Test
  void publishesAllHostsAtOnce() throws Exception {
    LiveRouter live = LiveRouter.of(router(pair("s0")));
    AtomicBoolean isDone = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        results.add(
            readers.submit(
                () -> {
                  int torn = 0;
                  while (!isDone.get()) {
                    IngressRouter snapshot = live.current();
                    String a = service(snapshot.route(RequestView.get("http://a.test/")));
                    String b = service(snapshot.route(RequestView.get("http://b.test/")));
                    torn += a.equals(b) ? 0 : 1;
                  }
                  return torn;
                }));
      }
      for (int i = 1; i <= 300; i++) {
        assertThat(live.replace(pair("s" + i)).isPublished()).isTrue();
      }
      isDone.set(true);
      for (Future<Integer> result : results) {
        assertThat(result.get()).isZero();
      }
    } finally {
      isDone.set(true);
      readers.shutdown();
    }
  }

  private static ManifestSet pair(String service) {
    return ManifestSet.of(
        ingress("a", "a.test", "/", service), ingress("b", "b.test", "/", service));
  }

  /** SEC-68: same input, same output; REL-06: an upstream that did not change keeps its turn. */
  @Test
  void keepsTheTurnOfUnchangedUpstreams() {
    String endpoints =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: one}
        spec: {ports: [{port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: one-1, labels: {kubernetes.io/service-name: one}}
        addressType: IPv4
        ports: [{port: 80}]
        endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, {addresses: [10.0.0.3]}]
        """;
    ManifestSet slices = ManifestParser.create().parse("s.yaml", endpoints);
    ManifestSet before =
        ManifestSet.join(List.of(slices, ManifestSet.of(ingress("a", "a.test", "/", "one"))));
    ManifestSet after =
        ManifestSet.join(
            List.of(
                slices,
                ManifestSet.of(
                    ingress("a", "a.test", "/", "one"), ingress("b", "b.test", "/", "one"))));
    LiveRouter live = LiveRouter.of(router(before));
    List<String> turns = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      turns.add(endpoint(live));
      live.replace(i % 2 == 0 ? after : before);
    }

    assertThat(turns).doesNotHaveDuplicates().hasSize(3);
  }

  private static String endpoint(LiveRouter live) {
    return String.valueOf(((Forward) live.route(RequestView.get("http://a.test/"))).endpoint());
  }
}
