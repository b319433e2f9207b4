package io.github.ingress4j.manifest;

import io.github.ingress4j.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.Collection;
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
  private final List<Ingress> ingresses = new ArrayList<>();
  private final List<IngressClass> ingressClasses = new ArrayList<>();
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, List<EndpointSlice>> slices = new LinkedHashMap<>();
  private final Map<String, Secret> secrets = new LinkedHashMap<>();
  private final Map<String, ConfigMap> configMaps = new LinkedHashMap<>();

  ManifestSet(Collection<? extends ManifestObject> objects, List<Diagnostic> diagnostics) {
    this.objects = List.copyOf(objects);
    this.diagnostics = List.copyOf(diagnostics);
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
    return new ManifestSet(List.of(objects), List.of());
  }

  /**
   * Returns whether there is no object at all.
   *
   * @return {@code true} if nothing could be read
   */
  public boolean isEmpty() {
    return objects.isEmpty();
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
    return List.copyOf(ingresses);
  }

  /**
   * Returns the classes.
   *
   * @return the classes in the order read
   */
  public List<IngressClass> ingressClasses() {
    return List.copyOf(ingressClasses);
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
    return slices.getOrDefault(namespace + "/" + service, List.of());
  }

  /**
   * Returns whether there is any slice.
   *
   * @return {@code true} if the input holds an EndpointSlice
   */
  public boolean hasEndpointSlices() {
    return !slices.isEmpty();
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
