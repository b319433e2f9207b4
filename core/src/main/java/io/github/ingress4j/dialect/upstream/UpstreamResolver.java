package io.github.ingress4j.dialect.upstream;

import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.ManifestSet;
import io.github.ingress4j.manifest.Service;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From the port of a Service, as a back end names it, to the endpoints behind it.
 *
 * <p>Source: core/v1, Service; discovery.k8s.io/v1, EndpointSlice; ingress-nginx, upstreams.
 */
public final class UpstreamResolver {

  /**
   * What the outcome depends on besides the input.
   *
   * @param isComplete whether the input says everything about endpoints, even if it holds no slice
   * @param allowExternalNames whether a Service may be an alias of a DNS name
   * @param addressPolicy which addresses may be endpoints
   */
  public record Settings(
      boolean isComplete, boolean allowExternalNames, AddressPolicy addressPolicy) {}

  /**
   * The outcome for one port of a Service.
   *
   * @param endpoints the usable endpoints; empty if they are not known or there is none
   * @param unavailable why there is none, or {@code null} if there is one or they are not known
   * @param transport how to talk to them, as the Service says
   * @param fault why the back end is not usable, or {@code null}
   * @param findings what was found about the slices
   */
  public record Resolved(
      List<Endpoint> endpoints,
      @Nullable String unavailable,
      TransportSettings transport,
      @Nullable Fault fault,
      List<Diagnostic> findings) {

    /** Copies the lists. */
    public Resolved {
      endpoints = List.copyOf(endpoints);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Why a back end is not usable; reported at every place that names it.
   *
   * @param rule the kind of finding
   * @param severity how much it matters
   * @param message what is wrong
   * @param help what to do
   */
  public record Fault(Rule rule, Severity severity, String message, String help) {

    /**
     * Returns the finding.
     *
     * @return a finding without place and object
     */
    public Diagnostic diagnostic() {
      return Diagnostic.of(rule, message).withSeverity(severity).withHelp(help);
    }
  }

  private final ManifestSet manifests;
  private final Settings settings;
  private final Selection selection;
  private final boolean areEndpointsKnown;
  private final boolean hasServices;

  /**
   * Makes a resolver for one input.
   *
   * @param manifests the input
   * @param settings what else the outcome depends on
   * @param selection how ports and endpoints are chosen
   */
  public UpstreamResolver(ManifestSet manifests, Settings settings, Selection selection) {
    this.manifests = manifests;
    this.settings = settings;
    this.selection = selection;
    areEndpointsKnown = settings.isComplete() || manifests.hasEndpointSlices();
    hasServices = manifests.objects().stream().anyMatch(Service.class::isInstance);
  }

  /**
   * Resolves the virtual address of a Service, which stands for all endpoints behind it.
   *
   * @param backend the port
   * @return the outcome, or {@code null} if the Service has no such address or no such port
   */
  public @Nullable Resolved resolveVirtual(Backend.ServicePort backend) {
    Service service = manifests.service(backend.namespace(), backend.service());
    if (service == null || service.clusterIp().isEmpty() || service.clusterIp().equals("None")) {
      return null;
    }
    int number = 0;
    if (backend.isPortNumber()) {
      number = Integer.parseInt(backend.port());
    } else {
      for (Service.Port port : service.ports()) {
        if (port.name().equals(backend.port())) {
          number = port.port();
          break;
        }
      }
    }
    if (number == 0) {
      return null;
    }
    String refusal = settings.addressPolicy().refusal(service.clusterIp());
    if (refusal != null) {
      return unavailable(
          UpstreamRules.ENDPOINT_ADDRESS_REFUSED,
          Severity.ERROR,
          service.label()
              + " has the virtual address "
              + PrintableText.quote(service.clusterIp())
              + ", "
              + refusal,
          "requests are never sent there");
    }
    return new Resolved(
        List.of(new Endpoint(service.clusterIp(), number)),
        null,
        TransportSettings.DEFAULT,
        null,
        List.of());
  }

  /**
   * Resolves the first port of a Service.
   *
   * @param namespace the namespace
   * @param name the Service
   * @return the port, or {@code null} if there is no such Service or it has no port
   */
  public Backend.@Nullable ServicePort firstPort(String namespace, String name) {
    Service service = manifests.service(namespace, name);
    if (service == null || service.ports().isEmpty()) {
      return null;
    }
    return new Backend.ServicePort(
        namespace, name, Integer.toString(service.ports().get(0).port()), true);
  }

  /**
   * Returns whether the input holds a Service.
   *
   * @param namespace the namespace
   * @param name the name
   * @return {@code true} if it does
   */
  public boolean hasService(String namespace, String name) {
    return manifests.service(namespace, name) != null;
  }

  /**
   * Returns the virtual address of a Service as it is written.
   *
   * @param namespace the namespace
   * @param name the name
   * @return the address, {@code None}, or empty if the cluster chooses it or there is no such
   *     Service
   */
  public String clusterIp(String namespace, String name) {
    Service service = manifests.service(namespace, name);
    return service == null ? "" : service.clusterIp();
  }

  /**
   * Returns whether what the input does not hold does not exist.
   *
   * @return {@code true} if the input is the whole truth about endpoints
   */
  public boolean areEndpointsKnown() {
    return areEndpointsKnown;
  }

  /**
   * Returns whether the input holds any Service.
   *
   * @return {@code true} if a missing Service is worth a word
   */
  public boolean hasServices() {
    return hasServices;
  }

  /**
   * Resolves a port of a Service.
   *
   * @param backend the port
   * @return the outcome
   */
  public Resolved resolve(Backend.ServicePort backend) {
    Service service = manifests.service(backend.namespace(), backend.service());
    if (service == null) {
      String message =
          "there is no Service " + backend.service() + " in the namespace " + backend.namespace();
      if (areEndpointsKnown) {
        return unavailable(
            UpstreamRules.SERVICE_MISSING,
            Severity.ERROR,
            message,
            "add the Service, or correct the name; until then the route answers 503");
      }
      Fault fault =
          hasServices
              ? new Fault(
                  UpstreamRules.SERVICE_MISSING,
                  Severity.WARNING,
                  message,
                  "add the Service, or correct the name")
              : null;
      return open(TransportSettings.DEFAULT, fault);
    }
    if (service.isExternalName()) {
      return external(backend, service);
    }
    Service.Port port = selection.port(service, backend);
    if (port == null) {
      String message = service.label() + " has no port " + PrintableText.escape(backend.port());
      String help = "name one of its ports: " + ports(service);
      if (areEndpointsKnown) {
        return unavailable(UpstreamRules.SERVICE_PORT_MISSING, Severity.ERROR, message, help);
      }
      return open(
          TransportSettings.DEFAULT,
          new Fault(UpstreamRules.SERVICE_PORT_MISSING, Severity.WARNING, message, help));
    }
    TransportSettings transport =
        TransportSettings.DEFAULT.withProtocol(protocol(port.appProtocol()));
    if (!areEndpointsKnown) {
      return open(transport, null);
    }
    return listed(backend, service, port, transport);
  }

  private Resolved listed(
      Backend.ServicePort backend,
      Service service,
      Service.Port port,
      TransportSettings transport) {
    List<Diagnostic> findings = new ArrayList<>();
    if (service.sessionAffinity().equals("ClientIP")) {
      findings.add(
          Diagnostic.of(
                  UpstreamRules.SESSION_AFFINITY_IGNORED,
                  "requests go to the endpoints directly, so the affinity ClientIP of "
                      + service.label()
                      + " has no effect")
              .withSource(service.origin().of("sessionAffinity"))
              .withObject(service.label())
              .withField("spec.sessionAffinity")
              .withHelp("do not rely on one client reaching the same endpoint again"));
    }
    // Sets, because two slices may name one endpoint while it moves from one to the other.
    Set<Endpoint> ready = new LinkedHashSet<>();
    Set<Endpoint> leaving = new LinkedHashSet<>();
    for (EndpointSlice slice : manifests.endpointSlices(backend.namespace(), backend.service())) {
      List<Integer> numbers = selection.ports(slice, port);
      if (numbers.isEmpty()) {
        continue;
      }
      if (slice.addressType().equals("FQDN")) {
        findings.add(
            Diagnostic.of(
                    UpstreamRules.ENDPOINT_NAME_SKIPPED,
                    "the slice names its endpoints by DNS names, which are not used")
                .withSource(slice.origin().of("addressType"))
                .withObject(slice.label())
                .withField("addressType")
                .withHelp("list IP addresses"));
        continue;
      }
      collect(slice, numbers, ready, leaving, findings);
    }
    Set<Endpoint> usable = ready.isEmpty() && selection.takesLeaving() ? leaving : ready;
    if (usable.isEmpty()) {
      String message = service.label() + " has no endpoint that takes traffic";
      return new Resolved(
          List.of(),
          message,
          transport,
          new Fault(
              UpstreamRules.NO_READY_ENDPOINTS,
              Severity.WARNING,
              message,
              "check that its pods are ready and that their slices carry the label "
                  + EndpointSlice.SERVICE_LABEL
                  + "; until then the route answers 503"),
          findings);
    }
    return new Resolved(List.copyOf(usable), null, transport, null, findings);
  }

  private void collect(
      EndpointSlice slice,
      List<Integer> ports,
      Set<Endpoint> ready,
      Set<Endpoint> leaving,
      List<Diagnostic> findings) {
    AddressPolicy policy = settings.addressPolicy();
    int index = 0;
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      int current = index++;
      boolean isReady = endpoint.isReady();
      if (endpoint.addresses().isEmpty() || !(isReady || endpoint.isServingWhileTerminating())) {
        continue;
      }
      int count = selection.takesEveryAddress() ? endpoint.addresses().size() : 1;
      for (int i = 0; i < count; i++) {
        String address = endpoint.addresses().get(i);
        String refusal = policy.refusal(address);
        if (refusal != null) {
          findings.add(
              Diagnostic.of(
                      UpstreamRules.ENDPOINT_ADDRESS_REFUSED,
                      PrintableText.quote(address) + " is " + refusal)
                  .withSource(span(endpoint, slice))
                  .withObject(slice.label())
                  .withField("endpoints[" + current + "].addresses[" + i + "]")
                  .withHelp("requests are never sent there; list the address of a pod"));
          continue;
        }
        for (int port : ports) {
          (isReady ? ready : leaving).add(new Endpoint(address, port));
        }
      }
    }
  }

  private static @Nullable SourceSpan span(EndpointSlice.Endpoint endpoint, EndpointSlice slice) {
    SourceSpan span = endpoint.origin().of("addresses");
    return span == null ? slice.origin().span() : span;
  }

  private Resolved external(Backend.ServicePort backend, Service service) {
    String name = service.externalName().toLowerCase(Locale.ROOT);
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    String quoted = PrintableText.quote(service.externalName());
    if (!settings.allowExternalNames()) {
      return unavailable(
          UpstreamRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", and aliases are not allowed",
          "use a Service with endpoints, or allow external names for the whole router");
    }
    if (isInside(bare)) {
      return unavailable(
          UpstreamRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", a name inside the cluster or host",
          "name the Service itself in the back end");
    }
    int number = selection.externalPort(service, backend);
    if (number == 0) {
      return unavailable(
          UpstreamRules.SERVICE_PORT_MISSING,
          Severity.ERROR,
          service.label() + " has no port " + PrintableText.escape(backend.port()),
          "name the port by its number");
    }
    String refusal = settings.addressPolicy().refusal(bare);
    if (isNumeric(bare) && !Cidr.isAddress(bare)) {
      refusal = "a number that resolvers may take for any address";
    }
    if (refusal != null && !refusal.equals("not an IP address")) {
      return unavailable(
          UpstreamRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", " + refusal,
          "requests are never sent there");
    }
    Service.Port port = selection.port(service, backend);
    TransportSettings transport =
        TransportSettings.DEFAULT.withProtocol(protocol(port == null ? "" : port.appProtocol()));
    return new Resolved(List.of(new Endpoint(bare, number)), null, transport, null, List.of());
  }

  /** Whether a resolver might read the name as an address, such as {@code 127.1}. */
  private static boolean isNumeric(String name) {
    String last = name.substring(name.lastIndexOf('.') + 1);
    for (int i = 0; i < last.length(); i++) {
      if (last.charAt(i) < '0' || last.charAt(i) > '9') {
        return last.startsWith("0x");
      }
    }
    return true;
  }

  private static boolean isInside(String name) {
    return name.isEmpty()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("svc")
        || name.endsWith(".svc")
        || name.equals("cluster.local")
        || name.endsWith(".cluster.local")
        || name.endsWith(".internal")
        || name.endsWith(".localdomain");
  }

  private static Resolved unavailable(Rule rule, Severity severity, String message, String help) {
    return new Resolved(
        List.of(),
        message,
        TransportSettings.DEFAULT,
        new Fault(rule, severity, message, help),
        List.of());
  }

  /** The outcome if endpoints are not known. */
  private static Resolved open(TransportSettings transport, @Nullable Fault fault) {
    return new Resolved(List.of(), null, transport, fault, List.of());
  }

  private static TransportSettings.Protocol protocol(String appProtocol) {
    return switch (appProtocol.toLowerCase(Locale.ROOT)) {
      case "https", "kubernetes.io/wss" -> TransportSettings.Protocol.HTTPS;
      case "kubernetes.io/h2c", "grpc" -> TransportSettings.Protocol.H2C;
      default -> TransportSettings.Protocol.HTTP;
    };
  }

  private static String ports(Service service) {
    List<String> names = new ArrayList<>();
    for (Service.Port port : service.ports()) {
      names.add(
          port.name().isEmpty()
              ? Integer.toString(port.port())
              : port.name() + " (" + port.port() + ")");
    }
    return names.isEmpty() ? "it has none" : String.join(", ", names);
  }
}
