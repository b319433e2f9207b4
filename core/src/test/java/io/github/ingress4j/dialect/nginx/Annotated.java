package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.IngressSpec;
import io.github.ingress4j.manifest.ManifestParser;
import io.github.ingress4j.manifest.ObjectMeta;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes Ingresses with annotations. */
final class Annotated {

  private Annotated() {}

  /** An Ingress made in code, with annotations of the default prefix. */
  static Ingress ingress(Map<String, String> annotations) {
    Map<String, String> prefixed = new LinkedHashMap<>();
    annotations.forEach(
        (name, value) -> prefixed.put(Annotations.DEFAULT_PREFIX + "/" + name, value));
    return new Ingress(
        ObjectMeta.of("default", "web").withAnnotations(prefixed),
        IngressSpec.of(
            IngressRule.of("a.x", HttpIngressPath.prefix("/", IngressBackend.service("web", 80)))));
  }

  /** The values of such an Ingress without settings. */
  static AnnotationValues read(Map<String, String> annotations) {
    return AnnotationReader.read(
        ingress(annotations), Annotations.DEFAULT_PREFIX, ControllerSettings.NONE);
  }

  /** The values of an Ingress with one annotation. */
  static AnnotationValues read(String name, String value) {
    return read(Map.of(name, value));
  }

  /** An Ingress with positions; each annotation stands on a line of its own from line 6. */
  static Ingress parsed(String... lines) {
    String text =
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
          annotations:
        """
            + String.join(
                "\n",
                Arrays.stream(lines)
                    .map(line -> "    nginx.ingress.kubernetes.io/" + line)
                    .toList())
            + """

            spec:
              rules:
                - host: a.x
                  http:
                    paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
            """;
    return ManifestParser.create().parse("web.yaml", text).ingresses().get(0);
  }
}
