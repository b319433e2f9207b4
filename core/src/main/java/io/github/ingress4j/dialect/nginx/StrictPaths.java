package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.PathType;
import java.util.List;
import java.util.function.Consumer;

/**
 * Paths that the controller refuses when an Ingress is written, and routes all the same when it is
 * already stored: Exact and Prefix paths with other characters than letters, digits, {@code .},
 * {@code _}, {@code -} and {@code /}.
 *
 * <p>Stateless and thread-safe. Source: ingress-nginx v1.15.1, ConfigMap strict-validate-path-type.
 */
public final class StrictPaths {

  private StrictPaths() {}

  /**
   * Reports the paths of an Ingress that are refused on writing.
   *
   * @param ingress the Ingress
   * @param settings the settings of the controller
   * @param findings takes the findings
   */
  public static void report(
      Ingress ingress, ControllerSettings settings, Consumer<Diagnostic> findings) {
    if (!settings.flag(Settings.STRICT_VALIDATE_PATH_TYPE)) {
      return;
    }
    List<IngressRule> rules = ingress.spec().rules();
    for (int i = 0; i < rules.size(); i++) {
      List<HttpIngressPath> paths = rules.get(i).paths();
      for (int j = 0; paths != null && j < paths.size(); j++) {
        HttpIngressPath path = paths.get(j);
        if (path.pathType() == PathType.IMPLEMENTATION_SPECIFIC || isPlain(path.path())) {
          continue;
        }
        findings.accept(
            Diagnostic.of(
                    NginxRules.PATH_TYPE_STRICT,
                    "the path "
                        + PrintableText.quote(path.path())
                        + " is refused by a running controller, because the type "
                        + path.pathType().text()
                        + " takes only letters, digits, ., _, - and /")
                .withSource(path.origin().of("path"))
                .withObject(ingress.label())
                .withField("spec.rules[" + i + "].http.paths[" + j + "].path")
                .withHelp("write `pathType: ImplementationSpecific`"));
      }
    }
  }

  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean isPlain =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || "._-/".indexOf(c) >= 0;
      if (!isPlain) {
        return false;
      }
    }
    return true;
  }
}
