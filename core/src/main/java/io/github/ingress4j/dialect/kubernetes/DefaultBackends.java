package io.github.ingress4j.dialect.kubernetes;

import io.github.ingress4j.decision.Backend;
import io.github.ingress4j.decision.Route;
import io.github.ingress4j.decision.Upstream;
import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.dialect.upstream.BackendSource;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressBackend;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The back end of requests that no host's rules take: that of an Ingress without rules, else that
 * of any Ingress, else that of the settings; among equals the oldest.
 *
 * <p>Source: networking.k8s.io/v1, IngressSpec.defaultBackend; the order is in {@code
 * docs/semantics.md}.
 */
public final class DefaultBackends {

  /**
   * What was compiled.
   *
   * @param route the route, or {@code null} if there is none
   * @param findings what was found
   * @param backends the ports of Services that the route refers to
   */
  public record Result(
      @Nullable Route route, List<Diagnostic> findings, List<Backend.ServicePort> backends) {}

  private DefaultBackends() {}

  /**
   * Chooses the back end.
   *
   * @param ingresses the Ingresses that count, most important first
   * @param configured the back end of the settings, or {@code null}
   * @param source where upstreams come from
   * @param protection which Ingresses are closed
   * @return the route and the findings
   */
  public static Result compile(
      List<Ingress> ingresses,
      Backend.@Nullable ServicePort configured,
      BackendSource source,
      Protection protection) {
    List<Diagnostic> findings = new ArrayList<>();
    Ingress chosen = null;
    for (Ingress ingress : ingresses) {
      boolean hasRules = !ingress.spec().rules().isEmpty();
      if (ingress.spec().defaultBackend() != null
          && (chosen == null || (!hasRules && !chosen.spec().rules().isEmpty()))) {
        chosen = ingress;
      }
    }
    if (chosen == null) {
      if (configured == null) {
        return new Result(null, findings, List.of());
      }
      Diagnostic fault = source.fault(configured);
      if (fault != null) {
        findings.add(
            Diagnostic.of(fault.rule(), "default back end of the settings: " + fault.message())
                .withSeverity(fault.severity())
                .withHelp(fault.help()));
      }
      Upstream upstream = source.upstream(configured);
      return new Result(
          Route.of(null, null, null, configured, upstream, null), findings, List.of(configured));
    }
    boolean hasRules = !chosen.spec().rules().isEmpty();
    for (Ingress ingress : ingresses) {
      // One beside rules still has the paths of its own hosts, and gives way to one without rules
      // as it must; a tie is only between two of a kind.
      if (!ingress.equals(chosen)
          && ingress.spec().defaultBackend() != null
          && ingress.spec().rules().isEmpty() != hasRules) {
        findings.add(
            Diagnostic.of(
                    KubernetesRules.DEFAULT_BACKEND_TIE,
                    (hasRules
                            ? "requests for hosts that no rule names"
                            : "requests that match no rule")
                        + " go to the default back end of "
                        + chosen.label()
                        + ", not to this one")
                .withSource(span(ingress))
                .withObject(ingress.label())
                .withField("spec.defaultBackend")
                .withHelp(
                    "keep one Ingress without rules, whose default back end takes what nothing else"
                        + " takes"));
      }
    }
    IngressBackend backend = chosen.spec().defaultBackend();
    if (backend == null) {
      throw new IllegalStateException("the chosen Ingress has a default back end");
    }
    // A back end beside rules is reported where its hosts are compiled.
    boolean isReportedElsewhere = hasRules;
    Backends backends = new Backends(source, protection, null);
    Route route =
        backends.route(
            chosen,
            null,
            span(chosen),
            backend,
            "spec.defaultBackend",
            finding -> {
              if (!isReportedElsewhere) {
                findings.add(finding);
              }
            });
    return new Result(route, findings, backends.used());
  }

  private static @Nullable SourceSpan span(Ingress ingress) {
    return ingress.spec().origin().of("defaultBackend");
  }
}
