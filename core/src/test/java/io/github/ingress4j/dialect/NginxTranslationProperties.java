package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.Service;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A change of the dialect ingress-nginx step by step means what its result means from scratch. */
class NginxTranslationProperties {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private static final List<Map<String, String>> MORE_ANNOTATIONS =
      List.of(
          Map.of("canary", "true", "canary-weight", "50"),
          Map.of("canary", "true", "canary-by-header-pattern", "[", "canary-by-header", "X-C"),
          Map.of("affinity", "cookie", "session-cookie-name", "one"),
          Map.of("affinity", "cookie", "affinity-mode", "persistent"),
          Map.of("load-balance", "ewma"),
          Map.of("load-balance", "chash"),
          Map.of("upstream-hash-by", "$request_uri"),
          Map.of("default-backend", "s-1"),
          Map.of("default-backend", "gone"),
          Map.of("service-upstream", "true"),
          Map.of("upstream-vhost", "$nosuch"),
          Map.of("permanent-redirect", "https://x$request_uri"));

  private static final List<String> HOSTS =
      List.of(
          "",
          "a.test",
          "b.test",
          "www.a.test",
          "www.b.test",
          "c.b.test",
          "q.test",
          "al.test",
          "c.al.test",
          "a_b.test",
          "site.org",
          "v1.org");

  private static final List<String> PATHS =
      List.of("/", "/x", "/x/", "/x/y", "/xx", "/one", "/abc/y", "/v1x0", "/healthz", "/q");

  @Property(tries = 500)
  void updatingEqualsTranslatingFromScratch(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int steps) {
    Random random = new Random(seed);
    Map<String, ManifestObject> objects = new LinkedHashMap<>();
    Translation updated = translate(ManifestSet.of());
    for (int step = 0; step < steps; step++) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        change(objects, random);
      }
      ManifestSet input = ManifestSet.of(objects.values().toArray(ManifestObject[]::new));
      Translation before = updated;
      updated = before.update(input);
      assertSame(updated, translate(input));
      assertThat(updated.changedHosts())
          .as("every host whose routes differ is among the changed ones")
          .containsAll(differing(before.routes(), updated.routes()));
    }
  }

  @Property(tries = 100)
  void updatingWithTheSameInputChangesNothing(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, ManifestObject> objects = new LinkedHashMap<>();
    for (int i = 0; i < 12; i++) {
      change(objects, random);
    }
    ManifestSet input = ManifestSet.of(objects.values().toArray(ManifestObject[]::new));
    Translation first = translate(input);
    Translation second = first.update(input);

    assertThat(second.changedHosts()).isEmpty();
    assertThat(second.table()).isSameAs(first.table());
    assertThat(second.diagnostics()).isEqualTo(first.diagnostics());
  }

  private static Translation translate(ManifestSet input) {
    return IngressRouter.builder()
        .dialect(Dialect.INGRESS_NGINX)
        .manifests(input)
        .build()
        .translation();
  }

  private static void assertSame(Translation updated, Translation fresh) {
    assertThat(updated.routes()).isEqualTo(fresh.routes());
    assertThat(updated.ingresses()).isEqualTo(fresh.ingresses());
    assertThat(updated.diagnostics()).isEqualTo(fresh.diagnostics());
    assertThat(updated.endpoints()).isEqualTo(fresh.endpoints());
    assertThat(updated.reading()).isEqualTo(fresh.reading());
    assertThat(updated.table().ruleCount()).isEqualTo(fresh.table().ruleCount());
    assertThat(updated.table().hostCount()).isEqualTo(fresh.table().hostCount());
    for (String host : HOSTS) {
      for (String path : PATHS) {
        Match<Route> got = updated.table().match(host, path);
        Match<Route> wanted = fresh.table().match(host, path);
        assertThat(got == null ? null : got.target())
            .as(host + path)
            .isEqualTo(wanted == null ? null : wanted.target());
      }
    }
  }

  private static List<String> differing(
      Map<String, Map<PathPattern, Route>> before, Map<String, Map<PathPattern, Route>> after) {
    List<String> hosts = new ArrayList<>();
    after.forEach(
        (host, routes) -> {
          if (!routes.equals(before.get(host))) {
            hosts.add(host);
          }
        });
    return hosts;
  }

  private static void change(Map<String, ManifestObject> objects, Random random) {
    String name = "web-" + random.nextInt(6);
    String service = (random.nextBoolean() ? "s-" : "d-") + random.nextInt(3);
    switch (random.nextInt(9)) {
      case 0 -> objects.remove("ingress " + name);
      case 1 -> objects.remove("slice " + service);
      case 2 -> objects.remove("service " + service);
      case 3 ->
          objects.put(
              "service " + service,
              Service.of(
                  ObjectMeta.of("default", service), Service.Port.of("", 80 + random.nextInt(2))));
      case 4 -> objects.put("slice " + service, slice(service, random));
      case 5 -> setting(objects, random);
      default -> objects.put("ingress " + name, ingress(name, random));
    }
  }

  private static Ingress ingress(String name, Random random) {
    Ingress ingress = NginxModelProperties.ingress(name, random);
    if (random.nextInt(3) > 0) {
      return ingress;
    }
    Map<String, String> annotations = new LinkedHashMap<>(ingress.metadata().annotations());
    MORE_ANNOTATIONS
        .get(random.nextInt(MORE_ANNOTATIONS.size()))
        .forEach((key, value) -> annotations.put(PREFIX + key, value));
    return new Ingress(ingress.metadata().withAnnotations(annotations), ingress.spec());
  }

  private static void setting(Map<String, ManifestObject> objects, Random random) {
    Map<String, String> data =
        switch (random.nextInt(5)) {
          case 0 -> Map.of();
          case 1 -> Map.of("http-redirect-code", "301");
          case 2 -> Map.of("ssl-redirect", "false", "nonsense", "x");
          case 3 -> Map.of("use-forwarded-headers", "true", "load-balance", "ewma");
          default -> Map.of("annotations-risk-level", "Low");
        };
    if (data.isEmpty()) {
      objects.remove("settings");
    } else {
      objects.put(
          "settings",
          new ConfigMap(
              ObjectMeta.of("ingress-nginx", "ingress-nginx-controller"),
              data,
              Origin.NONE,
              Origin.NONE));
    }
  }

  private static EndpointSlice slice(String service, Random random) {
    return new EndpointSlice(
        ObjectMeta.of("default", service + "-1")
            .withLabels(Map.of(EndpointSlice.SERVICE_LABEL, service)),
        "IPv4",
        List.of(EndpointSlice.Endpoint.of("10.0.0." + (1 + random.nextInt(2)))),
        List.of(new EndpointSlice.Port("", 8080, "TCP", "", Origin.NONE)),
        Origin.NONE);
  }
}
