package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one input and what was found while reading them.
 *
 * <p>Holds only objects that the API server would accept; what it would refuse is among the
 * diagnostics. Of two objects of the same kind, namespace and name the later one counts.
 *
 * <p>Immutable and thread-safe.
 */
public final class ManifestSet {

  private final List<ManifestObject> objects;
  private final List<Diagnostic> diagnostics;
  private final boolean isReadable;
  private final boolean hasEndpointSlices;
  private final List<Ingress> ingresses = new ArrayList<>();
  private final List<IngressClass> ingressClasses = new ArrayList<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, List<EndpointSlice>> slices = new LinkedHashMap<>();
  private final Map<String, Secret> secrets = new LinkedHashMap<>();
  private final Map<String, ConfigMap> configMaps = new LinkedHashMap<>();

  ManifestSet(
      Collection<? extends ManifestObject> objects,
      List<Diagnostic> diagnostics,
      boolean isReadable,
      boolean hasEndpointSlices) {
    this.objects = List.copyOf(objects);
    this.diagnostics = List.copyOf(diagnostics);
    this.isReadable = isReadable;
    this.hasEndpointSlices = hasEndpointSlices;
    for (ManifestObject object : this.objects) {
      String key = object.metadata().key();
      if (object instanceof Ingress ingress) {
        ingresses.add(ingress);
      } else if (object instanceof IngressClass ingressClass) {
        ingressClasses.add(ingressClass);
      } else if (object instanceof Service service) {
        services.put(key, service);
      } else if (object instanceof EndpointSlice slice) {
        String service = slice.metadata().namespace() + "/" + slice.serviceName();
        slices.computeIfAbsent(service, k -> new ArrayList<>()).add(slice);
      } else if (object instanceof Secret secret) {
        secrets.put(key, secret);
      } else if (object instanceof ConfigMap configMap) {
        configMaps.put(key, configMap);
      }
    }
  }

  /**
   * Returns a set of objects made in code, checked like those read from text.
   *
   * @param objects the objects
   * @return the set; objects that the API server would refuse are among its diagnostics instead
   */
  public static ManifestSet of(ManifestObject... objects) {
    return of(List.of(objects));
  }

  /**
   * Returns a set of objects made in code, checked like those read from text.
   *
   * @param objects the objects
   * @return the set; objects that the API server would refuse are among its diagnostics instead
   */
  public static ManifestSet of(Collection<? extends ManifestObject> objects) {
    Collector collector = new Collector(ManifestParser.Limits.DEFAULT.findings());
    collector.readable();
    for (ManifestObject object : objects) {
      String name = object.metadata().name();
      ObjectReport report =
          new ObjectReport(
              null, name.isEmpty() ? object.kind() : object.label(), object instanceof Secret);
      if (object instanceof EndpointSlice) {
        collector.endpointSlice();
      }
      ObjectValidator.validate(object, report, ObjectDecoder.Unchecked.NOTHING);
      report.flush(collector.findings);
      if (!report.isRefused()) {
        collector.add(object, null);
      }
    }
    return collector.toSet();
  }

  /**
   * Returns one set of several that are one input. Of two objects with the same kind, namespace and
   * name the later replaces the earlier, which is a finding that names both places.
   *
   * @param sets the sets, in the order they are applied
   * @return the objects and findings of all; if none {@linkplain #isReadable is readable}, one
   *     finding more says so
   */
  public static ManifestSet join(List<ManifestSet> sets) {
    Collector collector = new Collector(ManifestParser.Limits.DEFAULT.findings());
    for (ManifestSet set : sets) {
      if (set.isReadable) {
        collector.readable();
      }
      if (set.hasEndpointSlices) {
        collector.endpointSlice();
      }
      for (Diagnostic finding : set.diagnostics) {
        if (!finding.rule().equals(ManifestRules.NOTHING_READABLE)) {
          collector.findings.add(finding);
        }
      }
      for (ManifestObject object : set.objects) {
        collector.add(object, null);
      }
    }
    if (!collector.isReadable()) {
      collector.findings.add(
          Diagnostic.of(ManifestRules.NOTHING_READABLE, "the input holds no object")
              .withHelp("name a file or directory with at least one Kubernetes manifest"));
    }
    return collector.toSet();
  }

  /**
   * Returns a set without objects that says why: what a source reports when it has no text to read.
   *
   * @param diagnostics the findings
   * @return the set; it is not {@linkplain #isReadable readable}
   */
  public static ManifestSet ofDiagnostics(List<Diagnostic> diagnostics) {
    return new ManifestSet(List.of(), diagnostics, false, false);
  }

  /**
   * Returns whether there is no object at all.
   *
   * @return {@code true} if {@link #objects} is empty
   */
  public boolean isEmpty() {
    return objects.isEmpty();
  }

  /**
   * Returns whether anything in the input could be read: at least one object, be it of another kind
   * or one that the API server would refuse. A set made in code always can.
   *
   * @return {@code false} if the input had nothing but faults, or nothing
   */
  public boolean isReadable() {
    return isReadable;
  }

  /**
   * Names how much the set holds, and nothing of it.
   *
   * @return such as {@code 3 objects, 1 finding}
   */
  @Override
  public String toString() {
    return objects.size()
        + (objects.size() == 1 ? " object, " : " objects, ")
        + diagnostics.size()
        + (diagnostics.size() == 1 ? " finding" : " findings");
  }

  /**
   * Returns all objects.
   *
   * @return the objects in the order read
   */
  public List<ManifestObject> objects() {
    return objects;
  }

  /**
   * Returns what was found while reading and checking.
   *
   * @return the findings in the order of the input
   */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /**
   * Returns the Ingresses.
   *
   * @return the Ingresses in the order read
   */
  public List<Ingress> ingresses() {
    return Collections.unmodifiableList(ingresses);
  }

  /**
   * Returns the classes.
   *
   * @return the classes in the order read
   */
  public List<IngressClass> ingressClasses() {
    return Collections.unmodifiableList(ingressClasses);
  }

  /**
   * Returns a Service.
   *
   * @param namespace the namespace
   * @param name the name
   * @return the Service, or {@code null} if there is none
   */
  public @Nullable Service service(String namespace, String name) {
    return services.get(namespace + "/" + name);
  }

  /**
   * Returns the slices of a Service.
   *
   * @param namespace the namespace of both
   * @param service the name of the Service
   * @return the slices in the order read; empty if there are none
   */
  public List<EndpointSlice> endpointSlices(String namespace, String service) {
    List<EndpointSlice> found = slices.get(namespace + "/" + service);
    return found == null ? List.of() : Collections.unmodifiableList(found);
  }

  /**
   * Returns whether the input speaks of endpoints: whether there is any EndpointSlice in it, one
   * that was refused included. A slice with a fault must not make its Service look as if nothing
   * were known of it.
   *
   * @return {@code true} if the input holds an EndpointSlice
   */
  public boolean hasEndpointSlices() {
    return hasEndpointSlices;
  }

  /**
   * Returns a Secret.
   *
   * @param namespace the namespace
   * @param name the name
   * @return the Secret, or {@code null} if there is none
   */
  public @Nullable Secret secret(String namespace, String name) {
    return secrets.get(namespace + "/" + name);
  }

  /**
   * Returns a ConfigMap.
   *
   * @param namespace the namespace
   * @param name the name
   * @return the ConfigMap, or {@code null} if there is none
   */
  public @Nullable ConfigMap configMap(String namespace, String name) {
    return configMaps.get(namespace + "/" + name);
  }
}
