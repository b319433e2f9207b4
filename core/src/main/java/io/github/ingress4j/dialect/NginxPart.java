package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.nginx.Compilation;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.RoutingTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An input as ingress-nginx means it. */
record NginxPart(Compilation compilation) implements Part {

  /** Returns the part to start from. */
  static NginxPart empty(Translation.Settings settings) {
    return new NginxPart(
        Compilation.empty(
            new Compilation.Options(
                settings.annotationsPrefix(),
                settings.ignoreProtectingAnnotations(),
                settings.pathPolicy(),
                settings.defaultBackend(),
                settings.configMap(),
                settings.trustedProxies(),
                settings.upstreamSettings(),
                settings.assumeSecrets())));
  }

  @Override
  public Part update(ManifestSet manifests, List<Ingress> ingresses) {
    return new NginxPart(compilation.update(manifests, ingresses));
  }

  @Override
  public List<Ingress> ingresses() {
    return compilation.ingresses();
  }

  @Override
  public RoutingTable<Route> table() {
    return compilation.table();
  }

  @Override
  public @Nullable Route fallback() {
    // The default host has a root that takes everything.
    return null;
  }

  @Override
  public Map<String, Map<PathPattern, Route>> routes() {
    return compilation.routes();
  }

  @Override
  public Set<String> changedHosts() {
    return compilation.changedHosts();
  }

  @Override
  public Set<Backend.ServicePort> servicePorts() {
    return compilation.servicePorts();
  }

  @Override
  public Map<String, List<Endpoint>> endpoints() {
    return compilation.endpoints();
  }

  @Override
  public Exchange.Reading reading() {
    return compilation.reading();
  }

  @Override
  public TlsIdentities identities() {
    return compilation.identities();
  }

  @Override
  public List<Diagnostic> diagnostics() {
    return compilation.findings();
  }
}
