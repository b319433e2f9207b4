package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.diagnostic.SourceSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the objects and findings of an input; a later object replaces an equal earlier one. */
final class Collector {

  final Findings findings;
  private final Map<String, ManifestObject> objects = new LinkedHashMap<>();
  private boolean isReadable;
  private boolean hasEndpointSlices;

  Collector(int limit) {
    this.findings = new Findings(limit);
  }

  /** Says that the input holds something that has a kind and an API version. */
  void readable() {
    isReadable = true;
  }

  /** Says that the input holds a slice, be it one that is refused. */
  void endpointSlice() {
    hasEndpointSlices = true;
  }

  boolean isReadable() {
    return isReadable;
  }

  void add(ManifestObject object, @Nullable String excerpt) {
    // Removed first, so that the object stands where the later one was read.
    String key = object.label();
    ManifestObject earlier = objects.remove(key);
    objects.put(key, object);
    if (earlier != null) {
      SourceSpan first = earlier.origin().span();
      findings.add(
          Diagnostic.of(
                  ManifestRules.OBJECT_REPLACED,
                  first == null
                      ? "this object replaces an earlier one made in code"
                      : "this object replaces the one at " + first)
              .withSource(object.origin().span())
              .withExcerpt(excerpt, null)
              .withObject(PrintableText.escape(key))
              .withHelp("remove one of the two"));
    }
  }

  ManifestSet toSet() {
    List<Diagnostic> found = findings.toList();
    return new ManifestSet(objects.values(), found, isReadable, hasEndpointSlices);
  }
}
