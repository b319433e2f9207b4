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
import java.util.LinkedHashMap;
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

  /** The first Ingress of each class, if all count. */
  private final Map<String, Ingress> served = new LinkedHashMap<>();

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
    if (field != null && !classes.isEmpty() && !classes.containsKey(field)) {
      diagnostics.add(
          Diagnostic.of(
                  TranslationRules.CLASS_MISSING,
                  "there is no IngressClass "
                      + PrintableText.quote(field)
                      + ", so nobody serves this Ingress"
                      + (wanted == null ? "; here it counts, because no class was chosen" : ""))
              .withSource(ingress.spec().origin().of("ingressClassName"))
              .withObject(ingress.label())
              .withField("spec.ingressClassName")
              .withHelp("define the IngressClass, or name one of " + names()));
      return wanted == null;
    }
    if (wanted == null) {
      String name = field != null ? field : annotation;
      if (name != null && !name.isEmpty()) {
        served.putIfAbsent(name, ingress);
      }
      return true;
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

  /** Returns the findings about all Ingresses that were asked for. */
  List<Diagnostic> diagnostics() {
    List<Diagnostic> all = new ArrayList<>(diagnostics);
    if (served.size() > 1 && !haveOneController()) {
      all.add(mixed());
    }
    return all;
  }

  /** Whether one controller is known to serve all classes. */
  private boolean haveOneController() {
    return classes.keySet().containsAll(served.keySet())
        && classes.values().stream()
                .filter(one -> served.containsKey(one.metadata().name()))
                .map(IngressClass::controller)
                .distinct()
                .count()
            == 1;
  }

  private Diagnostic mixed() {
    List<String> names = List.copyOf(served.keySet());
    Ingress second = List.copyOf(served.values()).get(1);
    boolean isField = second.spec().ingressClassName() != null;
    return Diagnostic.of(
            TranslationRules.CLASSES_MIXED,
            "the Ingresses are of the classes "
                + PrintableText.quote(names.get(0))
                + " and "
                + PrintableText.quote(names.get(1))
                + (names.size() > 2 ? " and " + (names.size() - 2) + " more" : "")
                + ", and all of them count, because no class was chosen; what controllers keep apart"
                + " meets here")
        .withSource(
            isField
                ? second.spec().origin().of("ingressClassName")
                : second.metadata().annotationsOrigin().of(ANNOTATION))
        .withObject(second.label())
        .withField(isField ? "spec.ingressClassName" : "metadata.annotations")
        .withHelp("choose one, such as by --ingress-class " + PrintableText.escape(names.get(0)));
  }
}
