package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.Service;
import io.github.ingress4j.routing.Match;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A change compiled step by step means what the result means when compiled from scratch. */
class TranslationProperties {

  private static final List<String> HOSTS = List.of("", "a.test", "b.test", "*.test", "c.b.test");
  private static final List<String> PATHS = List.of("/", "/x", "/x/", "/x/y", "/%zz", "/*");
  private static final List<String> SERVICES = List.of("one", "two", "three");

  @Property(tries = 300)
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
      updated = updated.update(input);
      assertSame(updated, translate(input), random);
    }
  }

  private static Translation translate(ManifestSet input) {
    return IngressRouter.builder().manifests(input).build().translation();
  }

  private static void assertSame(Translation updated, Translation fresh, Random random) {
    assertThat(updated.routes()).isEqualTo(fresh.routes());
    assertThat(updated.fallback()).isEqualTo(fresh.fallback());
    assertThat(updated.diagnostics()).containsExactlyInAnyOrderElementsOf(fresh.diagnostics());
    assertThat(updated.servicePorts()).isEqualTo(fresh.servicePorts());
    assertThat(updated.endpoints()).isEqualTo(fresh.endpoints());
    assertThat(updated.table().ruleCount()).isEqualTo(fresh.table().ruleCount());
    for (int i = 0; i < 40; i++) {
      String host = pick(List.of("", "a.test", "b.test", "c.b.test", "z.test", "z.z"), random);
      String path = pick(List.of("/", "/x", "/x/", "/x/y", "/x/y/z", "/xx", "/*", "/q"), random);
      Match<Route> got = updated.table().match(host, path);
      Match<Route> wanted = fresh.table().match(host, path);
      assertThat(got == null ? null : got.target())
          .as(host + path)
          .isEqualTo(wanted == null ? null : wanted.target());
    }
  }

  private static void change(Map<String, ManifestObject> objects, Random random) {
    String name = "web-" + random.nextInt(5);
    String service = pick(SERVICES, random);
    switch (random.nextInt(6)) {
      case 0 -> objects.remove("ingress " + name);
      case 1 -> objects.remove("slice " + service);
      case 2 -> objects.remove("service " + service);
      case 3 ->
          objects.put(
              "service " + service,
              Service.of(
                  ObjectMeta.of("default", service), Service.Port.of("", 80 + random.nextInt(2))));
      case 4 -> objects.put("slice " + service, slice(service, random));
      default -> objects.put("ingress " + name, ingress(name, random));
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

  private static Ingress ingress(String name, Random random) {
    List<IngressRule> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<HttpIngressPath> paths = new ArrayList<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        IngressBackend backend = IngressBackend.service(pick(SERVICES, random), 80);
        String path = pick(PATHS, random);
        paths.add(
            random.nextBoolean()
                ? HttpIngressPath.prefix(path, backend)
                : HttpIngressPath.exact(path, backend));
      }
      rules.add(
          random.nextInt(5) == 0
              ? new IngressRule(pick(HOSTS, random), null, Origin.NONE)
              : new IngressRule(pick(HOSTS, random), paths, Origin.NONE));
    }
    IngressBackend defaultBackend =
        rules.isEmpty() || random.nextInt(3) == 0
            ? IngressBackend.service(pick(SERVICES, random), 80)
            : null;
    ObjectMeta metadata =
        ObjectMeta.of(random.nextInt(4) == 0 ? "other" : "default", name)
            .withCreationTimestamp(
                random.nextBoolean() ? Instant.ofEpochSecond(random.nextInt(3)) : null)
            .withAnnotations(
                random.nextInt(4) == 0
                    ? Map.of("nginx.ingress.kubernetes.io/auth-type", "basic")
                    : Map.of());
    return new Ingress(
        metadata,
        IngressSpec.of(rules.toArray(IngressRule[]::new)).withDefaultBackend(defaultBackend));
  }

  private static String pick(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
