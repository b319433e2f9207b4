package io.github.ingress4j.dialect;

import io.github.ingress4j.diagnostic.Diagnostic;
import io.github.ingress4j.diagnostic.PrintableText;
import io.github.ingress4j.manifest.Ingress;
import io.github.ingress4j.manifest.IngressClass;
import io.github.ingress4j.manifest.ManifestSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Ingresses of an input count.
 *
 * <p>Without a wanted class all do. With one, the class of an Ingress is its field, else its
 * annotation, else the input's default class. A wanted class with a {@code /} is the name of a
 * controller and stands for every class that carries it.
 *
 * <p>Source: networking.k8s.io/v1, IngressSpec.ingressClassName; the admission plugin that writes
 * the default class.
 */
final class ClassSelection {

  static final String ANNOTATION = "kubernetes.io/ingress.class";

  private final @Nullable String wanted;
  private final Map<String, IngressClass> classes = new HashMap<>();
  private final @Nullable IngressClass defaultClass;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  ClassSelection(ManifestSet manifests, @Nullable String wanted) {
    this.wanted = wanted;
    List<IngressClass> defaults = new ArrayList<>();
    for (IngressClass ingressClass : manifests.ingressClasses()) {
      classes.put(ingressClass.metadata().name(), ingressClass);
      if (ingressClass.isDefault()) {
        defaults.add(ingressClass);
      }
    }
    // The newest one, then the lower name: what the admission plugin does since it no longer
    // refuses the second default class.
    defaults.sort(
        Comparator.comparing(
                (IngressClass c) ->
                    c.metadata().creationTimestamp() == null
                        ? Instant.MIN
                        : c.metadata().creationTimestamp())
            .reversed()
            .thenComparing(c -> c.metadata().name()));
    defaultClass = defaults.isEmpty() ? null : defaults.get(0);
    if (defaultClass != null) {
      for (IngressClass other : defaults.subList(1, defaults.size())) {
        diagnostics.add(
            Diagnostic.of(
                    TranslationRules.DEFAULT_CLASS_TIE,
                    "the class is marked as default, but "
                        + defaultClass.metadata().name()
                        + " is the default class")
                .withSource(
                    other.metadata().annotationsOrigin().of(IngressClass.DEFAULT_ANNOTATION))
                .withObject(other.label())
                .withField("metadata.annotations")
                .withHelp(
                    "keep the annotation "
                        + IngressClass.DEFAULT_ANNOTATION
                        + " on one class only; of several, the newest counts, then the lower"
                        + " name"));
      }
    }
  }

  /** Returns whether an Ingress counts, and reports why not. */
  boolean selects(Ingress ingress) {
    String field = ingress.spec().ingressClassName();
    String annotation = ingress.metadata().annotations().get(ANNOTATION);
    if (wanted == null) {
      return true;
    }
    if (field != null && !classes.isEmpty() && !classes.containsKey(field)) {
      diagnostics.add(
          Diagnostic.of(
                  TranslationRules.CLASS_MISSING,
                  "there is no IngressClass "
                      + PrintableText.quote(field)
                      + ", so nobody serves this Ingress")
              .withSource(ingress.spec().origin().of("ingressClassName"))
              .withObject(ingress.label())
              .withField("spec.ingressClassName")
              .withHelp("define the IngressClass, or name one of " + names()));
      return false;
    }
    String actual =
        field != null
            ? field
            : annotation != null
                ? annotation
                : defaultClass == null ? null : defaultClass.metadata().name();
    if (isWanted(actual)) {
      return true;
    }
    diagnostics.add(
        Diagnostic.of(
                TranslationRules.CLASS_NOT_SERVED,
                actual == null
                    ? "the Ingress has no class, and " + PrintableText.quote(wanted) + " is served"
                    : "the Ingress has the class "
                        + PrintableText.quote(actual)
                        + ", and "
                        + PrintableText.quote(wanted)
                        + " is served")
            .withSource(
                field != null
                    ? ingress.spec().origin().of("ingressClassName")
                    : annotation != null
                        ? ingress.metadata().annotationsOrigin().of(ANNOTATION)
                        : ingress.origin().span())
            .withObject(ingress.label())
            .withField("spec.ingressClassName"));
    return false;
  }

  private boolean isWanted(@Nullable String actual) {
    if (actual == null || wanted == null) {
      return false;
    }
    if (wanted.indexOf('/') < 0) {
      return actual.equals(wanted);
    }
    IngressClass ingressClass = classes.get(actual);
    return ingressClass != null && ingressClass.controller().equals(wanted);
  }

  private String names() {
    return String.join(", ", classes.keySet().stream().sorted().toList());
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
