package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.nginx.ControllerSettings;
import io.github.ingress4j.dialect.nginx.Settings;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.ManifestObject;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.Set;

/** Installed under another name than usual, a controller has its settings elsewhere. */
final class SettingsElsewhere extends LintRule {

  SettingsElsewhere() {
    super(
        "setting-map-elsewhere",
        Severity.INFO,
        "a ConfigMap looks like that of the controller, and is not read",
        "ingress-nginx v1.15.1, ConfigMap");
  }

  @Override
  void check(LintInput input, Findings findings) {
    String configured = input.settings().configMap();
    String name = configured == null ? ControllerSettings.DEFAULT_NAME : configured;
    if (isThere(name, input.manifests())) {
      return;
    }
    for (ManifestObject object : input.manifests().objects()) {
      if (object instanceof ConfigMap map && isOfSettings(map.data().keySet())) {
        String key = map.metadata().namespace() + "/" + map.metadata().name();
        findings.add(
            Diagnostic.of(
                    findings.rule(),
                    "the keys of the ConfigMap "
                        + key
                        + " are settings of the controller, which are read from "
                        + name
                        + " only, and that is not in the input")
                .withSource(map.origin().span())
                .withObject(map.label())
                .withHelp("add --config-map " + key + " if it is that of the controller"));
      }
    }
  }

  private static boolean isThere(String name, ManifestSet manifests) {
    int slash = name.indexOf('/');
    return manifests.configMap(name.substring(0, Math.max(0, slash)), name.substring(slash + 1))
        != null;
  }

  /** Whether most of the keys are settings. */
  private static boolean isOfSettings(Set<String> keys) {
    long known = keys.stream().filter(key -> Settings.byKey(key) != null).count();
    return known > 0 && known * 2 > keys.size();
  }
}
