package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.dialect.Translation;
import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.routing.Match;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What rules look at. Not thread-safe. */
public final class LintInput {

  /** The annotations that keep somebody away from a path. */
  private static final List<String> PROTECTIONS =
      List.of("auth-type", "auth-url", "allowlist-source-range", "denylist-source-range");

  private final ManifestSet manifests;
  private final Translation translation;
  private @Nullable NginxModel model;
  private @Nullable Map<Backend.ServicePort, Set<NginxModel.Location>> locations;

  /**
   * Makes the input of rules.
   *
   * @param manifests the objects
   * @param translation what they mean
   */
  public LintInput(ManifestSet manifests, Translation translation) {
    this.manifests = manifests;
    this.translation = translation;
  }

  ManifestSet manifests() {
    return manifests;
  }

  Translation translation() {
    return translation;
  }

  Translation.Settings settings() {
    return translation.settings();
  }

  /** The controller's model; only of use in its dialect. */
  NginxModel model() {
    if (model == null) {
      model =
          NginxModel.of(
              manifests,
              translation.ingresses(),
              settings().annotationsPrefix(),
              settings().configMap());
    }
    return model;
  }

  /** The written paths of every host by the ports of Services that they lead to. */
  Map<Backend.ServicePort, Set<NginxModel.Location>> locationsByPort() {
    if (locations == null) {
      Map<Backend.ServicePort, Set<NginxModel.Location>> all = new LinkedHashMap<>();
      for (NginxModel.Host host : model().hosts()) {
        for (NginxModel.Location location : host.writtenPaths()) {
          NginxModel.Upstream upstream = location.upstream();
          if (upstream != null) {
            all.computeIfAbsent(upstream.port(), key -> new LinkedHashSet<>()).add(location);
          }
        }
      }
      locations = all;
    }
    return locations;
  }

  /** The route that takes a path of a host, as the bytes of both; null if none does. */
  @Nullable Route route(String host, String path) {
    Match<Route> match = translation.table().match(host, path);
    return match == null ? translation.fallback() : match.target();
  }

  /** Whether http requests for a path are redirected to https. */
  boolean redirectsToHttps(NginxModel.Location location) {
    NginxModel.Owner owner = location.owner();
    if (owner == null) {
      return false;
    }
    return owner.flag("force-ssl-redirect")
        || (owner.flag("ssl-redirect") && hasCertificate(location.host()));
  }

  /** What to do so that http requests for the paths of an Ingress on a host become https ones. */
  String redirectAdvice(NginxModel.Host host, NginxModel.Owner ingress) {
    if (host.isDefault()) {
      return "add force-ssl-redirect: \"true\" to " + ingress.label();
    }
    if (!hasCertificate(host)) {
      return "add a TLS entry for the host, or force-ssl-redirect: \"true\" if TLS ends in front of"
          + " the router";
    }
    return ingress.isGiven("ssl-redirect")
        ? "remove ssl-redirect: \"false\" from " + ingress.label()
        : "take ssl-redirect: \"false\" out of the ConfigMap, or add ssl-redirect: \"true\" to "
            + ingress.label();
  }

  /** Whether the controller has a certificate entry for a host, its own or that of a wildcard. */
  boolean hasCertificate(NginxModel.Host host) {
    if (host.isDefault()) {
      return false;
    }
    if (host.tlsOwner() != null) {
      return true;
    }
    NginxModel.Host parent = wildcardAbove(host);
    return parent != null && parent.tlsOwner() != null;
  }

  /** The wildcard host whose star stands for the first label of a host, if there is one. */
  NginxModel.@Nullable Host wildcardAbove(NginxModel.Host host) {
    int dot = host.name().indexOf('.');
    return dot < 1 || host.name().startsWith("*")
        ? null
        : model().host("*" + host.name().substring(dot));
  }

  /** The annotations of an Ingress that keep somebody away from its paths, by their names. */
  static List<String> protections(NginxModel.Owner ingress) {
    return PROTECTIONS.stream().filter(ingress::isGiven).toList();
  }

  /** The annotations of an Ingress that redirect every request. */
  static List<String> redirects(NginxModel.Owner ingress) {
    return Stream.of("temporal-redirect", "permanent-redirect").filter(ingress::isGiven).toList();
  }

  /** A name that a host answers to, for a look-up. */
  static String example(NginxModel.Host host) {
    return host.name().startsWith("*") ? "x" + host.name().substring(1) : host.name();
  }
}
