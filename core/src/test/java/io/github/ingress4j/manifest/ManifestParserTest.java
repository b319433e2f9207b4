package io.github.ingress4j.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ManifestParserTest {

  private static final String SHOP =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: web
        namespace: shop
        annotations:
          nginx.ingress.kubernetes.io/rewrite-target: /
      spec:
        ingressClassName: nginx
        tls:
        - hosts: [a.shop]
          secretName: tls
        rules:
        - host: a.shop
          http:
            paths:
            - path: /api
              pathType: Prefix
              backend:
                service:
                  name: api
                  port:
                    number: 80
      """;

  @Test
  void readsAnIngressWithThePlaceOfEachPart() {
    ManifestSet set = ManifestParser.create().parse("k8s/shop.yaml", SHOP);
    assertThat(set.diagnostics()).isEmpty();
    Ingress ingress = set.ingresses().get(0);
    assertThat(ingress.label()).isEqualTo("Ingress shop/web");
    IngressRule rule = ingress.spec().rules().get(0);
    assertThat(rule.host()).isEqualTo("a.shop");
    assertThat(rule.origin().of("host")).hasToString("k8s/shop.yaml:14:11");
    List<HttpIngressPath> paths = Objects.requireNonNull(rule.paths());
    HttpIngressPath path = paths.get(0);
    assertThat(path.path()).isEqualTo("/api");
    assertThat(path.pathType()).isEqualTo(PathType.PREFIX);
    assertThat(path.origin().of("path")).hasToString("k8s/shop.yaml:17:15");
    IngressBackend.Service backend = (IngressBackend.Service) path.backend();
    assertThat(backend.name()).isEqualTo("api");
    assertThat(backend.port()).isEqualTo(new IngressBackend.Port("", 80));
    assertThat(backend.origin().of("port.number")).hasToString("k8s/shop.yaml:23:23");
    assertThat(
            ingress.metadata().annotationsOrigin().of("nginx.ingress.kubernetes.io/rewrite-target"))
        .hasToString("k8s/shop.yaml:7:49");
  }

  @Test
  void saysWhereAndHowAPathTypeIsMissing() {
    ManifestSet set =
        ManifestParser.create()
            .parse("k8s/shop.yaml", SHOP.replace("        pathType: Prefix\n", ""));
    assertThat(set.isEmpty()).isTrue();
    assertThat(set.isReadable()).isTrue();
    assertThat(set.diagnostics()).hasSize(1);
    Diagnostic finding = set.diagnostics().get(0);
    assertThat(finding)
        .hasToString(
            "k8s/shop.yaml:17:15: error[path-type-missing]: pathType is required"
                + " (Ingress shop/web, spec.rules[0].http.paths[0].pathType)");
    assertThat(finding.excerpt()).isEqualTo("      - path: /api");
    assertThat(finding.label()).isEqualTo("this path has no pathType");
    assertThat(finding.help())
        .isEqualTo("add `pathType: Prefix` to match /api and everything below it");
  }
}
