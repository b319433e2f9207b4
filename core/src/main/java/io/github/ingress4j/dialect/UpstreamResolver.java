package io.github.ingress4j.dialect;

import io.github.ingress4j.balance.AddressPolicy;
import io.github.ingress4j.balance.Cidr;
import io.github.ingress4j.balance.Endpoint;
import io.github.ingress4j.balance.EndpointPicker;
import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.TransportSettings;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.Rule;
import io.github.ingress4j.diagnostic.Severity;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.EndpointSlice;
import io.github.ingress4j.manifest.IngressBackend;
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
 * <p>Source: core/v1, Service; discovery.k8s.io/v1, EndpointSlice.
 */
final class UpstreamResolver {

  /**
   * The outcome for one port of a Service.
   *
   * @param upstream the upstream
   * @param fault why it is not usable, or {@code null}
   * @param findings what was found about the slices
   */
  record Resolved(Upstream upstream, @Nullable Fault fault, List<Diagnostic> findings) {}

  /**
   * Why a back end is not usable; reported at every place that names it.
   *
   * @param rule the kind of finding
   * @param severity how much it matters
   * @param message what is wrong
   * @param help what to do
   */
  record Fault(Rule rule, Severity severity, String message, String help) {}

  private final ManifestSet manifests;
  private final Translation.Settings settings;
  private final boolean areEndpointsKnown;
  private final boolean hasServices;

  UpstreamResolver(ManifestSet manifests, Translation.Settings settings) {
    this.manifests = manifests;
    this.settings = settings;
    areEndpointsKnown =
        settings.endpointKnowledge() == Translation.EndpointKnowledge.COMPLETE
            || manifests.hasEndpointSlices();
    hasServices = manifests.objects().stream().anyMatch(Service.class::isInstance);
  }

  /** Returns whether a missing object means that it does not exist. */
  boolean areEndpointsKnown() {
    return areEndpointsKnown;
  }

  boolean hasServices() {
    return hasServices;
  }

  Resolved resolve(Backend.ServicePort backend) {
    Service service = manifests.service(backend.namespace(), backend.service());
    if (service == null) {
      String message =
          "there is no Service " + backend.service() + " in the namespace " + backend.namespace();
      if (areEndpointsKnown) {
        return unavailable(
            backend,
            TranslationRules.SERVICE_MISSING,
            Severity.ERROR,
            message,
            "add the Service, or correct the name; until then the route answers 503");
      }
      Fault fault =
          hasServices
              ? new Fault(
                  TranslationRules.SERVICE_MISSING,
                  Severity.WARNING,
                  message,
                  "add the Service, or correct the name")
              : null;
      return new Resolved(open(backend, TransportSettings.DEFAULT), fault, List.of());
    }
    IngressBackend.Port reference =
        backend.isPortNumber()
            ? new IngressBackend.Port("", Integer.parseInt(backend.port()))
            : new IngressBackend.Port(backend.port(), 0);
    Service.Port port = service.port(reference);
    if (service.isExternalName()) {
      return external(backend, service, port);
    }
    if (port == null) {
      String message = service.label() + " has no port " + PrintableText.escape(backend.port());
      String help = "name one of its ports: " + ports(service);
      if (areEndpointsKnown) {
        return unavailable(
            backend, TranslationRules.SERVICE_PORT_MISSING, Severity.ERROR, message, help);
      }
      return new Resolved(
          open(backend, TransportSettings.DEFAULT),
          new Fault(TranslationRules.SERVICE_PORT_MISSING, Severity.WARNING, message, help),
          List.of());
    }
    TransportSettings transport =
        TransportSettings.DEFAULT.withProtocol(protocol(port.appProtocol()));
    if (!areEndpointsKnown) {
      return new Resolved(open(backend, transport), null, List.of());
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
                  TranslationRules.SESSION_AFFINITY_IGNORED,
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
      int number = portOf(slice, port);
      if (number == 0) {
        continue;
      }
      if (slice.addressType().equals("FQDN")) {
        findings.add(
            Diagnostic.of(
                    TranslationRules.ENDPOINT_NAME_SKIPPED,
                    "the slice names its endpoints by DNS names, which are not used")
                .withSource(slice.origin().of("addressType"))
                .withObject(slice.label())
                .withField("addressType")
                .withHelp("list IP addresses"));
        continue;
      }
      collect(slice, number, ready, leaving, findings);
    }
    Set<Endpoint> usable = ready.isEmpty() ? leaving : ready;
    if (usable.isEmpty()) {
      String message = service.label() + " has no endpoint that takes traffic";
      return new Resolved(
          new Upstream(
              backend.toString(),
              List.of(),
              EndpointPicker.roundRobin(List.of()),
              message,
              transport),
          new Fault(
              TranslationRules.NO_READY_ENDPOINTS,
              Severity.WARNING,
              message,
              "check that its pods are ready and that their slices carry the label "
                  + EndpointSlice.SERVICE_LABEL
                  + "; until then the route answers 503"),
          findings);
    }
    List<Endpoint> endpoints = List.copyOf(usable);
    return new Resolved(
        new Upstream(
            backend.toString(), endpoints, EndpointPicker.roundRobin(endpoints), null, transport),
        null,
        findings);
  }

  private void collect(
      EndpointSlice slice,
      int port,
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
      // The addresses of one endpoint are interchangeable: the first one is taken.
      String address = endpoint.addresses().get(0);
      String refusal = policy.refusal(address);
      if (refusal != null) {
        findings.add(
            Diagnostic.of(
                    TranslationRules.ENDPOINT_ADDRESS_REFUSED,
                    PrintableText.quote(address) + " is " + refusal)
                .withSource(span(endpoint, slice))
                .withObject(slice.label())
                .withField("endpoints[" + current + "].addresses[0]")
                .withHelp("requests are never sent there; list the address of a pod"));
        continue;
      }
      (isReady ? ready : leaving).add(new Endpoint(address, port));
    }
  }

  private static @Nullable SourceSpan span(EndpointSlice.Endpoint endpoint, EndpointSlice slice) {
    SourceSpan span = endpoint.origin().of("addresses");
    return span == null ? slice.origin().span() : span;
  }

  /** Returns the number of a Service's port in a slice, or 0 if the slice does not have it. */
  private static int portOf(EndpointSlice slice, Service.Port port) {
    List<EndpointSlice.Port> ports = slice.ports();
    if (ports == null) {
      // As to the API server, a list that is absent is an empty one: no port is defined.
      return 0;
    }
    for (EndpointSlice.Port candidate : ports) {
      // The name joins the two, never the number, which may differ from slice to slice.
      if (candidate.name().equals(port.name()) && candidate.protocol().equals("TCP")) {
        Integer number = candidate.port();
        return number == null ? fixedTarget(port) : number;
      }
    }
    return 0;
  }

  private static int fixedTarget(Service.Port port) {
    String target = port.targetPort();
    int number = 0;
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c < '0' || c > '9' || number > 65535) {
        return 0;
      }
      number = number * 10 + (c - '0');
    }
    return number <= 65535 ? number : 0;
  }

  private Resolved external(
      Backend.ServicePort backend, Service service, Service.@Nullable Port port) {
    String name = service.externalName().toLowerCase(Locale.ROOT);
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    String quoted = PrintableText.quote(service.externalName());
    if (!settings.allowExternalNames()) {
      return unavailable(
          backend,
          TranslationRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", and aliases are not allowed",
          "use a Service with endpoints, or allow external names for the whole router");
    }
    if (isInside(bare)) {
      return unavailable(
          backend,
          TranslationRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", a name inside the cluster or host",
          "name the Service itself in the back end");
    }
    int number =
        port != null ? port.port() : backend.isPortNumber() ? Integer.parseInt(backend.port()) : 0;
    if (number == 0) {
      return unavailable(
          backend,
          TranslationRules.SERVICE_PORT_MISSING,
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
          backend,
          TranslationRules.EXTERNAL_NAME_REFUSED,
          Severity.ERROR,
          service.label() + " is an alias of " + quoted + ", " + refusal,
          "requests are never sent there");
    }
    TransportSettings transport =
        TransportSettings.DEFAULT.withProtocol(protocol(port == null ? "" : port.appProtocol()));
    Endpoint endpoint = new Endpoint(bare, number);
    return new Resolved(
        new Upstream(
            backend.toString(),
            List.of(endpoint),
            EndpointPicker.roundRobin(List.of(endpoint)),
            null,
            transport),
        null,
        List.of());
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

  private static Resolved unavailable(
      Backend.ServicePort backend, Rule rule, Severity severity, String message, String help) {
    return new Resolved(
        new Upstream(
            backend.toString(),
            List.of(),
            EndpointPicker.roundRobin(List.of()),
            message,
            TransportSettings.DEFAULT),
        new Fault(rule, severity, message, help),
        List.of());
  }

  private static Upstream open(Backend.ServicePort backend, TransportSettings transport) {
    return new Upstream(
        backend.toString(), List.of(), EndpointPicker.roundRobin(List.of()), null, transport);
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
