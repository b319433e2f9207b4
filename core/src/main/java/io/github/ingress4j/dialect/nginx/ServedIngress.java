package io.github.ingress4j.dialect.nginx;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.SourceSpan;
import io.github.ingress4j.manifest.HttpIngressPath;
import io.github.ingress4j.manifest.Ingress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An Ingress of the class that is served, with its annotations read. There is one object for one
 * Ingress as long as it does not change, so that what was compiled from it can be kept; two are
 * equal only if they are the same object.
 */
final class ServedIngress {

  private final Ingress ingress;
  private final AnnotationValues annotations;
  private final boolean isDropped;
  private final List<Diagnostic> findings;

  ServedIngress(Ingress ingress, AnnotationReader reader, ControllerSettings settings) {
    this.ingress = ingress;
    this.annotations = reader.read(ingress);
    Diagnostic refused = DeepInspection.inspect(ingress);
    this.isDropped = annotations.isDropped() || refused != null;
    List<Diagnostic> found = new ArrayList<>(annotations.findings());
    if (refused != null) {
      found.add(refused);
    }
    StrictPaths.report(ingress, settings, found::add);
    this.findings = List.copyOf(found);
  }

  Ingress ingress() {
    return ingress;
  }

  AnnotationValues annotations() {
    return annotations;
  }

  /** Whether the controller does not even store the Ingress. */
  boolean isDropped() {
    return isDropped;
  }

  /** What was found in the Ingress by itself. */
  List<Diagnostic> findings() {
    return findings;
  }

  boolean isCanary() {
    return annotations.flag(CanaryAnnotations.ENABLED);
  }

  /** The Service of its namespace that stands in for others and makes error pages, or null. */
  @Nullable String defaultBackend() {
    String service = annotations.get(HostAnnotations.DEFAULT_BACKEND);
    return service == null || service.isEmpty() ? null : service;
  }

  String namespace() {
    return ingress.metadata().namespace();
  }

  String key() {
    return ingress.metadata().key();
  }

  @Nullable SourceSpan pathSpan(HttpIngressPath item) {
    SourceSpan span = item.origin().span();
    return span == null ? ingress.origin().span() : span;
  }

  /** Where an annotation stands, or the Ingress itself if it is not written. */
  @Nullable SourceSpan span(Annotation<?> annotation) {
    String key = annotations.keys.getOrDefault(annotation, annotation.name());
    SourceSpan span = ingress.metadata().annotationsOrigin().of(key);
    return span == null ? ingress.origin().span() : span;
  }

  static String field(int rule, int path) {
    return "spec.rules[" + rule + "].http.paths[" + path + "]";
  }
}
