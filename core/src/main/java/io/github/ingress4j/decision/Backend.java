package io.github.ingress4j.decision;

import io.github.ingress4j.diagnostic.PrintableText;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is for, as the rule names it.
 *
 * <p>Source: networking.k8s.io/v1, IngressBackend. Immutable and thread-safe.
 */
public sealed interface Backend {

  /**
   * Returns the namespace of the Service or resource, which is that of the Ingress.
   *
   * @return the namespace
   */
  String namespace();

  /**
   * A port of a Service.
   *
   * @param namespace the namespace
   * @param service the name of the Service
   * @param port the port's name or number, as the rule writes it
   * @param isPortNumber whether {@code port} is a number
   */
  record ServicePort(String namespace, String service, String port, boolean isPortNumber)
      implements Backend {

    /**
     * Returns the port of the Service as users write it in settings.
     *
     * @return namespace, slash, name, colon and port
     */
    @Override
    public String toString() {
      return namespace + "/" + service + ":" + port;
    }
  }

  /**
   * An object that the application gives a meaning.
   *
   * @param namespace the namespace
   * @param apiGroup the API group, or {@code null} for the core group
   * @param kind the kind
   * @param name the name
   */
  record Resource(String namespace, @Nullable String apiGroup, String kind, String name)
      implements Backend {

    /**
     * Names the object; unprintable characters are escaped.
     *
     * @return such as {@code StorageBucket.k8s.example.com default/static}
     */
    @Override
    public String toString() {
      return PrintableText.escape(
          (apiGroup == null ? kind : kind + "." + apiGroup) + " " + namespace + "/" + name);
    }
  }
}
