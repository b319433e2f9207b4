package io.github.ingress4j.dialect.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ObjectMeta;
import io.github.ingress4j.manifest.Origin;
import io.github.ingress4j.manifest.PathType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filters of ingress-nginx.md section 2.1. */
class InspectionTest {

  private static Ingress ingress(String path, PathType type) {
    return new Ingress(
        ObjectMeta.of("default", "web"),
        IngressSpec.of(
            IngressRule.of(
                "a.x",
                new HttpIngressPath(path, type, IngressBackend.service("web", 80), Origin.NONE))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "/docs/set_by_lua     | \"_by_lua\"",
        "/a/etc/passwd        | \"/etc/passwd\"",
        "/etc/shadow          | \"/etc/shadow\"",
        "/etc/groups          | \"/etc/group\"",
        "/etc/nginx           | \"/etc/nginx\"",
        "/etc/ingress-controller | \"/etc/ingress-controller\"",
        "/var/run/secrets/x   | \"/var/run/secrets\"",
        "/alias/x;y           | \"alias\" and a semicolon behind it",
        "/root;               | \"root\" and a semicolon behind it",
        "/;root               | -",
        "/ETC/PASSWD          | -",
        "/root/alias          | -",
        "/etc/pass            | -",
      })
  void looksForSubstrings(String path, String found) {
    Diagnostic finding = DeepInspection.inspect(ingress(path, PathType.PREFIX));

    if (found == null) {
      assertThat(finding).isNull();
    } else {
      assertThat(finding)
          .hasToString(
              "error[inspection-refused]: \""
                  + path
                  + "\" contains "
                  + found
                  + ", so the controller drops the Ingress (Ingress default/web,"
                  + " spec.rules[0].http.paths[0].path)");
    }
  }

  @Test
  void looksAtHostsAndTlsEntries() {
    Ingress plain = ingress("/", PathType.PREFIX);
    Ingress host =
        new Ingress(
            plain.metadata(), IngressSpec.of(IngressRule.of("x_by_lua", new HttpIngressPath[0])));
    assertThat(field(host)).isEqualTo("spec.rules[0].host");
    assertThat(field(withTls(plain, List.of("a.x"), "s_by_lua")))
        .isEqualTo("spec.tls[0].secretName");
    assertThat(field(withTls(plain, List.of("a.x", "b_by_lua"), "s")))
        .isEqualTo("spec.tls[0].hosts[1]");
    assertThat(DeepInspection.inspect(withTls(plain, List.of("a.x"), "s"))).isNull();
  }

  private static String field(Ingress ingress) {
    Diagnostic finding = DeepInspection.inspect(ingress);
    return finding == null ? "none" : String.valueOf(finding.field());
  }

  private static Ingress withTls(Ingress ingress, List<String> hosts, String secret) {
    IngressSpec spec = ingress.spec();
    return new Ingress(
        ingress.metadata(),
        new IngressSpec(
            spec.ingressClassName(),
            spec.defaultBackend(),
            List.of(new IngressSpec.Tls(hosts, secret, Origin.NONE)),
            spec.rules(),
            spec.origin()));
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "/a-b_c.d/E9, PREFIX, false",
    "/a~b, PREFIX, true",
    "/a b, EXACT, true",
    "/é, EXACT, true",
    "/x(/|$)(.*), IMPLEMENTATION_SPECIFIC, false",
  })
  void strictPathsAreReportedOnly(String path, PathType type, boolean isReported) {
    List<Diagnostic> findings = new ArrayList<>();
    StrictPaths.report(ingress(path, type), ControllerSettings.NONE, findings::add);

    assertThat(findings).hasSize(isReported ? 1 : 0);
    if (isReported) {
      assertThat(findings.get(0).message())
          .isEqualTo(
              "the path \""
                  + path
                  + "\" is refused by a running controller, because the type "
                  + type.text()
                  + " takes only letters, digits, ., _, - and /");
      assertThat(findings.get(0).help()).isEqualTo("write `pathType: ImplementationSpecific`");
    }
  }
}
