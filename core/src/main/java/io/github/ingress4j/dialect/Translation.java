package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.UpstreamResolver.Fault;
import io.github.ingress4j.dialect.UpstreamResolver.Resolved;
import io.github.ingress4j.dialect.kubernetes.BackendSource;
import io.github.ingress4j.dialect.kubernetes.DefaultBackends;
import io.github.ingress4j.dialect.kubernetes.HostCompiler;
import io.github.ingress4j.dialect.kubernetes.Protection;
import io.github.ingress4j.dialect.kubernetes.TlsReport;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressRule;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Secret;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
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
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an input means: routes and upstreams, and what was found on the way.
 *
 * <p>The work is partitioned by host. {@link #update} compiles only the hosts that a change
 * touches, because one of their Ingresses or upstreams changed, and shares the rest with the
 * translation it starts from; its result equals that of {@link #of}.
 *
 * <p>Translating never fails: what is wrong becomes a finding, and the rest goes on.
 *
 * <p>Immutable and thread-safe.
 */
public final class Translation {

  /**
   * What a translation depends on besides the input.
   *
   * @param dialect what an Ingress means
   * @param ingressClass the class that is served, a controller's name if it holds a {@code /};
   *     {@code null} if every Ingress counts
   * @param pathPolicy how paths are read
   * @param endpointKnowledge whether the input says everything about endpoints
   * @param defaultBackend the back end of what nothing else takes, or {@code null}
   * @param annotationsPrefix the prefix of the controller's annotations, without the slash
   * @param ignoreProtectingAnnotations whether routes stay open although an annotation asks for a
   *     protection that the dialect does not know
   * @param allowExternalNames whether a Service may be an alias of a DNS name
   * @param addressPolicy which addresses may be endpoints
   */
  public record Settings(
      Dialect dialect,
      @Nullable String ingressClass,
      PathPolicy pathPolicy,
      EndpointKnowledge endpointKnowledge,
      Backend.@Nullable ServicePort defaultBackend,
      String annotationsPrefix,
      boolean ignoreProtectingAnnotations,
      boolean allowExternalNames,
      AddressPolicy addressPolicy) {

    /** The prefix of ingress-nginx. */
    public static final String DEFAULT_ANNOTATIONS_PREFIX = "nginx.ingress.kubernetes.io";

    /** Checks that everything required is there. */
    public Settings {
      Objects.requireNonNull(dialect, "dialect");
      Objects.requireNonNull(pathPolicy, "pathPolicy");
      Objects.requireNonNull(endpointKnowledge, "endpointKnowledge");
      Objects.requireNonNull(annotationsPrefix, "annotationsPrefix");
      Objects.requireNonNull(addressPolicy, "addressPolicy");
    }
  }

  /** An Ingress that counts, with what the order of Ingresses depends on. */
  private record Selected(Instant created, String key, Ingress ingress) {

    static Selected of(Ingress ingress) {
      Instant created = ingress.metadata().creationTimestamp();
      // Whose age is not known comes last.
      return new Selected(
          created == null ? Instant.MAX : created, ingress.metadata().key(), ingress);
    }
  }

  private final Settings settings;
  private final Map<String, Ingress> served;
  private final Map<String, HostCompiler.Result> hosts;

  /** How many hosts and default back ends refer to a port, so that unused ones can be dropped. */
  private final Map<Backend.ServicePort, Integer> uses;

  private final Map<Backend.ServicePort, Resolved> upstreams;
  private final RoutingTable<Route> table;
  private final DefaultBackends.Result fallback;
  private final List<Diagnostic> inputFindings;
  private final Set<String> changedHosts;

  private Translation(
      Settings settings,
      Map<String, Ingress> served,
      Map<String, HostCompiler.Result> hosts,
      Map<Backend.ServicePort, Integer> uses,
      Map<Backend.ServicePort, Resolved> upstreams,
      RoutingTable<Route> table,
      DefaultBackends.Result fallback,
      List<Diagnostic> inputFindings,
      Set<String> changedHosts) {
    this.settings = settings;
    this.served = served;
    this.hosts = hosts;
    this.uses = uses;
    this.upstreams = upstreams;
    this.table = table;
    this.fallback = fallback;
    this.inputFindings = inputFindings;
    this.changedHosts = changedHosts;
  }

  /**
   * Translates an input.
   *
   * @param manifests the input
   * @param settings what else the meaning depends on
   * @return the translation
   */
  public static Translation of(ManifestSet manifests, Settings settings) {
    Translation nothing =
        new Translation(
            settings,
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            RoutingTable.<Route>builder().build(),
            new DefaultBackends.Result(null, List.of(), List.of()),
            List.of(),
            Set.of());
    return nothing.update(manifests);
  }

  /**
   * Translates another input with the same settings, starting from what this translation has.
   *
   * @param manifests the other input, complete
   * @return the translation of the other input
   */
  public Translation update(ManifestSet manifests) {
    List<Diagnostic> findings = new ArrayList<>();
    Map<String, Ingress> next = select(manifests, findings);
    Protection protection =
        new Protection(settings.annotationsPrefix(), settings.ignoreProtectingAnnotations());
    boolean hasSecrets = manifests.objects().stream().anyMatch(Secret.class::isInstance);
    for (Ingress ingress : next.values()) {
      protection.report(ingress, findings::add);
      TlsReport.report(ingress, manifests, hasSecrets, findings::add);
    }
    Upstreams source = new Upstreams(new UpstreamResolver(manifests, settings), upstreams);
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
    return new Translation(
        settings,
        next,
        nextHosts,
        nextUses,
        source.retained(nextUses.keySet()),
        dirty.isEmpty() ? table : builder.build(),
        nextFallback,
        findings,
        dirty);
  }

  private static void count(
      Map<Backend.ServicePort, Integer> uses, List<Backend.ServicePort> backends, int change) {
    for (Backend.ServicePort backend : backends) {
      uses.merge(backend, change, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /** Returns the Ingresses that count, most important first, by namespace and name. */
  private Map<String, Ingress> select(ManifestSet manifests, List<Diagnostic> findings) {
    ClassSelection selection = new ClassSelection(manifests, settings.ingressClass());
    List<Selected> selected = new ArrayList<>();
    for (Ingress ingress : manifests.ingresses()) {
      if (selection.selects(ingress)) {
        selected.add(Selected.of(ingress));
      }
    }
    findings.addAll(selection.diagnostics());
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

  /**
   * Returns the routes by host and path.
   *
   * @return the table
   */
  public RoutingTable<Route> table() {
    return table;
  }

  /**
   * Returns the route of requests that nothing in the table takes.
   *
   * @return the route of a default back end, or {@code null} if there is none
   */
  public @Nullable Route fallback() {
    return fallback.route();
  }

  /**
   * Returns the routes of every host.
   *
   * @return the routes by host and pattern; the empty host stands for every host
   */
  public Map<String, Map<PathPattern, Route>> routes() {
    Map<String, Map<PathPattern, Route>> routes = new LinkedHashMap<>();
    hosts.forEach((host, part) -> routes.put(host, part.routes()));
    return Collections.unmodifiableMap(routes);
  }

  /**
   * Returns the hosts that {@link #update} compiled to make this translation.
   *
   * @return the hosts as rules write them
   */
  public Set<String> changedHosts() {
    return Collections.unmodifiableSet(changedHosts);
  }

  /**
   * Returns the Ingresses that count.
   *
   * @return the Ingresses, most important first
   */
  public List<Ingress> ingresses() {
    return List.copyOf(served.values());
  }

  /**
   * Returns the keys of the upstreams that routes use.
   *
   * @return the keys, as in {@link Upstream#key}
   */
  public Set<String> upstreamKeys() {
    Set<String> keys = new LinkedHashSet<>();
    for (Resolved resolved : upstreams.values()) {
      keys.add(resolved.upstream().key());
    }
    return keys;
  }

  /**
   * Returns the endpoints of the upstreams that routes use.
   *
   * @return the endpoints by the upstreams' keys, as in {@link Upstream#key}
   */
  public Map<String, List<Endpoint>> endpoints() {
    Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
    for (Resolved resolved : upstreams.values()) {
      Upstream upstream = resolved.upstream();
      endpoints.put(upstream.key(), upstream.endpoints());
    }
    return endpoints;
  }

  /**
   * Returns what was found.
   *
   * @return the findings, first those of the whole input, then host by host
   */
  public List<Diagnostic> diagnostics() {
    List<Diagnostic> all = new ArrayList<>(inputFindings);
    for (HostCompiler.Result part : hosts.values()) {
      all.addAll(part.findings());
    }
    all.addAll(fallback.findings());
    for (Resolved resolved : upstreams.values()) {
      all.addAll(resolved.findings());
    }
    return all;
  }

  /** The upstreams of one update: those that did not change are the objects of the last one. */
  private static final class Upstreams implements BackendSource {

    private final UpstreamResolver resolver;
    private final Map<Backend.ServicePort, Resolved> before;
    private final Map<Backend.ServicePort, Resolved> now = new HashMap<>();

    Upstreams(UpstreamResolver resolver, Map<Backend.ServicePort, Resolved> before) {
      this.resolver = resolver;
      this.before = before;
    }

    private Resolved resolved(Backend.ServicePort backend) {
      return now.computeIfAbsent(
          backend,
          key -> {
            Resolved fresh = resolver.resolve(key);
            Resolved old = before.get(key);
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
      return fault == null
          ? null
          : Diagnostic.of(fault.rule(), fault.message())
              .withSeverity(fault.severity())
              .withHelp(fault.help());
    }

    /** The upstreams that are in use, and no others. */
    Map<Backend.ServicePort, Resolved> retained(Set<Backend.ServicePort> used) {
      Map<Backend.ServicePort, Resolved> retained = new LinkedHashMap<>();
      for (Backend.ServicePort backend : used) {
        retained.put(backend, resolved(backend));
      }
      return retained;
    }
  }

  /** Whether the input says everything about endpoints. */
  public enum EndpointKnowledge {
    /**
     * As soon as the input holds an EndpointSlice it is the whole truth; without any, endpoints are
     * not known and count as available.
     */
    AUTO,
    /** The input is the whole truth: a Service without usable endpoints has none. */
    COMPLETE
  }
}
