package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.RoutePolicies;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.tls.SecretIdentities;
import io.github.ingress4j.dialect.upstream.Selection;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.SiteRedirect;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.routing.HostPattern;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An input as ingress-nginx v1.15.1 means it.
 *
 * <p>The model of all Ingresses is built anew for every input, because nearly everything in it may
 * depend on all of them; it is a few passes over what they hold. What costs is kept: the reading of
 * an Ingress that did not change, the patterns, the upstreams, and the routes of hosts whose part
 * of the model is the same as before.
 *
 * <p>Immutable and thread-safe.
 */
public final class Compilation {

  /**
   * What the meaning depends on besides the input.
   *
   * @param annotationsPrefix the prefix of the annotations, without the slash
   * @param ignoreProtectingAnnotations whether routes stay open although an annotation asks for a
   *     protection that does not exist here
   * @param pathPolicy how paths are read
   * @param defaultBackend who takes what nobody asked for, or {@code null}
   * @param configMap the controller's ConfigMap: namespace, slash, name; {@code null} for the one
   *     of its own manifests, which may be absent
   * @param trustedProxies who may speak for a client
   * @param upstreams what endpoints depend on
   * @param assumeSecrets whether a Secret that is not in the input is taken to be right
   */
  public record Options(
      String annotationsPrefix,
      boolean ignoreProtectingAnnotations,
      PathPolicy pathPolicy,
      Backend.@Nullable ServicePort defaultBackend,
      @Nullable String configMap,
      List<Cidr> trustedProxies,
      UpstreamResolver.Settings upstreams,
      boolean assumeSecrets) {

    /** Copies the blocks. */
    public Options {
      trustedProxies = List.copyOf(trustedProxies);
    }
  }

  /** What the routes of a host were made of: if it is the same again, so are they. */
  private record HostInput(
      ServerPlanKey plan,
      ControllerSettings settings,
      Set<String> groupNames,
      UpstreamTable.@Nullable Fallback fallback,
      Set<UpstreamTable.Fallback> standIns,
      List<Object> references) {}

  private record ServerPlanKey(String name, boolean isRegex, List<LocationKey> locations) {}

  private record LocationKey(
      String path,
      boolean isExact,
      boolean isPlain,
      @Nullable ServedIngress owner,
      int rule,
      int item,
      @Nullable Upstream upstream,
      UpstreamResolver.@Nullable Fault fault,
      boolean isStandInThere) {}

  private record Host(HostInput input, ServerCompiler.Compiled compiled) {}

  private final Options options;
  private final Map<String, ServedIngress> served;
  private final List<ServedIngress> order;
  private final ControllerSettings controller;
  private final PatternCache patterns;
  private final UpstreamTable upstreams;
  private final Map<String, Host> hosts;
  private final Map<HostPattern, HostPattern> aliases;
  private final Map<String, HostPattern> places;
  private final Map<String, Route> siteRedirects;
  private final RoutingTable<Route> table;
  private final Set<String> changedHosts;
  private final Exchange.Reading reading;
  private final SecretIdentities secrets;
  private final TlsIdentities identities;
  private final List<Diagnostic> findings;

  private Compilation(
      Options options,
      Map<String, ServedIngress> served,
      List<ServedIngress> order,
      ControllerSettings controller,
      PatternCache patterns,
      UpstreamTable upstreams,
      Map<String, Host> hosts,
      Map<HostPattern, HostPattern> aliases,
      Map<String, HostPattern> places,
      Map<String, Route> siteRedirects,
      RoutingTable<Route> table,
      Set<String> changedHosts,
      Exchange.Reading reading,
      SecretIdentities secrets,
      TlsIdentities identities,
      List<Diagnostic> findings) {
    this.options = options;
    this.served = served;
    this.order = order;
    this.controller = controller;
    this.patterns = patterns;
    this.upstreams = upstreams;
    this.hosts = hosts;
    this.aliases = aliases;
    this.places = places;
    this.siteRedirects = siteRedirects;
    this.table = table;
    this.changedHosts = changedHosts;
    this.reading = reading;
    this.secrets = secrets;
    this.identities = identities;
    this.findings = findings;
  }

  /**
   * Returns the compilation of nothing, which has not even a default host.
   *
   * @param options what the meaning depends on
   * @return the compilation to start from
   */
  public static Compilation empty(Options options) {
    ControllerSettings controller = ControllerSettings.NONE;
    return new Compilation(
        options,
        Map.of(),
        List.of(),
        controller,
        PatternCache.empty(),
        new UpstreamTable(
            new UpstreamResolver(ManifestSet.of(), options.upstreams(), Selection.INGRESS_NGINX),
            controller,
            null),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        RoutingTable.<Route>builder().build(),
        Set.of(),
        ReadingCompiler.compile(
            options,
            controller,
            new References(ManifestSet.of(), false, false),
            Set.of(),
            Set.of(),
            finding -> {}),
        new SecretIdentities(ManifestSet.of(), null),
        TlsIdentities.NONE,
        List.of());
  }

  /**
   * Compiles another input.
   *
   * @param manifests the other input, complete
   * @param ingresses its Ingresses of the class that is served
   * @return the compilation of the other input
   */
  public Compilation update(ManifestSet manifests, List<Ingress> ingresses) {
    return new Update(this, manifests).run(ingresses);
  }

  /** One update on its way. */
  private static final class Update {

    private final Compilation before;
    private final Options options;
    private final ManifestSet manifests;
    private final ControllerSettings read;

    /** What was read, or what was read before if that is the same. */
    private final ControllerSettings controller;

    private final References references;
    private final List<Diagnostic> findings = new ArrayList<>();

    Update(Compilation before, ManifestSet manifests) {
      this.before = before;
      this.options = before.options;
      this.manifests = manifests;
      this.read = ControllerSettings.read(manifests, options.configMap());
      this.controller = read.equals(before.controller) ? before.controller : read;
      this.references =
          new References(
              manifests,
              controller.flag(Settings.ALLOW_CROSS_NAMESPACE_RESOURCES),
              options.assumeSecrets());
    }

    Compilation run(List<Ingress> ingresses) {
      findings.addAll(controller.findings());
      Map<String, ServedIngress> served = serve(ingresses);
      List<ServedIngress> order = new ArrayList<>();
      for (ServedIngress one : served.values()) {
        findings.addAll(one.findings());
        if (!one.isDropped()) {
          order.add(one);
        }
      }
      ControllerModel model = ControllerModel.of(order);
      findings.addAll(model.findings());

      PatternCache patterns = before.patterns.next();
      UpstreamTable upstreams =
          new UpstreamTable(
              new UpstreamResolver(manifests, options.upstreams(), Selection.INGRESS_NGINX),
              controller,
              before.upstreams);
      UpstreamTable.Fallback fallback = fallback(upstreams);
      Map<String, ServerPlan> plans = new LinkedHashMap<>();
      Set<String> groupNames = new HashSet<>();
      for (ServerDraft server : model.servers().values()) {
        ServerPlan plan = ServerPlan.of(server);
        plans.put(server.name, plan);
        if (server.isWildcard()) {
          // The label in place of the star; elsewhere it is empty.
          groupNames.add("subdomain");
        }
        if (plan.isRegex()) {
          for (ServerPlan.Location location : plan.locations()) {
            PatternCache.addGroupNames(patterns.anchored(location.path()), groupNames);
          }
        }
      }
      Map<String, Route> siteRedirects = siteRedirects(model);
      Aliases aliases = new Aliases(model.servers(), siteRedirects.keySet(), groupNames);
      findings.addAll(aliases.findings());
      Set<String> names =
          groupNames.equals(namesBefore())
              ? namesBefore()
              : Collections.unmodifiableSet(groupNames);

      Map<String, Host> hosts = new LinkedHashMap<>();
      Set<String> changed = new LinkedHashSet<>();
      for (ServerPlan plan : plans.values()) {
        Host host = compile(plan, names, patterns, upstreams, fallback);
        hosts.put(plan.server().name, host);
        findings.addAll(host.compiled.findings());
        Host old = before.hosts.get(plan.server().name);
        if (old == null || !old.compiled.routes().equals(host.compiled.routes())) {
          changed.add(plan.server().name);
        }
      }
      findings.addAll(upstreams.findings());
      SecretIdentities secrets = new SecretIdentities(manifests, before.secrets);
      Certificates certificates =
          Certificates.of(model.servers().values(), siteRedirects.keySet(), secrets);
      order.forEach(one -> secrets.report(one.ingress(), findings::add));
      Exchange.Reading reading =
          ReadingCompiler.compile(
              options, read, references, names, certificates.hosts(), findings::add);
      RoutingTable<Route> table = table(hosts, changed, aliases, siteRedirects);
      return new Compilation(
          options,
          served,
          order,
          controller,
          patterns,
          upstreams,
          hosts,
          aliases.patterns(),
          aliases.places(),
          siteRedirects,
          table,
          changed,
          reading,
          secrets,
          certificates.identities(),
          // What is wrong with an annotation may show on every host of its Ingress.
          List.copyOf(new LinkedHashSet<>(findings)));
    }

    private Set<String> namesBefore() {
      for (Host host : before.hosts.values()) {
        return host.input.groupNames();
      }
      return Set.of();
    }

    /** The Ingresses by key, the oldest first; of two of one age that with the greater key. */
    private Map<String, ServedIngress> serve(List<Ingress> ingresses) {
      List<Ingress> sorted = new ArrayList<>(ingresses);
      sorted.sort(
          Comparator.comparing(Update::age)
              .thenComparing(ingress -> ingress.metadata().key(), Comparator.reverseOrder()));
      AnnotationReader reader =
          AnnotationReader.of(
              options.annotationsPrefix(), controller, options.ignoreProtectingAnnotations());
      Map<String, ServedIngress> served = new LinkedHashMap<>();
      for (Ingress ingress : sorted) {
        String key = ingress.metadata().key();
        ServedIngress old = before.served.get(key);
        boolean isSame =
            old != null && controller.equals(before.controller) && old.ingress().equals(ingress);
        served.put(key, isSame ? old : new ServedIngress(ingress, reader, controller));
      }
      return served;
    }

    private static Instant age(Ingress ingress) {
      Instant created = ingress.metadata().creationTimestamp();
      // Whose age is not known comes last; without any ages all are of one age.
      return created == null ? Instant.MAX : created;
    }

    private UpstreamTable.@Nullable Fallback fallback(UpstreamTable upstreams) {
      Backend.ServicePort port = options.defaultBackend();
      if (port == null) {
        return null;
      }
      UpstreamTable.Fallback fallback = upstreams.port(port);
      // Without endpoints the controller's own answer takes its place.
      return fallback.upstream().unavailable() == null ? fallback : null;
    }

    private Host compile(
        ServerPlan plan,
        Set<String> groupNames,
        PatternCache patterns,
        UpstreamTable upstreams,
        UpstreamTable.@Nullable Fallback fallback) {
      List<LocationKey> keys = new ArrayList<>(plan.locations().size());
      Set<UpstreamTable.Fallback> standIns = new LinkedHashSet<>();
      List<Object> referenced = new ArrayList<>(references.of(controller));
      for (ServedIngress claimant : plan.server().claimants) {
        // What is said of certificates is said for the whole host.
        referenced.add(claimant);
        referenced.addAll(references.of(claimant));
      }
      for (ServerPlan.Location location : plan.locations()) {
        LocationDraft draft = location.draft();
        if (draft.owner != null) {
          referenced.addAll(references.of(draft.owner));
          UpstreamTable.Fallback errors = ServerCompiler.errorBackendOf(draft.owner, upstreams);
          if (errors != null) {
            standIns.add(errors);
          }
        }
        UpstreamDraft upstream = draft.upstream;
        Upstream compiled = upstream == null ? null : upstreams.upstream(upstream);
        keys.add(
            new LocationKey(
                location.path(),
                location.isExact(),
                draft.isPlain,
                draft.owner,
                draft.rule,
                draft.item,
                compiled,
                upstream == null ? null : upstreams.fault(upstream),
                draft.owner != null && upstreams.hasDefaultBackend(draft.owner)));
        UpstreamTable.Fallback standIn = ServerCompiler.standInOf(location, upstreams);
        if (standIn != null) {
          standIns.add(standIn);
        }
      }
      HostInput input =
          new HostInput(
              new ServerPlanKey(plan.server().name, plan.isRegex(), keys),
              controller,
              groupNames,
              fallback,
              standIns,
              referenced);
      Host old = before.hosts.get(plan.server().name);
      if (old != null
          && old.input.equals(input)
          && upstreams.hasServices() == before.upstreams.hasServices()) {
        return old;
      }
      return new Host(
          input,
          ServerCompiler.compile(
              plan,
              new ServerCompiler.Context(
                  controller,
                  options.pathPolicy(),
                  patterns,
                  groupNames,
                  upstreams,
                  references,
                  fallback,
                  options.ignoreProtectingAnnotations())));
    }

    /** The hosts that differ from a host of rules in their {@code www.} only, and lead there. */
    private Map<String, Route> siteRedirects(ControllerModel model) {
      Map<String, Route> redirects = new TreeMap<>();
      Integer code = controller.get(Settings.HTTP_REDIRECT_CODE);
      for (ServerDraft server : model.servers().values()) {
        ServedIngress owner = server.siteRedirectOwner;
        if (owner == null || server.isDefault()) {
          continue;
        }
        if (server.isWildcard()) {
          report(
              ModelRules.SITE_REDIRECT_WILDCARD,
              "from-to-www-redirect has no effect on the wildcard host "
                  + server.name
                  + "; the controller would keep its last good configuration of all hosts",
              owner,
              owner.span(RedirectAnnotations.FROM_TO_WWW_REDIRECT),
              "remove the annotation, or write a rule for each host instead of the wildcard");
          continue;
        }
        String sibling = server.sibling();
        if (model.servers().containsKey(sibling)) {
          continue;
        }
        redirects.put(
            sibling,
            new Route(
                owner.key(),
                null,
                owner.span(RedirectAnnotations.FROM_TO_WWW_REDIRECT),
                null,
                null,
                null,
                RoutePolicies.builder()
                    .siteRedirect(new SiteRedirect(server.name, code == null ? 308 : code))
                    .build()));
      }
      return redirects;
    }

    private RoutingTable<Route> table(
        Map<String, Host> hosts,
        Set<String> changed,
        Aliases names,
        Map<String, Route> siteRedirects) {
      Map<HostPattern, HostPattern> aliases = names.patterns();
      RoutingTable.Builder<Route> builder = before.table.toBuilder();
      boolean isChanged = false;
      // Aliases and redirects first, so that a name that becomes a host is free.
      for (Map.Entry<HostPattern, HostPattern> alias : before.aliases.entrySet()) {
        if (!alias.getValue().equals(aliases.get(alias.getKey()))) {
          builder.remove(alias.getKey());
          isChanged = true;
        }
      }
      for (Map.Entry<String, Route> old : before.siteRedirects.entrySet()) {
        if (!old.getValue().equals(siteRedirects.get(old.getKey()))) {
          builder.remove(HostPattern.parse(old.getKey()));
          isChanged = true;
        }
      }
      for (Map.Entry<String, HostPattern> old : before.places.entrySet()) {
        if (!old.getValue().equals(names.places().get(old.getKey()))) {
          builder.remove(old.getValue());
          changed.add(old.getKey());
          isChanged = true;
        }
      }
      for (Map.Entry<String, HostPattern> place : names.places().entrySet()) {
        if (!place.getValue().equals(before.places.get(place.getKey()))) {
          changed.add(place.getKey());
        }
      }
      Set<HostPattern> rebuilt = new HashSet<>();
      for (String name : changed) {
        Host host = hosts.get(name);
        HostPattern pattern = names.places().get(name);
        if (host == null || pattern == null) {
          continue;
        }
        // Takes the aliases of the host with it.
        builder.remove(pattern);
        rebuilt.add(pattern);
        host.compiled.routes().forEach((path, route) -> builder.add(pattern, path, route));
        isChanged = true;
      }
      for (Map.Entry<String, Route> redirect : siteRedirects.entrySet()) {
        if (!redirect.getValue().equals(before.siteRedirects.get(redirect.getKey()))) {
          builder.add(
              HostPattern.parse(redirect.getKey()), PathPattern.rest(), redirect.getValue());
          changed.add(redirect.getKey());
          isChanged = true;
        }
      }
      for (Map.Entry<HostPattern, HostPattern> alias : aliases.entrySet()) {
        boolean isKept = alias.getValue().equals(before.aliases.get(alias.getKey()));
        if (!isKept || rebuilt.contains(alias.getValue())) {
          builder.alias(alias.getKey(), alias.getValue());
          isChanged = true;
        }
      }
      return isChanged ? builder.build() : before.table;
    }

    private void report(
        Rule rule, String message, ServedIngress ingress, @Nullable SourceSpan span, String help) {
      findings.add(
          Diagnostic.of(rule, PrintableText.escape(message))
              .withSource(span == null ? ingress.ingress().origin().span() : span)
              .withObject(ingress.ingress().label())
              .withField("metadata.annotations")
              .withHelp(help));
    }
  }

  static HostPattern pattern(String server) {
    if (server.equals(ServerDraft.DEFAULT)) {
      return HostPattern.parse("");
    }
    return server.startsWith("*.")
        ? new HostPattern.Wildcard(server, true)
        : HostPattern.parse(server);
  }

  /**
   * Returns the Ingresses that are served.
   *
   * @return the Ingresses, the oldest first
   */
  public List<Ingress> ingresses() {
    return order.stream().map(ServedIngress::ingress).toList();
  }

  /**
   * Returns the routes.
   *
   * @return the table
   */
  public RoutingTable<Route> table() {
    return table;
  }

  /**
   * Returns the routes of every host, with those that only lead to another host.
   *
   * @return the routes by host and pattern; the empty host stands for every host
   */
  public Map<String, Map<PathPattern, Route>> routes() {
    Map<String, Map<PathPattern, Route>> routes = new LinkedHashMap<>();
    hosts.forEach(
        (name, host) -> {
          if (places.containsKey(name)) {
            routes.put(
                name.equals(ServerDraft.DEFAULT) ? "" : name,
                Collections.unmodifiableMap(host.compiled.routes()));
          }
        });
    siteRedirects.forEach((name, route) -> routes.put(name, Map.of(PathPattern.rest(), route)));
    return Collections.unmodifiableMap(routes);
  }

  /**
   * Returns the hosts whose routes are not those of the compilation before.
   *
   * @return the hosts as rules write them
   */
  public Set<String> changedHosts() {
    Set<String> names = new LinkedHashSet<>();
    changedHosts.forEach(name -> names.add(name.equals(ServerDraft.DEFAULT) ? "" : name));
    return names;
  }

  /**
   * Returns the ports of Services that a request can go to.
   *
   * @return the ports
   */
  public Set<Backend.ServicePort> servicePorts() {
    return upstreams.servicePorts();
  }

  /**
   * Returns the endpoints of the upstreams in use.
   *
   * @return the endpoints by the upstreams' keys
   */
  public Map<String, List<Endpoint>> endpoints() {
    Map<String, List<Endpoint>> endpoints = new HashMap<>();
    upstreams.all().forEach(one -> endpoints.put(one.key(), one.endpoints()));
    return endpoints;
  }

  /**
   * Returns how requests are read.
   *
   * @return the reading
   */
  public Exchange.Reading reading() {
    return reading;
  }

  /**
   * Returns what is shown in TLS under which name.
   *
   * @return the certificates
   */
  public TlsIdentities identities() {
    return identities;
  }

  /**
   * Returns what was found.
   *
   * @return the findings
   */
  public List<Diagnostic> findings() {
    return findings;
  }
}
