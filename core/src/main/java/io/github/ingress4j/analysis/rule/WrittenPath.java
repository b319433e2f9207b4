package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.PathType;
import org.jspecify.annotations.Nullable;

/**
 * A path of a host as its author wrote it.
 *
 * @param location where it is in the configuration
 * @param owner the Ingress whose annotations count
 * @param item the path and its back end
 */
record WrittenPath(NginxModel.Location location, NginxModel.Owner owner, HttpIngressPath item) {

  /** Returns the path of a location, or {@code null} if nobody wrote one. */
  static @Nullable WrittenPath of(NginxModel.Location location) {
    NginxModel.Owner owner = location.owner();
    HttpIngressPath item = location.item();
    return owner == null || item == null ? null : new WrittenPath(location, owner, item);
  }

  String text() {
    return item.path().isEmpty() ? "/" : item.path();
  }

  String quoted() {
    return PrintableText.quote(text());
  }

  NginxModel.Host host() {
    return location.host();
  }

  boolean isExact() {
    return item.pathType() == PathType.EXACT;
  }
}
