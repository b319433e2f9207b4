package io.github.ingress4j.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.IngressRouter;
import io.github.ingress4j.decision.Answer;
import io.github.ingress4j.decision.Decision;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Redirect;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.PathType;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The dialect as a whole against {@link NaiveNginx}: model, hosts, paths, rewriting, redirects. */
class NginxModelProperties {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private static final List<String> RULE_HOSTS =
      List.of("", "a.test", "b.test", "www.b.test", "*.test", "*.b.test", "c.b.test");

  private static final List<String> PATHS =
      List.of(
          "/",
          "/",
          "/x",
          "/x",
          "/x/",
          "/X",
          "/x/y",
          "/x/y/",
          "/x(/|$)(.*)",
          "/x/(.*)",
          "/[a-z]+/y",
          "/one|/x",
          "/v1.0",
          "/é",
          "/healthz",
          "/healthz/",
          "/new");

  private static final List<String> ALIASES =
      List.of(
          "al.test",
          "*.al.test",
          ".b.test",
          "*.test",
          "AL.test, c.al.test",
          "B.test",
          "www.a.test",
          "www.*",
          "site.*, a_b.test",
          "~^v[0-9]\\.org",
          "~test$");

  private static final List<String> TARGETS =
      List.of("/", "/x", "/new", "/$1", "/$2", "/s-$subdomain/$2", "$1", "https://z.org/$2");

  private static final List<String> HOSTS =
      List.of(
          "a.test",
          "b.test",
          "www.a.test",
          "www.b.test",
          "c.b.test",
          "d.c.b.test",
          "q.test",
          "al.test",
          "c.al.test",
          "e.c.al.test",
          "a_b.test",
          "site.org",
          "v1.org",
          "z.org");

  private static final List<String> TARGETS_ASKED =
      List.of(
          "/",
          "/?q=/",
          "/x",
          "/x/",
          "/x?a=1",
          "/X/",
          "/x/y",
          "/x/Y/z/",
          "/xx",
          "/x/yy",
          "/one",
          "/z/x",
          "/abc/y",
          "/v1.0",
          "/v1x0/q",
          "/%C3%A9/q",
          "/healthz",
          "/healthzz",
          "/healthz/q",
          "/nginx_status",
          "/new",
          "/q");

  /** What only the policy NGINX takes, or takes in this way. */
  private static final List<String> ODD_HOSTS =
      List.of("A.Test:80", "b.test.", "_", "B.TEST", "q.test:", "$.test", "%.test");

  private static final List<String> ODD_TARGETS =
      List.of(
          "//x",
          "/x//y",
          "/./x/../x/",
          "/x%2Fy",
          "/%78",
          "/x/%25",
          "/x/a%20b",
          "/x/+%3F",
          "/é/",
          "/x/..",
          "/x/y?",
          "/x/%22%5E");

  @Property(tries = 2000)
  void strictDecidesAsTheNaiveModelDoes(@ForAll long seed) {
    compare(seed, PathPolicy.STRICT, HOSTS, TARGETS_ASKED);
  }

  @Property(tries = 2000)
  void nginxDecidesAsTheNaiveModelDoes(@ForAll long seed) {
    List<String> hosts = new ArrayList<>(HOSTS);
    hosts.addAll(ODD_HOSTS);
    List<String> targets = new ArrayList<>(TARGETS_ASKED);
    ODD_TARGETS.forEach(target -> targets.add(target.replace("é", "\u00C3\u00A9")));
    compare(seed, PathPolicy.NGINX, hosts, targets);
  }

  private static void compare(
      long seed, PathPolicy policy, List<String> hosts, List<String> targets) {
    Random random = new Random(seed);
    List<ManifestObject> objects = new ArrayList<>();
    List<Ingress> ingresses = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      ingresses.add(ingress("web-" + i, random));
    }
    objects.addAll(ingresses);
    Map<String, String> settings = settings(random);
    if (!settings.isEmpty()) {
      objects.add(
          new ConfigMap(
              ObjectMeta.of("ingress-nginx", "ingress-nginx-controller"),
              settings,
              Origin.NONE,
              Origin.NONE));
    }
    NaiveNginx naive = new NaiveNginx(ingresses, settings, policy == PathPolicy.STRICT);
    IngressRouter router =
        IngressRouter.builder()
            .dialect(Dialect.INGRESS_NGINX)
            .pathPolicy(policy)
            .manifests(ManifestSet.of(objects.toArray(ManifestObject[]::new)))
            .build();
    for (int i = 0; i < 60; i++) {
      String host = pick(hosts, random);
      String target = pick(targets, random);
      Decision decision =
          router.route(SimpleRequest.builder().hosts(List.of(host)).target(target).build());
      assertThat(words(decision))
          .as("%s %s of %s with %s", host, target, describe(ingresses), settings)
          .isEqualTo(naive.decide(host, target));
    }
  }

  private static String words(Decision decision) {
    if (decision instanceof Redirect redirect) {
      return redirect.status() + " to " + redirect.location();
    }
    if (decision instanceof Answer answer) {
      return String.valueOf(answer.status());
    }
    Forward forward = (Forward) decision;
    Route.Rule rule = forward.route().rule();
    return "forward to "
        + forward.backend()
        + " "
        + forward.target()
        + " by "
        + forward.route().ingress()
        + " "
        + (rule == null ? "" : rule.path());
  }

  private static Map<String, String> settings(Random random) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (random.nextInt(3) == 0) {
      settings.put(
          pick(
              List.of(
                  "force-ssl-redirect",
                  "preserve-trailing-slash",
                  "use-port-in-redirects",
                  "relative-redirects"),
              random),
          "true");
      switch (random.nextInt(3)) {
        case 0 -> settings.put("http-redirect-code", "301");
        case 1 -> settings.put("no-tls-redirect-locations", "/x");
        default -> settings.put("ssl-redirect", "false");
      }
    }
    return settings;
  }

  static Ingress ingress(String name, Random random) {
    List<IngressRule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      List<HttpIngressPath> paths = new ArrayList<>();
      for (int j = 1 + random.nextInt(4); j > 0; j--) {
        paths.add(
            new HttpIngressPath(
                pick(PATHS, random),
                pick(List.of(PathType.values()), random),
                random.nextInt(12) == 0
                    ? new IngressBackend.Resource(null, "Bucket", "b", Origin.NONE)
                    : IngressBackend.service("s-" + random.nextInt(5), 80),
                Origin.NONE));
      }
      rules.add(
          new IngressRule(
              pick(RULE_HOSTS, random), random.nextInt(15) == 0 ? null : paths, Origin.NONE));
    }
    IngressBackend fallback =
        rules.isEmpty() || random.nextInt(4) == 0
            ? IngressBackend.service("d-" + random.nextInt(3), 80)
            : null;
    List<IngressSpec.Tls> tls =
        random.nextInt(4) == 0
            ? List.of(new IngressSpec.Tls(List.of("a.test"), "secret", Origin.NONE))
            : List.of();
    IngressSpec spec = new IngressSpec(null, fallback, tls, rules, Origin.NONE);
    ObjectMeta metadata =
        ObjectMeta.of(random.nextInt(4) == 0 ? "other" : "default", name)
            .withCreationTimestamp(
                random.nextInt(3) > 0 ? Instant.ofEpochSecond(random.nextInt(3)) : null)
            .withAnnotations(annotations(random));
    return new Ingress(metadata, spec);
  }

  static Map<String, String> annotations(Random random) {
    Map<String, String> annotations = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(14)) {
        case 0 -> annotations.put(PREFIX + "use-regex", pick(List.of("true", "false"), random));
        case 1, 2 -> annotations.put(PREFIX + "rewrite-target", pick(TARGETS, random));
        case 3 -> annotations.put(PREFIX + "app-root", pick(List.of("/app", "/x"), random));
        case 4 -> annotations.put(PREFIX + "ssl-redirect", pick(List.of("true", "false"), random));
        case 5 -> annotations.put(PREFIX + "force-ssl-redirect", "true");
        case 6 -> annotations.put(PREFIX + "preserve-trailing-slash", "true");
        case 7 -> {
          annotations.put(
              PREFIX + "permanent-redirect", pick(List.of("https://z.org/p", "/p"), random));
          if (random.nextBoolean()) {
            annotations.put(PREFIX + "permanent-redirect-code", "308");
          }
        }
        case 8 -> annotations.put(PREFIX + "temporal-redirect", "https://z.org/t");
        case 9 -> annotations.put(PREFIX + "from-to-www-redirect", "true");
        case 10, 11 -> annotations.put(PREFIX + "server-alias", pick(ALIASES, random));
        case 12 -> annotations.put(PREFIX + "denylist-source-range", "nonsense");
        default -> annotations.put(PREFIX + "relative-redirects", "true");
      }
    }
    return annotations;
  }

  private static String describe(List<Ingress> ingresses) {
    StringBuilder out = new StringBuilder();
    for (Ingress ingress : ingresses) {
      out.append('\n').append(ingress.metadata().key());
      out.append(' ').append(ingress.metadata().creationTimestamp());
      out.append(' ').append(ingress.metadata().annotations());
      out.append(ingress.spec().tls().isEmpty() ? "" : " tls");
      out.append(" default ").append(ingress.spec().defaultBackend());
      for (IngressRule rule : ingress.spec().rules()) {
        out.append("\n  ").append(rule.host());
        if (rule.paths() != null) {
          rule.paths()
              .forEach(
                  path ->
                      out.append("\n    ")
                          .append(path.pathType())
                          .append(' ')
                          .append(path.path())
                          .append(" -> ")
                          .append(path.backend()));
        }
      }
    }
    return out.toString();
  }

  private static <T> T pick(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
