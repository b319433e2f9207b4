package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.manifest.HttpIngressPath;
import org.jspecify.annotations.Nullable;

/** A path of a host while the model is built; what the controller calls a location. */
final class LocationDraft {

  final String path;
  final boolean isExact;

  /** Whether nobody has asked for the path: the root that every host has. */
  boolean isImplicit;

  /** Whose annotations count; null for the root of the default host that nobody took over. */
  @Nullable ServedIngress owner;

  /** Who takes the requests; null for the controller's own default back end. */
  @Nullable UpstreamDraft upstream;

  /** Whether redirects and rewrites of the owner are left out. */
  boolean isPlain;

  int rule = -1;
  int item = -1;

  LocationDraft(String path, boolean isExact) {
    this.path = path;
    this.isExact = isExact;
  }

  /** The path as the owner wrote it, or null for an implicit root. */
  @Nullable HttpIngressPath written() {
    if (owner == null || rule < 0) {
      return null;
    }
    var paths = owner.ingress().spec().rules().get(rule).paths();
    return paths == null ? null : paths.get(item);
  }
}
