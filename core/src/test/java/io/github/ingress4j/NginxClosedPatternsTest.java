package io.github.ingress4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ingress-nginx §2.5 and §4.3; SEC-43, SEC-51: a pattern that cannot be carried out leaves its
 * requests to nobody who protects them less.
 */
class NginxClosedPatternsTest {

  private static IngressRouter router(String path, String... annotations) {
    List<String> all = new ArrayList<>(List.of(annotations));
    all.add("use-regex: true");
    return new NginxInput()
        .ingress(
            "guarded",
            "a.test " + path + " web:80 ImplementationSpecific",
            all.toArray(new String[0]))
        .ingress("open", "a.test / open:80; a.test /admin/a/very/long/public/path open:80")
        .backend("web", "10.0.0.1")
        .backend("open", "10.0.0.2")
        .router();
  }

  private static String place(IngressRouter router, String path) {
    return NginxInput.service(router, "http://a.test" + path);
  }

  @ParameterizedTest(name = "{0} for {1}: {2}")
  @CsvSource({
    // What only the first branch begins with says nothing of the others.
    "/api(?|/v1|/v2)|/admin, /admin,                       503 route-closed",
    "/api(?|/v1|/v2)|/admin, /x/admin,                     503 route-closed",
    "/api(?|/v1|/v2)|/admin, /other,                       503 route-closed",
    "/sec|ret(?|a|b),        /x/reta,                      503 route-closed",
    "/api(?|/v1|/v2|/admin), /api/v1,                      503 route-closed",
    "/api(?|/v1|/v2|/admin), /admin,                       open",
    // A pattern that nginx refuses is refused as a whole there, and closed here.
    "/admin[,                /admin,                       503 route-closed",
    "/admin[,                /ADMIN/x,                     503 route-closed",
    "/admin[,                /other,                       open",
    "/admin[,                /admin/a/very/long/public/path, open",
    "/admin(|/x,             /other,                       503 route-closed",
  })
  void whatWasMeantForAGuardedPathGoesToNobodyElse(String pattern, String path, String place) {
    assertThat(place(router(pattern, "auth-url: http://auth.test/"), path)).isEqualTo(place);
    assertThat(place(router(pattern, "enable-modsecurity: true"), path)).isEqualTo(place);
  }

  /** The same for an expression of more bytes than are accepted. */
  @Test
  void aPatternThatIsTooLongIsClosedAsWell() {
    String path = "/admin" + "a".repeat(1100);

    assertThat(place(router(path, "auth-url: http://auth.test/"), path))
        .isEqualTo("503 route-closed");
  }

  /** What nginx refuses and nobody protects may go to the paths behind it, as documented. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"/admin[, open", "/admin(?|a|b), 503 route-closed"})
  void aPatternWithoutProtectionLeavesItsRequestsIfNginxRefusesIt(String pattern, String place) {
    assertThat(place(router(pattern), "/admin")).isEqualTo(place);
  }

  @Test
  void saysWhatIsClosed() {
    assertThat(message(router("/admin[", "auth-url: http://auth.test/")))
        .endsWith(
            "(at character 7); all paths that begin with \"/admin\" answer 503, and the controller"
                + " would keep its last good configuration of all hosts");
    assertThat(message(router("/a(?|b|c)|/admin")))
        .endsWith("(at character 3); all paths that no longer path takes answer 503");
  }

  private static String message(IngressRouter router) {
    return router.diagnostics().stream()
        .filter(finding -> finding.rule().id().startsWith("nginx-path-pattern"))
        .map(Diagnostic::message)
        .findFirst()
        .orElse("");
  }
}
