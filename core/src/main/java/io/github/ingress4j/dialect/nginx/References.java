package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.ConfigMap;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets and ConfigMaps that annotations and settings name.
 *
 * <p>Source: ingress-nginx, authentication; another namespace's objects are not readable unless a
 * setting of the controller says so.
 *
 * @param manifests the input
 * @param crossesNamespaces whether the objects of other namespaces may be used
 * @param assumesSecrets whether a Secret that is not in the input is taken to be right
 */
record References(ManifestSet manifests, boolean crossesNamespaces, boolean assumesSecrets) {

  /** An object that was found, or why it was not. */
  record Found<T>(@Nullable T object, @Nullable String fault) {}

  /** Whether the controller lets an Ingress use the Secrets of the namespace that is named. */
  boolean isReadable(ServedIngress owner, String reference) {
    int slash = reference.indexOf('/');
    return slash < 0
        || crossesNamespaces
        || reference.substring(0, slash).equals(owner.namespace());
  }

  /** A Secret in the namespace of the Ingress, named by {@code name} or {@code namespace/name}. */
  Found<Secret> secret(ServedIngress owner, String reference) {
    int slash = reference.indexOf('/');
    String namespace = slash < 0 ? owner.namespace() : reference.substring(0, slash);
    String name = reference.substring(slash + 1);
    if (!namespace.equals(owner.namespace()) && !crossesNamespaces) {
      return new Found<>(null, "names a Secret of another namespace");
    }
    Secret secret = manifests.secret(namespace, name);
    return secret == null
        ? new Found<>(null, "names the Secret " + namespace + "/" + name + ", which is missing")
        : new Found<>(secret, null);
  }

  /** What to do about a Secret that is not found: it may be one that only the cluster can make. */
  String advice(ServedIngress owner, String reference) {
    String name = reference.substring(reference.indexOf('/') + 1);
    if (!isReadable(owner, reference)) {
      return "write "
          + PrintableText.quote(name)
          + " without a namespace, and add the Secret to that of the Ingress";
    }
    String label = owner.namespace() + "/" + name;
    for (Diagnostic finding : manifests.diagnostics()) {
      String object = finding.object();
      if (finding.rule().id().equals("kind-skipped")
          && object != null
          && object.contains("Secret ")
          && (object.endsWith("Secret " + label) || object.endsWith("Secret " + name))) {
        return "the "
            + object
            + " makes it in the cluster only: for a check without one, add a Secret "
            + label
            + " with some content of the same form, or leave the finding out by --ignore";
      }
    }
    return "add the Secret to the namespace of the Ingress; if it is kept elsewhere, add one of its"
        + " name for the check, or leave the finding out by --ignore";
  }

  /**
   * A ConfigMap named by {@code namespace/name}.
   *
   * @param owner whose namespace it has to be in; null for any
   */
  Found<ConfigMap> configMap(@Nullable ServedIngress owner, String reference) {
    int slash = reference.indexOf('/');
    if (slash <= 0) {
      return new Found<>(null, "does not name a ConfigMap as namespace/name");
    }
    String namespace = reference.substring(0, slash);
    if (owner != null && !namespace.equals(owner.namespace()) && !crossesNamespaces) {
      return new Found<>(null, "names a ConfigMap of another namespace");
    }
    ConfigMap map = manifests.configMap(namespace, reference.substring(slash + 1));
    return map == null
        ? new Found<>(null, "names the ConfigMap " + reference + ", which is missing")
        : new Found<>(map, null);
  }

  /**
   * A ConfigMap of FastCGI parameters, named by {@code name} or {@code namespace/name}. There is
   * neither a map nor a fault if the controller ignores the reference.
   */
  Found<ConfigMap> parameters(ServedIngress owner, String reference) {
    int slash = reference.indexOf('/');
    String namespace = slash < 0 ? owner.namespace() : reference.substring(0, slash);
    if (!namespace.equals(owner.namespace()) && !crossesNamespaces) {
      return new Found<>(null, null);
    }
    return configMap(null, namespace + "/" + reference.substring(slash + 1));
  }

  /** What the settings make all routes depend on. */
  List<Object> of(ControllerSettings settings) {
    String reference = settings.get(Settings.ADD_HEADERS);
    if (reference == null || reference.isEmpty()) {
      return List.of();
    }
    ConfigMap map = configMap(null, reference).object();
    return List.of(map == null ? reference : map);
  }

  /** Everything that the routes of an Ingress depend on, for telling whether it has changed. */
  List<Object> of(ServedIngress owner) {
    AnnotationValues values = owner.annotations();
    List<Object> objects = new ArrayList<>();
    for (Annotation<String> annotation :
        List.of(
            AccessAnnotations.AUTH_SECRET,
            TlsAnnotations.AUTH_TLS_SECRET,
            TlsAnnotations.PROXY_SSL_SECRET)) {
      String reference = values.get(annotation);
      if (reference != null && !reference.isEmpty()) {
        Secret secret = secret(owner, reference).object();
        objects.add(secret == null ? reference : secret);
      }
    }
    for (Annotation<String> annotation :
        List.of(
            ExternalAuthAnnotations.AUTH_PROXY_SET_HEADERS, ResponseAnnotations.CUSTOM_HEADERS)) {
      String reference = values.get(annotation);
      if (reference != null && !reference.isEmpty()) {
        ConfigMap map = configMap(null, reference).object();
        objects.add(map == null ? reference : map);
      }
    }
    String parameters = values.get(ServerAnnotations.FASTCGI_PARAMS_CONFIGMAP);
    if (parameters != null && !parameters.isEmpty()) {
      ConfigMap map = parameters(owner, parameters).object();
      objects.add(map == null ? parameters : map);
    }
    String added = values.settings().get(Settings.ADD_HEADERS);
    if (added != null && !added.isEmpty()) {
      ConfigMap map = configMap(null, added).object();
      objects.add(map == null ? added : map);
    }
    return objects;
  }
}
