package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ConfigMap as of ingress-nginx.md section 13. */
class ControllerSettingsTest {

  private static ControllerSettings read(String... lines) {
    return ControllerSettings.read(input(lines), null);
  }

  private static ManifestSet input(String... lines) {
    return ManifestParser.create()
        .parse(
            "map.yaml",
            "apiVersion: v1\nkind: ConfigMap\n"
                + "metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}\ndata:\n  "
                + String.join("\n  ", lines)
                + "\n");
  }

  /** The keys and defaults of section 13. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "allow-snippet-annotations | false",
        "annotations-risk-level | High",
        "annotation-value-word-blocklist | ''",
        "allow-cross-namespace-resources | false",
        "strict-validate-path-type | true",
        "use-forwarded-headers | false",
        "enable-real-ip | false",
        "forwarded-for-header | X-Forwarded-For",
        "compute-full-forwarded-for | false",
        "proxy-real-ip-cidr | 0.0.0.0/0",
        "use-proxy-protocol | false",
        "proxy-add-original-uri-header | false",
        "generate-request-id | true",
        "enable-underscores-in-headers | false",
        "proxy-set-headers | ''",
        "add-headers | ''",
        "hide-headers | ''",
        "allow-backend-server-header | false",
        "ssl-redirect | true",
        "force-ssl-redirect | false",
        "http-redirect-code | 308",
        "preserve-trailing-slash | false",
        "use-port-in-redirects | false",
        "relative-redirects | false",
        "no-tls-redirect-locations | /.well-known/acme-challenge",
        "no-auth-locations | /.well-known/acme-challenge",
        "hsts | true",
        "hsts-max-age | 31536000",
        "hsts-include-subdomains | true",
        "hsts-preload | false",
        "whitelist-source-range | ''",
        "denylist-source-range | ''",
        "block-cidrs | ''",
        "block-user-agents | ''",
        "block-referers | ''",
        "limit-req-status-code | 503",
        "limit-conn-status-code | 503",
        "limit-rate | 0",
        "limit-rate-after | 0",
        "load-balance | round_robin",
        "service-upstream | false",
        "proxy-connect-timeout | 5",
        "proxy-send-timeout | 60",
        "proxy-read-timeout | 60",
        "proxy-body-size | 1m",
        "proxy-next-upstream | error timeout",
        "proxy-next-upstream-tries | 3",
        "proxy-next-upstream-timeout | 0",
        "retry-non-idempotent | false",
        "proxy-buffering | off",
        "proxy-request-buffering | on",
        "proxy-http-version | 1.1",
        "custom-http-errors | ''",
        "disable-proxy-intercept-errors | false",
        "global-auth-url | ''",
        "global-auth-method | ''",
        "global-auth-signin | ''",
        "global-auth-signin-redirect-param | ''",
        "global-auth-response-headers | ''",
        "global-auth-request-redirect | ''",
        "global-auth-cache-key | ''",
        "global-auth-cache-duration | 200 202 401 5m",
        "global-auth-always-set-cookie | false",
        "global-allowed-response-headers | ''",
        "use-http2 | true",
        "upstream-keepalive-connections | 320",
        "use-gzip | false",
        "enable-brotli | false",
        "client-header-buffer-size | 1k",
        "large-client-header-buffers | 4 8k",
      })
  void hasTheDefaultsOfTheController(String key, String text) {
    Setting<?> setting = Objects.requireNonNull(Settings.byKey(key), key);
    assertThat(setting.defaultText()).isEqualTo(text);
    assertThat(setting.purpose()).isNotBlank().doesNotEndWith(".");
    assertThat(setting.allowed()).isNotBlank();
    assertThat(setting.type()).isNotBlank();
    assertThat(setting.page()).isEqualTo("configmap.md#" + key);
    assertThat(ControllerSettings.NONE.isGiven(setting)).isFalse();
  }

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "ssl-redirect | \"F\" | false",
        "ssl-redirect | \"\" | false",
        "ssl-redirect | \" false \" | false",
        "ssl-redirect | \"no\" | -",
        "limit-rate | \"0x10\" | 16",
        "limit-rate | \"010\" | 8",
        "upstream-keepalive-connections | \"-7\" | -7",
        "limit-rate | \"\" | 0",
        "limit-rate | \"7k\" | -",
        "limit-rate | \"--7\" | -",
        "http-redirect-code | \"302\" | 302",
        "http-redirect-code | \"303\" | -",
        "annotations-risk-level | CRITICAL | CRITICAL",
        "no-tls-redirect-locations | \"/a, /b,\" | [/a, /b]",
        "proxy-real-ip-cidr | \"10.0.0.0/8,, 1.2.3.4\" | [10.0.0.0/8, 1.2.3.4/32]",
        "proxy-real-ip-cidr | \"x\" | []",
        "custom-http-errors | \"300, 599\" | [300, 599]",
        "custom-http-errors | \"600\" | []",
        "proxy-buffering | \"on\" | true",
        "proxy-next-upstream | \"error  off\" | [error, off]",
        "load-balance | ewma | ewma",
        "load-balance | fastest | -",
      })
  void readsLeniently(String key, String text, String value) {
    ControllerSettings settings = read(key + ": " + text);
    Setting<?> setting = Objects.requireNonNull(Settings.byKey(key));

    if (value == null) {
      assertThat(settings.isGiven(setting)).isFalse();
      assertThat(settings.findings())
          .extracting(finding -> finding.rule().id())
          .containsExactly("setting-invalid");
    } else {
      assertThat(String.valueOf(settings.get(cast(setting)))).isEqualTo(value);
    }
  }

  @SuppressWarnings("unchecked") // Only read as an object.
  private static Setting<Object> cast(Setting<?> setting) {
    return (Setting<Object>) setting;
  }

  @Test
  void saysWhatCannotBeUsed() {
    assertThat(read("ssl-redirect: \"no\"").findings().get(0))
        .hasToString(
            "map.yaml:5:17: warning[setting-invalid]: the setting ssl-redirect is \"no\", which"
                + " cannot be used, so the default holds (ConfigMap"
                + " ingress-nginx/ingress-nginx-controller, data[ssl-redirect])");
  }

  /** Every other word is the lowest level there. */
  @Test
  void anUnknownRiskLevelIsLow() {
    ControllerSettings settings = read("annotations-risk-level: Extreme");

    assertThat(settings.get(Settings.ANNOTATIONS_RISK_LEVEL)).isEqualTo(Risk.LOW);
    assertThat(settings.findings().get(0).message())
        .isEqualTo(
            "the setting annotations-risk-level is \"Extreme\", which cannot be used, so the"
                + " controller takes it for Low");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "ssl-redirct      | info[setting-unknown]: the controller knows no setting \"ssl-redirct\" | did you mean `ssl-redirect`?",
        "entirely-made-up | info[setting-unknown]: the controller knows no setting \"entirely-made-up\" | -",
        "worker-processes | info[setting-no-effect]: the setting worker-processes has no effect here: it is about nginx itself | -",
        "use-gzip         | info[setting-no-effect]: the setting use-gzip has no effect here: let the server in front of the filter compress | -",
        "allow-snippet-annotations | info[setting-approximated]: the setting allow-snippet-annotations differs here: snippets are never run here; the routes of their Ingresses are closed | nothing to do, unless something relies on the difference",
      })
  void saysWhatDoesNothing(String key, String message, String help) {
    List<Diagnostic> findings = read(key + ": \"true\"").findings();

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).toString()).contains(message);
    assertThat(findings.get(0).help()).isEqualTo(help);
  }

  /** What differs is the default; whom to believe is said by another finding. */
  @Test
  void valuesThatDoNotDifferAreNoFindings() {
    assertThat(
            read(
                    "use-forwarded-headers: \"true\"",
                    "proxy-real-ip-cidr: 10.0.0.0/8",
                    "strict-validate-path-type: \"false\"")
                .findings())
        .isEmpty();
  }

  @Test
  void writtenDefaultsAreNoFindings() {
    assertThat(read("hsts: \"true\"", "proxy-body-size: 1m").findings()).isEmpty();
  }

  @Test
  void protectionsThatDoNotExistCloseRoutes() {
    ControllerSettings settings = read("enable-modsecurity: \"true\"");
    AnnotationReader reader = AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false);

    assertThat(settings.findings()).allMatch(Diagnostic::isError).hasSize(1);
    assertThat(settings.findings().get(0).message())
        .isEqualTo(
            "the setting enable-modsecurity asks for a protection that does not exist here, so the"
                + " routes it covers are closed and answer 503");
    assertThat(reader.read(Annotated.ingress(Map.of())).closed())
        .isEqualTo("not enforced: the setting enable-modsecurity");
    assertThat(reader.read(Annotated.ingress(Map.of("enable-modsecurity", "false"))).closed())
        .isNull();
    assertThat(reader.read(Annotated.ingress(Map.of("canary", "true"))).closed()).isNull();
    assertThat(
            AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, true)
                .read(Annotated.ingress(Map.of()))
                .closed())
        .isNull();
  }

  @Test
  void protectionsThatAreCarriedOutCloseNothing() {
    ControllerSettings settings =
        read("global-auth-url: https://auth.x/", "whitelist-source-range: 10.0.0.0/8");
    AnnotationReader reader = AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false);

    assertThat(settings.findings()).isEmpty();
    assertThat(reader.read(Annotated.ingress(Map.of())).closed()).isNull();
  }

  /** DESIGN decision 6: 503 where the controller would serve unprotected. */
  @Test
  void aListThatCannotBeReadClosesRoutes() {
    ControllerSettings settings = read("whitelist-source-range: 10.0.0.0/99");
    AnnotationReader reader = AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false);

    assertThat(settings.findings()).hasSize(1).allMatch(Diagnostic::isError);
    assertThat(settings.findings().get(0).message())
        .isEqualTo(
            "the setting whitelist-source-range is \"10.0.0.0/99\", which cannot be used, so the"
                + " routes it covers are closed and answer 503");
    assertThat(reader.read(Annotated.ingress(Map.of())).closed())
        .isEqualTo("not enforced: the setting whitelist-source-range");
    assertThat(
            reader.read(Annotated.ingress(Map.of("allowlist-source-range", "10.0.0.0/8"))).closed())
        .isNull();
  }

  /** Section 13: read leniently, item by item. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          custom-http-errors              | 404,abc,200,503       | [404, 503]           | abc 200
          proxy-real-ip-cidr              | 10.0.0.0/8,none       | [10.0.0.0/8]         | none
          proxy-real-ip-cidr              | none                  | []                   | none
          hide-headers                    | X-A,b c,X-B           | [X-A, X-B]           | b c
          global-auth-response-headers    | X-User,Content-Length | [X-User]             | Content-Length
          global-allowed-response-headers | X-A,x:y               | [X-A]                | x:y
          """)
  void onlyTheItemsOfAListThatCannotBeUsedAreLeftOut(
      String key, String text, String value, String leftOut) {
    ControllerSettings settings = read(key + ": \"" + text + "\"");

    assertThat(settings.get(Objects.requireNonNull(Settings.byKey(key)))).hasToString(value);
    for (String item :
        key.equals("hide-headers") ? List.of(leftOut) : List.of(leftOut.split(" "))) {
      assertThat(settings.findings())
          .extracting(Diagnostic::message)
          .contains(
              "the item \""
                  + item
                  + "\" of the setting "
                  + key
                  + " cannot be used, so it is left out");
    }
  }

  /** Section 12, global-auth: what the controller does not take, it forgets. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          proxy-next-upstream               | error http_503 maybe
          global-auth-method                | G T
          global-auth-method                | get
          global-auth-signin                | /login
          global-auth-signin-redirect-param | a\\nb
          global-auth-cache-duration        | soon
          forwarded-for-header              | X For
          hsts-max-age                      | 1y
          limit-req-status-code             | 200
          limit-conn-status-code            | 600
          """)
  void aTextThatCannotBeUsedLeavesTheDefault(String key, String text) {
    ControllerSettings settings = read(key + ": \"" + text + "\"");

    assertThat(settings.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo(NginxRules.SETTING_INVALID);
              assertThat(finding.message())
                  .matches(".* cannot be used, so (the default holds|it counts as absent)");
            });
    Setting<?> setting = Objects.requireNonNull(Settings.byKey(key));
    assertThat((Object) settings.get(setting)).isEqualTo(setting.defaultValue());
  }

  /** DESIGN decision 6: the controller would ask nobody. */
  @Test
  void aServiceForAllThatCannotBeAskedClosesRoutes() {
    ControllerSettings settings = read("global-auth-url: auth.x");
    AnnotationReader reader = AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false);

    assertThat(settings.findings()).hasSize(1).allMatch(Diagnostic::isError);
    assertThat(reader.read(Annotated.ingress(Map.of())).closed())
        .isEqualTo("not enforced: the setting global-auth-url");
    assertThat(reader.read(Annotated.ingress(Map.of("enable-global-auth", "true"))).closed())
        .isEqualTo("not enforced: the setting global-auth-url");
    assertThat(reader.read(Annotated.ingress(Map.of("enable-global-auth", "false"))).closed())
        .isNull();
    assertThat(reader.read(Annotated.ingress(Map.of("auth-url", "http://a.x/"))).closed()).isNull();
  }

  /** Hardening SEC-43: a snippet may be all that protects a route, as one in an annotation may. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"location-snippet", "server-snippet", "http-snippet"})
  void snippetsForAllCloseRoutes(String key) {
    ControllerSettings settings = read(key + ": deny all;");

    assertThat(settings.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.isError()).isTrue();
              assertThat(finding.rule()).isEqualTo(NginxRules.SETTING_SNIPPET);
              assertThat(finding.message())
                  .isEqualTo(
                      "the setting "
                          + key
                          + " holds configuration of nginx, which is never run here and may protect"
                          + " something, so the routes it covers are closed and answer 503");
            });
    assertThat(
            AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false)
                .read(Annotated.ingress(Map.of()))
                .closed())
        .isEqualTo("not enforced: the setting " + key);
    assertThat(read(key + ": \"\"").findings()).isEmpty();
  }

  /** Hardening SEC-43: it may be what refuses requests in the question of global-auth-url. */
  @Test
  void theSnippetOfTheQuestionForAllClosesWhatIsAskedAbout() {
    ControllerSettings settings =
        read("global-auth-url: http://a.x/check", "global-auth-snippet: deny all;");
    AnnotationReader reader = AnnotationReader.of(Annotations.DEFAULT_PREFIX, settings, false);

    assertThat(settings.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.isError()).isTrue();
              assertThat(finding.rule()).isEqualTo(NginxRules.SETTING_SNIPPET);
              assertThat(finding.message())
                  .endsWith("the routes that global-auth-url covers are closed and answer 503");
            });
    assertThat(reader.read(Annotated.ingress(Map.of())).closed())
        .isEqualTo("not enforced: the setting global-auth-url");
    assertThat(reader.read(Annotated.ingress(Map.of("auth-url", "http://b.x/"))).closed()).isNull();
    assertThat(reader.read(Annotated.ingress(Map.of("enable-global-auth", "false"))).closed())
        .isNull();
    assertThat(settings.closingEverywhere()).isEmpty();
  }

  @Test
  void theSnippetOfAQuestionThatIsNotAskedClosesNothing() {
    ControllerSettings settings = read("global-auth-snippet: deny all;");

    assertThat(settings.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.isError()).isFalse();
              assertThat(finding.message()).endsWith("has no effect without global-auth-url");
            });
    assertThat(settings.closing()).isEmpty();
  }

  @Test
  void theNamedMapIsRead() {
    ManifestSet input = input("ssl-redirect: \"false\"");

    assertThat(ControllerSettings.read(input, null).flag(Settings.SSL_REDIRECT)).isFalse();
    assertThat(
            ControllerSettings.read(input, ControllerSettings.DEFAULT_NAME)
                .flag(Settings.SSL_REDIRECT))
        .isFalse();
    ControllerSettings absent = ControllerSettings.read(input, "a/b");
    assertThat(absent.flag(Settings.SSL_REDIRECT)).isTrue();
    assertThat(absent.findings().get(0).message())
        .isEqualTo("there is no ConfigMap \"a/b\" in the input");
    assertThat(ControllerSettings.read(ManifestSet.of(), null)).isSameAs(ControllerSettings.NONE);
  }

  @Test
  void keysAreDeclaredOnce() {
    Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    Settings.ALL.forEach(setting -> byKey.put(setting.key(), setting));
    assertThat(byKey).hasSize(Settings.ALL.size());
    assertThat(InternalSettings.KEYS).doesNotContainAnyElementsOf(byKey.keySet());
    assertThat(Settings.byKey("made-up")).isNull();
  }
}
