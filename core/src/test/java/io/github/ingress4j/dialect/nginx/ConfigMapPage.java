package io.github.ingress4j.dialect.nginx;

import static io.github.ingress4j.dialect.nginx.Markdown.code;
import static io.github.ingress4j.dialect.nginx.Markdown.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page {@code docs/configmap.md}, made from the declarations. */
final class ConfigMapPage {

  private static final String REST = "Other settings";

  /** Which settings are told together; what is in none of them comes last. */
  private static final Map<String, List<String>> CHAPTERS = new LinkedHashMap<>();

  static {
    chapter(
        "What annotations may do",
        "allow-snippet-annotations annotations-risk-level annotation-value-word-blocklist"
            + " allow-cross-namespace-resources strict-validate-path-type");
    chapter(
        "The client and its address",
        "use-forwarded-headers enable-real-ip forwarded-for-header compute-full-forwarded-for"
            + " proxy-real-ip-cidr use-proxy-protocol");
    chapter(
        "Request headers",
        "proxy-add-original-uri-header generate-request-id enable-underscores-in-headers"
            + " proxy-set-headers client-header-buffer-size large-client-header-buffers");
    chapter(
        "Response headers",
        "add-headers hide-headers allow-backend-server-header global-allowed-response-headers hsts"
            + " hsts-max-age hsts-include-subdomains hsts-preload");
    chapter(
        "Redirects",
        "ssl-redirect force-ssl-redirect http-redirect-code preserve-trailing-slash"
            + " use-port-in-redirects relative-redirects no-tls-redirect-locations");
    chapter(
        "Who may pass",
        "whitelist-source-range denylist-source-range block-cidrs block-user-agents block-referers"
            + " no-auth-locations enable-modsecurity enable-owasp-modsecurity-crs");
    chapter(
        "The global service that decides who may pass",
        "global-auth-url global-auth-method global-auth-signin global-auth-signin-redirect-param"
            + " global-auth-response-headers global-auth-request-redirect global-auth-cache-key"
            + " global-auth-cache-duration global-auth-always-set-cookie");
    chapter(
        "Limits",
        "limit-req-status-code limit-conn-status-code limit-conn-zone-variable limit-rate"
            + " limit-rate-after proxy-body-size");
    chapter(
        "Back ends",
        "load-balance service-upstream upstream-keepalive-connections proxy-connect-timeout"
            + " proxy-send-timeout proxy-read-timeout proxy-next-upstream proxy-next-upstream-tries"
            + " proxy-next-upstream-timeout retry-non-idempotent proxy-buffering"
            + " proxy-request-buffering client-body-buffer-size proxy-http-version");
    chapter("Error pages", "custom-http-errors disable-proxy-intercept-errors");
    chapter(
        "The server in front",
        "use-http2 use-gzip enable-brotli ssl-reject-handshake ssl-ciphers"
            + " ssl-prefer-server-ciphers enable-opentelemetry opentelemetry-trust-incoming-span"
            + " opentelemetry-operation-name");
    List<String> rest =
        Settings.ALL.stream()
            .map(Setting::key)
            .filter(key -> CHAPTERS.values().stream().noneMatch(keys -> keys.contains(key)))
            .toList();
    if (!rest.isEmpty()) {
      CHAPTERS.put(REST, rest);
    }
  }

  private final Markdown page = new Markdown("configmap.md");

  private ConfigMapPage() {}

  private static void chapter(String heading, String keys) {
    CHAPTERS.put(heading, List.of(keys.split(" ")));
  }

  static String text() {
    ConfigMapPage made = new ConfigMapPage();
    made.introduction();
    made.differences();
    made.contents();
    CHAPTERS.forEach(
        (heading, keys) -> {
          made.page.heading(2, heading);
          keys.forEach(key -> made.entry(setting(key)));
        });
    made.internal();
    return made.page.toString();
  }

  private static Setting<?> setting(String key) {
    return Objects.requireNonNull(Settings.byKey(key), key);
  }

  private void introduction() {
    page.heading(1, "The ConfigMap of ingress-nginx")
        .block(
            """
            What becomes here of each setting in the ConfigMap of ingress-nginx v1.15.1, in the dialect
            `ingress-nginx`. The ConfigMap is part of the input like every other object; `--config-map`
            says which one it is. Without it every setting has its default. What a single Ingress can
            say is on [the page of annotations](annotations.md).""")
        .block(
            """
            This page is made from the declarations that the program itself works with, and
            [a test](../CONTRIBUTING.md#generated-pages) holds it to them. Do not edit it.""")
        .heading(2, "Overview")
        .block(
            "There are "
                + Settings.ALL.size()
                + " settings with a meaning for requests, and "
                + InternalSettings.KEYS.size()
                + " [more](#settings-of-nginx-as-a-process) that are about nginx and the controller as"
                + " processes.")
        .table(
            List.of("Here", "Settings", "What it means"),
            List.of(
                statusRow(Effect.Status.ENFORCED, "it does what it does in the controller"),
                statusRow(
                    Effect.Status.APPROXIMATED,
                    "it does nearly that; the difference is stated, and "
                        + rules("setting-approximated")
                        + " reports it where the value given makes it"),
                statusRow(
                    Effect.Status.NO_EFFECT,
                    "it does nothing here, and "
                        + rules("setting-no-effect")
                        + " says so where it differs from its default"),
                statusRow(
                    Effect.Status.REFUSED,
                    "it asks for a protection that does not exist here, so every route that it covers"
                        + " is closed: it answers 503, and "
                        + rules("protection-unavailable")
                        + " reports it. `--ignore-protecting-annotations` opens them")))
        .heading(2, "How to read the entries")
        .block(
            """
            In a ConfigMap every value is a text, so numbers and booleans are quoted. A value that
            cannot be used leaves the default in force, and
            [setting-invalid](rules/setting-invalid.md) reports it. Two differ: a value of a setting
            that says who may pass (an address list, `block-cidrs`, `enable-modsecurity`,
            `global-auth-url` and its cache) closes the routes that it covers, and
            `annotations-risk-level` takes every unknown word for Low. *True or false* may also be written `1`, `t`, `T`,
            `TRUE`, `True`, and `0`, `f`, `F`, `FALSE`, `False`; an empty text is false, and 0 where a
            number is wanted. Keys that the controller does not know are reported as
            [setting-unknown](rules/setting-unknown.md). *Annotation* names what an Ingress can write
            to have it otherwise.""");
  }

  private static List<String> statusRow(Effect.Status status, String meaning) {
    long count =
        Settings.ALL.stream().filter(setting -> setting.effect().status() == status).count();
    return List.of("**" + status.word() + "**", String.valueOf(count), meaning);
  }

  private void differences() {
    page.heading(2, "What differs here");
    for (Effect.Status status :
        List.of(Effect.Status.REFUSED, Effect.Status.APPROXIMATED, Effect.Status.NO_EFFECT)) {
      List<List<String>> rows = new ArrayList<>();
      for (Setting<?> setting : Settings.ALL) {
        if (setting.effect().status() == status) {
          rows.add(
              List.of(
                  page.link(setting.key(), setting.page()),
                  page.prose(setting.purpose(), setting.key()),
                  page.prose(setting.effect().text(), setting.key())));
        }
      }
      if (!rows.isEmpty()) {
        String word = status.word();
        page.block("**" + Character.toUpperCase(word.charAt(0)) + word.substring(1) + "**")
            .table(
                List.of(
                    "Setting",
                    "In the controller",
                    status == Effect.Status.APPROXIMATED ? "Difference" : "Why, and what to do"),
                rows);
      }
    }
  }

  private void contents() {
    page.heading(2, "All settings")
        .table(
            List.of("About", "Settings"),
            CHAPTERS.entrySet().stream()
                .map(
                    chapter ->
                        List.of(
                            "["
                                + chapter.getKey()
                                + "](#"
                                + Markdown.anchors("# " + chapter.getKey()).get(0)
                                + ")",
                            chapter.getValue().stream()
                                .map(key -> page.link(key, setting(key).page()))
                                .collect(Collectors.joining(" · "))))
                .toList());
  }

  private void entry(Setting<?> setting) {
    String key = setting.key();
    Effect effect = setting.effect();
    String word = "**" + effect.status().word() + "**";
    String text = page.prose(effect.text(), key);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Here",
        switch (effect.status()) {
          case ENFORCED -> word + ", as in the controller";
          case REFUSED -> word + "; it closes the routes that it covers: " + text;
          case APPROXIMATED, NO_EFFECT -> word + ": " + text;
        });
    facts.put(
        "What to do",
        effect.status() == Effect.Status.REFUSED
            ? "protect these routes by something else and remove it; see "
                + rules("protection-unavailable")
            : "");
    facts.put("Values", page.prose(setting.allowed(), key));
    facts.put("Default", setting.defaultText().isEmpty() ? "none" : code(setting.defaultText()));
    facts.put(
        "Annotation",
        Annotations.overriding(setting).stream()
            .map(annotation -> page.link(annotation.name(), annotation.page()))
            .collect(Collectors.joining(", ")));
    page.heading(3, key).block(page.sentence(setting.purpose(), key)).facts(facts);
  }

  private void internal() {
    page.heading(2, "Settings of nginx as a process")
        .block(
            "They are about nginx and the controller as processes: their logs, buffers, workers,"
                + " sockets and modules, and raw configuration. None has an effect here, and "
                + rules("setting-no-effect")
                + " says so. Set what you need of them in the server that the filter runs in.")
        .block(
            InternalSettings.KEYS.stream()
                .sorted()
                .map(Markdown::code)
                .collect(Collectors.joining(" · ")));
  }
}
