package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.upstream.BackendSource;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes routes of back ends, and reports those that cannot serve. */
final class Backends {

  private final BackendSource source;
  private final Protection protection;
  private final @Nullable String hostClosed;
  private final Set<Backend.ServicePort> used = new LinkedHashSet<>();

  /**
   * @param source where upstreams come from
   * @param protection which Ingresses are closed
   * @param hostClosed why the routes of all Ingresses are closed, or null
   */
  Backends(BackendSource source, Protection protection, @Nullable String hostClosed) {
    this.source = source;
    this.protection = protection;
    this.hostClosed = hostClosed;
  }

  Route route(
      Ingress ingress,
      Route.@Nullable Rule rule,
      @Nullable SourceSpan span,
      IngressBackend reference,
      String field,
      Consumer<Diagnostic> findings) {
    String namespace = ingress.metadata().namespace();
    String key = ingress.metadata().key();
    String own = protection.closes(ingress);
    String closed = own == null ? hostClosed : own;
    if (reference instanceof IngressBackend.Resource resource) {
      findings.accept(
          Diagnostic.of(
                  KubernetesRules.RESOURCE_BACKEND,
                  // The API server lets nearly any character pass in both.
                  "the back end is the "
                      + PrintableText.escape(resource.kind())
                      + " "
                      + PrintableText.escape(resource.name())
                      + ", which only the application can serve")
              .withSource(reference.origin().span())
              .withObject(ingress.label())
              .withField(field + ".resource")
              .withHelp(
                  "register a handler for the kind; without one its requests are answered 503"));
      return Route.of(
          key,
          rule,
          span,
          new Backend.Resource(namespace, resource.apiGroup(), resource.kind(), resource.name()),
          null,
          closed);
    }
    IngressBackend.Service service = (IngressBackend.Service) reference;
    Backend.ServicePort port =
        new Backend.ServicePort(
            namespace, service.name(), service.port().toString(), service.port().name().isEmpty());
    used.add(port);
    Diagnostic fault = source.fault(port);
    if (fault != null) {
      findings.accept(
          fault
              .withSource(reference.origin().of("name"))
              .withObject(ingress.label())
              .withField(field + ".service"));
    }
    return Route.of(key, rule, span, port, source.upstream(port), closed);
  }

  /** The ports that routes refer to, in the order of their first use. */
  List<Backend.ServicePort> used() {
    return List.copyOf(used);
  }
}
