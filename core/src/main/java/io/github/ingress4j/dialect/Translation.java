package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Exchange;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.dialect.upstream.UpstreamResolver;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.policy.TlsIdentities;
import io.github.ingress4j.routing.PathPattern;
import io.github.ingress4j.routing.PathPolicy;
import io.github.ingress4j.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
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
   * @param trustedProxies who may speak for a client
   * @param configMap the ConfigMap with the controller's settings, as namespace, slash and name;
   *     {@code null} for {@code ingress-nginx/ingress-nginx-controller}, which may be absent
   * @param assumeSecrets whether a Secret that is not in the input is taken to be right, for tests
   *     of rules without their Secrets
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
      AddressPolicy addressPolicy,
      List<Cidr> trustedProxies,
      @Nullable String configMap,
      boolean assumeSecrets) {

    /** The prefix of ingress-nginx. */
    public static final String DEFAULT_ANNOTATIONS_PREFIX = "nginx.ingress.kubernetes.io";

    /** Checks that everything required is there. */
    public Settings {
      Objects.requireNonNull(dialect, "dialect");
      Objects.requireNonNull(pathPolicy, "pathPolicy");
      Objects.requireNonNull(endpointKnowledge, "endpointKnowledge");
      Objects.requireNonNull(annotationsPrefix, "annotationsPrefix");
      Objects.requireNonNull(addressPolicy, "addressPolicy");
      trustedProxies = List.copyOf(trustedProxies);
    }

    UpstreamResolver.Settings upstreamSettings() {
      return new UpstreamResolver.Settings(
          endpointKnowledge == EndpointKnowledge.COMPLETE, allowExternalNames, addressPolicy);
    }
  }

  private final Settings settings;
  private final Part part;
  private final List<Diagnostic> selectionFindings;

  private Translation(Settings settings, Part part, List<Diagnostic> selectionFindings) {
    this.settings = settings;
    this.part = part;
    this.selectionFindings = selectionFindings;
  }

  /**
   * Translates an input.
   *
   * @param manifests the input
   * @param settings what else the meaning depends on
   * @return the translation
   */
  public static Translation of(ManifestSet manifests, Settings settings) {
    Part nothing =
        switch (settings.dialect()) {
          case KUBERNETES -> KubernetesPart.empty(settings);
          case INGRESS_NGINX -> NginxPart.empty(settings);
        };
    return new Translation(settings, nothing, List.of()).update(manifests);
  }

  /**
   * Translates another input with the same settings, starting from what this translation has.
   *
   * @param manifests the other input, complete
   * @return the translation of the other input
   */
  public Translation update(ManifestSet manifests) {
    ClassSelection selection = new ClassSelection(manifests, settings.ingressClass());
    List<Ingress> selected = new ArrayList<>();
    for (Ingress ingress : manifests.ingresses()) {
      if (selection.selects(ingress)) {
        selected.add(ingress);
      }
    }
    return new Translation(
        settings, part.update(manifests, selected), List.copyOf(selection.diagnostics()));
  }

  /**
   * Returns what the translation depends on besides the input.
   *
   * @return the settings
   */
  public Settings settings() {
    return settings;
  }

  /**
   * Returns whether Secrets that are not in the input count as if they were.
   *
   * @return the setting
   */
  public boolean assumesSecrets() {
    return settings.assumeSecrets();
  }

  /**
   * Returns the routes by host and path.
   *
   * @return the table
   */
  public RoutingTable<Route> table() {
    return part.table();
  }

  /**
   * Returns the route of requests that nothing in the table takes.
   *
   * @return the route of a default back end, or {@code null} if there is none
   */
  public @Nullable Route fallback() {
    return part.fallback();
  }

  /**
   * Returns the routes of every host.
   *
   * @return the routes by host and pattern; the empty host stands for every host
   */
  public Map<String, Map<PathPattern, Route>> routes() {
    return part.routes();
  }

  /**
   * Returns the hosts that {@link #update} compiled to make this translation.
   *
   * @return the hosts as rules write them
   */
  public Set<String> changedHosts() {
    return Collections.unmodifiableSet(part.changedHosts());
  }

  /**
   * Returns the Ingresses that count.
   *
   * @return the Ingresses, most important first
   */
  public List<Ingress> ingresses() {
    return part.ingresses();
  }

  /**
   * Returns the ports of Services that a request can go to: by a rule, as a canary, or in the place
   * of another back end.
   *
   * @return the ports in no particular order
   */
  public Set<Backend.ServicePort> servicePorts() {
    return Collections.unmodifiableSet(part.servicePorts());
  }

  /**
   * Returns the endpoints of the upstreams that routes use.
   *
   * @return the endpoints by the upstreams' keys, as in {@link Upstream#key}
   */
  public Map<String, List<Endpoint>> endpoints() {
    return part.endpoints();
  }

  /**
   * Returns how requests are read, beside the path policy.
   *
   * @return what the dialect and the settings in the input say
   */
  public Exchange.Reading reading() {
    return part.reading();
  }

  /**
   * Returns what is shown in TLS under which name.
   *
   * @return the certificates that TLS entries give
   */
  public TlsIdentities identities() {
    return part.identities();
  }

  /**
   * Returns what was found.
   *
   * @return the findings, first those of the whole input, then host by host
   */
  public List<Diagnostic> diagnostics() {
    List<Diagnostic> all = new ArrayList<>(selectionFindings);
    all.addAll(part.diagnostics());
    return all;
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
