package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.dialect.kubernetes.DefaultBackends;
import io.github.ingress4j.dialect.kubernetes.HostCompiler;
import io.github.ingress4j.dialect.kubernetes.Protection;
import io.github.ingress4j.dialect.kubernetes.TlsEntries;
import io.github.ingress4j.dialect.kubernetes.TlsReport;
import io.github.ingress4j.dialect.tls.SecretIdentities;
import io.github.ingress4j.dialect.upstream.BackendSource;
import io.github.ingress4j.dialect.upstream.Selection;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.dialect.upstream.UpstreamResolver.Fault;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.RoutingTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An input as the specification means it.
 *
 * <p>The work is partitioned by host. {@link #update} compiles only the hosts that a change
 * touches, because one of their Ingresses or upstreams changed.
 */
final class KubernetesPart implements Part {

  /** An Ingress that counts, with what the order of Ingresses depends on. */
  private record Selected(Instant created, String key, Ingress ingress) {

    static Selected of(Ingress ingress) {
      Instant created = ingress.metadata().creationTimestamp();
      // Whose age is not known comes last.
      return new Selected(
          created == null ? Instant.MAX : created, ingress.metadata().key(), ingress);
    }
  }

  /** A port of a Service with the endpoints behind it. */
  private record Resolution(Upstream upstream, @Nullable Fault fault, List<Diagnostic> findings) {

    static Resolution of(Backend.ServicePort backend, UpstreamResolver.Resolved resolved) {
      return new Resolution(
          Upstream.of(
              backend.toString(),
              EndpointPicker.roundRobin(resolved.endpoints()),
              resolved.unavailable(),
              resolved.transport()),
          resolved.fault(),
          resolved.findings());
    }
  }

  private final Translation.Settings settings;
  private final Map<String, Ingress> served;
  private final Map<String, HostCompiler.Result> hosts;

  /** How many hosts and default back ends refer to a port, so that unused ones can be dropped. */
  private final Map<Backend.ServicePort, Integer> uses;

  private final Map<Backend.ServicePort, Resolution> upstreams;
  private final RoutingTable<Route> table;
  private final DefaultBackends.Result fallback;
  private final SecretIdentities secrets;
  private final TlsIdentities identities;
  private final List<Diagnostic> inputFindings;
  private final Set<String> changedHosts;

  private KubernetesPart(
      Translation.Settings settings,
      Map<String, Ingress> served,
      Map<String, HostCompiler.Result> hosts,
      Map<Backend.ServicePort, Integer> uses,
      Map<Backend.ServicePort, Resolution> upstreams,
      RoutingTable<Route> table,
      DefaultBackends.Result fallback,
      SecretIdentities secrets,
      TlsIdentities identities,
      List<Diagnostic> inputFindings,
      Set<String> changedHosts) {
    this.settings = settings;
    this.served = served;
    this.hosts = hosts;
    this.uses = uses;
    this.upstreams = upstreams;
    this.table = table;
    this.fallback = fallback;
    this.secrets = secrets;
    this.identities = identities;
    this.inputFindings = inputFindings;
    this.changedHosts = changedHosts;
  }

  /** Returns the part of an input without objects. */
  static KubernetesPart empty(Translation.Settings settings) {
    return new KubernetesPart(
        settings,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        RoutingTable.<Route>builder().build(),
        new DefaultBackends.Result(null, List.of(), List.of()),
        new SecretIdentities(ManifestSet.of(), null),
        TlsIdentities.NONE,
        List.of(),
        Set.of());
  }

  @Override
  public KubernetesPart update(ManifestSet manifests, List<Ingress> ingresses) {
    List<Diagnostic> findings = new ArrayList<>();
    Map<String, Ingress> next = inOrder(ingresses);
    Protection protection =
        new Protection(settings.annotationsPrefix(), settings.ignoreProtectingAnnotations());
    boolean hasSecrets = manifests.objects().stream().anyMatch(Secret.class::isInstance);
    SecretIdentities nextSecrets = new SecretIdentities(manifests, secrets);
    for (Ingress ingress : next.values()) {
      protection.report(ingress, findings::add);
      TlsReport.report(ingress, manifests, hasSecrets, Set.of(), Severity.WARNING, findings::add);
      nextSecrets.report(ingress, findings::add);
    }
    Upstreams source =
        new Upstreams(
            new UpstreamResolver(manifests, settings.upstreamSettings(), Selection.KUBERNETES),
            upstreams);
    Set<String> dirty = dirtyHosts(next, source);
    Map<String, List<HostCompiler.Claim>> claimsByHost = byHost(next, dirty);

    Map<String, HostCompiler.Result> nextHosts = new LinkedHashMap<>(hosts);
    Map<Backend.ServicePort, Integer> nextUses = new LinkedHashMap<>(uses);
    RoutingTable.Builder<Route> builder = table.toBuilder();
    for (String host : dirty) {
      HostPattern pattern = HostPattern.parse(host);
      builder.remove(pattern);
      HostCompiler.Result before = hosts.get(host);
      if (before != null) {
        count(nextUses, before.backends(), -1);
      }
      List<HostCompiler.Claim> claims = claimsByHost.get(host);
      if (claims == null) {
        nextHosts.remove(host);
        continue;
      }
      HostCompiler.Result result =
          HostCompiler.compile(host, claims, settings.pathPolicy(), source, protection);
      nextHosts.put(host, result);
      count(nextUses, result.backends(), 1);
      for (Map.Entry<PathPattern, Route> route : result.routes().entrySet()) {
        builder.add(pattern, route.getKey(), route.getValue());
      }
      if (result.routes().isEmpty()) {
        // The host is claimed all the same: nothing less specific takes its requests.
        builder.claim(pattern);
      }
    }
    DefaultBackends.Result nextFallback =
        DefaultBackends.compile(
            List.copyOf(next.values()), settings.defaultBackend(), source, protection);
    count(nextUses, fallback.backends(), -1);
    count(nextUses, nextFallback.backends(), 1);
    return new KubernetesPart(
        settings,
        next,
        nextHosts,
        nextUses,
        source.retained(nextUses.keySet()),
        dirty.isEmpty() ? table : builder.build(),
        nextFallback,
        nextSecrets,
        TlsEntries.identities(next.values(), nextSecrets),
        findings,
        dirty);
  }

  private static void count(
      Map<Backend.ServicePort, Integer> uses, List<Backend.ServicePort> backends, int change) {
    for (Backend.ServicePort backend : backends) {
      uses.merge(backend, change, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /** Returns the Ingresses by namespace and name, most important first. */
  private static Map<String, Ingress> inOrder(List<Ingress> ingresses) {
    List<Selected> selected = new ArrayList<>(ingresses.size());
    for (Ingress ingress : ingresses) {
      selected.add(Selected.of(ingress));
    }
    selected.sort(Comparator.comparing(Selected::created).thenComparing(Selected::key));
    Map<String, Ingress> byKey = new LinkedHashMap<>();
    for (Selected one : selected) {
      byKey.put(one.key, one.ingress);
    }
    return byKey;
  }

  private Set<String> dirtyHosts(Map<String, Ingress> next, Upstreams source) {
    Set<String> dirty = new LinkedHashSet<>();
    for (Map.Entry<String, Ingress> entry : next.entrySet()) {
      Ingress before = served.get(entry.getKey());
      Ingress after = entry.getValue();
      if (after.equals(before)) {
        continue;
      }
      addHosts(after, dirty);
      if (before != null) {
        addHosts(before, dirty);
      }
    }
    for (Map.Entry<String, Ingress> entry : served.entrySet()) {
      if (!next.containsKey(entry.getKey())) {
        addHosts(entry.getValue(), dirty);
      }
    }
    Set<Backend.ServicePort> changed = source.changed();
    if (!changed.isEmpty()) {
      for (Map.Entry<String, HostCompiler.Result> host : hosts.entrySet()) {
        if (!Collections.disjoint(host.getValue().backends(), changed)) {
          dirty.add(host.getKey());
        }
      }
    }
    return dirty;
  }

  private static void addHosts(Ingress ingress, Set<String> hosts) {
    for (IngressRule rule : ingress.spec().rules()) {
      hosts.add(rule.host());
    }
  }

  /** Returns for each host who has rules for it, and which. */
  private static Map<String, List<HostCompiler.Claim>> byHost(
      Map<String, Ingress> ingresses, Set<String> wanted) {
    Map<String, List<HostCompiler.Claim>> byHost = new HashMap<>();
    for (Ingress ingress : ingresses.values()) {
      Map<String, List<Integer>> rulesByHost = new LinkedHashMap<>();
      List<IngressRule> rules = ingress.spec().rules();
      for (int i = 0; i < rules.size(); i++) {
        String host = rules.get(i).host();
        if (wanted.contains(host)) {
          rulesByHost.computeIfAbsent(host, key -> new ArrayList<>(1)).add(i);
        }
      }
      rulesByHost.forEach(
          (host, indexes) ->
              byHost
                  .computeIfAbsent(host, key -> new ArrayList<>(1))
                  .add(new HostCompiler.Claim(ingress, indexes)));
    }
    return byHost;
  }

  @Override
  public RoutingTable<Route> table() {
    return table;
  }

  @Override
  public @Nullable Route fallback() {
    return fallback.route();
  }

  @Override
  public Map<String, Map<PathPattern, Route>> routes() {
    Map<String, Map<PathPattern, Route>> routes = new LinkedHashMap<>();
    hosts.forEach((host, part) -> routes.put(host, part.routes()));
    return Collections.unmodifiableMap(routes);
  }

  @Override
  public Set<String> changedHosts() {
    return Collections.unmodifiableSet(changedHosts);
  }

  @Override
  public List<Ingress> ingresses() {
    return List.copyOf(served.values());
  }

  @Override
  public Set<Backend.ServicePort> servicePorts() {
    return upstreams.keySet();
  }

  @Override
  public Map<String, List<Endpoint>> endpoints() {
    Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
    for (Resolution resolution : upstreams.values()) {
      endpoints.put(resolution.upstream().key(), resolution.upstream().endpoints());
    }
    return endpoints;
  }

  @Override
  public Exchange.Reading reading() {
    return Exchange.Reading.kubernetes(settings.trustedProxies());
  }

  @Override
  public TlsIdentities identities() {
    return identities;
  }

  @Override
  public List<Diagnostic> diagnostics() {
    List<Diagnostic> all = new ArrayList<>(inputFindings);
    for (HostCompiler.Result part : hosts.values()) {
      all.addAll(part.findings());
    }
    all.addAll(fallback.findings());
    for (Resolution resolved : upstreams.values()) {
      all.addAll(resolved.findings());
    }
    return all;
  }

  /** The upstreams of one update: those that did not change are the objects of the last one. */
  private static final class Upstreams implements BackendSource {

    private final UpstreamResolver resolver;
    private final Map<Backend.ServicePort, Resolution> before;
    private final Map<Backend.ServicePort, Resolution> now = new HashMap<>();

    Upstreams(UpstreamResolver resolver, Map<Backend.ServicePort, Resolution> before) {
      this.resolver = resolver;
      this.before = before;
    }

    private Resolution resolved(Backend.ServicePort backend) {
      return now.computeIfAbsent(
          backend,
          key -> {
            Resolution fresh = Resolution.of(key, resolver.resolve(key));
            Resolution old = before.get(key);
            return fresh.equals(old) ? old : fresh;
          });
    }

    /** The ports in use so far whose outcome is another one now. */
    Set<Backend.ServicePort> changed() {
      Set<Backend.ServicePort> changed = new LinkedHashSet<>();
      before.forEach(
          (backend, old) -> {
            if (!resolved(backend).equals(old)) {
              changed.add(backend);
            }
          });
      return changed;
    }

    @Override
    public Upstream upstream(Backend.ServicePort backend) {
      return resolved(backend).upstream();
    }

    @Override
    public @Nullable Diagnostic fault(Backend.ServicePort backend) {
      Fault fault = resolved(backend).fault();
      return fault == null ? null : fault.diagnostic();
    }

    /** The upstreams that are in use, and no others. */
    Map<Backend.ServicePort, Resolution> retained(Set<Backend.ServicePort> used) {
      Map<Backend.ServicePort, Resolution> retained = new LinkedHashMap<>();
      for (Backend.ServicePort backend : used) {
        retained.put(backend, resolved(backend));
      }
      return retained;
    }
  }
}
