package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.Node.Kind;
import io.github.ingress4j.manifest.Node.Mapping;
import io.github.ingress4j.manifest.Node.Scalar;
import io.github.ingress4j.manifest.Node.Sequence;
import java.util.LinkedHashSet;
import java.util.Set;

/** Shows how an Ingress of a removed API version is written today. */
final class Conversion {

  /** The back ends that are spelt out. */
  private static final int EXAMPLES = 3;

  private final Set<String> backends = new LinkedHashSet<>();
  private boolean lacksPathType;
  private boolean lacksPath;

  private Conversion() {}

  /** Returns what has to change besides the API version, in order of the manifest. */
  static String hint(Mapping ingress) {
    StringBuilder out = new StringBuilder();
    Conversion conversion = new Conversion();
    if (ingress.get("metadata") instanceof Mapping metadata
        && metadata.get("annotations") instanceof Mapping annotations
        && annotations.get("kubernetes.io/ingress.class") instanceof Scalar name) {
      out.append("; `spec.ingressClassName: ")
          .append(PrintableText.escape(name.text(), 63))
          .append("` in place of the annotation, if there is an IngressClass of that name");
    }
    if (ingress.get("spec") instanceof Mapping spec) {
      if (spec.get("backend") instanceof Mapping backend) {
        out.append("; `spec.defaultBackend` in place of `spec.backend`");
        conversion.backend(backend);
      }
      if (spec.get("rules") instanceof Sequence rules) {
        rules.items().forEach(conversion::rule);
      }
    }
    for (String backend : conversion.backends) {
      out.append("; ").append(backend);
    }
    if (conversion.lacksPathType) {
      out.append(
          "; `pathType: Prefix` for each path, or ImplementationSpecific to keep the behaviour");
    }
    if (conversion.lacksPath) {
      out.append("; `path: /` where there is no path");
    }
    return out.toString();
  }

  private void rule(Node rule) {
    if (rule instanceof Mapping mapping
        && mapping.get("http") instanceof Mapping http
        && http.get("paths") instanceof Sequence paths) {
      for (Node path : paths.items()) {
        if (path instanceof Mapping item) {
          lacksPathType |= item.get("pathType") == null;
          lacksPath |= item.get("path") == null;
          if (item.get("backend") instanceof Mapping backend) {
            backend(backend);
          }
        }
      }
    }
  }

  private void backend(Mapping backend) {
    if (backends.size() < EXAMPLES
        && backend.get("serviceName") instanceof Scalar name
        && backend.get("servicePort") instanceof Scalar port) {
      backends.add(
          "`service: {name: "
              + PrintableText.escape(name.text(), 63)
              + ", port: {"
              + (port.kind() == Kind.INTEGER ? "number: " : "name: ")
              + PrintableText.escape(port.text(), 63)
              + "}}` in place of `serviceName` and `servicePort`");
    }
  }
}
