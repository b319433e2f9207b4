package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading as of ingress-nginx.md section 2.5, and what is said about it. */
class AnnotationReaderTest {

  private static final String PREFIX = Annotations.DEFAULT_PREFIX;

  private static ControllerSettings settings(String key, String value) {
    return settings(Map.of(key, value));
  }

  private static ControllerSettings settings(Map<String, String> data) {
    return ControllerSettings.of(
        new ConfigMap(
            ObjectMeta.of("ingress-nginx", "ingress-nginx-controller"),
            data,
            Origin.NONE,
            Origin.NONE));
  }

  private static AnnotationValues read(ControllerSettings settings, String name, String value) {
    return AnnotationReader.read(Annotated.ingress(Map.of(name, value)), PREFIX, settings);
  }

  private static Diagnostic only(AnnotationValues values) {
    assertThat(values.findings()).hasSize(1);
    return values.findings().get(0);
  }

  @Test
  void saysWhatDropsAnIngressAndWhere() {
    AnnotationValues values =
        AnnotationReader.read(
            Annotated.parsed("permanent-redirect: https://x$request_uri"),
            PREFIX,
            ControllerSettings.NONE);

    Diagnostic finding = only(values);
    assertThat(values.isDropped()).isTrue();
    assertThat(finding)
        .hasToString(
            "web.yaml:6:53: error[annotation-drops-ingress]: the annotation"
                + " nginx.ingress.kubernetes.io/permanent-redirect is \"https://x$request_uri\","
                + " which is not allowed, so the Ingress is dropped"
                + " (Ingress default/web, metadata.annotations)");
    assertThat(only(Annotated.read("permanent-redirect", "https://x#y!")).help())
        .isEqualTo(
            "allowed: letters, digits, -, ., _, ~, /, :, ,, ?, & and =, but not \"#\" or \"!\"");
  }

  @Test
  void saysWhatDeniesTheRoutes() {
    AnnotationValues values = Annotated.read("allowlist-source-range", "10.0.0.0/33");

    assertThat(values.denied())
        .isEqualTo("allowlist-source-range is \"10.0.0.0/33\", which is not allowed");
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/allowlist-source-range is"
                + " \"10.0.0.0/33\", which is not allowed, so the routes of the Ingress answer 503");
    assertThat(only(values).isError()).isTrue();
  }

  @Test
  void saysWhatIsNotUsed() {
    AnnotationValues values = Annotated.read("rewrite-target", "/$2?x=1");

    assertThat(values.get(RewriteAnnotations.REWRITE_TARGET)).isNull();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/rewrite-target is \"/$2?x=1\", which is not"
                + " allowed, so it counts as absent");
    assertThat(only(values).severity()).isEqualTo(Severity.WARNING);
  }

  /** Section 2.5: a blank around a rewrite-target is invalid; the check sees the untrimmed text. */
  @Test
  void checksTheTextBeforeItIsTrimmed() {
    assertThat(Annotated.read("rewrite-target", " /x").isGiven(RewriteAnnotations.REWRITE_TARGET))
        .isFalse();
    assertThat(Annotated.read("upstream-vhost", " a.b ").text(UpstreamAnnotations.UPSTREAM_VHOST))
        .isEqualTo("a.b");
    assertThat(Annotated.read("use-regex", " true").flag(RewriteAnnotations.USE_REGEX)).isFalse();
  }

  /** Section 2.5: booleans accept exactly the literals of Go. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "1, true", "t, true", "T, true", "TRUE, true", "true, true", "True, true",
    "0, false", "f, false", "F, false", "FALSE, false", "false, false", "False, false",
    "yes, ", "on, ", "tRUE, ", "y, ",
  })
  void booleansAreTwelveLiterals(String text, Boolean value) {
    assertThat(Annotated.read("use-regex", text).given(RewriteAnnotations.USE_REGEX))
        .isEqualTo(value);
  }

  /** Section 2.5: permanent-redirect: "" voids the whole group, from-to-www included. */
  @Test
  void anEmptyRedirectVoidsItsGroup() {
    AnnotationValues values =
        Annotated.read(Map.of("permanent-redirect", "", "from-to-www-redirect", "true"));

    assertThat(values.flag(RedirectAnnotations.FROM_TO_WWW_REDIRECT)).isFalse();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/permanent-redirect has no value, so the"
                + " annotations of its group count as absent: from-to-www-redirect");
  }

  /** Section 9.2: a relative temporal value voids the group. */
  @Test
  void aRelativeTemporalRedirectVoidsItsGroup() {
    AnnotationValues values =
        Annotated.read(Map.of("temporal-redirect", "/x", "from-to-www-redirect", "true"));

    assertThat(values.isGiven(RedirectAnnotations.TEMPORAL_REDIRECT)).isFalse();
    assertThat(values.flag(RedirectAnnotations.FROM_TO_WWW_REDIRECT)).isFalse();
    assertThat(only(values).message())
        .endsWith(
            "/temporal-redirect is \"/x\", which is no http or https URL, so the annotations of its"
                + " group count as absent: from-to-www-redirect");
  }

  /** Section 9.2: temporal first, then permanent; the other is ignored, faults and all. */
  @Test
  void aTemporalRedirectHidesThePermanentOne() {
    AnnotationValues values =
        Annotated.read(
            Map.of(
                "temporal-redirect", "https://a",
                "permanent-redirect", "$x",
                "permanent-redirect-code", "x"));

    assertThat(values.isDropped()).isFalse();
    assertThat(values.text(RedirectAnnotations.TEMPORAL_REDIRECT)).isEqualTo("https://a");
    assertThat(values.isGiven(RedirectAnnotations.PERMANENT_REDIRECT)).isFalse();
    assertThat(values.findings())
        .extracting(Diagnostic::message)
        .containsExactly(
            "the annotation nginx.ingress.kubernetes.io/permanent-redirect does nothing beside"
                + " temporal-redirect",
            "the annotation nginx.ingress.kubernetes.io/permanent-redirect-code does nothing"
                + " beside temporal-redirect");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "permanent-redirect-code, 299, 301",
    "permanent-redirect-code, 308, 308",
    "permanent-redirect-code, 309, 301",
  })
  void redirectCodesOutOfRangeAreTheDefault(String name, String text, int code) {
    assertThat(Annotated.read(name, text).number(RedirectAnnotations.PERMANENT_REDIRECT_CODE))
        .isEqualTo(code);
  }

  /** Section 2.5: service-upstream: x is false even if the ConfigMap says true. */
  @Test
  void aFaultyServiceUpstreamIsFalse() {
    ControllerSettings settings = settings("service-upstream", "true");

    assertThat(read(settings, "use-regex", "true").flag(UpstreamAnnotations.SERVICE_UPSTREAM))
        .isTrue();
    assertThat(read(settings, "service-upstream", "x").flag(UpstreamAnnotations.SERVICE_UPSTREAM))
        .isFalse();
  }

  @Test
  void settingsStandInForWhatIsNotWritten() {
    AnnotationValues values = read(settings("ssl-redirect", "false"), "use-regex", "true");

    assertThat(values.flag(RewriteAnnotations.SSL_REDIRECT)).isFalse();
    assertThat(Annotated.read(Map.of()).flag(RewriteAnnotations.SSL_REDIRECT)).isTrue();
    assertThat(values.text(UpstreamAnnotations.LOAD_BALANCE)).isEqualTo("round_robin");
    assertThat(values.settings().flag(Settings.SSL_REDIRECT)).isFalse();
  }

  /**
   * Section 2.5: an empty alias is as if absent, an empty allowlist-source-range denies. Hardening
   * SEC-43: what the controller forgets closes the routes.
   */
  @Test
  void anAliasStandsInForAnEmptyValue() {
    AnnotationValues blank = Annotated.read("whitelist-source-range", "");
    assertThat(blank.denied()).isNull();
    assertThat(blank.closed()).isEqualTo("a faulty value: allowlist-source-range");
    assertThat(only(blank).isError()).isTrue();
    assertThat(only(blank).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/whitelist-source-range has no value and"
                + " counts as absent; it asks for a protection, which the controller forgets, so"
                + " its routes are closed here and answer 503");
    AnnotationValues beside =
        Annotated.read(
            Map.of("whitelist-source-range", "", "allowlist-source-range", "10.0.0.0/8"));
    assertThat(beside.closed()).isNull();
    assertThat(beside.given(AccessAnnotations.ALLOWLIST_SOURCE_RANGE)).hasToString("[10.0.0.0/8]");
    assertThat(only(beside).isError()).isFalse();
    assertThat(Annotated.read("allowlist-source-range", "").denied())
        .isEqualTo("allowlist-source-range has no value");

    Map<String, String> both = new LinkedHashMap<>();
    both.put("whitelist-source-range", "10.0.0.0/8");
    both.put("allowlist-source-range", "");
    assertThat(Annotated.read(both).given(AccessAnnotations.ALLOWLIST_SOURCE_RANGE))
        .hasToString("[10.0.0.0/8]");
    both.put("allowlist-source-range", "11.0.0.0/8");
    assertThat(Annotated.read(both).given(AccessAnnotations.ALLOWLIST_SOURCE_RANGE))
        .hasToString("[11.0.0.0/8]");
  }

  /** Section 6, notes: without the secret the group is not even read. */
  @Test
  void annotationsThatNeedAnotherAreNotReadWithoutIt() {
    AnnotationValues values = Annotated.read("auth-realm", "\"x\"");

    assertThat(values.isDropped()).isFalse();
    assertThat(only(values))
        .hasToString(
            "warning[annotation-idle]: the annotation nginx.ingress.kubernetes.io/auth-realm does"
                + " nothing without auth-type (Ingress default/web, metadata.annotations)");
    assertThat(Annotated.read("session-cookie-name", "a;").findings())
        .extracting(Diagnostic::message)
        .containsExactly(
            "the annotation nginx.ingress.kubernetes.io/session-cookie-name does nothing without"
                + " affinity: cookie");
  }

  /** Whoever wrote these wants something: what is missing comes first, what to remove last. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "auth-secret | users | error | add auth-type: basic, without which nobody is asked for a password; or remove it",
        "auth-realm | x | warning | add auth-type: basic, without which nobody is asked for a password; or remove it",
        "auth-signin | https://a.shop | warning | add auth-url, without which nothing is protected; or remove it",
        "cors-max-age | 5 | warning | add enable-cors: \"true\", or remove it",
        "session-cookie-name | a | warning | add affinity: cookie, or remove it",
      })
  void saysFirstWhatIsMissing(String name, String value, String severity, String help) {
    Diagnostic finding = only(Annotated.read(name, value));

    assertThat(finding.rule()).isEqualTo(NginxRules.ANNOTATION_IDLE);
    assertThat(finding.severity().word()).isEqualTo(severity);
    assertThat(finding.help()).isEqualTo(help);
  }

  @Test
  void ofTwoRedirectsEitherCanGo() {
    Map<String, String> both = new LinkedHashMap<>();
    both.put("temporal-redirect", "https://a.shop");
    both.put("permanent-redirect", "https://b.shop");

    assertThat(only(Annotated.read(both)).help()).isEqualTo("remove it, or temporal-redirect");
  }

  /** That the other one is at fault has been said, and nothing is missing then. */
  @Test
  void annotationsBesideAFaultyOneAreNotIdle() {
    assertThat(Annotated.read(Map.of("affinity", "cookies", "session-cookie-name", "a")).findings())
        .extracting(Diagnostic::rule)
        .containsExactly(NginxRules.ANNOTATION_DEFAULTED);
    assertThat(Annotated.read(Map.of("auth-type", "Basic", "auth-secret", "users")).findings())
        .extracting(Diagnostic::rule)
        .containsExactly(NginxRules.ANNOTATION_DROPS_INGRESS);
    assertThat(Annotated.read(Map.of("enable-cors", "false", "cors-max-age", "5")).findings())
        .extracting(Diagnostic::rule)
        .containsExactly(NginxRules.ANNOTATION_IDLE);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "limit-req-status-code | limit-req-status-code is a setting, not an annotation | write limit-req-status-code into the ConfigMap of the controller, for all Ingresses",
        "client-max-body-size | the controller knows no annotation of this name | write proxy-body-size",
        "session-cookie-httponly | the controller knows no annotation of this name | remove it: the cookie always is HttpOnly",
      })
  void knowsNamesThatBelongElsewhere(String name, String reason, String help) {
    Diagnostic finding = only(Annotated.read(name, "x"));

    assertThat(finding.rule()).isEqualTo(NginxRules.ANNOTATION_UNKNOWN);
    assertThat(finding.message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/" + name + " does nothing: " + reason);
    assertThat(finding.help()).isEqualTo(help);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "nginx.ingress.kubernets.io/rewrite-target,    true",
    "ngnix.ingress.kubernetes.io/anything,         true",
    "nginx.ingress.kubernetes.com/rewrite-target,  true",
    "ingress.kubernetes.io/rewrite-target,         true",
    "ingress.kubernetes.io/anything,               false",
    "alb.ingress.kubernetes.io/auth-type,          false",
    "nginx.org/rewrites,                           false",
    "rewrite-target,                               false",
  })
  void seesSlipsInThePrefix(String key, boolean isFound) {
    AnnotationReader reader =
        AnnotationReader.of(Annotations.DEFAULT_PREFIX, ControllerSettings.NONE, false);
    List<Diagnostic> findings = reader.read(withKeys(Map.of(key, "/"))).findings();

    assertThat(findings).hasSize(isFound ? 1 : 0);
    if (isFound) {
      String right = "nginx.ingress.kubernetes.io/" + key.substring(key.indexOf('/') + 1);
      assertThat(findings.get(0).toString())
          .startsWith(
              "warning[annotation-prefix]: \""
                  + key
                  + "\" is not read, because the prefix is \"nginx.ingress.kubernetes.io/\"");
      assertThat(findings.get(0).help()).isEqualTo("write \"" + right + "\"");
      // With the right one beside it, the oldest one is for another controller.
      boolean isOldest = key.startsWith("ingress");
      assertThat(reader.read(withKeys(Map.of(key, "/", right, "/"))).findings().stream())
          .filteredOn(finding -> finding.rule().equals(NginxRules.ANNOTATION_PREFIX))
          .hasSize(isOldest ? 0 : 1);
    }
  }

  private static Ingress withKeys(Map<String, String> annotations) {
    Ingress ingress = Annotated.ingress(Map.of());
    return new Ingress(ingress.metadata().withAnnotations(annotations), ingress.spec());
  }

  /** Only where the value, or another one, makes it differ. */
  @Test
  void reportsAnApproximationOnlyWhereItDiffers() {
    assertThat(Annotated.read("backend-protocol", "HTTPS").findings()).isEmpty();
    assertThat(Annotated.read("backend-protocol", "AUTO_HTTP").findings()).isEmpty();
    assertThat(Annotated.read("backend-protocol", "GRPC").findings()).isEmpty();
    assertThat(Annotated.read("backend-protocol", "GRPCS").findings()).isEmpty();
    assertThat(only(Annotated.read("backend-protocol", "FCGI")).rule())
        .isEqualTo(NginxRules.ANNOTATION_APPROXIMATED);
    assertThat(only(Annotated.read("backend-protocol", "FCGI")).help())
        .isEqualTo("nothing to do, unless something relies on the difference");
  }

  @Test
  void saysHowToMakeACanaryOfAStrayRule() {
    assertThat(only(Annotated.read("canary-weight", "10")).help())
        .isEqualTo(
            "add the annotation nginx.ingress.kubernetes.io/canary: \"true\", or remove this one");
  }

  /** Section 6, notes: these do nothing, but their faults count. */
  @Test
  void annotationsThatAreIdleWithoutAnotherAreRead() {
    assertThat(Annotated.read("upstream-hash-by-subset", "x").isDropped()).isTrue();
    assertThat(only(Annotated.read("upstream-hash-by-subset", "true")).message())
        .endsWith("/upstream-hash-by-subset does nothing without upstream-hash-by");
    assertThat(Annotated.read("limit-allowlist", "1.2.3.4").findings())
        .extracting(finding -> finding.rule().id())
        .contains("annotation-idle");
  }

  @Test
  void passwordsNeedTheirSecret() {
    AnnotationValues values = Annotated.read("auth-type", "basic");

    assertThat(values.denied()).isEqualTo("there is no auth-secret");
    assertThat(values.findings())
        .extracting(Diagnostic::message)
        .contains(
            "the annotation nginx.ingress.kubernetes.io/auth-type needs auth-secret, so the routes"
                + " of the Ingress answer 503");
  }

  /** Section 8.6: canary rules without canary: true; the object is an ordinary Ingress. */
  @Test
  void strayRulesOfACanaryDoNothing() {
    AnnotationValues values = Annotated.read("canary-weight", "50");

    assertThat(values.isGiven(CanaryAnnotations.WEIGHT)).isFalse();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/canary-weight is a rule of a canary, and"
                + " the Ingress is none, so it counts as an ordinary Ingress");
    assertThat(Annotated.read("canary-weight", "0").findings()).isEmpty();
    assertThat(Annotated.read("canary-by-cookie", "x").findings()).hasSize(1);
  }

  /** Section 8.6: all its other annotations are ignored. */
  @Test
  void mostAnnotationsDoNothingOnACanary() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("canary", "true");
    annotations.put("auth-url", "https://auth.x/");
    annotations.put("upstream-hash-by", "$host");
    annotations.put("affinity-canary-behavior", "legacy");
    AnnotationValues values = Annotated.read(annotations);

    assertThat(values.closed()).isNull();
    assertThat(only(values).message())
        .isEqualTo("the annotation nginx.ingress.kubernetes.io/auth-url does nothing on a canary");
  }

  @Test
  void missingProtectionsCloseTheRoutes() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("enable-modsecurity", "true");
    AnnotationValues values = Annotated.read(annotations);

    assertThat(values.closed()).isEqualTo("not enforced: enable-modsecurity");
    assertThat(values.findings())
        .extracting(Diagnostic::message)
        .containsExactly(
            "the annotation nginx.ingress.kubernetes.io/enable-modsecurity asks for a protection"
                + " that does not exist here (there is no firewall here; use one in front of the"
                + " application), so the routes of the Ingress are closed and answer 503");
    assertThat(values.findings()).allMatch(Diagnostic::isError);
    assertThat(Annotated.read("enable-modsecurity", "false").closed()).isNull();
    assertThat(Annotated.read("enable-modsecurity", "false").findings()).isEmpty();
  }

  @Test
  void anUnusableReferenceForbidsTheHostAndDeniesNothing() {
    AnnotationValues values = Annotated.read("auth-tls-secret", "ca");

    assertThat(values.forbidden())
        .isEqualTo("auth-tls-secret is \"ca\", which is not of the form namespace/name");
    assertThat(values.denied()).isNull();
    assertThat(Annotated.read("auth-tls-secret", "default/ca").forbidden()).isNull();
  }

  @Test
  void protectionsThatAreCarriedOutCloseNothing() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("auth-url", "https://auth.x/");
    annotations.put("auth-type", "basic");
    annotations.put("auth-secret", "users");
    annotations.put("allowlist-source-range", "10.0.0.0/8");
    annotations.put("denylist-source-range", "10.1.0.0/16");
    annotations.put("limit-rps", "5");
    annotations.put("limit-rpm", "50");
    annotations.put("limit-connections", "2");
    AnnotationValues values = Annotated.read(annotations);

    assertThat(values.closed()).isNull();
    assertThat(values.denied()).isNull();
    assertThat(values.findings()).isEmpty();
  }

  @Test
  void routesStayOpenWhenToldSo() {
    AnnotationValues values =
        AnnotationReader.of(PREFIX, ControllerSettings.NONE, true)
            .read(Annotated.ingress(Map.of("enable-modsecurity", "true")));

    assertThat(values.closed()).isNull();
    assertThat(only(values).message())
        .endsWith(", so the routes of the Ingress are open without it");
    assertThat(only(values).isError()).isTrue();
  }

  /** DESIGN decision 6: 503 is added where the controller would serve unprotected. */
  @Test
  void aProtectionThatTheControllerForgetsClosesTheRoutes() {
    AnnotationValues firewall = Annotated.read("enable-modsecurity", "yes");
    assertThat(firewall.closed()).isEqualTo("a faulty value: enable-modsecurity");
    assertThat(only(firewall).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/enable-modsecurity is \"yes\", which is not"
                + " allowed, so the default holds: false; it asks for a protection, which the controller"
                + " forgets, so its routes are closed here and answer 503");
    assertThat(only(firewall).isError()).isTrue();

    Map<String, String> external = new LinkedHashMap<>();
    external.put("auth-url", "https://auth.x/");
    external.put("auth-always-set-cookie", "yes");
    AnnotationValues values = Annotated.read(external);
    assertThat(values.isGiven(ExternalAuthAnnotations.AUTH_URL)).isFalse();
    assertThat(values.closed()).isEqualTo("a faulty value: auth-always-set-cookie");
  }

  /**
   * DESIGN decision 6, hardening SEC-43: an empty value, as a template leaves it behind, asks for a
   * protection that the controller forgets. Section 2.5 calls the alias of a list absent.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "auth-url",
    "auth-type",
    "auth-tls-secret",
    "limit-rps",
    "limit-rpm",
    "limit-connections",
    "enable-modsecurity",
    "enable-owasp-core-rules",
  })
  void aProtectionWithoutAValueClosesTheRoutes(String name) {
    for (String text : List.of("", name.matches("limit-.*|enable-.*|auth-type") ? "" : "  ")) {
      AnnotationValues values = Annotated.read(name, text);

      // Certificates are asked for by the whole host.
      boolean isOfHost = name.equals("auth-tls-secret");
      String reason = "a faulty value: " + name;
      assertThat(values.closed()).isEqualTo(isOfHost ? null : reason);
      assertThat(values.hostsClosed()).isEqualTo(isOfHost ? reason : null);
      assertThat(only(values).isError()).isTrue();
      assertThat(only(values).message())
          .isEqualTo(
              "the annotation nginx.ingress.kubernetes.io/"
                  + name
                  + " has no value and counts as absent; it asks for a protection, which the"
                  + " controller forgets, so its "
                  + (isOfHost ? "hosts" : "routes")
                  + " are closed here and answer 503");
    }
    AnnotationValues ignored =
        AnnotationReader.of(PREFIX, ControllerSettings.NONE, true)
            .read(Annotated.ingress(Map.of(name, "")));
    assertThat(ignored.closed()).isNull();
    assertThat(ignored.hostsClosed()).isNull();
    assertThat(only(ignored).isError()).isTrue();
  }

  /** Section 12: the controller has no limit below 1, and 0 says so. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"limit-rps", "limit-rpm", "limit-connections"})
  void aLimitBelowZeroIsNoLimitAndAnError(String name) {
    AnnotationValues values = Annotated.read(name, "-5");

    assertThat(values.closed()).isNull();
    assertThat(only(values).isError()).isTrue();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/"
                + name
                + " is \"-5\", which is below 0, so the default holds: 0");
    assertThat(Annotated.read(name, "0").findings()).isEmpty();
  }

  /** Section 2.5: an Ingress that uses a riskier annotation is dropped, whatever it calls it. */
  @Test
  void anAliasIsAsRiskyAsItsName() {
    AnnotationValues values =
        read(settings("annotations-risk-level", "Low"), "whitelist-source-range", "10.0.0.0/8");

    assertThat(values.isDropped()).isTrue();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/whitelist-source-range is of the risk"
                + " Medium, and Low is allowed, so the Ingress is dropped");
  }

  /** Section 2.5: risk levels; only snippets are Critical. */
  @Test
  void riskyAnnotationsDropTheIngress() {
    AnnotationValues values =
        read(settings("annotations-risk-level", "Medium"), "server-alias", "b.x");

    assertThat(values.isDropped()).isTrue();
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/server-alias is of the risk High, and Medium"
                + " is allowed, so the Ingress is dropped");
    assertThat(Annotated.read("server-alias", "b.x").isDropped()).isFalse();
  }

  @ParameterizedTest(name = "{0} under {1}, allowed: {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "configuration-snippet, High, true, true, -",
        "configuration-snippet, Critical, false, false, -",
        "configuration-snippet, Critical, true, false, not run: configuration-snippet",
        "stream-snippet, Critical, true, false, -",
        "auth-snippet, High, false, true, -",
      })
  void snippetsAreNeverRun(
      String name, String level, boolean isAllowed, boolean isDropped, String closed) {
    AnnotationValues values =
        read(
            settings(
                Map.of(
                    "annotations-risk-level",
                    level,
                    "allow-snippet-annotations",
                    String.valueOf(isAllowed))),
            name,
            "return 403;");

    assertThat(values.isDropped()).isEqualTo(isDropped);
    assertThat(values.closed()).isEqualTo(closed);
    assertThat(only(values).rule()).isEqualTo(NginxRules.ANNOTATION_SNIPPET);
  }

  /** Section 2.5: items are not trimmed; an empty item drops every Ingress with annotations. */
  @ParameterizedTest(name = "\"{0}\" with {1}: {2}")
  @CsvSource({
    "'lua', set_by_lua, true",
    "'load_module, lua', lua, false",
    "'load_module, lua', a lua, true",
    "'a,', x, true",
    "'', x, false",
  })
  void blockedWordsDropTheIngress(String words, String value, boolean isDropped) {
    assertThat(
            read(settings("annotation-value-word-blocklist", words), "made-up", value).isDropped())
        .isEqualTo(isDropped);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "rewrite-targt    | annotation-unknown | did you mean `rewrite-target`?",
        "proxy-bodysize   | annotation-unknown | did you mean `proxy-body-size`?",
        "made-up-entirely | annotation-unknown | remove the annotation",
        "secure-backends  | annotation-removed | write backend-protocol: HTTPS",
        "session-cookie-hash | annotation-removed | remove it: the hash is always the same",
        "global-rate-limit | annotation-removed | write limit-rps or limit-rpm, which count in every proxy by itself",
      })
  void unknownNamesAreReported(String name, String rule, String help) {
    AnnotationValues values = Annotated.read(name, "x");

    assertThat(only(values).rule().id()).isEqualTo(rule);
    assertThat(only(values).help()).isEqualTo(help);
    assertThat(only(values).message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/"
                + name
                + (rule.equals("annotation-removed")
                    ? " was removed from the controller and does nothing"
                    : " does nothing: the controller knows no annotation of this name"));
  }

  /** Section 2.5: with another prefix the default one is not read. */
  @Test
  void onlyOnePrefixIsRead() {
    AnnotationValues values =
        AnnotationReader.read(
            Annotated.ingress(Map.of("use-regex", "true")), "a.b", ControllerSettings.NONE);

    assertThat(values.flag(RewriteAnnotations.USE_REGEX)).isFalse();
    assertThat(only(values).message())
        .isEqualTo(
            "\"nginx.ingress.kubernetes.io/use-regex\" is not read, because the prefix is"
                + " \"a.b/\"");
    assertThat(only(values).help()).isEqualTo("write \"a.b/use-regex\"");
    Ingress other =
        new Ingress(
            ObjectMeta.of("default", "web")
                .withAnnotations(Map.of("a.b/use-regex", "true", "c.d/e", "x")),
            Annotated.ingress(Map.of()).spec());
    assertThat(
            AnnotationReader.read(other, "a.b", ControllerSettings.NONE)
                .flag(RewriteAnnotations.USE_REGEX))
        .isTrue();
  }

  @Test
  void whatDoesNothingHereIsSaid() {
    Diagnostic buffers = only(Annotated.read("proxy-buffer-size", "8k"));
    assertThat(buffers.message())
        .isEqualTo(
            "the annotation nginx.ingress.kubernetes.io/proxy-buffer-size has no effect here: it"
                + " sizes buffers of nginx; set those of the server that the filter runs in");
    assertThat(buffers.severity()).isEqualTo(Severity.INFO);
    Diagnostic timeout = only(Annotated.read("ssl-passthrough", "true"));
    assertThat(timeout.severity()).isEqualTo(Severity.WARNING);
    assertThat(timeout.rule()).isEqualTo(NginxRules.ANNOTATION_NO_EFFECT);
  }

  /** Section 11, step 1. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "https://a.b, *          | [*]",
        "https://a.b,,ftp        | [https://a.b]",
        "https://a.b , http://*.c:8 | [https://a.b, http://*.c:8]",
        "a.b                     | []",
        "https://a/b             | [*]",
      })
  void originsThatAreNoneAreLeftOut(String text, String origins) {
    AnnotationValues values =
        Annotated.read(Map.of("enable-cors", "true", "cors-allow-origin", text));
    assertThat(values.get(CorsAnnotations.ALLOW_ORIGIN)).hasToString(origins);
  }

  @Test
  void pointsAtTheAnnotationItself() {
    AnnotationValues values =
        AnnotationReader.read(
            Annotated.parsed("use-regex: \"true\"", "affinity: cookie"),
            PREFIX,
            ControllerSettings.NONE);

    assertThat(values.isWritten(AffinityAnnotations.AFFINITY)).isTrue();
    assertThat(values.ingress().label()).isEqualTo("Ingress default/web");
    assertThat(values.finding(AffinityAnnotations.AFFINITY, NginxRules.ANNOTATION_IDLE, "x"))
        .hasToString(
            "web.yaml:7:43: warning[annotation-idle]: x (Ingress default/web,"
                + " metadata.annotations)");
  }

  /** Reading a thousand Ingresses is a matter of milliseconds; the bound leaves room for noise. */
  @Test
  void readsAThousandIngressesInNoTime() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("rewrite-target", "/$2");
    annotations.put("use-regex", "true");
    annotations.put("affinity", "cookie");
    annotations.put("session-cookie-name", "route");
    annotations.put("proxy-body-size", "8m");
    annotations.put("cors-allow-origin", "https://a.b, https://*.c.d:8080");
    annotations.put("enable-cors", "true");
    annotations.put("permanent-redirect", "https://a.b/c");
    List<Ingress> ingresses = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ingresses.add(Annotated.ingress(annotations));
    }
    AnnotationReader reader = AnnotationReader.of(PREFIX, ControllerSettings.NONE, false);

    long best = Long.MAX_VALUE;
    int given = 0;
    for (int round = 0; round < 40; round++) {
      long start = System.nanoTime();
      given = 0;
      for (Ingress ingress : ingresses) {
        given += reader.read(ingress).isGiven(RewriteAnnotations.REWRITE_TARGET) ? 1 : 0;
      }
      best = Math.min(best, System.nanoTime() - start);
    }

    assertThat(given).isEqualTo(1000);
    assertThat(best / 1e6).as("milliseconds").isLessThan(30);
  }
}
