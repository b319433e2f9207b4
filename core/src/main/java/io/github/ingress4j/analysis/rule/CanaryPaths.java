package io.github.ingress4j.analysis.rule;

import io.github.ingress4j.dialect.nginx.NginxModel;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.IngressBackend;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.PathType;
import java.util.ArrayList;
import java.util.List;

/** Whose requests a canary shares. */
final class CanaryPaths {

  private CanaryPaths() {}

  /** The paths that a canary names and whose Service it shares, in the order of its rules. */
  static List<NginxModel.Location> mainsOf(NginxModel.Owner canary, LintInput input) {
    List<NginxModel.Location> mains = new ArrayList<>();
    for (IngressRule rule : canary.ingress().spec().rules()) {
      NginxModel.Host host = input.model().host(rule.host());
      List<HttpIngressPath> paths = rule.paths();
      if (host == null || paths == null) {
        continue;
      }
      for (HttpIngressPath path : paths) {
        for (NginxModel.Location location : host.writtenPaths()) {
          if (path.backend() instanceof IngressBackend.Service service
              && isSame(path, location)
              && isCanaryOf(service, canary, location)) {
            mains.add(location);
          }
        }
      }
    }
    return mains;
  }

  /** Whether a canary has a rule for a path. */
  static boolean names(NginxModel.Owner canary, NginxModel.Location location) {
    for (IngressRule rule : canary.ingress().spec().rules()) {
      List<HttpIngressPath> paths = rule.paths();
      if (rule.host().equals(location.host().name()) && paths != null) {
        for (HttpIngressPath path : paths) {
          if (isSame(path, location)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean isCanaryOf(
      IngressBackend.Service service, NginxModel.Owner canary, NginxModel.Location location) {
    NginxModel.Upstream upstream = location.upstream();
    var port = upstream == null ? null : upstream.canary();
    return port != null
        && port.namespace().equals(canary.ingress().metadata().namespace())
        && port.service().equals(service.name())
        && port.port().equals(service.port().toString());
  }

  private static boolean isSame(HttpIngressPath path, NginxModel.Location location) {
    HttpIngressPath item = location.item();
    return item != null
        && text(path).equals(text(item))
        && (path.pathType() == PathType.EXACT) == (item.pathType() == PathType.EXACT);
  }

  private static String text(HttpIngressPath path) {
    return path.path().isEmpty() ? "/" : path.path();
  }
}
