package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.decision.AskAuth;
import io.github.ingress4j.decision.CheckPassword;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Forward;
import io.github.ingress4j.decision.Step;
import io.github.ingress4j.dialect.Dialect;
import io.github.ingress4j.dialect.nginx.Annotation;
import io.github.ingress4j.dialect.nginx.Annotations;
import io.github.ingress4j.dialect.nginx.Setting;
import io.github.ingress4j.dialect.nginx.Settings;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.policy.SimpleRequest;
import io.github.ingress4j.routing.PathPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever stands in annotations and settings: translating never fails, and neither does deciding.
 * DESIGN: compiling is total.
 */
class NginxTotalityProperties {

  /** Annotations and settings that make others count. */
  private static final Map<String, String> GATES =
      Map.ofEntries(
          Map.entry("auth-type", "basic"),
          Map.entry("auth-secret", "users"),
          Map.entry("auth-url", "http://auth.test/"),
          Map.entry("enable-cors", "true"),
          Map.entry("limit-rps", "5"),
          Map.entry("affinity", "cookie"),
          Map.entry("mirror-target", "http://m.test"),
          Map.entry("use-regex", "true"),
          Map.entry("rewrite-target", "/$1"),
          Map.entry("auth-tls-secret", "default/ca"),
          Map.entry("proxy-ssl-secret", "default/ca"),
          Map.entry("custom-http-errors", "404"),
          Map.entry("default-backend", "web"),
          Map.entry("canary", "true"));

  private static final Map<String, String> SETTING_GATES =
      Map.of(
          "global-auth-url", "http://auth.test/",
          "global-auth-signin", "http://login.test/",
          "use-forwarded-headers", "true",
          "annotations-risk-level", "Critical",
          "add-headers", "default/map",
          "proxy-set-headers", "default/map",
          "custom-http-errors", "401,404,503");

  private static final List<String> NAMES =
      Annotations.ALL.stream().map(Annotation::name).sorted().toList();
  private static final List<String> KEYS =
      Settings.ALL.stream().map(Setting::key).sorted().toList();

  private static Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            " ",
            "\t",
            "\n",
            "\r",
            "\u0000",
            "\u007f",
            "€",
            "ü",
            "\"",
            "'",
            "\\",
            "$",
            "${",
            "}",
            "$host",
            "$http_x",
            "$1",
            "$nothing",
            "a",
            "A",
            "X-A",
            "_",
            "-",
            "-5",
            "0",
            "5",
            "404",
            "99999999999",
            "10.0.0.0/8",
            "::1",
            ",",
            ";",
            ":",
            "=",
            "?",
            "#",
            "&",
            "*",
            "~",
            "~*",
            "(",
            ")",
            "[",
            "/",
            "//",
            "..",
            "http://",
            "https://b.test",
            "off",
            "on",
            "any",
            "true",
            "basic",
            "digest",
            "auth-map",
            "default/map",
            "default/ca",
            "users",
            "GET",
            "G T",
            "Content-Length",
            "5m",
            "200 5m",
            "cookie",
            "error",
            "zurück€",
            "CN=a");
    return Arbitraries.oneOf(
        pieces,
        pieces.list().ofMinSize(1).ofMaxSize(6).map(list -> String.join("", list)),
        Arbitraries.strings().ofMaxLength(8).filter(NginxTotalityProperties::isText));
  }

  private static boolean isText(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c) || c >= 0xFFFE);
  }

  private static Arbitrary<Map<String, String>> entries(
      List<String> names, Map<String, String> gates) {
    Arbitrary<Map<String, String>> random =
        Arbitraries.maps(Arbitraries.of(names), texts()).ofMinSize(1).ofMaxSize(5);
    Arbitrary<Map<String, String>> open =
        Arbitraries.maps(Arbitraries.of(gates.keySet()), Arbitraries.just("")).ofMaxSize(6);
    return Combinators.combine(open, random)
        .as(
            (gated, values) -> {
              Map<String, String> all = new LinkedHashMap<>();
              gated.keySet().forEach(name -> all.put(name, gates.getOrDefault(name, "")));
              all.putAll(values);
              return all;
            });
  }

  @Provide
  Arbitrary<Map<String, String>> annotations() {
    return entries(NAMES, GATES);
  }

  @Provide
  Arbitrary<Map<String, String>> settings() {
    return entries(KEYS, SETTING_GATES);
  }

  @Provide
  Arbitrary<Map<String, String>> headers() {
    return Arbitraries.maps(
            Arbitraries.of("X-A", "x_b", "Content-Length", "Connection", "a.b", "-"), texts())
        .ofMaxSize(3);
  }

  private static String data(String indent, String prefix, Map<String, String> entries) {
    StringBuilder out = new StringBuilder();
    entries.forEach(
        (key, value) -> {
          out.append(indent).append(prefix).append(key).append(": \"");
          value.chars().forEach(c -> out.append("\\u%04x".formatted(c)));
          out.append("\"\n");
        });
    return out.toString();
  }

  private static IngressRouter router(
      Map<String, String> annotations,
      Map<String, String> settings,
      Map<String, String> headers,
      PathPolicy policy) {
    String map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata:\n%s";
    String text =
        new NginxInput()
                .ingress("main", "a.test /x web:80")
                .backend("web", "10.0.0.1")
                .secret("users", "auth: 'ann:{PLAIN}secret'", "ca.crt: 'none'")
                .text()
            + "---\n"
            + map.formatted(
                "ingress-nginx-controller", "ingress-nginx", data("  ", "", settings) + "  a: b\n")
            + "---\n"
            + map.formatted("map", "default", data("  ", "", headers) + "  X-Z: z\n")
            + "---\n"
            + """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: other
              namespace: default
              annotations:
                team: web
            %s
            spec:
              rules:
              - host: b.test
                http:
                  paths:
                  - path: /y(.*)
                    pathType: ImplementationSpecific
                    backend: {service: {name: web, port: {number: 80}}}
            """
                .formatted(data("    ", "nginx.ingress.kubernetes.io/", annotations));
    return IngressRouter.builder()
        .dialect(Dialect.INGRESS_NGINX)
        .pathPolicy(policy)
        .manifests(ManifestParser.create().parse("any.yaml", text))
        .random(new Random(7))
        .build();
  }

  /** Drives requests to their end, so that what is made late is made as well. */
  private static void drive(IngressRouter router) {
    assertThat(router.diagnostics()).doesNotContainNull();
    for (String url : List.of("http://b.test/y/z?q=1", "https://b.test/y", "http://a.test/x")) {
      SimpleRequest request =
          SimpleRequest.builder()
              .url(url)
              .header("Origin", "https://b.test")
              .header("Authorization", "Basic YW5uOnNlY3JldA==")
              .header("X-Forwarded-For", "1.2.3.4")
              .build();
      Exchange exchange = router.exchange(request);
      Step step = exchange.first();
      for (int steps = 0; steps < 9; steps++) {
        if (step instanceof AskAuth ask) {
          ask.eachHeader((name, value) -> assertThat(value).isNotNull());
          step =
              exchange.authenticated(
                  new Exchange.ReplyHead(
                      url.startsWith("https") ? 401 : 200, Map.of("X-A", List.of("a"))));
        } else if (step instanceof CheckPassword check) {
          step = exchange.passwordChecked(check.verify());
        } else if (step instanceof Forward forward) {
          forward.eachHeader((name, value) -> assertThat(value).isNotNull());
          step =
              exchange.replied(
                  forward,
                  new Exchange.ReplyHead(
                      404,
                      Map.of(
                          "Location",
                          List.of("http://b.test/y"),
                          "Set-Cookie",
                          List.of("a=1; Path=/; Domain=b.test"))));
        }
      }
      exchange.end();
    }
  }

  @Property(tries = 600)
  void noTextMakesTranslationFail(
      @ForAll("annotations") Map<String, String> annotations,
      @ForAll("settings") Map<String, String> settings,
      @ForAll("headers") Map<String, String> headers,
      @ForAll PathPolicy policy) {
    drive(router(annotations, settings, headers, policy));
  }

  /** Texts that builders somewhere refuse, in each annotation and each setting. */
  @Example
  void noBadTextOfOneMakesTranslationFail() {
    for (String text : List.of("", "G T", "zur\u00fcck\u20ac", "a\nb", "-5", "$nothing", "\"")) {
      for (String name : Stream.concat(NAMES.stream(), KEYS.stream()).toList()) {
        noTextOfOneMakesTranslationFail(text, name, PathPolicy.STRICT);
      }
    }
  }

  /** Each annotation and each setting on its own, with everything that makes it count. */
  @Property(tries = 600)
  void noTextOfOneMakesTranslationFail(
      @ForAll("texts") String text, @ForAll("names") String name, @ForAll PathPolicy policy) {
    Map<String, String> annotations = new LinkedHashMap<>(GATES);
    annotations.remove("canary");
    Map<String, String> settings = new LinkedHashMap<>(SETTING_GATES);
    settings.remove("annotations-risk-level");
    if (NAMES.contains(name)) {
      annotations.put(name, text);
    }
    if (KEYS.contains(name)) {
      settings.put(name, text);
      annotations.remove("auth-url");
    }
    drive(router(annotations, settings, Map.of("X-A", text), policy));
  }

  @Provide("texts")
  Arbitrary<String> anyTexts() {
    return texts();
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(Stream.concat(NAMES.stream(), KEYS.stream()).toList());
  }
}
