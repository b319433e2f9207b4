package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A port of a Service while the model is built; what the controller calls a back end.
 *
 * <p>Source: ingress-nginx, upstreams: which attribute comes from the first Ingress, from the last,
 * or from all.
 */
final class UpstreamDraft {

  final Backend.ServicePort port;

  /** The first Ingress that names the port: hash, algorithm, virtual address and canary are its. */
  final ServedIngress first;

  /** Whether the first Ingress is a canary: no path leads here but through another upstream. */
  final boolean isCanary;

  /** The first kind of affinity and the first mode that any Ingress asks for; empty for none. */
  String affinity = "";

  String affinityMode = "";

  /** The last Ingress with {@code affinity: cookie}. */
  @Nullable ServedIngress cookieOwner;

  /** Where the cookie may be set: paths by host. */
  Map<String, Set<String>> cookiePaths = new LinkedHashMap<>();

  /** Who may take requests instead, in order; only the first counts. */
  final List<UpstreamDraft> alternatives = new ArrayList<>();

  /** Whether a canary found no path to share and was given up. */
  boolean isDeleted;

  UpstreamDraft(Backend.ServicePort port, ServedIngress first) {
    this.port = port;
    this.first = first;
    this.isCanary = first.isCanary();
  }

  /** The controller's name for the upstream. */
  String name() {
    return port.namespace() + "-" + port.service() + "-" + port.port();
  }

  void allowCookie(String host, String path) {
    cookiePaths.computeIfAbsent(host, key -> new LinkedHashSet<>()).add(path);
  }

  /** Takes over the affinity of another upstream, so that sessions stay when they move. */
  void shareAffinity(UpstreamDraft other) {
    affinity = other.affinity;
    affinityMode = other.affinityMode;
    cookieOwner = other.cookieOwner;
    cookiePaths = new LinkedHashMap<>();
    other.cookiePaths.forEach((host, paths) -> cookiePaths.put(host, new LinkedHashSet<>(paths)));
  }
}
