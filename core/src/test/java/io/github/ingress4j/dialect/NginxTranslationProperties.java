package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.manifest.Service;
import io.github.ingress4j.routing.Match;
import io.github.ingress4j.routing.PathPattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
          Map.of("permanent-redirect", "https://x$request_uri"),
          Map.of("server-snippet", "deny all;"),
          Map.of("auth-url", "http://auth.test/", "auth-cache-key", "$remote_user"),
          Map.of("auth-type", "basic", "auth-secret", "users", "auth-realm", "r"),
          Map.of(
              "auth-type", "basic", "auth-secret", "default/users", "auth-secret-type", "auth-map"),
          Map.of("auth-type", "digest", "auth-secret", "users", "auth-realm", "r"),
          Map.of("auth-tls-secret", "default/ca"),
          Map.of("auth-tls-secret", "default/ca", "auth-tls-verify-client", "optional"),
          Map.of("auth-tls-secret", "default/tls", "auth-tls-match-cn", "CN=a"),
          Map.of("backend-protocol", "HTTPS", "proxy-ssl-secret", "default/ca"),
          Map.of(
              "backend-protocol",
              "HTTPS",
              "proxy-ssl-secret",
              "default/tls",
              "proxy-ssl-verify",
              "on"));

  private static final String AUTHORITY = file("certificates/authority.pem");
  private static final String OTHER = file("certificates/stranger.pem");
  private static final String REVOKED = file("certificates/authority.crl.pem");
  private static final String CERTIFICATE = file("keys/rsa.crt");
  private static final String KEY = file("keys/rsa-pkcs8.key");

  /** What Secrets of each name hold in turn: what can be used in several ways, and what cannot. */
  private static final Map<String, List<Map<String, String>>> SECRETS =
      Map.of(
          "users",
          List.of(
              Map.of("auth", "ann:{PLAIN}secret"),
              Map.of("auth", "ann:{PLAIN}other"),
              Map.of("auth", "ann:r:0123456789abcdef0123456789abcdef"),
              Map.of("auth", "nonsense"),
              Map.of("ann", "{PLAIN}secret")),
          "ca",
          List.of(
              Map.of("ca.crt", AUTHORITY),
              Map.of("ca.crt", OTHER),
              Map.of("ca.crt", AUTHORITY, "ca.crl", REVOKED),
              Map.of("ca.crt", "nonsense"),
              Map.of("other", "x")),
          "tls",
          List.of(
              Map.of("tls.crt", CERTIFICATE, "tls.key", KEY),
              Map.of("tls.crt", CERTIFICATE, "tls.key", KEY, "ca.crt", AUTHORITY),
              Map.of("tls.crt", CERTIFICATE, "tls.key", "nonsense"),
              Map.of("tls.crt", CERTIFICATE)));

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
    assertThat(updated.identities()).isEqualTo(fresh.identities());
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
    String secret = List.of("users", "ca", "tls").get(random.nextInt(3));
    switch (random.nextInt(12)) {
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
      case 6 -> objects.remove("secret " + secret);
      case 7, 8 -> objects.put("secret " + secret, secret(secret, random));
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
    IngressSpec spec = ingress.spec();
    List<IngressSpec.Tls> tls =
        random.nextInt(4) > 0
            ? spec.tls()
            : List.of(new IngressSpec.Tls(List.of("a.test", "b.test"), "tls", Origin.NONE));
    return new Ingress(
        ingress.metadata().withAnnotations(annotations),
        new IngressSpec(
            spec.ingressClassName(), spec.defaultBackend(), tls, spec.rules(), spec.origin()));
  }

  private static Secret secret(String name, Random random) {
    List<Map<String, String>> contents = Objects.requireNonNull(SECRETS.get(name));
    Map<String, byte[]> data = new LinkedHashMap<>();
    contents
        .get(random.nextInt(contents.size()))
        .forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.US_ASCII)));
    return new Secret(ObjectMeta.of("default", name), "Opaque", data, Origin.NONE);
  }

  private static String file(String name) {
    try (InputStream in = NginxTranslationProperties.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void setting(Map<String, ManifestObject> objects, Random random) {
    Map<String, String> data =
        switch (random.nextInt(8)) {
          case 0 -> Map.of();
          case 1 -> Map.of("proxy-ssl-location-only", "true");
          case 2, 3 ->
              Map.of("annotations-risk-level", "Critical", "allow-snippet-annotations", "true");
          case 4 -> Map.of("http-redirect-code", "301");
          case 5 -> Map.of("ssl-redirect", "false", "nonsense", "x");
          case 6 -> Map.of("use-forwarded-headers", "true", "load-balance", "ewma");
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
