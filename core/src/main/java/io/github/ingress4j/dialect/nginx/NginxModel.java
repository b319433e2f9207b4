package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the controller makes of an input, for those who judge or explain it: hosts, their locations
 * and the upstreams behind them, each with the Ingress that it comes from. Annotations are asked
 * for by the names that users write.
 *
 * <p>Immutable and thread-safe. Source: ingress-nginx v1.15.1, from Ingress objects to the routing
 * model.
 */
public final class NginxModel {

  private final ControllerSettings settings;
  private final List<Owner> ingresses;
  private final Map<String, Host> hosts;

  private NginxModel(ControllerSettings settings, List<Owner> ingresses, Map<String, Host> hosts) {
    this.settings = settings;
    this.ingresses = ingresses;
    this.hosts = hosts;
  }

  /**
   * Builds the model.
   *
   * @param manifests the input
   * @param ingresses the Ingresses that are served, the oldest first
   * @param annotationsPrefix the prefix of the annotations, without the slash
   * @param configMap the controller's ConfigMap, or {@code null} for the usual one
   * @return the model
   */
  public static NginxModel of(
      ManifestSet manifests,
      List<Ingress> ingresses,
      String annotationsPrefix,
      @Nullable String configMap) {
    ControllerSettings settings = ControllerSettings.read(manifests, configMap);
    AnnotationReader reader = AnnotationReader.of(annotationsPrefix, settings, false);
    List<ServedIngress> served = new ArrayList<>();
    Map<ServedIngress, Owner> owners = new HashMap<>();
    List<Owner> all = new ArrayList<>();
    for (Ingress ingress : ingresses) {
      ServedIngress one = new ServedIngress(ingress, reader, settings);
      Owner owner = new Owner(one);
      served.add(one);
      owners.put(one, owner);
      all.add(owner);
    }
    ControllerModel model = ControllerModel.of(served);
    Map<UpstreamDraft, Upstream> upstreams = new HashMap<>();
    for (UpstreamDraft draft : model.upstreams()) {
      upstreams.put(draft, new Upstream(draft, owners));
    }
    Map<String, Host> hosts = new LinkedHashMap<>();
    for (ServerDraft server : model.servers().values()) {
      Host host = new Host(ServerPlan.of(server), owners, upstreams);
      hosts.put(host.name(), host);
    }
    return new NginxModel(settings, List.copyOf(all), hosts);
  }

  /**
   * Returns the settings of the controller.
   *
   * @return the settings
   */
  public ControllerSettings settings() {
    return settings;
  }

  /**
   * Returns the Ingresses.
   *
   * @return the Ingresses, the oldest first, canaries among them
   */
  public List<Owner> ingresses() {
    return ingresses;
  }

  /**
   * Returns the hosts.
   *
   * @return the hosts in the order of the configuration
   */
  public List<Host> hosts() {
    return List.copyOf(hosts.values());
  }

  /**
   * Returns one host.
   *
   * @param name the host as a rule writes it; empty for every host
   * @return the host, or {@code null} if no rule has it
   */
  public @Nullable Host host(String name) {
    return hosts.get(name);
  }

  /** An Ingress with its annotations as the controller understands them. */
  public static final class Owner {

    private final ServedIngress served;

    private Owner(ServedIngress served) {
      this.served = served;
    }

    /**
     * Returns the Ingress.
     *
     * @return the object as written
     */
    public Ingress ingress() {
      return served.ingress();
    }

    /**
     * Returns the Ingress in words.
     *
     * @return such as {@code Ingress shop/web}
     */
    public String label() {
      return served.ingress().label();
    }

    /**
     * Returns whether the Ingress is a canary, so that nearly all its annotations do nothing.
     *
     * @return {@code true} for a canary
     */
    public boolean isCanary() {
      return served.isCanary();
    }

    /**
     * Returns a value that is true or false.
     *
     * @param name an annotation without the prefix
     * @return the value, the setting's or the default; {@code false} if there is none
     */
    public boolean flag(String name) {
      return Boolean.TRUE.equals(value(name));
    }

    /**
     * Returns a number.
     *
     * @param name an annotation without the prefix
     * @return the value, the setting's or the default; 0 if there is none
     */
    public int number(String name) {
      return value(name) instanceof Integer number ? number : 0;
    }

    /**
     * Returns a text.
     *
     * @param name an annotation without the prefix
     * @return the value, the setting's or the default; empty if there is none
     */
    public String text(String name) {
      return value(name) instanceof String text ? text : "";
    }

    /**
     * Returns a list.
     *
     * @param name an annotation without the prefix
     * @return the items as texts, the setting's or the default; empty if there are none
     */
    public List<String> items(String name) {
      return value(name) instanceof List<?> list
          ? list.stream().map(Object::toString).toList()
          : List.of();
    }

    /**
     * Returns a value.
     *
     * @param name an annotation without the prefix
     * @return the value, the setting's or the default; {@code null} if there is none
     */
    public @Nullable Object value(String name) {
      return served.annotations().get(annotation(name));
    }

    /**
     * Returns whether the Ingress itself gives a value that can be used.
     *
     * @param name an annotation without the prefix
     * @return {@code false} if a default holds
     */
    public boolean isGiven(String name) {
      return served.annotations().isGiven(annotation(name));
    }

    /**
     * Returns whether an annotation is written at all, with a usable value or not.
     *
     * @param name an annotation without the prefix
     * @return {@code true} if it or its alias is among the annotations
     */
    public boolean isWritten(String name) {
      return served.annotations().isWritten(annotation(name));
    }

    /**
     * Returns where an annotation stands.
     *
     * @param name an annotation without the prefix
     * @return its place, that of the Ingress if it is not written, or {@code null} if the Ingress
     *     was made in code
     */
    public @Nullable SourceSpan span(String name) {
      return served.span(annotation(name));
    }

    /**
     * Returns why the controller answers 503 on the routes of this Ingress.
     *
     * @return one sentence, or {@code null} if it serves them
     */
    public @Nullable String denied() {
      return served.annotations().denied();
    }

    private static Annotation<?> annotation(String name) {
      Annotation<?> annotation = Annotations.byName(name);
      if (annotation == null) {
        throw new IllegalArgumentException("there is no annotation " + name);
      }
      return annotation;
    }

    /**
     * Returns the Ingress in words.
     *
     * @return the label
     */
    @Override
    public String toString() {
      return label();
    }
  }

  /** A port of a Service, shared by every location that uses it. */
  public static final class Upstream {

    private final UpstreamDraft draft;
    private final Map<ServedIngress, Owner> owners;

    private Upstream(UpstreamDraft draft, Map<ServedIngress, Owner> owners) {
      this.draft = draft;
      this.owners = owners;
    }

    /**
     * Returns the port.
     *
     * @return namespace, Service and port
     */
    public Backend.ServicePort port() {
      return draft.port;
    }

    /**
     * Returns the Ingress whose hash, algorithm and virtual address count.
     *
     * @return the first Ingress that names the port
     */
    public Owner first() {
      return owner(owners, draft.first);
    }

    /**
     * Returns whether sessions stay with one endpoint.
     *
     * @return {@code true} with the affinity cookie
     */
    public boolean isSticky() {
      return draft.affinity.equals("cookie");
    }

    /**
     * Returns the Ingress whose attributes the session cookie has.
     *
     * @return the last Ingress that asks for the cookie, or {@code null} if none does
     */
    public @Nullable Owner cookieOwner() {
      ServedIngress owner = draft.cookieOwner;
      return owner == null ? null : owner(owners, owner);
    }

    /**
     * Returns the canary that counts.
     *
     * @return the port of the canary, or {@code null} if there is none
     */
    public Backend.@Nullable ServicePort canary() {
      return draft.alternatives.isEmpty() || draft.alternatives.get(0).isDeleted
          ? null
          : draft.alternatives.get(0).port;
    }
  }

  /** What the controller calls a server. */
  public static final class Host {

    private final ServerDraft server;
    private final boolean isRegex;
    private final List<Location> locations;
    private final List<Location> writtenPaths;
    private final Map<ServedIngress, Owner> owners;

    private Host(
        ServerPlan plan, Map<ServedIngress, Owner> owners, Map<UpstreamDraft, Upstream> upstreams) {
      this.server = plan.server();
      this.isRegex = plan.isRegex();
      this.owners = owners;
      List<Location> all = new ArrayList<>();
      for (ServerPlan.Location location : plan.locations()) {
        all.add(new Location(this, location, owners, upstreams));
      }
      this.locations = List.copyOf(all);
      this.writtenPaths = writtenPaths(all);
    }

    private static List<Location> writtenPaths(List<Location> locations) {
      Map<LocationDraft, Location> written = new LinkedHashMap<>();
      for (Location location : locations) {
        if (location.item() != null
            && (location.path().equals(location.draft.path)
                || !written.containsKey(location.draft))) {
          written.put(location.draft, location);
        }
      }
      return List.copyOf(written.values());
    }

    /**
     * Returns the host.
     *
     * @return the host as rules write it; empty for every host
     */
    public String name() {
      return server.ruleHost();
    }

    /**
     * Returns the host in words.
     *
     * @return the name, or words for the host of everything else
     */
    public String inWords() {
      return server.isDefault() ? "the host of all unknown names" : server.name;
    }

    /**
     * Returns whether this is the host of everything that no other host takes.
     *
     * @return {@code true} for the default host
     */
    public boolean isDefault() {
      return server.isDefault();
    }

    /**
     * Returns whether the host is a wildcard.
     *
     * @return {@code true} for {@code *.shop}
     */
    public boolean isWildcard() {
      return server.isWildcard();
    }

    /**
     * Returns whether every path of the host is read as a regular expression.
     *
     * @return {@code true} for a regex host
     */
    public boolean isRegex() {
      return isRegex;
    }

    /**
     * Returns the locations as they are written to the configuration, in its order.
     *
     * @return the locations; a path that stands for itself and what is below it gives two
     */
    public List<Location> locations() {
      return locations;
    }

    /**
     * Returns the paths as users wrote them.
     *
     * @return the first location of each path that is written
     */
    public List<Location> writtenPaths() {
      return writtenPaths;
    }

    /**
     * Returns the Ingresses with paths of this host.
     *
     * @return the Ingresses, without canaries
     */
    public Set<Owner> owners() {
      Set<Owner> all = new LinkedHashSet<>();
      if (server.first != null) {
        all.add(owner(owners, server.first));
      }
      for (Location location : locations) {
        Owner owner = location.owner();
        if (owner != null) {
          all.add(owner);
        }
      }
      return all;
    }

    /**
     * Returns the Ingresses with rules for this host, whether or not one of their paths counts.
     *
     * @return the Ingresses, the oldest first, without canaries
     */
    public List<Owner> claimants() {
      return server.claimants.stream().map(claimant -> owner(owners, claimant)).toList();
    }

    /**
     * Returns the Ingress that introduced the host.
     *
     * @return the first Ingress, or {@code null} for the default host
     */
    public @Nullable Owner first() {
      return server.first == null ? null : owner(owners, server.first);
    }

    /**
     * Returns the Ingress whose TLS section gives the host its certificate.
     *
     * @return the Ingress, or {@code null} without a certificate
     */
    public @Nullable Owner tlsOwner() {
      return server.tlsOwner == null ? null : owner(owners, server.tlsOwner);
    }

    /**
     * Returns the Ingress that asks for the redirect between the names with and without www.
     *
     * @return the Ingress, or {@code null} if none does
     */
    public @Nullable Owner siteRedirectOwner() {
      return server.siteRedirectOwner == null ? null : owner(owners, server.siteRedirectOwner);
    }

    /**
     * Returns the other names of the host.
     *
     * @return the aliases that count
     */
    public List<String> aliases() {
      return server.aliases;
    }

    /**
     * Returns the Ingress of the other names.
     *
     * @return the Ingress, or {@code null} if there are no aliases
     */
    public @Nullable Owner aliasOwner() {
      return server.aliasOwner == null ? null : owner(owners, server.aliasOwner);
    }
  }

  /** A path of a host as it is written to the configuration. */
  public static final class Location {

    private final Host host;
    private final ServerPlan.Location plan;
    private final LocationDraft draft;
    private final @Nullable Owner owner;
    private final @Nullable Upstream upstream;

    private Location(
        Host host,
        ServerPlan.Location plan,
        Map<ServedIngress, Owner> owners,
        Map<UpstreamDraft, Upstream> upstreams) {
      this.host = host;
      this.plan = plan;
      this.draft = plan.draft();
      this.owner = draft.owner == null ? null : NginxModel.owner(owners, draft.owner);
      this.upstream = draft.upstream == null ? null : upstreams.get(draft.upstream);
    }

    /**
     * Returns the host.
     *
     * @return the host
     */
    public Host host() {
      return host;
    }

    /**
     * Returns the text in the configuration.
     *
     * @return the path; with a slash that its author did not write if it stands for what is below
     */
    public String path() {
      return plan.path();
    }

    /**
     * Returns whether two locations come from one path.
     *
     * @param other another location
     * @return {@code true} also for the same one
     */
    public boolean isOfSamePath(Location other) {
      return draft == other.draft;
    }

    /**
     * Returns whether the path takes itself only, unless the host has regular expressions.
     *
     * @return {@code true} for an equality
     */
    public boolean isExact() {
      return plan.isExact();
    }

    /**
     * Returns whether nobody asked for the path: the root of a host without a path {@code /}.
     *
     * @return {@code true} for an implicit root
     */
    public boolean isImplicit() {
      return draft.isImplicit;
    }

    /**
     * Returns the Ingress whose annotations count.
     *
     * @return the Ingress, or {@code null} for a root of the controller itself
     */
    public @Nullable Owner owner() {
      return owner;
    }

    /**
     * Returns who takes the requests.
     *
     * @return the port, or {@code null} for the controller's own default back end
     */
    public @Nullable Upstream upstream() {
      return upstream;
    }

    /**
     * Returns the path as its author wrote it.
     *
     * @return the item, or {@code null} for a root that nobody wrote
     */
    public @Nullable HttpIngressPath item() {
      return draft.written();
    }

    /**
     * Returns the member of the Ingress.
     *
     * @return such as {@code spec.rules[0].http.paths[1]}; {@code spec} if nobody wrote the path
     */
    public String field() {
      return draft.rule < 0 ? "spec" : ServedIngress.field(draft.rule, draft.item);
    }

    /**
     * Returns where the path stands.
     *
     * @return the place of the path's text, or that of the Ingress, or {@code null}
     */
    public @Nullable SourceSpan span() {
      HttpIngressPath item = item();
      if (item == null) {
        return owner == null ? null : owner.ingress().origin().span();
      }
      SourceSpan span = item.origin().of("path");
      return span == null && owner != null ? owner.ingress().origin().span() : span;
    }

    /**
     * Returns the rewrite target.
     *
     * @return the target, or {@code null} if the path is not rewritten
     */
    public @Nullable String rewriteTarget() {
      return plan.rewriteTarget();
    }

    /**
     * Returns whether the annotation use-regex is on.
     *
     * @return {@code true} if this path makes its host a regex host by it
     */
    public boolean usesRegex() {
      return plan.usesRegex();
    }

    /**
     * Returns whether redirects and rewrites of the Ingress are left out, as on the default host.
     *
     * @return {@code true} for the root of a default back end
     */
    public boolean isPlain() {
      return draft.isPlain;
    }
  }

  private static Owner owner(Map<ServedIngress, Owner> owners, ServedIngress ingress) {
    Owner owner = owners.get(ingress);
    if (owner == null) {
      throw new IllegalStateException("an Ingress is not among those of the model");
    }
    return owner;
  }
}
